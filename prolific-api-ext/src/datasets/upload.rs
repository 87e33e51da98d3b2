use std::{fmt, future::IntoFuture, pin::Pin, sync::Arc, time::Duration};

use prolific_api::types;
use reqwest::header::HeaderValue;

use crate::{
    DatasetId, Error, ImportId, Prolific, Result,
    call::Policy,
    resource::{given, present},
    transfer::{self, Link, Progress, Sent, Times, UploadFile, UploadLink},
};

const GET_UPLOAD_URL: &str = "get-dataset-upload-url";

/// The endings of names that a dataset takes, of either version.
const ENDINGS: &[&str] = &["csv", "jsonl", "zip"];

/// An upload of a file into a dataset. Awaiting it sends the file; dropping it ends it. Made by
/// [`Datasets::upload`](super::Datasets::upload).
#[must_use = "an upload does nothing until it is awaited"]
pub struct Upload {
    prolific: Prolific,
    pub(super) id: DatasetId,
    file: UploadFile,
    progress: Option<Progress>,
    times: Times,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The import that takes the file in, of a dataset of version 4: what
    /// [`wait_for_import`](super::Datasets::wait_for_import) waits for. None of one of version 3,
    /// which is waited for itself.
    pub import_id: Option<ImportId>,
    /// How long the file is.
    pub bytes: u64,
}

impl Upload {
    pub(super) fn new(prolific: Prolific, id: DatasetId, file: UploadFile) -> Self {
        Self { prolific, id, file, progress: None, times: Times::default() }
    }

    /// Calls `progress` with the bytes that were handed to the connection and the bytes of the
    /// file: before the first one, and after each piece of up to 64 KiB. An attempt that follows
    /// one that broke off begins at 0 again. It is called on the way of the file, and should be
    /// quick.
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Sets how long the storage may take to respond once it was sent the whole file. Until then an
    /// attempt ends when nothing moves for the attempt timeout of the client. Default: 5 minutes.
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.times.response_timeout = timeout;
        self
    }

    /// Sets how long the whole may take, asking for links and all attempts included. Default: 24
    /// hours.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.times.total_timeout = timeout;
        self
    }

    async fn run(self) -> Result<Uploaded> {
        let Self { prolific, id, file, progress, times } = self;
        let name = checked_name(&file)?;
        let ask = || link(&prolific, &id, name);
        let sent = transfer::upload(&prolific, &file, progress, times, ask).await?;
        let Sent { import_id, bytes } = sent;
        Ok(Uploaded { import_id, bytes })
    }
}

impl IntoFuture for Upload {
    type Output = Result<Uploaded>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Uploaded>> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("dataset", &self.id).field("file", &self.file).finish()
    }
}

fn checked_name(file: &UploadFile) -> Result<&str> {
    let (name, ending) = file.segment().map_err(|error| error.of(GET_UPLOAD_URL))?;
    if ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return Ok(name);
    }
    let why = format!(
        "the file name {name:?} does not end in .csv, .jsonl or .zip: a dataset with a schema \
         accepts .csv and .jsonl, and one without accepts .csv and .zip"
    );
    Err(Error::invalid_input(why).of(GET_UPLOAD_URL))
}

/// Requests a link. In a dataset of version 4 every link starts a new import.
async fn link(prolific: &Prolific, id: &DatasetId, name: &str) -> Result<UploadLink> {
    let call = prolific.api().get_dataset_upload_url().dataset_id(id.as_str()).filename(name);
    let answer = call.send().await.map_err(|error| Error::from(error).of(GET_UPLOAD_URL))?;
    read((*answer).clone(), id, prolific.policy())
        .map_err(|error| error.answered(&answer).of(GET_UPLOAD_URL))
}

fn read(answer: types::DatasetUploadUrl, id: &DatasetId, policy: &Policy) -> Result<UploadLink> {
    let (url, method) = (present(answer.upload_url, "upload_url")?, answer.http_method);
    let what = format!("a file of dataset {id}");
    let link = Link::new(url.expose_secret(), &what, policy)?;
    let mut link = UploadLink::new(link, method.as_ref().map(|method| method.as_str()))?;
    link.content_type = answer.content_type.map(header).transpose()?;
    link.expires_at = answer.expires_at.and_then(|time| time.to_system_time());
    link.import_id = given(answer.import_id.map(ImportId::new).transpose())?;
    Ok(link)
}

fn header(content_type: String) -> Result<HeaderValue> {
    HeaderValue::try_from(content_type).map_err(|error| {
        Error::unexpected("the `content_type` can't be sent in a header").caused_by(error)
    })
}
