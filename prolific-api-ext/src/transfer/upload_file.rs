use std::{
    fmt,
    future::Future,
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
};

use bytes::Bytes;
use tokio::io::AsyncRead;

use crate::{Error, Result};

/// A file to upload: from disk, from memory, or from any source that can be opened again.
///
/// It is streamed in pieces of 64 KiB and never held in memory whole. If an upload breaks off, the
/// file is opened and read again from its beginning.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::transfer::UploadFile;
///
/// let file = UploadFile::from_path("data/birds.csv");
/// assert_eq!(file.name(), Some("birds.csv"));
/// let bytes = UploadFile::from_bytes("birds.jsonl", "{\"prompt\":\"Which bird?\"}\n");
/// let reader = UploadFile::from_reader("birds.csv", || async {
///     let file = tokio::fs::File::open("data/birds.csv").await?;
///     let length = file.metadata().await?.len();
///     Ok((file, length))
/// });
/// ```
#[derive(Clone)]
pub struct UploadFile {
    name: Option<String>,
    open: Arc<dyn Fn() -> Opening + Send + Sync>,
}

type Opening = Pin<Box<dyn Future<Output = io::Result<Opened>> + Send>>;

/// A file from its beginning, and how long it is, in bytes.
pub(super) struct Opened {
    pub(super) reader: Pin<Box<dyn AsyncRead + Send>>,
    pub(super) length: u64,
}

impl UploadFile {
    /// A file on disk, under its own name. It is opened when it is sent, and has to be a regular
    /// file with a known length: a pipe, a device, or a file in `/proc` is an error.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = Arc::<Path>::from(path.into());
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let open = move || {
            let path = path.clone();
            async move {
                // Checked before it is opened: opening a pipe blocks until there is a writer.
                regular(&tokio::fs::metadata(&path).await?)?;
                let file = tokio::fs::File::open(&path).await?;
                let length = regular(&file.metadata().await?)?;
                Ok((file, length))
            }
        };
        Self { name, open: opening(open) }
    }

    /// Bytes in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::from_reader(name, move || {
            let bytes = bytes.clone();
            async move {
                let length = bytes.len() as u64;
                Ok((io::Cursor::new(bytes), length))
            }
        })
    }

    /// Any source: `open` returns a reader at the beginning of the file, and its length in bytes.
    /// It is called for every attempt, and has to return the same content every time.
    pub fn from_reader<R, F>(
        name: impl Into<String>,
        open: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        R: AsyncRead + Send + 'static,
        F: Future<Output = io::Result<(R, u64)>> + Send + 'static,
    {
        Self { name: Some(name.into()), open: opening(open) }
    }

    /// Changes the name. The file extension tells the server the format.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The name. `None` if the path has no file name, or one that is not Unicode.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Its name, which is one segment of a path, and the ending of it, which tells the server the
    /// format.
    pub(crate) fn segment(&self) -> Result<(&str, &str)> {
        let Some(name) = self.name() else {
            let why = "the file's name is not valid Unicode: set one with `named`";
            return Err(Error::invalid_input(why));
        };
        if name.contains(['/', '\\']) || name.contains(char::is_control) {
            return Err(Error::invalid_input(format!(
                "the file name {name:?} contains a slash or a control character: give only the name"
            )));
        }
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        Ok((name, ending.unwrap_or_default()))
    }

    pub(super) async fn open(&self) -> io::Result<Opened> {
        (self.open)().await
    }
}

/// The length of a file that is read to its end and can be read again.
fn regular(metadata: &std::fs::Metadata) -> io::Result<u64> {
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        let why = "it is not a regular file: read it and upload its bytes with `from_bytes`";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    Ok(metadata.len())
}

fn opening<R, F>(
    open: impl Fn() -> F + Send + Sync + 'static,
) -> Arc<dyn Fn() -> Opening + Send + Sync>
where
    R: AsyncRead + Send + 'static,
    F: Future<Output = io::Result<(R, u64)>> + Send + 'static,
{
    Arc::new(move || {
        let opening = open();
        Box::pin(async move {
            let (reader, length) = opening.await?;
            Ok(Opened { reader: Box::pin(reader), length })
        })
    })
}

impl From<&Path> for UploadFile {
    fn from(path: &Path) -> Self {
        Self::from_path(path)
    }
}

impl From<PathBuf> for UploadFile {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile").field("name", &self.name).finish_non_exhaustive()
    }
}
