use bytes::Bytes;

/// The name of an upload to a presigned link, which is no operation of the API.
pub const STORAGE_UPLOAD: &str = "storage-upload";
/// The name of a download from a presigned link, which is no operation of the API.
pub const STORAGE_DOWNLOAD: &str = "storage-download";

/// The transfers that are no operations of the API.
pub(super) const STORAGE: [&str; 2] = [STORAGE_UPLOAD, STORAGE_DOWNLOAD];

/// A request that a [`Simulator`](super::Simulator) received. It holds no token and no signature
/// of a link.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The documented name of the operation, [`STORAGE_UPLOAD`] or [`STORAGE_DOWNLOAD`]; none
    /// where the path and the method are those of no operation.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, percent-encoded; empty for links, where it is their signature.
    pub query: String,
    /// The type of the body, as it was sent.
    pub content_type: Option<String>,
    /// Whether it carried the simulator's token.
    pub has_token: bool,
    /// The body; empty where it was not read, as without the token.
    pub body: RecordedBody,
    /// The status of the answer; none where the connection broke instead.
    pub status: Option<u16>,
    /// What the answer called the request (`x-request-id`).
    pub request_id: String,
}

/// The body of a request that a [`Simulator`](super::Simulator) received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RecordedBody {
    /// All of it.
    Whole(Bytes),
    /// Of an upload only how much there was, and what it hashes to.
    Upload {
        /// How many bytes arrived.
        length: u64,
        /// The SHA-256 of the bytes that arrived, in lower-case hex.
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
    /// The body as JSON; none where it is not.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::{raw::types::CreateDataset, simulator::Simulator};
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let call = prolific.api().create_task_builder_dataset();
    /// let body = CreateDataset::builder().name("reviews").workspace_id("w1");
    /// call.body(body).send().await?;
    ///
    /// let requests = simulator.requests();
    /// assert_eq!(requests[0].operation, Some("create-task-builder-dataset"));
    /// assert_eq!(requests[0].json(), Some(json!({ "name": "reviews", "workspace_id": "w1" })));
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(&self) -> Option<serde_json::Value> {
        match &self.body {
            RecordedBody::Whole(body) => serde_json::from_slice(body).ok(),
            RecordedBody::Upload { .. } => None,
        }
    }
}
