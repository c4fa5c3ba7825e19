//! What is typed and not yet saved, kept on disk as it is typed.
//! Typing never waits for it: every write and flush happens on threads of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use galley_engine::{Hash, SitePath};

use crate::error::{DiskError, DiskErrorKind};
use crate::journal_files::{LogFile, adopt};
use crate::journal_log::{AllUnsaved, Unsaved, frame_gone, frame_text};

/// At most this often is the disk asked to make the log last through a power cut.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// How long to wait before a failed write is tried again.
const RETRY: Duration = Duration::from_millis(500);
/// A log smaller than this is left as it grows.
const COMPACT_FROM: u64 = 4 * 1024 * 1024;

/// Text that an earlier run left unsaved, and that differs from the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The source.
    pub path: SitePath,
    /// Hash of the file that the text was made from: if the file's hash is another now, it was
    /// changed since by someone else.
    pub base: Hash,
    /// The text, as it would have been saved.
    pub text: String,
}

/// The journal of one open site.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pending: BTreeMap<SitePath, Pending>,
    /// Counts what was handed over, and up to where that is written.
    asked: u64,
    written: u64,
    /// The open log while it holds what was not flushed yet.
    unflushed: Option<Arc<File>>,
    trouble: Option<(DiskErrorKind, String)>,
    closing: bool,
    written_all: bool,
}

#[derive(Debug, Clone)]
enum Pending {
    Text(Unsaved),
    /// A file with this hash was saved, after `text` was recorded if it is there.
    Saved {
        text: Option<Unsaved>,
        hash: Hash,
    },
    Gone,
}

impl Journal {
    /// Opens the journal in `dir` for the site in `site`, and gives what earlier runs that
    /// ended unexpectedly left unsaved. That stays in the journal until it is saved or
    /// forgotten. The journal of another Galley that runs now is left alone.
    pub fn open(dir: &Path, site: &Path) -> Result<(Self, Vec<Recovered>), DiskError> {
        Self::telling(dir, site, |_| {})
    }

    /// Opens the journal as [`Journal::open`] does. `tell` is told, from another thread, why
    /// what is typed cannot be kept, and with nothing that it can be again.
    pub fn telling(
        dir: &Path,
        site: &Path,
        tell: impl FnMut(Option<String>) + Send + 'static,
    ) -> Result<(Self, Vec<Recovered>), DiskError> {
        let (log, unsaved) =
            adopt(dir, site).map_err(|error| DiskError::io(dir, "could not be opened as a journal", error))?;
        let recovered = unsaved.iter().map(|(path, unsaved)| Recovered {
            path: path.clone(),
            base: unsaved.base,
            text: unsaved.text.to_string(),
        });
        let recovered = recovered.collect();
        let shared = Arc::new(Shared::default());
        let (writing, flushing) = (shared.clone(), shared.clone());
        let threads = vec![
            spawn("journal", dir, move || Writer { log, unsaved, shared: writing, tell }.run())?,
            spawn("journal-flush", dir, move || flush_now_and_then(&flushing))?,
        ];
        Ok((Self { shared, threads }, recovered))
    }

    /// Keeps the text of a source, as it would be saved, that differs from its file. `base` is
    /// the hash of the file that the text was made from.
    pub fn record(&self, path: &SitePath, base: Hash, text: impl Into<Arc<str>>) {
        let text = text.into();
        self.hand_over(path, |_| Pending::Text(Unsaved { base, text }));
    }

    /// A file with this hash was saved. Its text is dropped from the journal, unless what was
    /// recorded last is newer than what was saved.
    pub fn saved(&self, path: &SitePath, hash: Hash) {
        self.hand_over(path, |before| match before {
            Some(Pending::Text(text)) => Pending::Saved { text: Some(text), hash },
            Some(Pending::Saved { text, .. }) => Pending::Saved { text, hash },
            Some(Pending::Gone) => Pending::Gone,
            None => Pending::Saved { text: None, hash },
        });
    }

    /// Drops what is kept of a source: it was thrown away, deleted or renamed.
    pub fn forget(&self, path: &SitePath) {
        self.hand_over(path, |_| Pending::Gone);
    }

    /// Waits until all that was handed over is written and flushed. For the end of a session;
    /// never needed while typing.
    pub fn flush(&self) -> Result<(), DiskError> {
        let mut state = self.shared.lock();
        let asked = state.asked;
        while state.written < asked && state.trouble.is_none() {
            state = self.shared.wait(state);
        }
        let unflushed = state.unflushed.clone();
        let trouble = state.trouble.clone();
        drop(state);
        if let Some((kind, _)) = trouble {
            return Err(DiskError::of(kind, Path::new("the journal"), "could not be written"));
        }
        unflushed
            .map_or(Ok(()), |log| log.sync_data())
            .map_err(|error| DiskError::io(Path::new("the journal"), "could not be written", error))
    }

