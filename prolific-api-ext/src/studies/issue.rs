use std::{error, fmt};

use crate::{Error, Minor};

/// A documented limit that a [`NewStudy`](super::NewStudy) or a [`StudyChange`](super::StudyChange) does not
/// keep.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StudyIssue {
    /// The field as it is sent, with the place in a list: `completion_codes[1].code`.
    pub field: String,
    /// What is wrong with it.
    pub problem: StudyProblem,
}

/// What is wrong with a field of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyProblem {
    /// It is needed and not set; any of these would do.
    Missing(Vec<&'static str>),
    /// It has nothing in it.
    Empty,
    /// It is less than it may be.
    TooLow {
        /// The least that it may be.
        least: String,
    },
    /// It is more than it may be.
    TooHigh {
        /// The most that it may be.
        most: String,
    },
    /// It has a fraction of a penny or a cent.
    Fraction,
    /// It is no number (NaN), or infinite.
    NotANumber,
    /// It can't be set beside another field.
    Excludes(&'static str),
    /// It means nothing without another field.
    Needs(&'static str),
    /// It is there twice and has to differ.
    Repeated,
    /// It has more entries than it may.
    TooMany {
        /// How many it may have.
        most: usize,
    },
    /// It is not the sum that it has to be.
    NotTheSum {
        /// What it has to be.
        sum: u64,
    },
    /// It can't be used as what it stands for, which the text explains.
    Unusable(String),
}

/// Something of a study that is allowed and hardly meant. Told in an event (`WARN`) when the study is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyWarning {
    /// The reward comes to less or more in an hour than studies pay, as it does when pounds are given for
    /// pence. [`any_pay`](super::NewStudy::any_pay) turns it off.
    HourlyPay {
        /// What the reward comes to in an hour, in pence or cents, rounded.
        per_hour: Minor,
        /// The least that is not warned of.
        least: Minor,
        /// The most that is not warned of.
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
            Self::Fraction => f.write_str("is no whole number of pence or cents"),
            Self::NotANumber => f.write_str("is no number"),
            Self::Excludes(other) => write!(f, "can't be set beside {other}"),
            Self::Needs(other) => write!(f, "needs {other}"),
            Self::Repeated => f.write_str("is there twice"),
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
                "the reward is {per_hour} an hour, in pence or cents, and studies pay {least} to \
                 {most}: `any_pay` takes it"
            ),
            Self::Placeholder(text) => {
                write!(f, "the URL has {text}, which Prolific does not replace")
            }
        }
    }
}

/// What is wrong with a study, as the cause of an error.
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

/// What is wrong with a study that [`create`](super::Studies::create) or
/// [`update`](super::Studies::update) refused to send; empty of any other error.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::studies::{NewStudy, study_issues};
///
/// # use prolific_api_ext::simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> prolific_api_ext::Result<()> {
/// # let simulator = Simulator::start();
/// # let prolific = simulator.prolific()?;
/// let draft = NewStudy::new("Birds", "Name them.").reward(-1).minutes(0);
/// let error = prolific.studies().create(draft).await.unwrap_err();
/// let fields: Vec<_> = study_issues(&error).iter().map(|issue| &*issue.field).collect();
/// assert!(fields.contains(&"reward") && fields.contains(&"estimated_completion_time"));
/// # Ok(())
/// # }
/// ```
pub fn study_issues(error: &Error) -> &[StudyIssue] {
    let source = error::Error::source(error).and_then(|source| source.downcast_ref::<Issues>());
    source.map_or(&[], |issues| &issues.0)
}

/// Refuses a study with issues.
pub(super) fn refuse(issues: Vec<StudyIssue>) -> crate::Result<()> {
    if issues.is_empty() {
        return Ok(());
    }
    let issues = Issues(issues);
    Err(Error::invalid_input(format!("the study can't be sent: {issues}")).caused_by(issues))
}
