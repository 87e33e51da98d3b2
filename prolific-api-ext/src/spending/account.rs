use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    Expense, Spending,
    cost::{Cost, What},
};
use crate::{Minor, Money};

/// What a client and its clones have spent, and may spend.
#[derive(Debug)]
pub(crate) struct Account {
    limit: Option<Money>,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    spent: Minor,
    reserved: Minor,
    would_spend: Minor,
    /// By study: what was counted when it was published and grew.
    studies: HashMap<String, Commitment>,
    /// What prepared bonuses cost, by their id, and what is reserved for those in doubt.
    bonuses: HashMap<String, Minor>,
    doubtful_bonuses: HashMap<String, Minor>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Commitment {
    counted: Minor,
    /// What of it no approval has used.
    left: Minor,
}

/// What a call has taken from the account.
#[derive(Debug)]
pub(super) struct Entry {
    cost: Cost,
    /// What it counts for: its cost, less what was counted before.
    pub(super) asked: Minor,
    /// What was taken of commitments, by study.
    drawn: Vec<(String, Minor)>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Done,
    NotDone,
    InDoubt,
}

impl Account {
    pub(crate) fn new(limit: Option<Money>) -> Self {
        Self { limit, books: Mutex::default() }
    }

    pub(crate) fn spending(&self) -> Spending {
        let Books { spent, reserved, would_spend, .. } = *self.books();
        Spending { limit: self.limit.clone(), spent, reserved, would_spend }
    }

    /// Tells what prepared bonuses cost.
    pub(crate) fn declare(&self, bonuses: &str, total: Minor) {
        self.books().bonuses.insert(bonuses.to_owned(), total);
    }

    /// Tells what became of bonuses that were in doubt.
    #[cfg(feature = "payments")]
    pub(crate) fn settle_bonuses(&self, bonuses: &str, are_paid: bool) {
        let mut books = self.books();
        if let Some(amount) = books.doubtful_bonuses.remove(bonuses) {
            books.reserved = less(books.reserved, amount);
            if are_paid {
                books.spent = more(books.spent, amount);
            }
        }
    }

    pub(super) fn total_of(&self, bonuses: &str) -> Option<Minor> {
        self.books().bonuses.get(bonuses).copied()
    }

    /// Reserves what a call costs.
    ///
    /// # Errors
    ///
    /// Returns what it would have cost if that is more than is left.
    pub(super) fn reserve(&self, cost: Cost) -> Result<Entry, Expense> {
        let mut books = self.books();
        let entry = books.entry(cost);
        let expense = books.expense(&entry, self.limit.as_ref());
        if let Some(limit) = &self.limit {
            let is_other = |currency| currency != limit.currency();
            let after = expense.spent.checked_add(entry.asked);
            let is_within = after.is_some_and(|after| after <= limit.minor());
            if expense.currency.as_ref().is_some_and(is_other) || !is_within {
                return Err(expense);
            }
        }
        books.take(&entry);
        Ok(entry)
    }

    /// Counts what a call would have cost.
    pub(super) fn would_spend(&self, cost: Cost) -> Expense {
        let mut books = self.books();
        let entry = books.entry(cost);
        books.would_spend = more(books.would_spend, entry.asked);
        books.expense(&entry, self.limit.as_ref())
    }

    /// The expense of a call whose cost is not known.
    pub(super) fn unknown(&self) -> Expense {
        let books = self.books();
        let spent = more(books.spent, books.reserved);
        Expense { asked: None, currency: None, spent, limit: self.limit.clone() }
    }

