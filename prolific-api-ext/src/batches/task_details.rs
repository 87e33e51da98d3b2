use prolific_api::types;
use serde::{Deserialize, Serialize};

use crate::{Result, model::Read};

/// The texts of a batch or collection for participants. Basic HTML is allowed in the introduction
/// and the steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct TaskDetails {
    /// The title. Like the others, empty if a response lacks it.
    #[serde(rename = "task_name", default)]
    pub name: String,
    /// The introduction.
    #[serde(rename = "task_introduction", default)]
    pub introduction: String,
    /// The steps.
    #[serde(rename = "task_steps", default)]
    pub steps: String,
}

impl TaskDetails {
    /// Makes texts.
    pub fn new(
        name: impl Into<String>,
        introduction: impl Into<String>,
        steps: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), introduction: introduction.into(), steps: steps.into() }
    }
}

impl Read<types::TaskDetailsAnswer> for TaskDetails {
    fn read(raw: types::TaskDetailsAnswer, _: &'static str) -> Result<Self> {
        Ok(Self {
            name: raw.task_name.unwrap_or_default(),
            introduction: raw.task_introduction.unwrap_or_default(),
            steps: raw.task_steps.unwrap_or_default(),
        })
    }
}
