//! A rule: one small, named, faithful change of a document.

use crate::{
    document::{Node, Place, Pointer},
    finding::Finding,
    lower::Notes,
    manifest::Settings,
    read::Page,
    report::Report,
};

/// A rule. Everything about it is in one file: what it changes, why, an example, and its tests.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name, in reports and messages.
    pub name: &'static str,
    /// What it changes.
    pub summary: &'static str,
    /// Why that has to be.
    pub reason: &'static str,
    /// The least document that shows it.
    pub example: Example,
    /// Changes a document.
    pub apply: fn(&mut Node, &mut Context<'_>),
}

/// A document before and after a rule.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// A page, or a plain document.
    pub before: &'static str,
    /// What the rule alone makes of it.
    pub after: &'static str,
}

/// What a rule may look at, and where it tells what it did.
#[derive(Debug)]
pub struct Context<'a> {
    /// What the manifest says.
    pub settings: &'a Settings,
    /// What the page says around its YAML; none of a plain document.
    pub page: Option<&'a Page>,
    changes: Vec<String>,
    warnings: Vec<Finding>,
    findings: Vec<Finding>,
    /// What lowering keeps of what it removes, for the operation plans.
    pub(crate) notes: Notes,
}

impl<'a> Context<'a> {
    /// A context in which nothing has happened yet.
    pub fn new(settings: &'a Settings, page: Option<&'a Page>) -> Self {
        Self {
            settings,
            page,
            changes: Vec::new(),
            warnings: Vec::new(),
            findings: Vec::new(),
            notes: Notes::default(),
        }
    }

    /// Notes a change.
    pub fn changed(&mut self, what: impl Into<String>) {
        self.changes.push(what.into());
    }

    /// Notes that the value at `pointer` can't be repaired.
    pub fn refuse(
        &mut self,
        document: &Node,
        pointer: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.findings.push(Finding::at(document, pointer, place, problem, remedy));
    }

    /// Notes that the document is accepted, but that its reader should know this of the value at
    /// `pointer`: what was documented is lost upstream, or OpenAPI 3.0.3 can't say it.
    pub fn warn(
        &mut self,
        document: &Node,
        pointer: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.warnings.push(Finding::at(document, pointer, place, problem, remedy));
    }

    /// Applies rules in their order.
    pub fn apply_all(
        self,
        stage: &'static str,
        rules: &[Rule],
        document: &mut Node,
    ) -> (Report, Vec<Finding>) {
        let (report, findings, _) = self.apply_noting(stage, rules, document);
        (report, findings)
    }

    /// The same, with what the rules noted.
    pub(crate) fn apply_noting(
        mut self,
        stage: &'static str,
        rules: &[Rule],
        document: &mut Node,
    ) -> (Report, Vec<Finding>, Notes) {
        let mut report = Report::default();
        for rule in rules {
            let known = self.findings.len();
            (rule.apply)(document, &mut self);
            let mut told = std::mem::take(&mut self.changes);
            if told.is_empty() {
                told.extend(self.warnings.iter().map(Finding::subject));
            }
            report.add(stage, rule.name, told);
            let found = self.findings.iter_mut().skip(known).chain(&mut self.warnings);
            found.for_each(|finding| finding.rule = rule.name);
            report.warnings.append(&mut self.warnings);
        }
        (report, self.findings, self.notes)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        manifest::Wording,
        read::{self, Sources},
    };

    /// What the examples of the rules find in their manifest.
    fn example_settings() -> Settings {
        let mut settings = Settings::default();
        settings.names.insert("Get Thing_Response_200".to_owned(), "Thing".to_owned());
        let scheme = [("type", "apiKey"), ("in", "header"), ("name", "Authorization")];
        let scheme = scheme.map(|(key, text)| (key.to_owned(), text.to_owned()));
        settings.security.insert("token".to_owned(), scheme.into_iter().collect());
        let wording = [("x-unit", "Unit: {}."), ("x-source", "{}.")];
        let wording = wording
            .map(|(extension, text)| (extension.to_owned(), Wording::Template(text.to_owned())));
        settings.wording.extend(wording);
        settings
    }

    pub(crate) struct Applied {
        pub(crate) document: Node,
        pub(crate) changes: Vec<String>,
        pub(crate) warnings: Vec<Finding>,
        pub(crate) findings: Vec<Finding>,
    }

    /// Applies one rule to a page or a plain document.
    pub(crate) fn apply(rule: &Rule, settings: &Settings, text: &str) -> Applied {
        let mut sources = Sources::default();
        let id = sources.add("example", text);
        let mut documented = read::read(&sources, id).unwrap();
        let mut context = Context::new(settings, documented.page.as_ref());
        (rule.apply)(&mut documented.node, &mut context);
        let Context { changes, warnings, findings, .. } = context;
        Applied { document: documented.node, changes, warnings, findings }
    }

