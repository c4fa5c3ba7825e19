//! SFTP's own words: attributes, status codes, and what they mean for the writer.
//! Nothing here waits for more than the start of the session.

use std::collections::HashMap;

use russh::client::Handle;
use russh_sftp::client::RawSftpSession;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{FileAttributes, FileType, StatusCode};

use super::pulse::cut;
use super::session::{Address, Client};
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{FileKind, Stat};

pub(super) async fn start(ssh: &Handle<Client>) -> Result<(RawSftpSession, HashMap<String, String>), String> {
    let channel = ssh.channel_open_session().await.map_err(|error| error.to_string())?;
    channel.request_subsystem(true, "sftp").await.map_err(|error| error.to_string())?;
    let sftp = RawSftpSession::new(channel.into_stream());
    // The pulse decides when to give up; one request may take long on a slow line.
    sftp.set_timeout(3600);
    let version = sftp.init().await.map_err(|error| error.to_string())?;
    Ok((sftp, version.extensions))
}

pub(super) fn none() -> FileAttributes {
    FileAttributes::default()
}

pub(super) fn mode(mode: u32) -> FileAttributes {
    FileAttributes { permissions: Some(mode), ..none() }
}

/// The top folder has an empty name here, and `/` on the wire.
pub(super) fn top(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

pub(super) fn stat(found: &FileAttributes) -> Stat {
    let kind = match found.file_type() {
        FileType::Dir => FileKind::Folder,
        FileType::Symlink => FileKind::Link,
        FileType::File | FileType::Other => FileKind::File,
    };
    Stat { kind, size: found.len(), modified: u64::from(found.mtime.unwrap_or(0)) }
}

pub(super) fn code(error: &SftpError) -> Option<StatusCode> {
    match error {
        SftpError::Status(status) => Some(status.status_code),
        _ => None,
    }
}

pub(super) fn explain(what: &str, path: &str, error: &SftpError) -> Box<PublishError> {
    match code(error) {
        Some(StatusCode::PermissionDenied) => PublishError::new(
            ErrorKind::Denied,
            format!("cannot {what} `{path}` on the server: permission denied."),
            "Ask the host for the right to write there, or choose another folder.",
        ),
        Some(code) => PublishError::new(
            ErrorKind::Host,
            format!("cannot {what} `{path}` on the server: {}.", code.to_string().to_lowercase()),
            "Check the folder in the host's settings, and that the disk or quota is not full.",
        ),
        None => cut(),
    }
}

pub(super) fn no_ssh(address: &Address, error: &russh::Error) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Unreachable,
        format!("`{}` port {} does not speak SSH as it should: {error}.", address.host, address.port),
        "Check the address and the port.",
    )
}

pub(super) fn no_sftp(address: &Address, why: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Host,
        format!("The server `{}` offers no SFTP: {why}.", address.host),
        "Ask the host to switch SFTP on.",
    )
}
