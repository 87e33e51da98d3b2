//! The documentation of every method of a resource: an example, the errors, and a tag that says
//! whether it is retried.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sources;

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use prolific_api_ext::raw::OPERATIONS;
use serde_json::Value;
use syn::{Attribute, Expr, File, ImplItem, ImplItemFn, Item, Lit, Meta, ReturnType, Type};

const EXAMPLE: &str = "# Examples";
const ERRORS: &str = "# Errors";
/// What is said of an operation that is published nowhere.
const UNPUBLISHED: &str = "not published";

#[test]
fn every_method_of_a_resource_has_an_example_its_errors_and_a_retry_tag() {
    let checked = check(&sources::files());
    assert!(checked.methods > 150, "only {} methods were found", checked.methods);
    assert!(checked.problems.is_empty(), "{}", checked.problems.join("\n"));
}

#[test]
fn what_a_method_lacks_is_found() {
    let sample = r#"
        resource! {
            /// Operations.
            Studies
        }
        impl Studies {
            /// Fetches a study.
            ///
            /// Safe: retried.
            ///
            /// # Errors
            ///
            /// Returns an error.
            ///
            /// # Examples
            ///
            /// ```
            /// get();
            /// ```
            #[doc(alias = "get-study")]
            pub async fn complete(&self) -> Result<Study> {}
            /// Deletes a study.
            ///
            /// Safe: retried.
            ///
            /// # Examples
            ///
            /// None.
            #[doc(alias = "delete-study")]
            pub async fn bare(&self) -> Result<()> {}
            /// Lists studies. Safe: each page is retried.
            #[doc(alias = "get-studies")]
            pub fn list(&self) -> Pages<Study> {}
            /// Lists campaigns.
            ///
            /// Safe: retried.
            ///
            /// # Examples
            ///
            /// ```
            /// campaigns();
            /// ```
            #[doc(alias = "get-campaigns")]
            pub fn campaigns(&self) -> Pages<Study> {}
            fn private(&self) {}
            pub(crate) fn inner(&self) {}
        }
        impl Other { pub fn no_resource(&self) {} }
    "#;
    let checked = check(&[syn::parse_str(sample).unwrap()]);
    let expected = [
        "Studies::bare has no example",
        "Studies::bare has no `# Errors`",
        "Studies::bare has no paragraph that starts with `Idempotent`",
        "Studies::list has no example",
        "Studies::list has no paragraph that starts with `Safe`",
        "Studies::campaigns has no `not published`",
    ];
    assert_eq!((checked.methods, &*checked.problems), (4, &expected.map(str::to_owned)[..]));
}

struct Checked {
    methods: usize,
    problems: Vec<String>,
}

fn check(files: &[File]) -> Checked {
    let items = || files.iter().flat_map(|file| &file.items);
    let resources: BTreeSet<String> = items().filter_map(resource).collect();
    let mut checked = Checked { methods: 0, problems: Vec::new() };
    for item in items() {
        let Item::Impl(implementation) = item else { continue };
        let Some(name) = named(&implementation.self_ty) else { continue };
        if implementation.trait_.is_some() || !resources.contains(&name) {
            continue;
        }
        for method in &implementation.items {
            let ImplItem::Fn(method) = method else { continue };
            if matches!(method.vis, syn::Visibility::Public(_)) {
                checked.methods += 1;
                let path = format!("{name}::{}", method.sig.ident);
                let lacks = lacks(method).into_iter();
                checked.problems.extend(lacks.map(|lack| format!("{path} has no {lack}")));
            }
        }
    }
    checked
}

/// The type that `resource!` makes.
fn resource(item: &Item) -> Option<String> {
    let Item::Macro(item) = item else { return None };
    let made = item.mac.path.is_ident("resource").then(|| item.mac.tokens.clone());
    Some(made?.into_iter().last()?.to_string())
}

fn named(of: &Type) -> Option<String> {
    let Type::Path(path) = of else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

fn lacks(method: &ImplItemFn) -> Vec<String> {
    let docs = docs(&method.attrs);
    let mut lacks = Vec::new();
    let example = docs.iter().position(|line| line == EXAMPLE);
    if !example.is_some_and(|at| docs[at..].iter().any(|line| line.starts_with("```"))) {
        lacks.push("example".to_owned());
    }
    if returns_a_result(&method.sig.output) && !docs.iter().any(|line| line == ERRORS) {
        lacks.push(format!("`{ERRORS}`"));
    }
    if let Some(tag) = tag(&method.attrs) {
        let mut starts = (0..docs.len()).filter(|&at| at == 0 || docs[at - 1].is_empty());
        if !starts.any(|at| docs[at].starts_with(&tag)) {
            lacks.push(format!("paragraph that starts with `{tag}`"));
        }
    }
    let is_published = alias(&method.attrs).is_none_or(|alias| !PUBLISHED_NOWHERE.contains(&alias));
    if !is_published && !docs.join(" ").contains(UNPUBLISHED) {
        lacks.push(format!("`{UNPUBLISHED}`"));
    }
    lacks
}

/// The operations that no documentation has.
static PUBLISHED_NOWHERE: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/prolific.json");
    let document: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let unpublished = operations.filter(|operation| operation["x-published"] == false);
    let ids: BTreeSet<String> = unpublished
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.len() > 3, "{ids:?}");
    ids
});

fn docs(attributes: &[Attribute]) -> Vec<String> {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => text(&meta.value),
        _ => None,
    });
    lines.map(|line| line.trim().to_owned()).collect()
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

fn returns_a_result(output: &ReturnType) -> bool {
    match output {
        ReturnType::Type(_, output) => named(output).is_some_and(|name| name == "Result"),
        ReturnType::Default => false,
    }
}

/// How the operation that a method calls may be repeated, in the word that its documentation starts a
/// paragraph with.
fn tag(attributes: &[Attribute]) -> Option<String> {
    let alias = alias(attributes)?;
    let operation = OPERATIONS.iter().find(|operation| operation.operation_id == alias)?;
    Some(format!("{:?}", operation.retry))
}

/// The operation that a method calls.
fn alias(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("doc") => {
            let alias: syn::MetaNameValue = list.parse_args().ok()?;
            alias.path.is_ident("alias").then(|| text(&alias.value))?
        }
        _ => None,
    })
}
