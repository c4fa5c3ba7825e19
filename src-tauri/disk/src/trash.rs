//! Removing a source without losing it.
//! Nothing is ever unlinked: it goes to the system's trash, or into Galley's own.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use galley_engine::SitePath;

use crate::error::{DiskError, DiskErrorKind};
use crate::inside::name_at;
use crate::write::{make_folder, rename_new};

const TRASHED: &str = "was not deleted";

/// Where removed files go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrashTo {
    /// To the system's trash; where there is none, or it refuses, into this folder.
    System {
        /// Galley's own trash for the site.
        or: PathBuf,
    },
    /// Into this folder.
    Folder(PathBuf),
}

/// Moves a file or a folder of the site to the trash and says, for a person, where it is now.
pub fn trash(folder: &Path, path: &SitePath, to: &TrashTo) -> Result<String, DiskError> {
    let at = name_at(folder, path, TRASHED)?;
    at.symlink_metadata().map_err(|error| DiskError::io(path, TRASHED, error))?;
    match to {
        TrashTo::System { or } => match ::trash::delete(&at) {
            Ok(()) => Ok("the system's trash".to_owned()),
            Err(_) => keep(&at, path, or),
        },
        TrashTo::Folder(own) => keep(&at, path, own),
    }
}

/// Moves `at` into `own`, in a folder of its own named for the moment.
fn keep(at: &Path, path: &SitePath, own: &Path) -> Result<String, DiskError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let folder = (0..1000)
        .map(|count| own.join(format!("{now}-{count}")))
        .find(|folder| !folder.exists())
        .ok_or_else(|| DiskError::of(DiskErrorKind::Other, path, TRASHED))?;
    make_folder(&folder, TRASHED)?;
    let kept = folder.join(path.file_name());
    match rename_new(at, &kept) {
        Ok(()) => Ok(kept.display().to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => {
            copy_then_remove(at, &kept).map_err(|error| DiskError::io(path, TRASHED, error))?;
            Ok(kept.display().to_string())
        }
        Err(error) => Err(DiskError::io(path, TRASHED, error)),
    }
}

/// Across disks: the copy is whole and on the disk before the original goes.
fn copy_then_remove(from: &Path, to: &Path) -> std::io::Result<()> {
    copy(from, to)?;
    if from.symlink_metadata()?.is_dir() { std::fs::remove_dir_all(from) } else { std::fs::remove_file(from) }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let meta = from.symlink_metadata()?;
    if meta.is_dir() {
        std::fs::create_dir(to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if meta.is_symlink() {
        return link(&from.read_link()?, to);
    }
    std::fs::copy(from, to)?;
    std::fs::File::open(to)?.sync_all()
}

#[cfg(unix)]
fn link(leads_to: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(leads_to, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