    /// Why the journal cannot keep what is typed at the moment, in a sentence; it keeps trying.
    pub fn trouble(&self) -> Option<String> {
        self.shared.lock().trouble.as_ref().map(|(_, words)| words.clone())
    }

    fn hand_over(&self, path: &SitePath, next: impl FnOnce(Option<Pending>) -> Pending) {
        let mut state = self.shared.lock();
        let before = state.pending.remove(path);
        state.pending.insert(path.clone(), next(before));
        state.asked += 1;
        drop(state);
        self.shared.changed.notify_all();
    }
}

impl Drop for Journal {
    /// Writes what is left; text that is not saved stays for the next time.
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }
}

/// The thread that writes.
struct Writer<T> {
    log: LogFile,
    /// What the log says.
    unsaved: AllUnsaved,
    shared: Arc<Shared>,
    tell: T,
}

impl<T: FnMut(Option<String>)> Writer<T> {
    fn run(mut self) {
        while let Some((asked, pending)) = self.next() {
            let result = self.write(&pending);
            let failed = result.is_err();
            self.note(asked, pending, result);
            if failed && !self.pause() {
                break;
            }
        }
        self.log.close(&self.unsaved);
        self.shared.lock().written_all = true;
        self.shared.changed.notify_all();
    }

    /// Makes known what came of a write; what was not written is to be written again.
    fn note(&mut self, asked: u64, pending: BTreeMap<SitePath, Pending>, result: io::Result<()>) {
        let trouble = result.err().map(|error| {
            let error = DiskError::io(Path::new("the journal"), "could not be written", error);
            (error.kind, error.message())
        });
        let words = trouble.as_ref().map(|(_, words)| words.clone());
        let mut state = self.shared.lock();
        if trouble.is_none() {
            state.written = asked;
            state.unflushed = Some(self.log.file());
        } else {
            for (path, old) in pending {
                state.pending.entry(path).or_insert(old);
            }
        }
        let before = std::mem::replace(&mut state.trouble, trouble);
        drop(state);
        self.shared.changed.notify_all();
        if before.map(|(_, words)| words) != words {
            (self.tell)(words);
        }
    }

    /// Waits for something to write; none at the end.
    fn next(&self) -> Option<(u64, BTreeMap<SitePath, Pending>)> {
        let mut state = self.shared.lock();
        while state.pending.is_empty() {
            if state.closing {
                return None;
            }
            state = self.shared.wait(state);
        }
        Some((state.asked, std::mem::take(&mut state.pending)))
    }

    /// Waits before another try; says whether there is to be one.
    fn pause(&self) -> bool {
        let until = Instant::now() + RETRY;
        let mut state = self.shared.lock();
        while !state.closing && Instant::now() < until {
            state = self.shared.wait_for(state, until.saturating_duration_since(Instant::now()));
        }
        !state.closing
    }

    fn write(&mut self, pending: &BTreeMap<SitePath, Pending>) -> io::Result<()> {
        let mut records = Vec::new();
        let mut after = self.unsaved.clone();
        for (path, pending) in pending {
            let old = after.get(path);
            match outcome(pending, old) {
                Some(new) if old == Some(&new) => {}
                Some(new) => {
                    records.extend(frame_text(path, old, &new));
                    after.insert(path.clone(), new);
                }
                None if old.is_some() => {
                    records.extend(frame_gone(path));
                    after.remove(path);
                }
                None => {}
            }
        }
        let live: u64 = after.values().map(|unsaved| unsaved.text.len() as u64).sum();
        if self.log.is_torn() || self.log.len() + records.len() as u64 > COMPACT_FROM.max(4 * live) {
            self.log.rewrite(&after)?;
        } else {
            self.log.append(&records)?;
        }
        self.unsaved = after;
        Ok(())
    }
}

/// What is unsaved of a source after `pending`.
fn outcome(pending: &Pending, old: Option<&Unsaved>) -> Option<Unsaved> {
    match pending {
        Pending::Text(text) => Some(text.clone()),
        Pending::Gone => None,
        Pending::Saved { text, hash } => text
            .as_ref()
            .or(old)
            .filter(|last| Hash::of(last.text.as_bytes()) != *hash)
            .map(|newer| Unsaved { base: *hash, text: newer.text.clone() }),
    }
}

/// The thread that flushes, so that the one that writes need not wait for the disk.
fn flush_now_and_then(shared: &Shared) {
    let mut state = shared.lock();
    loop {
        while state.unflushed.is_none() {
            if state.written_all {
                return;
            }
            state = shared.wait(state);
        }
        let unflushed = state.unflushed.take();
        drop(state);
        let next = Instant::now() + SYNC_EVERY;
        if let Some(log) = unflushed {
            log.sync_data().ok();
        }
        state = shared.lock();
        while !state.closing && Instant::now() < next {
            state = shared.wait_for(state, next.saturating_duration_since(Instant::now()));
        }
    }
}

fn spawn(name: &str, dir: &Path, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DiskError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|error| DiskError::io(dir, "could not be opened as a journal", error))
}
