//! The way of the data: read, repair, merge, check, lower, ask for the limits, generate.

use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::{
    check::check,
    codegen::{Provenance, generate},
    document::{Node, Place, SourceId},
    finding::Finding,
    limits,
    lower::lower,
    manifest::{Manifest, Settings},
    merge::{GENERATED, merge},
    operation_names,
    output::Output,
    read::{Documented, Sources, read, read_all},
    repair::{PATH_NAMES, repair},
    report::Report,
    retry,
    rule::Context,
    selection::Selection,
    variant,
};

/// What a manifest makes.
#[derive(Clone, Debug)]
pub struct Made {
    /// The files, in memory.
    pub outputs: Vec<Output>,
    /// What the rules changed.
    pub report: Report,
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
    let manifest =
        Manifest::load(sources, path).map_err(|finding| vec![finding.found_by("manifest")])?;
    let settings = manifest.settings();
    let (document, mut report) = document(sources, &manifest, &settings)?;
    let (lowered, lowerings, findings) = lower(document.clone(), &settings);
    good_or(findings, ())?;
    good_or(limits::check(&lowered), ())?;
    report.extend(lowerings);

    let json = document_text(&document, command).map_err(|finding| vec![finding])?;
    let name = manifest.output.document.get_ref().display().to_string();
    let provenance = Provenance::new(command, &name, &json);
    let code = generate(&document, &lowered, &manifest, &provenance)
        .map_err(|finding| vec![finding.found_by("generate")])?;
    let output = |path: &Spanned<PathBuf>, content| Output {
        path: manifest.resolve(path.get_ref()),
        content,
    };
    let mut outputs = vec![
        output(&manifest.output.document, json),
        output(&manifest.output.client, code.client),
        output(&manifest.output.httpmock, code.httpmock),
        output(&manifest.output.operations, code.operations),
    ];
    if let Some(path) = &manifest.output.resources {
        outputs.push(output(path, code.resources));
    }
    Ok(Made { outputs, report })
}

/// The merged, checked document of a manifest.
fn document(
    sources: &mut Sources,
    manifest: &Manifest,
    settings: &Settings,
) -> Result<(Node, Report), Vec<Finding>> {
    let mut report = Report::default();
    let mut findings = Vec::new();
    let mut documents = Vec::new();
    let mut documented_names = Vec::new();
    let selection = Selection::of(manifest)?;
    for (file, entry) in &selection.files {
        let read = match sources.load(file) {
            Ok(id) => read_all(sources, id),
            Err(finding) => vec![Err(finding)],
        };
        for documented in read {
            match documented {
                Err(finding) => findings.push(finding),
                Ok(documented) => {
                    documented_names.extend(schema_names(&documented.node));
                    let (mut document, repairs, found) = repair(documented, settings);
                    if let Some(variant) = &entry.variant {
                        variant::set_apart(&mut document, variant);
                    }
                    report.extend(repairs);
                    findings.extend(found);
                    documents.push(document);
                }
            }
        }
    }
    findings.extend(names_of_nothing(manifest, &documented_names));
    good_or(findings, ())?;

    let info = manifest.document.to_info(Place::start_of(manifest.id));
    let (mut document, dropped, found) = merge(info, documents, sources);
    report.extend(dropped);
    let mut findings = all_found_by("merge", found);
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
    good_or(findings, (document, report))
}

/// Entries of `[[skip]]` whose file would be accepted beside the others.
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
        let all = skipped.chain([document.clone()]).collect();
        let (_, _, found) = merge(info, all, sources);
        if found.is_empty() {
            let file = entry.file.get_ref().display();
            findings.push(Finding::about_source(
                manifest.place_of(&entry.file),
                format!("[[skip]] leaves out {file}, and nothing is wrong with it"),
                "take the entry out",
            ));
        }
    }
    findings
}

fn schema_names(document: &Node) -> Vec<String> {
    let components = document.get("components");
    let schemas = components.and_then(|components| components.get("schemas"));
    schemas.into_iter().flat_map(Node::members).map(|(name, _)| name.to_string()).collect()
}

/// Entries of `[names]` that no source has a schema for: a page changed, or a slip of the pen.
fn names_of_nothing(manifest: &Manifest, documented: &[String]) -> Vec<Finding> {
    let unused = manifest.names.iter().filter(|(name, _)| !documented.contains(name));
    unused
        .map(|(name, to)| {
            Finding::about_source(
                manifest.place_of(to),
                format!("[names] speaks of `{name}`, but no source has a schema of that name"),
                "take the entry out, or mend the name",
            )
            .found_by("manifest")
        })
        .collect()
}

/// The document as it is kept: its first line says that it is generated.
fn document_text(document: &Node, command: &str) -> Result<String, Finding> {
    let json = document.to_json().map_err(|error| {
        Finding::about_source(document.place, format!("no JSON: {error}"), "report this")
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
