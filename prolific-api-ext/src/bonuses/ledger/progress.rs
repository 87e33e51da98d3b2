use super::{Header, Record};
use crate::{BonusPaymentsId, Minor, bonuses::PaidBy};

/// How far a payout has come.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Progress {
    pub(in super::super) header: Header,
    pub(in super::super) parts: Vec<PartState>,
    /// What became of prepared bonuses, by their id: whether they were paid.
    pub(in super::super) settled: Vec<(BonusPaymentsId, bool)>,
}

/// How far a part has come.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum PartState {
    Planned,
    Created { id: BonusPaymentsId, total: Minor },
    Sent { id: BonusPaymentsId, total: Minor, at: u64, before: Vec<(usize, Vec<Minor>)> },
    Paid { id: BonusPaymentsId, total: Minor, by: PaidBy },
}

impl Progress {
    pub(in super::super) fn new(header: Header) -> Self {
        let parts = header.bonuses.div_ceil(header.part_size.max(1));
        Self { header, parts: vec![PartState::Planned; parts], settled: Vec::new() }
    }

    /// Takes a record in; none if it can't follow those before it.
    pub(super) fn apply(&mut self, record: Record) -> Option<()> {
        use PartState::{Created, Paid, Planned, Sent};
        let part = match &record {
            Record::Planned(_) => return None,
            Record::Created { part, .. }
            | Record::Sent { part, .. }
            | Record::NotPaid { part, .. }
            | Record::Confirmed { part, .. } => *part,
        };
        let state = self.parts.get_mut(part)?;
        let follows = match (&*state, &record) {
            (Planned, Record::Created { .. }) => true,
            (Created { id, .. }, Record::Sent { id: of, .. })
            | (
                Sent { id, .. },
                Record::NotPaid { id: of, .. } | Record::Confirmed { id: of, .. },
            ) => id == of,
            _ => false,
        };
        if !follows {
            return None;
        }
        let next = match (std::mem::replace(state, Planned), record) {
            (Planned, Record::Created { id, total, .. }) => Created { id, total },
            (Created { total, .. }, Record::Sent { id, at, before, .. }) => {
                Sent { id, total, at, before }
            }
            (Sent { .. }, Record::NotPaid { id, .. }) => {
                self.settled.push((id, false));
                Planned
            }
            (Sent { total, .. }, Record::Confirmed { id, by, .. }) => {
                self.settled.push((id.clone(), true));
                Paid { id, total, by }
            }
            _ => return None,
        };
        *state = next;
        Some(())
    }
}
