//! The lock of a host that keeps files by name: a record that only one writer can make.
//! Where the host ignores conditions it is a notice, which says who is at work and keeps nobody out.

use std::sync::{Mutex, PoisonError};

use super::lock::{LEASE, is_of, locked, note, parse};
use crate::error::Result;
use crate::objects::{Kept, Objects, When};

const LOCK: &str = ".galley/lock";

/// The lock as this run holds it.
#[derive(Debug, Default)]
pub(super) struct Lease {
    held: Mutex<Option<When>>,
}

impl Lease {
    fn hold(&self, when: Option<When>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = when;
    }

    /// Takes the lock; one that is stale, or that a publish of ours left when it died, is broken.
    pub async fn take<O: Objects>(
        &self,
        objects: &O,
        honours: bool,
        by: &str,
        token: &str,
        ours: Option<&str>,
    ) -> Result<()> {
        let first = if honours { When::Absent } else { When::Always };
        if honours && self.write(objects, by, token, first.clone()).await? {
            return Ok(());
        }
        let Some(held) = objects.read(LOCK).await? else {
            return if self.write(objects, by, token, first).await? { Ok(()) } else { Err(locked(None)) };
        };
        let note = parse(&held.bytes);
        let is_ours = note.as_ref().is_some_and(|note| is_of(&note.token, ours) || note.token == token);
        if !is_ours && held.age.is_none_or(|age| age < LEASE) {
            return Err(locked(note.as_ref()));
        }
        let when = if honours { When::Still(held.version) } else { When::Always };
        if self.write(objects, by, token, when).await? {
            return Ok(());
        }
        let held = objects.read(LOCK).await?;
        Err(locked(held.and_then(|Kept { bytes, .. }| parse(&bytes)).as_ref()))
    }

    async fn write<O: Objects>(&self, objects: &O, by: &str, token: &str, when: When) -> Result<bool> {
        let is_conditional = when != When::Always;
        let Some(version) = objects.write(LOCK, note(by, token), when).await? else { return Ok(false) };
        self.hold(Some(if is_conditional && !version.is_empty() { When::Still(version) } else { When::Always }));
        Ok(true)
    }

    /// Writes the lock anew, so that it is not taken for stale.
    pub async fn renew<O: Objects>(&self, objects: &O, by: &str, token: &str) -> Result<()> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(when) = held else { return Ok(()) };
        if self.write(objects, by, token, when).await? {
            return Ok(());
        }
        let held = objects.read(LOCK).await?.and_then(|held| parse(&held.bytes));
        match held {
            Some(note) if note.token != token => Err(locked(Some(&note))),
            Some(_) | None => self.write(objects, by, token, When::Always).await.map(drop),
        }
    }

    /// Gives the lock back, if this run holds it.
    pub async fn give_back<O: Objects>(&self, objects: &O) -> Result<()> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        match held {
            Some(_) => objects.remove(LOCK).await,
            None => Ok(()),
        }
    }
}
