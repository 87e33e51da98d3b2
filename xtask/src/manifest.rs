//! The manifest: which sources make the document, how its names come out, where the results go.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use crate::{
    document::{Key, Node, Object, Place, SourceId, Value},
    finding::Finding,
    glob,
    read::Sources,
    retry::RetrySafety,
};

/// A manifest as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// What the merged document says of itself.
    pub document: About,
    /// The sources. Of documented ones that have the same operation, the first is followed.
    #[serde(rename = "source")]
    pub sources: Vec<SourceEntry>,
    /// The indexes of the sites that sources are published on.
    #[serde(default, rename = "index")]
    pub indexes: Vec<IndexEntry>,
    /// The files that sources name and that are left out.
    #[serde(default, rename = "skip")]
    pub skips: Vec<SkipEntry>,
    /// Method and path, `GET /things/{id}` -> the id of the operation, whatever is documented.
    #[serde(default)]
    pub operations: IndexMap<String, Spanned<String>>,
    /// Documented component name -> name in the document.
    #[serde(default)]
    pub names: IndexMap<String, Spanned<String>>,
    /// The security schemes of OpenAPI that replace documented header parameters, by name.
    #[serde(default)]
    security: IndexMap<String, IndexMap<String, String>>,
    /// Operation id -> whether it may be repeated, where the sources don't say.
    #[serde(default)]
    pub retry: IndexMap<String, Spanned<RetrySafety>>,
    /// Extension -> the words for what it says.
    #[serde(default)]
    wording: IndexMap<String, Wording>,
    /// Where the results go.
    pub output: OutputPaths,
    /// How the client is generated.
    #[serde(default)]
    pub client: ClientSettings,
    /// The hand-written wrapper crate, if there is one.
    pub wrapper: Option<WrapperSettings>,
    /// The file that it was read from.
    #[serde(skip)]
    pub id: SourceId,
    /// The folder that its paths are relative to.
    #[serde(skip)]
    folder: PathBuf,
    /// Its own name without the ending.
    #[serde(skip)]
    stem: PathBuf,
    #[serde(skip)]
    text: String,
}

/// The info object of the merged document: that of a page tells of one endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct About {
    /// The name of the API.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it is, as CommonMark.
    pub description: Option<String>,
    /// How the operations get their ids.
    #[serde(default)]
    pub operation_names: OperationNames,
}

/// How operations get their ids. Neither way depends on the order of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OperationNames {
    /// The documented ids.
    #[default]
    Documented,
    /// The documented endpoint, package and name, `voices_get`; where there is none, the first tag
    /// and the documented id. For sources whose ids are unique within a package alone.
    Qualified,
}

/// A source of the document, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    /// Its path, relative to the manifest. `*` matches any part of a file name.
    pub file: PathBuf,
    /// What it is to the others.
    #[serde(default)]
    pub role: Role,
    /// Whether it documents the whole API: what it lacks, and what the facts know from nowhere else,
    /// is no more.
    #[serde(default)]
    pub complete: bool,
    /// What tells its operations from those of another source with the same method and path,
    /// `stream`: the document has them under `/path#stream`, which is requested as `/path`.
    pub variant: Option<String>,
    /// Where it is published. Default: it is maintained by hand.
    pub url: Option<Spanned<String>>,
}

/// What a source is to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It is published, and says what the shapes are.
    #[default]
    Documented,
    /// It is ours: it annotates and names what is documented, and fills what is not.
    Facts,
}

/// An index of a site: an `llms.txt`, which names documents and pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexEntry {
    /// Where it is published.
    pub url: Spanned<String>,
}

/// A file that a source names and that is left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkipEntry {
    /// Its path, relative to the manifest.
    pub file: Spanned<PathBuf>,
    /// Why it can't be part of the document.
    pub reason: String,
}

/// What the rules need in addition to the sources. Empty without a manifest.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Documented component name -> name in the document.
    pub names: IndexMap<String, String>,
    /// The security schemes of OpenAPI that replace documented header parameters, by name.
    pub security: IndexMap<String, IndexMap<String, String>>,
    /// Extension -> the words for what it says.
    pub wording: IndexMap<String, Wording>,
    /// Whether the client has a type for points in time.
    pub has_timestamps: bool,
    /// Whether the client has a type of secrets.
    pub has_secrets: bool,
}

