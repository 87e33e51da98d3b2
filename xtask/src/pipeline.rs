//! The way of the data: read, repair, merge, check, lower, ask for the limits, generate.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use toml::Spanned;

use crate::{
    check::{check, without_names},
    codegen::{Provenance, generate},
    document::{Document, Node, Place, SourceId, operations},
    finding::Finding,
    glob, limits,
    lower::lower,
    manifest::{Manifest, Role, Settings, SourceEntry},
    merge::{Difference, GENERATED, Input, Merged, merge},
    operation_names,
    output::{Output, obsolete},
    read::{Documented, Sources, read, read_all},
    repair::{PATH_NAMES, repair},
    report::Report,
    requests, retry,
    rule::Context,
    selection::Selection,
    variant,
    wrapper::{self, Wrapper},
};

/// What a manifest makes.
#[derive(Clone, Debug)]
pub struct Made {
    /// The files, in memory.
    pub outputs: Vec<Output>,
    /// The files that an earlier run made, and that this one doesn't.
    pub obsolete: Vec<PathBuf>,
    /// What the rules changed.
    pub report: Report,
    /// The wrapper crate, if the manifest names one.
    pub wrapper: Option<Wrapper>,
}

/// The document of a manifest.
#[derive(Debug)]
pub struct OneDocument {
    /// Merged and checked.
    pub document: Node,
    /// What the rules changed.
    pub report: Report,
    /// Where documentation and facts disagree.
    pub differences: Vec<Difference>,
}

/// Reads, repairs and checks a source with one document.
///
/// # Errors
///
/// All findings about it.
pub fn fix(
    sources: &Sources,
    id: SourceId,
    settings: &Settings,
) -> Result<(Node, Report), Vec<Finding>> {
    fix_documented(read(sources, id), settings)
}

/// Reads, repairs and checks every document of a source, each on its own.
pub fn fix_all(
    sources: &Sources,
    id: SourceId,
    settings: &Settings,
) -> Vec<Result<(Node, Report), Vec<Finding>>> {
    let documents = read_all(sources, id);
    documents.into_iter().map(|documented| fix_documented(documented, settings)).collect()
}

fn fix_documented(
    documented: Result<Documented, Finding>,
    settings: &Settings,
) -> Result<(Node, Report), Vec<Finding>> {
    let documented = documented.map_err(|finding| vec![finding])?;
    let (document, report, mut findings) = repair(documented, settings);
    findings.extend(check(&document));
    good_or(findings, (document, report))
}

/// Makes all that a manifest describes. Nothing is written.
///
/// # Errors
///
/// All findings of the first stage that has any.
pub fn make(sources: &mut Sources, path: &Path, command: &str) -> Result<Made, Vec<Finding>> {
    let manifest = manifest(sources, path)?;
    let settings = manifest.settings();
    let OneDocument { document, mut report, .. } = document(sources, &manifest, &settings)?;
    let wrapper = wrapper(sources, &manifest)?;
    if let Some(wrapper) = &wrapper {
        report.warnings.extend(wrapper::tell_of_values(wrapper, &document, sources));
    }
    let (lowered, lowerings, findings) = lower(document.clone(), &settings);
    good_or(findings, ())?;
    let limits = limits::check(&lowered.document).into_iter();
    good_or(limits.map(|finding| lowered.with_documented_names(finding)).collect(), ())?;
    report.extend(lowerings);

    let json = document_text(&document, command).map_err(|finding| vec![finding])?;
    let name = manifest.output.document.get_ref().display().to_string();
    let provenance = Provenance::new(command, &name, &json);
    let code = generate(&lowered, &manifest, &provenance)
        .map_err(|findings| all_found_by("generate", findings))?;
    let unmarked = code.undeprecated.iter().map(|name| format!("{name} has no attribute"));
    report.add("generate", "deprecated", unmarked.collect());
    let requests = manifest.output.requests.as_ref().map(|path| {
        let document = serde_json::from_str(&json).unwrap_or_default();
        (path, requests::requests(&document, command))
    });
    let output = |path: &Spanned<PathBuf>, content| Output {
        path: manifest.resolve(path.get_ref()),
        content,
    };
    let mut outputs = vec![output(&manifest.output.document, json)];
    let folder = manifest.resolve(manifest.output.client.get_ref());
    let client = code.client.into_iter();
    outputs.extend(client.map(|(path, content)| Output { path: folder.join(path), content }));
    for (path, content) in
        [(&manifest.output.calls, code.calls), (&manifest.output.schemas, code.schemas)]
    {
        outputs.extend(path.as_ref().map(|path| output(path, content)));
    }
    if let (Some(path), Some(wrapper)) = (&manifest.output.page, &wrapper) {
        outputs.push(output(path, wrapper::page(&document, wrapper, command)));
    }
    outputs.extend(requests.map(|(path, content)| output(path, content)));
    let obsolete = obsolete(&folder, &outputs).map_err(|error| {
        let place = manifest.place_of(&manifest.output.client);
        let problem = format!("the folder of the client can't be read: {error}");
        vec![Finding::about_source(place, problem, "check that the folder exists and is readable")]
    })?;
    Ok(Made { outputs, obsolete, report, wrapper })
}

