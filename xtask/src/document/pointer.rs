use std::fmt;

/// A JSON pointer (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the fragment of a local reference, `#/components/schemas/Name`. Percent-encoding is
    /// undone, as a fragment may carry it.
    pub fn from_reference(reference: &str) -> Option<Self> {
        let path = reference.strip_prefix("#/")?;
        path.split('/')
            .map(|token| Some(percent_decoded(token)?.replace("~1", "/").replace("~0", "~")))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// The fragment by which a reference names this place.
    pub fn to_reference(&self) -> String {
        format!("#{self}")
    }

    /// This pointer with one more token.
    pub fn join(&self, token: impl Into<String>) -> Self {
        let mut longer = self.clone();
        longer.push(token);
        longer
    }

    /// This pointer, and from there on another one.
    pub fn concat(&self, inner: &Pointer) -> Self {
        Self(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// Whether this is `outer`, or the pointer to something inside it.
    pub fn is_within(&self, outer: &Pointer) -> bool {
        self.0.starts_with(&outer.0)
    }

    /// Appends a token.
    pub fn push(&mut self, token: impl Into<String>) {
        self.0.push(token.into());
    }

    /// Removes the last token.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// The unescaped tokens.
    pub fn tokens(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// The pointer to the schema component of this name.
    pub fn to_schema(name: &str) -> Self {
        ["components", "schemas", name].into_iter().collect()
    }

    /// The name of the schema component that this points at, if it is one.
    pub fn schema_component(&self) -> Option<&str> {
        match self.tokens()[..] {
            ["components", "schemas", name] => Some(name),
            _ => None,
        }
    }
}

impl<T: Into<String>> FromIterator<T> for Pointer {
    fn from_iter<I: IntoIterator<Item = T>>(tokens: I) -> Self {
        Self(tokens.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|token| write!(f, "/{}", token.replace('~', "~0").replace('/', "~1")))
    }
}

fn percent_decoded(token: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                tail
            }
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn a_reference_survives_slashes_tildes_spaces_and_percent_signs() {
        let pointer: Pointer = ["paths", "/a/{b}", "x~y", "two words"].into_iter().collect();
        assert_eq!(pointer.to_reference(), "#/paths/~1a~1{b}/x~0y/two words");
        assert_eq!(Pointer::from_reference(&pointer.to_reference()), Some(pointer));
        assert_eq!(
            Pointer::from_reference("#/a%20b").map(|p| p.to_string()).as_deref(),
            Some("/a b")
        );
    }

    #[test]
    fn what_is_no_local_reference_is_none() {
        for reference in ["other.yaml#/a", "https://example.com", "#", "#/%ZZ", "#/%ff"] {
            assert_eq!(Pointer::from_reference(reference), None, "{reference}");
        }
    }
}