    pub(crate) fn apply_alone(rule: &Rule, text: &str) -> Applied {
        apply(rule, &Settings::default(), text)
    }

    pub(crate) fn node(text: &str) -> Node {
        let mut sources = Sources::default();
        let id = sources.add("expected", text);
        read::read(&sources, id).unwrap().node
    }

    /// Holds that of two rules of a list one comes first, and that it makes a difference.
    pub(crate) fn hold_to_their_order(rules: &[Rule], first: &str, then: &str, text: &str) {
        let at = |name: &str| rules.iter().position(|rule| rule.name == name).unwrap();
        let (one, other) = (rules[at(first)], rules[at(then)]);
        assert!(at(first) < at(then), "{first} comes behind {then}");
        let swapped = outcome(&[other, one], text);
        assert_ne!(outcome(&[one, other], text), swapped, "{first} and {then} can be swapped");
    }

    /// What rules make of a document: the document, and what they refuse and warn of.
    fn outcome(rules: &[Rule], text: &str) -> (String, Vec<String>) {
        let settings = example_settings();
        let mut sources = Sources::default();
        let id = sources.add("example", text);
        let mut documented = read::read(&sources, id).unwrap();
        let context = Context::new(&settings, documented.page.as_ref());
        let (report, findings) = context.apply_all("order", rules, &mut documented.node);
        let told = findings.into_iter().chain(report.warnings).map(|finding| finding.problem);
        (documented.node.to_json().unwrap(), told.collect())
    }

    /// Holds every rule of a list to its own example.
    pub(crate) fn hold_to_their_examples(rules: &[Rule]) {
        let settings = example_settings();
        for rule in rules {
            let name = rule.name;
            let Applied { document, changes, findings, .. } =
                apply(rule, &settings, rule.example.before);
            assert_eq!(findings, [], "{name}");
            assert!(!changes.is_empty(), "{name} reports nothing");
            let expected = node(rule.example.after);
            assert_eq!(document.to_json().unwrap(), expected.to_json().unwrap(), "{name}");

            let again = apply(rule, &settings, rule.example.after);
            assert_eq!(again.document, expected, "{name} changes its own result");
            assert!(again.changes.is_empty(), "{name} reports on its own result");
        }
    }

    /// Asserts that every rule of a list warns about its own example, and changes nothing.
    pub(crate) fn hold_that_they_warn(rules: &[Rule]) {
        for rule in rules {
            let name = rule.name;
            let Applied { document, changes, warnings, findings } =
                apply_alone(rule, rule.example.before);
            assert_eq!((findings, changes), (Vec::new(), Vec::new()), "{name}");
            assert!(!warnings.is_empty(), "{name} warns of nothing");
            let expected = node(rule.example.after).to_json().unwrap();
            assert_eq!(document.to_json().unwrap(), expected, "{name} changes something");
        }
    }

    /// Asserts that every file next to the list is one of its rules.
    pub(crate) fn hold_that_every_file_is_listed(
        folders: &[&str],
        rules: &[Rule],
        others: &[&str],
    ) {
        let package = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<String> = folders
            .iter()
            .flat_map(|folder| std::fs::read_dir(package.join(folder)).unwrap())
            .map(|entry| {
                entry.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-")
            })
            .filter(|stem| stem != "mod" && !others.contains(&stem.as_str()))
            .collect();
        files.sort();
        let mut names: Vec<&str> = rules.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        assert_eq!(files, names);
    }

    #[test]
    fn what_a_rule_refuses_and_warns_of_carries_its_name() {
        fn tell(document: &mut Node, context: &mut Context<'_>) {
            let pointer = Pointer::from_iter(["openapi"]);
            context.warn(document, &pointer, document.place, "w", "r");
            context.refuse(document, &pointer, document.place, "f", "r");
        }
        let example = Example { before: "openapi: 3.0.3\n", after: "" };
        let rule = Rule { name: "tell", summary: "", reason: "", example, apply: tell };
        let Applied { mut document, warnings, .. } = apply_alone(&rule, rule.example.before);
        assert_eq!(warnings[0].problem, "w");

        let settings = Settings::default();
        let context = Context::new(&settings, None);
        let (report, findings) = context.apply_all("repair", &[rule], &mut document);
        let found: Vec<_> = findings.iter().chain(&report.warnings).collect();
        let names: Vec<_> = found.iter().map(|found| (found.rule, &*found.problem)).collect();
        assert_eq!(names, [("tell", "f"), ("tell", "w")]);
    }
}
