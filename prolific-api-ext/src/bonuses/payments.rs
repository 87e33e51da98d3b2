use prolific_api::types;

use crate::{BonusPaymentsId, Error, Minor, Result, StudyId, resource::present};

/// Bonuses that have been prepared and are to be paid with
/// [`Bonuses::pay`](super::Bonuses::pay).
///
/// Amounts are in the currency of the workspace, which the answer does not name. One is `None`
/// where the answer does not have it, or a number that is no amount.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BonusPayments {
    /// What they are paid by.
    pub id: BonusPaymentsId,
    /// The study.
    pub study_id: Option<StudyId>,
    /// What the participants get.
    pub amount: Option<Minor>,
    /// What Prolific gets.
    pub fees: Option<Minor>,
    /// The VAT.
    pub vat: Option<Minor>,
    /// What paying them costs in all.
    pub total: Option<Minor>,
}

impl TryFrom<types::BonusBatch> for BonusPayments {
    type Error = Error;

    fn try_from(raw: types::BonusBatch) -> Result<Self> {
        let types::BonusBatch { amount, fees, id, study, total_amount, vat, .. } = raw;
        Ok(Self {
            id: BonusPaymentsId::new(present(id, "id")?)
                .map_err(|error| Error::unexpected("the answer's `id` is none").caused_by(error))?,
            study_id: study.and_then(|id| StudyId::new(id).ok()),
            amount: Minor::read(amount),
            fees: Minor::read(fees),
            vat: Minor::read(vat),
            total: Minor::read(total_amount),
        })
    }
}
