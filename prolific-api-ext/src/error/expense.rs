use super::Error;
#[cfg(feature = "payments")]
use super::refusal::Refusal;
use crate::spending::Expense;

impl Error {
    /// Returns what the call would have cost, if it was not sent because of [the spending
    /// limit](crate::ErrorKind::SpendingLimit) or [a dry run](crate::ErrorKind::DryRun).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::{ErrorKind, simulator::Simulator, studies::{CompletionCode, CompletionCodeType, NewStudy}};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let draft = NewStudy::new("Birds", "Name them.").external_url("https://example.com")
    /// #     .places(20).reward(100).minutes(5)
    /// #     .completion_code(CompletionCode::new("C1", CompletionCodeType::Completed));
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

    /// Marks the error: the operation may have acted.
    #[cfg(feature = "payments")]
    pub(crate) fn in_doubt(mut self) -> Self {
        self.0.may_have_acted = true;
        self
    }

    /// Removes the ids that the API named, which may identify people.
    #[cfg(feature = "payments")]
    pub(crate) fn without_ids(mut self) -> Self {
        let Refusal { title, detail, .. } = &mut self.0.refusal;
        for said in [title, detail].into_iter().flatten() {
            *said = without_ids(said);
        }
        self.0.message = without_ids(&self.0.message);
        self.0.body = bytes::Bytes::new();
        self
    }
}

/// The length from which a run of letters and digits counts as an id, if it has a digit.
#[cfg(feature = "payments")]
const ID: usize = 12;

/// Returns a text without ids.
#[cfg(feature = "payments")]
fn without_ids(text: &str) -> String {
    let is_separator = |c: char| !c.is_alphanumeric() && c != '-';
    let words = text.split_inclusive(is_separator).map(|word| {
        let id = word.trim_end_matches(is_separator);
        let is_id = id.len() >= ID && id.contains(|c: char| c.is_ascii_digit());
        if is_id { format!("[id]{}", &word[id.len()..]) } else { word.to_owned() }
    });
    words.collect()
}

#[cfg(all(test, feature = "payments"))]
mod tests {
    use super::without_ids;

    #[test]
    fn ids_are_taken_out_of_what_was_said() {
        let table = [
            ("Unknown: 60d9aadeb86739de712faee0.", "Unknown: [id]."),
            ("60d9aadeb86739de712faee0,0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d", "[id],[id]"),
            (
                "At most 200 lines of csv_bonuses; unquestionably",
                "At most 200 lines of csv_bonuses; unquestionably",
            ),
            ("", ""),
        ];
        for (said, expected) in table {
            assert_eq!(without_ids(said), expected);
        }
    }
}
