use std::{
    io::{self, IsTerminal, Write},
    ops::ControlFlow,
};

use annotate_snippets::{Level, Renderer};
use indexmap::IndexMap;

use super::outcome::ReportForm;
use crate::{
    document::SourceId,
    finding::Finding,
    printable::printable,
    read::Sources,
    snippet::{self, Frame},
};

/// How many causes a person is shown, and as many lines of the short form.
const SHOWN: usize = 50;

/// How many causes of one rule are drawn, of warnings, before they are only listed.
const DRAWN: usize = 3;

/// How many of them are listed.
const LISTED: usize = 10;

/// How many further places of a cause are named.
const NAMED: usize = 3;

/// How much a finding weighs.
pub(super) struct Weight {
    level: Level<'static>,
    /// What a finding is called where it is not drawn.
    word: &'static str,
    /// What a line of the short form begins with.
    prefix: &'static str,
    plural: &'static str,
}

pub(super) const WARNINGS: Weight =
    Weight { level: Level::WARNING, word: "warning", prefix: "warning: ", plural: "warnings" };
pub(super) const FINDINGS: Weight =
    Weight { level: Level::ERROR, word: "error", prefix: "", plural: "errors" };

/// What findings with different places have in common.
type Cause<'a> = (&'static str, &'a str, &'a str);

fn cause(finding: &Finding) -> Cause<'_> {
    (finding.rule, &finding.problem, &finding.remedy)
}

/// Findings as a person reads them: those of a source together, in it those with one cause, and a
/// cause that several sources share once, by a number.
pub(super) struct Listing<'a> {
    sources: &'a Sources,
    form: ReportForm,
    is_complete: bool,
    renderer: Renderer,
    /// The causes that were drawn, and the next number.
    numbers: IndexMap<Cause<'a>, usize>,
}

impl<'a> Listing<'a> {
    /// A listing without any output yet. If `is_complete`, nothing is left out.
    pub(super) fn new(sources: &'a Sources, form: ReportForm, is_complete: bool) -> Self {
        Self { sources, form, is_complete, renderer: renderer(), numbers: IndexMap::new() }
    }

    pub(super) fn tell(
        &mut self,
        findings: &'a [Finding],
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let told = match (self.form, weight.level == Level::WARNING) {
            (ReportForm::Short, _) => self.lines(findings, weight, to)?,
            (_, true) => self.rule_by_rule(findings, weight, to)?,
            (_, false) => self.drawings(&findings.iter().collect::<Vec<_>>(), weight, to)?,
        };
        match findings.len() - told {
            0 => Ok(()),
            more => writeln!(to, "and {more} more {} (`--all` lists them)\n", weight.plural),
        }
    }

    /// So many, or all of them where nothing is left out.
    fn limit(&self, count: usize) -> usize {
        if self.is_complete { usize::MAX } else { count }
    }

