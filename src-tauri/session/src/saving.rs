//! Saving: what is on disk is looked at, then replaced whole; the output follows.
//! Nothing is written over a file that changed unseen, and a refused save loses no text.

use std::path::Path;
use std::sync::Arc;

use galley_disk::{By, DiskError, LoadOptions, Saving, load_one, save_source};
use galley_engine::{Hash, SitePath, Source};
use galley_ipc::{Command, Event, Failure, PageMove, Reply};

use crate::failure::{disk, fail, failed, gone, no_site};
use crate::handle::Answer;
use crate::moving::{Asked, Course};
use crate::run::{Loop, Wake};
use crate::site::Site;

/// How often a save is tried again after another program's change was merged.
const TRIES: u32 = 3;

const GONE: &str = "page.gone";

/// What happens when a save, and the build after it, are done.
pub enum After {
    /// Nothing.
    Nothing,
    /// The save is answered.
    Saved(Answer),
    /// Pages move.
    Move { moves: Vec<PageMove>, aliases: bool, asked: Asked, answer: Answer },
    /// A move is taken back, or done again.
    TurnMove { course: Course, answer: Answer },
    /// A publish is planned.
    Plan { host: String, repair: bool, answer: Answer },
    /// A page is closed.
    ClosePage { path: SitePath, answer: Answer },
    /// The site is closed, and the command carried out without one.
    Then { command: Box<Command>, answer: Answer },
}

impl After {
    fn fail(self, failure: Failure) {
        match self {
            Self::Nothing => {}
            Self::Saved(answer)
            | Self::Plan { answer, .. }
            | Self::Move { answer, .. }
            | Self::TurnMove { answer, .. }
            | Self::ClosePage { answer, .. }
            | Self::Then { answer, .. } => {
                answer.send(Err(failure)).ok();
            }
        }
    }
}

/// One buffer on its way to the disk.
pub struct Stored {
    path: SitePath,
    version: u32,
    file: Arc<str>,
    outcome: Result<(), Refused>,
}

/// Why a buffer was not written.
enum Refused {
    /// The file holds something that was never shown.
    Differs(Source),
    /// The file that was there is not there any more.
    Gone,
    /// The disk refused.
    Disk(DiskError),
}

impl Loop {
    /// Saves these buffers, builds, then does `after`.
    pub fn save(&mut self, paths: Vec<SitePath>, after: After, tries: u32) {
        let Some(site) = &mut self.site else { return after.fail(no_site()) };
        let is_held = |path: &SitePath| site.buffers.get(path).is_some_and(|buffer| buffer.conflict.is_some());
        let (held, paths): (Vec<SitePath>, Vec<SitePath>) = paths.into_iter().partition(is_held);
        // A site can be closed with a conflict in it: the journal keeps the text for the next time.
        if let (Some(path), false) = (held.first(), matches!(after, After::Then { .. })) {
            after.fail(conflicting(path));
            if !paths.is_empty() {
                self.save(paths, After::Nothing, tries);
            }
            return;
        }
        let work: Vec<_> = paths.into_iter().filter_map(|path| site.to_store(&path)).collect();
        for (path, _, file, _) in &work {
            site.in_flight.insert(path.clone(), Hash::of(file.as_bytes()));
        }
        let (folder, load) = (site.state.folder().to_owned(), site.load.clone());
        let (id, wakes) = (site.id, self.wakes.clone());
        tokio::task::spawn_blocking(move || {
            let store = |(path, version, file, base): (SitePath, u32, Arc<str>, Option<Hash>)| {
                let outcome = store(&folder, &load, &path, base, &file);
                Stored { path, version, file, outcome }
            };
            let stored = work.into_iter().map(store).collect();
            wakes.send(Wake::Stored(id, stored, after, tries)).ok();
        });
    }

    /// The command: one page, or all that is dirty.
    pub fn save_command(&mut self, path: Option<String>, answer: Answer) {
        let Some(site) = &mut self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        site.wholes.writes = true;
        let paths = match path {
            None => site.dirty(),
            Some(path) => {
                let Some((path, _)) = site.buffers.get_key_value(path.as_str()) else {
                    answer.send(Err(gone(&path))).ok();
                    return;
                };
                vec![path.clone()]
            }
        };
        self.save(paths, After::Saved(answer), TRIES);
    }

    /// Saves all that is dirty, then does `after`.
    pub fn save_dirty(&mut self, after: After) {
        let Some(site) = &self.site else { return after.fail(no_site()) };
        let paths = site.dirty();
        self.save(paths, after, TRIES);
    }

