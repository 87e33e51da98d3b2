//! Names are the same across resources: ids, workspaces, points in time, and none that hides one of the
//! prelude's. So are the ways of creation.
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
        impl Batches { pub fn create(&self, workspace_id: &WorkspaceId, batch: NewBatch) {} }
        impl Broadcasts { pub fn create(&self, broadcast: &NewBroadcast) {} }
        impl Bonuses {
            pub fn create(&self, id: &StudyId, bonuses: impl IntoIterator<Item = Bonus>) {}
        }
        impl Collections {
            pub fn create(&self, workspace_id: &WorkspaceId, content: CollectionContent) {}
        }
        impl Groups {
            pub fn create(&self, group: NewGroup, name: impl Into<String>) {}
        }
        impl Folders { pub fn create(&self, workspace_id: &WorkspaceId) {} }
        impl Surveys {
            pub fn create(&self, name: impl Into<String>, workspace_id: &WorkspaceId) {}
            pub fn create_response(&self, id: &SurveyId, name: &str) {}
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
        "Collections::create: content",
        "Datasets::all: of",
        "Datasets::earlier: from",
        "Datasets::from",
        "Datasets::import: import",
        "Datasets::workspace",
        "Dataset: workspace",
        "Folders::create: no New type",
        "Groups::create: name",
        "Payout: workspace",
        "Query: from",
        "Surveys::create: name",
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
    if receiver.is_some() && name == "create" {
        look_at_creation(&label, signature, odd);
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

/// `create` takes one `New…` with all the parts of the new thing, and ids for the path. If it creates
/// several, it takes a list.
fn look_at_creation(label: &str, signature: &Signature, odd: &mut BTreeSet<String>) {
    let arguments: Vec<(String, String)> = signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(input) => Some((
                input.pat.to_token_stream().to_string(),
                input.ty.to_token_stream().to_string(),
            )),
            FnArg::Receiver(_) => None,
        })
        .collect();
    if arguments.iter().any(|(_, kind)| has(kind, "IntoIterator")) {
        return;
    }
    let kinds = |kind: &str, is: fn(&str) -> bool| {
        let mut words = kind.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.next().is_some_and(is) && words.next().is_none()
    };
    let is_new = |kind: &str| kinds(kind, |word| word.starts_with("New"));
    let others = || arguments.iter().filter(|(_, kind)| !is_new(kind));
    let not_ids: Vec<_> =
        others().filter(|(_, kind)| !kinds(kind, |word| word.ends_with("Id"))).collect();
    odd.extend(not_ids.iter().map(|(name, _)| format!("{label}: {name}")));
    if not_ids.is_empty() && others().count() == arguments.len() {
        odd.insert(format!("{label}: no New type"));
    }
}

fn name_of(of: &Type) -> String {
    match of {
        Type::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
        _ => String::new(),
    }
}
