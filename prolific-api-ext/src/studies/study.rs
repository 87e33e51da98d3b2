use prolific_api::{Timestamp, types};
use serde_json::Value;

use super::StudyStatus;
use crate::{
    Minor, ProjectId, Result, StudyId,
    money::Currency,
    resource::{count, given, present, rounded},
};

/// A study: the fields that are asked for most, and all others as the raw client has them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Study {
    /// Its id.
    pub id: StudyId,
    /// How it stands.
    pub status: Option<StudyStatus>,
    /// The title that participants see.
    pub name: Option<String>,
    /// The title that they do not see.
    pub internal_name: Option<String>,
    /// The project that it belongs to.
    pub project_id: Option<ProjectId>,
    /// How many participants are wanted.
    pub total_available_places: Option<i64>,
    /// How many places are taken. Known from Prolific's command line alone.
    pub places_taken: Option<i64>,
    /// The pay for an approved submission, in pence or cents.
    pub reward: Option<Minor>,
    /// The cost with fees, in pence or cents. Known from Prolific's command line alone.
    pub total_cost: Option<Minor>,
    /// The currency. Known from Prolific's command line alone.
    pub currency: Option<Currency>,
    /// Whether all fields are set that publishing needs; the funds are not looked at.
    pub is_ready_to_publish: Option<bool>,
    /// When it was made. Known from Prolific's command line alone.
    pub created_at: Option<Timestamp>,
    /// When it is to be published. Known from Prolific's command line alone.
    pub publish_at: Option<Timestamp>,
    /// When it was published. Known from Prolific's command line alone.
    pub published_at: Option<Timestamp>,
    /// The whole answer.
    pub raw: Box<types::Study>,
}

impl Study {
    pub(super) fn read(raw: types::Study) -> Result<Self> {
        let text = |value: &Option<Value>| value.as_ref()?.as_str().map(Timestamp::from);
        Ok(Self {
            id: given(StudyId::new(present(raw.id.as_deref(), "id")?))?,
            status: raw.status.clone().map(Into::into),
            name: raw.name.clone(),
            internal_name: raw.internal_name.clone(),
            project_id: raw.project.as_ref().and_then(|id| ProjectId::new(id).ok()),
            total_available_places: rounded(raw.total_available_places),
            places_taken: count(raw.places_taken),
            reward: Minor::read(raw.reward),
            total_cost: Minor::read(raw.total_cost),
            currency: raw.currency_code.as_deref().map(Currency::from),
            is_ready_to_publish: raw.is_ready_to_publish,
            created_at: raw.date_created.clone(),
            publish_at: raw.publish_at.clone(),
            published_at: text(&raw.published_at),
            raw: Box::new(raw),
        })
    }
}
