//! Changes by other programs: shown where a buffer is clean, merged where it is dirty.
//! Where they cannot be merged both texts are kept, and nothing is written until one is chosen.

use std::sync::{Arc, PoisonError};

use galley_disk::{Batch, By, Changes};
use galley_engine::{Change, SitePath, Source};
use galley_ipc::{Event, Failure, Reply};

use crate::changes::between;
use crate::failure::{disk, gone, no_site};
use crate::run::{Loop, Wake};
use crate::saving::After;
use crate::trouble;

impl Loop {
    /// Starts to watch the open site.
    pub fn watch(&mut self) {
        let Some(site) = &mut self.site else { return };
        let (id, wakes) = (site.id, self.wakes.clone());
        let tell = move |batch| {
            let wake = match batch {
                Batch::Paths(paths) => Wake::Watched(id, paths),
                Batch::Rescan => Wake::Watched(id, SitePath::new("").into_iter().collect()),
                Batch::Polling(why) => Wake::Polling(id, why),
            };
            wakes.send(wake).ok();
        };
        match galley_disk::Watch::start(site.state.folder(), &site.load, tell) {
            Ok(watch) => site.watch = Some(watch),
            Err(error) => self.trouble(trouble::no_watch(&error)),
        }
    }

    /// Looks again at paths that may have changed, on a thread that may block.
    pub fn watched(&mut self, paths: Vec<SitePath>) {
        let Some(site) = &mut self.site else { return };
        let (folder, load) = (site.state.folder().to_owned(), site.load.clone());
        let (stats, saved) = (Arc::clone(&site.stats), site.saved.clone());
        let (id, wakes) = (site.id, self.wakes.clone());
        tokio::task::spawn_blocking(move || {
            let mut stats = stats.lock().unwrap_or_else(PoisonError::into_inner);
            if let Ok(changes) = galley_disk::changes(&folder, &load, &mut stats, &saved, &paths) {
                wakes.send(Wake::Changed(id, changes)).ok();
            }
        });
    }

    /// What was found there.
    pub fn changed(&mut self, changes: Changes) {
        let mut has_news = false;
        for change in changes.changes {
            has_news |= match change {
                Change::Put(path, source) => self.put_is_news(&path, &source),
                Change::Remove(path) => self.outside_remove(&path),
                Change::Rename { from, to } => {
                    let source = self.site.as_ref().and_then(|site| site.saved.get(&from).cloned());
                    let went = self.outside_remove(&from);
                    if let Some(site) = self.site.as_ref().filter(|_| went) {
                        site.history_moved(&from, &to);
                    }
                    source.is_some_and(|source| self.put_is_news(&to, &source)) || went
                }
            };
        }
        if has_news {
            self.build_whole(After::Nothing);
        }
    }

    /// Takes in a file unless it is the echo of our own save.
    fn put_is_news(&mut self, path: &SitePath, source: &Source) -> bool {
        let Some(site) = &self.site else { return false };
        let is_ours = site.in_flight.get(path) == Some(&source.hash);
        let is_known = site.saved.get(path).is_some_and(|known| known.hash == source.hash);
        if is_ours || is_known {
            return false;
        }
        self.outside_put(path, source);
        true
    }

    /// Another program wrote this file.
    pub fn outside_put(&mut self, path: &SitePath, source: &Source) {
        let Some(site) = &mut self.site else { return };
        site.keep_other(path, source);
        site.saved.put(path.clone(), source.clone());
        let Some(buffer) = site.buffers.get_mut(path) else {
            site.live.put(path.clone(), source.clone());
            return;
        };
        let Some(theirs) = source.as_text() else { return };
        let mine = buffer.text().to_owned();
        let was_dirty = buffer.is_dirty();
        if was_dirty {
            buffer.gone = false;
            buffer.meet(theirs);
        } else {
            buffer.become_file(theirs);
        }
        if buffer.conflict.is_some() {
            return self.tell_conflict(path);
        }
        let (changes, version) = (between(&mine, buffer.text()), buffer.version());
        site.took(path);
        self.events.send(Event::Changed { path: path.to_string(), version, changes, merged: was_dirty }).ok();
        self.tell_stale(path);
    }

    fn tell_conflict(&mut self, path: &SitePath) {
        if let Some(page) = self.site.as_ref().and_then(|site| site.page(path).ok()) {
            self.events.send(Event::Conflict { page }).ok();
        }
    }

    fn tell_stale(&mut self, path: &SitePath) {
        if let Some(url) = self.site.as_ref().and_then(|site| site.url(path)) {
            self.events.send(Event::PreviewStale { url }).ok();
        }
    }

    /// Another program removed this file.
    pub fn outside_remove(&mut self, path: &SitePath) -> bool {
        let Some(site) = &mut self.site else { return false };
        if site.saved.get(path).is_none() {
            return false;
        }
        site.history_removed(path);
        site.saved.apply(Change::Remove(path.clone()));
        match site.buffers.get_mut(path) {
            None => site.live.apply(Change::Remove(path.clone())),
            Some(buffer) => {
                buffer.gone = true;
                site.took(path);
                self.events.send(Event::Gone { path: path.to_string() }).ok();
            }
        }
        true
    }

    /// Settles a conflict.
    pub fn resolve(&mut self, path: &str, keep_mine: bool) -> Result<Reply, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let path = crate::run::site_path(path)?;
        let buffer = site.buffers.get_mut(&path).ok_or_else(|| gone(&path))?;
        if let Some(theirs) = buffer.conflict.take() {
            let mine = buffer.file();
            if keep_mine {
                buffer.set_base(Arc::clone(&theirs));
                buffer.has_base = true;
            } else {
                buffer.become_file(&theirs);
            }
            // Whichever is chosen, both can be found again.
            site.keep(&path, By::Unsaved, mine);
            site.keep(&path, By::Other, theirs);
        }
        site.took(&path);
        site.recovered.remove(&path);
        self.tell_stale(&path);
        let site = self.site.as_ref().ok_or_else(no_site)?;
        Ok(Reply::Page { page: site.page(&path)? })
    }

    /// Takes files in that this session itself wrote, moved or removed.
    pub fn look_again(&mut self, paths: &[SitePath]) -> Result<(), Failure> {
        let Some(site) = &mut self.site else { return Ok(()) };
        let mut stats = site.stats.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = galley_disk::changes(site.state.folder(), &site.load, &mut stats, &site.saved, paths)
            .map_err(|error| disk(&error))?;
        drop(stats);
        for change in changes.changes {
            site.saved.apply(change.clone());
            let is_open = |path: &SitePath| site.buffers.contains_key(path);
            let touches_buffer = match &change {
                Change::Put(path, _) | Change::Remove(path) => is_open(path),
                Change::Rename { from, to } => is_open(from) || is_open(to),
            };
            if !touches_buffer {
                site.live.apply(change);
            }
        }
        Ok(())
    }
}
