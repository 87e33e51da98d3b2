use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    io::Read,
};

use sha2::{Digest as _, Sha256};

use super::{BadRow, Bonus, PlanError, RowProblem, bonus, ledger::hex, plan_file};
use crate::{Minor, Money, money::Currency};

/// How many bonuses a plan may have, and how large its file may be.
const MAX_ROWS: usize = 10_000;
const MAX_BYTES: u64 = 4 << 20;

/// Bonuses that are to be paid together: checked, summed up, and split into parts of at most 200.
///
/// Its `Debug` has counts and sums alone.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{bonuses::BonusPlan, money::Currency};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let file = "\
/// participant_id,amount
/// 60d9aadeb86739de712faee0,1.50
/// 60aca280709ee40ec37d4885,0.75
/// ";
/// let plan = BonusPlan::from_csv(file.as_bytes(), Currency::Gbp)?;
/// assert_eq!((plan.len(), plan.amount().to_string()), (2, "2.25 GBP".to_owned()));
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BonusPlan {
    bonuses: Vec<Bonus>,
    /// The line or number of each.
    lines: Vec<u64>,
    amount: Money,
    allows_duplicates: bool,
}

/// Options for reading a [`BonusPlan`]. Returned by [`BonusPlan::options`].
#[derive(Clone, Debug)]
#[must_use = "options do nothing until a plan is made"]
pub struct PlanOptions {
    pub(super) max_rows: usize,
    pub(super) max_bytes: u64,
    pub(super) allows_duplicates: bool,
    pub(super) header: Option<bool>,
}

/// A bonus and its row, or why it can't be paid.
pub(super) type Row = (u64, Result<Bonus, RowProblem>);

impl BonusPlan {
    /// A plan of these bonuses.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with each of them by its number; see [`PlanError`].
    pub fn new(bonuses: impl IntoIterator<Item = Bonus>) -> Result<Self, PlanError> {
        Self::options().plan(bonuses)
    }

    /// A plan of a CSV file with a recipient and an amount in each row, in a currency.
    ///
    /// Amounts are in major units, like `1.50`; a currency that a row names, as `1.50 GBP`, `£1.50`
    /// or in a column, has to be that of the plan. With a header, columns are found by name:
    /// `participant_id` or `submission_id`, `amount` or `bonus`, and `currency`; others are left
    /// alone. Without one they are, in this order, the id of a participant, the amount, and
    /// maybe the currency. Semicolons and tabs separate cells too.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with each row by its line; see [`PlanError`].
    pub fn from_csv(reader: impl Read, currency: Currency) -> Result<Self, PlanError> {
        Self::options().from_csv(reader, currency)
    }

    /// Options for other limits, and for recipients that have several bonuses.
    pub fn options() -> PlanOptions {
        PlanOptions {
            max_rows: MAX_ROWS,
            max_bytes: MAX_BYTES,
            allows_duplicates: false,
            header: None,
        }
    }

    /// How many bonuses it has.
    #[allow(clippy::len_without_is_empty, reason = "an empty one can't be made")]
    pub fn len(&self) -> usize {
        self.bonuses.len()
    }

    /// What the participants get in all, without the fees of Prolific and the tax on them.
    pub fn amount(&self) -> &Money {
        &self.amount
    }

    /// The currency.
    pub fn currency(&self) -> &Currency {
        self.amount.currency()
    }

    /// The bonuses, in order.
    pub fn bonuses(&self) -> &[Bonus] {
        &self.bonuses
    }

    /// The line or number of each bonus.
    pub fn lines(&self) -> &[u64] {
        &self.lines
    }

    /// The line or number of a bonus.
    pub(super) fn line(&self, index: usize) -> u64 {
        self.lines[index]
    }

    pub(super) fn allows_duplicates(&self) -> bool {
        self.allows_duplicates
    }

    /// A digest of whom it pays how much.
    pub(super) fn digest(&self) -> String {
        let mut digest = Sha256::new().chain_update(self.currency().as_str());
        for Bonus { recipient, amount } in &self.bonuses {
            digest.update(format!("\n{},{}", recipient.as_str(), amount.minor()));
        }
        hex(&digest.finalize())
    }

    /// The parts that it is paid in, each a request: at most 200 bonuses, in order.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = &[Bonus]> {
        self.bonuses.chunks(bonus::MOST)
    }
}

impl PlanOptions {
    /// Sets how many bonuses it may have. Default: 10,000.
    pub fn max_rows(mut self, rows: usize) -> Self {
        self.max_rows = rows;
        self
    }

    /// Sets how large a file may be. Default: 4 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Lets a recipient have several bonuses. By default that is a
    /// [problem](RowProblem::Duplicate) of the later row.
    pub fn allow_duplicates(mut self) -> Self {
        self.allows_duplicates = true;
        self
    }

    /// Sets whether the first row of a file is a header. Default: it is if it has the name of a
    /// column in it.
    pub fn header(mut self, has_header: bool) -> Self {
        self.header = Some(has_header);
        self
    }

    /// A plan of these bonuses; see [`BonusPlan::new`].
    ///
    /// # Errors
    ///
    /// Returns what is wrong with each of them by its number; see [`PlanError`].
    pub fn plan(self, bonuses: impl IntoIterator<Item = Bonus>) -> Result<BonusPlan, PlanError> {
        let rows = (1..).zip(bonuses.into_iter().map(Ok));
        self.checked(rows, None)
    }

    /// A plan of a CSV file; see [`BonusPlan::from_csv`].
    ///
    /// # Errors
    ///
    /// Returns what is wrong with each row by its line; see [`PlanError`].
    pub fn from_csv(self, reader: impl Read, currency: Currency) -> Result<BonusPlan, PlanError> {
        let rows = plan_file::read(reader, &currency, &self)?;
        self.checked(rows, Some(currency))
    }

