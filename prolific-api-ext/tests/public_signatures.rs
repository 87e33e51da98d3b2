//! What users see of this crate are its own types: no public signature has a type of the raw client,
//! or a float for money or a count.
//!
//! Whatever is `pub` counts as seen, which the lint `unreachable_pub` makes true; so do the impls of traits that can be named
//! outside, and what the macros of models and requests make.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sources;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Fields, File, ImplItem, Item, ItemImpl, ItemMacro, ItemTrait, Signature, TraitItem,
    Type, UseTree, Visibility,
};

/// Types of the raw client that this crate re-exports as its own.
const RE_EXPORTED: [&str; 4] = ["Integer", "Number", "RetrySafety", "Timestamp"];

/// Where the raw client is meant to be seen: it is re-exported under one name, is reached by one
/// method, and what goes wrong on that way is an error of this crate by `?`.
const RAW: [&str; 4] = [
    "Prolific::api",
    "impl From < BuildError > for Error",
    "impl From < Raw > for Error",
    "use raw",
];

/// Floats that are neither money nor counts: averages, rates and weights, bounds of filters, and how
/// far a backoff is jittered. An amount is read of a float only where the caller asks for it, exactly,
/// or not at all.
const FLOATS: &[&str] = &[
    "AverageRating.average",
    "Backoff::delay",
    "Bound::Number",
    "Bound::as_f64",
    "CompletionCodeData.percentage_of_reward",
    "CompletionCodeData::new",
    "Filter::weighted",
    "LongitudinalConfig.retention_rate",
    "LongitudinalConfig::new",
    "NewProject.naivety_distribution_rate",
    "NewStudy.naivety_distribution_rate",
    "NewWorkspace.naivety_distribution_rate",
    "Project.naivety_distribution_rate",
    "ProjectSummary.naivety_distribution_rate",
    "ProlificBuilder::requests_per_second",
    "RangeWeighting.weighting",
    "SelectFilter.weightings",
    "Study.naivety_distribution_rate",
    "StudyFeedbackRatings.clarity",
    "StudyFeedbackRatings.difficulty",
    "StudyFeedbackRatings.fairness",
    "Workspace.naivety_distribution_rate",
    "WorkspaceChange.naivety_distribution_rate",
    "WorkspaceSummary.naivety_distribution_rate",
    "impl From < f64 > for Bound",
    "impl TryFrom < f64 > for Minor",
];

/// What is seen that is of the raw client, or a float.
#[derive(Debug, Default)]
struct Found {
    raw: BTreeSet<String>,
    floats: BTreeSet<String>,
}

#[test]
fn no_public_signature_has_a_type_of_the_raw_client() {
    let found = of_this_crate();
    assert_eq!(found.raw.iter().collect::<Vec<_>>(), RAW.iter().collect::<Vec<_>>());
}

#[test]
fn no_public_signature_has_a_float_for_money_or_a_count() {
    let found = of_this_crate();
    assert_eq!(found.floats.iter().collect::<Vec<_>>(), FLOATS.iter().collect::<Vec<_>>());
}

