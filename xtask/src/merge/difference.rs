//! Where documentation and facts disagree, and how that is resolved.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::{document::Place, finding::Finding, read::Sources};

/// The kind of a difference, which decides how it is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceKind {
    /// Documentation and facts disagree, and the documentation is followed.
    Followed,
    /// Documentation and facts disagree, and the facts say why they are right.
    Corrected,
    /// The facts speak of a place that the documentation doesn't have.
    AboutNothing,
    /// The documentation says less than the facts, which fill it.
    Filled,
    /// Several documented schemas have one name, and one type says what all of them say.
    Copies,
    /// Several documented schemas would have one name, and no one type can say it.
    Apart,
    /// The documentation has one schema, and the facts have several.
    Names,
    /// A page of an operation that another documented source has, and says otherwise.
    Covered,
    /// An operation, a parameter or a property that the facts don't have.
    Unknown,
    /// Documented servers that are not those of the facts.
    Servers,
    /// An operation that needs credentials in one of the two, and none in the other.
    Security,
    /// An operation that the facts mark as removed.
    Removed,
    /// An operation that the source that documents the whole API has no more.
    Gone,
}

impl DifferenceKind {
    /// Every kind, what a maintainer has to look at first.
    pub const ALL: [Self; 13] = [
        Self::Servers,
        Self::Security,
        Self::Gone,
        Self::Followed,
        Self::Unknown,
        Self::AboutNothing,
        Self::Apart,
        Self::Covered,
        Self::Removed,
        Self::Copies,
        Self::Names,
        Self::Filled,
        Self::Corrected,
    ];

    /// Whether a maintainer has something to decide. The rest is as it is meant to be, and is counted
    /// in the report.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Servers
                | Self::Security
                | Self::Gone
                | Self::Followed
                | Self::Unknown
                | Self::AboutNothing
                | Self::Apart
                | Self::Covered
        )
    }

    /// The name of the rule under which a difference of this kind is reported.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Followed => "facts-differ",
            Self::Corrected => "facts-correct",
            Self::AboutNothing => "facts-about-nothing",
            Self::Filled => "facts-fill",
            Self::Copies => "documented-copies",
            Self::Apart => "copies-apart",
            Self::Names => "names-by-place",
            Self::Covered => "covered-sources",
            Self::Unknown => "facts-unknown",
            Self::Servers => "documented-servers",
            Self::Security => "documented-security",
            Self::Removed => "removed-operations",
            Self::Gone => "gone-operations",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Followed => {
                "the documentation is followed: update the facts, or add `x-corrects` to them with \
                 the reason why they are right"
            }
            Self::Corrected => "the facts are followed, with the reason that they give",
            Self::AboutNothing => "remove it from the facts, or move it to the right place",
            Self::Filled => "the facts complete it",
            Self::Copies => "one type covers all of them",
            Self::Apart => "check whether the facts should give both places the same name",
            Self::Names => "each place gets the type that the facts name there",
            Self::Covered => "the first source of the manifest is followed",
            Self::Unknown => "it is in the client: name and annotate it in the facts",
            Self::Servers => {
                "the client uses the servers of the facts: update them if the API has moved"
            }
            Self::Security => "the facts are followed: update them if the documentation is right",
            Self::Removed => "it is left out of the client",
            Self::Gone => {
                "it is no longer in the client: remove it from the facts, or name another source \
                 there with `x-source`"
            }
        }
    }
}

/// A place of which documentation and facts do not say the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// How it is resolved.
    pub kind: DifferenceKind,
    /// The operation or the schema, and the way from there: `Study.status`.
    pub subject: String,
    /// What is different, in words.
    pub problem: String,
    /// Where the documentation says it.
    pub documented: Place,
    /// Where the facts say it, unless they say nothing.
    pub facts: Option<Place>,
}

/// All differences, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Differences {
    all: Vec<Difference>,
    /// What was reported already, wherever it is documented: one of the places of a name is enough.
    known: HashSet<(DifferenceKind, String, String, Option<Place>)>,
    /// What one documented schema of a name lacks. Another may have it.
    absent: BTreeMap<Part, Vec<Difference>>,
    present: BTreeSet<Part>,
}

/// A part of what has a name: the way there, and the property, value or branch.
type Part = (String, String);

impl Differences {
    pub(super) fn tell(
        &mut self,
        kind: DifferenceKind,
        subject: &str,
        problem: impl Into<String>,
        documented: Place,
        facts: Option<Place>,
    ) {
        let (subject, problem) = (subject.to_owned(), problem.into());
        if self.known.insert((kind, subject.clone(), problem.clone(), facts)) {
            self.all.push(Difference { kind, subject, problem, documented, facts });
        }
    }

    /// Notes a part that the facts have and a documented schema of the same name lacks.
    pub(super) fn absent(&mut self, within: &str, part: &str, differences: Vec<Difference>) {
        let known = self.absent.entry((within.to_owned(), part.to_owned()));
        known.or_insert(differences);
    }

    /// Notes a part that a documented schema of this name has.
    pub(super) fn present(&mut self, within: &str, part: &str) {
        self.present.insert((within.to_owned(), part.to_owned()));
    }

    pub(super) fn into_all(mut self) -> Vec<Difference> {
        let absent = std::mem::take(&mut self.absent).into_iter();
        let absent = absent.filter(|(part, _)| !self.present.contains(part));
        let absent: Vec<Difference> = absent.flat_map(|(_, differences)| differences).collect();
        let mut all: Vec<Difference> = self.all.into_iter().chain(absent).collect();
        let rank = |kind| DifferenceKind::ALL.iter().position(|other| *other == kind);
        all.sort_by(|a, b| (rank(a.kind), a).cmp(&(rank(b.kind), b)));
        all
    }
}

impl Difference {
    /// The difference in a line, with the place in the facts.
    pub fn in_words(&self, sources: &Sources) -> String {
        let there = self.facts.filter(|place| *place != self.documented).map(|place| {
            let file = sources.name(place.source);
            format!(" ({file}:{}:{})", place.line, place.column)
        });
        format!("{}: {}{}", self.subject, self.problem, there.unwrap_or_default())
    }

    /// The difference as a warning, with both places.
    pub fn to_finding(&self, sources: &Sources) -> Finding {
        Finding::about_source(self.documented, self.in_words(sources), self.kind.remedy())
            .found_by(self.kind.rule())
    }
}
