//! Names are the same across resources: ids, workspaces, points in time, and none that hides one of the
//! prelude's.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sources;

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{File, FnArg, ImplItem, Item, Pat, Signature, Type, Visibility};

/// Not a resource of the API: the simulator names what it acts on.
const NOT_THE_API: [&str; 2] = ["Simulator", "Participants"];

/// Names of the prelude and of its neighbourhood that a type or a function of ours would hide.
const TAKEN: [&str; 8] =
    ["Sync", "Send", "Copy", "Drop", "Default", "Option", "Result", "Iterator"];

/// The result of each call of this crate, which has no other.
const OWN: [&str; 1] = ["Result"];

#[test]
fn names_are_one_across_resources() {
    assert_eq!(odd(&sources::files()), BTreeSet::new());
}

#[test]
fn an_odd_name_is_found() {
    let sample = "
        pub struct Sync;
        pub struct Payout { pub workspace: Option<WorkspaceId>, pub id: PayoutId, workspace_of: u8 }
        impl Datasets {
            pub fn import(&self, id: &DatasetId, import: &ImportId) {}
            pub fn export(&self, id: &DatasetId, export_id: &ExportId) {}
            pub fn from(self, position: Position) -> Self {}
            pub fn workspace(mut self, id: &WorkspaceId) -> Self {}
            pub fn workspace_id(mut self, id: &WorkspaceId) -> Self {}
            fn private(&self, import: &ImportId) {}
            pub fn all(&self, ids: impl IntoIterator<Item = ImportId>, of: impl Into<StudyId>) {}
            pub fn earlier(&self, from: Timestamp, until: Timestamp) {}
        }
        impl Simulator { pub fn fail(&self, study: &StudyId) {} }
        impl From<u8> for Payout { fn from(number: u8) -> Self {} }
        pub fn select(filter: impl Into<FilterId>) {}
        model! {
            pub struct Dataset from types::Dataset { key id: DatasetId, pub workspace: Option<WorkspaceId>, }
        }
        request! { pub struct Query() { from: Timestamp = \"from\", until: Timestamp = \"to\", } }
    ";
    let found = odd(&[syn::parse_str(sample).unwrap()]);
    let expected = [
        "Datasets::all: of",
        "Datasets::earlier: from",
        "Datasets::from",
        "Datasets::import: import",
        "Datasets::workspace",
        "Dataset: workspace",
        "Payout: workspace",
        "Query: from",
        "Sync",
        "select: filter",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}

/// What is public and has a name of its own.
fn odd(files: &[File]) -> BTreeSet<String> {
    let mut odd = BTreeSet::new();
    for item in files.iter().flat_map(|file| &file.items) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let fields = item.fields.iter().filter(|field| is_public(&field.vis));
                for field in fields {
                    let field_name = field.ident.as_ref().map(ToString::to_string);
                    let of = field.ty.to_token_stream().to_string();
                    if field_name.as_ref().is_some_and(|field| is_odd_field(field, &of)) {
                        odd.insert(format!("{name}: {}", field_name.unwrap()));
                    }
                }
                odd.extend(Some(name).filter(|name| is_taken(name)));
            }
            Item::Enum(item) if is_public(&item.vis) => {
                odd.extend(Some(item.ident.to_string()).filter(|name| is_taken(name)));
            }
            Item::Fn(item) if is_public(&item.vis) => look_at(None, &item.sig, &mut odd),
            Item::Impl(item) if item.trait_.is_none() => {
                let of = name_of(&item.self_ty);
                if NOT_THE_API.contains(&&*of) {
                    continue;
                }
                for part in &item.items {
                    if let ImplItem::Fn(method) = part
                        && is_public(&method.vis)
                    {
                        look_at(Some(&of), &method.sig, &mut odd);
                    }
                }
            }
            Item::Macro(item) => declared(item.mac.tokens.clone(), &mut odd),
            _ => {}
        }
    }
    odd
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name) && !OWN.contains(&name)
}

/// The fields of models and of requests, as `name: Type = "wire",`.
fn declared(tokens: TokenStream, odd: &mut BTreeSet<String>) {
    let tokens = flat(tokens);
    let Some(at) = tokens.iter().position(|token| token == "struct") else { return };
    let Some(of) = tokens.get(at + 1) else { return };
    for (at, name) in tokens.iter().enumerate() {
        // A path has two colons.
        let is_field = tokens.get(at + 1).is_some_and(|mark| mark == ":")
            && tokens.get(at + 2).is_some_and(|next| next != ":");
        let kind = tokens[at + 1..].iter().take_while(|token| !",={}".contains(&***token));
        if is_field && is_odd_field(name, &kind.map(String::as_str).collect::<Vec<_>>().join(" ")) {
            odd.insert(format!("{of}: {name}"));
        }
    }
}

/// Identifiers and marks, those of groups among them, without attributes.
fn flat(tokens: TokenStream) -> Vec<String> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {}
            TokenTree::Group(group) => {
                flat.push("{".to_owned());
                flat.extend(self::flat(group.stream()));
                flat.push("}".to_owned());
            }
            other => flat.push(other.to_string()),
        }
    }
    flat
}

fn is_odd_field(name: &str, kind: &str) -> bool {
    has(kind, "WorkspaceId") && !name.ends_with("workspace_id") && name != "id"
        || has(kind, "Timestamp") && is_end(name)
}

/// Ends of a span of time are `since` and `until`.
fn is_end(name: &str) -> bool {
    ["from", "to", "after", "before"].contains(&name)
}

fn has(kind: &str, name: &str) -> bool {
    kind.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
}

fn look_at(of: Option<&str>, signature: &Signature, odd: &mut BTreeSet<String>) {
    let name = signature.ident.to_string();
    let label = of.map_or(name.clone(), |of| format!("{of}::{name}"));
    let receiver = signature.inputs.iter().find_map(|input| match input {
        FnArg::Receiver(receiver) => Some(receiver.to_token_stream().to_string()),
        FnArg::Typed(_) => None,
    });
    if receiver.is_some() && name == "from" {
        odd.insert(label.clone());
    }
    // What is set by a builder has its name.
    let is_setter = receiver.is_some_and(|receiver| !receiver.contains('&'));
    for input in &signature.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(parameter) = &*input.pat else { continue };
        let parameter = parameter.ident.to_string();
        let kind = input.ty.to_token_stream().to_string();
        let is_list = ["Iterator", "Vec", "["].iter().any(|list| kind.contains(list));
        let is_id = kind
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word.len() > 2 && word.ends_with("Id"));
        let is_named = parameter == "id" || parameter.ends_with("_id");
        if is_id && !is_list && !is_named || has(&kind, "Timestamp") && is_end(&parameter) {
            odd.insert(format!("{label}: {parameter}"));
        }
        if is_setter && has(&kind, "WorkspaceId") && !name.ends_with("workspace_id") {
            odd.insert(label.clone());
        }
    }
}

fn name_of(of: &Type) -> String {
    match of {
        Type::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
        _ => String::new(),
    }
}
