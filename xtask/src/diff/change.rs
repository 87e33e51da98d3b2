use super::{Rule, Step, Version};

/// What a change is for whoever uses the client, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Class {
    /// Words alone: whatever was written against the client goes on as it did.
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
    pub rule: &'static Rule,
    /// What it is for whoever uses the client.
    pub class: Class,
    /// What changed; all of one kind.
    pub subjects: Vec<Subject>,
    /// What happened.
    pub text: String,
    /// Some operations that a changed component reaches.
    pub operations: Vec<String>,
    /// Whether it reaches more than these.
    pub has_more_operations: bool,
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
