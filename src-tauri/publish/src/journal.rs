//! What of a publish is known to be on the host, on this machine's disk.
//! A torn last line is ignored; what it said is found out again.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use galley_engine::SitePath;
use serde::{Deserialize, Serialize};

use crate::error::{PublishError, Result};
use crate::plan::Plan;

/// Records between two syncs to disk; what is lost in a crash is sent again.
const BATCH: usize = 64;
const PAUSE: Duration = Duration::from_millis(200);

/// The first line: which publish this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub id: String,
    pub content: String,
    pub base: Option<String>,
    /// What it sends; on going on after the switch, the plan no longer says.
    pub put: Vec<SitePath>,
}

impl Head {
    fn of(plan: &Plan) -> Self {
        Self {
            id: plan.id.clone(),
            content: plan.manifest.content_hash(),
            base: plan.base.clone(),
            put: plan.put.iter().map(|put| put.path.clone()).collect(),
        }
    }
}

/// The open journal of a running publish.
#[derive(Debug)]
pub(crate) struct Journal {
    /// What this publish sends, earlier runs included; all of it is read back at the end.
    pub put: Vec<SitePath>,
    confirmed: BTreeSet<SitePath>,
    tail: Mutex<Tail>,
}

#[derive(Debug)]
struct Tail {
    file: File,
    pending: Vec<u8>,
    records: usize,
    synced: Instant,
}

impl Journal {
    /// Opens the journal of `plan`: goes on with it where it is of this plan, else starts anew.
    pub fn open(path: &Path, plan: &Plan) -> Result<Self> {
        let fail = |error: io::Error| PublishError::local("write", path, &error);
        let earlier = Self::peek(path).filter(|(head, _)| head.id == plan.id);
        let is_new = earlier.is_none();
        let (head, confirmed) = earlier.unwrap_or_else(|| (Head::of(plan), BTreeSet::new()));
        let file = if is_new { File::create(path) } else { OpenOptions::new().append(true).open(path) };
        let mut tail = Tail { file: file.map_err(fail)?, pending: Vec::new(), records: 0, synced: Instant::now() };
        if is_new {
            tail.pending.extend(serde_json::to_vec(&head).unwrap_or_default());
        }
        // Also closes a line that a crash may have torn.
        tail.pending.push(b'\n');
        tail.sync().map_err(fail)?;
        Ok(Self { put: head.put, confirmed, tail: Mutex::new(tail) })
    }

    /// Reads a journal: its head, and the files that were confirmed.
    pub fn peek(path: &Path) -> Option<(Head, BTreeSet<SitePath>)> {
        let text = fs::read(path).ok()?;
        let mut lines = text.split(|byte| *byte == b'\n');
        let head = serde_json::from_slice(lines.next()?).ok()?;
        let done = lines.filter_map(|line| serde_json::from_slice::<SitePath>(line).ok()).collect();
        Some((head, done))
    }

    /// Whether an earlier run saw `path` arrive.
    pub fn was_confirmed(&self, path: &SitePath) -> bool {
        self.confirmed.contains(path)
    }

    /// Records that `path` is on the host.
    pub fn confirm(&self, path: &SitePath) -> Result<()> {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.pending.extend(serde_json::to_vec(path).unwrap_or_default());
        tail.pending.push(b'\n');
        tail.records += 1;
        if tail.records >= BATCH || tail.synced.elapsed() >= PAUSE {
            tail.sync().map_err(|error| PublishError::local("write", Path::new("journal"), &error))?;
        }
        Ok(())
    }
}

impl Tail {
    fn sync(&mut self) -> io::Result<()> {
        self.file.write_all(&self.pending)?;
        self.file.sync_data()?;
        self.pending.clear();
        self.records = 0;
        self.synced = Instant::now();
        Ok(())
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.sync();
    }
}
