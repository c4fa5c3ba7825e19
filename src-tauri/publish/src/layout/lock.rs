//! The lock against two writers: a file that only one of them can make.
//! Its age is told by the host's clock, so that clocks that disagree break nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{ErrorKind, PublishError, Result};
use crate::files::Files;
use crate::time;

/// After this many seconds without a renewal a lock may be broken.
pub(super) const LEASE: u64 = 120;
/// How often, and how far apart, a lock is looked at that says nothing yet.
const LOOKS: usize = 4;
const LOOK: Duration = Duration::from_millis(750);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    pub by: String,
    pub token: String,
    time: u64,
}

pub(super) fn note(by: &str, token: &str) -> Vec<u8> {
    let note = Note { by: by.to_owned(), token: token.to_owned(), time: time::now() };
    serde_json::to_vec(&note).unwrap_or_default()
}

/// Takes the lock; breaks one that is stale, or that a publish of ours left when it died.
pub(super) async fn take<F: Files>(files: &F, control: &str, by: &str, token: &str, ours: Option<&str>) -> Result<()> {
    let path = format!("{control}/lock");
    if files.create(&path, &note(by, token)).await? {
        return Ok(());
    }
    let (held, is_left) = settled(files, &path).await?;
    let is_ours = held.as_ref().is_some_and(|held| is_of(&held.token, ours));
    if !is_left && !is_ours && age(files, control, &path, token).await? < LEASE {
        return Err(locked(held.as_ref()));
    }
    // Out of the way by rename: of two that break it at once, one finds nothing to rename.
    let broken = format!("{control}/lock-{token}");
    files.rename(&path, &broken).await?;
    files.remove(&broken).await?;
    if files.create(&path, &note(by, token)).await? {
        return Ok(());
    }
    Err(locked(read(files, &path).await?.as_ref()))
}

/// Whether a token is one of ours: `ours` has one a line.
pub(super) fn is_of(token: &str, ours: Option<&str>) -> bool {
    ours.is_some_and(|ours| ours.lines().any(|one| one == token))
}

/// What the lock says; and whether it was left without a word, because its writer was cut off between
/// making it and writing into it. Who is alive writes into it at once.
async fn settled<F: Files>(files: &F, path: &str) -> Result<(Option<Note>, bool)> {
    for _ in 0..LOOKS {
        match files.read(path).await? {
            Some(bytes) if bytes.is_empty() => tokio::time::sleep(LOOK).await,
            found => return Ok((found.and_then(|bytes| parse(&bytes)), false)),
        }
    }
    Ok((None, true))
}

/// Writes the lock anew, so that it is not taken for stale.
pub(super) async fn renew<F: Files>(files: &F, control: &str, by: &str, token: &str) -> Result<()> {
    let path = format!("{control}/lock");
    match read(files, &path).await? {
        Some(held) if held.token != token => Err(locked(Some(&held))),
        Some(_) | None => files.write(&path, &note(by, token)).await,
    }
}

/// Seconds since the lock was last written, by the clock of the host.
async fn age<F: Files>(files: &F, control: &str, lock: &str, token: &str) -> Result<u64> {
    let probe = format!("{control}/clock-{token}");
    files.write(&probe, b"").await?;
    let now = files.stat(&probe).await?;
    files.remove(&probe).await?;
    let then = files.stat(lock).await?;
    Ok(match (now, then) {
        (Some(now), Some(then)) => now.modified.saturating_sub(then.modified),
        _ => LEASE,
    })
}

async fn read<F: Files>(files: &F, path: &str) -> Result<Option<Note>> {
    Ok(files.read(path).await?.and_then(|bytes| parse(&bytes)))
}

/// Reads what a lock says; nothing where it says nothing.
pub(super) fn parse(bytes: &[u8]) -> Option<Note> {
    serde_json::from_slice(bytes).ok()
}

pub(super) fn locked(held: Option<&Note>) -> Box<PublishError> {
    let (by, since) = held.map_or(("somebody", 0), |held| (held.by.as_str(), held.time));
    PublishError::new(
        ErrorKind::Locked { by: by.to_owned(), since },
        format!("The site is being published by {by} since {}.", time::rfc3339(since)),
        "Wait until that is done. If it was cut short, its lock is lifted after two minutes.",
    )
}
