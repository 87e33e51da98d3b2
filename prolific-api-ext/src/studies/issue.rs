use std::{error, fmt};

use crate::{Error, Minor};

/// A violation of a documented limit by a [`NewStudy`](super::NewStudy) or a
/// [`StudyChange`](super::StudyChange).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StudyIssue {
    /// The field as it is sent, with an index for lists: `completion_codes[1].code`.
    pub field: String,
    /// The problem.
    pub problem: StudyProblem,
}

/// A problem with a field of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyProblem {
    /// Required and not set; any of these would do.
    Missing(Vec<&'static str>),
    /// Empty.
    Empty,
    /// Too small.
    TooLow {
        /// The minimum.
        least: String,
    },
    /// Too large.
    TooHigh {
        /// The maximum.
        most: String,
    },
    /// Not a whole number of pence or cents.
    Fraction,
    /// NaN or infinite.
    NotANumber,
    /// Excluded by another field that is set.
    Excludes(&'static str),
    /// Meaningless without another field.
    Needs(&'static str),
    /// Duplicate.
    Repeated,
    /// Too many entries.
    TooMany {
        /// The maximum number of entries.
        most: usize,
    },
    /// Not the required sum.
    NotTheSum {
        /// The required sum.
        sum: u64,
    },
    /// Unusable, for the given reason.
    Unusable(String),
}

/// Something in a study that is allowed but probably a mistake. Emitted as a `WARN` event when the
/// study is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyWarning {
    /// The hourly pay is unusually low or high, as if pounds were given instead of pence.
    /// [`any_pay`](super::NewStudy::any_pay) turns this off.
    HourlyPay {
        /// The hourly pay, in pence or cents, rounded.
        per_hour: Minor,
        /// The lowest pay without a warning.
        least: Minor,
        /// The highest pay without a warning.
        most: Minor,
    },
    /// The URL has a placeholder that Prolific does not replace.
    Placeholder(String),
}

impl StudyIssue {
    pub(super) fn new(field: impl Into<String>, problem: StudyProblem) -> Self {
        Self { field: field.into(), problem }
    }
}

impl fmt::Display for StudyIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.problem)
    }
}

impl fmt::Display for StudyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(others) if others.is_empty() => f.write_str("is not set"),
            Self::Missing(others) => write!(f, "is not set, nor is any of {}", others.join(", ")),
            Self::Empty => f.write_str("is empty"),
            Self::TooLow { least } => write!(f, "is less than {least}"),
            Self::TooHigh { most } => write!(f, "is more than {most}"),
            Self::Fraction => f.write_str("is not a whole number of pence or cents"),
            Self::NotANumber => f.write_str("is not a number"),
            Self::Excludes(other) => write!(f, "can't be combined with {other}"),
            Self::Needs(other) => write!(f, "needs {other}"),
            Self::Repeated => f.write_str("is listed twice"),
            Self::TooMany { most } => write!(f, "has more than {most}"),
            Self::NotTheSum { sum } => write!(f, "is not the sum of the places of the URLs, {sum}"),
            Self::Unusable(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for StudyWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HourlyPay { per_hour, least, most } => write!(
                f,
                "the reward is {per_hour} pence or cents per hour, but studies pay {least} to \
                 {most}: `any_pay` allows it"
            ),
            Self::Placeholder(text) => {
                write!(f, "the URL has {text}, which Prolific does not replace")
            }
        }
    }
}

/// The issues of a study, as the source of an error.
#[derive(Debug)]
struct Issues(Vec<StudyIssue>);

impl fmt::Display for Issues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, issue) in self.0.iter().enumerate() {
            write!(f, "{}{issue}", if number == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl error::Error for Issues {}

/// Returns the issues for which [`create`](super::Studies::create) or
/// [`update`](super::Studies::update) refused to send a study. Empty for any other error.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::studies::{NewStudy, study_issues};
///
/// # prolific_api_ext::simulator::example(async |simulator, prolific| {
/// let draft = NewStudy::new("Birds", "Name them.").reward(-1).minutes(0);
/// let error = prolific.studies().create(draft).await.unwrap_err();
/// let fields: Vec<_> = study_issues(&error).iter().map(|issue| &*issue.field).collect();
/// assert!(fields.contains(&"reward") && fields.contains(&"estimated_completion_time"));
/// # Ok(())
/// # });
/// ```
pub fn study_issues(error: &Error) -> &[StudyIssue] {
    let source = error::Error::source(error).and_then(|source| source.downcast_ref::<Issues>());
    source.map_or(&[], |issues| &issues.0)
}

/// Returns an error if there are issues.
pub(super) fn refuse(issues: Vec<StudyIssue>) -> crate::Result<()> {
    if issues.is_empty() {
        return Ok(());
    }
    let issues = Issues(issues);
    Err(Error::invalid_input(format!("the study can't be sent: {issues}")).caused_by(issues))
}
