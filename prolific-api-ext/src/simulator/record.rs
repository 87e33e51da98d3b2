use bytes::Bytes;

/// The name of an upload to a presigned link, which is not an operation of the API.
pub const STORAGE_UPLOAD: &str = "storage-upload";
/// The name of a download from a presigned link, which is not an operation of the API.
pub const STORAGE_DOWNLOAD: &str = "storage-download";

/// Transfers that are not operations of the API.
pub(super) const STORAGE: [&str; 2] = [STORAGE_UPLOAD, STORAGE_DOWNLOAD];

/// A request that a [`Simulator`](super::Simulator) received. Contains neither the token nor the
/// signature of a link.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The documented name of the operation, [`STORAGE_UPLOAD`] or [`STORAGE_DOWNLOAD`]. `None` if
    /// path and method are not those of an operation.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, percent-encoded; empty for links, where it is their signature.
    pub query: String,
    /// The media type of the body, as it was sent.
    pub content_type: Option<String>,
    /// Whether it carried the simulator's token.
    pub has_token: bool,
    /// The body. Empty if it was not read, for example without the token.
    pub body: RecordedBody,
    /// The status of the response. `None` if the connection was broken instead.
    pub status: Option<u16>,
    /// The request id in the response (`x-request-id`).
    pub request_id: String,
}

/// The body of a request that a [`Simulator`](super::Simulator) received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RecordedBody {
    /// All of it.
    Whole(Bytes),
    /// Size and hash of an upload.
    Upload {
        /// The number of bytes received.
        length: u64,
        /// The SHA-256 of the bytes received, in lower-case hex.
        sha256: String,
    },
}

impl Default for RecordedBody {
    /// An empty one.
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl RecordedRequest {
    /// The body as JSON. `None` if it is not JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::raw::types::CreateDataset;
    /// # use serde_json::json;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let call = prolific.api().create_task_builder_dataset();
    /// let workspace = simulator.workspace_id()?;
    /// let body = CreateDataset::builder().name("reviews").workspace_id(workspace.as_str());
    /// call.body(body).send().await?;
    ///
    /// let requests = simulator.requests();
    /// assert_eq!(requests[0].operation, Some("create-task-builder-dataset"));
    /// assert_eq!(requests[0].json(), Some(json!({ "name": "reviews", "workspace_id": workspace })));
    /// # Ok(())
    /// # });
    /// ```
    pub fn json(&self) -> Option<serde_json::Value> {
        match &self.body {
            RecordedBody::Whole(body) => serde_json::from_slice(body).ok(),
            RecordedBody::Upload { .. } => None,
        }
    }
}
