use indexmap::IndexMap;
use toml::Spanned;

use crate::{document::Place, finding::Finding, manifest::Manifest};

/// What the manifest says of the client, read as Rust.
pub(super) struct ClientSettings {
    /// The module that the operations run on.
    pub(super) runtime: syn::Path,
    /// The crate or the module with what generated types are made by: `open_enum!`, `object_builder!`,
    /// `json_object!`, `Nullable`.
    pub(super) library: syn::Path,
    /// The type of points in time.
    pub(super) timestamp: Option<String>,
    /// The type of integers.
    pub(super) integer: Option<String>,
    /// The type of numbers.
    pub(super) number: Option<String>,
    /// The type of secrets.
    pub(super) secret: Option<String>,
    /// The function that reads lists and maps of answers.
    pub(super) null_as_empty: Option<syn::Path>,
    /// Tag -> the resource that its operations belong to.
    pub(super) resources: IndexMap<String, String>,
    /// The path of the module with the client.
    pub(super) module: String,
}

impl ClientSettings {
    /// Parses them, or says where the manifest has invalid Rust.
    pub(super) fn of(manifest: &Manifest) -> Result<Self, Finding> {
        let client = &manifest.client;
        let runtime = match &client.runtime {
            Some(text) => rust(manifest, text, "runtime", "a path")?,
            None => syn::parse_quote!(crate::runtime),
        };
        let library = match &client.library {
            Some(text) => rust(manifest, text, "library", "a path")?,
            None => syn::parse_quote!(crate),
        };
        let path = |text: &Option<Spanned<String>>, field| {
            let text = text.as_ref();
            let checked = text.map(|text| rust::<syn::Path>(manifest, text, field, "a path"));
            checked.transpose().map(|_| text.map(|text| text.get_ref().clone()))
        };
        let null_as_empty = client.null_as_empty.as_ref();
        let null_as_empty =
            null_as_empty.map(|text| rust(manifest, text, "null-as-empty", "a path"));
        let module = client.module.as_ref();
        module.map(|text| rust::<syn::Path>(manifest, text, "module", "a path")).transpose()?;
        Ok(Self {
            runtime,
            library,
            timestamp: path(&client.timestamp, "timestamp")?,
            integer: path(&client.integer, "integer")?,
            number: path(&client.number, "number")?,
            secret: path(&client.secret, "secret")?,
            null_as_empty: null_as_empty.transpose()?,
            resources: client.resources.clone(),
            module: module.map_or_else(|| "crate".to_owned(), |text| text.get_ref().clone()),
        })
    }
}

fn rust<T: syn::parse::Parse>(
    manifest: &Manifest,
    text: &Spanned<String>,
    field: &str,
    what: &str,
) -> Result<T, Finding> {
    let place: Place = manifest.place_of(text);
    syn::parse_str(text.get_ref()).map_err(|error| {
        let text = text.get_ref();
        let problem = format!("[client] {field} `{text}` is not {what} in Rust: {error}");
        let remedy =
            format!("write {what} that the generated code can refer to, such as `crate::Name`");
        Finding::about_source(place, problem, remedy)
    })
}
