/// Identifies a source of the document: an index into [`Sources`](crate::read::Sources).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Where something was written. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub source: SourceId,
    /// The line of the file itself, not of the fence inside it.
    pub line: u32,
    /// The column of the file itself.
    pub column: u32,
}

impl Place {
    /// The beginning of a source: the place of what concerns it as a whole.
    pub fn start_of(source: SourceId) -> Self {
        Self { source, line: 1, column: 1 }
    }
}
