//! The past of pages: what is kept of them, compared, looked at and brought back.
//! It changes no file but one that it makes anew, where a deleted page is brought back.

use std::sync::Arc;

use galley_disk::{By, State, Store};
use galley_engine::{Hash, SitePath, Source};
use galley_ipc::{Command, DeletedPage, Failure, Reply, StateBy, StateView};
use tokio::sync::oneshot;

use crate::failure::{disk, fail, gone, no_site};
use crate::handle::{Answer, PreviewFile};
use crate::hunks::{hunks, sides};
use crate::lines::Shape;
use crate::naming;
use crate::run::{Loop, site_path};
use crate::site::Site;

impl Site {
    /// Keeps a text of a page as one of its states.
    pub fn keep(&self, path: &SitePath, by: By, text: Arc<str>) {
        if let Some(history) = &self.history {
            history.record(path, (self.clock)(), by, text);
        }
    }

    /// Another program wrote a file: kept where the page is open, or has a past already.
    pub fn keep_other(&self, path: &SitePath, source: &Source) {
        let (Some(history), Some(text)) = (&self.history, source.as_text()) else { return };
        if let Some(buffer) = self.buffers.get(path) {
            if buffer.has_base {
                self.keep(path, By::Found, Arc::clone(buffer.base()));
            }
            return self.keep(path, By::Other, Arc::clone(text));
        }
        let (path, text, now) = (path.clone(), Arc::clone(text), (self.clock)());
        history.ask(move |store| {
            if store.page(&path).is_some() {
                store.record(&path, now, By::Other, &text).ok();
            }
        });
    }

    /// A page or folder was moved, in Galley or by another program: its past goes with it.
    pub fn history_moved(&self, from: &SitePath, to: &SitePath) {
        if let Some(history) = &self.history {
            history.moved(from, to);
        }
    }

    /// A page goes: what it holds, saved and not, is kept.
    pub fn history_removed(&self, path: &SitePath) {
        let Some(history) = &self.history else { return };
        let is_prose = matches!(path.extension(), Some("md" | "markdown"));
        let saved = self.saved.get(path).filter(|_| is_prose || self.buffers.contains_key(path));
        if let Some(text) = saved.and_then(|source| source.as_text()) {
            history.removed(path, (self.clock)(), Some(Arc::clone(text)));
        }
        if let Some(buffer) = self.buffers.get(path).filter(|buffer| buffer.is_dirty()) {
            history.record(path, (self.clock)(), By::Unsaved, buffer.file());
            history.removed(path, (self.clock)(), None);
        }
    }
}

impl Loop {
    /// What is kept of a page's past, told behind everything that is still to be kept.
    pub fn history(&self, path: &str, answer: Answer) {
        let asked = self.with_history(site_path(path));
        let (path, site) = match asked {
            Ok(asked) => asked,
            Err(failure) => return drop(answer.send(Err(failure))),
        };
        ask(site, answer, move |store| {
            let states = store.page(&path).map(|page| page.states).unwrap_or_default();
            Ok(Reply::History { states: states.iter().rev().map(shown).collect() })
        });
    }

    /// How two states differ, or a state and the text as it is now.
    pub fn compare(&self, path: &str, from: String, to: Option<String>, answer: Answer) {
        let (path, site) = match self.with_history(site_path(path)) {
            Ok(asked) => asked,
            Err(failure) => return drop(answer.send(Err(failure))),
        };
        let now = site.live.text(&path).map_or_else(String::new, ToString::to_string);
        ask(site, answer, move |store| {
            let old = text_of(store, &from)?;
            let new = to.map_or(Ok(now), |to| text_of(store, &to))?;
            Ok(Reply::Compared { hunks: hunks(&Shape::split(&old).1, &Shape::split(&new).1) })
        });
    }

    /// Pages that were deleted and can be brought back.
    pub fn deleted(&self, answer: Answer) {
        let Some(site) = &self.site else { return drop(answer.send(Err(no_site()))) };
        let saved = site.saved.clone();
        ask(site, answer, move |store| {
            let pages = store.deleted(|path| saved.get(path).is_some());
            let pages = pages.into_iter().filter_map(|page| {
                let last = page.states.last()?;
                let text = store.text(last.hash)?;
                Some(DeletedPage {
                    title: naming::title_in(&page.path, &text),
                    at: page.gone.unwrap_or(last.at),
                    states: page.states.len() as u32,
                    path: page.path.to_string(),
                })
            });
            Ok(Reply::Deleted { pages: pages.collect() })
        });
    }

    /// Brings a deleted page back: its text is looked up apart from the loop, which then goes on
    /// in [`Loop::restored`].
    pub fn restore(&self, path: &str, state: String, answer: Answer) {
        let (path, site) = match self.with_history(site_path(path)) {
            Ok(asked) => asked,
            Err(failure) => return drop(answer.send(Err(failure))),
        };
        let (id, wakes) = (site.id, self.wakes.clone());
        match &site.history {
            Some(history) => history.ask(move |store| {
                let text = text_of(store, &state);
                wakes.send(crate::run::Wake::Restored(id, path, text, answer)).ok();
            }),
            None => drop(answer.send(Err(lost()))),
        }
    }

