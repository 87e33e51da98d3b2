use super::RowProblem;
use crate::{Error, Money, ParticipantId, Result, SubmissionId, money::Currency};

/// How many bonuses a request may have: about 200 by the documentation.
pub(super) const MOST: usize = 200;

/// Whom a bonus is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BonusRecipient {
    /// A participant of the study.
    Participant(ParticipantId),
    /// The participant who made this submission to the study.
    Submission(SubmissionId),
}

impl BonusRecipient {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Participant(id) => id.as_str(),
            Self::Submission(id) => id.as_str(),
        }
    }
}

impl From<ParticipantId> for BonusRecipient {
    fn from(id: ParticipantId) -> Self {
        Self::Participant(id)
    }
}

impl From<SubmissionId> for BonusRecipient {
    fn from(id: SubmissionId) -> Self {
        Self::Submission(id)
    }
}

/// A bonus for one participant.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{Money, SubmissionId, bonuses::Bonus, money::Currency};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let submission = SubmissionId::new("60d9aadeb86739de712faee0")?;
/// let bonus = Bonus::new(submission, Money::from_major("1.50", Currency::Gbp)?);
/// assert_eq!(bonus.amount.to_string(), "1.50 GBP");
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Bonus {
    /// Whom it is for.
    pub recipient: BonusRecipient,
    /// How much it is, in the currency of the workspace.
    pub amount: Money,
}

impl Bonus {
    /// A bonus for a participant, named by [`ParticipantId`] or by [`SubmissionId`].
    pub fn new(recipient: impl Into<BonusRecipient>, amount: Money) -> Self {
        Self { recipient: recipient.into(), amount }
    }

    /// Checks that it can be paid, in this currency.
    #[cfg(feature = "payments")]
    pub(super) fn check(&self, currency: &Currency) -> Result<(), RowProblem> {
        self.to_line(currency).map(drop)
    }

    fn to_line(&self, currency: &Currency) -> Result<String, RowProblem> {
        let Self { recipient, amount } = self;
        let id = recipient.as_str();
        let is_separator = |c: char| matches!(c, ',' | '"' | '\'') || c.is_whitespace();
        if id.contains(is_separator) || id.contains(char::is_control) {
            return Err(RowProblem::Recipient);
        }
        if amount.currency() != currency {
            return Err(RowProblem::OtherCurrency);
        }
        if !amount.minor().is_positive() {
            return Err(RowProblem::NotPositive);
        }
        if !amount.minor().is_whole() {
            return Err(RowProblem::Fraction);
        }
        let major = amount.to_major().ok_or(RowProblem::UnknownCurrency)?;
        Ok(format!("{id},{major}"))
    }
}

/// The bonuses as lines of id and amount in major units: the one place of the API where amounts
/// are not minor units.
pub(super) fn to_csv(bonuses: &[Bonus]) -> Result<String> {
    let Some(first) = bonuses.first() else {
        return Err(Error::invalid_input("there is no bonus to pay: give at least one"));
    };
    if bonuses.len() > MOST {
        return Err(Error::invalid_input(format!(
            "{} bonuses are too many for one request, which may have {MOST}: create several \
             payments, and pay each separately",
            bonuses.len()
        )));
    }
    let currency = first.amount.currency();
    let lines = (1..).zip(bonuses).map(|(number, bonus)| {
        let problem = |problem| Error::invalid_input(format!("bonus {number}: {problem}"));
        bonus.to_line(currency).map_err(problem)
    });
    Ok(lines.collect::<Result<Vec<_>>>()?.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{Bonus, to_csv};
    use crate::{ErrorKind, Minor, Money, ParticipantId, SubmissionId, money::Currency};

    fn bonus(id: &str, minor: &str) -> Bonus {
        let amount = Money::from_minor(minor.parse::<Minor>().unwrap(), Currency::Gbp);
        Bonus::new(ParticipantId::new(id).unwrap(), amount)
    }

    #[test]
    fn minor_units_are_written_as_major_ones() {
        let sum = "0.1".parse::<Minor>().unwrap().checked_add("29.9".parse().unwrap()).unwrap();
        let by_submission = SubmissionId::new("s1").unwrap();
        let bonuses = [
            bonus("p1", "3000"),
            bonus("p2", "1"),
            Bonus::new(by_submission, Money::from_minor(sum, Currency::Gbp)),
            Bonus { amount: Money::from_major("4.25", Currency::Gbp).unwrap(), ..bonus("p4", "1") },
            bonus("p5", "1234567"),
        ];
        assert_eq!(to_csv(&bonuses).unwrap(), "p1,30.00\np2,0.01\ns1,0.30\np4,4.25\np5,12345.67");
    }

    #[test]
    fn what_can_not_be_paid_is_refused_and_says_which_it_is() {
        let other = |currency: &str| Bonus {
            amount: Money::from_minor(1, Currency::from(currency)),
            ..bonus("p2", "1")
        };
        let table = [
            (bonus("p2", "0"), "not positive"),
            (bonus("p2", "-1"), "not positive"),
            (bonus("p2", "0.5"), "a fraction of a minor unit"),
            (bonus("p2", "283.34"), "a fraction of a minor unit"),
            (other("USD"), "its currency is not that of the plan"),
            (other("JPY"), "its currency is not that of the plan"),
            (bonus("p,2", "1"), "a comma"),
            (bonus("p\"2", "1"), "a comma"),
            (bonus("'p2", "1"), "a comma"),
            (bonus("p 2", "1"), "a comma"),
            (bonus(" p2", "1"), "a comma"),
            (bonus("p\u{2028}2", "1"), "a comma"),
        ];
        for (bad, why) in table {
            let error = to_csv(&[bonus("p1", "1"), bad.clone()]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad:?}");
            let text = error.to_string();
            assert!(text.starts_with("bonus 2: ") && text.contains(why), "{text}");
        }
        assert!(ParticipantId::new("p\n2").is_err());
        assert!(to_csv(&[other("JPY")]).unwrap_err().to_string().contains("use GBP or USD"));
    }

    #[test]
    fn a_request_has_one_to_200_bonuses() {
        assert!(to_csv(&[]).unwrap_err().to_string().contains("no bonus"));
        assert_eq!(to_csv(&vec![bonus("p", "1"); 200]).unwrap().lines().count(), 200);
        let error = to_csv(&vec![bonus("p", "1"); 201]).unwrap_err().to_string();
        assert!(error.contains("201 bonuses are too many for one request"), "{error}");
    }
}
