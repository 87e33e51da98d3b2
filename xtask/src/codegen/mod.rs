//! From the lowered document to Rust: progenitor's client and its mock helpers, formatted, under
//! a header that says where they come from.

mod answer_builders;
mod boxed_options;
mod calls;
mod client_settings;
mod culprit;
mod deprecated;
mod docs;
mod expected_types;
mod generator;
mod growing_types;
mod header;
mod items;
mod markdown;
mod mismatch;
mod mock_bodies;
mod mock_paths;
mod null_lists;
mod null_values;
mod open_enums;
mod operation_types;
mod operations;
mod resources;
mod schemars;
mod schemas;
mod secrets;
mod setters;
mod telling_keys;
mod variant_names;
mod wire_names;

pub use header::Provenance;

use client_settings::ClientSettings;
use expected_types::ExpectedTypes;
use mismatch::Mismatch;
use operations::PlannedOperation;
use quote::{ToTokens, quote};
use wire_names::WireNames;

use crate::{
    finding::Finding,
    lower::{answer_types, deprecated},
    manifest::Manifest,
    plan::Lowered,
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

/// Generates the client and the mock helpers of a lowered document.
///
/// # Errors
///
/// Findings where the generator can't take the document, where what it makes is not what the plan
/// says, or where the manifest's settings of the client are no Rust.
pub fn generate(
    lowered: &Lowered,
    manifest: &Manifest,
    provenance: &Provenance,
) -> Result<Generated, Vec<Finding>> {
    let settings = ClientSettings::of(manifest).map_err(|finding| vec![finding])?;
    let refused = |problem| vec![culprit::find(lowered, &settings, problem)];
    let mismatched = |mismatches: Vec<Mismatch>| -> Vec<Finding> {
        mismatches.into_iter().map(|mismatch| mismatch.to_finding(lowered)).collect()
    };
    let tokens = generator::run(&lowered.document, &settings).map_err(refused)?;
    let mut wire_names = WireNames::of(&lowered.wire_names);
    let client = wire_names.restore(tokens.client.into_token_stream());
    none_or(wire_names.missing()).map_err(mismatched)?;
    let httpmock = wire_names.restore(tokens.httpmock.into_token_stream());
    let mut client = parse(client).map_err(refused)?;
    let mut httpmock = parse(httpmock).map_err(refused)?;
    mock_bodies::refer(&mut httpmock);
    mock_paths::match_plan(&mut httpmock, &lowered.operations).map_err(mismatched)?;
    let types = operation_types::read(&mut client, &lowered.operations).map_err(mismatched)?;
    let resources = resources::names(&lowered.operations, &settings);
    let operations = lowered.operations.iter().zip(&types).zip(&resources);
    let operations: Vec<_> = operations
        .map(|((plan, types), resource)| PlannedOperation { plan, types, resource })
        .collect();
    boxed_options::turn_over(&mut client);
    let answer_types = answer_types(&lowered.document);
    let expected = ExpectedTypes::of(&lowered.document, &answer_types);
    let enums = open_enums::of(&lowered.document);
    let made_here = enums.iter().map(|made| made.name.clone()).collect();
    let mut missing = expected.without_type(&mut client, &made_here);
    let built = answer_builders::leave_out(&mut client, &answer_types);
    missing.extend(expected.without_builder(&built));
    if let Some(function) = &settings.null_as_empty {
        let with_lists = null_lists::read_by(&mut client, &answer_types, function);
        missing.extend(expected.without_list(&with_lists));
    }
    none_or(missing).map_err(mismatched)?;
    null_values::keep(&mut client);
    telling_keys::hold(&mut client);
    schemars::derive_on_request(&mut client);
    growing_types::mark(&mut client);
    setters::by(&mut client, &syn::parse_quote!(super::super::runtime)).map_err(refused)?;
    if let Some(secret) = &settings.secret {
        secrets::check(&client, &lowered.document, secret).map_err(refused)?;
    }
    open_enums::reexport(&mut client);
    let mut pages = resources::modules(&lowered.document, &operations, &client, &enums, &settings)
        .and_then(parse)
        .map_err(refused)?;
    let mut deprecated = deprecated(&lowered.document);
    deprecated.types.retain(|name| enums.iter().all(|made| made.name != *name));
    let undeprecated = deprecated::mark(&mut client, &deprecated);
    let (types, runtime) = (types_of(&client), &settings.runtime);
    let of_operations = operations::client(&operations);
    let client = quote! {
        use super::operations;
        use #runtime as runtime;

        #types
        #of_operations
    };
    let mut client = parse(client).map_err(refused)?;
    let table = parse(operations::table(&operations, runtime)).map_err(refused)?;
    for file in [&mut client, &mut httpmock, &mut pages] {
        deprecated::allow(file);
    }
    let file = |code: syn::File| file(provenance, code).map_err(refused);
    let enums = open_enums::text(&enums, &settings.open_enum).map_err(refused)?;
    Ok(Generated {
        client: file(client)? + &enums,
        httpmock: file(httpmock)?,
        operations: file(table)?,
        resources: file(pages)?,
        calls: calls::table(&operations, provenance),
        schemas: schemas::table(&lowered.schemas, provenance),
        undeprecated,
    })
}

/// The module of the types: all of the generator's client that is kept.
fn types_of(client: &syn::File) -> Option<&syn::Item> {
    client
        .items
        .iter()
        .find(|item| matches!(item, syn::Item::Mod(module) if module.ident == "types"))
}

fn none_or(mismatches: Vec<Mismatch>) -> Result<(), Vec<Mismatch>> {
    if mismatches.is_empty() { Ok(()) } else { Err(mismatches) }
}

fn parse(tokens: impl ToTokens) -> Result<syn::File, String> {
    syn::parse2(tokens.into_token_stream())
        .map_err(|error| format!("the generated code is no Rust: {error}"))
}

/// The code as it is written. What it says of itself comes from the sources, so that nothing is
/// done to it after this.
fn file(provenance: &Provenance, code: syn::File) -> Result<String, String> {
    let code = parse(docs::make_inert(code.into_token_stream())?)?;
    Ok(format!("{provenance}\n\n{}", prettyplease::unparse(&code)))
}
