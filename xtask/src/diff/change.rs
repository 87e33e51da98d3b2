use super::{ChangeRule, Step, Version};
use crate::document::Pointer;

/// The effect of a change on users of the client, least severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Class {
    /// Documentation only: code written against the client keeps working.
    Documentation,
    /// There is more than before.
    Additive,
    /// Something written against the client no longer compiles, or no longer does what it did.
    Breaking,
}

impl Class {
    /// The classes, the gravest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Documentation];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The document as a whole.
    Document,
    /// An operation, by its id or else by method and path.
    Operation(String),
    /// A schema component.
    Schema(String),
    /// A component of another section.
    Component {
        /// The section, `responses`.
        section: &'static str,
        /// Its name.
        name: String,
    },
}

impl Subject {
    /// What kind of thing it is; empty of an operation.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Operation(_) => "operation",
            Self::Schema(_) => "schema",
            Self::Component { section, .. } => section,
        }
    }

    /// Where it is defined, if it is a component.
    pub(super) fn pointer(&self) -> Option<Pointer> {
        match self {
            Self::Document | Self::Operation(_) => None,
            Self::Schema(name) => Some(Pointer::to_schema(name)),
            Self::Component { section, name } => {
                Some(["components", section, name].into_iter().collect())
            }
        }
    }

    /// What it is called; empty of the document.
    pub fn name(&self) -> &str {
        match self {
            Self::Document => "",
            Self::Operation(name) | Self::Schema(name) | Self::Component { name, .. } => name,
        }
    }
}

/// One change, of one thing or, in the same words, of several.
#[derive(Clone, Debug)]
pub struct Change {
    /// The rule that it falls under.
    pub rule: &'static ChangeRule,
    /// The effect on users of the client.
    pub class: Class,
    /// What changed; all of one kind.
    pub subjects: Vec<Subject>,
    /// What happened.
    pub text: String,
    /// The operations that a changed component reaches.
    pub carriers: Carriers,
    /// The resource that all of it is of.
    pub resource: Resource,
}

/// The operations that a component reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carriers {
    /// Some of them.
    pub named: Vec<String>,
    /// How many there are besides, as far as they were counted.
    pub others: usize,
}

/// What a change is of among the resources of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// None: the document as a whole.
    #[default]
    Document,
    /// This one.
    One(String),
    /// Several, or none in particular.
    Several,
}

impl Resource {
    /// The resource that all of these are of.
    pub(super) fn of_all<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = all.into_iter();
        let first = all.next().cloned().unwrap_or(Self::Several);
        if all.all(|other| *other == first) { first } else { Self::Several }
    }
}

/// What changed between two documents: the gravest first, otherwise in the order of the documents.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The changes.
    pub changes: Vec<Change>,
}

impl Diff {
    /// The changes of one class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.class == class)
    }

    /// The gravest class; none where nothing changed.
    pub fn class(&self) -> Option<Class> {
        self.changes.iter().map(|change| change.class).max()
    }

    /// The step of the client's version that follows.
    pub fn step(&self, version: Version) -> Step {
        Step::after(self.class(), version)
    }
}
