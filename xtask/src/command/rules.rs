use std::fmt::Write as _;

use crate::{lower::LOWERINGS, repair::RULES, rule::Rule, warn::WARNINGS};

/// Every rule with its stage, in the order they are applied.
fn all() -> impl Iterator<Item = (&'static str, &'static Rule)> {
    let repairs = RULES.iter().map(|rule| ("repair", rule));
    let warnings = WARNINGS.iter().map(|rule| ("warn", rule));
    repairs.chain(warnings).chain(LOWERINGS.iter().map(|rule| ("lower", rule)))
}

/// The rules, a line each.
pub(super) fn list() -> String {
    let width = all().map(|(_, rule)| rule.name.len()).max().unwrap_or(0);
    all().fold(String::new(), |mut text, (stage, rule)| {
        let _ = writeln!(text, "{stage:<7} {:width$}  {}", rule.name, rule.summary);
        text
    })
}

/// What a rule does and why, with its example; none where there is no rule of the name.
pub(super) fn explain(name: &str) -> Option<String> {
    let (stage, rule) = all().find(|(_, rule)| rule.name == name)?;
    let Rule { name, summary, reason, example, .. } = rule;
    Some(format!(
        "{name} ({stage})\n\n{summary}\n\n{reason}\n\nBefore:\n\n{}\nAfter:\n\n{}",
        indented(example.before),
        indented(example.after),
    ))
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |text, line| match line {
        "" => text + "\n",
        line => text + "    " + line + "\n",
    })
}
