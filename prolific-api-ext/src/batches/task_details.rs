use prolific_api::types;

use crate::Result;

/// The texts of a batch or a collection that participants see. Basic HTML is allowed in the
/// introduction and the steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskDetails {
    /// The title. Empty where an answer has none, as are the others.
    pub name: String,
    /// What the task is about.
    pub introduction: String,
    /// What to do, step by step.
    pub steps: String,
}

impl TaskDetails {
    /// These texts.
    pub fn new(
        name: impl Into<String>,
        introduction: impl Into<String>,
        steps: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), introduction: introduction.into(), steps: steps.into() }
    }

    pub(crate) fn into_raw(self) -> Result<types::TaskDetails> {
        let Self { name, introduction, steps } = self;
        let texts = types::TaskDetails::builder().task_name(name);
        Ok(texts.task_introduction(introduction).task_steps(steps).try_into()?)
    }

    pub(crate) fn from_raw(raw: types::TaskDetailsAnswer) -> Self {
        let types::TaskDetailsAnswer { task_introduction, task_name, task_steps, .. } = raw;
        Self {
            name: task_name.unwrap_or_default(),
            introduction: task_introduction.unwrap_or_default(),
            steps: task_steps.unwrap_or_default(),
        }
    }
}
