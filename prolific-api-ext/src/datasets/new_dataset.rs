use super::DatasetSchema;
use crate::{Error, Result, WorkspaceId, request::request};

request! {
    /// A dataset to [create](super::Datasets::create). Only fields that are set are sent.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::datasets::{DatasetSchema, NewDataset};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, _| {
    /// # let workspace = simulator.workspace_id()?;
    /// let schema = DatasetSchema::new().text("prompt").metadata("source");
    /// let dataset = NewDataset::new("Birds", workspace).schema(schema);
    /// # assert!(dataset.schema.is_some());
    /// # Ok(())
    /// # });
    /// ```
    pub struct NewDataset(
        /// The name.
        name: String,
        /// The workspace that it is in.
        workspace_id: WorkspaceId
    ) {
        /// The fields of its datapoints. A dataset with a schema is of version 4, one without a
        /// schema of version 3.
        schema: DatasetSchema,
    }
}

impl NewDataset {
    pub(super) fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::invalid_input("the name of a dataset is empty: set one"));
        }
        self.schema.as_ref().map_or(Ok(()), DatasetSchema::check)
    }
}
