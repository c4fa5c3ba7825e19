//! What a session is told at its start: where its state lives, what the clock says, the guide.
//! The environment is read here, once, and nowhere after.

use std::path::PathBuf;
use std::sync::Arc;

use galley_disk::Places;
use galley_engine::SitePath;
use galley_spelling::{Shelf, system_language};

use crate::hosts::Reach;
use crate::secrets::Secrets;

/// The shipped guide.
#[derive(Debug, Clone)]
pub enum Guide {
    /// Its files, for a binary that carries them.
    Files(Vec<(SitePath, Vec<u8>)>),
    /// A folder that holds them.
    Folder(PathBuf),
}

/// Seconds since 1970-01-01T00:00:00Z.
pub type Clock = fn() -> u64;

/// What a session needs.
#[derive(Clone)]
pub struct SessionOptions {
    /// Keeps the secrets of hosts.
    pub secrets: Arc<dyn Secrets>,
    /// The shipped guide.
    pub guide: Guide,
    /// Galley's own data: journal, releases, recent sites, output of plain folders.
    pub data: PathBuf,
    /// What can be made again: trace caches.
    pub cache: PathBuf,
    /// Dates new pages.
    pub clock: Clock,
    /// Whether drafts are built.
    pub drafts: bool,
    /// How hosts are reached from this machine.
    pub reach: Reach,
    /// Where dictionaries are.
    pub shelf: Shelf,
    /// Whether removed pages go to the system's trash rather than to one below `data`.
    pub system_trash: bool,
}

impl SessionOptions {
    /// Options with state under `data` and `cache`.
    pub fn new(secrets: Arc<dyn Secrets>, guide: Guide, data: impl Into<PathBuf>, cache: impl Into<PathBuf>) -> Self {
        Self {
            secrets,
            guide,
            data: data.into(),
            cache: cache.into(),
            clock: system_clock,
            drafts: false,
            reach: Reach::from_env(),
            shelf: Shelf::of_system(Arc::new(|_| None), system_language(|name| std::env::var(name).ok())),
            system_trash: std::env::var_os("GALLEY_HOME").is_none(),
        }
    }

    pub(crate) fn places(&self) -> Places {
        Places::of(self.data.clone(), self.cache.clone(), self.system_trash)
    }
}

/// The system's clock.
pub fn system_clock() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