    /// Draws the errors; of a rule with many errors, draws one and lists the others.
    fn rule_by_rule(
        &mut self,
        findings: &'a [Finding],
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<usize> {
        let mut rules: IndexMap<&str, Vec<&'a Finding>> = IndexMap::new();
        for finding in findings {
            rules.entry(finding.rule).or_default().push(finding);
        }
        for (rule, findings) in rules.iter().take(self.limit(SHOWN)) {
            if grouped(findings).len() <= DRAWN {
                self.drawings(findings, weight, to)?;
                continue;
            }
            self.drawings(&findings[..1], weight, to)?;
            let others = &findings[1..];
            writeln!(to, "{}[{rule}]: {} more:", weight.word, others.len())?;
            let limit = self.limit(LISTED);
            for finding in others.iter().take(limit) {
                writeln!(to, "  {}", finding.brief(self.sources))?;
            }
            match others.len().saturating_sub(limit) {
                0 => writeln!(to)?,
                more => writeln!(to, "  and {more} more (`--all` lists them)\n")?,
            }
        }
        Ok(rules.values().take(self.limit(SHOWN)).map(Vec::len).sum())
    }

    /// A line each.
    fn lines(
        &self,
        findings: &[Finding],
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<usize> {
        let told = &findings[..findings.len().min(self.limit(SHOWN))];
        for finding in told {
            writeln!(to, "{}{}", weight.prefix, finding.display(self.sources))?;
        }
        Ok(told.len())
    }

    /// Draws one error for each cause; returns how many errors these cover.
    fn drawings(
        &mut self,
        findings: &[&'a Finding],
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<usize> {
        let groups = grouped(findings);
        let mut sources: IndexMap<Cause<'_>, usize> = IndexMap::new();
        groups.keys().for_each(|(_, cause)| *sources.entry(*cause).or_default() += 1);
        let mut told = 0;
        for ((_, cause), places) in groups.iter().take(self.limit(SHOWN)) {
            let is_shared = sources.get(cause).is_some_and(|count| *count > 1);
            match self.number(*cause, is_shared) {
                ControlFlow::Continue(number) => self.draw(places, number, weight, to)?,
                ControlFlow::Break(number) => self.refer(places, number, weight, to)?,
            }
            told += places.len();
        }
        Ok(told)
    }

    /// The number of a cause that several sources share; a break where it was drawn already.
    fn number(&mut self, cause: Cause<'a>, is_shared: bool) -> ControlFlow<usize, Option<usize>> {
        if !is_shared {
            return ControlFlow::Continue(None);
        }
        match self.numbers.get(&cause) {
            Some(number) => ControlFlow::Break(*number),
            None => {
                let number = self.numbers.len() + 1;
                self.numbers.insert(cause, number);
                ControlFlow::Continue(Some(number))
            }
        }
    }

    fn draw(
        &self,
        places: &[&Finding],
        number: Option<usize>,
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let [first, others @ ..] = places else {
            return Ok(());
        };
        let elsewhere = (!others.is_empty()).then(|| format!("also at {}", self.places(others)));
        let frame = Frame { level: weight.level.clone(), number, elsewhere };
        writeln!(to, "{}", snippet::draw(first, &frame, self.sources, &self.renderer))
    }

    /// A line for what was drawn for another source.
    fn refer(
        &self,
        places: &[&Finding],
        number: usize,
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let [first, ..] = places else {
            return Ok(());
        };
        let rule = if first.rule.is_empty() { String::new() } else { format!("[{}]", first.rule) };
        let file = printable(self.sources.name(first.place.source));
        writeln!(to, "{}{rule}: see #{number}: {file}:{}\n", weight.word, self.places(places))
    }

    /// Places in one source, `12:30 (get-thing), 14:2 and 4 more`.
    fn places(&self, findings: &[&Finding]) -> String {
        let limit = self.limit(NAMED);
        let named = findings.iter().take(limit).map(|finding| {
            let place = finding.place;
            let operation = finding.operation.as_ref();
            let operation =
                operation.map_or_else(String::new, |id| format!(" ({})", printable(id)));
            format!("{}:{}{operation}", place.line, place.column)
        });
        let named = named.collect::<Vec<_>>().join(", ");
        match findings.len().saturating_sub(limit) {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

/// The findings by their sources, in each by their causes; both in the order in which they come.
fn grouped<'a>(findings: &[&'a Finding]) -> IndexMap<(SourceId, Cause<'a>), Vec<&'a Finding>> {
    let mut by_source: IndexMap<SourceId, Vec<&Finding>> = IndexMap::new();
    for &finding in findings {
        by_source.entry(finding.place.source).or_default().push(finding);
    }
    let mut groups: IndexMap<_, Vec<&Finding>> = IndexMap::new();
    for (source, findings) in by_source {
        for finding in findings {
            groups.entry((source, cause(finding))).or_default().push(finding);
        }
    }
    groups
}

/// How many different causes findings have.
pub(super) fn count_of_causes(findings: &[Finding]) -> usize {
    findings.iter().map(cause).collect::<std::collections::HashSet<_>>().len()
}

/// With colours where a person looks on and has not asked for none (<https://no-color.org>).
fn renderer() -> Renderer {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match io::stderr().is_terminal() && !no_colour {
        true => Renderer::styled(),
        false => Renderer::plain(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;

    fn told(findings: &[(u32, u32, &str)], is_complete: bool) -> String {
        told_as(&FINDINGS, findings, is_complete)
    }

    fn told_as(weight: &Weight, findings: &[(u32, u32, &str)], is_complete: bool) -> String {
        let mut sources = Sources::default();
        let ids =
            ["a.yaml", "b.yaml"].map(|name| sources.add(name, "one\ntwo\nthree\nfour\nfive\n"));
        let findings = findings.iter().map(|(file, line, problem)| {
            let place = Place { source: ids[*file as usize], line: *line, column: 1 };
            Finding::about_source(place, *problem, "correct it").found_by("rule")
        });
        let findings: Vec<Finding> = findings.collect();
        let mut listing = Listing::new(&sources, ReportForm::Full, is_complete);
        let mut text = Vec::new();
        listing.tell(&findings, weight, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_cause_is_drawn_once_with_its_other_places() {
        let found = [
            (0, 1, "odd"),
            (0, 2, "other"),
            (0, 2, "odd"),
            (0, 3, "odd"),
            (0, 4, "odd"),
            (0, 5, "odd"),
        ];
        let text = told(&found, false);
        assert_eq!(text.matches("error[rule]: odd\n").count(), 1, "{text}");
        assert!(text.contains("= note: also at 2:1, 3:1, 4:1 and 1 more\n"), "{text}");
        assert!(told(&found, true).contains("also at 2:1, 3:1, 4:1, 5:1\n"));
    }

    #[test]
    fn a_rule_that_warns_of_much_is_drawn_once_and_listed() {
        let problems: Vec<String> = (0..20).map(|number| format!("odd {number}")).collect();
        let found: Vec<(u32, u32, &str)> =
            problems.iter().map(|problem| (0, 2, &**problem)).collect();
        let text = told_as(&WARNINGS, &found, false);
        assert_eq!(text.matches("-->").count(), 1, "{text}");
        assert!(text.contains("warning[rule]: 19 more:\n  a.yaml:2:1: odd 1\n"), "{text}");
        assert!(text.ends_with("odd 10\n  and 9 more (`--all` lists them)\n\n"), "{text}");
        assert!(told_as(&WARNINGS, &found, true).ends_with("odd 19\n\n"));
        assert_eq!(told_as(&WARNINGS, &found[..3], false).matches("-->").count(), 3);
    }

    #[test]
    fn a_cause_that_files_share_has_a_number() {
        let text = told(&[(0, 1, "odd"), (1, 2, "odd"), (1, 3, "odd"), (1, 4, "other")], false);
        assert!(text.contains("error[rule]: odd (#1)\n"), "{text}");
        assert!(text.contains("error[rule]: see #1: b.yaml:2:1, 3:1\n"), "{text}");
        assert!(text.contains("error[rule]: other\n"), "{text}");
    }
}
