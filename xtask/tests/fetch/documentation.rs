//! What `fetch` makes of a site of documentation.

use std::{fs, path::Path};

use tempfile::TempDir;
use xtask::{
    fetch::{Fetched, Limits, State, fetch},
    manifest::Manifest,
    read::Sources,
};

use crate::site::{Resource, Site};

const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: Kettles, version: '1'}\nservers: [{url: 'https://kettles.example'}]\npaths:\n  /kettles:\n    get:\n      operationId: get-kettles\n      responses:\n        '200': {description: OK}\n";

const PROSE: &str = "# Read a kettle\n\nGET https://kettles.example/kettles/{kettle_id}\n\nReference: ORIGIN/api/kettles/get-kettle\n\n## Request\n\n### Path parameters\n\n- `kettle_id` (string, required) — Kettle.\n\n## Response\n\n### 200\n\n- `id` (string, required)\n";

fn page() -> String {
    let document: String = DOCUMENT.lines().map(|line| format!("{line}\n")).collect();
    format!("# Get kettles\n\nGET https://kettles.example/kettles\n\n```yaml\n{document}```\n")
}

/// A project with these sources, and more of a manifest.
fn project(urls: &[(&str, String)], more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sources: String = urls
        .iter()
        .map(|(file, url)| format!("[[source]]\nfile = '{file}'\nurl = '{url}'\n"))
        .collect();
    let output = "[output]\ndocument = 'a'\nclient = 'b'\n";
    let manifest = format!("[document]\ntitle = 'T'\nversion = '1'\n{sources}{more}{output}");
    fs::write(folder.path().join("regen.toml"), manifest).unwrap();
    folder
}

fn run(project: &Path) -> Fetched {
    run_with(project, &Limits::default())
}

fn run_with(project: &Path, limits: &Limits) -> Fetched {
    let mut sources = Sources::default();
    let manifest = Manifest::load(&mut sources, &project.join("regen.toml")).unwrap();
    fetch(&mut sources, &manifest, limits, &mut |_| {}).unwrap()
}

fn states(fetched: &Fetched) -> Vec<&'static str> {
    fetched.sources.iter().map(|source| source.state.as_str()).collect()
}

/// What is wrong with the one source, and what to do.
fn told(fetched: &Fetched, state: &str) -> (String, String) {
    assert_eq!(states(fetched), [state], "{fetched:?}");
    match fetched.sources[0].state.findings() {
        [finding] => (finding.problem.clone(), finding.remedy.clone()),
        findings => panic!("{findings:?}"),
    }
}

#[test]
fn a_whole_document_is_fetched_once_and_asked_for_by_its_version() {
    let site = Site::start();
    site.publish("/openapi.yaml", DOCUMENT);
    site.put("/dated.yaml", Resource::Dated(DOCUMENT.to_owned()));
    let urls = [
        ("published/openapi.yaml", site.url("/openapi.yaml")),
        ("published/dated.yaml", site.url("/dated.yaml")),
    ];
    let project = project(&urls, "");
    assert_eq!(states(&run(project.path())), ["updated", "updated"]);
    let file = project.path().join("published/openapi.yaml");
    assert_eq!(fs::read_to_string(file).unwrap(), DOCUMENT);
    let lock = fs::read_to_string(project.path().join("regen.lock.toml")).unwrap();
    assert_eq!(lock.matches("sha256 = ").count(), 2, "{lock}");
    assert_eq!(lock.matches("etag = ").count(), 1, "{lock}");
    assert_eq!(lock.matches("last-modified = ").count(), 2, "{lock}");

    site.requests();
    assert_eq!(states(&run(project.path())), ["unchanged", "unchanged"]);
    let requests = site.requests();
    assert!(requests[0].contains("if-none-match: \"v"), "{requests:?}");
    assert!(requests[1].contains("if-modified-since: sun, 06 nov 1994"), "{requests:?}");

    site.publish("/openapi.yaml", &DOCUMENT.replace("OK", "Every kettle"));
    assert_eq!(states(&run(project.path())), ["updated", "unchanged"]);
}

#[test]
fn the_markdown_of_a_page_is_behind_its_address() {
    let site = Site::start();
    site.publish("/api/kettles/get-kettles.md", &page());
    let url = site.url("/api/kettles/get-kettles");
    let project = project(&[("pages/get.md", url)], "");
    assert_eq!(states(&run(project.path())), ["updated"]);
    assert_eq!(site.paths(), ["/api/kettles/get-kettles.md"]);
    let lock = fs::read_to_string(project.path().join("regen.lock.toml")).unwrap();
    assert!(lock.contains("/get-kettles\"\nfrom = \"http"), "{lock}");

    assert_eq!(states(&run(project.path())), ["unchanged"]);
    let requests = site.requests();
    assert!(requests.len() == 1 && requests[0].contains("if-none-match"), "{requests:?}");
}