/// The document that a manifest describes, and where its sources disagree. No client is made.
///
/// # Errors
///
/// All findings of the first stage that has any.
pub fn merged(sources: &mut Sources, path: &Path) -> Result<OneDocument, Vec<Finding>> {
    let manifest = manifest(sources, path)?;
    let mut one = document(sources, &manifest, &manifest.settings())?;
    if let Some(wrapper) = wrapper(sources, &manifest)? {
        one.report.warnings.extend(wrapper::tell_of_values(&wrapper, &one.document, sources));
    }
    Ok(one)
}

fn manifest(sources: &mut Sources, path: &Path) -> Result<Manifest, Vec<Finding>> {
    Manifest::load(sources, path).map_err(|finding| vec![finding.found_by("manifest")])
}

/// Reads the source of the wrapper crate, if the manifest names one.
fn wrapper(sources: &mut Sources, manifest: &Manifest) -> Result<Option<Wrapper>, Vec<Finding>> {
    let Some(settings) = &manifest.wrapper else {
        return Ok(None);
    };
    let folder = manifest.resolve(settings.source.get_ref());
    let wrapper = Wrapper::read(sources, &folder).map_err(|mut finding| {
        if finding.place == Place::default() {
            finding.place = manifest.place_of(&settings.source);
        }
        vec![finding.found_by("wrapper")]
    })?;
    Ok(Some(wrapper))
}

/// The merged, checked document of a manifest.
fn document(
    sources: &mut Sources,
    manifest: &Manifest,
    settings: &Settings,
) -> Result<OneDocument, Vec<Finding>> {
    let selection = Selection::of(manifest)?;
    let Repaired { inputs, names, mut report, findings, .. } =
        repaired(sources, settings, &selection);
    good_or(findings, ())?;

    let info = manifest.document.to_info(Place::start_of(manifest.id));
    let Merged { mut document, report: merging, findings: found, differences } =
        merge(info, inputs, manifest, sources);
    report.extend(merging);
    let (open, settled): (Vec<_>, Vec<_>) =
        differences.iter().partition(|difference| difference.kind.is_open());
    report.warnings.extend(open.into_iter().map(|difference| difference.to_finding(sources)));
    for difference in settled {
        report.add("merge", difference.kind.rule(), vec![difference.in_words(sources)]);
    }
    report.warnings.extend(absent(manifest, &selection));
    report.warnings.extend(unnamed(manifest, &selection));
    let mut findings = all_found_by("merge", found);
    findings.extend(names_of_nothing(manifest, &names, &selection));
    let context = Context::new(settings, None);
    let (united, found) = context.apply_all("merge", &[PATH_NAMES], &mut document);
    report.extend(united);
    findings.extend(found);
    report.add("merge", "operation-names", operation_names::decide(&mut document, manifest));
    let named = operation_names::check(&document, manifest, sources);
    findings.extend(all_found_by("merge", named));
    findings.extend(all_found_by("retry", retry::decide(&mut document, manifest)));
    findings.extend(all_found_by("retry", retry::check(&document)));
    findings.extend(check(&document));
    findings.extend(needless_skips(sources, manifest, settings, &selection, &document));
    good_or(findings, OneDocument { document, report, differences })
}

