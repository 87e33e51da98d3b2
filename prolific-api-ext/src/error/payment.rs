use prolific_api::Error as Raw;

use super::Error;
use crate::BonusPaymentsId;

/// The operation that pays. [`Error::of_payment`] says where payments show.
pub(super) const PAY: &str = "pay-bonus-payments";

impl Error {
    /// Returns `true` if money may have moved although the call failed: a payment that [may have
    /// acted](Self::may_have_acted). **Check before you pay again**: read the `bonus_payments` of
    /// the submissions that the bonuses are for. Payments appear within minutes.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(prolific: prolific_api_ext::Prolific, id: prolific_api_ext::BonusPaymentsId)
    /// # -> prolific_api_ext::Result<()> {
    /// if let Err(error) = prolific.bonuses().pay(&id).await
    ///     && error.may_have_been_paid()
    /// {
    ///     let call = prolific.api().get_submission().id("60d9aadeb86739de712faee0");
    ///     println!("paid so far, in minor units: {:?}", call.send().await?.bonus_payments);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_have_been_paid(&self) -> bool {
        self.0.may_have_acted && self.0.operation == Some(PAY)
    }

    /// Builds the error of a payment, with what is known about the money.
    pub(crate) fn of_payment(error: Raw, id: &BonusPaymentsId) -> Self {
        let made = Self::from(error).of(PAY);
        if !made.may_have_acted() {
            return made.having_done("this call paid nothing");
        }
        made.having_done(&format!(
            "bonus payments {id} may have been paid: before paying again, read `bonus_payments` of \
             the submissions"
        ))
    }
}
