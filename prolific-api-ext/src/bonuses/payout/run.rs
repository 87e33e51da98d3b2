//! A run of a payout.
//!
//! ```text
//! doubts of earlier runs -> recipients -> balance -> prepare all parts -> total -> pay one by one
//! ```

use std::{
    ops::Range,
    sync::PoisonError,
    time::{Duration, UNIX_EPOCH},
};

use super::{
    Doubt, PaidBy, PaidPart, Payout, PayoutError, PayoutReport, PayoutStep, Resolution,
    evidence::{Paid, People, Shown},
};
use crate::{
    BonusPaymentsId, Error, Minor, Money, Timestamp, WorkspaceId,
    bonuses::{
        BonusPayments,
        ledger::{Header, Ledger, PartState, Record, VERSION},
    },
    money::Currency,
    poll::Pace,
    workspaces::{Deadline, MoneyTurn},
};

/// How long to wait before the submissions are read again.
const PAUSE: Duration = Duration::from_secs(5);
/// How far the sum of the parts of a cost may be from its total: parts are rounded.
const ROUNDING: i32 = 2;

/// A part that was sent, and of which it is not known whether it was paid.
struct Sent {
    part: usize,
    id: BonusPaymentsId,
    total: Minor,
    at: u64,
    before: Paid,
}

struct Run {
    payout: Payout,
    ledger: Ledger,
    people: People,
}

impl Payout {
    pub(super) async fn run(self, pays: bool) -> Result<PayoutReport, PayoutError> {
        let workspace = self.find_workspace().await?;
        let ledger = Ledger::open(self.ledger.clone(), self.header(&workspace)).await?;
        let people = People::find(&self.prolific, &self.study, &self.plan).await?;
        let mut run = Run { payout: self, ledger, people };
        run.check_resolutions()?;
        run.settle_doubts().await?;
        let available = run.check_balance(&workspace).await?;
        run.prepare().await?;
        run.check_total(&available)?;
        if pays {
            run.check_dry_run()?;
            run.pay().await?;
        }
        run.report()
    }

    async fn find_workspace(&self) -> Result<WorkspaceId, PayoutError> {
        if let Some(id) = &self.workspace_id {
            return Ok(id.clone());
        }
        const UNKNOWN: PayoutError =
            PayoutError::Unusable("the workspace of the study is not known: set `workspace`");
        let study = self.prolific.studies().get(&self.study).await?;
        let project = study.project_id.ok_or(UNKNOWN)?;
        self.prolific.projects().get(&project).await?.workspace_id.ok_or(UNKNOWN)
    }

    fn header(&self, workspace: &WorkspaceId) -> Header {
        Header {
            version: VERSION,
            workspace: workspace.clone(),
            study: self.study.clone(),
            currency: self.plan.currency().clone(),
            bonuses: self.plan.len(),
            amount: self.plan.amount().minor(),
            part_size: self.part_size,
            plan: self.plan.digest(),
        }
    }

    /// The bonuses of a part.
    fn range(&self, part: usize) -> Range<usize> {
        let begin = part * self.part_size;
        begin..(begin + self.part_size).min(self.plan.len())
    }

    fn money(&self, amount: Minor) -> Money {
        Money::from_minor(amount, self.plan.currency().clone())
    }
}

impl Run {
    fn currency(&self) -> &Currency {
        self.payout.plan.currency()
    }

    /// Writes a record, and tells it.
    async fn write(&mut self, record: Record) -> Result<(), PayoutError> {
        let step = match &record {
            Record::Planned(_) => None,
            Record::Created { part, id, .. } => {
                Some(PayoutStep::Created { part: *part, id: id.clone() })
            }
            Record::Sent { part, id, .. } => Some(PayoutStep::Sent { part: *part, id: id.clone() }),
            Record::NotPaid { part, id } => {
                Some(PayoutStep::NotPaid { part: *part, id: id.clone() })
            }
            Record::Confirmed { part, id, by } => {
                Some(PayoutStep::Paid { part: *part, id: id.clone(), by: *by })
            }
        };
        self.ledger.write(record).await?;
        if let (Some(progress), Some(step)) = (&mut self.payout.progress, step) {
            let progress = progress.get_mut().unwrap_or_else(PoisonError::into_inner);
            progress(&step);
        }
        Ok(())
    }

