//! What has to hold for every input, whatever it is.

use xtask::{
    check::check, document::Node, finding::Finding, limits, lower::lower, manifest::Settings,
    pipeline, plan::Lowered, read::Sources, report::Report,
};

type Fixed = Result<(Node, Report), Vec<Finding>>;

fn fix_text(text: &[u8]) -> (Sources, Fixed) {
    let mut sources = Sources::default();
    let id = sources.add("input", text);
    let fixed = pipeline::fix(&sources, id, &Settings::default());
    (sources, fixed)
}

/// Fixes an input: what is refused has findings with places in it, what is accepted is valid, and
/// needs no fixing. Gives the document, if it was accepted.
pub fn fix(text: &[u8]) -> Option<Node> {
    let (sources, fixed) = fix_text(text);
    let (_, again) = fix_text(text);
    let (document, report) = match (fixed, again) {
        (Err(findings), Err(again)) => {
            assert_eq!(findings, again, "not deterministic");
            assert!(!findings.is_empty(), "refused without a finding");
            assert_places(&findings, &sources);
            return None;
        }
        (Ok((document, report)), Ok((again, _))) => {
            assert_eq!(json(&document), json(&again), "not deterministic");
            (document, report)
        }
        (fixed, _) => panic!("accepted once of twice: {fixed:?}"),
    };
    assert_places(&report.warnings, &sources);
    let findings = check(&document);
    assert!(findings.is_empty(), "accepted against the check: {findings:?}");
    let json = json(&document);
    let read: Result<openapiv3::OpenAPI, _> = serde_json::from_str(&json);
    assert!(read.is_ok(), "accepted, but no OpenAPI: {read:?}\n{json}");
    assert_needs_no_fixing(&json);
    Some(document)
}

/// Lowers what was accepted: findings may come of it, with places in the text; a panic may not.
pub fn lower_and_limit(text: &[u8], document: Node) -> Option<Lowered> {
    let mut sources = Sources::default();
    sources.add("input", text);
    let settings = Settings::default();
    let (lowered, report, findings) = lower(document, &settings);
    let limits = limits::check(&lowered.document);
    for findings in [&findings, &limits, &report.warnings] {
        assert_places(findings, &sources);
    }
    (findings.is_empty() && limits.is_empty()).then_some(lowered)
}

fn json(document: &Node) -> String {
    document.to_json().unwrap()
}

fn assert_needs_no_fixing(json: &str) {
    let (sources, fixed) = fix_text(json.as_bytes());
    let (document, report) = match fixed {
        Ok(fixed) => fixed,
        Err(findings) => {
            let told: Vec<String> =
                findings.iter().map(|finding| finding.display(&sources).to_string()).collect();
            panic!("the result is refused: {told:#?}\n{json}");
        }
    };
    let changes: Vec<_> = report.rows().filter(|row| !row.changes.is_empty()).collect();
    assert!(changes.is_empty(), "the result is repaired again: {changes:?}\n{json}");
    assert_eq!(document.to_json().unwrap(), json, "the result changes");
}

/// Every finding says what is wrong, what to do, and where in the input.
fn assert_places(findings: &[Finding], sources: &Sources) {
    for finding in findings {
        assert!(!finding.problem.is_empty() && !finding.remedy.is_empty(), "{finding:?}");
        let Finding { place, .. } = finding;
        let line = sources.line(*place).unwrap_or_default();
        let columns = line.chars().count() + 1;
        let column = usize::try_from(place.column).unwrap();
        assert!(place.line >= 1 && (1..=columns).contains(&column), "{finding:?} in {line:?}");
        let drawn = finding.display(sources).to_string();
        assert!(!drawn.contains(char::is_control), "{drawn:?}");
    }
}
