//! Hostile input is refused with an error, or accepted with a valid result, within bounded time.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod hostile;

use std::time::{Duration, Instant};

use hostile::{
    emit::{Form, emit},
    mutate::{Decisions, mutate},
    oracle,
};
use proptest::{collection::vec, prelude::*};
use xtask::{
    document::Node,
    lower::LOWERINGS,
    manifest::Settings,
    pipeline::fix,
    read::{Sources, read},
    repair::RULES,
    rule::Rule,
};

fn examples() -> Vec<Node> {
    let examples = RULES.iter().chain(LOWERINGS).map(|rule: &Rule| rule.example.before);
    let parse = |text| {
        let mut sources = Sources::default();
        let id = sources.add("example", text);
        read(&sources, id).unwrap().node
    };
    examples.map(parse).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// The bounded twin of the fuzz targets (`xtask/fuzz`), with the same changes and oracles.
    #[test]
    fn whatever_becomes_of_an_example_it_is_refused_or_good(
        decisions in vec(any::<u32>(), 1..60),
    ) {
        let mut decisions = Decisions(decisions.into_iter());
        let examples = examples();
        let form = Form::of(decisions.below(3));
        let mut document = examples[decisions.below(examples.len())].clone();
        mutate(&mut document, &mut decisions);
        while decisions.goes_on() {
            mutate(&mut document, &mut decisions);
        }
        let text = emit(&document, form);
        deep(|| {
            let fixed = oracle::fix(text.as_bytes());
            fixed.map(|fixed| oracle::lower_and_limit(text.as_bytes(), fixed))
        });
    }
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";

/// The error for a text, or an empty string if it is accepted.
fn told(text: impl AsRef<[u8]>) -> String {
    let mut sources = Sources::default();
    let id = sources.add("a.yaml", text);
    match fix(&sources, id, &Settings::default()) {
        Ok(_) => String::new(),
        Err(findings) => findings[0].display(&sources).to_string(),
    }
}

/// On a stack as large as that of the command.
fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        thread.spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

/// Generous: what is bounded ends in a fraction of it, what is not never does.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    assert!(start.elapsed() < Duration::from_secs(120), "took {:?}", start.elapsed());
    done
}

#[test]
fn nesting_without_end_is_refused_in_every_form() {
    let levels = 10_000;
    let json =
        format!(r#"{{"openapi": "3.0.3", "x-a": {}1{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let mapping = format!("{HEAD}x-a: {}1{}\n", "{a: ".repeat(levels), "}".repeat(levels));
    let compact = format!("{HEAD}x-a:\n  {}a\n", "- ".repeat(levels));
    let keys = format!("{HEAD}x-a:\n  {}a\n", "? ".repeat(levels));
    let open = format!("openapi: {}", "[".repeat(levels));
    let block: String = (0..2_000).map(|depth| " ".repeat(depth) + "x-a:\n").collect();
    for text in [json, mapping, compact, keys, open, format!("openapi: 3.0.3\n{block}")] {
        let told = soon(|| deep(|| told(&text)));
        assert!(told.contains("nested more than 120 levels deep"), "{told}");
    }
}

#[test]
fn what_is_nested_as_deep_as_a_reader_of_json_goes_is_read() {
    let schema = |depth| {
        let open = r#"{"type": "array", "items": "#.repeat(depth);
        let schemas = format!(r#"{{"A": {open}{{"type": "string"}}{}}}"#, "}".repeat(depth));
        format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, "paths": {{}}, "components": {{"schemas": {schemas}}}}}"#
        )
    };
    let document = deep(|| oracle::fix(schema(100).as_bytes())).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&document.to_json().unwrap()).is_ok());
    assert!(deep(|| told(schema(130))).contains("nested more than"));
}

#[test]
fn aliases_that_multiply_are_refused_and_aliases_that_do_not_are_followed() {
    let mut bomb = "openapi: 3.0.3\na0: &a0 [x]\n".to_owned();
    for level in 1..30 {
        let references = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{references}]\n");
    }
    let told_of_bomb = soon(|| told(bomb));
    assert!(told_of_bomb.contains("aliases"), "{told_of_bomb}");
    let text = "y".repeat(1_000_000);
    let long = format!("{HEAD}x-a: &a '{text}'\nx-b: [{}]\n", vec!["*a"; 1_000].join(", "));
    let told_of_long = soon(|| told(long));
    assert!(told_of_long.contains("aliases"), "{told_of_long}");
    assert!(told(format!("{HEAD}x-a: &a [*a]\n")).contains("a.yaml:4:"));

    let aliases: String = (0..1_000).map(|n| format!("x-{n}: *a\n")).collect();
    assert_eq!(told(format!("{HEAD}x-a: &a {{b: c}}\n{aliases}")), "");
}