    /// A resolution is of bonuses that are in doubt, or were resolved so before.
    fn check_resolutions(&self) -> Result<(), PayoutError> {
        let progress = &self.ledger.progress;
        for (id, resolution) in &self.payout.resolutions {
            let is_in_doubt = progress
                .parts
                .iter()
                .any(|part| matches!(part, PartState::Sent { id: sent, .. } if sent == id));
            let settled = (id.clone(), *resolution == Resolution::Paid);
            if !is_in_doubt && !progress.settled.contains(&settled) {
                return Err(PayoutError::NotInDoubt(id.clone()));
            }
        }
        Ok(())
    }

    /// Finds out what became of parts that an earlier run sent.
    async fn settle_doubts(&mut self) -> Result<(), PayoutError> {
        for (part, state) in self.ledger.progress.parts.clone().into_iter().enumerate() {
            if let PartState::Sent { id, total, at, before } = state {
                self.settle(Sent { part, id, total, at, before }, None).await?;
            }
        }
        Ok(())
    }

    async fn settle(&mut self, sent: Sent, error: Option<&Error>) -> Result<(), PayoutError> {
        let shown = self.read_back(&sent).await?;
        let resolved = self.payout.resolutions.iter().find(|(id, _)| *id == sent.id);
        let by = match resolved.map(|(_, resolution)| *resolution) {
            _ if shown.people == shown.of => PaidBy::Submissions,
            Some(Resolution::Paid) => PaidBy::You,
            Some(Resolution::NotPaid) if shown.people == 0 => {
                return self.not_paid(sent.part, &sent.id).await;
            }
            _ => return Err(self.doubt(sent, shown, error)),
        };
        self.paid(sent.part, &sent.id, by).await
    }

    /// Reads the submissions until they show the bonuses, or the time is up.
    async fn read_back(&self, sent: &Sent) -> Result<Shown, PayoutError> {
        let range = self.payout.range(sent.part);
        let environment = self.payout.prolific.policy().environment.clone();
        let has_resolution = self.payout.resolutions.iter().any(|(id, _)| *id == sent.id);
        loop {
            let now = self.people.paid(&self.payout.prolific, range.clone()).await?;
            let shown = self.people.shown(&self.payout.plan, range.clone(), &sent.before, &now);
            let elapsed = Duration::from_secs(self.now().saturating_sub(sent.at));
            let left = self.payout.read_back.saturating_sub(elapsed);
            if shown.people == shown.of || left.is_zero() || has_resolution {
                return Ok(shown);
            }
            environment.sleep(PAUSE.min(left)).await;
        }
    }

    fn doubt(&self, sent: Sent, shown: Shown, error: Option<&Error>) -> PayoutError {
        let range = self.payout.range(sent.part);
        let Sent { part, id, total, at, .. } = sent;
        let plan = &self.payout.plan;
        PayoutError::Doubtful(Box::new(Doubt {
            part,
            id,
            lines: (plan.line(range.start), plan.line(range.end - 1)),
            total,
            sent_at: timestamp(at),
            shown: shown.people,
            recipients: shown.of,
            error: error.map(ToString::to_string),
        }))
    }

    async fn paid(
        &mut self,
        part: usize,
        id: &BonusPaymentsId,
        by: PaidBy,
    ) -> Result<(), PayoutError> {
        self.settle_account(id, true);
        self.write(Record::Confirmed { part, id: id.clone(), by }).await
    }

    async fn not_paid(&mut self, part: usize, id: &BonusPaymentsId) -> Result<(), PayoutError> {
        self.settle_account(id, false);
        self.write(Record::NotPaid { part, id: id.clone() }).await
    }

