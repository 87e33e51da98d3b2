//! Which test of the wrapper crate calls which of its methods, found in the tokens of the tests:
//! calls in macros are found too, and those in comments or texts are not.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A file of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFile {
    /// Its path in the package.
    pub path: String,
    /// The methods that it calls, as a user writes them: `datasets().status`.
    pub calls: BTreeSet<String>,
}

impl TestFile {
    /// Reads a file, and keeps the calls of known methods.
    pub(super) fn read(path: String, code: TokenStream, known: &BTreeSet<&str>) -> Self {
        let mut reader = Reader { known, variables: BTreeMap::new(), calls: BTreeSet::new() };
        reader.read(&code.into_iter().collect::<Vec<_>>());
        Self { path, calls: reader.calls }
    }
}

/// The files, the one that calls most methods first: so that what is said of a method seldom changes.
pub(super) fn sorted(mut files: Vec<TestFile>) -> Vec<TestFile> {
    files.sort_by(|a, b| (Reverse(a.calls.len()), &a.path).cmp(&(Reverse(b.calls.len()), &b.path)));
    files
}

struct Reader<'a> {
    known: &'a BTreeSet<&'a str>,
    /// Variable -> the accessor that it was last made by: `groups` -> `participant_groups`.
    variables: BTreeMap<String, String>,
    calls: BTreeSet<String>,
}

impl Reader<'_> {
    fn read(&mut self, tokens: &[TokenTree]) {
        for (at, token) in tokens.iter().enumerate() {
            if is_ident(token, "let") {
                self.read_let(&tokens[at + 1..]);
            }
            if let Some(method) = called_after(&tokens[at..]) {
                let accessor = match (token, at.checked_sub(1).and_then(|at| tokens.get(at))) {
                    (TokenTree::Group(group), Some(TokenTree::Ident(accessor)))
                        if is_empty_call(group) =>
                    {
                        Some(accessor.to_string())
                    }
                    (TokenTree::Ident(variable), _) => {
                        self.variables.get(&variable.to_string()).cloned()
                    }
                    _ => None,
                };
                self.add(accessor, &method);
            }
            if let TokenTree::Group(group) = token {
                self.read(&group.stream().into_iter().collect::<Vec<_>>());
            }
        }
    }

    fn add(&mut self, accessor: Option<String>, method: &str) {
        let name = accessor.map(|accessor| format!("{accessor}().{method}"));
        self.calls.extend(name.filter(|name| self.known.contains(name.as_str())));
    }

    /// Takes in `let a = ….accessor();` and `let (a, b) = (….one(), ….other());`.
    fn read_let(&mut self, tokens: &[TokenTree]) {
        let end = tokens.iter().position(|token| is_punct(token, ';')).unwrap_or(tokens.len());
        let Some(equals) = tokens[..end].iter().position(|token| is_punct(token, '=')) else {
            return;
        };
        let (pattern, value) = (&tokens[..equals], &tokens[equals + 1..end]);
        match (pattern, value) {
            ([TokenTree::Group(pattern)], [TokenTree::Group(value)]) => {
                let parts = |group: &proc_macro2::Group| {
                    let tokens = group.stream().into_iter().collect::<Vec<_>>();
                    tokens
                        .split(|token| is_punct(token, ','))
                        .map(<[_]>::to_vec)
                        .collect::<Vec<_>>()
                };
                for (pattern, value) in parts(pattern).iter().zip(parts(value)) {
                    self.bind(pattern, &value);
                }
            }
            _ => self.bind(pattern, value),
        }
    }

    fn bind(&mut self, pattern: &[TokenTree], value: &[TokenTree]) {
        let names = pattern.iter().filter(|token| !is_ident(token, "mut"));
        let [TokenTree::Ident(name)] = names.collect::<Vec<_>>()[..] else { return };
        match accessor_at_the_end(value) {
            Some(accessor) => self.variables.insert(name.to_string(), accessor),
            None => self.variables.remove(&name.to_string()),
        };
    }
}

/// The method of `x.method(…)`, of the tokens from `x` on.
fn called_after(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [_, dot, TokenTree::Ident(method), TokenTree::Group(group), ..]
            if is_punct(dot, '.') && group.delimiter() == Delimiter::Parenthesis =>
        {
            Some(method.to_string())
        }
        _ => None,
    }
}

fn accessor_at_the_end(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [.., dot, TokenTree::Ident(accessor), TokenTree::Group(group)]
            if is_punct(dot, '.') && is_empty_call(group) =>
        {
            Some(accessor.to_string())
        }
        _ => None,
    }
}

fn is_empty_call(group: &proc_macro2::Group) -> bool {
    group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty()
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn is_ident(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == wanted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::TestFile;

    #[test]
    fn calls_are_found_by_their_resource_in_macros_and_behind_variables() {
        let code = r#"
            // things().in_a_comment(1)
            fn test() {
                assert_eq!(prolific.things().list(1).await, "things().in_a_text()");
                let mut sets = prolific.sets();
                let (a, b) = (prolific.things(), server.prolific().sets());
                sends! { recorder: "GET /x" null a.get(&id).await; "PUT /x" { "y": 1 } b.lock(&id).await; }
                sets.clone_it(&id).await.unwrap();
                let sets = other();
                sets.forget(1);
                things().without_a_call;
            }
        "#;
        let known = [
            "things().list",
            "things().get",
            "sets().lock",
            "sets().clone_it",
            "sets().forget",
            "things().in_a_comment",
            "things().in_a_text",
            "things().without_a_call",
        ];
        let known = BTreeSet::from(known);
        let file = TestFile::read("a.rs".to_owned(), code.parse().unwrap(), &known);
        let found: Vec<&str> = file.calls.iter().map(String::as_str).collect();
        assert_eq!(found, ["sets().clone_it", "sets().lock", "things().get", "things().list"]);
    }
}
