#[cfg(feature = "payments")]
use super::refusal::Refusal;
use super::{Error, ErrorKind};
use crate::spending::Expense;

impl Error {
    /// What the call would have cost, if it was not sent for
    /// [the spending limit](ErrorKind::SpendingLimit) or in [a dry run](ErrorKind::DryRun).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::{ErrorKind, simulator::Simulator, studies::NewStudy};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let draft = NewStudy::new("Birds", "Name them.").external_url("https://example.com")
    /// #     .places(20).reward(100).minutes(5);
    /// # let study = simulator.prolific()?.studies().create(draft).await?.id;
    /// let prolific = simulator.builder().dry_run().build()?; // or Prolific::builder()
    /// let error = prolific.studies().publish(&study).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::DryRun);
    /// let cost = error.expense().and_then(|expense| expense.money());
    /// assert_eq!(cost.map(|cost| cost.to_string()), Some("26.00 GBP".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn expense(&self) -> Option<&Expense> {
        self.0.expense.as_deref()
    }

    pub(crate) fn with_expense(mut self, expense: Expense) -> Self {
        self.0.expense = Some(Box::new(expense));
        self
    }

    pub(crate) fn of_kind(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, message)
    }

    /// Says that it may have been done.
    #[cfg(feature = "payments")]
    pub(crate) fn in_doubt(mut self) -> Self {
        self.0.may_have_acted = true;
        self
    }

    /// The error without what the API said, which may name people.
    #[cfg(feature = "payments")]
    pub(crate) fn without_what_was_said(mut self) -> Self {
        self.0.message = "the API did not take it".to_owned();
        self.0.refusal = Refusal::default();
        self.0.body = bytes::Bytes::new();
        self
    }
}