    /// The text of a deleted page is there: it is written and opened.
    pub fn restored(&mut self, path: &SitePath, text: Result<String, Failure>, answer: Answer) {
        let made = text.and_then(|text| self.write_again(path, &text));
        self.open_moved(made, answer);
    }

    fn write_again(&mut self, path: &SitePath, text: &str) -> Result<SitePath, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let place = if site.saved.get(path).is_none() {
            path.clone()
        } else {
            naming::beside(&site.saved, path).ok_or_else(|| gone(path))?
        };
        galley_disk::create_new(site.state.folder(), &place, text.as_bytes()).map_err(|error| disk(&error))?;
        site.drop_buffer(&place);
        site.keep(&place, By::Saved, text.into());
        self.look_again(std::slice::from_ref(&place))?;
        Ok(place)
    }

    /// The two texts of a conflict beside each other.
    pub fn sides(&self, path: &str) -> Result<Reply, Failure> {
        let site = self.site.as_ref().ok_or_else(no_site)?;
        let buffer = site.buffers.get(path).ok_or_else(|| gone(path))?;
        let Some(theirs) = &buffer.conflict else { return Ok(Reply::Sides { rows: Vec::new() }) };
        let base = buffer.has_base.then(|| Shape::split(buffer.base()).1);
        Ok(Reply::Sides { rows: sides(base.as_deref(), buffer.text(), &Shape::split(theirs).1) })
    }

    /// The page of `path` as it was in a state, for the preview frame.
    pub fn preview_state(&mut self, past: PastPage, file: oneshot::Sender<Option<PreviewFile>>) {
        let Some(site) = &mut self.site else { return drop(file.send(None)) };
        site.make_way();
        let (live, folder) = (site.live.clone(), site.state.folder().to_owned());
        let (Some(history), Some(bench)) = (&site.history, site.bench.fetcher()) else {
            return drop(file.send(None));
        };
        history.ask(move |store| {
            let Ok(text) = text_of(store, &past.state) else { return drop(file.send(None)) };
            let job = move |work: &mut crate::bench::Work| {
                let found = work.as_it_was(&past.path, text, &live);
                file.send(found.and_then(|found| PreviewFile::of(found, &folder))).ok();
            };
            bench.0.send(Box::new(job)).ok();
        });
    }

    fn with_history(&self, path: Result<SitePath, Failure>) -> Result<(SitePath, &Site), Failure> {
        Ok((path?, self.site.as_ref().ok_or_else(no_site)?))
    }

    /// The commands about the past that are answered later; any other is given back.
    pub fn past_command(&self, command: Command, answer: Answer) -> Option<(Command, Answer)> {
        match command {
            Command::History { path } => self.history(&path, answer),
            Command::Compare { path, from, to } => self.compare(&path, from, to, answer),
            Command::Deleted => self.deleted(answer),
            Command::Restore { path, state } => self.restore(&path, state, answer),
            other => return Some((other, answer)),
        }
        None
    }
}

/// A page as it was, from the query of a preview address.
#[derive(Debug, PartialEq, Eq)]
pub struct PastPage {
    state: String,
    path: SitePath,
}

impl PastPage {
    /// Reads `?state=HASH&of=PATH`; none where the address asks for no state.
    pub fn of(address: &str) -> Option<Self> {
        let query = address.split_once('?')?.1;
        let value = |name: &str| {
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            pair.map(|value| crate::handle::unescaped(value.split('#').next().unwrap_or_default()))
        };
        Some(Self { state: value("state")?, path: SitePath::new(&value("of")?).ok()? })
    }
}

fn ask(site: &Site, answer: Answer, question: impl FnOnce(&mut Store) -> Result<Reply, Failure> + Send + 'static) {
    match &site.history {
        Some(history) => history.ask(move |store| drop(answer.send(question(store)))),
        None => drop(answer.send(Err(lost()))),
    }
}

fn text_of(store: &Store, state: &str) -> Result<String, Failure> {
    Hash::parse(state).and_then(|hash| store.text(hash)).ok_or_else(lost)
}

fn lost() -> Failure {
    fail("history.gone", "This state of the page is not kept any more.", "Choose another one. The page is as it was.")
}

fn shown(state: &State) -> StateView {
    StateView {
        id: state.hash.to_string(),
        at: state.at,
        by: match state.by {
            By::Found => StateBy::Found,
            By::Saved => StateBy::Saved,
            By::Other => StateBy::Other,
            By::Unsaved => StateBy::Unsaved,
        },
        added: state.added,
        removed: state.removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_state_or_none() {
        let path = SitePath::new("content/a b.md").expect("a path");
        assert_eq!(
            PastPage::of("preview://localhost/a/?galley=3&state=0a&of=content%2Fa%20b.md"),
            Some(PastPage { state: "0a".into(), path })
        );
        for address in ["preview://localhost/a/?galley=3", "/a/", "/?state=0a", "/?state=0a&of=..%2Fx"] {
            assert_eq!(PastPage::of(address), None, "{address}");
        }
    }
}
