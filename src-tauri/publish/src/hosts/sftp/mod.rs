//! An SSH server as a host: reached, known by its key, logged in to, and asked what it can do.
//! A password goes to no server whose key is not the one on record.

mod files;
mod known;
mod login;
mod pulse;
mod session;
mod wire;

use crate::config::{Access, SftpHost, SftpMode};
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{FileKind, Files};
use crate::host::Host;
use crate::layout::{InPlace, Symlink};
pub use known::{forget_key, trust_key};

use files::Remote;

const FILE_BY_FILE: &str = "The switch is made file by file: for a moment, readers may see pages of both releases.";

/// Reaches the server and finds out how releases can be switched there.
pub(crate) async fn connect(settings: &SftpHost, access: &Access) -> Result<Box<dyn Host>> {
    let remote = Remote::open(settings, access).await?;
    let path = remote.absolute(&settings.path).await?;
    if !remote.can_replace() {
        // A server that is read-only offers none of its extensions: then that is what is wrong.
        may_write(&remote, &path).await?;
        return Err(PublishError::new(
            ErrorKind::Host,
            format!(
                "The server `{}` cannot rename a file over another (`posix-rename@openssh.com`).",
                settings.address
            ),
            "Files cannot be replaced safely there. Ask for an OpenSSH server, or use another host.",
        ));
    }
    let why_not = match settings.mode {
        SftpMode::InPlace => None,
        SftpMode::Symlink => match why_no_symlink(&remote, &path).await? {
            None => return Ok(switching(remote, &path)),
            why => why,
        },
    };
    let warnings = why_not.into_iter().chain([FILE_BY_FILE.to_owned()]).collect();
    Ok(Box::new(InPlace::new(remote, &path, warnings, false)))
}

/// Fault 14: an error where nothing may be written in the folder, or where it would be.
async fn may_write(remote: &Remote, path: &str) -> Result<()> {
    let is_there = remote.stat(path).await?.is_some();
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let at = format!("{}/.galley-{}", if is_there { path } else { parent }, crate::run::token());
    match remote.create(&at, b"").await {
        Err(error) if error.kind == ErrorKind::Denied => Err(error),
        _ => remote.remove(&at).await,
    }
}

fn switching(remote: Remote, path: &str) -> Box<dyn Host> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    Box::new(Symlink::new(remote, parent, name))
}

/// Why releases cannot be switched by a symlink at `path`; nothing where they can.
async fn why_no_symlink(remote: &Remote, path: &str) -> Result<Option<String>> {
    let Some((parent, name)) = path.rsplit_once('/').filter(|(_, name)| !name.is_empty()) else {
        return Ok(Some("The folder is the top of the server, so it cannot be a symlink.".to_owned()));
    };
    if let Some(found) = remote.stat(path).await? {
        let is_empty = found.kind == FileKind::Folder && remote.list(path).await?.is_empty();
        if found.kind != FileKind::Link && !is_empty {
            return Ok(Some(format!("`{path}` is a real folder with files in it, so it cannot become a symlink.")));
        }
    }
    match remote.try_symlink(parent, name).await {
        Ok(()) => Ok(None),
        Err(error) if error.is_connection() => Err(error),
        Err(error) => Ok(Some(format!("Symlinks cannot be made in `{parent}`: {}", error.message))),
    }
}