#[test]
fn a_site_without_markdown_behind_its_addresses_is_asked_at_the_address() {
    for nothing in [None, Some(Resource::Status(404))] {
        let site = Site::start();
        site.publish("/api/get", &page());
        nothing.into_iter().for_each(|nothing| site.put("/api/get.md", nothing));
        let project = project(&[("pages/get.md", site.url("/api/get"))], "");
        assert_eq!(states(&run(project.path())), ["updated"]);
        assert_eq!(site.paths(), ["/api/get.md", "/api/get"]);
        assert_eq!(states(&run(project.path())), ["unchanged"]);
        let requests = site.requests();
        assert!(!requests[0].contains("if-none-match"), "another address, another version");
        assert!(requests[1].contains("if-none-match"), "{requests:?}");
    }
}

#[test]
fn prose_is_refused_with_the_address_of_the_document_of_its_section() {
    let site = Site::start();
    site.publish("/api/kettles/get-kettle.md", PROSE);
    site.publish("/api/kettles/openapi.yaml", DOCUMENT);
    site.publish("/openapi.yaml", DOCUMENT);
    let project = project(&[("pages/get.md", site.url("/api/kettles/get-kettle"))], "");
    let (problem, remedy) = told(&run(project.path()), "refused");
    assert!(problem.contains("in prose, without an OpenAPI document"), "{problem}");
    let document = site.url("/api/kettles/openapi.yaml");
    assert_eq!(remedy, format!("set `url` to {document}, which contains the document"));
    assert!(!project.path().join("pages/get.md").exists());
}

#[test]
fn html_is_refused_with_the_address_of_the_document_of_the_root() {
    let site = Site::start();
    site.put("/api/kettles/get.md", Resource::Status(404));
    site.publish("/openapi.yaml", DOCUMENT);
    let project = project(&[("pages/get.md", site.url("/api/kettles/get"))], "");
    let (problem, remedy) = told(&run(project.path()), "refused");
    assert_eq!(problem, "this is HTML, not a page in Markdown");
    assert!(remedy.contains(&format!("set `url` to {},", site.url("/openapi.yaml"))), "{remedy}");
}

#[test]
fn a_notice_that_there_is_no_such_page_is_refused_whatever_its_status() {
    let site = Site::start();
    site.publish("/openapi.yaml", DOCUMENT);
    let sources =
        [("pages/gone.md", site.url("/api/gone")), ("openapi.yaml", site.url("/openapi.yaml"))];
    let project = project(&sources, "");
    let fetched = run(project.path());
    assert_eq!(states(&fetched), ["refused", "updated"]);
    let [finding] = fetched.sources[0].state.findings() else { panic!("{fetched:?}") };
    assert!(finding.problem.contains("there is no such page"), "{finding:?}");
    assert!(finding.remedy.starts_with("remove the source"), "the manifest names the document");
    assert_eq!((finding.place.line, finding.place.column), (6, 7), "the `url` of the manifest");

    site.put("/openapi.yaml", Resource::Status(404));
    let fetched = run(project.path());
    assert_eq!(states(&fetched), ["refused", "failed"]);
    assert!(project.path().join("openapi.yaml").exists(), "the good one stays");
}

#[test]
fn where_no_document_is_none_is_named() {
    let site = Site::start();
    site.publish("/api/kettles/get-kettle.md", PROSE);
    let project = project(&[("pages/get.md", site.url("/api/kettles/get-kettle"))], "");
    let (_, remedy) = told(&run(project.path()), "refused");
    assert_eq!(remedy, "set `url` to a page with an OpenAPI document, or to a document");
}

#[test]
fn documentation_that_moved_to_another_host_is_reported_with_its_address() {
    let site = Site::start();
    site.put("/api/get.md", Resource::Redirect("https://docs.example/api/get.md".to_owned()));
    let project = project(&[("pages/get.md", site.url("/api/get"))], "");
    let (problem, remedy) = told(&run(project.path()), "failed");
    assert!(problem.contains("a redirect to another host, docs.example"), "{problem}");
    assert!(remedy.ends_with("set `url` to https://docs.example/api/get.md"), "{remedy}");
}