    /// The disk answered.
    pub fn stored(&mut self, stored: Vec<Stored>, after: After, tries: u32) {
        let mut again = Vec::new();
        let mut failure = None;
        for one in stored {
            let Some(site) = &mut self.site else { return after.fail(no_site()) };
            site.in_flight.remove(&one.path);
            match one.outcome {
                // The page was moved or deleted while it was saved: what is there now is looked at.
                Ok(()) | Err(Refused::Gone) if !site.buffers.contains_key(&one.path) => {
                    self.look_again(&[one.path]).ok();
                }
                Err(Refused::Gone) => {
                    self.outside_remove(&one.path);
                    failure = Some(removed(&one.path));
                }
                Ok(()) => self.took_hold(&one.path, one.version, &one.file),
                Err(Refused::Disk(error)) => {
                    let (path, message, help) = (one.path.to_string(), error.message(), error.help().to_owned());
                    self.events.send(Event::SaveFailed { path, message, help }).ok();
                    failure = Some(disk(&error));
                }
                Err(Refused::Differs(source)) => {
                    self.outside_put(&one.path, &source);
                    again.push(one.path);
                }
            }
        }
        match failure {
            Some(failure) if !(failure.code == GONE && matches!(after, After::Then { .. })) => {
                self.build_whole(After::Nothing);
                after.fail(failure);
            }
            _ if again.is_empty() => self.build_or_go_on(after),
            _ if tries == 0 => after.fail(conflicting(&again[0])),
            _ => self.save(again, after, tries - 1),
        }
    }

    fn build_or_go_on(&mut self, after: After) {
        // A move builds when it is done.
        let after = match after {
            After::Move { moves, aliases, asked, answer } => return self.move_saved(&moves, aliases, asked, answer),
            After::TurnMove { course, answer } => return self.turn_saved(course, answer),
            other => other,
        };
        let needs_no_build = matches!(after, After::ClosePage { .. } | After::Then { .. });
        let is_current =
            self.site.as_ref().is_some_and(|site| !site.wholes.is_busy() && site.wholes.is_current(&site.saved));
        if needs_no_build && is_current {
            match after {
                After::ClosePage { path, answer } => self.forget_page(&path, answer),
                After::Then { command, answer } => self.close_then(*command, answer),
                After::Nothing | After::Saved(_) | After::Plan { .. } | After::Move { .. } | After::TurnMove { .. } => {
                }
            }
            return;
        }
        self.build_whole(after);
    }

    fn took_hold(&mut self, path: &SitePath, version: u32, file: &Arc<str>) {
        let Some(site) = &mut self.site else { return };
        let source = Source::text(Arc::clone(file));
        if let Some(journal) = &site.journal {
            journal.saved(path, source.hash);
        }
        site.keep(path, By::Saved, Arc::clone(file));
        site.saved.put(path.clone(), source);
        site.recovered.remove(path);
        if let Some(buffer) = site.buffers.get_mut(path) {
            buffer.set_base(Arc::clone(file));
            buffer.is_kept = true;
            buffer.gone = false;
        }
        self.events.send(Event::Saved { path: path.to_string(), version }).ok();
    }

    /// Forgets a buffer that is saved.
    pub fn forget_page(&mut self, path: &SitePath, answer: Answer) {
        if let Some(site) = &mut self.site {
            site.drop_buffer(path);
        }
        answer.send(Ok(Reply::Done)).ok();
    }
}

impl Site {
    /// What is to be written of a buffer: nothing where it is clean.
    fn to_store(&self, path: &SitePath) -> Option<(SitePath, u32, Arc<str>, Option<Hash>)> {
        let buffer = self.buffers.get(path).filter(|buffer| buffer.is_dirty())?;
        let base = (!buffer.gone).then(|| buffer.base_hash());
        Some((path.clone(), buffer.version(), buffer.file(), base))
    }
}

/// Writes a file unless it holds something that was never shown.
fn store(folder: &Path, load: &LoadOptions, path: &SitePath, base: Option<Hash>, file: &str) -> Result<(), Refused> {
    for _ in 0..TRIES {
        let seen = match load_one(folder, load, path) {
            Some(source) if source.hash == Hash::of(file.as_bytes()) => return Ok(()),
            Some(source) if Some(source.hash) != base => return Err(Refused::Differs(source)),
            // Written where it was, a page that was moved meanwhile would be there twice.
            None if base.is_some() => return Err(Refused::Gone),
            seen => seen.map(|source| source.hash),
        };
        match save_source(folder, path, file.as_bytes(), seen).map_err(Refused::Disk)? {
            Saving::Saved => return Ok(()),
            // Another program was at it between the look and the save: looked at again.
            Saving::Differs => {}
        }
    }
    Err(Refused::Disk(DiskError::busy(path)))
}

fn removed(path: &SitePath) -> Failure {
    fail(
        GONE,
        format!("`{path}` was removed by another program, so it was not saved."),
        "Save it again to write it anew. The text is still there.",
    )
}

fn conflicting(path: &SitePath) -> Failure {
    failed(
        format!("`{path}` was changed by another program in the same lines, so it was not saved."),
        "Choose which text to keep. Both are still there.",
    )
}
