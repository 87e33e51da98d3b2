//! Many pages, one document: which are taken, what their operations are called, what is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, fs, path::Path};

use xtask::{
    pipeline::{Made, make},
    read::Sources,
};

/// A page of the dialect, one endpoint: package and name, method and path.
fn page(endpoint: &str, method: &str, path: &str) -> String {
    let name = endpoint.rsplit('.').next().unwrap();
    let upper = method.to_uppercase();
    format!(
        "# {name}\n\n{upper} https://api.example.com{path}\n\n```yaml\nopenapi: 3.1.1\ninfo:\n  title: {name}\n  version: endpoint_{endpoint}\npaths:\n  {path}:\n    {method}:\n      operationId: {name}\n      tags:\n        - - subpackage_all\n      responses:\n        '200':\n          description: OK\n```\n"
    )
}

/// The pages of an API whose ids are unique within a package alone.
const PAGES: [(&str, &str, &str, &str); 5] = [
    ("a.md", "voices.list", "get", "/voices"),
    ("b.md", "voices.create", "post", "/voices"),
    ("c.md", "agents.list", "get", "/agents"),
    ("d.md", "agents/tools.list", "get", "/agents/tools"),
    ("e.md", ".health", "get", "/health"),
];

const OUTPUT: &str = "[output]\ndocument = 'document.json'\nclient = 'client'\n";

fn write_pages(folder: &Path, names: &[&str]) {
    for (file, endpoint, method, path) in PAGES.iter().filter(|page| names.contains(&page.0)) {
        fs::write(folder.join(file), page(endpoint, method, path)).unwrap();
    }
}

/// What a manifest with these lines makes of a folder, or its findings, a line each.
fn made(folder: &Path, lines: &str) -> Result<Made, Vec<String>> {
    let manifest = folder.join("regen.toml");
    let head = "[document]\ntitle = 'T'\nversion = '1'\n";
    fs::write(&manifest, format!("{head}{lines}{OUTPUT}")).unwrap();
    let mut sources = Sources::default();
    make(&mut sources, &manifest, "cargo xtask regen").map_err(|findings| {
        let lines = findings.iter().map(|finding| finding.display(&sources).to_string());
        lines.map(|line| line.replace(&format!("{}/", folder.display()), "")).collect()
    })
}

/// The id of each operation, by method and path.
fn ids(made: &Made) -> BTreeMap<String, String> {
    let document = &made.outputs.iter().find(|output| output.path.ends_with("document.json"));
    let document: serde_json::Value = serde_json::from_str(&document.unwrap().content).unwrap();
    let mut ids = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            ids.insert(format!("{method} {path}"), id.to_owned());
        }
    }
    ids
}

const QUALIFIED: &str = "operation-names = 'qualified'\n[[source]]\nfile = '*.md'\n";

#[test]
fn the_name_of_an_operation_stays_whatever_pages_come_and_go() {
    let all = PAGES.map(|page| page.0);
    let names_of = |pages: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        write_pages(folder.path(), pages);
        ids(&made(folder.path(), QUALIFIED).unwrap())
    };
    let whole = names_of(&all);
    let expected = [
        ("get /agents", "agents_list"),
        ("get /agents/tools", "agents_tools_list"),
        ("get /health", "health"),
        ("get /voices", "voices_list"),
        ("post /voices", "voices_create"),
    ];
    let expected = expected.map(|(operation, id)| (operation.to_owned(), id.to_owned()));
    assert_eq!(whole, expected.into_iter().collect());
    for left_out in all {
        let rest: Vec<&str> = all.into_iter().filter(|page| *page != left_out).collect();
        for (operation, id) in names_of(&rest) {
            assert_eq!(id, whole[&operation], "without {left_out}");
        }
    }
}

#[test]
fn two_operations_of_one_name_are_refused_with_both_places_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    write_pages(folder.path(), &["a.md", "c.md"]);
    let findings = made(folder.path(), "[[source]]\nfile = '*.md'\n").unwrap_err();
    let names: Vec<&String> =
        findings.iter().filter(|finding| finding.contains("the same name in Rust")).collect();
    assert_eq!(names.len(), 1, "{findings:#?}");
    for part in ["a.md:13:20", "c.md:13:20", "operation-names = \"qualified\""] {
        assert!(names[0].contains(part), "{part}: {}", names[0]);
    }
    let named = "[operations]\n'GET /agents' = 'list_agents'\n[[source]]\nfile = '*.md'\n";
    let named = ids(&made(folder.path(), named).unwrap());
    assert_eq!(named["get /agents"], "list_agents");
    assert_eq!(named["get /voices"], "list");
}