/// The words for what an extension says.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Wording {
    /// A sentence in which `{}` is the value.
    Template(String),
    /// A sentence for each value that is worth one.
    ByValue(IndexMap<String, String>),
}

impl Wording {
    /// The sentence for a value.
    pub fn sentence(&self, value: &Node) -> Option<String> {
        let text = value.as_text()?;
        match self {
            Self::Template(template) => Some(template.replace("{}", &text)),
            Self::ByValue(sentences) => sentences.get(&text).cloned(),
        }
    }
}

/// Where the results go, relative to the manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputPaths {
    /// The normalised document.
    pub document: Spanned<PathBuf>,
    /// The folder of the client, which has a file a resource and is for the generator alone.
    pub client: Spanned<PathBuf>,
    /// A call of every operation, for tests. Default: not written.
    pub calls: Option<Spanned<PathBuf>>,
    /// The documented schemas and their types, for tests. Default: not written.
    pub schemas: Option<Spanned<PathBuf>>,
    /// The page on the operations, with the methods of the wrapper crate. Default: not written.
    pub page: Option<Spanned<PathBuf>>,
    /// The schemas of requests, for checks. Default: not written.
    pub requests: Option<Spanned<PathBuf>>,
}

/// The hand-written wrapper crate around the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WrapperSettings {
    /// The folder of its source, relative to the manifest.
    pub source: Spanned<PathBuf>,
}

