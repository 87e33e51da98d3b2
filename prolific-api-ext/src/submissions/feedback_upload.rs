use std::{fmt, future::IntoFuture, pin::Pin, sync::Arc, time::Duration};

use reqwest::header::HeaderValue;

use super::Submissions;
use crate::{
    Error, Prolific, Result, WorkspaceId,
    resource::{present, read},
    transfer::{self, Link, Progress, Times, UploadFile, UploadLink},
};

const GET_UPLOAD_URL: &str = "get-submission-feedback-upload-url";

/// The endings of files that are taken, and their media types.
pub(crate) const FEEDBACK_FILES: [(&str, &str); 6] = [
    ("csv", "text/csv"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("json", "application/json"),
    ("txt", "text/plain"),
    ("pdf", "application/pdf"),
];

impl Submissions {
    /// Uploads a file with feedback on the submissions of completed studies: CSV, XLS, XLSX, JSON,
    /// TXT or PDF, up to 5 GB. Awaiting it returns the number of bytes.
    ///
    /// Safe: requests a link, and sends the file to it without the token. If the upload
    /// breaks off, the file is opened and sent again under the retry policy of the client; an
    /// expired link is replaced. The media type follows from the file extension *(inferred)*.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the file has another extension,
    /// and [`File`](crate::ErrorKind::File) if it can't be opened, before anything is sent; `File`
    /// if it can't be read to its end; another [`ErrorKind`](crate::ErrorKind) if a call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::transfer::UploadFile;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let file = UploadFile::from_bytes("feedback.csv", "submission_id,quality\n1,good\n");
    /// let bytes = prolific.submissions().upload_feedback(&workspace, file).await?;
    /// assert_eq!(bytes, 29);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-submission-feedback-upload-url")]
    pub fn upload_feedback(
        &self,
        workspace_id: &WorkspaceId,
        file: impl Into<UploadFile>,
    ) -> FeedbackUpload {
        FeedbackUpload {
            prolific: self.prolific.clone(),
            workspace_id: workspace_id.clone(),
            file: file.into(),
            progress: None,
            times: Times::default(),
        }
    }
}

/// The upload of a feedback file. Awaiting it sends the file; dropping it cancels the upload.
/// Returned by [`Submissions::upload_feedback`].
#[must_use = "an upload does nothing until it is awaited"]
pub struct FeedbackUpload {
    prolific: Prolific,
    workspace_id: WorkspaceId,
    file: UploadFile,
    progress: Option<Progress>,
    times: Times,
}

impl FeedbackUpload {
    /// Calls `progress` with the bytes sent so far and the total; see
    /// [`Upload::on_progress`](crate::datasets::Upload::on_progress).
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Sets how long the storage may take to respond after it has received the whole file. Default:
    /// 5 minutes.
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.times.response_timeout = timeout;
        self
    }

    /// Sets the total time, including requesting links and all attempts. Default: 24 hours.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.times.total_timeout = timeout;
        self
    }

    async fn run(self) -> Result<u64> {
        let Self { prolific, workspace_id, file, progress, times } = self;
        let (name, content_type) = checked(&file)?;
        let ask = || link(&prolific, &workspace_id, name, content_type);
        Ok(transfer::upload(&prolific, &file, progress, times, ask).await?.bytes)
    }
}

impl IntoFuture for FeedbackUpload {
    type Output = Result<u64>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<u64>> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for FeedbackUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeedbackUpload").field("file", &self.file).finish_non_exhaustive()
    }
}

/// The file name and its media type.
fn checked(file: &UploadFile) -> Result<(&str, &'static str)> {
    let (name, ending) = file.segment().map_err(|error| error.of(GET_UPLOAD_URL))?;
    let known = FEEDBACK_FILES.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.map(|(_, content_type)| (name, *content_type)).ok_or_else(|| {
        let why = format!(
            "the file name {name:?} does not end in .csv, .xls, .xlsx, .json, .txt or .pdf: no \
             other type is accepted"
        );
        Error::invalid_input(why).of(GET_UPLOAD_URL)
    })
}

async fn link(
    prolific: &Prolific,
    workspace_id: &WorkspaceId,
    name: &str,
    content_type: &'static str,
) -> Result<UploadLink> {
    let call = prolific.api().get_submission_feedback_upload_url().filename(name);
    let sent = call.workspace_id(workspace_id.as_str()).send().await;
    read(sent, GET_UPLOAD_URL, |raw| {
        let (url, method) = (present(raw.upload_url, "upload_url")?, raw.http_method);
        let link = Link::new(url.expose_secret(), "a file with feedback", prolific.policy())?;
        let mut link = UploadLink::new(link, method.as_ref().map(|method| method.as_str()))?;
        link.content_type = Some(HeaderValue::from_static(content_type));
        link.expires_at = raw.expires_at.and_then(|time| time.to_system_time());
        Ok(link)
    })
}
