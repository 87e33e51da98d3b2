//! Sends the samples of all schemas of a document round.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use super::{
    comparison::{Difference, differences},
    samples::{Kind, Role, Sample, Sampler},
    validity::Validity,
};

/// A documented schema, and the type that is made of it.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Row {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) pointer: String,
}

/// A sample that came back other than it went.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) row: Row,
    pub(crate) role: Role,
    pub(crate) sample: Sample,
    pub(crate) difference: Difference,
}

/// A kind of difference that is known.
pub(crate) struct Known {
    pub(crate) reason: &'static str,
    pub(crate) is: fn(&Found) -> bool,
}

/// What the design gives up, everywhere.
const EXPLAINED: &[Known] = &[
    Known {
        reason: "readers of a response treat null and absent alike",
        is: |found| found.role == Role::Answer && found.difference == Difference::NullLeftOut,
    },
    Known {
        reason: "readers of a response treat an empty list and none alike",
        is: |found| found.role == Role::Answer && found.difference == Difference::EmptyLeftOut,
    },
    Known {
        reason: "a type has the properties that are documented",
        is: |found| found.difference == Difference::NewPropertyLeftOut,
    },
    Known {
        reason: "a whole number is written without a fraction",
        is: |found| found.difference == Difference::FractionLeftOut,
    },
];

/// The results for the samples of a document.
pub(crate) struct Round {
    types: usize,
    schemas: BTreeSet<String>,
    samples: BTreeMap<Kind, usize>,
    /// Samples that are of several branches of a `oneOf` at once, which is not allowed: the document
    /// does not tell these branches apart, of which `regen` warns.
    ambiguous: usize,
    /// Samples that their schema does not allow after all.
    dropped: Vec<String>,
    /// How often each of the known differences was seen.
    known: Vec<(&'static str, usize)>,
    unexplained: Vec<Found>,
}

/// Sends all samples round by `turn`, which takes the name of a type and a value.
pub(crate) fn send(
    document: &Value,
    rows: &[Row],
    open: &[Known],
    mut turn: impl FnMut(&str, &str) -> Result<String, String>,
) -> Round {
    let known: Vec<&Known> = EXPLAINED.iter().chain(open).collect();
    let mut round = Round {
        types: rows.len(),
        schemas: rows.iter().map(|row| row.pointer.clone()).collect(),
        samples: BTreeMap::new(),
        ambiguous: 0,
        dropped: Vec::new(),
        known: known.iter().map(|known| (known.reason, 0)).collect(),
        unexplained: Vec::new(),
    };
    for role in [Role::Request, Role::Answer] {
        let sampler = Sampler::new(document, role);
        let mut validity = Validity::of(document, role);
        for row in rows.iter().filter(|row| Role::of(&row.role) == role) {
            // What is in a branch comes behind the branch itself.
            let mut ambiguous = BTreeSet::new();
            for sample in sampler.samples(&row.pointer) {
                let fault = validity.fault(&row.pointer, &sample.value);
                let branch = sample.how.rfind('|').map(|at| branch_of(&sample.how, at));
                if fault.as_deref().is_some_and(is_ambiguous) {
                    ambiguous.extend(branch);
                    round.ambiguous += 1;
                    continue;
                }
                match fault.filter(|_| sample.kind == Kind::Valid) {
                    Some(fault) => {
                        round.dropped.push(format!("{} {}: {fault}", row.name, sample.how));
                    }
                    None if branch.is_some_and(|branch| ambiguous.contains(&branch)) => {
                        round.ambiguous += 1;
                    }
                    None => {
                        let came = turn(&row.name, &sample.value.to_string());
                        round.add(row, role, &sample, came, &known);
                    }
                }
            }
        }
    }
    round
}

/// The path to a branch, whose number follows a bar.
fn branch_of(how: &str, bar: usize) -> String {
    let is_of_name = |c: &char| *c == '|' || c.is_ascii_digit();
    how[..bar].chars().chain(how[bar..].chars().take_while(is_of_name)).collect()
}

/// Whether a value is at fault for being of several branches.
fn is_ambiguous(fault: &str) -> bool {
    fault.contains("oneOf failed, subschemas") && fault.contains("matched")
}

impl Round {
    fn add(
        &mut self,
        row: &Row,
        role: Role,
        sample: &Sample,
        came: Result<String, String>,
        known: &[&Known],
    ) {
        *self.samples.entry(sample.kind).or_default() += 1;
        let differences = match came.map(|json| serde_json::from_str::<Value>(&json).unwrap()) {
            Ok(came) => differences(&sample.value, &came),
            Err(error) => vec![Difference::NotRead(error)],
        };
        for difference in differences {
            let found = Found { row: row.clone(), role, sample: sample.clone(), difference };
            match known.iter().position(|known| (known.is)(&found)) {
                Some(index) => self.known[index].1 += 1,
                None => self.unexplained.push(found),
            }
        }
    }

    /// Fails if something was lost, or if something on the list of known losses is not lost any more.
    pub(crate) fn hold(&self, least: usize) {
        let shown: Vec<String> =
            self.unexplained.iter().take(60).map(|found| format!("{found}\n")).collect();
        let count = self.unexplained.len();
        assert!(shown.is_empty(), "{count} differences:\n{}", shown.concat());
        let open = &self.known[EXPLAINED.len()..];
        let corrected: Vec<_> = open.iter().filter(|(_, count)| *count == 0).collect();
        assert!(corrected.is_empty(), "remove these from the list: {corrected:?}");
        let samples: usize = self.samples.values().sum();
        assert!(samples >= least, "only {samples} samples");
        assert!(self.dropped.len() * 50 <= samples, "{} samples are dropped", self.dropped.len());
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {:?}", self.row.name, self.sample.how, self.difference)
    }
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let samples: usize = self.samples.values().sum();
        let (schemas, dropped) = (self.schemas.len(), self.dropped.len());
        writeln!(
            f,
            "{schemas} schemas, {} types, {samples} samples {:?}, {dropped} dropped, {} ambiguous",
            self.types, self.samples, self.ambiguous,
        )?;
        for (reason, count) in &self.known {
            writeln!(f, "{count:6} {reason}")?;
        }
        writeln!(f, "{:6} unexplained", self.unexplained.len())?;
        self.dropped.iter().take(10).try_for_each(|dropped| writeln!(f, "dropped: {dropped}"))
    }
}