/// How the client is generated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientSettings {
    /// The Rust path of the module that the operations run on; `crate::runtime` where nothing is
    /// said. It is that of `prolific-api`.
    pub runtime: Option<Spanned<String>>,
    /// The Rust path of the crate whose macros and types the generated types are made by; `crate` where
    /// nothing is said. It is `prolific-api`.
    pub library: Option<Spanned<String>>,
    /// A Rust type for timestamps. Default: strings.
    pub timestamp: Option<Spanned<String>>,
    /// A Rust type for integers. Default: `i64`.
    pub integer: Option<Spanned<String>>,
    /// A Rust type for numbers. Default: `f64`.
    pub number: Option<Spanned<String>>,
    /// A Rust type for secret texts, whose `Debug` does not show them. Default: strings.
    pub secret: Option<Spanned<String>>,
    /// The Rust path of a function that reads lists and maps of responses, and accepts null. Default:
    /// a response with null fails.
    pub null_as_empty: Option<Spanned<String>>,
    /// Tag -> the resource that its operations belong to. Default: the tag itself.
    #[serde(default)]
    pub resources: IndexMap<String, String>,
    /// The Rust path of the module with the client, as the mock helpers name it; `crate` where
    /// nothing is said.
    pub module: Option<Spanned<String>>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// A finding where the file can't be read or does not say what a manifest must.
    pub fn load(sources: &mut Sources, path: &Path) -> Result<Self, Finding> {
        let id = sources.load(path)?;
        let text = sources.text(id)?.to_owned();
        let mut manifest: Self = toml::from_str(&text).map_err(|error| {
            let place = error.span().map_or(Place::start_of(id), |span| place_of(id, &text, &span));
            Finding::about_source(
                place,
                format!("the manifest can't be read: {}", error.message()),
                "see the default manifest, openapi/regen.toml, for the format",
            )
        })?;
        manifest.id = id;
        manifest.folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        manifest.stem = path.file_stem().map_or_else(PathBuf::new, PathBuf::from);
        manifest.text = text;
        manifest.refuse_two_components_of_one_name()?;
        manifest.refuse_outputs_over_others(path)?;
        manifest.refuse_urls_of_patterns()?;
        Ok(manifest)
    }

    /// What the rules need of it.
    pub fn settings(&self) -> Settings {
        let names = self.names.iter();
        Settings {
            names: names.map(|(from, to)| (from.clone(), to.get_ref().clone())).collect(),
            security: self.security.clone(),
            wording: self.wording.clone(),
            has_timestamps: self.client.timestamp.is_some(),
            has_secrets: self.client.secret.is_some(),
        }
    }

    /// A path of the manifest as seen from the current folder.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.folder.join(path).components().fold(PathBuf::new(), |mut resolved, component| {
            let can_go_up = resolved.file_name().is_some();
            match component {
                std::path::Component::ParentDir if can_go_up => drop(resolved.pop()),
                component => resolved.push(component),
            }
            resolved
        })
    }

    /// The lock file next to it, which records what was fetched: `regen.lock.toml` for
    /// `regen.toml`.
    pub fn lock_path(&self) -> PathBuf {
        let mut name = self.stem.clone().into_os_string();
        name.push(".lock.toml");
        self.folder.join(name)
    }

    /// The position of a value in the manifest.
    pub fn place_of<T>(&self, value: &Spanned<T>) -> Place {
        place_of(self.id, &self.text, &value.span())
    }

    /// Whether a file is one of the results.
    pub fn is_output(&self, file: &Path) -> bool {
        let file = same_file(file);
        self.output.all().any(|output| same_file(&self.resolve(output.get_ref())) == file)
    }

    /// An output would overwrite another one, a source, or the manifest.
    fn refuse_outputs_over_others(&self, manifest: &Path) -> Result<(), Finding> {
        let sources = self.sources.iter().map(|source| self.resolve(&source.file));
        let files = sources.flat_map(|path| glob::files(&path).unwrap_or_else(|_| vec![path]));
        let inputs = files.map(|path| (same_file(&path), "a source"));
        let mut taken: Vec<(PathBuf, &str)> =
            inputs.chain([(same_file(manifest), "the manifest")]).collect();
        let client = self.folder_of_client()?;
        for output in self.output.all() {
            let path = same_file(&self.resolve(output.get_ref()));
            if path != client && path.starts_with(&client) {
                return Err(Finding::about_source(
                    self.place_of(output),
                    format!(
                        "[output] would write {} into the client's folder",
                        output.get_ref().display()
                    ),
                    "use a separate folder for the client",
                ));
            }
            if let Some((_, what)) = taken.iter().find(|(other, _)| *other == path) {
                return Err(Finding::about_source(
                    self.place_of(output),
                    format!("[output] would overwrite {what}, {}", output.get_ref().display()),
                    "use a different file for each output",
                ));
            }
            taken.push((path, "another output"));
        }
        Ok(())
    }

    fn folder_of_client(&self) -> Result<PathBuf, Finding> {
        let client = &self.output.client;
        if client.get_ref().extension().is_some_and(|extension| extension == "rs") {
            return Err(Finding::about_source(
                self.place_of(client),
                format!("[output] client, {}, is not a folder", client.get_ref().display()),
                "name the folder for its files, of which there is one for each resource",
            ));
        }
        Ok(same_file(&self.resolve(client.get_ref())))
    }

    /// One address can't be where many files are published.
    fn refuse_urls_of_patterns(&self) -> Result<(), Finding> {
        let patterns = self.sources.iter().filter(|source| glob::is_pattern(&source.file));
        match patterns.filter_map(|source| source.url.as_ref()).next() {
            None => Ok(()),
            Some(url) => Err(Finding::about_source(
                self.place_of(url),
                "this `url` belongs to a pattern, which may match several files",
                "add a separate entry for the file that is published there",
            )),
        }
    }

    fn refuse_two_components_of_one_name(&self) -> Result<(), Finding> {
        let mut seen: IndexMap<&str, &str> = IndexMap::new();
        for (documented, name) in &self.names {
            if let Some(first) = seen.insert(name.get_ref(), documented) {
                return Err(Finding::about_source(
                    self.place_of(name),
                    format!(
                        "[names] gives both `{first}` and `{documented}` the name `{}`",
                        name.get_ref()
                    ),
                    "give each a different name",
                ));
            }
        }
        Ok(())
    }
}

impl OutputPaths {
    fn all(&self) -> impl Iterator<Item = &Spanned<PathBuf>> {
        [&self.client, &self.document]
            .into_iter()
            .chain(&self.calls)
            .chain(&self.schemas)
            .chain(&self.page)
            .chain(&self.requests)
    }
}

impl About {
    /// The info object.
    pub fn to_info(&self, place: Place) -> Node {
        let description = self.description.as_ref().map(|text| ("description", text));
        let members = [("title", &self.title)]
            .into_iter()
            .chain(description)
            .chain([("version", &self.version)]);
        Node::object(place, members.map(|(key, text)| (key, Node::string(place, text))))
    }
}