    /// Enters how a call ended that something was reserved for.
    pub(super) fn settle(&self, entry: &Entry, ended: Ended) {
        let mut books = self.books();
        match ended {
            Ended::NotDone => books.give_back(entry),
            Ended::Done => {
                books.reserved = less(books.reserved, entry.asked);
                books.spent = more(books.spent, entry.asked);
            }
            Ended::InDoubt => {
                if let What::Bonuses(id) = &entry.cost.what {
                    let doubtful = books.doubtful_bonuses.entry(id.clone()).or_default();
                    *doubtful = more(*doubtful, entry.asked);
                }
            }
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn entry(&self, cost: Cost) -> Entry {
        let (mut asked, mut drawn) = (cost.amount, Vec::new());
        match &cost.what {
            What::Publication(study) => {
                let counted = self.studies.get(study).map(|study| study.counted);
                asked = less(asked, counted.unwrap_or_default());
            }
            What::Submissions(studies) => {
                for (study, amount) in studies {
                    let left = self.studies.get(study).map_or(Minor::ZERO, |study| study.left);
                    let covered = left.min(*amount);
                    asked = less(asked, covered);
                    drawn.push((study.clone(), covered));
                }
            }
            What::Growth(_) | What::Bonuses(_) => {}
        }
        Entry { cost, asked, drawn }
    }

    fn expense(&self, entry: &Entry, limit: Option<&Money>) -> Expense {
        let of_limit = || limit.map(|limit| limit.currency().clone());
        Expense {
            asked: Some(entry.asked),
            currency: entry.cost.currency.clone().or_else(of_limit),
            spent: more(self.spent, self.reserved),
            limit: limit.cloned(),
        }
    }

    fn take(&mut self, entry: &Entry) {
        self.reserved = more(self.reserved, entry.asked);
        if let Some(study) = entry.cost.grows() {
            let study = self.studies.entry(study.to_owned()).or_default();
            study.counted = more(study.counted, entry.asked);
            study.left = more(study.left, entry.asked);
        }
        for (study, covered) in &entry.drawn {
            if let Some(study) = self.studies.get_mut(study) {
                study.left = less(study.left, *covered);
            }
        }
    }

    fn give_back(&mut self, entry: &Entry) {
        self.reserved = less(self.reserved, entry.asked);
        if let Some(study) = entry.cost.grows().and_then(|study| self.studies.get_mut(study)) {
            study.counted = less(study.counted, entry.asked);
            study.left = less(study.left, entry.asked);
        }
        for (study, covered) in &entry.drawn {
            if let Some(study) = self.studies.get_mut(study) {
                study.left = more(study.left, *covered);
            }
        }
    }
}

/// The sum. One that has too many digits is beyond every limit.
fn more(amount: Minor, other: Minor) -> Minor {
    amount.checked_add(other).unwrap_or(Minor::MAX)
}

/// The difference, which is never below nothing.
fn less(amount: Minor, other: Minor) -> Minor {
    amount.checked_sub(other).unwrap_or(amount).max(Minor::ZERO)
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::{Account, Cost, Ended, What};
    use crate::{Minor, Money, money::Currency};

    fn limited(limit: i32) -> Account {
        Account::new(Some(Money::from_minor(limit, Currency::Gbp)))
    }

    fn bonuses(amount: i32) -> Cost {
        cost(What::Bonuses("b".into()), amount)
    }

    fn cost(what: What, amount: i32) -> Cost {
        Cost { what, amount: amount.into(), currency: None }
    }

    fn publication(amount: i32) -> Cost {
        cost(What::Publication("s".into()), amount)
    }

    fn approval(amount: i32) -> Cost {
        cost(What::Submissions(vec![("s".into(), amount.into())]), amount)
    }

    fn books(account: &Account) -> [Minor; 2] {
        let spending = account.spending();
        [spending.spent, spending.reserved]
    }

    #[test]
    fn a_reservation_is_spent_or_released_and_kept_if_the_outcome_is_unknown() {
        let account = limited(100);
        let entry = account.reserve(bonuses(60)).unwrap();
        let refused = account.reserve(bonuses(41)).unwrap_err();
        assert_eq!((refused.asked, refused.spent), (Some(41.into()), 60.into()));
        account.settle(&entry, Ended::NotDone);
        assert_eq!(books(&account), [Minor::ZERO; 2]);
        let entry = account.reserve(bonuses(60)).unwrap();
        account.settle(&entry, Ended::Done);
        assert_eq!(books(&account), [60.into(), 0.into()]);
        let entry = account.reserve(bonuses(40)).unwrap();
        account.settle(&entry, Ended::InDoubt);
        assert_eq!(books(&account), [60.into(), 40.into()]);
        assert!(account.reserve(bonuses(1)).is_err());
    }

    #[cfg(feature = "payments")]
    #[test]
    fn bonuses_in_doubt_are_settled_once() {
        let account = limited(100);
        for (are_paid, spent) in [(false, 0), (true, 100)] {
            let entry = account.reserve(bonuses(100)).unwrap();
            account.settle(&entry, Ended::InDoubt);
            assert!(account.reserve(bonuses(1)).is_err());
            account.settle_bonuses("b", are_paid);
            account.settle_bonuses("b", are_paid);
            assert_eq!(books(&account), [spent.into(), 0.into()]);
        }
    }

    #[test]
    fn approvals_of_a_published_study_are_not_counted_again() {
        let account = limited(100);
        account.settle(&account.reserve(publication(80)).unwrap(), Ended::Done);
        let entry = account.reserve(approval(30)).unwrap();
        assert_eq!(entry.asked, Minor::ZERO);
        account.settle(&entry, Ended::NotDone);
        account.settle(&account.reserve(approval(80)).unwrap(), Ended::Done);
        assert_eq!(account.reserve(approval(21)).unwrap_err().asked, Some(21.into()));
        assert_eq!(account.reserve(approval(20)).unwrap().asked, 20.into());
    }

    #[test]
    fn publishing_again_after_a_doubt_is_not_counted_twice() {
        let account = limited(100);
        account.settle(&account.reserve(publication(80)).unwrap(), Ended::InDoubt);
        let again = account.reserve(publication(80)).unwrap();
        assert_eq!(again.asked, Minor::ZERO);
        account.settle(&again, Ended::Done);
        let grown = account.reserve(cost(What::Growth("s".into()), 21)).unwrap_err();
        assert_eq!(grown.spent, 80.into());
    }

    #[test]
    fn another_currency_is_refused() {
        let dollars = Cost { currency: Some(Currency::Usd), ..bonuses(1) };
        assert!(limited(100).reserve(dollars).is_err());
    }

    #[test]
    fn threads_together_never_reserve_more_than_the_limit() {
        let account = Arc::new(limited(1_000));
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let account = account.clone();
                thread::spawn(move || {
                    let taken = (0..100).filter_map(|_| account.reserve(bonuses(7)).ok());
                    taken.inspect(|entry| account.settle(entry, Ended::Done)).count()
                })
            })
            .collect();
        let taken: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(taken, 1_000 / 7);
        assert_eq!(books(&account), [(142 * 7).into(), 0.into()]);
    }
}
