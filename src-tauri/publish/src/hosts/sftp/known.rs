//! The keys of servers: known, unknown or changed, as OpenSSH's `known_hosts` has them.
//! A changed key is never overlooked, and no key is recorded that the writer has not seen.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use russh::keys::known_hosts::{known_host_keys_path, learn_known_hosts_path};
use russh::keys::{HashAlg, PublicKey};

use super::session::{Address, greet};
use crate::config::{Access, HostKind, Target};
use crate::error::{ErrorKind, PublishError, Result};

/// A key on record.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub key: PublicKey,
    file: PathBuf,
    /// From 1.
    line: usize,
}

/// The keys on record for a server: Galley's own first.
pub(super) fn recorded(address: &Address, access: &Access) -> Result<Vec<Known>> {
    let mut known = Vec::new();
    for file in std::iter::once(&access.known_hosts).chain(&access.also_known) {
        known.extend(in_file(address, file)?);
    }
    Ok(known)
}

fn in_file(address: &Address, file: &Path) -> Result<Vec<Known>> {
    let keys = known_host_keys_path(&address.host, address.port, file).map_err(|error| {
        PublishError::new(
            ErrorKind::Config,
            format!("`{}` has a damaged line for `{}`: {error}.", file.display(), address.host),
            "Remove the line, then try again.",
        )
    })?;
    let text = fs::read_to_string(file).unwrap_or_default();
    // The reader counts every line that is no comment.
    let lines: Vec<usize> =
        (1..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#')).map(|(n, _)| n).collect();
    let known = |(count, key): (usize, PublicKey)| {
        let line = lines.get(count.saturating_sub(1)).copied().unwrap_or(count);
        Known { key, file: file.to_owned(), line }
    };
    Ok(keys.into_iter().map(known).collect())
}

/// What keeps `shown` from being trusted; nothing where it is one of `recorded`.
pub(super) fn objection(address: &Address, recorded: &[Known], shown: &PublicKey) -> Option<Box<PublishError>> {
    if recorded.iter().any(|known| known.key.key_data() == shown.key_data()) {
        return None;
    }
    let got = fingerprint(shown);
    let alike = recorded.iter().find(|known| known.key.algorithm() == shown.algorithm()).or(recorded.first());
    Some(match alike {
        None => PublishError::new(
            ErrorKind::UnknownKey { fingerprint: got.clone() },
            format!("The server `{}` is not known yet. Its key is {got}.", address.host),
            "Compare the key with the one your host gives, then trust it. Nothing was sent.",
        ),
        Some(known) => {
            let expected = fingerprint(&known.key);
            PublishError::new(
                ErrorKind::ChangedKey { expected: expected.clone(), got: got.clone() },
                format!("The server `{}` shows another key than before: {got} instead of {expected}.", address.host),
                format!(
                    "Somebody may be in between. Ask your host whether the key was changed; if so, remove line {} of `{}`. Nothing was sent.",
                    known.line,
                    known.file.display()
                ),
            )
        }
    })
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Records the key that the server shows, if it is the one with this fingerprint.
pub async fn trust_key(target: &Target, accepted: &str) -> Result<()> {
    let HostKind::Sftp(settings) = &target.config.kind else { return Ok(()) };
    let address = Address::parse(&settings.address)?;
    let own = &target.access.known_hosts;
    let records = recorded(&address, &target.access)?;
    let shown = greet(&address, &records).await?.shown();
    let Some(objection) = shown.as_ref().and_then(|shown| objection(&address, &records, shown)) else { return Ok(()) };
    match (&objection.kind, shown) {
        (ErrorKind::UnknownKey { fingerprint }, Some(shown)) if fingerprint == accepted => {
            learn_known_hosts_path(&address.host, address.port, &shown, own).map_err(|error| unwritten(own, &error))
        }
        _ => Err(objection),
    }
}

/// Removes the keys of a server from Galley's own file. Other files stay as they are.
pub fn forget_key(target: &Target) -> Result<()> {
    let HostKind::Sftp(settings) = &target.config.kind else { return Ok(()) };
    let own = &target.access.known_hosts;
    let known = in_file(&Address::parse(&settings.address)?, own)?;
    if known.is_empty() {
        return Ok(());
    }
    let text = fs::read_to_string(own).map_err(|error| unwritten(own, &error))?;
    let stays = |(n, line): (usize, &str)| (!known.iter().any(|known| known.line == n)).then(|| format!("{line}\n"));
    let rest: String = (1..).zip(text.lines()).filter_map(stays).collect();
    replace(own, &rest).map_err(|error| unwritten(own, &error))
}

/// A file that is cut short would be a server forgotten: the new one takes the old one's place whole.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, text)?;
    fs::rename(&new, file)
}

fn unwritten(file: &Path, error: &dyn std::fmt::Display) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Local,
        format!("cannot write `{}`: {error}", file.display()),
        "Check that the file may be written, then try again.",
    )
}
