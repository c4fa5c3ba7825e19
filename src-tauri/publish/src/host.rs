//! What every host can do, said in releases rather than in files.
//! A host never decides what to publish; it carries out a plan.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use galley_engine::{Cancel, SitePath};

use crate::error::{PublishError, Result};
use crate::journal::Journal;
use crate::manifest::Manifest;
use crate::plan::{Live, Plan, Seen};
use crate::progress::{Meter, Phase};
use crate::store::Store;

/// The answer of a host, some time.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What a host is like, as far as a plan depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether a release becomes live at once, not file by file.
    pub is_atomic: bool,
    /// Whether names that differ only in case are one file there.
    pub ignores_case: bool,
    /// What it cannot hold.
    pub limits: Limits,
    /// How long the host may take to serve what is live already.
    pub lag: Duration,
    /// What the writer should know before pressing the button.
    pub warnings: Vec<String>,
    /// Whether files packed beside themselves may be handed out by what serves the place.
    pub takes_packed: bool,
    /// Names the place on the host, so that two hosts never share a release id.
    pub place: String,
}

/// What a host cannot hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// At most so many files.
    pub files: Option<usize>,
    /// No file of more bytes than this.
    pub file_bytes: Option<u64>,
    /// All files together have at most so many bytes.
    pub bytes: Option<u64>,
    /// Only names with these endings, in small letters; empty where all are taken.
    pub endings: &'static [&'static str],
    /// Names may not hold any of these.
    pub forbids: &'static [char],
    /// Whether the host reads settings files of the site (`_headers`, `_redirects`).
    pub reads_headers: bool,
}

/// A release that a host knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub id: String,
    /// Seconds since 1970.
    pub time: u64,
    pub by: String,
    /// What was noted of it.
    pub note: String,
    /// How many files it has; 0 where the host does not say.
    pub files: usize,
    /// Its record, where the host has one.
    pub manifest: Option<Manifest>,
}

impl Known {
    pub fn of(manifest: Manifest) -> Self {
        Self {
            id: manifest.id.clone(),
            time: manifest.time,
            by: manifest.by.clone(),
            note: manifest.note.clone(),
            files: manifest.files.len(),
            manifest: Some(manifest),
        }
    }
}

/// A release that is or was live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// When it was planned, seconds since 1970.
    pub time: u64,
    /// How many files it has.
    pub files: usize,
    /// Who made it.
    pub by: String,
    /// What the writer noted of it; empty where nothing.
    pub note: String,
    /// Whether it is live now.
    pub is_live: bool,
}

/// One step of a host's test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestStep {
    /// What was tried.
    pub what: String,
    /// Whether it worked.
    pub is_ok: bool,
    /// What came of it, for the writer.
    pub message: String,
}

/// A plan under way.
pub(crate) struct Work<'a> {
    pub plan: &'a Plan,
    pub live: &'a Live,
    pub store: &'a Store,
    pub journal: &'a Journal,
    pub meter: &'a Meter<'a>,
    pub cancel: &'a Cancel,
    pub by: &'a str,
    /// Seconds since 1970.
    pub now: u64,
}

impl Work<'_> {
    /// Says where the work is.
    pub fn enter(&self, phase: Phase) {
        self.meter.enter(phase);
    }
}

/// Resolves once the writer cancels: within a tenth of a second.
pub(crate) async fn cancelled(cancel: &Cancel) -> Box<PublishError> {
    while !cancel.is_cancelled() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    PublishError::cancelled()
}

/// A host that is connected.
pub(crate) trait Host: Send + Sync {
    /// What it is like.
    fn facts(&self) -> Facts;
    /// What is live; records that are kept in `store` are not read from the host.
    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live>;
    /// Takes the lock for `token`; `ours` has the tokens, one a line, of publishes of this machine that died. A host
    /// where one step switches needs none: who comes second is told before the switch.
    fn lock<'a>(&'a self, _by: &'a str, _token: &'a str, _ours: Option<&'a str>) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
    /// Keeps the lock from going stale.
    fn renew<'a>(&'a self, _by: &'a str, _token: &'a str) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
    /// Gives the lock back.
    fn unlock(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }
    /// Whether the release is whole on the host, live or not.
    fn holds<'a>(&'a self, _id: &'a str, _manifest: Option<&'a Manifest>) -> Answer<'a, bool> {
        Box::pin(async { Ok(false) })
    }
    /// Brings every file of the plan to the host, where nobody sees it.
    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()>;
    /// Makes the staged release live.
    fn switch<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()>;
    /// Removes what the release no longer has, then what is older than is kept.
    fn clean<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()>;
    /// The releases that the host knows of.
    fn releases<'a>(&'a self, store: &'a Store) -> Answer<'a, Vec<Known>>;
    /// A file of a release that the host keeps apart from the live one; nothing where it keeps none.
    fn file<'a>(&'a self, _id: &'a str, _path: &'a SitePath) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(async { Ok(None) })
    }
    /// Which of the files that the plan replaces or deletes are not as the live release left them.
    fn edited<'a>(&'a self, _plan: &'a Plan, _live: &'a Live) -> Answer<'a, Vec<SitePath>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    /// Every file of the site that is on the host; nothing where a release cannot be changed there.
    fn survey(&self) -> Answer<'_, Option<BTreeMap<SitePath, Seen>>> {
        Box::pin(async { Ok(None) })
    }
    /// Whether what serves the place hands out packed files so that browsers can read them: tried
    /// where nobody looks. `rules` is the server's settings file of the release, where it has one.
    fn try_packed<'a>(&'a self, _url: &'a str, _rules: Option<&'a [u8]>) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
    /// Seconds until requests go on, where the host asked for a pause.
    fn waiting(&self) -> u64 {
        0
    }
    /// Writes, reads back, renames and deletes one file where the site is served.
    fn test<'a>(&'a self, url: &'a str) -> Answer<'a, Vec<TestStep>>;
}
