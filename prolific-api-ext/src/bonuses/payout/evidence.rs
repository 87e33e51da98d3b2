//! What the submissions of a study show of bonuses that were paid.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::{StreamExt as _, TryStreamExt as _, future::BoxFuture, stream};

use super::PayoutError;
use crate::{
    Error, Minor, Number, Prolific, Result, StudyId, SubmissionId, bonuses::BonusPlan,
    resource::read,
};

/// How many submissions are read at a time.
const AT_A_TIME: usize = 4;

/// Whom the bonuses of a plan are for.
pub(super) struct People {
    /// By bonus: the first bonus of the same person.
    first: Vec<usize>,
    /// By the first bonus of a person: the submissions.
    submissions: BTreeMap<usize, Vec<SubmissionId>>,
}

/// A participant of the study, and the bonuses that are for it, by which id they name.
#[derive(Default)]
struct Person {
    by_participant: BTreeSet<usize>,
    by_submission: BTreeSet<usize>,
    submissions: Vec<SubmissionId>,
}

/// How many people of a part show what they were to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) people: usize,
    pub(super) of: usize,
}

/// Reads what was paid for a submission. A payment without an amount could be any of a plan, so that it
/// is an error, where a [`Submission`](crate::submissions::Submission) leaves it out.
async fn paid_for(prolific: &Prolific, submission: &SubmissionId) -> Result<Vec<Minor>> {
    let call = prolific.api().get_submission().id(submission.as_str());
    read(call.send().await, "get-submission", |detail| {
        let amount = |amount: Option<Number>| match amount {
            Some(amount) => amount.try_into(),
            None => Err(Error::unexpected("a payment in `bonus_payments` has no amount")),
        };
        detail.bonus_payments.into_iter().map(amount).collect()
    })
}

/// What people were paid, by their first bonus.
pub(super) type Paid = Vec<(usize, Vec<Minor>)>;

impl People {
    /// Finds them in the study.
    pub(super) async fn find(
        prolific: &Prolific,
        study: &StudyId,
        plan: &BonusPlan,
    ) -> Result<Self, PayoutError> {
        let mut by_id = HashMap::<String, Vec<usize>>::new();
        for (index, bonus) in plan.bonuses().iter().enumerate() {
            by_id.entry(bonus.recipient.as_str().to_owned()).or_default().push(index);
        }
        let mut people = HashMap::<String, Person>::new();
        let mut rows = prolific.studies().submissions(study);
        while let Some(row) = rows.next().await.transpose()? {
            let bonuses = |id: &str| by_id.get(id).into_iter().flatten().copied();
            let participant = row.participant_id.as_ref().map(|id| id.as_str());
            // Who has a bonus for one submission may be paid for another one too.
            let person = people.entry(participant.unwrap_or(row.id.as_str()).to_owned());
            let person = person.or_default();
            person.by_submission.extend(bonuses(row.id.as_str()));
            person.by_participant.extend(participant.into_iter().flat_map(bonuses));
            person.submissions.push(row.id);
        }
        Self::of(people.into_values(), plan)
    }

    fn of(people: impl Iterator<Item = Person>, plan: &BonusPlan) -> Result<Self, PayoutError> {
        let mut first = vec![None; plan.len()];
        let (mut all, mut same) = (BTreeMap::new(), Vec::new());
        for Person { by_participant, by_submission, submissions } in people {
            let bonuses: BTreeSet<usize> = by_participant.union(&by_submission).copied().collect();
            let Some(&first_of_person) = bonuses.first() else { continue };
            // Several submissions of a person may each have a bonus.
            let is_told_twice = !by_participant.is_empty() && bonuses.len() > 1;
            if is_told_twice && !plan.allows_duplicates() {
                same.extend(bonuses.iter().map(|index| plan.line(*index)));
            }
            for index in bonuses {
                first[index] = Some(first_of_person);
            }
            all.insert(first_of_person, submissions);
        }
        let unknown = first.iter().enumerate().filter(|(_, first)| first.is_none());
        let unknown: Vec<_> = unknown.map(|(index, _)| plan.line(index)).collect();
        if !unknown.is_empty() {
            return Err(PayoutError::UnknownRecipients { lines: unknown });
        }
        if !same.is_empty() {
            same.sort_unstable();
            return Err(PayoutError::SamePerson { lines: same });
        }
        Ok(Self { first: first.into_iter().flatten().collect(), submissions: all })
    }

    /// Reads what the people of these bonuses have been paid.
    pub(super) async fn paid(
        &self,
        prolific: &Prolific,
        bonuses: std::ops::Range<usize>,
    ) -> Result<Paid> {
        let mut people: Vec<usize> = self.first[bonuses].to_vec();
        people.sort_unstable();
        people.dedup();
        let reads = people.into_iter().map(|person| async move {
            let mut amounts = Vec::new();
            for submission in self.submissions.get(&person).into_iter().flatten() {
                amounts.extend(paid_for(prolific, submission).await?);
            }
            amounts.sort_unstable();
            crate::Result::Ok((person, amounts))
        });
        let reads: Vec<BoxFuture<'_, _>> = reads.map(|read| Box::pin(read) as _).collect();
        stream::iter(reads).buffered(AT_A_TIME).try_collect().await
    }