#[test]
fn a_type_of_the_raw_client_is_found_in_any_position() {
    let sample = "
        use prolific_api::{Integer, ResponseValue, types::{self, Batch as Raw}};
        pub use prolific_api::types::Kept;
        pub use prolific_api::Timestamp;
        pub struct Seen { pub a: Option<types::A>, b: types::B, pub c: Integer, pub money: f64 }
        pub struct Tuple(pub Raw, types::B);
        pub enum Choice { One(types::A), Two { two: Vec<Raw> }, Three(u64) }
        struct Hidden { pub a: types::A }
        pub type Alias = ResponseValue<()>;
        pub trait Open { fn take(&self, a: &Raw); }
        pub(crate) trait Closed<T> {}
        impl Seen {
            pub fn take(&self, raw: crate::raw::types::A) {}
            pub fn give(&self) -> Option<f64> { let hidden: types::A = todo!(); }
            pub fn bound<T: Into<types::A>>(&self, t: T) {}
            pub(crate) fn hidden(&self) -> types::A {}
            fn private(&self) -> types::A {}
        }
        resource! {
            /// Operations on what is seen.
            Resource
        }
        impl Resource {
            pub async fn get(&self, id: &SeenId) -> Result<types::A> {}
            pub fn count(&self) -> Pages<f64> {}
            fn private(&self) -> types::A {}
        }
        id! { SeenId, \"seen\" }
        impl SeenId { pub fn raw(self) -> types::A {} }
        impl From<types::A> for Seen {}
        impl Closed<types::A> for Seen {}
        impl From<types::A> for Hidden {}
        impl TryFrom<u8> for Seen { type Error = prolific_api::Error<()>; }
        impl From<Seen> for types::A {}
        model! {
            /// A model.
            pub struct Model from types::Batch {
                key id: BatchId = batch_id,
                #[serde(default)]
                pub a: Option<types::A> = aa | b,
                pub count: Option<f64>,
                pub fine: BTreeMap<String, u64>,
            }
        }
        request! {
            pub struct Request(needed: types::A = \"wire\", fine: u64) {
                other | clear_other: f64 = \"o\",
                last: Vec<Raw>,
            }
        }
        macro_rules! made {
            ($raw:path) => {
                impl From<$raw> for Seen {}
                impl Closed<$raw> for Seen {}
            };
        }
        #[cfg(test)]
        mod tests { pub fn seen() -> types::A {} }
    ";
    let mut found = Found::default();
    look_in(&[syn::parse_str(sample).unwrap()], &mut found);
    let raw = [
        "Alias",
        "Choice::One",
        "Choice::Two",
        "Model.a",
        "Open::take",
        "Request.last",
        "Request.needed",
        "Resource::get",
        "Seen.a",
        "Seen::bound",
        "Seen::take",
        "SeenId::raw",
        "Tuple.0",
        "impl From < Seen > for types :: A",
        "impl From < types :: A > for Seen",
        "impl From <$raw > for Seen",
        "impl TryFrom < u8 > for Seen",
        "use Kept",
    ];
    assert_eq!(found.raw.iter().collect::<Vec<_>>(), raw.iter().collect::<Vec<_>>());
    let floats = ["Model.count", "Request.other", "Resource::count", "Seen.money", "Seen::give"];
    assert_eq!(found.floats.iter().collect::<Vec<_>>(), floats.iter().collect::<Vec<_>>());
}

fn of_this_crate() -> Found {
    let mut found = Found::default();
    look_in(&sources::files(), &mut found);
    found
}

/// Reads all files, as what is public in one has impls in another.
fn look_in(files: &[File], found: &mut Found) {
    let items: Vec<&Item> = files.iter().flat_map(|file| &file.items).collect();
    let seen = items.iter().filter_map(|item| public_type(item)).collect();
    let closed = items.iter().filter_map(|item| closed_trait(item)).collect();
    for file in files {
        let imports = imports(&file.items);
        let look = Look { imports, seen: &seen, closed: &closed };
        file.items.iter().for_each(|item| look.at(item, found));
    }
}

fn public_type(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) if is_public(&item.vis) => Some(item.ident.to_string()),
        Item::Enum(item) if is_public(&item.vis) => Some(item.ident.to_string()),
        Item::Macro(item) => {
            let words = words(item.mac.tokens.clone());
            // Those that have a type of this name and of no fields of its own.
            let of = item.mac.path.segments.last().map(|part| part.ident.to_string());
            if of.is_some_and(|of| ["resource", "id", "secret_text"].contains(&&*of)) {
                return words.into_iter().next();
            }
            let at = words
                .windows(2)
                .position(|pair| pair[0] == "pub" && ["struct", "enum"].contains(&&*pair[1]))?;
            words.get(at + 2).cloned()
        }
        _ => None,
    }
}

fn closed_trait(item: &Item) -> Option<String> {
    match item {
        Item::Trait(item) if !is_public(&item.vis) => Some(item.ident.to_string()),
        _ => None,
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The identifiers among tokens, outside of groups.
fn words(tokens: TokenStream) -> Vec<String> {
    let words = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    });
    words.collect()
}

/// What names refer to: `types` to `prolific_api::types`.
type Imports = BTreeMap<String, Vec<String>>;

fn imports(items: &[Item]) -> Imports {
    let mut imports = Imports::new();
    for item in items {
        if let Item::Use(item) = item {
            names_of(&item.tree, &[], &mut |name, path| {
                imports.insert(name, path);
            });
        }
    }
    imports
}

fn names_of(tree: &UseTree, before: &[String], name: &mut dyn FnMut(String, Vec<String>)) {
    let with = |part: String| [before, &[part]].concat();
    match tree {
        UseTree::Path(path) => names_of(&path.tree, &with(path.ident.to_string()), name),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names_of(tree, before, name)),
        UseTree::Name(of) if of.ident == "self" => {
            name(before.last().cloned().unwrap_or_default(), before.to_vec());
        }
        UseTree::Name(of) => name(of.ident.to_string(), with(of.ident.to_string())),
        UseTree::Rename(of) => name(of.rename.to_string(), with(of.ident.to_string())),
        UseTree::Glob(_) => name("*".to_owned(), with("*".to_owned())),
    }
}