#[test]
fn an_entry_of_the_manifest_that_concerns_nothing_is_refused_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    write_pages(folder.path(), &["a.md", "b.md"]);
    let source = "[[source]]\nfile = '*.md'\n";
    let cases = [
        (format!("{source}[names]\nNone = 'X'\n"), "regen.toml:7:8", "[names] refers to `None`"),
        (
            format!("{source}[operations]\n'GET /none' = 'x'\n"),
            "regen.toml:7:15",
            "[operations] refers to `GET /none`",
        ),
        (
            format!("{source}[[skip]]\nfile = 'none.md'\nreason = 'r'\n"),
            "regen.toml:7:8",
            "no source includes that file",
        ),
        (
            format!("{source}[[skip]]\nfile = 'a.md'\nreason = ' '\n"),
            "regen.toml:7:8",
            "gives no reason",
        ),
        (
            format!("{source}[[skip]]\nfile = 'a.md'\nreason = 'r'\n"),
            "regen.toml:7:8",
            "which has no errors",
        ),
        ("[[source]]\nfile = '*.txt'\n".to_owned(), "regen.toml:1:1", "no file matches"),
    ];
    for (lines, place, problem) in cases {
        let findings = made(folder.path(), &lines).unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert!(findings[0].starts_with(place), "{}", findings[0]);
        assert!(findings[0].contains(problem), "{}", findings[0]);
    }
}

#[test]
fn a_page_that_can_not_be_part_is_left_out_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    write_pages(folder.path(), &["a.md"]);
    let channel =
        page("voices.stream", "get", "/voices/stream").replace("openapi: 3.1.1", "asyncapi: 2.6.0");
    fs::write(folder.path().join("x.md"), channel).unwrap();
    let source = "[[source]]\nfile = '*.md'\n";
    assert!(made(folder.path(), source).is_err());
    let skip = "[[skip]]\nfile = 'x.md'\nreason = 'AsyncAPI'\n";
    assert_eq!(ids(&made(folder.path(), &format!("{source}{skip}")).unwrap()).len(), 1);
}

#[test]
fn two_pages_of_one_method_and_path_are_refused_unless_one_is_a_variant() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), page("chat.chat", "post", "/chat")).unwrap();
    let stream = page("chat.stream", "post", "/chat").replace("OK", "Streamed");
    fs::write(folder.path().join("b.md"), stream).unwrap();
    let source = "[[source]]\nfile = '*.md'\n";
    let findings = made(folder.path(), source).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].starts_with("b.md:12:5"), "{}", findings[0]);
    assert!(findings[0].contains("a.md:12:5"), "{}", findings[0]);
    assert!(findings[0].contains("`variant`"), "{}", findings[0]);

    let variant = "[[source]]\nfile = 'b.md'\nvariant = 'stream'\n";
    let made = made(folder.path(), &format!("{source}{variant}")).unwrap();
    let ids = ids(&made);
    assert_eq!(ids["post /chat#stream"], "stream");
    // No request and no mock knows of the fragment.
    let mut code = made.outputs.iter().filter(|output| !output.path.ends_with("document.json"));
    for output in code.clone() {
        assert!(!output.content.contains("#stream"), "{}", output.path.display());
    }
    assert!(code.any(|output| output.content.contains("/chat")));
}

#[test]
fn two_pages_that_call_the_variable_of_one_path_differently_are_of_one_path() {
    let folder = tempfile::tempdir().unwrap();
    for (file, method, variable) in [("a.md", "get", "voice_id"), ("b.md", "delete", "id")] {
        let parameter = format!(
            "parameters:\n        - {{name: {variable}, in: path, required: true, schema: {{type: string}}}}\n      responses:"
        );
        let path = format!("/voices/{{{variable}}}");
        let page = page(&format!("voices.{method}"), method, &path);
        fs::write(folder.path().join(file), page.replace("responses:", &parameter)).unwrap();
    }
    let made = made(folder.path(), QUALIFIED).unwrap();
    let operations: Vec<_> = ids(&made).into_keys().collect();
    assert_eq!(operations, ["delete /voices/{id}", "get /voices/{id}"]);
    let code: Vec<_> =
        made.outputs.iter().filter(|output| !output.path.ends_with("document.json")).collect();
    assert!(code.len() > 2 && code.iter().all(|output| !output.content.contains("voice_id")));
}

#[test]
fn a_link_follows_the_operation_that_it_names_and_one_to_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let links = |name: &str| {
        format!(
            "openapi: 3.0.3
info: {{title: T, version: '1'}}
servers: [{{url: 'https://api.example.com'}}]
paths:
  /a:
    post:
      operationId: make
      tags: [things]
      responses:
        '201':
          description: Made
          links: {{next: {{operationId: {name}}}, shared: {{$ref: '#/components/links/L'}}}}
  /a/{{id}}:
    get:
      operationId: get
      tags: [things]
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses: {{'204': {{description: Done}}}}
components:
  links: {{L: {{operationId: make}}}}
"
        )
    };
    let manifest = "operation-names = 'qualified'\n[operations]\n'POST /a' = 'create'\n[[source]]\nfile = 'a.yaml'\n";
    fs::write(folder.path().join("a.yaml"), links("get")).unwrap();
    let made_of_it = made(folder.path(), manifest).unwrap();
    let outputs = &made_of_it.outputs;
    let document = outputs.iter().find(|output| output.path.ends_with("document.json"));
    let document: serde_json::Value = serde_json::from_str(&document.unwrap().content).unwrap();
    let links_of_201 = &document["paths"]["/a"]["post"]["responses"]["201"]["links"];
    assert_eq!(links_of_201["next"]["operationId"], "things_get");
    assert_eq!(document["components"]["links"]["L"]["operationId"], "create");

    fs::write(folder.path().join("a.yaml"), links("gone")).unwrap();
    let findings = made(folder.path(), manifest).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].contains("the link refers to `gone`"), "{}", findings[0]);
}
