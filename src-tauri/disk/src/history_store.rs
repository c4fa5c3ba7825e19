//! What is kept of the pages of one site: their states, and the texts of those.
//! A page's states go with it when it is moved, and stay when it is deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use galley_engine::{Hash, SitePath};

use crate::error::DiskError;
use crate::history_objects::Objects;
use crate::history_page::{By, Line, Page, State, append};
use crate::history_thin::stays;
use crate::write::write_atomic;

/// How many bytes the texts of one site may take up; the oldest states go first.
const BOUND: u64 = 256 * 1024 * 1024;
/// How often what is old is thinned, in seconds.
const EVERY: u64 = 6 * 3600;
/// And after how many new states.
const AFTER: u32 = 500;

/// Counts the words added and taken away between two texts.
pub type Measure = fn(&str, &str) -> (u32, u32);

/// The kept states of one site.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    objects: Objects,
    measure: Measure,
    /// Every page that has states, once asked for.
    known: Option<BTreeSet<SitePath>>,
    /// The text recorded last of the pages in use, so that it need not be read again.
    last: BTreeMap<SitePath, (Hash, String)>,
    /// Held by the one Galley that may thin.
    lock: Option<File>,
    recorded: u32,
}

impl Store {
    /// The states in `dir`, which need not exist yet.
    pub fn at(dir: &Path, measure: Measure) -> Self {
        Self {
            dir: dir.to_owned(),
            objects: Objects::at(dir.join("objects")),
            measure,
            known: None,
            last: BTreeMap::new(),
            lock: None,
            recorded: 0,
        }
    }

    /// Keeps a state, unless it is the last one already. `at` is as in [`State::at`].
    pub fn record(&mut self, path: &SitePath, at: u64, by: By, text: &str) -> Result<(), DiskError> {
        self.try_record(path, at, by, text).map_err(|error| self.refused(error))?;
        self.recorded += 1;
        if self.recorded >= AFTER {
            self.thin(at)?;
        }
        Ok(())
    }

    fn try_record(&mut self, path: &SitePath, at: u64, by: By, text: &str) -> io::Result<()> {
        let hash = Hash::of(text.as_bytes());
        let page = self.page(path);
        let before = page.as_ref().filter(|page| page.gone.is_none()).and_then(|page| page.states.last());
        if before.is_some_and(|before| before.hash == hash) {
            return Ok(());
        }
        self.objects.put(text)?;
        let (added, removed) = match before.and_then(|before| self.last_text(path, before.hash)) {
            Some(old) => (self.measure)(&old, text),
            None => (self.measure)("", text),
        };
        std::fs::create_dir_all(self.pages())?;
        append(&self.file(path), path, &Line::State(State { at, hash, by, added, removed }))?;
        if let Some(known) = &mut self.known {
            known.insert(path.clone());
        }
        if self.last.len() > 8 {
            self.last.clear();
        }
        self.last.insert(path.clone(), (hash, text.to_owned()));
        Ok(())
    }

    fn last_text(&self, path: &SitePath, hash: Hash) -> Option<String> {
        match self.last.get(path) {
            Some((known, text)) if *known == hash => Some(text.clone()),
            _ => self.objects.get(hash),
        }
    }

    /// Whether the last state of a page is this text.
    pub fn has(&self, path: &SitePath, hash: Hash) -> bool {
        self.page(path).is_some_and(|page| page.states.last().is_some_and(|last| last.hash == hash))
    }

    /// What is kept of a page.
    pub fn page(&self, path: &SitePath) -> Option<Page> {
        Page::read(&self.file(path)).filter(|page| page.path == *path)
    }

    /// The text of a state, as the file held it.
    pub fn text(&self, hash: Hash) -> Option<String> {
        self.objects.get(hash)
    }

    /// A page or a folder was moved: its states go with it. What was kept of an earlier page at
    /// the new place is kept on, before it.
    pub fn moved(&mut self, from: &SitePath, to: &SitePath) -> Result<(), DiskError> {
        let pages: Vec<SitePath> = self.below(from).into_iter().collect();
        for old in pages {
            let rest = if old == *from { "" } else { old.strip_prefix(from).unwrap_or("") };
            if let Ok(new) = to.join(rest) {
                self.move_page(&old, &new).map_err(|error| self.refused(error))?;
            }
        }
        Ok(())
    }

    fn move_page(&mut self, from: &SitePath, to: &SitePath) -> io::Result<()> {
        let Some(mut page) = self.page(from) else { return Ok(()) };
        if let Some(earlier) = self.page(to) {
            page.states.splice(0..0, earlier.states);
            page.states.sort_by_key(|state| state.at);
        }
        page.path = to.clone();
        page.gone = None;
        // The new file is whole before the old one goes: a crash leaves both, and loses none.
        page.rewrite(&self.file(to))?;
        std::fs::remove_file(self.file(from))?;
        let last = self.last.remove(from);
        if let Some(last) = last {
            self.last.insert(to.clone(), last);
        }
        if let Some(known) = &mut self.known {
            known.remove(from);
            known.insert(to.clone());
        }
        Ok(())
    }

    /// A page was deleted, with what it held last where that is known.
    pub fn removed(&mut self, path: &SitePath, at: u64, text: Option<&str>) -> Result<(), DiskError> {
        if let Some(text) = text {
            self.record(path, at, By::Found, text)?;
        }
        if self.page(path).is_some_and(|page| page.gone.is_none()) {
            append(&self.file(path), path, &Line::Gone { at }).map_err(|error| self.refused(error))?;
        }
        Ok(())
    }

