//! From a file to a document: finds the YAML and reads it, places and all.

mod foreign;
mod lines;
mod page;
mod source;
mod texts;
mod yaml;

pub use foreign::Foreign;
pub use page::{Endpoint, Page};
pub use source::{LARGEST_FILE, Sources};
pub(crate) use yaml::DEEPEST_NESTING;

use crate::{
    document::{Node, Place, SourceId},
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

/// Reads a source with one document: a documentation page with one OpenAPI fence, or a plain YAML
/// or JSON document.
///
/// # Errors
///
/// A finding where there is no OpenAPI document in it, where the YAML can't be read, or where the
/// source has several documents.
pub fn read(sources: &Sources, id: SourceId) -> Result<Documented, Finding> {
    let mut documents = read_all(sources, id);
    match documents.len() {
        1 => documents.remove(0),
        count => Err(Finding::about_source(
            Place::start_of(id),
            format!("the page contains {count} API documents"),
            "read them one by one",
        )
        .found_by("read")),
    }
}

/// Reads every document of a source, which may be many pages in one file: each is found or missed
/// on its own.
pub fn read_all(sources: &Sources, id: SourceId) -> Vec<Result<Documented, Finding>> {
    let named = |finding: Finding| finding.found_by("read");
    let text = match sources.text(id) {
        Ok(text) => text,
        Err(finding) => return vec![Err(named(finding))],
    };
    let excerpts = page::api_excerpts(id, text).into_iter();
    let read = excerpts.map(|excerpt| excerpt.and_then(|excerpt| documented(id, excerpt)));
    read.map(|read| read.map_err(named)).collect()
}

fn documented(id: SourceId, excerpt: page::Excerpt<'_>) -> Result<Documented, Finding> {
    let node = yaml::parse(id, &excerpt)
        .map_err(|finding| page::escaped(id, &excerpt).unwrap_or(finding))?;
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
            "exclude the page: WebSocket channels can't be expressed as HTTP operations",
        )
    } else if node.get("swagger").is_some() {
        (
            "this is a Swagger 2.0 document, not an OpenAPI 3 one".to_owned(),
            "convert it to OpenAPI 3 first",
        )
    } else {
        (
            format!(
                "this is not an OpenAPI document, but {} without `openapi`",
                node.description()
            ),
            "use a file with an OpenAPI document, or a page with one in a ```yaml fence",
        )
    };
    Err(Finding::about_source(node.place, problem, remedy))
}
