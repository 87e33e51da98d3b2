use std::{error, fmt, io};

/// Why a ledger file can't be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum LedgerError {
    /// The file can't be read or written.
    Io(io::Error),
    /// Another process, or another payout of this one, uses it.
    InUse,
    /// It is no ledger, or one of a newer version. Nothing was changed in it.
    NotALedger,
    /// It is the ledger of another payout.
    OtherPayout {
        /// What differs: the study, the workspace, the plan, or the size of parts.
        differs: &'static str,
    },
    /// A record was modified or is missing, so the ledger no longer shows what was paid.
    Damaged {
        /// The line.
        line: usize,
    },
    /// A record could not be written before, so that nothing more is.
    Broken,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the ledger can't be read or written: {error}"),
            Self::InUse => f.write_str("the ledger is in use: another run is in progress"),
            Self::NotALedger => f.write_str(
                "the file is not a ledger, or was written by a newer version: give another path",
            ),
            Self::OtherPayout { differs } => write!(
                f,
                "the ledger belongs to another payout ({differs} differs): use a separate ledger \
                 for each"
            ),
            Self::Damaged { line } => write!(
                f,
                "line {line} of the ledger was modified, so it no longer shows what was paid: \
                 check the `bonus_payments` of the submissions"
            ),
            Self::Broken => f.write_str("a record could not be written: run the payout again"),
        }
    }
}

impl error::Error for LedgerError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for LedgerError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