const INDEX: &str = "# Kettles\n\n## Docs\n\n- [Welcome](ORIGIN/welcome.md)\n\n## API Docs\n\n- Kettles [Get](ORIGIN/api/kettles/get-kettles.md)\n- Kettles [Fill](ORIGIN/api/kettles/fill.md)\n- Cups [Wash](ORIGIN/api/cups/wash.md)\n\n## OpenAPI Specification\n\n- [OpenAPI JSON](ORIGIN/api/kettles/openapi.json)\n- [OpenAPI YAML](ORIGIN/api/kettles/openapi.yaml)\n- [OpenAPI YAML](ORIGIN/api/cups/openapi.yaml)\n- [Cups](ORIGIN/api/cups/llms.txt)\n";

#[test]
fn an_index_is_compared_with_the_manifest() {
    let site = Site::start();
    site.publish("/llms.txt", INDEX);
    site.publish(
        "/api/cups/llms.txt",
        "# Cups\n\n## API\n\n- [Break](break.md)\n- [Up](../../llms.txt)\n",
    );
    site.publish("/api/kettles/openapi.yaml", DOCUMENT);
    site.publish("/old/old.yaml", &DOCUMENT.replace("kettles", "pots"));
    let sources = [
        ("openapi.yaml", site.url("/api/kettles/openapi.yaml")),
        ("old.yaml", site.url("/old/old.yaml")),
        ("gone.md", site.url("/api/gone")),
    ];
    let index = format!("[[index]]\nurl = '{}'\n", site.url("/llms.txt"));
    let project = project(&sources, &index);
    let fetched = run(project.path());
    assert_eq!(states(&fetched), ["updated", "updated", "refused"]);
    let [survey] = &fetched.surveys[..] else { panic!("{fetched:?}") };
    let paths = |addresses: &[xtask::fetch::Address]| -> Vec<String> {
        addresses.iter().map(|address| address.to_string().replace(&site.origin, "")).collect()
    };
    assert_eq!(paths(&survey.unnamed_documents), ["/api/cups/openapi.yaml"]);
    assert_eq!(paths(&survey.unnamed_pages), ["/api/cups/wash.md", "/api/cups/break.md"]);
    assert_eq!(survey.covered_pages, 2, "below the document of their section");
    assert_eq!((survey.index.guides.len(), survey.unread.len()), (1, 0));

    let warned: Vec<(u32, &str)> =
        fetched.warnings.iter().map(|warning| (warning.place.line, &*warning.remedy)).collect();
    assert_eq!(warned, [(9, "check the index for its replacement")]);
}

#[test]
fn the_document_that_an_index_names_is_preferred() {
    let site = Site::start();
    site.publish("/llms.txt", "# K\n\n- [YAML](ORIGIN/api/kettles/kettles-v2.yaml)\n");
    site.publish("/api/kettles/get-kettle.md", PROSE);
    site.publish("/api/kettles/kettles-v2.yaml", DOCUMENT);
    site.publish("/api/kettles/openapi.yaml", DOCUMENT);
    let index = format!("[[index]]\nurl = '{}'\n", site.url("/llms.txt"));
    let project = project(&[("get.md", site.url("/api/kettles/get-kettle"))], &index);
    let (_, remedy) = told(&run(project.path()), "refused");
    assert!(remedy.contains("/api/kettles/kettles-v2.yaml"), "{remedy}");
}

#[test]
fn an_index_that_is_none_is_a_finding() {
    let site = Site::start();
    site.publish("/html/llms.txt", "<!doctype html><html>");
    site.publish("/document/llms.txt", DOCUMENT);
    site.publish("/large/llms.txt", &"- [x](/x)\n".repeat(500_000));
    for (path, said) in [
        ("/html/llms.txt", "this is HTML"),
        ("/document/llms.txt", "it is an API document"),
        ("/gone/llms.txt", "there is no such page"),
        ("/large/llms.txt", "it is larger than 4 MiB"),
    ] {
        let index = format!("[[index]]\nurl = '{}'\n", site.url(path));
        let project = project(&[("a.yaml", site.url("/document/llms.txt"))], &index);
        let fetched = run(project.path());
        let [finding] = &fetched.findings[..] else { panic!("{fetched:?}") };
        assert!(finding.problem.contains(said), "{finding:?}");
        assert_eq!(states(&fetched), ["updated"], "sources are fetched all the same");
    }
}

#[test]
fn indexes_that_lead_on_without_end_come_to_one() {
    let site = Site::start();
    let next = |number: usize| format!("# I\n\n- [Next](ORIGIN/{number}/llms.txt)\n");
    site.publish("/llms.txt", &next(0));
    (0..100).for_each(|number| site.publish(&format!("/{number}/llms.txt"), &next(number + 1)));
    let index = format!("[[index]]\nurl = '{}'\n", site.url("/llms.txt"));
    let project = project(&[("a.yaml", site.url("/a.yaml"))], &index);
    let fetched = run(project.path());
    assert!(
        fetched.surveys[0].unread[0].contains("the limit of 32 indexes is reached"),
        "{fetched:?}"
    );
    let indexes = site.paths().iter().filter(|path| path.ends_with("llms.txt")).count();
    assert!(indexes <= 32, "{indexes}");
}

