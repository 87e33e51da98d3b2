//! From the lowered document to Rust: progenitor's client and its mock helpers, formatted, under
//! a header that says where they come from.

mod builders;
mod calls;
mod carriers;
mod client_settings;
mod culprit;
mod docs;
mod fields;
mod generator;
mod header;
mod items;
mod json_objects;
mod layout;
mod markdown;
mod mismatch;
mod mock_paths;
mod newtypes;
mod open_enums;
mod operation_types;
mod operations;
mod resources;
mod schemas;
mod unions;
mod variant_names;
mod wire_names;

pub use header::{Provenance, is_generated};

use std::{
    collections::BTreeMap,
    fmt::Display,
    path::{Path, PathBuf},
};

use client_settings::ClientSettings;
use layout::Layout;
use mismatch::Mismatch;
use operations::PlannedOperation;
use proc_macro2::TokenStream;
use quote::ToTokens;
use resources::Resource;
use wire_names::WireNames;

use crate::{finding::Finding, manifest::Manifest, plan::Lowered};

/// The generated files.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The files of the client, relative to its folder.
    pub client: Vec<(PathBuf, String)>,
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
    let tokens = generator::run(&lowered.document, &lowered.mocked, &lowered.enums, &settings)
        .map_err(refused)?;
    let mut wire_names = WireNames::of(&lowered.wire_names);
    let client = wire_names.restore(tokens.client.into_token_stream());
    none_or(wire_names.missing()).map_err(mismatched)?;
    let httpmock = wire_names.restore(tokens.httpmock.into_token_stream());
    let mut client = parse(client).map_err(refused)?;
    let mut httpmock = parse(httpmock).map_err(refused)?;
    mock_paths::match_plan(&mut httpmock, &lowered.operations).map_err(mismatched)?;
    let types = operation_types::read(&mut client, &lowered.operations).map_err(mismatched)?;
    let resources = resources::names(&lowered.operations, &settings);
    let operations = lowered.operations.iter().zip(&types).zip(&resources);
    let operations: Vec<_> = operations
        .map(|((plan, types), resource)| PlannedOperation { plan, types, resource })
        .collect();
    let mismatches = unions::make(&mut client, &lowered.unions, &syn::parse_quote!(runtime));
    none_or(mismatches).map_err(mismatched)?;
    let types = items::module(&mut client.items, "types");
    let types = types.ok_or_else(|| refused("the generated code has no types".to_owned()))?;
    none_or(builders::leave_out(types, &lowered.types)).map_err(mismatched)?;
    newtypes::lend(types);
    let undeprecated =
        fields::change(types, &lowered.types, &lowered.enums, &settings).map_err(mismatched)?;
    let said = carriers::of(&lowered.types, &lowered.operations);
    carriers::tell(types, &said);
    let builders = builders::of(types, lowered, &settings.library).map_err(mismatched)?;
    let json_objects = json_objects::take_out(types, &settings);
    let resources = resources::all(lowered, &operations, &client, &builders, &json_objects);
    let layout = layout::lay_out(client, httpmock, &resources, &operations, &settings.runtime);
    Ok(Generated {
        client: files(layout, &resources, &said, &settings, provenance).map_err(refused)?,
        calls: calls::table(&operations, provenance),
        schemas: schemas::table(&lowered.types, provenance),
        undeprecated,
    })
}

/// The files of the client. One of them alone changes with every change of the document.
fn files(
    layout: Layout,
    resources: &BTreeMap<String, Resource<'_>>,
    said: &BTreeMap<String, String>,
    settings: &ClientSettings,
    provenance: &Provenance,
) -> Result<Vec<(PathBuf, String)>, String> {
    let without_digest = provenance.without_digest();
    let mut files = vec![
        ("mod.rs".into(), file(provenance, layout.index)?),
        ("httpmock.rs".into(), file(&without_digest, layout.httpmock)?),
    ];
    for (name, code) in layout.resources {
        let mut text = file(&without_digest, code)?;
        if let Some(resource) = resources.get(&name) {
            text += &open_enums::text(&resource.enums, said, &settings.library)?;
            text += &json_objects::text(&resource.json_objects);
            text += &builders::text(&resource.builders);
        }
        files.push((Path::new("resources").join(&name).with_extension("rs"), text));
    }
    Ok(files)
}

fn none_or(mismatches: Vec<Mismatch>) -> Result<(), Vec<Mismatch>> {
    if mismatches.is_empty() { Ok(()) } else { Err(mismatches) }
}

fn parse(tokens: impl ToTokens) -> Result<syn::File, String> {
    syn::parse2(tokens.into_token_stream())
        .map_err(|error| format!("the generated code can't be parsed: {error}"))
}

/// The code as it is written. What it says of itself comes from the sources, so that nothing is
/// done to it after this.
fn file(first_line: &impl Display, code: TokenStream) -> Result<String, String> {
    let code = parse(docs::make_inert(code)?)?;
    Ok(format!("{first_line}\n\n{}", prettyplease::unparse(&code)))
}
