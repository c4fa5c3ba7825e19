//! Whole builds in the background: one at a time, cancelled by typing, resumed at rest.
//! Only a whole build of what is on disk is written to the output; a half one never is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use galley_disk::Written;
use galley_engine::{Artifacts, Build, Cancel, Content, SitePath, Snapshot};
use galley_ipc::{Built, Event, Failure, Reply};
use tokio::sync::mpsc::UnboundedSender;

use crate::bench::{Outlined, ms};
use crate::failure::{disk, stopped};
use crate::handle::Answer;
use crate::run::{Loop, Wake};
use crate::saving::After;
use crate::site::Site;
use crate::tree;

/// How long nothing must be typed before a cancelled build goes on.
const REST: Duration = Duration::from_millis(300);
/// How long after a build the traces are kept for the next run.
const TRACES: Duration = Duration::from_secs(2);

/// The state of whole builds.
#[derive(Default)]
pub struct Wholes {
    /// Counts what was asked for.
    wanted: u64,
    running: Option<(u64, Cancel)>,
    /// When a cancelled build goes on, and when traces are kept.
    resume: Option<Instant>,
    keep: Option<Instant>,
    /// Whether the output is written: from the first save on.
    pub writes: bool,
    writing: bool,
    next: Option<Whole>,
    /// What waits for which build.
    pub waiting: Vec<(u64, After)>,
    /// The last whole build's artifacts, and the sources they were made of.
    pub artifacts: Artifacts,
    of: Option<Snapshot>,
}

/// A build that was carried out.
pub struct Whole {
    number: u64,
    build: Build,
    outlined: Outlined,
    reasons: BTreeMap<SitePath, String>,
    snapshot: Snapshot,
    cancel: Cancel,
    outdated: Vec<SitePath>,
    start: Instant,
}

/// A build that was written.
pub struct Stored {
    whole: Whole,
    written: Result<Written, Failure>,
}

impl Wholes {
    /// Stops what runs.
    pub fn stop(&self) {
        if let Some((_, cancel)) = &self.running {
            cancel.cancel();
        }
    }

    /// When the loop has to wake by itself.
    pub fn wake_at(&self) -> Option<Instant> {
        [self.resume, self.keep].into_iter().flatten().min()
    }

    /// Whether the last whole build was of these sources.
    pub fn is_current(&self, saved: &Snapshot) -> bool {
        self.of.as_ref().is_some_and(|of| of.diff(saved).is_empty())
    }

    /// Whether a build is asked for and not finished.
    pub fn is_busy(&self) -> bool {
        self.running.is_some() || self.writing || self.resume.is_some()
    }
}

impl Site {
    /// Makes way for the page that is being looked at.
    pub fn make_way(&mut self) {
        self.wholes.stop();
        if self.wholes.resume.is_some() {
            self.wholes.resume = Some(Instant::now() + REST);
        }
    }
}

impl Loop {
    /// Asks for a whole build of what is on disk; `after` happens when it is written.
    pub fn build_whole(&mut self, after: After) {
        let Some(site) = &mut self.site else { return };
        site.wholes.wanted += 1;
        if !matches!(after, After::Nothing) {
            site.wholes.waiting.push((site.wholes.wanted, after));
        }
        match &site.wholes.running {
            Some((_, cancel)) => cancel.cancel(),
            None => self.start_whole(),
        }
    }

    fn start_whole(&mut self) {
        let Some(site) = &mut self.site else { return };
        let number = site.wholes.wanted;
        let cancel = Cancel::new();
        site.wholes.running = Some((number, cancel.clone()));
        site.wholes.resume = None;
        let (snapshot, live) = (site.saved.clone(), site.live.clone());
        let (wakes, id) = (self.wakes.clone(), site.id);
        let unless_done = Stop { wakes: Some(wakes.clone()), id };
        site.bench.give(move |work| {
            let start = Instant::now();
            let (build, outlined) = work.whole(&snapshot, &cancel);
            let reasons = work.reasons();
            let outdated = if cancel.is_cancelled() { Vec::new() } else { work.outdated(&live) };
            unless_done.done();
            wakes
                .send(Wake::Built(
                    id,
                    Box::new(Whole { number, build, outlined, reasons, snapshot, cancel, outdated, start }),
                ))
                .ok();
        });
    }

