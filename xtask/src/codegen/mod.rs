//! From the lowered document to Rust: progenitor's client and its mock helpers, formatted, under
//! a header that says where they come from.

mod answer;
mod answer_builders;
mod api_version;
mod boxed_options;
mod builders;
mod calls;
mod client_settings;
mod culprit;
mod decode;
mod deprecated;
mod docs;
mod generator;
mod growing_types;
mod header;
mod markdown;
mod media_type;
mod methods;
mod mock_bodies;
mod mock_paths;
mod null_lists;
mod null_values;
mod operations;
mod request;
mod resources;
mod schemars;
mod schemas;
mod status_order;
mod telling_keys;
mod wire_names;

pub use header::Provenance;

use client_settings::ClientSettings;
use quote::ToTokens;

use crate::{
    document::Node,
    finding::Finding,
    lower::{answer_types, deprecated, media_types},
    manifest::Manifest,
};

/// The generated files.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The client with its types and builders.
    pub client: String,
    /// The helpers that mock the operations.
    pub httpmock: String,
    /// The table of the operations.
    pub operations: String,
    /// The resources and their types.
    pub resources: String,
    /// A call of every operation, for tests.
    pub calls: String,
    /// The documented schemas and their types, for tests.
    pub schemas: String,
    /// What is documented as deprecated and has another name, or none, in the client.
    pub undeprecated: Vec<String>,
}

/// Generates the client and the mock helpers of a lowered document, and the table of the
/// operations of the document itself.
///
/// # Errors
///
/// A finding where the generator can't take the document, or where the manifest's settings of the
/// client are no Rust.
pub fn generate(
    document: &Node,
    lowered: &Node,
    manifest: &Manifest,
    provenance: &Provenance,
) -> Result<Generated, Finding> {
    let settings = ClientSettings::of(manifest)?;
    let refused = |problem| culprit::find(lowered, &settings, problem);
    let tokens = generator::run(lowered, &settings).map_err(refused)?;
    let mut client = parse(tokens.client).map_err(refused)?;
    let mut httpmock = parse(tokens.httpmock).map_err(refused)?;
    mock_bodies::refer(&mut httpmock);
    mock_paths::repeat_variables(&mut httpmock);
    let answers = answer::read(&mut client);
    let operations =
        operations::table(document, lowered, &answers).and_then(parse).map_err(refused)?;
    let calls = calls::table(document, lowered, &answers, provenance);
    let schemas = schemas::table(document, lowered, provenance);
    api_version::leave_out(&mut client);
    boxed_options::turn_over(&mut client);
    status_order::sort(&mut client);
    methods::by_name(&mut client);
    let answer_types = answer_types(lowered);
    answer_builders::leave_out(&mut client, &answer_types);
    if let Some(function) = &settings.null_as_empty {
        null_lists::read_by(&mut client, &answer_types, function);
    }
    null_values::keep(&mut client);
    telling_keys::hold(&mut client);
    media_type::set(&mut client, &media_types(lowered));
    if let Some(function) = &settings.request {
        request::by(&mut client, function);
    }
    if let Some(function) = &settings.decode {
        decode::by(&mut client, function);
    }
    schemars::derive_on_request(&mut client);
    growing_types::mark(&mut client);
    let mut resources = resources::modules(document, lowered, &client, &settings)
        .and_then(parse)
        .map_err(refused)?;
    let undeprecated = deprecated::mark(&mut client, &deprecated(lowered));
    for file in [&mut client, &mut httpmock, &mut resources] {
        deprecated::allow(file);
    }
    let file = |code: syn::File| file(provenance, code).map_err(refused);
    Ok(Generated {
        client: file(client)?,
        httpmock: file(httpmock)?,
        operations: file(operations)?,
        resources: file(resources)?,
        calls,
        schemas,
        undeprecated,
    })
}

fn parse(tokens: impl ToTokens) -> Result<syn::File, String> {
    syn::parse2(wire_names::restore(tokens.into_token_stream()))
        .map_err(|error| format!("the generated code is no Rust: {error}"))
}

/// The code as it is written. What it says of itself comes from the sources, so that nothing is
/// done to it after this.
fn file(provenance: &Provenance, code: syn::File) -> Result<String, String> {
    let code = parse(docs::make_inert(code.into_token_stream())?)?;
    Ok(format!("{provenance}\n\n{}", prettyplease::unparse(&code)))
}