    /// Tells the guard what became of a payment that it holds for doubtful.
    fn settle_account(&self, id: &BonusPaymentsId, are_paid: bool) {
        if let Some(guard) = &self.payout.prolific.policy().guard {
            guard.account.settle_bonuses(id.as_str(), are_paid);
        }
    }

    /// Compares what is available with what the participants are to get, before anything is made.
    async fn check_balance(&self, workspace: &WorkspaceId) -> Result<Option<Minor>, PayoutError> {
        let needed = self.open_amount();
        if needed == Minor::ZERO {
            return Ok(None);
        }
        let balance = self.payout.prolific.workspaces().balance(workspace).await?;
        if balance.currency.as_ref() != Some(self.currency()) {
            let (plan, workspace) = (self.currency().clone(), balance.currency);
            return Err(PayoutError::OtherCurrency { plan, workspace });
        }
        self.check_funds(balance.available, needed)?;
        Ok(balance.available)
    }

    fn check_funds(&self, available: Option<Minor>, needed: Minor) -> Result<(), PayoutError> {
        if available.is_some_and(|available| needed <= available) {
            return Ok(());
        }
        let money = |amount| self.payout.money(amount);
        Err(PayoutError::Balance { available: available.map(money), needed: money(needed) })
    }

    /// What the participants are to get of the parts that aren't paid.
    fn open_amount(&self) -> Minor {
        let parts = self.ledger.progress.parts.iter().enumerate();
        let open = parts.filter(|(_, state)| !matches!(state, PartState::Paid { .. }));
        open.map(|(part, _)| self.amount(part)).fold(Minor::ZERO, add)
    }

    /// What the participants get of a part.
    fn amount(&self, part: usize) -> Minor {
        let bonuses = &self.payout.plan.bonuses()[self.payout.range(part)];
        bonuses.iter().map(|bonus| bonus.amount.minor()).fold(Minor::ZERO, add)
    }

    /// Prepares the parts that aren't prepared.
    async fn prepare(&mut self) -> Result<(), PayoutError> {
        for part in 0..self.ledger.progress.parts.len() {
            let bonuses = self.payout.prolific.bonuses();
            match &self.ledger.progress.parts[part] {
                PartState::Planned => {
                    let (id, total) = self.create(part).await?;
                    self.write(Record::Created { part, id, total }).await?;
                }
                PartState::Created { id, total } => bonuses.declare_total(id, *total),
                PartState::Sent { .. } | PartState::Paid { .. } => {}
            }
        }
        Ok(())
    }

    /// Prepares a part. If the response is lost, another one is prepared by the next run: one that is
    /// never paid costs nothing.
    async fn create(&self, part: usize) -> Result<(BonusPaymentsId, Minor), PayoutError> {
        let range = self.payout.range(part);
        let bonuses = self.payout.plan.bonuses()[range].to_vec();
        let turn = self.turn().await?;
        let created = self.payout.prolific.bonuses().create(&self.payout.study, bonuses).await;
        drop(turn);
        let created = created.map_err(|error| self.refused(error))?;
        let planned = self.amount(part);
        match agreed_total(&created, planned) {
            Ok(total) => Ok((created.id, total)),
            Err(told) => Err(PayoutError::OtherTotal { part, planned, told }),
        }
    }

    /// The API's reason names recipients; the error names their lines instead.
    fn refused(&self, error: Error) -> PayoutError {
        if !error.status().is_some_and(|status| status.is_client_error()) {
            return PayoutError::Call(error);
        }
        let said = String::from_utf8_lossy(error.body()).into_owned();
        let (error, plan) = (error.without_ids(), &self.payout.plan);
        let is_named = |index: &usize| said.contains(plan.bonuses()[*index].recipient.as_str());
        let named = (0..plan.len()).filter(is_named).map(|index| plan.line(index));
        match named.collect::<Vec<_>>() {
            lines if lines.is_empty() => PayoutError::Call(error),
            lines => PayoutError::Refused { lines, error },
        }
    }

