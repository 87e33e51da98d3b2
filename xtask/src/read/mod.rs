//! From a file to a document: finds the YAML and reads it, places and all.

mod page;
mod source;
mod yaml;

pub use page::{Endpoint, Page};
pub use source::{LARGEST_FILE, Sources};
pub(crate) use yaml::DEEPEST_NESTING;

use crate::{
    document::{Node, SourceId},
    finding::Finding,
};

/// A source as it was read, before any repair.
#[derive(Clone, Debug)]
pub struct Documented {
    /// The page around it, if it is in one.
    pub page: Option<Page>,
    /// The YAML.
    pub node: Node,
}

/// Reads a source: a documentation page with one OpenAPI fence, or a plain YAML or JSON document.
///
/// # Errors
///
/// A finding where there is no OpenAPI document in it, or where the YAML can't be read.
pub fn read(sources: &Sources, id: SourceId) -> Result<Documented, Finding> {
    documented(sources, id).map_err(|finding| finding.found_by("read"))
}

fn documented(sources: &Sources, id: SourceId) -> Result<Documented, Finding> {
    let text = sources.text(id)?;
    let excerpt = page::openapi_excerpt(id, text)?;
    let node = yaml::parse(id, &excerpt)?;
    refuse_what_is_no_openapi(&node)?;
    Ok(Documented { page: excerpt.page, node })
}

fn refuse_what_is_no_openapi(node: &Node) -> Result<(), Finding> {
    if node.get("openapi").is_some() {
        return Ok(());
    }
    let (problem, remedy) = if node.get("asyncapi").is_some() {
        (
            "this is an AsyncAPI document, not an OpenAPI one".to_owned(),
            "leave the page out: websocket channels can't be expressed as HTTP operations",
        )
    } else if node.get("swagger").is_some() {
        (
            "this is a Swagger 2.0 document, not an OpenAPI 3 one".to_owned(),
            "convert it to OpenAPI 3 first",
        )
    } else {
        (
            format!("this is no OpenAPI document, but {} without `openapi`", node.description()),
            "name a file with an OpenAPI document, or a page with one in a ```yaml fence",
        )
    };
    Err(Finding::about_source(node.place, problem, remedy))
}