#[test]
fn a_hundred_pages_in_prose_try_few_addresses() {
    let site = Site::start();
    let urls: Vec<(String, String)> = (0..100)
        .map(|number| {
            let path = format!("/api/{number}/get");
            site.publish(&format!("{path}.md"), PROSE);
            (format!("{number}.md"), site.url(&path))
        })
        .collect();
    let urls: Vec<(&str, String)> = urls.iter().map(|(file, url)| (&**file, url.clone())).collect();
    let project = project(&urls, "");
    assert_eq!(states(&run(project.path())), ["refused"; 100]);
    let tried = site.paths().iter().filter(|path| path.ends_with("openapi.yaml")).count();
    assert!(tried <= 16, "{tried}");
}

#[test]
fn the_time_of_a_run_is_bounded() {
    let site = Site::start();
    site.publish("/openapi.yaml", DOCUMENT);
    let project = project(&[("openapi.yaml", site.url("/openapi.yaml"))], "");
    let limits = Limits { total: std::time::Duration::ZERO, ..Limits::default() };
    let fetched = run_with(project.path(), &limits);
    let State::Failed(finding) = &fetched.sources[0].state else { panic!("{fetched:?}") };
    assert!(
        finding.problem.contains("the time limit of 0 s for all sources is exceeded"),
        "{finding:?}"
    );
    assert_eq!(site.requests().len(), 0);
}

#[test]
fn what_a_site_says_is_no_mark_for_a_terminal_or_a_log() {
    let site = Site::start();
    let hostile = "\u{1b}[2J\u{202e}##[group]x\r\n::error::y";
    site.publish("/llms.txt", &format!("# {hostile}\n\n- [{hostile}](</api/{hostile}.md>)\n- [x](/api/##[x].md)\n- [y](/::error::y.md)\n"));
    site.publish("/api/page.md", &format!("Page Not Found {hostile}\n"));
    site.publish("/api/prose.md", &format!("{hostile}\n\n{PROSE}"));
    site.put("/api/moved.md", Resource::Redirect("https://##[x].example/::error::".to_owned()));
    site.publish("/api/broken.md", &format!("```yaml\nopenapi: 3.1.0\n{hostile}: [\n```\n"));
    let sources = ["page", "prose", "moved", "broken"];
    let urls = sources.map(|name| (name, site.url(&format!("/api/{name}"))));
    let index = format!("[[index]]\nurl = '{}'\n", site.url("/llms.txt"));
    let project = project(&urls, &index);
    let output = crate::run(project.path());
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    let is_mark = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(is_mark) && !text.contains("##["), "{text:?}");
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
    let files: Vec<_> =
        fs::read_dir(project.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["regen.toml"], "nothing is written");
}

#[test]
fn the_report_has_all_of_it() {
    let site = Site::start();
    let pages: String =
        (0..12).map(|number| format!("- [P](ORIGIN/api/cups/{number:02}.md)\n")).collect();
    site.publish("/llms.txt", &format!("{INDEX}\n## API of cups\n\n{pages}"));
    site.publish("/api/cups/llms.txt", "# Cups\n");
    site.publish("/api/kettles/openapi.yaml", DOCUMENT);
    site.publish("/api/kettles/get-kettle.md", PROSE);
    site.publish("/api/kettles/fill.md", PROSE);
    site.put("/api/cups/wash.md", Resource::Status(500));
    site.publish(
        "/api/cups/break.md",
        &page().replace("'200': {description: OK}", "'200': {$ref: '#/components/responses/R'}"),
    );
    let sources = [
        ("published/kettles.yaml", site.url("/api/kettles/openapi.yaml")),
        ("pages/get-kettle.md", site.url("/api/kettles/get-kettle")),
        ("pages/fill.md", site.url("/api/kettles/fill")),
        ("pages/break.md", site.url("/api/cups/break")),
        ("pages/gone.md", site.url("/api/cups/gone")),
    ];
    let index = format!("[[index]]\nurl = '{}'\n", site.url("/llms.txt"));
    let project = project(&sources, &index);
    let output = crate::run(project.path());
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    insta::assert_snapshot!("report_of_fetch", text.replace(&site.origin, "https://docs.example"));
}
