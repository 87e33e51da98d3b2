//! Phrases that came up once and made readers stop: they stay out of documentation, comments and
//! messages, and here is what to write instead.

use std::{fs, path::Path, sync::LazyLock};

use prolific_tests::repository;
use regex::Regex;

/// What is not to come back, and what to write.
const PHRASES: [(&str, &str); 46] = [
    (r"[Tt]hose of a call\b", "Returns an error if the call fails"),
    (r"[Ww]hat (comes out|came of)\b", "the outcome, the result"),
    (r"\bcame of it\b", "the outcome"),
    (r"\bdid not stand\b|\bnever stood\b", "no connection was made"),
    (r"\bmay take to stand\b", "the connect timeout"),
    (r"\bwhere nothing is said\b", "Default: …"),
    (r"\bof another form than documented\b", "can't be decoded"),
    (r"\bcan't do without\b", "requires, a required field"),
    (r"\b[Ww]hat can be done with\b", "Operations on …"),
    (r"\b[Ii]s told how\b", "Called with …"),
    (r"\bhardly meant\b", "probably a mistake"),
    (r"\bmore than nothing\b", "positive"),
    (r"^/// Has (a|an|the|so) ", "Makes …, Injects …, Sets …"),
    (r"\bmend(s|ed|ing)?\b", "repair, correct"),
    (r"\bunder way\b", "in progress, running, in flight"),
    (r"\bin the place of\b", "instead of"),
    (r"\bnobody can (say|tell)\b", "it is not known"),
    (r"\bone's own\b", "your own"),
    (
        r"\bis no (JSON|URL|UTF-8|number|file|text|count|decimal|object|list|mapping|component|header|reference|Rust|index|document|scalar|page)\b",
        "is not a …",
    ),
    (r"^/// .*\bMade by \[", "Returned by"),
    (r"\bwithout a trait of another crate\b", "without importing a stream trait"),
    (r"\b[Kk]nown from the published specification\b", "(leave it out: that is the rule)"),
    (r"\bthe answer has no\b", "the response has no"),
    (r"\bno whole answer\b", "no complete response"),
    (r"\b(is|are) told\b( [^a]|$)", "is reported, receives, learns"),
    (r"\bcomes? whole\b", "is complete"),
    (r"\bgo(es)? on (from|where|there)\b", "resumes, continues"),
    (r"\bends? well\b", "succeeds, ends without an error"),
    (r"\bno heed\b", "ignores"),
    (r"\b[Ww]hoever\b", "the caller, anyone who"),
    (r"\bstands? (inline|beside|where|behind|alone)\b", "is, next to, after; an inline …"),
    (r"\bbut for\b", "except, without"),
    (r"\bas it (came|comes)\b", "unchanged, as received"),
    (r"\banew\b", "again"),
    (r"\bof another form\b", "of the wrong form, can't be decoded"),
    (r"\bleads? nowhere\b", "does not exist, is dangling"),
    (r"\bhas (its|a) say\b", "applies, contributes"),
    (r"\bspeaks of\b", "refers to"),
    (r"\btake (it|this|the (entry|source|page|index)) out\b", "remove it"),
    (r"\bas any JSON\b", "as arbitrary JSON"),
    (r"\bso many (of|places|polls|looks|bytes|rows|files)\b", "this many …"),
    (r"\b[Cc]rate on top\b", "the wrapper crate"),
    (r"\banswers? of success\b", "a success response"),
    (
        r"\b(process|thread|file|folder|manifest|package|module)s? of (its|their) own\b",
        "a separate …",
    ),
    (r"\bin need of\b", "needs"),
    (r"\bone name in Rust\b", "the same name in Rust"),
];

/// Where a phrase may stay: the file, and the text that has it.
const ALLOWED: [(&str, &str); 5] = [
    // The faults of the soak have these names in its figures, which are measured and not written.
    ("prolific-api-ext/docs/reliability.md", "a body of another form"),
    ("tests/soak/chaos.rs", "a body of another form"),
    ("tests/soak/run.rs", "What came of it."),
    // Names of the catalogue of quirks.
    ("xtask/tests/dialect/quirks.rs", "on an answer of success"),
    ("xtask/tests/dialect/quirks.rs", "a reference that leads nowhere"),
];