    fn checked(
        self,
        rows: impl IntoIterator<Item = Row>,
        currency: Option<Currency>,
    ) -> Result<BonusPlan, PlanError> {
        let (mut bonuses, mut lines, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        let mut currency = currency;
        let mut first_of = HashMap::new();
        for (index, (line, bonus)) in rows.into_iter().enumerate() {
            if index >= self.max_rows {
                return Err(PlanError::TooManyRows { limit: self.max_rows });
            }
            let checked = bonus.and_then(|bonus| {
                let currency = currency.get_or_insert_with(|| bonus.amount.currency().clone());
                bonus.check(currency)?;
                match first_of.entry(bonus.recipient.as_str().to_owned()) {
                    Entry::Occupied(first) if !self.allows_duplicates => {
                        Err(RowProblem::Duplicate { first: *first.get() })
                    }
                    Entry::Occupied(_) => Ok(bonus),
                    Entry::Vacant(place) => {
                        place.insert(line);
                        Ok(bonus)
                    }
                }
            });
            match checked {
                Ok(bonus) => {
                    bonuses.push(bonus);
                    lines.push(line);
                }
                Err(problem) => bad.push(BadRow { line, problem }),
            }
        }
        if !bad.is_empty() {
            return Err(PlanError::Rows(bad));
        }
        let amount = sum(&bonuses)?;
        Ok(BonusPlan { bonuses, lines, amount, allows_duplicates: self.allows_duplicates })
    }
}

fn sum(bonuses: &[Bonus]) -> Result<Money, PlanError> {
    let currency = bonuses.first().ok_or(PlanError::Empty)?.amount.currency();
    let amounts = bonuses.iter().map(|bonus| bonus.amount.minor());
    let sum = amounts.into_iter().try_fold(Minor::ZERO, Minor::checked_add);
    Ok(Money::from_minor(sum.ok_or(PlanError::TooMuch)?, currency.clone()))
}

impl fmt::Debug for BonusPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BonusPlan")
            .field("bonuses", &self.bonuses.len())
            .field("parts", &self.parts().len())
            .field("amount", &self.amount)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::BonusPlan;
    use crate::{
        ErrorKind, Money, ParticipantId,
        bonuses::{BadRow, Bonus, PlanError, RowProblem},
        money::Currency,
    };

    fn bonus(id: &str, major: &str, currency: Currency) -> Bonus {
        Bonus::new(ParticipantId::new(id).unwrap(), Money::from_major(major, currency).unwrap())
    }

    fn pounds(id: &str, major: &str) -> Bonus {
        bonus(id, major, Currency::Gbp)
    }

    #[test]
    fn a_plan_is_summed_up_and_split_at_200() {
        let many = |count: usize| (0..count).map(|n| pounds(&format!("p{n}"), "0.01"));
        for (count, parts) in
            [(1, vec![1]), (200, vec![200]), (201, vec![200, 1]), (450, vec![200, 200, 50])]
        {
            let plan = BonusPlan::new(many(count)).unwrap();
            assert_eq!(plan.parts().map(<[_]>::len).collect::<Vec<_>>(), parts);
            assert_eq!(plan.amount().minor().to_string(), count.to_string());
        }
    }

    #[test]
    fn every_bonus_that_can_not_be_paid_is_reported_by_its_number() {
        let bonuses = [
            pounds("p1", "1"),
            pounds("p2", "0"),
            bonus("p3", "1", Currency::Usd),
            pounds("p1", "2"),
            pounds("p 5", "1"),
            pounds("p6", "0.001"),
        ];
        let Err(PlanError::Rows(rows)) = BonusPlan::new(bonuses) else { panic!("it is refused") };
        let told: Vec<_> =
            rows.into_iter().map(|BadRow { line, problem }| (line, problem)).collect();
        let expected = [
            (2, RowProblem::NotPositive),
            (3, RowProblem::OtherCurrency),
            (4, RowProblem::Duplicate { first: 1 }),
            (5, RowProblem::Recipient),
            (6, RowProblem::Fraction),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_recipient_may_have_several_bonuses_if_the_caller_says_so() {
        let bonuses = || [pounds("p1", "1"), pounds("p1", "2.50")];
        assert!(BonusPlan::new(bonuses()).is_err());
        let plan = BonusPlan::options().allow_duplicates().plan(bonuses()).unwrap();
        assert_eq!((plan.len(), &*plan.amount().to_string()), (2, "3.50 GBP"));
    }

    #[test]
    fn a_plan_is_neither_empty_nor_without_end() {
        assert!(matches!(BonusPlan::new([]), Err(PlanError::Empty)));
        let endless = (0..).map(|n| pounds(&format!("p{n}"), "1"));
        let refused = BonusPlan::options().max_rows(3).plan(endless);
        assert!(matches!(refused, Err(PlanError::TooManyRows { limit: 3 })));
        let most = |id| bonus(id, "9999999999999.99", Currency::Gbp);
        assert!(matches!(BonusPlan::new([most("a"), most("b")]), Err(PlanError::TooMuch)));
    }

    #[test]
    fn neither_debug_nor_an_error_shows_a_recipient() {
        let plan = BonusPlan::new([pounds("sesame", "1")]).unwrap();
        let refused = BonusPlan::new([pounds("sesame", "1"), pounds("sesame", "77.01")]);
        let refused = refused.unwrap_err();
        let mut shown = format!("{plan:?} {refused} {refused:?} ");
        let error = crate::Error::from(refused);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        shown += &format!("{error} {error:?}");
        assert!(!shown.contains("sesame") && !shown.contains("77"), "{shown}");
    }
}