/// Whether a whole path leads to the raw client, and not to what is re-exported of it.
fn leads_to_raw(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(|part| &**part).collect();
    let inside = match &path[..] {
        ["prolific_api", inside @ ..] | ["crate", "raw", inside @ ..] => inside,
        _ => return false,
    };
    !matches!(inside, [name] if RE_EXPORTED.contains(name))
}

/// How one file is looked at.
struct Look<'a> {
    imports: Imports,
    /// The types that users see.
    seen: &'a BTreeSet<String>,
    /// The traits that users can't name.
    closed: &'a BTreeSet<String>,
}

impl Look<'_> {
    fn at(&self, item: &Item, found: &mut Found) {
        match item {
            Item::Use(item) if is_public(&item.vis) => {
                names_of(&item.tree, &[], &mut |name, path| {
                    if leads_to_raw(&path) {
                        found.raw.insert(format!("use {name}"));
                    }
                });
            }
            Item::Struct(item) if is_public(&item.vis) => {
                self.fields(&item.ident.to_string(), &item.fields, found);
                self.note(&item.ident, item.generics.to_token_stream(), found);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                for variant in &item.variants {
                    let label = format!("{}::{}", item.ident, variant.ident);
                    self.note(label, variant.fields.to_token_stream(), found);
                }
            }
            Item::Fn(item) if is_public(&item.vis) => {
                self.signature(&item.sig.ident.to_string(), &item.sig, found);
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.note(&item.ident, item.ty.to_token_stream(), found);
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.note(&item.ident, item.ty.to_token_stream(), found);
            }
            Item::Trait(item) if is_public(&item.vis) => self.public_trait(item, found),
            Item::Impl(item) => self.implementation(item, found),
            Item::Macro(item) => self.invocation(item, found),
            Item::Mod(item) if !is_for_tests(&item.attrs) => {
                let items = item.content.iter().flat_map(|(_, items)| items);
                items.for_each(|item| self.at(item, found));
            }
            _ => {}
        }
    }

    fn fields(&self, of: &str, fields: &Fields, found: &mut Found) {
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
            self.note(format!("{of}.{name}"), field.ty.to_token_stream(), found);
        }
    }

    fn public_trait(&self, item: &ItemTrait, found: &mut Found) {
        self.note(&item.ident, item.supertraits.to_token_stream(), found);
        for part in &item.items {
            match part {
                TraitItem::Fn(method) => {
                    let label = format!("{}::{}", item.ident, method.sig.ident);
                    self.signature(&label, &method.sig, found);
                }
                TraitItem::Type(part) => {
                    let label = format!("{}::{}", item.ident, part.ident);
                    self.note(label, part.to_token_stream(), found);
                }
                _ => {}
            }
        }
    }

    fn implementation(&self, item: &ItemImpl, found: &mut Found) {
        let of = name_of(&item.self_ty);
        let Some((of_trait, _)) = &item.trait_ else {
            if !self.seen.contains(&of) {
                return;
            }
            for part in &item.items {
                match part {
                    ImplItem::Fn(method) if is_public(&method.vis) => {
                        let label = format!("{of}::{}", method.sig.ident);
                        self.signature(&label, &method.sig, found);
                    }
                    ImplItem::Const(part) if is_public(&part.vis) => {
                        self.note(
                            format!("{of}::{}", part.ident),
                            part.ty.to_token_stream(),
                            found,
                        );
                    }
                    ImplItem::Macro(part) => self.note(&of, part.mac.tokens.clone(), found),
                    _ => {}
                }
            }
            return;
        };
        let name = of_trait.segments.last().map(|part| part.ident.to_string()).unwrap_or_default();
        let is_seen = self.seen.contains(&of) || self.is_raw(item.self_ty.to_token_stream());
        if self.closed.contains(&name) || !is_seen {
            return;
        }
        let tokens = |part: &dyn Fn(&mut TokenStream)| {
            let mut tokens = TokenStream::new();
            part(&mut tokens);
            tokens
        };
        let label =
            format!("impl {} for {}", of_trait.to_token_stream(), item.self_ty.to_token_stream());
        let all = tokens(&|tokens| {
            item.generics.to_tokens(tokens);
            of_trait.to_tokens(tokens);
            item.self_ty.to_tokens(tokens);
            for part in &item.items {
                if let ImplItem::Type(part) = part {
                    part.ty.to_tokens(tokens);
                }
            }
        });
        self.note(label, all, found);
    }

    fn signature(&self, label: &str, signature: &Signature, found: &mut Found) {
        self.note(label, signature.to_token_stream(), found);
    }

    /// What the macros make.
    fn invocation(&self, item: &ItemMacro, found: &mut Found) {
        let name = item.mac.path.segments.last().map(|part| part.ident.to_string());
        let tokens: Vec<TokenTree> = item.mac.tokens.clone().into_iter().collect();
        match name.as_deref() {
            Some("model" | "request") => {
                let of = words(item.mac.tokens.clone());
                let at = of.iter().position(|word| word == "struct").unwrap();
                for token in &tokens {
                    if let TokenTree::Group(group) = token
                        && group.delimiter() != Delimiter::Bracket
                    {
                        self.declared(&of[at + 1], group.stream(), found);
                    }
                }
            }
            // Both requests of studies have the same fields.
            Some("study_requests") => self.declared("NewStudy", item.mac.tokens.clone(), found),
            Some("macro_rules") => self.rules(item.mac.tokens.clone(), found),
            _ => {}
        }
    }

    /// Fields as `name: Type = whatever,`.
    fn declared(&self, of: &str, fields: TokenStream, found: &mut Found) {
        let tokens: Vec<TokenTree> = fields.into_iter().collect();
        let is_mark = |at: usize, mark: char| matches!(tokens.get(at), Some(TokenTree::Punct(found)) if found.as_char() == mark);
        let mut at = 0;
        let mut name = String::new();
        while at < tokens.len() {
            match &tokens[at] {
                // The method after the bar is the one that clears the field.
                TokenTree::Ident(ident) if at == 0 || !is_mark(at - 1, '|') => {
                    name = ident.to_string();
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.declared(of, group.stream(), found);
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    let (mut depth, start) = (0_i32, at + 1);
                    while at + 1 < tokens.len()
                        && !(depth == 0 && (is_mark(at + 1, ',') || is_mark(at + 1, '=')))
                    {
                        at += 1;
                        depth += i32::from(is_mark(at, '<')) - i32::from(is_mark(at, '>'));
                    }
                    let field = tokens[start..=at].iter().cloned().collect();
                    self.note(format!("{of}.{name}"), field, found);
                    while at + 1 < tokens.len() && !is_mark(at + 1, ',') {
                        at += 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Impls that a macro makes for what it is given of the raw client.
    fn rules(&self, tokens: TokenStream, found: &mut Found) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.rules(group.stream(), found),
                TokenTree::Ident(ident) if ident == "impl" => {
                    let header: Vec<TokenTree> = tokens[at + 1..]
                        .iter()
                        .take_while(|token| {
                            !matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                        })
                        .cloned()
                        .collect();
                    let is_raw = header.windows(2).any(|pair| {
                        matches!(pair, [TokenTree::Punct(mark), TokenTree::Ident(ident)]
                            if mark.as_char() == '$' && ident == "raw")
                    });
                    let header: TokenStream = header.into_iter().collect();
                    let is_closed =
                        words(header.clone()).iter().any(|word| self.closed.contains(word));
                    if is_raw && !is_closed {
                        let label = header.to_string().replace("$ raw", "$raw");
                        found.raw.insert(format!("impl {label}"));
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&self, label: impl ToString, tokens: TokenStream, found: &mut Found) {
        if self.is_raw(tokens.clone()) {
            found.raw.insert(label.to_string());
        }
        let is_float =
            |path: &Vec<String>| matches!(&path[..], [name] if name == "f64" || name == "f32");
        if paths(tokens).iter().any(is_float) {
            found.floats.insert(label.to_string());
        }
    }

    fn is_raw(&self, tokens: TokenStream) -> bool {
        paths(tokens).iter().any(|path| match self.imports.get(&path[0]) {
            Some(import) => leads_to_raw(&[import, &path[1..]].concat()),
            None => leads_to_raw(path),
        })
    }
}

fn name_of(of: &Type) -> String {
    match of {
        Type::Path(path) => {
            path.path.segments.last().map(|part| part.ident.to_string()).unwrap_or_default()
        }
        Type::Reference(reference) => name_of(&reference.elem),
        _ => String::new(),
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.to_token_stream().to_string().contains("test")
    })
}

/// All paths of tokens: `a::b::C` is one.
fn paths(tokens: TokenStream) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                paths.extend(self::paths(group.stream()));
                colons = 0;
            }
            TokenTree::Ident(ident) => {
                match paths.last_mut() {
                    Some(path) if colons == 2 => path.push(ident.to_string()),
                    _ => paths.push(vec![ident.to_string()]),
                }
                colons = 0;
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
            _ => colons = 0,
        }
    }
    paths
}