static COMPILED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    PHRASES.map(|(phrase, instead)| (Regex::new(phrase).unwrap(), instead)).into()
});

/// What is read: files, and folders with the `.rs` and `.md` files in them.
const READ: [&str; 15] = [
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "prolific-api/README.md",
    "prolific-api/examples",
    "prolific-api/src",
    "prolific-api-ext/README.md",
    "prolific-api-ext/docs",
    "prolific-api-ext/examples",
    "prolific-api-ext/src",
    "prolific-api-ext/tests",
    "tests",
    "xtask/docs",
    "xtask/src",
    "xtask/tests",
];

/// What is not read: generated code, which quotes the documentation; the fuzz targets with what they
/// leave behind; and this list.
const EXCEPT: [&str; 4] = [
    "prolific-api/src/generated",
    "tests/fuzz",
    "tests/lowered/client",
    "tests/repository/plain_words.rs",
];

#[test]
fn no_phrase_comes_back_that_made_readers_stop() {
    let mut found = Vec::new();
    for path in READ {
        search(&repository().join(path), &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_phrase_is_found_in_documentation_comments_and_messages_alone() {
    let text = "/// Has the next answers go wrong.\nlet mend = under_way();\n// It is under way.\n\
                let why = format!(\"{path} is no file: mend it\");\n//! In the place\n//! of it.";
    let expected = [
        "a.rs:1: `/// Has the `: write Makes …, Injects …, Sets …",
        "a.rs:3: `under way`: write in progress, running, in flight",
        "a.rs:4: `mend`: write repair, correct",
        "a.rs:4: `is no file`: write is not a …",
    ];
    assert_eq!(phrases("a.rs", text), expected);
}

#[test]
fn an_allowed_phrase_is_found_in_other_files_and_other_texts() {
    let text = "// a body of another form\n// a list of another form\n";
    let elsewhere = phrases("tests/soak/run.rs", text);
    assert_eq!(elsewhere.len(), 2, "{elsewhere:?}");
    let there = phrases("tests/soak/chaos.rs", text);
    let expected =
        "tests/soak/chaos.rs:2: `of another form`: write of the wrong form, can't be decoded";
    assert_eq!(there, [expected]);
}

#[test]
fn every_allowed_quirk_is_still_there() {
    for (path, text) in ALLOWED.iter().filter(|(path, _)| path.ends_with("quirks.rs")) {
        let found = fs::read_to_string(repository().join(path)).unwrap().contains(text);
        assert!(found, "remove `{text}` of {path} from the list");
    }
}

fn search(path: &Path, found: &mut Vec<String>) {
    let name = path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/");
    if EXCEPT.iter().any(|except| name.starts_with(except)) {
        return;
    }
    if path.is_dir() {
        let mut entries: Vec<_> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| search(entry, found));
    } else if name.ends_with(".rs") || name.ends_with(".md") {
        found.extend(phrases(&name, &fs::read_to_string(path).unwrap()));
    }
}

/// The phrases of a text, each with its line and what to write instead.
fn phrases(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for words in words(line.trim(), name.ends_with(".md")) {
            let phrases = COMPILED.iter().filter_map(|(phrase, instead)| {
                let phrase = phrase.find(words)?.as_str();
                let allowed =
                    ALLOWED.iter().find(|(file, text)| *file == name && words.contains(text));
                if allowed.is_some_and(|(_, text)| text.contains(phrase)) {
                    return None;
                }
                Some(format!("{name}:{number}: `{phrase}`: write {instead}"))
            });
            found.extend(phrases);
        }
    }
    found
}

/// What of a line is words: all of a comment or of Markdown, and of code its texts.
fn words(line: &str, is_markdown: bool) -> Vec<&str> {
    match is_markdown || line.starts_with("//") {
        true => vec![line],
        false => line.split('"').skip(1).step_by(2).collect(),
    }
}
