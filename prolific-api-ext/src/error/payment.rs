use prolific_api::Error as Raw;
use reqwest::StatusCode;

use super::Error;
use crate::{
    BonusPaymentsId,
    call::{CallFailure, Cause},
};

impl Error {
    /// Whether money may have moved although the call failed: it was sent, and no answer says
    /// that it was turned down. **Don't pay again before you have looked**: read the
    /// `bonus_payments` of the submissions that the bonuses are for. Payments appear within
    /// minutes.
    ///
    /// False of every other call, and where nothing was sent or the server turned it down.
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
        self.0.may_have_been_paid
    }

    /// A payment that failed, and what is known of the money.
    pub(crate) fn of_payment(error: Raw<()>, id: &BonusPaymentsId) -> Self {
        let may_have_been_paid = is_in_doubt(&error);
        let mut made = Self::from(error);
        made.0.may_have_been_paid = may_have_been_paid;
        if !may_have_been_paid {
            return made.having_done("this call paid nothing");
        }
        // Whoever repeats what may pass would pay twice.
        made.0.is_transient = false;
        made.having_done(&format!(
            "bonus payments {id} may have been paid: before paying again, read `bonus_payments` of \
             the submissions"
        ))
    }
}

/// Whether the server may have acted. What is not known to have been turned down is in doubt.
fn is_in_doubt(error: &Raw<()>) -> bool {
    match error {
        Raw::InvalidRequest(_) | Raw::Custom(_) => false,
        Raw::UnexpectedResponse(response) => !is_turned_down(response.status()),
        Raw::ErrorResponse(response) => !is_turned_down(response.status()),
        Raw::InvalidResponsePayload(..) => true,
        Raw::CommunicationError(error)
        | Raw::ResponseBodyError(error)
        | Raw::InvalidUpgrade(error) => match CallFailure::within(error) {
            Some(failure) => may_have_reached(&failure.cause),
            None => !error.is_builder() && !error.is_connect(),
        },
    }
}

fn may_have_reached(cause: &Cause) -> bool {
    match cause {
        Cause::Transport(error) => !error.is_builder() && !error.is_connect(),
        Cause::TimedOut(_) | Cause::BodyTooLarge { .. } => true,
        Cause::NoTurn | Cause::NoTime | Cause::NotReplayable => false,
    }
}

/// 408 is no refusal: the server gave up on the request, and does not say how far it had come.
fn is_turned_down(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}