impl Settings {
    /// The security scheme that replaces a documented header parameter.
    pub fn security_scheme_for(&self, parameter: &str, place: Place) -> Option<(&str, Node)> {
        let (name, scheme) = self.security.iter().find(|(_, scheme)| {
            let text = |key: &str| scheme.get(key).map(String::as_str);
            let header = match (text("type"), text("in")) {
                (Some("apiKey"), Some("header")) => text("name").unwrap_or_default(),
                (Some("apiKey"), _) => return false,
                _ => "Authorization",
            };
            header.eq_ignore_ascii_case(parameter)
        })?;
        let members =
            scheme.iter().map(|(key, text)| (Key::new(place, key), Node::string(place, text)));
        Some((name, Node::new(place, Value::Object(members.collect::<Object>()))))
    }
}

/// The path of a file in a form that identifies it, whether it exists or not.
pub(crate) fn same_file(path: &Path) -> PathBuf {
    let is_there = path.canonicalize();
    is_there.or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}

fn place_of(id: SourceId, text: &str, span: &Range<usize>) -> Place {
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Place {
        source: id,
        line: u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX),
        column: u32::try_from(before[line_start..].chars().count() + 1).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> (Sources, Result<Manifest, Finding>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("regen.toml");
        std::fs::write(&path, text).unwrap();
        let mut sources = Sources::default();
        let manifest = Manifest::load(&mut sources, &path);
        (sources, manifest)
    }

    const HEAD: &str = "[document]\ntitle = 'T'\nversion = '1'\n[output]\ndocument = 'a'\nclient = 'b'\ncalls = 'c'\nschemas = 'd'\n[[source]]\nfile = 'p.md'\n";

    #[test]
    fn paths_are_relative_to_the_manifest() {
        let (_, manifest) = load(HEAD);
        let mut manifest = manifest.unwrap();
        manifest.folder = "api/openapi".into();
        assert_eq!(manifest.resolve(Path::new("../client/x.rs")), Path::new("api/client/x.rs"));
        manifest.folder = "../..".into();
        assert_eq!(manifest.resolve(Path::new("../x.rs")), Path::new("../../../x.rs"));
    }

    #[test]
    fn what_is_wrong_in_a_manifest_has_its_place() {
        let cases = [
            ("[document]\ntitle = 1\n", 2, "string"),
            (&format!("{HEAD}[client]\ninner-typ = 'x'\n"), 12, "inner-typ"),
            (
                &format!("{HEAD}[names]\nA = 'X'\nB = 'X'\n"),
                13,
                "gives both `A` and `B` the name `X`",
            ),
            (&HEAD.replace("'c'", "'a'"), 7, "overwrite another output, a"),
            (&HEAD.replace("'c'", "'b/c'"), 7, "write b/c into the client's folder"),
            (&HEAD.replace("'b'", "'b.rs'"), 6, "b.rs, is not a folder"),
            (&HEAD.replace("'a'", "'p.md'"), 5, "overwrite a source, p.md"),
            (&HEAD.replace("'d'", "'./regen.toml'"), 8, "overwrite the manifest"),
            (&format!("{HEAD}[name]\nA = 'X'\n"), 11, "name"),
            (&HEAD.replace("'p.md'", "'*.md'\nurl = 'https://a/b'"), 11, "a pattern"),
        ];
        for (text, line, problem) in cases {
            let finding = load(text).1.unwrap_err();
            assert_eq!(finding.place.line, line, "{finding:?}");
            assert!(finding.problem.contains(problem), "{finding:?}");
        }
    }

    #[test]
    fn a_scheme_replaces_the_parameter_it_is_sent_in() {
        let text = format!(
            "{HEAD}[security.token]\ntype = 'apiKey'\nin = 'header'\nname = 'X-Key'\n[security.bearer]\ntype = 'http'\nscheme = 'bearer'\n"
        );
        let settings = load(&text).1.unwrap().settings();
        let name_for =
            |header| settings.security_scheme_for(header, Place::default()).map(|(name, _)| name);
        assert_eq!(name_for("x-key"), Some("token"));
        assert_eq!(name_for("Authorization"), Some("bearer"));
        assert_eq!(name_for("Accept"), None);
    }

    #[test]
    fn a_scheme_that_is_sent_in_the_query_replaces_no_header() {
        let text = format!("{HEAD}[security.key]\ntype = 'apiKey'\nin = 'query'\nname = 'X-Key'\n");
        let settings = load(&text).1.unwrap().settings();
        assert_eq!(settings.security_scheme_for("X-Key", Place::default()), None);
    }
}
