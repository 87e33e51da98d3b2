//! Pages, and what is made of them.

use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::{finding::Finding, manifest::Settings, pipeline, read::Sources, report::Report};

/// The pages of other APIs. They are third-party data, so a checkout may be without them.
pub(crate) fn pages_of_other_apis() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fern-pages");
    let Ok(apis) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let folders = apis.filter_map(|entry| std::fs::read_dir(entry.unwrap().path()).ok());
    let files = folders.flatten().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.sort();
    pages
}

/// The pages that the document of this repository is made of.
pub(crate) fn own_pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/pages");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// What is made of a page.
pub(crate) struct Fixed {
    pub(crate) json: String,
    pub(crate) document: Value,
    pub(crate) report: Report,
}

pub(crate) fn fix(text: &str) -> Result<Fixed, Vec<Finding>> {
    let mut sources = Sources::default();
    let id = sources.add("page.md", text);
    let (document, report) = pipeline::fix(&sources, id, &Settings::default())?;
    let json = document.to_json().unwrap();
    let document = serde_json::from_str(&json).unwrap();
    Ok(Fixed { json, document, report })
}

/// The YAML of a page as another reader reads it, with the server that its request line names.
pub(crate) fn documented(page: &str) -> Option<Value> {
    let lines: Vec<&str> = page.lines().collect();
    let opener = (0..lines.len()).find(|index| {
        let next = lines[index + 1..].iter().find(|line| !line.trim().is_empty());
        let mark = lines[*index].trim_start();
        mark.starts_with("```")
            && mark.trim_start_matches('`').starts_with("yaml")
            && next.is_some_and(|next| next.trim_start().starts_with("openapi:"))
    })?;
    let indentation = lines[opener].len() - lines[opener].trim_start().len();
    let closer = lines[opener].split("yaml").next().unwrap();
    let mut yaml: Vec<&str> = lines[opener + 1..]
        .iter()
        .take_while(|line| **line != closer)
        .map(|line| line.get(indentation..).unwrap_or_default())
        .collect();
    // A copy with an empty line after each line: no fixture had empty lines before.
    let is_blank = |line: &&str| line.trim().is_empty();
    if yaml.len() > 7 && yaml.chunks(2).all(|pair| pair.iter().any(is_blank)) {
        yaml.retain(|line| !is_blank(line));
    }
    let mut document: Value = yaml_serde::from_str(&yaml.join("\n")).unwrap();
    if document.get("servers").is_none() {
        let server = server(&lines[..opener], &document);
        document["servers"] = serde_json::json!([{ "url": server.unwrap_or_default() }]);
    }
    Some(document)
}

fn server(lines: &[&str], document: &Value) -> Option<String> {
    let (path, _) = document["paths"].as_object()?.iter().next()?;
    lines.iter().find_map(|line| {
        let (method, url) = line.split_once(' ')?;
        let is_request = method.chars().all(char::is_uppercase) && url.starts_with("http");
        url.strip_suffix(path.as_str()).filter(|_| is_request).map(str::to_owned)
    })
}
