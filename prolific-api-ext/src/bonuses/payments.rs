use prolific_api::types;

use crate::{BonusPaymentsId, Minor, StudyId, model::model};

model! {
    /// Bonuses that have been prepared and are to be paid with
    /// [`Bonuses::pay`](super::Bonuses::pay).
    ///
    /// Amounts are in the currency of the workspace, which the response does not name.
    #[derive(Eq)]
    pub struct BonusPayments from types::BonusBatch {
        /// What they are paid by.
        key id: BonusPaymentsId,
        /// The study.
        pub study_id: Option<StudyId> = study,
        /// What the participants get.
        pub amount: Option<Minor>,
        /// What Prolific gets.
        pub fees: Option<Minor>,
        /// The VAT.
        pub vat: Option<Minor>,
        /// What paying them costs in all.
        pub total: Option<Minor> = total_amount,
    }
}