    /// How many people show the bonuses of a part in addition to what they had been paid before.
    pub(super) fn shown(
        &self,
        plan: &BonusPlan,
        bonuses: std::ops::Range<usize>,
        before: &Paid,
        now: &Paid,
    ) -> Shown {
        let mut expected: BTreeMap<usize, Vec<Minor>> = before.iter().cloned().collect();
        for index in bonuses {
            let amount = plan.bonuses()[index].amount.minor();
            expected.entry(self.first[index]).or_default().push(amount);
        }
        let now: HashMap<usize, &Vec<Minor>> = now.iter().map(|(who, paid)| (*who, paid)).collect();
        let shows = |(person, wanted): (&usize, &Vec<Minor>)| {
            now.get(person).is_some_and(|paid| has_all(paid, wanted))
        };
        let people = expected.iter().filter(|entry| shows(*entry)).count();
        Shown { people, of: expected.len() }
    }
}

/// Whether each of the wanted amounts is there, as often as it is wanted.
fn has_all(paid: &[Minor], wanted: &[Minor]) -> bool {
    let mut left = paid.to_vec();
    wanted.iter().all(|amount| match left.iter().position(|other| other == amount) {
        Some(at) => {
            left.swap_remove(at);
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{BonusPlan, PayoutError, People, Person, Shown};
    use crate::{Minor, Money, ParticipantId, SubmissionId, bonuses::Bonus, money::Currency};

    fn plan(amounts: &[(&str, i32)]) -> BonusPlan {
        let bonuses = amounts.iter().map(|(id, amount)| {
            Bonus::new(ParticipantId::new(id).unwrap(), Money::from_minor(*amount, Currency::Gbp))
        });
        BonusPlan::options().allow_duplicates().plan(bonuses).unwrap()
    }

    fn person(by_participant: &[usize], by_submission: &[usize]) -> Person {
        let submission = |index: &usize| SubmissionId::new(format!("s{index}")).unwrap();
        Person {
            by_participant: by_participant.iter().copied().collect(),
            by_submission: by_submission.iter().copied().collect(),
            submissions: by_participant.iter().chain(by_submission).map(submission).collect(),
        }
    }

    fn people(groups: &[&[usize]], plan: &BonusPlan) -> Result<People, PayoutError> {
        People::of(groups.iter().map(|bonuses| person(bonuses, &[])), plan)
    }

    /// Amounts by person.
    type Table<'a> = [(usize, &'a [i32])];

    fn paid(table: &Table<'_>) -> super::Paid {
        let minor = |amounts: &&[i32]| amounts.iter().map(|amount| Minor::from(*amount)).collect();
        table.iter().map(|(who, amounts)| (*who, minor(amounts))).collect()
    }

    #[test]
    fn a_bonus_is_recognised_in_addition_to_earlier_payments() {
        let plan = plan(&[("a", 50), ("b", 50), ("a", 50), ("c", 70)]);
        let people = people(&[&[0, 2], &[1], &[3]], &plan).unwrap();
        let before = paid(&[(0, &[50]), (1, &[]), (3, &[70])]);
        let table: [(&Table<'_>, usize); 5] = [
            (&[(0, &[50]), (1, &[]), (3, &[70])], 0),
            (&[(0, &[50, 50]), (1, &[50]), (3, &[70])], 1),
            (&[(0, &[50, 50, 50]), (1, &[50]), (3, &[70, 70])], 3),
            (&[(0, &[50, 50, 50, 9]), (1, &[50]), (3, &[70, 7000])], 2),
            (&[(1, &[50])], 1),
        ];
        for (now, expected) in table {
            let shown = people.shown(&plan, 0..4, &before, &paid(now));
            assert_eq!(shown, Shown { people: expected, of: 3 }, "{now:?}");
        }
    }

    #[test]
    fn recipients_outside_the_study_are_reported_by_line() {
        let plan = plan(&[("a", 1), ("b", 1), ("c", 1)]);
        let Err(PayoutError::UnknownRecipients { lines }) = people(&[&[1]], &plan) else {
            panic!("it is refused")
        };
        assert_eq!(lines, [1, 3]);
    }

    #[test]
    fn one_person_by_two_ids_is_a_duplicate() {
        let bonus = |id: &str| {
            Bonus::new(ParticipantId::new(id).unwrap(), Money::from_minor(1, Currency::Gbp))
        };
        let plan = BonusPlan::new([bonus("a"), bonus("b"), bonus("s0")]).unwrap();
        let told = [person(&[0], &[2]), person(&[1], &[])];
        let Err(PayoutError::SamePerson { lines }) = People::of(told.into_iter(), &plan) else {
            panic!("it is refused")
        };
        assert_eq!(lines, [1, 3]);
        let of_two_submissions = [person(&[], &[0, 2]), person(&[1], &[])];
        assert!(People::of(of_two_submissions.into_iter(), &plan).is_ok());
    }
}
