use std::collections::{BTreeMap, BTreeSet};

use super::{
    Subject,
    comparison::{Comparison, section, section_get},
    rule::{SECURITY_LOOSENED, SECURITY_SCHEME_CHANGED, SECURITY_TIGHTENED},
    site::{Sides, Site, code},
};
use crate::document::{Node, Operation};

/// What is needed at once: the schemes with their scopes.
type Alternative<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The fields of a scheme that say nothing of what is sent.
const WORDS: [&str; 2] = ["description", "bearerFormat"];

impl<'a> Comparison<'a> {
    /// Compares the schemes. One that only its name changed of stays the same.
    pub(super) fn security_schemes(&mut self) {
        let (old, new) = (self.old, self.new);
        for (name, scheme) in section(old, SCHEMES) {
            if let Some(there) = section_get(new, SCHEMES, name) {
                self.security_scheme(name, scheme, there);
            } else if let Some((renamed, _)) = section(new, SCHEMES).find(|(name, there)| {
                section_get(old, SCHEMES, name).is_none() && is_same(scheme, there)
            }) {
                self.renamed_schemes.insert(name, renamed);
            }
        }
    }

    fn security_scheme(&mut self, name: &str, old: &'a Node, new: &'a Node) {
        let subject = Subject::Component { section: SCHEMES, name: name.to_owned() };
        let site = Site::new(subject, Sides::REQUESTS);
        self.words(&site, old, new);
        if !is_same(old, new) {
            let told = |scheme: &Node| {
                let words = ["type", "scheme", "in", "name"];
                let words = words.into_iter().filter_map(|key| scheme.get_str(key));
                words.collect::<Vec<_>>().join(" ")
            };
            let what = format!("{} → {}", code(&told(old)), code(&told(new)));
            self.note(&site, &SECURITY_SCHEME_CHANGED, what);
        }
    }

    pub(super) fn security(&mut self, site: &Site, old: &Operation<'a>, new: &Operation<'a>) {
        let renamed = |name: &'a str| self.renamed_schemes.get(name).copied().unwrap_or(name);
        let from = alternatives(self.old, old, &renamed);
        let to = alternatives(self.new, new, &|name| name);
        if from == to {
            return;
        }
        let is_enough = |sent: &Alternative<'_>| to.iter().any(|needed| covers(sent, needed));
        let rule = match from.iter().all(is_enough) {
            true => &SECURITY_LOOSENED,
            false => &SECURITY_TIGHTENED,
        };
        let what = format!("security {} → {}", told(&from), told(&to));
        self.note(site, rule, what);
    }
}

const SCHEMES: &str = "securitySchemes";

fn is_same(old: &Node, new: &Node) -> bool {
    let says = |scheme: &Node| {
        let members =
            scheme.members().filter(|(key, _)| !WORDS.contains(&&***key) && !key.starts_with("x-"));
        members.map(|(key, node)| (key.to_string(), node.clone())).collect::<BTreeMap<_, _>>()
    };
    says(old) == says(new)
}

/// The alternative credentials; without a requirement, one that needs none.
fn alternatives<'a>(
    document: &'a Node,
    operation: &Operation<'a>,
    renamed: &dyn Fn(&'a str) -> &'a str,
) -> BTreeSet<Alternative<'a>> {
    let said = operation.node.get("security").or_else(|| document.get("security"));
    let requirements = said.into_iter().flat_map(Node::items);
    let found: BTreeSet<_> = requirements
        .map(|requirement| {
            let schemes = requirement.members().filter(|(name, _)| !name.starts_with("x-"));
            schemes
                .map(|(name, scopes)| {
                    (renamed(name), scopes.items().filter_map(Node::as_str).collect())
                })
                .collect()
        })
        .collect();
    if found.is_empty() { BTreeSet::from([Alternative::new()]) } else { found }
}

fn covers(sent: &Alternative<'_>, needed: &Alternative<'_>) -> bool {
    needed.iter().all(|(scheme, scopes)| {
        sent.get(scheme).is_some_and(|sent| scopes.iter().all(|scope| sent.contains(scope)))
    })
}

fn told(alternatives: &BTreeSet<Alternative<'_>>) -> String {
    let of_one = |alternative: &Alternative<'_>| {
        let schemes = alternative.iter().map(|(scheme, scopes)| match scopes.is_empty() {
            true => code(scheme),
            false => {
                code(&format!("{scheme}: {}", Vec::from_iter(scopes.iter().copied()).join(", ")))
            }
        });
        let schemes: Vec<String> = schemes.collect();
        if schemes.is_empty() { "none".to_owned() } else { schemes.join(" with ") }
    };
    alternatives.iter().map(of_one).collect::<Vec<_>>().join(" or ")
}