/// The sources of a manifest, each repaired.
#[derive(Default)]
struct Repaired {
    inputs: Vec<Input>,
    /// The documented names of schemas.
    names: Vec<String>,
    report: Report,
    findings: Vec<Finding>,
    /// Method and path of the operations of pages that are not accepted.
    refused: Vec<(String, String)>,
}

fn repaired(sources: &mut Sources, settings: &Settings, selection: &Selection<'_>) -> Repaired {
    let mut all = Repaired::default();
    let mut of_pages = Vec::new();
    for (file, entry) in &selection.files {
        let read = match sources.load(file) {
            Ok(id) => read_all(sources, id),
            Err(finding) => vec![Err(finding)],
        };
        for documented in read {
            let found = match documented {
                Err(finding) => vec![finding],
                Ok(documented) => all.add(documented, entry, settings),
            };
            match entry.complete || entry.role == Role::Facts {
                true => all.findings.extend(found),
                false => of_pages.extend(found),
            }
        }
    }
    match all.is_covered() {
        // The whole document has what the page had.
        true => all.report.warnings.extend(of_pages),
        false => all.findings.extend(of_pages),
    }
    all
}

impl Repaired {
    /// Whether a source of the whole API has every operation of the pages that are not accepted, as
    /// far as these could be read.
    fn is_covered(&self) -> bool {
        let whole = self.inputs.iter().filter(|input| input.is_complete);
        let known: Vec<_> =
            whole.map(|input| requests(&input.document).collect::<Vec<_>>()).collect();
        let has = |request| known.iter().any(|known| known.contains(request));
        !known.is_empty() && self.refused.iter().all(has)
    }

    /// Adds a document, and gives the findings about it, if it can't be one of them.
    fn add(
        &mut self,
        documented: Documented,
        entry: &SourceEntry,
        settings: &Settings,
    ) -> Vec<Finding> {
        self.names.extend(schema_names(&documented.node));
        let (mut document, repairs, mut found) = repair(documented, settings);
        if let Some(variant) = &entry.variant {
            variant::set_apart(&mut document, variant);
        }
        self.report.extend(repairs);
        // Names are those of the facts, if there are any; the merged document is checked again.
        let checked = check(&document).into_iter().filter(|finding| finding.rule != "names");
        found.extend(checked);
        if entry.complete && operations(&document).next().is_none() {
            let problem = "this source is marked `complete`, but has no operations";
            let remedy = "fetch it again, or remove `complete` from its [[source]]";
            found.push(Finding::about_source(document.place, problem, remedy).found_by("merge"));
        }
        match found.is_empty() {
            true => {
                let (role, is_complete) = (entry.role, entry.complete);
                self.inputs.push(Input { document, role, is_complete });
            }
            false => self.refused.extend(requests(&document)),
        }
        found
    }
}

/// The methods and paths of a document, whatever the variables are called.
fn requests(document: &Node) -> impl Iterator<Item = (String, String)> {
    let all = operations(document);
    all.map(|operation| (operation.method.to_string(), without_names(operation.path)))
}

/// Sources that have not been fetched yet: the facts fill what they document.
fn absent(manifest: &Manifest, selection: &Selection<'_>) -> Vec<Finding> {
    let urls = selection.absent.iter().filter_map(|entry| Some((entry, entry.url.as_ref()?)));
    urls.map(|(entry, url)| {
        Finding::about_source(
            manifest.place_of(url),
            format!("{} has not been fetched", entry.file.display()),
            "run `cargo xtask fetch`; until then the facts are used in its place",
        )
        .found_by("absent-sources")
    })
    .collect()
}

