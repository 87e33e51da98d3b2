use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::{Error, Result};

/// A file that is not whole yet, beside where it is to be. It gets its name when it is whole, and
/// goes when it is dropped before.
#[derive(Debug)]
pub(super) struct PartialFile {
    file: Option<tokio::fs::File>,
    path: PathBuf,
    to: PathBuf,
    length: u64,
    is_placed: bool,
}

impl PartialFile {
    /// Makes an empty one, in the folder of the file that it becomes: a rename within a folder is
    /// all or nothing.
    pub(super) fn create(to: PathBuf) -> Result<Self> {
        if to.file_name().is_none() || to.is_dir() {
            let path = to.display();
            let message = format!("{path} is no name of a file: say where the file is to be");
            return Err(Error::invalid_input(message));
        }
        let path = to.with_file_name(format!(".prolific-{:016x}.part", fastrand::u64(..)));
        // Opened at once and not on another thread: if whoever waits went away meanwhile, nobody
        // would be left to remove it.
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => {
                let file = Some(tokio::fs::File::from_std(file));
                Ok(Self { file, path, to, length: 0, is_placed: false })
            }
            Err(error) => Err(Error::of_file("no file can be made beside", &to, error)),
        }
    }

    /// How much of it is there, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) async fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match &mut self.file {
            Some(file) => file.write_all(bytes).await,
            None => Err(io::ErrorKind::NotFound.into()),
        };
        written.map_err(|error| self.failed(error))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Throws away what is there.
    pub(super) async fn restart(&mut self) -> Result<()> {
        let emptied = async {
            let Some(file) = &mut self.file else { return Ok(()) };
            file.flush().await?;
            file.set_len(0).await?;
            file.rewind().await.map(drop)
        };
        emptied.await.map_err(|error| self.failed(error))?;
        self.length = 0;
        Ok(())
    }

    /// Gives it its name, once all of it is on the disk. What had the name is replaced.
    pub(super) async fn place(mut self) -> Result<PathBuf> {
        self.store().await.map_err(|error| self.failed(error))?;
        self.is_placed = true;
        #[cfg(unix)]
        keep_name(&self.to).await;
        Ok(self.to.clone())
    }

    async fn store(&mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.flush().await?;
            file.sync_all().await?;
        }
        tokio::fs::rename(&self.path, &self.to).await
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::of_file("what came can't be kept for", &self.to, error)
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.is_placed {
            self.file = None;
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A name is safe once its folder is on the disk. Where a folder can't be written there by itself,
/// nothing is lost but that.
#[cfg(unix)]
async fn keep_name(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = tokio::fs::File::open(folder.unwrap_or(Path::new("."))).await {
        let _ = folder.sync_all().await;
    }
}
