use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use super::stale_parts;
use crate::{Error, Result};

/// How many names are tried for a part: another download may take one that was just made for stale.
const ATTEMPTS: u32 = 16;

/// An incomplete file next to its target. It is renamed when it is complete, and removed if it is
/// dropped before.
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
    pub(super) async fn create(to: PathBuf) -> Result<Self> {
        replaceable(&to)?;
        stale_parts::remove_beside(&to).await;
        // Opened here and not on another thread: if the caller were dropped in the meantime, the
        // file would never be removed.
        for _ in 0..ATTEMPTS {
            let path = to.with_file_name(stale_parts::new_name());
            let file = create_private(&path)
                .map_err(|error| Error::of_file("no file can be created next to", &to, error))?;
            if stale_parts::is_held(&file, &path) {
                let file = Some(tokio::fs::File::from_std(file));
                return Ok(Self { file, path, to, length: 0, is_placed: false });
            }
        }
        let error = io::ErrorKind::ResourceBusy.into();
        Err(Error::of_file("no file can be created next to", &to, error))
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
        let mode = replaceable(&self.to).map_err(io::Error::other)?;
        let Some(file) = &mut self.file else { return Err(io::ErrorKind::NotFound.into()) };
        file.flush().await?;
        if let Some(mode) = mode {
            file.set_permissions(mode).await?;
        }
        file.sync_all().await?;
        // It is held until it has its name, or another download would take it for stale.
        tokio::fs::rename(&self.path, &self.to).await
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::of_file("the received data can't be written for", &self.to, error)
    }
}

/// Writes a file that is whole or not there. Returns its path.
pub(crate) async fn write_whole(to: &Path, bytes: &[u8]) -> Result<PathBuf> {
    let mut file = PartialFile::create(to.to_owned()).await?;
    file.append(bytes).await?;
    file.place().await
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.is_placed {
            self.file = None;
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Checks that a file may have this name, and returns the permissions of the one that has it.
///
/// A link is replaced itself, but not one that leads to something that is not a file: `/dev/stdout` is one.
fn replaceable(to: &Path) -> Result<Option<fs::Permissions>> {
    let refused = |why: &str| {
        let message = format!("{} {why}: give the path of the file", to.display());
        Err(Error::invalid_input(message))
    };
    if to.file_name().is_none() {
        return refused("is not a file name");
    }
    let there = match to.symlink_metadata() {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            return refused("is not a file name");
        }
        Err(error) => return Err(Error::of_file("no file can be created at", to, error)),
    };
    let is_other = |kind: fs::FileType| !kind.is_file();
    if there.is_symlink() {
        let leads_elsewhere = to.metadata().is_ok_and(|target| is_other(target.file_type()));
        return if leads_elsewhere {
            refused("points to something that is not a file")
        } else {
            Ok(None)
        };
    }
    if there.is_dir() {
        return refused("is a folder");
    }
    if is_other(there.file_type()) {
        return refused("is a pipe, a socket or a device, not a file");
    }
    Ok(permissions(&there))
}

/// Of the mode what says who may do what, and not whose rights a program has.
#[cfg(unix)]
fn permissions(file: &fs::Metadata) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(file.permissions().mode() & 0o777))
}

/// A file has the permissions of its folder there.
#[cfg(not(unix))]
fn permissions(_: &fs::Metadata) -> Option<fs::Permissions> {
    None
}

/// Creates a file that only the user can read.
fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
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
