//! A folder of this machine, or one mounted on it, as a host.
//! It never leaves a half-written file where one is served: bytes are staged, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind as Io, Read, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use crate::config::FolderHost;
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{FileKind, Files, Sight, Stat};
use crate::host::Host;
use crate::layout::InPlace;
use crate::manifest::{Entry, hex};
use crate::source::changed;

/// Said in the plan: a folder has no switch.
const FILE_BY_FILE: &str = "The switch is made file by file: for a moment, readers may see pages of both releases.";

/// Reaches the folder.
pub(crate) fn connect(folder: &FolderHost) -> Result<Box<dyn Host>> {
    let path = &folder.path;
    let parent = path.parent().filter(|_| path.is_absolute());
    let root = path.to_str().zip(parent).filter(|(_, parent)| parent.is_dir() || path.is_dir());
    let Some((root, _)) = root else {
        return Err(PublishError::new(
            ErrorKind::Config,
            format!(
                "The folder `{}` cannot be published to: the folder it should be in does not exist.",
                path.display()
            ),
            "Give the whole path of a folder, and check that its disk is connected.",
        ));
    };
    let ignores_case = cfg!(any(windows, target_os = "macos"));
    Ok(Box::new(InPlace::new(Local, root, vec![FILE_BY_FILE.to_owned()], ignores_case)))
}

/// The files of this machine.
#[derive(Debug, Clone, Copy)]
struct Local;

impl Files for Local {
    async fn put(&self, from: &Path, to: &str, entry: &Entry) -> Result<()> {
        tokio::task::yield_now().await;
        let digest = copy(from, to).map_err(|error| explain("write", to, &error))?;
        if digest != entry.sha256 {
            return Err(changed(to));
        }
        set_mode(to, 0o644).map_err(|error| explain("set the mode of", to, &error))
    }

    async fn write(&self, to: &str, bytes: &[u8]) -> Result<()> {
        fs::write(to, bytes).map_err(|error| explain("write", to, &error))
    }

    async fn create(&self, to: &str, bytes: &[u8]) -> Result<bool> {
        let made = OpenOptions::new().write(true).create_new(true).open(to);
        match made.and_then(|mut file| file.write_all(bytes)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == Io::AlreadyExists => Ok(false),
            Err(error) => Err(explain("write", to, &error)),
        }
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        present(fs::read(path)).map_err(|error| explain("read", path, &error))
    }

    async fn stat(&self, path: &str) -> Result<Option<Stat>> {
        let found = present(fs::symlink_metadata(path)).map_err(|error| explain("look at", path, &error))?;
        Ok(found.as_ref().map(stat))
    }

    async fn list(&self, folder: &str) -> Result<Vec<(String, Stat)>> {
        tokio::task::yield_now().await;
        list(folder).map_err(|error| explain("list", folder, &error))
    }

    async fn make_folder(&self, path: &str, sight: Sight) -> Result<()> {
        match fs::create_dir(path) {
            Ok(()) => set_mode(path, if sight == Sight::Public { 0o755 } else { 0o700 })
                .map_err(|error| explain("set the mode of", path, &error)),
            Err(error) if error.kind() == Io::AlreadyExists && Path::new(path).is_dir() => Ok(()),
            Err(error) => Err(explain("make the folder", path, &error)),
        }
    }

    async fn rename(&self, from: &str, to: &str) -> Result<()> {
        tokio::task::yield_now().await;
        fs::rename(from, to).map_err(|error| explain("write", to, &error))
    }

    async fn remove(&self, path: &str) -> Result<()> {
        tokio::task::yield_now().await;
        present(fs::remove_file(path)).map(drop).map_err(|error| explain("delete", path, &error))
    }

    async fn remove_folder(&self, path: &str) -> Result<bool> {
        Ok(fs::remove_dir(path).is_ok())
    }

    async fn link(&self, from: &str, to: &str) -> Result<bool> {
        Ok(fs::hard_link(from, to).is_ok())
    }

    async fn symlink(&self, target: &str, at: &str) -> Result<()> {
        symlink(target, at).map_err(|error| explain("make the link", at, &error))
    }

    async fn read_link(&self, path: &str) -> Result<Option<String>> {
        Ok(fs::read_link(path).ok().and_then(|target| target.to_str().map(str::to_owned)))
    }

    async fn space(&self, _: &str) -> Result<Option<u64>> {
        // The standard library does not say; a full disk is met while staging, and named there.
        Ok(None)
    }

    fn width(&self) -> usize {
        8
    }
}

/// `None` where nothing is there.
fn present<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), Io::NotFound | Io::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

fn stat(found: &fs::Metadata) -> Stat {
    let kind = match found.file_type() {
        kind if kind.is_dir() => FileKind::Folder,
        kind if kind.is_symlink() => FileKind::Link,
        _ => FileKind::File,
    };
    let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Stat { kind, size: found.len(), modified: modified.map_or(0, |since| since.as_secs()) }
}

fn list(folder: &str) -> io::Result<Vec<(String, Stat)>> {
    let Some(items) = present(fs::read_dir(folder))? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for item in items {
        let item = item?;
        // A name that is no text was not made here and is left alone.
        if let (Ok(name), Some(there)) = (item.file_name().into_string(), present(item.metadata())?) {
            found.push((name, stat(&there)));
        }
    }
    Ok(found)
}

/// Copies to a file that is made anew, and gives the SHA-256 of what was copied.
fn copy(from: &Path, to: &str) -> io::Result<String> {
    present(fs::remove_file(to))?;
    let mut source = File::open(from)?;
    let mut copy = OpenOptions::new().write(true).create_new(true).open(to)?;
    let (mut sha, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            copy.sync_data()?;
            return Ok(hex(&sha.finalize()));
        }
        sha.update(&buffer[..read]);
        copy.write_all(&buffer[..read])?;
    }
}

#[cfg(unix)]
fn set_mode(path: &str, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &str, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn symlink(target: &str, at: &str) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn symlink(_: &str, _: &str) -> io::Result<()> {
    Err(io::Error::from(Io::Unsupported))
}

fn explain(what: &str, path: &str, error: &io::Error) -> Box<PublishError> {
    let (kind, help) = match error.kind() {
        Io::StorageFull | Io::QuotaExceeded => {
            (ErrorKind::Full { needs: 0, has: 0 }, "The disk is full. Make room, then publish again.")
        }
        Io::PermissionDenied | Io::ReadOnlyFilesystem => {
            (ErrorKind::Denied, "Allow writing there, or choose another folder, then publish again.")
        }
        _ => (ErrorKind::Host, "Check the folder, then publish again."),
    };
    PublishError::new(kind, format!("cannot {what} `{path}`: {error}"), help)
}
