use prolific_api::types;

/// How a copy of a batch is to be. Exactly what is set is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchCopy {
    name: Option<String>,
    upload_new_dataset: Option<bool>,
}

impl BatchCopy {
    /// A copy with the server's name for it, which shares the dataset.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its name. Where nothing is said the server takes the old one and marks it as a copy.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Whether it gets a dataset of its own later, and none is attached now; the server's default
    /// is that it shares the one of the original.
    #[must_use]
    pub fn upload_new_dataset(mut self, upload_new_dataset: bool) -> Self {
        self.upload_new_dataset = Some(upload_new_dataset);
        self
    }

    pub(super) fn into_raw(self) -> types::builder::DuplicateBatch {
        let Self { name, upload_new_dataset } = self;
        types::DuplicateBatch::builder().name(name).upload_new_dataset(upload_new_dataset)
    }
}
