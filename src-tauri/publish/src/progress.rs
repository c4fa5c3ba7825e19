//! How far a publish is: its phases, and the count of what is on the host.
//! It tells whoever listens and waits for nobody.

use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

use crate::plan::Plan;

/// Where a publish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Reaching the host and taking its lock.
    Connect,
    /// Sending assets.
    Assets,
    /// Sending pages.
    Pages,
    /// Making the release live.
    Switch,
    /// Removing what is gone.
    Remove,
    /// Reading the site back.
    Verify,
}

impl Phase {
    const ALL: [Self; 6] = [Self::Connect, Self::Assets, Self::Pages, Self::Switch, Self::Remove, Self::Verify];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Assets => "assets",
            Self::Pages => "pages",
            Self::Switch => "switch",
            Self::Remove => "remove",
            Self::Verify => "verify",
        }
    }
}

/// How far a publish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Where it is.
    pub phase: Phase,
    /// Files that are on the host.
    pub files: usize,
    /// Files to send in all.
    pub of_files: usize,
    /// Bytes that are on the host.
    pub bytes: u64,
    /// Bytes to send in all.
    pub of_bytes: u64,
    /// Seconds until it goes on, where the host asked for a pause; else 0.
    pub waits: u64,
}

/// Counts what is on the host and tells the window.
pub(crate) struct Meter<'a> {
    tell: &'a (dyn Fn(Progress) + Send + Sync),
    phase: AtomicU8,
    files: AtomicUsize,
    bytes: AtomicU64,
    waits: AtomicU64,
    of_files: usize,
    of_bytes: u64,
}

impl<'a> Meter<'a> {
    pub fn new(tell: &'a (dyn Fn(Progress) + Send + Sync), plan: &Plan) -> Self {
        Self {
            tell,
            phase: AtomicU8::new(0),
            files: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            waits: AtomicU64::new(0),
            of_files: plan.put.len(),
            of_bytes: plan.bytes(),
        }
    }

    pub fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
        self.say();
    }

    pub fn arrived(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.say();
    }

    pub fn wait(&self, seconds: u64) {
        self.waits.store(seconds, Ordering::Relaxed);
        self.say();
    }

    fn say(&self) {
        (self.tell)(Progress {
            phase: Phase::ALL[usize::from(self.phase.load(Ordering::Relaxed))],
            files: self.files.load(Ordering::Relaxed).min(self.of_files),
            of_files: self.of_files,
            bytes: self.bytes.load(Ordering::Relaxed).min(self.of_bytes),
            of_bytes: self.of_bytes,
            waits: self.waits.load(Ordering::Relaxed),
        });
    }
}
