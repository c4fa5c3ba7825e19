//! What other programs do to a site's folder, as batches of paths that may have changed.
//! A batch may name too much, never too little: what cannot be told becomes a rescan.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use galley_engine::SitePath;
use notify::event::EventKind;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::error::DiskError;
use crate::load::LoadOptions;
use crate::poll::Seen;
use crate::walk::Walker;

/// A batch ends when nothing happens for this long, or after [`LONGEST`].
const QUIET: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(200);
/// How often is looked where the system cannot watch.
const POLL: Duration = Duration::from_secs(2);

/// Whether the system watches each folder by itself: then folders that are no part of the site
/// cost nothing.
const EACH_FOLDER: bool = cfg!(target_os = "linux");

/// What the watcher says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// These files and folders may have changed, come or gone; in path order, each once. A
    /// folder that came is named together with the files in it.
    Paths(Vec<SitePath>),
    /// Anything may have changed.
    Rescan,
    /// The system cannot watch the folder, for the reason given: it is looked at every two
    /// seconds from now on.
    Polling(String),
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Sender<Message>,
    thread: Option<JoinHandle<()>>,
    id: ThreadId,
}

enum Message {
    Event(notify::Result<notify::Event>),
    Stop,
}

impl Watch {
    /// Watches a site's folder. What happens after this returns is told, from another thread.
    pub fn start(
        folder: &Path,
        options: &LoadOptions,
        tell: impl FnMut(Batch) + Send + 'static,
    ) -> Result<Self, DiskError> {
        let walker = Walker::new(folder, options)?;
        let (send, receive) = channel();
        let mut watched = Watched { system: None, folders: BTreeSet::new(), walker };
        let trouble = watched.begin(send.clone()).err().map(|error| error.to_string());
        Self::spawn(folder, send, move |batches| batches.run(watched, trouble), receive, tell)
    }

    /// Looks at a site's folder every `interval` rather than watching it: for disks that the
    /// system says nothing about, such as some network ones.
    pub fn polling(
        folder: &Path,
        options: &LoadOptions,
        interval: Duration,
        tell: impl FnMut(Batch) + Send + 'static,
    ) -> Result<Self, DiskError> {
        let walker = Walker::new(folder, options)?;
        let (send, receive) = channel();
        let seen = Seen::look(&walker);
        Self::spawn(folder, send, move |batches| batches.poll(&walker, seen, interval), receive, tell)
    }

    fn spawn<T: FnMut(Batch) + Send + 'static>(
        folder: &Path,
        stop: Sender<Message>,
        run: impl FnOnce(Batches<T>) + Send + 'static,
        receive: Receiver<Message>,
        tell: T,
    ) -> Result<Self, DiskError> {
        let thread = std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || run(Batches { receive, tell }))
            .map_err(|error| DiskError::io(folder, "cannot be watched", error))?;
        Ok(Self { stop, id: thread.thread().id(), thread: Some(thread) })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.send(Message::Stop).ok();
        // A watch that is dropped by what it tells cannot wait for itself.
        if std::thread::current().id() != self.id
            && let Some(thread) = self.thread.take()
        {
            thread.join().ok();
        }
    }
}

/// The system's watcher and the folders it was asked to watch.
struct Watched {
    system: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    walker: Walker,
}

impl Watched {
    fn begin(&mut self, send: Sender<Message>) -> notify::Result<()> {
        let handler = move |event: notify::Result<notify::Event>| {
            if event.as_ref().map_or(true, is_change) {
                send.send(Message::Event(event)).ok();
            }
        };
        self.system = Some(notify::recommended_watcher(handler)?);
        if EACH_FOLDER {
            return self.enter(&self.walker.root.clone()).map(|_| ());
        }
        let root = self.walker.root.clone();
        self.system.as_mut().map_or(Ok(()), |system| system.watch(&root, RecursiveMode::Recursive))
    }

    /// Watches a folder and those in it, and gives the files in them. It is watched first and
    /// looked into then, so that nothing falls between.
    fn enter(&mut self, folder: &Path) -> notify::Result<Vec<SitePath>> {
        let Some(path) = self.walker.site_path(folder) else { return Ok(Vec::new()) };
        let mut known = 0;
        loop {
            let walked = self.walker.walk(&path);
            if walked.folders.len() <= known {
                return Ok(walked.files.into_iter().map(|place| place.path).collect());
            }
            known = walked.folders.len();
            for place in walked.folders {
                self.watch(place.real)?;
            }
        }
    }

