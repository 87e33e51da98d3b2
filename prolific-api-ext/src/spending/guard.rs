use std::sync::Arc;

use bytes::Bytes;
use prolific_api::{Operation, ReadBody};
use reqwest::{Request, Response};
use serde::Deserialize;

use super::{
    Account, Expense, Spending,
    account::{Ended, Entry},
    cost::{self, Cost},
};
use crate::{
    Error, ErrorKind, Minor, Money, Prolific, Result,
    call::{CallFailure, Policy, Record, is_turned_down},
};

/// Guards a client's spending.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) account: Arc<Account>,
    pub(crate) is_dry_run: bool,
}

/// The amount reserved for a call. If it is dropped, the outcome of the call is not known.
pub(crate) struct Reservation<'a> {
    account: &'a Account,
    entry: Option<Entry>,
    prepares_bonuses: bool,
}

impl Guard {
    pub(crate) fn new(limit: Option<Money>, is_dry_run: bool) -> Self {
        Self { account: Arc::new(Account::new(limit)), is_dry_run }
    }

    /// The operation that may spend which a request is of.
    pub(crate) fn concerned(
        operation: &'static Operation,
        request: &Request,
    ) -> Option<&'static Operation> {
        cost::guarded(operation, request)
    }

    pub(crate) fn spending(&self) -> Spending {
        self.account.spending()
    }

    /// Reserves what a request costs.
    ///
    /// # Errors
    ///
    /// Returns an error if that is beyond the limit or can't be told, and in a dry run.
    pub(crate) async fn admit<'a>(
        &'a self,
        policy: &Policy,
        client: &reqwest::Client,
        request: &Request,
        operation: &Operation,
    ) -> Result<Reservation<'a>> {
        let prolific = unguarded(policy, client);
        let cost = cost::of(&prolific, &self.account, operation, request).await;
        let entry = match cost.map_err(|error| self.unpriced(error))? {
            None => None,
            Some(cost) if self.is_dry_run => return Err(self.dry(cost)),
            Some(cost) => Some(self.account.reserve(cost).map_err(refused)?),
        };
        let prepares_bonuses = operation.operation_id == cost::PREPARE;
        Ok(Reservation { account: &self.account, entry, prepares_bonuses })
    }

    fn dry(&self, cost: Cost) -> Error {
        let expense = self.account.would_spend(cost);
        let message = format!("{expense}; this is a dry run, and nothing was sent");
        Error::new(ErrorKind::DryRun, message).with_expense(expense)
    }

    /// A cost that is not known is beyond every limit.
    fn unpriced(&self, error: Error) -> Error {
        let expense = self.account.unknown();
        match error.operation() {
            None => Error::new(ErrorKind::SpendingLimit, error.to_string()),
            Some(_) => error,
        }
        .with_expense(expense)
    }
}

fn refused(expense: Expense) -> Error {
    let message = format!("{expense}: nothing was sent");
    Error::new(ErrorKind::SpendingLimit, message).with_expense(expense)
}

/// A client for the questions of the guard: what the caller adds to requests is not for them.
fn unguarded(policy: &Policy, client: &reqwest::Client) -> Prolific {
    let base_url = policy.home.as_str().trim_end_matches('/').to_owned();
    let policy = Policy {
        guard: None,
        query: Arc::default(),
        fields: Arc::default(),
        leaves_bodies: false,
        ..policy.clone()
    };
    Prolific::assemble(&base_url, client.clone(), policy)
}

impl Reservation<'_> {
    /// Enters how the call ended.
    pub(crate) fn settle(mut self, result: &reqwest::Result<Response>) {
        if let Some(entry) = self.entry.take() {
            self.account.settle(&entry, ended(result));
        }
        if self.prepares_bonuses
            && let Some(Prepared { id, total_amount }) = prepared(result)
            && let Ok(total) = Minor::try_from(total_amount)
        {
            self.account.declare(&id, total);
        }
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.account.settle(&entry, Ended::InDoubt);
        }
    }
}

fn ended(result: &reqwest::Result<Response>) -> Ended {
    let may_have_acted = match result {
        Ok(response) if response.status().is_success() => return Ended::Done,
        Ok(response) => {
            let record = response.extensions().get::<Record>();
            !is_turned_down(response.status()) || record.is_none_or(|record| record.in_doubt)
        }
        Err(error) => CallFailure::within(error)
            .is_none_or(|failure| failure.record.in_doubt || failure.cause.may_have_been_sent()),
    };
    if may_have_acted { Ended::InDoubt } else { Ended::NotDone }
}

/// What is read of the response to the preparation of bonuses.
#[derive(Deserialize)]
struct Prepared {
    id: String,
    total_amount: f64,
}

fn prepared(result: &reqwest::Result<Response>) -> Option<Prepared> {
    let response = result.as_ref().ok().filter(|response| response.status().is_success())?;
    let body: &Bytes = match response.extensions().get::<ReadBody>() {
        Some(read) => &read.body,
        None => &response.extensions().get::<Record>()?.body,
    };
    serde_json::from_slice(body).ok()
}