    /// A whole build was stopped by an error in the engine.
    pub fn build_stopped(&mut self) {
        let Some(site) = &mut self.site else { return };
        site.wholes.running = None;
        let number = site.wholes.wanted;
        self.settle(number, &Err(stopped()));
    }

    /// A whole build came back.
    pub fn built(&mut self, mut whole: Whole) {
        let Some(site) = &mut self.site else { return };
        site.wholes.running = None;
        let is_latest = site.wholes.wanted == whole.number;
        if whole.cancel.is_cancelled() && !whole.build.is_whole() {
            site.wholes.resume = Some(Instant::now() + REST);
            if !is_latest {
                self.start_whole();
            }
            return;
        }
        self.tell_build(&mut whole);
        self.write_next(whole);
        if !is_latest {
            self.start_whole();
        }
    }

    fn tell_build(&mut self, whole: &mut Whole) {
        let Some(site) = &mut self.site else { return };
        let before = tree::tree(&site.outline, &site.saved);
        let problems = site.shown_problems();
        let outlined = std::mem::take(&mut whole.outlined);
        site.reasons = std::mem::take(&mut whole.reasons);
        (site.outline, site.hidden) = (outlined.outline, outlined.hidden);
        site.problems.clone_from(&whole.build.problems);
        let after = tree::tree(&site.outline, &site.saved);
        if before != after {
            self.events.send(Event::Tree { tree: after }).ok();
        }
        let now = site.shown_problems();
        if now != problems {
            self.events.send(Event::Problems { problems: now }).ok();
        }
        for path in &whole.outdated {
            if let Some(url) = site.url(path) {
                self.events.send(Event::PreviewStale { url }).ok();
            }
        }
    }

    fn write_next(&mut self, whole: Whole) {
        let Some(site) = &mut self.site else { return };
        site.wholes.artifacts = whole.build.artifacts.clone();
        site.wholes.of = Some(whole.snapshot.clone());
        if !site.wholes.writes {
            site.wholes.keep = Some(Instant::now() + TRACES);
            self.settle(whole.number, &Ok(counts(&whole, &Written::default())));
            return;
        }
        if site.wholes.writing {
            site.wholes.next = Some(whole);
            return;
        }
        site.wholes.writing = true;
        let (id, wakes) = (site.id, self.wakes.clone());
        let work = writer(site, whole);
        tokio::task::spawn_blocking(move || wakes.send(Wake::Written(id, Box::new(work()))).ok());
    }

    /// The output was written, or not.
    pub fn written(&mut self, stored: Stored) {
        let Some(site) = &mut self.site else { return };
        site.wholes.writing = false;
        site.wholes.keep = Some(Instant::now() + TRACES);
        let built = stored.written.map(|written| {
            site.problems.extend(written.problems.iter().cloned());
            counts(&stored.whole, &written)
        });
        if let Ok(built) = &built {
            self.events.send(Event::Built { built: built.clone() }).ok();
        }
        let next = site.wholes.next.take();
        self.settle(stored.whole.number, &built);
        if let Some(next) = next {
            self.write_next(next);
        }
    }

    /// Answers what waited for this build or an earlier one.
    fn settle(&mut self, number: u64, built: &Result<Built, Failure>) {
        let Some(site) = &mut self.site else { return };
        let (ready, waiting) =
            std::mem::take(&mut site.wholes.waiting).into_iter().partition(|(wanted, _)| *wanted <= number);
        site.wholes.waiting = waiting;
        for (_, after) in ready {
            self.after_build(after, built.clone());
        }
    }