    fn watch(&mut self, folder: PathBuf) -> notify::Result<()> {
        let Some(system) = self.system.as_mut().filter(|_| EACH_FOLDER) else { return Ok(()) };
        match system.watch(&folder, RecursiveMode::NonRecursive) {
            // Gone again, or closed to us: the load says so.
            Err(error) if is_of_one_folder(&error) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => {
                self.folders.insert(folder);
                Ok(())
            }
        }
    }

    /// A folder is gone: those in it are watched no more under this name.
    fn leave(&mut self, folder: &Path) {
        let below: Vec<_> =
            self.folders.range(folder.to_path_buf()..).take_while(|other| other.starts_with(folder)).cloned().collect();
        for other in below {
            self.folders.remove(&other);
            if let Some(system) = &mut self.system {
                // The system forgets by itself what is gone.
                system.unwatch(&other).ok();
            }
        }
    }
}

fn is_change(event: &notify::Event) -> bool {
    event.need_rescan()
        || match event.kind {
            EventKind::Access(_) => false,
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => {
                true
            }
        }
}

fn is_of_one_folder(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => true,
        notify::ErrorKind::Io(error) => {
            matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied)
        }
        _ => false,
    }
}

/// The thread's side: events in, batches out.
struct Batches<T> {
    receive: Receiver<Message>,
    tell: T,
}

/// What came together.
#[derive(Default)]
struct Gathered {
    paths: BTreeSet<PathBuf>,
    rescan: bool,
    trouble: Option<String>,
}

impl<T: FnMut(Batch)> Batches<T> {
    fn run(mut self, mut watched: Watched, mut trouble: Option<String>) {
        while trouble.is_none() {
            let Some(gathered) = self.gather() else { return };
            let mut paths = BTreeSet::new();
            trouble = gathered
                .trouble
                .or_else(|| gathered.paths.iter().find_map(|path| look_at(&mut watched, path, &mut paths).err()));
            if gathered.rescan || trouble.is_some() {
                trouble = trouble.or_else(|| enter_again(&mut watched));
                (self.tell)(Batch::Rescan);
            } else if !paths.is_empty() {
                (self.tell)(Batch::Paths(paths.into_iter().collect()));
            }
        }
        drop(watched.system.take());
        let seen = Seen::look(&watched.walker);
        (self.tell)(Batch::Polling(trouble.unwrap_or_default()));
        // What happened before the first look was not seen by anyone.
        (self.tell)(Batch::Rescan);
        self.poll(&watched.walker, seen, POLL);
    }

    /// Waits for a first event, and for those that come with it; none at the end.
    fn gather(&self) -> Option<Gathered> {
        let mut gathered = Gathered::default();
        gathered.take(self.receive.recv().ok()?)?;
        let end = Instant::now() + LONGEST;
        loop {
            let wait = QUIET.min(end.saturating_duration_since(Instant::now()));
            match self.receive.recv_timeout(wait) {
                Ok(message) => gathered.take(message)?,
                Err(RecvTimeoutError::Timeout) => return Some(gathered),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
            if Instant::now() >= end {
                return Some(gathered);
            }
        }
    }

    fn poll(mut self, walker: &Walker, mut seen: Seen, interval: Duration) {
        let mut next = Instant::now() + interval;
        loop {
            match self.receive.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Message::Event(_)) => {}
                Err(RecvTimeoutError::Timeout) => {
                    let now = Seen::look(walker);
                    let paths = seen.diff(&now);
                    seen = now;
                    next = Instant::now() + interval;
                    if !paths.is_empty() {
                        (self.tell)(Batch::Paths(paths));
                    }
                }
            }
        }
    }
}

impl Gathered {
    /// None when it is time to stop.
    fn take(&mut self, message: Message) -> Option<()> {
        match message {
            Message::Stop => return None,
            Message::Event(Ok(event)) if event.need_rescan() => self.rescan = true,
            Message::Event(Ok(event)) => self.paths.extend(event.paths),
            Message::Event(Err(error)) => match error.kind {
                notify::ErrorKind::MaxFilesWatch => self.trouble = Some(error.to_string()),
                _ => self.rescan = true,
            },
        }
        Some(())
    }
}

/// Adds what the event at `path` is about.
fn look_at(watched: &mut Watched, path: &Path, paths: &mut BTreeSet<SitePath>) -> Result<(), String> {
    let Some(site_path) = watched.walker.site_path(path) else { return Ok(()) };
    if path.is_dir() {
        if EACH_FOLDER {
            watched.leave(path);
        }
        paths.extend(watched.enter(path).map_err(|error| error.to_string())?);
    } else {
        watched.leave(path);
    }
    paths.insert(site_path);
    Ok(())
}

fn enter_again(watched: &mut Watched) -> Option<String> {
    let root = watched.walker.root.clone();
    watched.enter(&root).err().map(|error| error.to_string())
}
