//! Where a site path lies on disk.
//! The answer never lies outside the site's folder, whatever symbolic links say.

use std::io;
use std::path::{Path, PathBuf};

use galley_engine::SitePath;

use crate::error::{DiskError, DiskErrorKind};

/// The path of `path` below `folder`, links as they are.
pub(crate) fn under(folder: &Path, path: &SitePath) -> PathBuf {
    let mut at = folder.to_path_buf();
    at.extend(path.parts());
    at
}

/// The existing file or folder behind `path` with every link resolved, if it lies in the site.
pub(crate) fn resolve(folder: &Path, path: &SitePath, what: &'static str) -> Result<PathBuf, DiskError> {
    let root = folder.canonicalize().map_err(|error| DiskError::io(folder, what, error))?;
    let real = under(&root, path).canonicalize().map_err(|error| DiskError::io(path, what, error))?;
    if real.starts_with(&root) { Ok(real) } else { Err(DiskError::of(DiskErrorKind::Outside, path, what)) }
}

/// Where a file at `path` is to be written: behind a link if the link leads into the site.
/// Missing folders are made. A link that leads out of the site, or nowhere, is refused.
pub(crate) fn target(folder: &Path, path: &SitePath, what: &'static str) -> Result<PathBuf, DiskError> {
    let place = place(folder, path, what)?;
    match place.symlink_metadata() {
        Ok(meta) if meta.file_type().is_symlink() => resolve(folder, path, what),
        Ok(_) => Ok(place),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(place),
        Err(error) => Err(DiskError::io(path, what, error)),
    }
}

/// Where the name `path` itself lies: its folder resolved and made if missing, the last part
/// as it is, link or not.
pub(crate) fn place(folder: &Path, path: &SitePath, what: &'static str) -> Result<PathBuf, DiskError> {
    if path.is_empty() {
        return Err(DiskError::of(DiskErrorKind::Outside, folder, what));
    }
    let parent = path.parent();
    let root = folder.canonicalize().map_err(|error| DiskError::io(folder, what, error))?;
    let nearest = nearest_existing(&root, &parent);
    let real = resolve(&root, &nearest, what)?;
    let missing = parent.strip_prefix(&nearest).filter(|_| parent != nearest).unwrap_or_default();
    let real = real.join(missing);
    std::fs::create_dir_all(&real).map_err(|error| DiskError::io(path, what, error))?;
    Ok(real.join(path.file_name()))
}

/// Where the name `path` itself lies, link or not; its folder must exist.
pub(crate) fn name_at(folder: &Path, path: &SitePath, what: &'static str) -> Result<PathBuf, DiskError> {
    if path.is_empty() {
        return Err(DiskError::of(DiskErrorKind::Outside, folder, what));
    }
    Ok(resolve(folder, &path.parent(), what)?.join(path.file_name()))
}

fn nearest_existing(root: &Path, folder: &SitePath) -> SitePath {
    let mut at = folder.clone();
    while !at.is_empty() && under(root, &at).symlink_metadata().is_err() {
        at = at.parent();
    }
    at
}
