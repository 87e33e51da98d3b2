use crate::{Error, Money, ParticipantId, Result, SubmissionId, money::Currency};

/// How many bonuses a request may have: about 200 by the documentation.
const MOST: usize = 200;

/// Whom a bonus is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BonusRecipient {
    /// A participant of the study.
    Participant(ParticipantId),
    /// Whoever made this submission to the study.
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
}

/// The bonuses as lines of id and amount in major units: the one place of the API where amounts
/// are not minor units.
pub(super) fn to_csv(bonuses: &[Bonus]) -> Result<String> {
    let Some(first) = bonuses.first() else {
        return Err(Error::invalid_input("there is no bonus to pay: give one at least"));
    };
    if bonuses.len() > MOST {
        return Err(Error::invalid_input(format!(
            "{} bonuses are more than the {MOST} that a request may have: create more payments, \
             each of which is paid by itself",
            bonuses.len()
        )));
    }
    let currency = first.amount.currency();
    let lines = bonuses.iter().enumerate().map(|(index, bonus)| {
        line(bonus, currency).map_err(|why| {
            let (number, id) = (index + 1, bonus.recipient.as_str());
            Error::invalid_input(format!("bonus {number}, for {id:?}: {why}"))
        })
    });
    Ok(lines.collect::<Result<Vec<_>>>()?.join("\n"))
}

fn line(bonus: &Bonus, currency: &Currency) -> Result<String, String> {
    let Bonus { recipient, amount } = bonus;
    let id = recipient.as_str();
    if id.contains([',', '"', '\'']) || id.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("the id has a comma, a quote or a blank in it, which a line can't have".into());
    }
    if amount.currency() != currency {
        let other = amount.currency();
        return Err(format!(
            "its currency is {other}, that of the first is {currency}: use that of the workspace"
        ));
    }
    if !amount.minor().is_positive() {
        return Err(format!("{amount} can't be paid: give more than nothing"));
    }
    if !amount.minor().is_whole() {
        return Err(format!("{amount} has a fraction of a minor unit: round it"));
    }
    let Some(major) = amount.to_major() else {
        return Err(format!("how many minor units a {currency} has is not known: use GBP or USD"));
    };
    Ok(format!("{id},{major}"))
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
            (bonus("p2", "0"), "can't be paid"),
            (bonus("p2", "-1"), "can't be paid"),
            (bonus("p2", "0.5"), "a fraction of a minor unit"),
            (bonus("p2", "283.34"), "a fraction of a minor unit"),
            (other("USD"), "its currency is USD"),
            (other("JPY"), "its currency is JPY"),
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
            assert!(text.starts_with("bonus 2, for ") && text.contains(why), "{text}");
        }
        assert!(ParticipantId::new("p\n2").is_err());
        assert!(to_csv(&[other("JPY")]).unwrap_err().to_string().contains("use GBP or USD"));
    }

    #[test]
    fn a_request_has_one_to_200_bonuses() {
        assert!(to_csv(&[]).unwrap_err().to_string().contains("no bonus"));
        assert_eq!(to_csv(&vec![bonus("p", "1"); 200]).unwrap().lines().count(), 200);
        let error = to_csv(&vec![bonus("p", "1"); 201]).unwrap_err().to_string();
        assert!(error.contains("201 bonuses are more than the 200"), "{error}");
    }
}
