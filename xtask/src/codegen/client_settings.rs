use indexmap::IndexMap;
use toml::Spanned;

use crate::{document::Place, finding::Finding, manifest::Manifest};

/// What the manifest says of the client, read as Rust.
pub(super) struct ClientSettings {
    /// The type that the client carries for its hooks.
    pub(super) inner_type: Option<syn::Type>,
    /// The type of points in time.
    pub(super) timestamp: Option<String>,
    /// The function that begins requests.
    pub(super) request: Option<syn::Path>,
    /// The function that decodes answers.
    pub(super) decode: Option<syn::Path>,
    /// The function that reads lists and maps of answers.
    pub(super) null_as_empty: Option<syn::Path>,
    /// Tag -> the resource that its operations belong to.
    pub(super) resources: IndexMap<String, String>,
    /// The path of the module with the client.
    pub(super) module: String,
}

impl ClientSettings {
    /// Reads them, or says where the manifest is no Rust.
    pub(super) fn of(manifest: &Manifest) -> Result<Self, Finding> {
        let client = &manifest.client;
        let inner_type = client.inner_type.as_ref();
        let inner_type = inner_type.map(|text| rust(manifest, text, "inner-type", "a type"));
        let timestamp = client.timestamp.as_ref();
        timestamp
            .map(|text| rust::<syn::Path>(manifest, text, "timestamp", "a path"))
            .transpose()?;
        let request = client.request.as_ref();
        let request = request.map(|text| rust(manifest, text, "request", "a path"));
        let decode = client.decode.as_ref();
        let decode = decode.map(|text| rust(manifest, text, "decode", "a path"));
        let null_as_empty = client.null_as_empty.as_ref();
        let null_as_empty =
            null_as_empty.map(|text| rust(manifest, text, "null-as-empty", "a path"));
        let module = client.module.as_ref();
        module.map(|text| rust::<syn::Path>(manifest, text, "module", "a path")).transpose()?;
        Ok(Self {
            inner_type: inner_type.transpose()?,
            timestamp: timestamp.map(|text| text.get_ref().clone()),
            request: request.transpose()?,
            decode: decode.transpose()?,
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
        let problem = format!("[client] {field} `{text}` is not {what} of Rust: {error}");
        let remedy = format!("write {what} that the generated code can name, `crate::Name`");
        Finding::about_source(place, problem, remedy)
    })
}