    fn after_build(&mut self, after: After, built: Result<Built, Failure>) {
        match (after, built) {
            (After::Nothing, _) => {}
            (After::Saved(answer), built) => answer_with(answer, built.map(|built| Reply::Saved { built })),
            // A move never waits for a build.
            (After::Move { answer, .. } | After::TurnMove { answer, .. }, _) => {
                answer_with(answer, Err(crate::failure::stopped()));
            }
            (After::Plan { answer, .. }, Err(failure)) => answer_with(answer, Err(failure)),
            (After::Plan { host, repair, answer }, Ok(_)) => self.plan(&host, repair, answer),
            // The output can be built again; the folder and the text are safe.
            (After::Then { command, answer }, _) => self.close_then(*command, answer),
            (After::ClosePage { path, answer }, _) => self.forget_page(&path, answer),
        }
    }

    /// The moment for what was put off.
    pub fn at_rest(&mut self) {
        let Some(site) = &mut self.site else { return };
        let now = Instant::now();
        if site.wholes.keep.is_some_and(|at| at <= now) {
            site.wholes.keep = None;
            let state = site.state.clone();
            site.bench.give(move |work| {
                state.save_trace(&work.traces()).ok();
            });
        }
        if site.wholes.resume.is_some_and(|at| at <= now) {
            site.wholes.resume = None;
            if site.wholes.running.is_none() {
                self.start_whole();
            }
        }
    }
}

/// What writes a build to the output, for a thread that may block.
fn writer(site: &Site, whole: Whole) -> impl FnOnce() -> Stored + Send + 'static {
    let (output, state, out) = (Arc::clone(&site.output), site.state.clone(), site.out.clone());
    let fetcher = site.bench.fetcher();
    move || {
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        let mut write = || {
            if output.is_none() {
                *output = Some(state.output(&out)?);
            }
            let mut fetch = |paths: Vec<SitePath>| {
                fetcher.as_ref().map_or_else(HashMap::new, |fetcher| fetcher.fetch(paths, &whole.snapshot))
            };
            match output.as_mut() {
                Some(output) => output.write(&whole.build.artifacts, state.folder(), &mut fetch),
                None => Ok(Written::default()),
            }
        };
        let written = write().map_err(|error| disk(&error));
        Stored { whole, written }
    }
}

/// Tells that a build never came to its end.
struct Stop {
    wakes: Option<UnboundedSender<Wake>>,
    id: u64,
}

impl Stop {
    /// It came to its end.
    fn done(mut self) {
        self.wakes = None;
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if let Some(wakes) = &self.wakes {
            wakes.send(Wake::Stopped(self.id)).ok();
        }
    }
}

fn counts(whole: &Whole, written: &Written) -> Built {
    Built {
        rev: whole.build.rev as u32,
        sources: whole.snapshot.len() as u32,
        artifacts: whole.build.artifacts.len() as u32,
        rendered: whole.build.why.len() as u32,
        written: written.written as u32,
        removed: written.removed as u32,
        problems: (whole.build.problems.len() + written.problems.len()) as u32,
        ms: ms(whole.start),
    }
}

fn answer_with(answer: Answer, reply: Result<Reply, Failure>) {
    answer.send(reply).ok();
}

/// Brings bytes from the bench to the thread that writes.
pub struct Fetcher(pub std::sync::mpsc::Sender<crate::bench::Job>);

impl Fetcher {
    /// The bytes of artifacts that are not in memory.
    pub fn fetch(&self, paths: Vec<SitePath>, snapshot: &Snapshot) -> HashMap<SitePath, bytes::Bytes> {
        let (send, receive) = channel();
        let snapshot = snapshot.clone();
        let job = move |work: &mut crate::bench::Work| {
            send.send(work.bytes(&paths, &snapshot)).ok();
        };
        self.0.send(Box::new(job)).ok();
        let found = receive.recv().unwrap_or_default();
        found
            .into_iter()
            .filter_map(|(path, artifact)| match artifact.content {
                Content::Bytes(bytes) => Some((path, bytes)),
                Content::Copy(_) | Content::Unloaded => None,
            })
            .collect()
    }
}