/// Finds files next to documented sources that are not in the manifest, and would be ignored
/// silently.
fn unnamed(manifest: &Manifest, selection: &Selection<'_>) -> Vec<Finding> {
    let documented = selection.files.iter().filter(|(_, entry)| entry.role == Role::Documented);
    let folders = documented.filter_map(|(file, _)| file.parent().map(Path::to_path_buf));
    let folders: BTreeSet<PathBuf> =
        folders.filter(|folder| *folder != manifest.resolve(Path::new(""))).collect();
    let skipped: Vec<&PathBuf> = selection.skipped.iter().map(|(file, _)| file).collect();
    let files = folders.iter().filter_map(|folder| glob::files(&folder.join("*")).ok()).flatten();
    let unnamed = files.filter(|file| {
        let ending = file.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("md" | "yaml" | "yml" | "json"))
            && !selection.files.contains_key(file)
            && !skipped.contains(&file)
            && !manifest.is_output(file)
    });
    unnamed
        .map(|file| {
            Finding::about_source(
                Place::start_of(manifest.id),
                format!(
                    "{} is next to documented sources, but not in the manifest",
                    file.display()
                ),
                "add a [[source]] for it, or a [[skip]] with the reason",
            )
            .found_by("unnamed-files")
        })
        .collect()
}

/// Finds entries of `[[skip]]` whose file would be accepted with the others.
fn needless_skips(
    sources: &mut Sources,
    manifest: &Manifest,
    settings: &Settings,
    selection: &Selection<'_>,
    document: &Node,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, entry) in &selection.skipped {
        let Ok(id) = sources.load(file) else {
            continue;
        };
        let skipped: Result<Vec<_>, _> = fix_all(sources, id, settings).into_iter().collect();
        let Ok(skipped) = skipped else {
            continue;
        };
        let info = manifest.document.to_info(Place::start_of(manifest.id));
        let skipped = skipped.into_iter().map(|(document, _)| document);
        let all = skipped.chain([document.clone()]).map(|document| Input {
            document,
            role: Role::Documented,
            is_complete: false,
        });
        let merged = merge(info, all.collect(), manifest, sources);
        if merged.findings.is_empty() {
            let file = entry.file.get_ref().display();
            findings.push(Finding::about_source(
                manifest.place_of(&entry.file),
                format!("[[skip]] excludes {file}, which has no errors"),
                "remove the entry",
            ));
        }
    }
    findings
}

fn schema_names(document: &Node) -> Vec<String> {
    Document(document).schemas().map(|(name, _)| name.to_string()).collect()
}

/// Entries of `[names]` that no source has a schema for: a page changed, or a slip of the pen.
fn names_of_nothing(
    manifest: &Manifest,
    documented: &[String],
    selection: &Selection<'_>,
) -> Vec<Finding> {
    if !selection.absent.is_empty() {
        return Vec::new();
    }
    let unused = manifest.names.iter().filter(|(name, _)| !documented.contains(name));
    unused
        .map(|(name, to)| {
            Finding::about_source(
                manifest.place_of(to),
                format!("[names] refers to `{name}`, but no source has a schema with that name"),
                "remove the entry, or correct the name",
            )
            .found_by("manifest")
        })
        .collect()
}

/// The document as it is kept: its first line says that it is generated.
fn document_text(document: &Node, command: &str) -> Result<String, Finding> {
    let json = document.to_json().map_err(|error| {
        Finding::about_source(document.place, format!("not valid JSON: {error}"), "report this")
    })?;
    let notice = serde_json::Value::from(format!("by `{command}`; do not edit"));
    let members = json.strip_prefix("{\n").unwrap_or(&json);
    Ok(format!("{{ \"{GENERATED}\": {notice},\n{members}"))
}

fn all_found_by(stage: &'static str, findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().map(|finding| finding.found_by(stage)).collect()
}

fn good_or<T>(mut findings: Vec<Finding>, good: T) -> Result<T, Vec<Finding>> {
    if findings.is_empty() {
        return Ok(good);
    }
    findings.sort();
    Err(findings)
}