#[test]
fn invalid_bytes_are_reported_with_their_place() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let cases: [(Vec<u8>, &str); 8] = [
        (
            b"# T\n\n   ```yaml\n   openapi: 3.1.1\nx: \0\n   ```\n".into(),
            "a.yaml:5:4: document: the control character U+0000",
        ),
        (b"{\"a\":\r\r\xf3}".into(), "a.yaml:3:1: document: the file is not valid UTF-8"),
        (
            [HEAD.as_bytes(), b"x-a: caf\xe9\n"].concat(),
            "a.yaml:4:9: document: the file is not valid UTF-8",
        ),
        ([b"\xff\xfe".as_slice(), &utf16(HEAD)].concat(), "1:1: document: the file is UTF-16"),
        ([b"\xfe\xff".as_slice(), b"\0o\0p"].concat(), "the file is UTF-16"),
        (format!("{HEAD}x-a: a\0b\n").into(), "a.yaml:4:7: document: the control character U+0000"),
        (
            format!("# T\n\n```yaml\n{HEAD}x-a: \u{1b}b\n```\n").into(),
            "a.yaml:7:6: document: the control character U+001B",
        ),
        (vec![0; 1_000], "no ```yaml fence"),
    ];
    for (bytes, expected) in cases {
        let told = told(&bytes);
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn line_breaks_of_any_system_a_byte_order_mark_and_tabs_of_json_make_no_difference() {
    let page = format!("# T\n\n```yaml\n{HEAD}```\n");
    let expected = oracle::fix(HEAD.as_bytes()).unwrap();
    let json = "{\n\t\"openapi\":\t\"3.0.3\",\n\t\"info\": {\"title\": \"T\", \"version\": \"1\"},\n\t\"paths\": {}\n}\n";
    for text in [
        HEAD.replace('\n', "\r\n"),
        HEAD.replace('\n', "\r"),
        format!("\u{feff}{HEAD}"),
        page.replace('\n', "\r\n"),
        page.replace('\n', "\r"),
        format!("\u{feff}{page}"),
        json.to_owned(),
        json.replace('\n', "\r\n"),
    ] {
        let fixed = oracle::fix(text.as_bytes());
        assert_eq!(
            fixed.as_ref().map(|node| node.to_json().unwrap()),
            Some(expected.to_json().unwrap()),
            "{text:?}"
        );
    }
    let told = told(format!("{HEAD}components:\n\tschemas: {{}}\n"));
    assert!(told.contains("a.yaml:5:") && told.contains("tab"), "{told}");
}

#[test]
fn keys_that_are_no_strings_or_come_twice_are_refused() {
    let cases = [
        ("[a, b]: 1", "a list or a mapping"),
        ("{a: b}: 1", "a list or a mapping"),
        ("? [a]\n  : 1", "a list or a mapping"),
        ("~: 1", "null"),
        ("b: 1\n  b: 2", "twice"),
        ("200: 1\n  '200': 2", "twice"),
    ];
    for (member, problem) in cases {
        let told = told(format!("{HEAD}x-a:\n  {member}\n"));
        assert!(told.starts_with("a.yaml:") && told.contains(problem), "{member}: {told}");
    }
    for scalar in ["1.5", "true", "200", "''"] {
        assert_eq!(told(format!("{HEAD}x-a:\n  {scalar}: 1\n")), "", "{scalar}");
    }
}

#[test]
fn references_in_circles_are_refused_wherever_they_stand() {
    let circles = [
        ("schemas", "A: {$ref: '#/components/schemas/A'}"),
        ("schemas", "A: {allOf: [{$ref: '#/components/schemas/A'}]}"),
        ("parameters", "A: {$ref: '#/components/parameters/A'}"),
        (
            "responses",
            "A: {$ref: '#/components/responses/B'}, B: {$ref: '#/components/responses/A'}",
        ),
        ("requestBodies", "A: {$ref: '#/components/requestBodies/A'}"),
        ("headers", "A: {$ref: '#/components/headers/A'}"),
    ];
    for (section, definitions) in circles {
        let told = soon(|| told(format!("{HEAD}components:\n  {section}: {{{definitions}}}\n")));
        assert!(told.contains("itself"), "{definitions}: {told}");
    }
    let tree = "A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}";
    assert_eq!(told(format!("{HEAD}components:\n  schemas: {{{tree}}}\n")), "");
}

#[test]
fn long_chains_and_many_errors_end_soon() {
    let schemas = |one: &dyn Fn(usize) -> String| {
        let all: String = (0..3_000).map(|n| format!("    A{n}: {}\n", one(n))).collect();
        format!("{HEAD}components:\n  schemas:\n{all}    A3000: {{type: string}}\n")
    };
    let reference = |n: usize| format!("{{$ref: '#/components/schemas/A{}'}}", n + 1);
    let chain = schemas(&reference);
    let properties = schemas(&|n| format!("{{type: object, properties: {{a: {}}}}}", reference(n)));
    for text in [&chain, &properties] {
        let fixed = soon(|| oracle::fix(text.as_bytes())).unwrap();
        soon(|| oracle::lower_and_limit(text.as_bytes(), fixed));
    }
    let dangling = schemas(&|n| format!("{{$ref: '#/components/schemas/B{n}'}}"));
    assert!(soon(|| told(dangling)).contains("does not exist"));
    let numbers =
        format!("{{\"openapi\": \"3.0.3\", \"x-a\": [{}]}}", vec!["1e300"; 30_000].join(","));
    assert!(!soon(|| told(numbers)).is_empty());
    let fences = format!("# T\n{}```yaml\n{HEAD}```\n", "```\n```\n".repeat(20_000));
    assert_eq!(soon(|| told(fences)), "");
    let long = format!("{HEAD}x-a: '{}'\nx-b: {}\n", "y".repeat(1_000_000), "1".repeat(100_000));
    assert!(soon(|| told(long)).contains("a number that JSON can't express"));
}

#[test]
fn what_is_no_file_or_no_small_one_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.yaml");
    std::fs::File::create(&large).unwrap().set_len(100 << 20).unwrap();
    let cases = [
        (large, "larger than 64 MiB"),
        (folder.path().to_path_buf(), "a folder, not a file"),
        ("/dev/zero".into(), "a pipe or a device"),
        (folder.path().join("gone"), "can't be read"),
    ];
    for (path, problem) in cases {
        let finding = soon(|| Sources::default().load(&path)).unwrap_err();
        assert!(finding.problem.contains(problem), "{finding:?}");
    }
}
