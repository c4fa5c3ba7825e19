//! The writer's files, written whole or not at all.
//! No file is ever truncated, and none is overwritten but by [`write_atomic`],
//! [`write_source`] and [`save_source`](crate::save_source), which replace it by a whole one.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use galley_engine::SitePath;
use tempfile::NamedTempFile;

use crate::error::{DiskError, DiskErrorKind};
use crate::inside::{name_at, place, target, under};
use crate::kind::{TEMPORARY, is_temporary};

pub(crate) const SAVED: &str = "was not saved";
const RENAMED: &str = "was not renamed";
const CREATED: &str = "was not created";

/// A temporary file older than this belongs to no save that is still running.
const ABANDONED: Duration = Duration::from_mins(10);

/// Saves a source: its file then holds exactly `bytes`, or what it held before. Missing folders
/// are made; a link is followed if it leads into the site, and stays a link.
pub fn write_source(folder: &Path, path: &SitePath, bytes: &[u8]) -> Result<(), DiskError> {
    let target = target(folder, path, SAVED)?;
    replace(&target, bytes).map_err(|error| DiskError::io(path, SAVED, error))
}

/// Replaces the file at `path`, a link included, or creates it. Its permissions are kept.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace(path, bytes).map_err(|error| DiskError::io(path, SAVED, error))
}

/// Creates a source where there is none.
pub fn create_new(folder: &Path, path: &SitePath, bytes: &[u8]) -> Result<(), DiskError> {
    let place = place(folder, path, CREATED)?;
    if place.symlink_metadata().is_ok() {
        return Err(DiskError::of(DiskErrorKind::Exists, path, CREATED));
    }
    let create = || -> io::Result<()> {
        let file = filled(&place, bytes, None)?;
        file.persist_noclobber(&place).map_err(|error| error.error)?;
        sync_folder_of(&place)
    };
    create().map_err(|error| DiskError::io(path, CREATED, error))
}

/// Moves a file or a folder of the site. What is at `to` is never overwritten.
pub fn rename_source(folder: &Path, from: &SitePath, to: &SitePath) -> Result<(), DiskError> {
    let old = name_at(folder, from, RENAMED)?;
    old.symlink_metadata().map_err(|error| DiskError::io(from, RENAMED, error))?;
    let new = place(folder, to, RENAMED)?;
    rename_new(&old, &new).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => DiskError::io(to, RENAMED, error),
        _ => DiskError::io(from, RENAMED, error),
    })?;
    // The rename is done: a folder that cannot be flushed now is flushed by the system later.
    sync_folder_of(&new).and_then(|()| sync_folder_of(&old)).ok();
    Ok(())
}

/// Removes temporary files that a crash while saving left behind. Only files with the name of
/// one of ours that nothing has written to for ten minutes go.
pub fn remove_leftovers(folder: &Path, leftovers: &[SitePath]) {
    for leftover in leftovers.iter().filter(|path| is_temporary(path.file_name())) {
        let file = under(folder, leftover);
        let old = file
            .symlink_metadata()
            .ok()
            .filter(Metadata::is_file)
            .and_then(|meta| SystemTime::now().duration_since(meta.modified().ok()?).ok());
        if old.is_some_and(|age| age > ABANDONED) {
            std::fs::remove_file(file).ok();
        }
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = path.symlink_metadata().ok().filter(Metadata::is_file);
    if let Some(old) = &old {
        may_write(path, old)?;
    }
    filled(path, bytes, old.as_ref())?.persist(path).map_err(|error| error.error)?;
    // The new file is in place: a folder that cannot be flushed now is flushed by the system
    // later, and either file is whole.
    sync_folder_of(path).ok();
    Ok(())
}

/// A rename would replace even a file that is protected against writing.
pub(crate) fn may_write(path: &Path, meta: &Metadata) -> io::Result<()> {
    if meta.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    OpenOptions::new().write(true).open(path).map(|_| ())
}

/// A temporary file beside `path` that holds `bytes`, on the disk, with the permissions of the
/// old file. Dropped, it is gone.
pub(crate) fn filled(path: &Path, bytes: &[u8], old: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut file = temporary(path)?;
    if let Some(old) = old {
        keep_owner(file.as_file(), old);
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("file");
    // The bound of most file systems is 255 bytes a name.
    let prefix = format!(".{}{TEMPORARY}", &name[..name.floor_char_boundary(200)]);
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).rand_bytes(6);
    // The system takes the user's mask from the permissions of a new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::MetadataExt;
    // Only an administrator may give a file away; for everyone else the file is theirs already.
    std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid())).ok();
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Makes a rename in the folder of `path` last through a power cut.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Renames, unless there is something at `new`.
pub(crate) fn rename_new(old: &Path, new: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, old, CWD, new, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(()),
            // The file system does not know the flag.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if new.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(old, new)
}

pub(crate) fn make_folder(folder: &Path, what: &'static str) -> Result<(), DiskError> {
    std::fs::create_dir_all(folder).map_err(|error| DiskError::io(folder, what, error))
}