    /// Every page that has states and is not among those that `is_there` knows; the one that
    /// went last comes first.
    pub fn deleted(&mut self, is_there: impl Fn(&SitePath) -> bool) -> Vec<Page> {
        let missing: Vec<SitePath> = self.known().iter().filter(|path| !is_there(path)).cloned().collect();
        let mut pages: Vec<Page> = missing.iter().filter_map(|path| self.page(path)).collect();
        pages.retain(|page| !page.states.is_empty());
        let when = |page: &Page| page.gone.or(page.states.last().map(|state| state.at));
        pages.sort_by(|a, b| when(b).cmp(&when(a)).then_with(|| a.path.cmp(&b.path)));
        pages
    }

    /// Lets go of states that are too old to be kept one by one, or too many to be kept at all.
    /// Does nothing where it was done lately, or while another Galley has the site open.
    pub fn thin(&mut self, now: u64) -> Result<(), DiskError> {
        self.thin_to(now, BOUND)
    }

    /// Does the same within another bound, in bytes.
    pub fn thin_to(&mut self, now: u64, bound: u64) -> Result<(), DiskError> {
        if !self.dir.is_dir() || !self.may_thin() {
            return Ok(());
        }
        let stamp = self.dir.join("thinned");
        let done = std::fs::read_to_string(&stamp).ok().and_then(|text| text.trim().parse::<u64>().ok());
        if self.recorded < AFTER && done.is_some_and(|done| now.saturating_sub(done) < EVERY) {
            return Ok(());
        }
        self.recorded = 0;
        self.try_thin(now, bound).map_err(|error| self.refused(error))?;
        write_atomic(&stamp, now.to_string().as_bytes())
    }

    fn try_thin(&mut self, now: u64, bound: u64) -> io::Result<()> {
        let mut pages: Vec<Page> = self.known().clone().iter().filter_map(|path| self.page(path)).collect();
        let before: Vec<usize> = pages.iter().map(|page| page.states.len()).collect();
        for page in &mut pages {
            let times: Vec<u64> = page.states.iter().map(|state| state.at).collect();
            let mut stays = stays(&times, now).into_iter();
            page.states.retain(|_| stays.next().unwrap_or(true));
        }
        self.fit(&mut pages, bound);
        for (page, _) in pages.iter_mut().zip(&before).filter(|(page, before)| page.states.len() != **before) {
            self.measure_again(page);
            page.rewrite(&self.file(&page.path))?;
        }
        self.sweep(&pages);
        Ok(())
    }

    /// Drops the oldest states until what is left fits; the last state of a page is dropped after
    /// all others, and only of a page that is gone.
    fn fit(&self, pages: &mut [Page], bound: u64) {
        let sizes: BTreeMap<Hash, u64> = self.objects.all().into_iter().map(|(hash, size, _)| (hash, size)).collect();
        if sizes.values().sum::<u64>() <= bound {
            return;
        }
        let mut users: BTreeMap<Hash, u32> = BTreeMap::new();
        let mut order = Vec::new();
        for (number, page) in pages.iter().enumerate() {
            let last = page.states.len().saturating_sub(1);
            for (at, state) in page.states.iter().enumerate() {
                for part in self.objects.parts(state.hash) {
                    *users.entry(part).or_default() += 1;
                }
                if at < last || page.gone.is_some() {
                    order.push((at == last, state.at, number, state.hash));
                }
            }
        }
        let mut size: u64 = users.keys().filter_map(|hash| sizes.get(hash)).sum();
        order.sort_unstable();
        for (_, at, number, hash) in order {
            if size <= bound {
                return;
            }
            for part in self.objects.parts(hash) {
                if let Some(count) = users.get_mut(&part).filter(|count| **count > 0) {
                    *count -= 1;
                    if *count == 0 {
                        size -= sizes.get(&part).copied().unwrap_or(0).min(size);
                    }
                }
            }
            pages[number].states.retain(|state| state.at != at || state.hash != hash);
        }
    }

    /// Counts the words again between states that have become neighbours.
    fn measure_again(&self, page: &mut Page) {
        let mut old = String::new();
        for state in &mut page.states {
            let Some(text) = self.objects.get(state.hash) else { continue };
            (state.added, state.removed) = (self.measure)(&old, &text);
            old = text;
        }
    }

    /// Removes texts that no state names.
    fn sweep(&self, pages: &[Page]) {
        let states = pages.iter().flat_map(|page| &page.states);
        let named: BTreeSet<Hash> = states.flat_map(|state| self.objects.parts(state.hash)).collect();
        for (hash, _, is_fresh) in self.objects.all() {
            if !is_fresh && !named.contains(&hash) {
                self.objects.remove(hash);
            }
        }
    }

    fn may_thin(&mut self) -> bool {
        if self.lock.is_none() {
            let file = File::options().create(true).append(true).open(self.dir.join("lock")).ok();
            self.lock = file.filter(|file| file.try_lock().is_ok());
        }
        self.lock.is_some()
    }

    fn known(&mut self) -> &BTreeSet<SitePath> {
        if self.known.is_none() {
            let files = std::fs::read_dir(self.pages()).into_iter().flatten().flatten();
            self.known = Some(files.filter_map(|entry| Page::path_in(&entry.path())).collect());
        }
        self.known.get_or_insert_default()
    }

    fn below(&mut self, folder: &SitePath) -> BTreeSet<SitePath> {
        let inside = |path: &&SitePath| *path == folder || path.strip_prefix(folder).is_some();
        self.known().iter().filter(inside).cloned().collect()
    }

    fn pages(&self) -> PathBuf {
        self.dir.join("pages")
    }

    fn file(&self, path: &SitePath) -> PathBuf {
        self.pages().join(Hash::of(path.as_bytes()).to_string())
    }

    fn refused(&self, error: io::Error) -> DiskError {
        DiskError::io(&*self.dir, "could not keep what was saved", error)
    }
}
