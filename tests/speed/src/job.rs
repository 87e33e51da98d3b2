//! What is measured.

/// A job, the same for every contender. What its size is depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// So many status calls, one after the other.
    Status,
    /// So many lists of 10,000 rows, 200 a page, one after the other.
    List,
    /// So many status calls, 64 at once.
    Many,
    /// A file of this many megabytes, from disk.
    Upload,
    /// Likewise, to disk.
    Download,
    /// So many datasets, each ready at the fourth look, 64 looks at once.
    Wait,
}

impl Job {
    const ALL: [(&'static str, Self); 6] = [
        ("status", Self::Status),
        ("list", Self::List),
        ("many", Self::Many),
        ("upload", Self::Upload),
        ("download", Self::Download),
        ("wait", Self::Wait),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, job)| job)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, job)| *job == self).map_or("", |(name, _)| name)
    }
}

pub(crate) const ROWS: usize = 10_000;
pub(crate) const PAGE: usize = 200;
pub(crate) const AT_ONCE: usize = 64;
pub(crate) const TOKEN: &str = "0123456789";
pub(crate) const ID: &str = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d";

/// The id of a dataset that is ready at the fourth look.
pub(crate) fn waited_for(run: u32, number: usize) -> String {
    format!("{run:08x}-0000-7000-8000-{number:012x}")
}

/// The file that is uploaded, and next to it the one that is downloaded to.
pub(crate) fn files() -> (std::path::PathBuf, std::path::PathBuf) {
    let folder = std::env::temp_dir();
    (folder.join("prolific-speed-up"), folder.join("prolific-speed-down"))
}
