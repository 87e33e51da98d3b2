//! From the lowered document to Rust: progenitor's client and its mock helpers, formatted, under
//! a header that says where they come from.

mod api_version;
mod generator;
mod header;
mod operations;
mod schemars;

pub use header::Provenance;

use quote::ToTokens;

use crate::{document::Node, finding::Finding, manifest::ClientSettings};

/// The generated files.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The client with its types and builders.
    pub client: String,
    /// The helpers that mock the operations.
    pub httpmock: String,
    /// The table of the operations.
    pub operations: String,
}

/// Generates the client and the mock helpers of a lowered document, and the table of the
/// operations of the document itself.
///
/// # Errors
///
/// A finding where the generator can't take the document.
pub fn generate(
    document: &Node,
    lowered: &Node,
    settings: &ClientSettings,
    provenance: &Provenance,
) -> Result<Generated, Finding> {
    let refused = |problem: String| {
        let remedy =
            "the check let through what the generator can't express: this wants a lowering";
        Finding::about_source(lowered.place, problem, remedy)
    };
    let tokens = generator::run(lowered, settings).map_err(refused)?;
    let mut client = parse(tokens.client).map_err(refused)?;
    let httpmock = parse(tokens.httpmock).map_err(refused)?;
    let operations = parse(operations::table(document)).map_err(refused)?;
    api_version::leave_out(&mut client);
    schemars::derive_on_request(&mut client);
    Ok(Generated {
        client: file(provenance, &client),
        httpmock: file(provenance, &httpmock),
        operations: file(provenance, &operations),
    })
}

fn parse(tokens: impl ToTokens) -> Result<syn::File, String> {
    syn::parse2(tokens.into_token_stream())
        .map_err(|error| format!("the generated code is no Rust: {error}"))
}

fn file(provenance: &Provenance, code: &syn::File) -> String {
    format!("{provenance}\n\n{}", prettyplease::unparse(code))
}

impl ClientSettings {
    /// A path of Rust from the manifest.
    fn rust_path<T: syn::parse::Parse>(text: &str, field: &str) -> Result<T, String> {
        syn::parse_str(text)
            .map_err(|error| format!("[client] {field} `{text}` is no Rust: {error}"))
    }
}