    /// Compares what all costs with what it may cost, before anything is paid.
    fn check_total(&self, available: &Option<Minor>) -> Result<(), PayoutError> {
        let open = self.total_of(|state| match state {
            PartState::Created { total, .. } => Some(*total),
            _ => None,
        });
        if open == Minor::ZERO {
            return Ok(());
        }
        self.check_funds(*available, open)?;
        let total = self.payout.money(self.total_of(total_of));
        match &self.payout.total_at_most {
            Some(limit) if limit.currency() != self.currency() || total.minor() > limit.minor() => {
                Err(PayoutError::TooExpensive { total, limit: limit.clone() })
            }
            _ => Ok(()),
        }
    }

    fn total_of(&self, total: impl Fn(&PartState) -> Option<Minor>) -> Minor {
        self.ledger.progress.parts.iter().filter_map(total).fold(Minor::ZERO, add)
    }

    fn check_dry_run(&self) -> Result<(), PayoutError> {
        let is_dry_run = self.payout.prolific.policy().guard.as_ref();
        match is_dry_run.is_some_and(|guard| guard.is_dry_run) {
            true => Err(PayoutError::DryRun { total: self.payout.money(self.total_of(total_of)) }),
            false => Ok(()),
        }
    }

    /// Pays the parts that aren't paid, one after the other.
    async fn pay(&mut self) -> Result<(), PayoutError> {
        for part in 0..self.ledger.progress.parts.len() {
            if let PartState::Created { id, total } = self.ledger.progress.parts[part].clone() {
                self.pay_part(part, id, total).await?;
            }
        }
        Ok(())
    }

    async fn pay_part(
        &mut self,
        part: usize,
        id: BonusPaymentsId,
        total: Minor,
    ) -> Result<(), PayoutError> {
        let turn = self.turn().await?;
        let before = self.people.paid(&self.payout.prolific, self.payout.range(part)).await?;
        self.check_not_shown(part, &before)?;
        let at = self.now();
        let record = Record::Sent { part, id: id.clone(), at, before: before.clone() };
        self.write(record).await?;
        let paid = self.payout.prolific.bonuses().pay(&id).await;
        drop(turn);
        match paid {
            Ok(()) => self.paid(part, &id, PaidBy::Response).await,
            Err(error) if error.may_have_been_paid() => {
                let sent = Sent { part, id, total, at, before };
                self.settle(sent, Some(&error)).await
            }
            Err(error) => {
                self.not_paid(part, &id).await?;
                Err(error.into())
            }
        }
    }

    /// The turn to spend money in the workspace, which approvals take too.
    async fn turn(&self) -> Result<MoneyTurn, PayoutError> {
        let (prolific, header) = (&self.payout.prolific, &self.ledger.progress.header);
        let deadline = Deadline::new(prolific, Pace::default());
        let turn = MoneyTurn::of(prolific, header.workspace.as_str(), &deadline);
        Ok(deadline.run(turn).await?)
    }

    /// Recipients that all show their bonus before it was sent may have been paid by another ledger.
    fn check_not_shown(&self, part: usize, paid: &Paid) -> Result<(), PayoutError> {
        let (plan, range) = (&self.payout.plan, self.payout.range(part));
        let nothing = paid.iter().map(|(person, _)| (*person, Vec::new())).collect();
        let shown = self.people.shown(plan, range.clone(), &nothing, paid);
        if self.payout.pays_again || shown.people < shown.of {
            return Ok(());
        }
        let lines = (plan.line(range.start), plan.line(range.end - 1));
        Err(PayoutError::AlreadyShown { part, lines })
    }

