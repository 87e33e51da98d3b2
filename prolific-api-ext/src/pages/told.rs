//! What a page says about the next one.

use std::borrow::Cow;

use reqwest::Url;

/// The paging parameters. Nothing else of a link is used: neither its host nor its path.
const PARAMETERS: [&str; 5] = ["cursor", "offset", "page", "limit", "page_size"];
/// The parameters that distinguish a page from the first.
const PLACES: [&str; 3] = ["cursor", "offset", "page"];
/// The maximum length of a link, in bytes.
const LONGEST: usize = 8 << 10;

/// What a server says to request the next page with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Told(Vec<(String, String)>);

/// What a page says about the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Onward {
    /// Nothing.
    Unsaid,
    /// There is none.
    End,
    /// There is one, requested like this.
    Told(Told),
    /// There is one, without a way to request it.
    Unclear,
}

impl Onward {
    /// Reads a link; an empty one counts as none.
    pub(super) fn of_link(link: Option<Cow<'_, str>>) -> Self {
        match link.as_deref().map(str::trim) {
            None | Some("") => Self::End,
            Some(link) => Told::read(link).map_or(Self::Unclear, Self::Told),
        }
    }

    /// Whether a page follows, if that is known.
    pub(super) fn follows(&self) -> Option<bool> {
        match self {
            Self::Unsaid => None,
            Self::End => Some(false),
            Self::Told(_) | Self::Unclear => Some(true),
        }
    }
}

impl Told {
    /// The parameters of a link, absolute or relative, or a bare cursor.
    fn read(link: &str) -> Option<Self> {
        if link.len() > LONGEST {
            return None;
        }
        if !link.contains(['/', '?', ':']) {
            return Some(Self(vec![("cursor".to_owned(), link.to_owned())]));
        }
        let base = Url::parse("https://localhost/").ok()?;
        let pairs = base.join(link).ok()?;
        let is_taken = |name: &str| PARAMETERS.contains(&name);
        let told: Vec<(String, String)> = pairs
            .query_pairs()
            .filter(|(name, value)| is_taken(name) && !value.is_empty())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let is_place = |(name, _): &(String, String)| PLACES.contains(&name.as_str());
        told.iter().any(is_place).then_some(Self(told))
    }

    /// Reads a stored position; accepts only what a link could contain.
    pub(super) fn of_pairs(pairs: Vec<(String, String)>) -> Option<Self> {
        let is_known = pairs.iter().all(|(name, _)| PARAMETERS.contains(&name.as_str()));
        is_known.then_some(Self(pairs))
    }

    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Onward;

    #[test]
    fn takes_only_paging_parameters_from_a_link() {
        let told = |link: &str| match Onward::of_link(Some(link.into())) {
            Onward::Told(told) => {
                told.pairs().iter().map(|(name, value)| format!("{name}={value};")).collect()
            }
            other => format!("{other:?}"),
        };
        let table = [
            ("https://api.prolific.com/x/?cursor=a%2Bb%3D&study_id=s", "cursor=a+b=;"),
            ("http://evil.example:1/other?limit=20&offset=40&token=t", "limit=20;offset=40;"),
            ("file:///etc/passwd?page=2", "page=2;"),
            ("/api/v1/x/?page=2&page_size=50", "page=2;page_size=50;"),
            ("?offset=20", "offset=20;"),
            ("opaque_token-1==", "cursor=opaque_token-1==;"),
            ("https://h/x?cursor=", "Unclear"),
            ("https://h/x?limit=20", "Unclear"),
            ("https://h/x", "Unclear"),
            ("", "End"),
            (" ", "End"),
        ];
        for (link, expected) in table {
            assert_eq!(told(link), expected, "{link}");
        }
        assert_eq!(told(&format!("https://h/?cursor={}", "x".repeat(9_000))), "Unclear");
        assert_eq!(Onward::of_link(None), Onward::End);
    }
}
