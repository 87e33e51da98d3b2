use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::Address;

/// What an `llms.txt` names on its own host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Documents of an API, as YAML where they are there as JSON too.
    pub documents: Vec<Address>,
    /// Pages of the reference: those under a heading that says "API", or all where none does.
    pub pages: Vec<Address>,
    /// Other pages, such as guides.
    pub guides: Vec<Address>,
    /// Further indexes.
    pub indexes: Vec<Address>,
}

/// What a link of an index leads to.
enum Target {
    Document,
    Page,
    Index,
    Other,
}

impl Target {
    fn of(address: &Address) -> Self {
        match (address.file_name(), address.extension()) {
            ("llms.txt", _) => Self::Index,
            (name, Some("yaml" | "yml" | "json")) if name.starts_with("asyncapi") => Self::Other,
            (_, Some("yaml" | "yml" | "json")) => Self::Document,
            (_, None | Some("md" | "mdx" | "html")) => Self::Page,
            _ => Self::Other,
        }
    }
}

impl Index {
    /// Reads an index that was fetched from `address`. Links to other hosts are not followed.
    pub fn read(address: &Address, text: &str) -> Self {
        let mut index = Self::default();
        let mut known = HashSet::new();
        let mut has_reference = false;
        for (is_reference, link) in links(text) {
            has_reference |= is_reference;
            let Some(there) = address.link(&link) else {
                continue;
            };
            match Target::of(&there) {
                Target::Document => index.documents.push(there),
                Target::Page if !known.insert(there.identity()) => {}
                Target::Page if is_reference => index.pages.push(there),
                Target::Page => index.guides.push(there),
                Target::Index if there != *address => index.indexes.push(there),
                Target::Index | Target::Other => {}
            }
        }
        index.documents = one_of_each(index.documents);
        if !has_reference {
            index.pages.append(&mut index.guides);
        }
        index
    }

    /// Adds what another index names that is not known yet.
    pub(super) fn extend(&mut self, other: Self) {
        let known = |list: &[Address]| list.iter().map(Address::identity).collect::<HashSet<_>>();
        let pages = &known(&self.pages) | &known(&self.guides);
        let documents = known(&self.documents);
        let new = |known: &HashSet<String>, there: Vec<Address>| {
            let new = there.into_iter().filter(|address| !known.contains(&address.identity()));
            new.collect::<Vec<_>>()
        };
        self.documents.extend(new(&documents, other.documents));
        self.pages.extend(new(&pages, other.pages));
        self.guides.extend(new(&pages, other.guides));
    }

    /// Whether it names this, in whatever form.
    pub(super) fn names(&self, address: &Address) -> bool {
        let identity = address.identity();
        let all = [&self.documents, &self.pages, &self.guides];
        all.into_iter().flatten().any(|named| named.identity() == identity)
    }
}

/// Of the forms of a document the YAML, or else the first.
fn one_of_each(documents: Vec<Address>) -> Vec<Address> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<Address> = Vec::new();
    for document in documents {
        let is_yaml = document.extension() != Some("json");
        match places.get(&document.identity()) {
            Some(at) if is_yaml && found[*at].extension() == Some("json") => found[*at] = document,
            Some(_) => {}
            None => {
                places.insert(document.identity(), found.len());
                found.push(document);
            }
        }
    }
    found
}

/// The targets of the links of a Markdown text, each with whether a heading above says "API". The
/// title of the text is no heading of a part.
fn links(text: &str) -> Vec<(bool, String)> {
    let mut headings: Vec<(HeadingLevel, bool)> = Vec::new();
    let mut is_in_heading = false;
    let mut found = Vec::new();
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                headings.retain(|(outer, _)| *outer < level);
                headings.push((level, false));
                is_in_heading = level > HeadingLevel::H1;
            }
            Event::End(TagEnd::Heading(_)) => is_in_heading = false,
            Event::Text(words) if is_in_heading => {
                let says_api =
                    words.split(|c: char| !c.is_alphanumeric()).any(|word| word == "API");
                headings.last_mut().into_iter().for_each(|(_, says)| *says |= says_api);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                found.push((headings.iter().any(|(_, says)| *says), dest_url.into_string()));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Address, Index};

    fn read(text: &str) -> Index {
        Index::read(&Address::parse("https://a.example/docs/llms.txt").unwrap(), text)
    }

    fn told(addresses: &[Address]) -> Vec<String> {
        addresses
            .iter()
            .map(|address| address.to_string().replace("https://a.example", ""))
            .collect()
    }

    const INDEX: &str = "\
# Kettles API

> All of them. Full text: https://a.example/llms-full.txt

## Docs

- [Welcome](https://a.example/docs/welcome.md): Begin here.
- [Filters](llms.txt), [Cups](/docs/cups/llms.txt)

## API Docs

- Kettles [Read](https://a.example/docs/api/kettles/read.md)
- Kettles > Cups [Fill](/docs/api/cups/fill) and [again](/docs/api/cups/fill.md)
- [Elsewhere](https://b.example/docs/api/x.md), [mail](mailto:a@b.example), ![Logo](/logo.png)

## OpenAPI Specification

- [OpenAPI JSON](https://a.example/openapi.json)
- [OpenAPI YAML](https://a.example/openapi.yaml)
- [AsyncAPI YAML](https://a.example/asyncapi.yaml)
";

    #[test]
    fn an_index_names_documents_and_pages_of_its_host() {
        let index = read(INDEX);
        assert_eq!(told(&index.documents), ["/openapi.yaml"]);
        assert_eq!(told(&index.pages), ["/docs/api/kettles/read.md", "/docs/api/cups/fill"]);
        assert_eq!(told(&index.guides), ["/docs/welcome.md"]);
        assert_eq!(told(&index.indexes), ["/docs/cups/llms.txt"]);
        let named = |url: &str| index.names(&Address::parse(url).unwrap());
        assert!(
            named("https://a.example/docs/api/kettles/read")
                && named("https://a.example/openapi.json")
        );
        assert!(!named("https://a.example/docs/api/kettles"));
    }

    #[test]
    fn without_a_heading_that_says_api_every_page_counts() {
        let index = read("# API\n\n- [A](/a)\n\n## Guides\n\n- [B](/b.md)\n");
        assert_eq!(
            (told(&index.pages), told(&index.guides)),
            (vec!["/a".to_owned(), "/b.md".to_owned()], vec![])
        );
    }

    #[test]
    fn a_link_can_not_name_what_is_no_address() {
        let index = read(
            "- [A](<javascript:alert(1)>)\n- [B](file:///etc/passwd)\n- [C](../../../../etc/passwd)\n- [D](<a b\u{202e}.md>)\n",
        );
        assert_eq!(told(&index.pages), ["/etc/passwd", "/docs/a%20b%E2%80%AE.md"]);
    }
}