    /// The time of day, in seconds since 1970.
    fn now(&self) -> u64 {
        let now = self.payout.prolific.policy().environment.time_of_day();
        now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    fn report(&self) -> Result<PayoutReport, PayoutError> {
        let parts = self.ledger.progress.parts.iter().enumerate();
        let paid = parts.filter_map(|(part, state)| match state {
            PartState::Paid { id, total, by } => {
                Some(PaidPart { part, id: id.clone(), total: *total, by: *by })
            }
            _ => None,
        });
        Ok(PayoutReport {
            bonuses: self.payout.plan.len(),
            amount: self.payout.plan.amount().clone(),
            total: self.payout.money(self.total_of(total_of)),
            paid: paid.collect(),
        })
    }
}

fn total_of(state: &PartState) -> Option<Minor> {
    match state {
        PartState::Planned => None,
        PartState::Created { total, .. }
        | PartState::Sent { total, .. }
        | PartState::Paid { total, .. } => Some(*total),
    }
}

fn add(sum: Minor, amount: Minor) -> Minor {
    sum.checked_add(amount).unwrap_or(Minor::MAX)
}

/// What paying prepared bonuses costs, if the participants get what is planned and the parts of the
/// cost add up; or what the API says instead.
fn agreed_total(created: &BonusPayments, planned: Minor) -> Result<Minor, Option<Minor>> {
    let BonusPayments { amount, fees, vat, total, .. } = created;
    let total = total.ok_or(None)?;
    let extra = [fees, vat].into_iter().flatten().copied().fold(Minor::ZERO, add);
    let amount = match amount {
        Some(amount) => *amount,
        // Without it, the total less fees and tax says what they get.
        None if fees.is_some() && vat.is_some() => total.checked_sub(extra).ok_or(Some(total))?,
        None => return Err(Some(total)),
    };
    if amount != planned {
        return Err(Some(amount));
    }
    let is_below = total < planned;
    let sum = add(amount, extra);
    let difference = total.checked_sub(sum).ok_or(Some(total))?;
    let is_off = difference > ROUNDING.into() || difference < (-ROUNDING).into();
    let has_parts = fees.is_some() && vat.is_some();
    if is_below || (has_parts && is_off) { Err(Some(total)) } else { Ok(total) }
}

/// A time in seconds since 1970, which are read of a file: as they are if no time is so far off.
fn timestamp(seconds: u64) -> Timestamp {
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    time.map_or_else(|| seconds.to_string().into(), Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::{BonusPayments, Minor, agreed_total};
    use crate::BonusPaymentsId;

    fn told(parts: [Option<&str>; 4]) -> Result<Minor, Option<Minor>> {
        let mut created = BonusPayments::new(BonusPaymentsId::new("b").unwrap());
        let [amount, fees, vat, total] =
            parts.map(|part| part.map(|text| text.parse::<Minor>().unwrap()));
        (created.amount, created.fees, created.vat, created.total) = (amount, fees, vat, total);
        agreed_total(&created, 850.into())
    }

    #[test]
    fn a_total_that_differs_from_the_plan_is_reported() {
        let minor = |text: &str| Some(text.parse::<Minor>().unwrap());
        let all = |a, b, c, d| [Some(a), Some(b), Some(c), Some(d)];
        // As the documentation has it.
        assert_eq!(told(all("850", "283.34", "56.67", "1190.01")), Ok("1190.01".parse().unwrap()));
        assert_eq!(told(all("850", "283", "57", "1189")), Ok(1189.into()));
        assert_eq!(told([Some("850"), None, None, Some("1190")]), Ok(1190.into()));
        assert_eq!(told([None, Some("283.34"), Some("56.66"), Some("1190")]), Ok(1190.into()));
        let refused = [
            (all("85000", "0", "0", "85000"), minor("85000")),
            (all("849", "283.34", "56.67", "1189.01"), minor("849")),
            (all("850", "283.34", "56.67", "1490"), minor("1490")),
            (all("850", "0", "0", "840"), minor("840")),
            ([Some("850"), None, None, Some("800")], minor("800")),
            ([Some("850"), Some("1"), Some("1"), None], None),
            ([None, None, None, Some("1190")], minor("1190")),
            ([None, Some("283.34"), None, Some("1190")], minor("1190")),
        ];
        for (parts, expected) in refused {
            assert_eq!(told(parts), Err(expected), "{parts:?}");
        }
    }
}
