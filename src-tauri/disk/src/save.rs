//! A source saved over the very file that was last seen, and over no other.
//! What another program writes at that moment is put back in its place, whole.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use galley_engine::{Hash, SitePath};
use tempfile::NamedTempFile;

use crate::error::DiskError;
use crate::inside::target;
use crate::read::hash_of;
use crate::write::{SAVED, filled, may_write, rename_new, sync_folder_of};

/// What came of a save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// The file holds the text.
    Saved,
    /// The file holds something else than was expected, or is not there, and is as it was.
    Differs,
}

/// Saves a source if its file still has the hash `seen`, or is still not there. Missing folders
/// are made; a link is followed if it leads into the site, and stays a link.
pub fn save_source(folder: &Path, path: &SitePath, bytes: &[u8], seen: Option<Hash>) -> Result<Saving, DiskError> {
    let target = target(folder, path, SAVED)?;
    let saved = save(&target, bytes, seen).map_err(|error| DiskError::io(path, SAVED, error))?;
    if saved == Saving::Saved {
        // The new file is in place: a folder that cannot be flushed now is flushed by the system
        // later, and either file is whole.
        sync_folder_of(&target).ok();
    }
    Ok(saved)
}

fn save(target: &Path, bytes: &[u8], seen: Option<Hash>) -> io::Result<Saving> {
    let old = target.symlink_metadata().ok().filter(Metadata::is_file);
    if let Some(old) = &old {
        may_write(target, old)?;
    }
    let file = filled(target, bytes, old.as_ref())?;
    match seen {
        Some(seen) if old.is_some() => replace(file, target, seen),
        // Made again where it was, a file that was moved would be there twice.
        Some(_) => Ok(Saving::Differs),
        None => create(file, target),
    }
}

fn create(file: NamedTempFile, target: &Path) -> io::Result<Saving> {
    match rename_new(file.path(), target) {
        Ok(()) => {
            // Its name is the target's now: there is nothing left to remove.
            file.into_temp_path().keep().ok();
            Ok(Saving::Saved)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Saving::Differs),
        Err(error) => Err(error),
    }
}

/// The two files change places in one step; if the one that was there is not the one that was
/// seen, they change back.
fn replace(file: NamedTempFile, target: &Path, seen: Hash) -> io::Result<Saving> {
    match exchange(file.path(), target) {
        Ok(()) if is(file.path(), seen) => Ok(Saving::Saved),
        Ok(()) => {
            exchange(file.path(), target)?;
            Ok(Saving::Differs)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Saving::Differs),
        // The file system cannot do that: it is looked at once more, at the last moment.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            if !is(target, seen) {
                return Ok(Saving::Differs);
            }
            file.persist(target).map_err(|error| error.error)?;
            Ok(Saving::Saved)
        }
        Err(error) => Err(error),
    }
}

fn is(file: &Path, seen: Hash) -> bool {
    std::fs::File::open(file).and_then(|mut file| hash_of(&mut file)).is_ok_and(|(hash, _)| hash == seen)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Err(io::ErrorKind::Unsupported.into()),
        result => Ok(result?),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().display().to_string())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn only_the_file_that_was_seen_is_replaced() {
        let site = folder();
        let (path, file) = (SitePath::new("a.md").expect("a path"), site.path().join("a.md"));
        std::fs::write(&file, "old").expect("written");
        let save =
            |text: &str, seen: &str| save_source(site.path(), &path, text.as_bytes(), Some(Hash::of(seen.as_bytes())));
        assert_eq!(save("new", "old").expect("saved"), Saving::Saved);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "new");
        assert_eq!(save("newer", "old").expect("looked at"), Saving::Differs);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "new");
        assert_eq!(names(site.path()), ["a.md"], "nothing is left beside it");
    }

    #[test]
    fn a_file_that_went_is_not_made_again_and_one_that_came_is_kept() {
        let site = folder();
        let (path, file) = (SitePath::new("deep/a.md").expect("a path"), site.path().join("deep/a.md"));
        assert_eq!(save_source(site.path(), &path, b"one", Some(Hash::of(b"gone"))).expect("saved"), Saving::Differs);
        assert!(!file.exists());
        assert_eq!(save_source(site.path(), &path, b"one", None).expect("saved"), Saving::Saved);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "one");
        assert_eq!(save_source(site.path(), &path, b"two", None).expect("looked at"), Saving::Differs);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "one");
        assert_eq!(names(&site.path().join("deep")), ["a.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let site = folder();
        let file = site.path().join("real.md");
        std::fs::write(&file, "old").expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink("real.md", site.path().join("a.md")).expect("a link");
        let path = SitePath::new("a.md").expect("a path");
        assert_eq!(save_source(site.path(), &path, b"new", Some(Hash::of(b"old"))).expect("saved"), Saving::Saved);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "new");
        assert_eq!(file.metadata().expect("there").permissions().mode() & 0o777, 0o640);
        assert!(site.path().join("a.md").symlink_metadata().expect("there").is_symlink());
    }
}
