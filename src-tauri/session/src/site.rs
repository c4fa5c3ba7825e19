//! The open site: its folder, its sources as saved and as edited, its buffers, its bench.
//! It opens and closes; what happens in between is in the files named for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};

use galley_disk::{By, History, Journal, LoadOptions, Loaded, Output, Places, SiteState, StatCache, Watch};
use galley_engine::{Cancel, Hash, Memo, Options, Outline, Problem, SitePath, Snapshot};
use galley_ipc::{Failure, PageView, SiteView};

use crate::bench::Bench;
use crate::buffer::Buffer;
use crate::failure::{disk, failed, gone, unopened};
use crate::hosts::HostsFile;
use crate::moving::Past;
use crate::settings::Trial;
use crate::whole::Wholes;
use crate::{problems, tree, trouble};

/// The configuration files that make a folder a site of its own.
pub const CONFIGS: [&str; 3] = ["zola.toml", "config.toml", "galley.toml"];

/// The open site.
pub struct Site {
    /// Tells this opening from the ones before.
    pub id: u64,
    pub state: SiteState,
    pub load: LoadOptions,
    pub stats: Arc<Mutex<StatCache>>,
    /// Where the output goes.
    pub out: PathBuf,
    /// Opened at the first write.
    pub output: Arc<Mutex<Option<Output>>>,
    /// The sources as they are on disk.
    pub saved: Snapshot,
    /// The same, with the buffers' texts.
    pub live: Snapshot,
    pub buffers: BTreeMap<SitePath, Buffer>,
    /// The latest version of each buffer, for builds that are asked for and overtaken.
    pub newest: BTreeMap<SitePath, Arc<AtomicU32>>,
    /// What is being written now.
    pub in_flight: BTreeMap<SitePath, Hash>,
    /// What the journal brought back and nobody has decided on.
    pub recovered: BTreeSet<SitePath>,
    /// None where it could not be opened.
    pub journal: Option<Journal>,
    /// None where it could not be started.
    pub history: Option<History>,
    pub clock: crate::options::Clock,
    pub bench: Bench,
    /// What the engine is told.
    pub options: Options,
    /// Settings that are tried in the preview.
    pub trial: Option<Trial>,
    pub outline: Outline,
    /// Where pages that are not published can be looked at.
    pub hidden: BTreeMap<SitePath, String>,
    /// Problems of the last build and of reading the folder.
    pub problems: Vec<Problem>,
    pub unread: Vec<Problem>,
    /// What Galley itself cannot do at the moment.
    pub troubles: Vec<Problem>,
    pub wholes: Wholes,
    /// Why artifacts were rebuilt since the last publish.
    pub reasons: BTreeMap<SitePath, String>,
    pub planned: Option<Arc<crate::publishing::Planned>>,
    pub watch: Option<Watch>,
    /// Shows the site in the person's own browser, once that was asked for.
    pub server: Option<crate::serve::Server>,
    /// Pages that moved, to be taken back.
    pub moved: Past,
}

/// Who is told what goes on while the site is open.
pub struct Tell {
    /// The journal cannot be written, or it can again.
    pub journal: Box<dyn FnMut(Option<String>) + Send>,
    /// The history cannot be written, or it can again.
    pub history: Box<dyn FnMut(Option<String>) + Send>,
    pub clock: crate::options::Clock,
}

/// Where a site's output goes, and what of the folder is no source because of it.
pub struct Layout {
    /// The output folder, absolute.
    pub out: PathBuf,
    /// What is left out when the folder is read.
    pub load: LoadOptions,
    /// What the engine is told.
    pub options: Options,
}

impl Layout {
    /// The layout of a site's folder: output in the site where it has a configuration of its own,
    /// else in Galley's data. `chosen` takes the place of both.
    pub fn of(state: &SiteState, chosen: Option<&Path>, options: Options) -> Self {
        let out = match (chosen, output_dir(state.folder())) {
            (Some(chosen), _) => chosen.to_owned(),
            (None, Some(name)) => state.folder().join(name),
            (None, None) => state.data().join("public"),
        };
        let inside =
            out.strip_prefix(state.folder()).ok().and_then(Path::to_str).and_then(|path| SitePath::new(path).ok());
        let output = inside.filter(|path| !path.is_empty());
        // What the headless binary wrote into a plain folder is no source either.
        let public = state.folder().join(output_name(state.folder()));
        let mut load = LoadOptions { ignore: vec![out.clone()] };
        if public != out && state.wrote(&public) {
            load.ignore.push(public);
        }
        Self { out, load, options: Options { output, name: state.name(), ..options } }
    }
}

/// The name of the output folder in a site that has a configuration of its own. A plain folder with
/// settings of Galley's own says so, or its output stays out of it.
fn output_dir(folder: &Path) -> Option<String> {
    let (file, config) =
        CONFIGS.iter().find_map(|name| Some((*name, std::fs::read_to_string(folder.join(name)).ok()?)))?;
    let table: toml::Table = config.parse().unwrap_or_default();
    let named = table.get("output_dir").and_then(toml::Value::as_str).map(str::to_owned);
    let named = named.filter(|name| !name.is_empty());
    if named.is_none() && file == "galley.toml" && !folder.join("content").is_dir() {
        return None;
    }
    Some(named.unwrap_or_else(|| "public".to_owned()))
}

/// The name of the output folder in a site, with a configuration of its own or without.
pub fn output_name(folder: &Path) -> String {
    output_dir(folder).unwrap_or_else(|| "public".to_owned())
}

/// Whether a folder is a vault of a program for notes, as far as that is seen without reading all
/// of it: nothing is ever written into one but what the writer saves.
pub fn looks_like_vault(folder: &Path) -> bool {
    let is_site = CONFIGS[..2].iter().any(|name| folder.join(name).is_file());
    !is_site
        && (folder.join(".obsidian").is_dir()
            || folder.join("dendron.yml").is_file()
            || says_vault(folder)
            || is_dendron_root(&std::fs::read_to_string(folder.join("root.md")).unwrap_or_default()))
}

/// Whether the writer says that the folder is one.
fn says_vault(folder: &Path) -> bool {
    let config: toml::Table =
        std::fs::read_to_string(folder.join("galley.toml")).unwrap_or_default().parse().unwrap_or_default();
    let dialect = config.get("vault").and_then(|vault| vault.get("dialect")?.as_str());
    matches!(dialect, Some("obsidian" | "dendron"))
}

/// Whether a `root.md` is that of Dendron: its notes have an id, and times in milliseconds.
fn is_dendron_root(text: &str) -> bool {
    let Some((keys, _)) = text.strip_prefix("---").and_then(|rest| rest.split_once("\n---")) else { return false };
    let is_time = |line: &str| {
        let value = line.strip_prefix("created:").or_else(|| line.strip_prefix("updated:")).map(str::trim);
        value.is_some_and(|value| value.len() == 13 && value.bytes().all(|byte| byte.is_ascii_digit()))
    };
    keys.lines().any(|line| line.starts_with("id:")) && keys.lines().any(is_time)
}

/// Where the hosts of a site are kept: in the site where it has a configuration of its own.
pub fn hosts_file(state: &SiteState) -> HostsFile {
    let is_site = CONFIGS.iter().any(|name| state.folder().join(name).is_file());
    HostsFile(if is_site { state.folder() } else { state.data() }.join("galley.toml"))
}

impl Site {
    /// Opens a folder. Blocks while it is read. `progress` is told how many of how many files
    /// were.
    pub fn open(
        id: u64,
        places: &Places,
        folder: &Path,
        options: Options,
        progress: &(dyn Fn(usize, usize) + Sync),
        tell: Tell,
    ) -> Result<Self, Failure> {
        let state = places.site(folder).map_err(|error| unopened(folder, &error))?;
        let layout = Layout::of(&state, None, options);
        // A move that the last run did not end is finished before anything is read.
        let (unended, left) = crate::moving::finish(&state, &layout.load);
        let mut known = state.load_stats();
        // What the last run kept is decoded while the folder is read.
        let (memo, loaded) = std::thread::scope(|scope| {
            let memo = scope.spawn(|| state.load_trace().and_then(|bytes| Memo::load(&bytes)));
            let loaded = galley_disk::load(state.folder(), &layout.load, &mut known, progress, &Cancel::new());
            (memo.join().ok().flatten().unwrap_or_default(), loaded)
        });
        let Loaded { snapshot, problems: unread, leftovers } = loaded.map_err(|error| disk(&error))?;
        galley_disk::remove_leftovers(state.folder(), &leftovers);
        let (journal, recovered, mut troubles) = match state.journal(tell.journal) {
            Ok((journal, recovered)) => (Some(journal), recovered, Vec::new()),
            Err(error) => (None, Vec::new(), vec![trouble::no_journal(&error.message())]),
        };
        troubles.extend(left);
        let bench = Bench::start(memo, layout.options.clone()).map_err(|error| {
            failed(
                format!("`{}` could not be opened: {error}.", folder.display()),
                "Close other programs, then try again.",
            )
        })?;
        let mut site = Self {
            id,
            state,
            load: layout.load,
            stats: Arc::new(Mutex::new(known)),
            out: layout.out,
            output: Arc::default(),
            live: snapshot.clone(),
            saved: snapshot,
            buffers: BTreeMap::new(),
            newest: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            recovered: BTreeSet::new(),
            journal,
            history: None,
            clock: tell.clock,
            bench,
            options: layout.options,
            trial: None,
            outline: Outline::default(),
            hidden: BTreeMap::new(),
            problems: Vec::new(),
            unread,
            troubles,
            wholes: Wholes::default(),
            reasons: BTreeMap::new(),
            planned: None,
            watch: None,
            server: None,
            moved: Past::default(),
        };
        let store = site.state.history(crate::words::measure);
        for mut one in site.without_twins(recovered) {
            // Its file moved before the run ended.
            if let Some(moving) = unended.as_ref().filter(|_| site.saved.get(&one.path).is_none()) {
                one.path = moving.later(&one.path);
            }
            let base = store.text(one.base);
            site.bring_back(one, base);
        }
        site.history = History::start(store, tell.history).ok();
        if let Some(history) = &site.history {
            history.thin((site.clock)());
        }
        Ok(site)
    }

    /// A page that was being moved when all ended is in the journal at both places: the place with
    /// no file is let go, where its text is unsaved at the other place, or saved there.
    fn without_twins(&self, recovered: Vec<galley_disk::Recovered>) -> Vec<galley_disk::Recovered> {
        let has_file = |one: &galley_disk::Recovered| self.saved.get(&one.path).is_some();
        let is_twin = |one: &galley_disk::Recovered| {
            let same = |other: &&galley_disk::Recovered| other.path != one.path && other.text == one.text;
            let hash = Hash::of(one.text.as_bytes());
            let is_saved = || self.saved.iter().any(|(_, source)| source.hash == hash);
            !has_file(one) && (recovered.iter().filter(same).any(has_file) || is_saved())
        };
        let twins: Vec<bool> = recovered.iter().map(is_twin).collect();
        let mut left = Vec::new();
        for (one, is_twin) in recovered.into_iter().zip(twins) {
            if is_twin {
                self.forget_text(&one.path);
            } else {
                left.push(one);
            }
        }
        left
    }

    /// Puts what the journal kept into a buffer, beside what the file holds now. `base` is the text
    /// that it was made from, if it is still known: where the file has become another meanwhile,
    /// the two are merged by it.
    fn bring_back(&mut self, one: galley_disk::Recovered, base: Option<String>) {
        let on_disk = self.saved.get(&one.path).and_then(|source| Some((source.hash, Arc::clone(source.as_text()?))));
        if on_disk.as_ref().is_some_and(|(_, file)| **file == *one.text) {
            return self.forget_text(&one.path);
        }
        let mut buffer = Buffer::open(&one.text.into());
        match (on_disk, base) {
            (Some((hash, file)), _) if hash == one.base => buffer.set_base(file),
            (Some((_, file)), Some(base)) => {
                buffer.set_base(base.into());
                buffer.meet(&file);
            }
            (Some((_, file)), None) => {
                buffer.has_base = false;
                buffer.conflict = Some(file);
            }
            (None, _) => buffer.gone = true,
        }
        self.live.put(one.path.clone(), buffer.source().clone());
        self.buffers.insert(one.path.clone(), buffer);
        self.recovered.insert(one.path);
    }

    /// The site as the window shows it.
    pub fn view(&self) -> SiteView {
        SiteView {
            folder: self.state.folder().display().to_string(),
            title: if self.outline.title.is_empty() { self.state.name() } else { self.outline.title.clone() },
            dialect: self.outline.dialect.name().into(),
            config: self.config().map(|path| path.to_string()),
            base_url: Some(self.outline.base_url.clone()).filter(|url| !url.is_empty()),
            output: self.out.display().to_string(),
            tree: tree::tree(&self.outline, &self.saved),
            problems: self.shown_problems(),
            recovered: self.recovered.iter().map(ToString::to_string).collect(),
            home: tree::home(&self.outline),
        }
    }

    /// All problems, as the window shows them.
    pub fn shown_problems(&self) -> Vec<galley_ipc::Problem> {
        let mut all = self.problems.clone();
        all.extend(self.unread.iter().filter(|problem| !self.problems.contains(problem)).cloned());
        all.extend(self.troubles.iter().cloned());
        all.sort();
        for problem in &mut all {
            self.follow(problem);
        }
        problems::shown(&all, &self.live)
    }

    /// Moves a problem's place in a saved text to the same place in the text that is being edited.
    fn follow(&self, problem: &mut Problem) {
        let Some((path, span)) = problem.path.as_ref().zip(problem.span) else { return };
        let Some(buffer) = self.buffers.get(path).filter(|buffer| buffer.is_dirty()) else { return };
        if let Some(saved) = self.saved.text(path) {
            problem.span = Some(problems::moved(span, saved, &buffer.file()));
        }
    }

    /// An open buffer as the window shows it.
    pub fn page(&self, path: &SitePath) -> Result<PageView, Failure> {
        let buffer = self.buffers.get(path).ok_or_else(|| gone(path))?;
        Ok(PageView {
            path: path.to_string(),
            title: tree::title(&self.outline, path),
            text: buffer.text().to_owned(),
            version: buffer.version(),
            dirty: buffer.is_dirty(),
            url: self.url(path),
            conflict: buffer.conflict.as_ref().map(|file| crate::lines::Shape::split(file).1.into_owned()),
        })
    }

    /// The preview address of a source, if it makes a page, published or not.
    pub fn url(&self, path: &SitePath) -> Option<String> {
        tree::url(&self.outline, path).or_else(|| self.hidden.get(path).cloned())
    }

    /// After a buffer's text changed: the journal, the live snapshot and the builds know.
    pub fn took(&mut self, path: &SitePath) {
        let Some(buffer) = self.buffers.get(path) else { return };
        let version = buffer.version();
        if let Some(journal) = &self.journal {
            if buffer.is_dirty() {
                if let Some(history) = self.history.as_ref().filter(|_| buffer.has_base && !buffer.is_kept) {
                    // What the file held before its first change, from which all that follows grew.
                    history.record(path, (self.clock)(), By::Found, Arc::clone(buffer.base()));
                }
                journal.record(path, buffer.base_hash(), buffer.file());
            } else {
                journal.forget(path);
            }
        }
        self.live.put(path.clone(), buffer.source().clone());
        if let Some(buffer) = self.buffers.get_mut(path) {
            buffer.is_kept |= buffer.is_dirty();
        }
        let newest = self.newest.entry(path.clone()).or_default();
        newest.store(version, std::sync::atomic::Ordering::Relaxed);
    }

    /// The text of a source is kept no more: it was thrown away, deleted or renamed.
    pub fn forget_text(&self, path: &SitePath) {
        if let Some(journal) = &self.journal {
            journal.forget(path);
        }
    }

    /// Forgets a buffer; the page is again what the file holds.
    pub fn drop_buffer(&mut self, path: &SitePath) {
        self.buffers.remove(path);
        self.newest.remove(path);
        self.recovered.remove(path);
        match self.saved.get(path) {
            Some(source) => self.live.put(path.clone(), source.clone()),
            None => self.live.apply(galley_engine::Change::Remove(path.clone())),
        }
        let path = path.clone();
        self.bench.give(move |work| work.close(&path));
    }

    /// The paths of the dirty buffers.
    pub fn dirty(&self) -> Vec<SitePath> {
        self.buffers.iter().filter(|(_, buffer)| buffer.is_dirty()).map(|(path, _)| path.clone()).collect()
    }

    /// Ends: traces and stats are kept, unsaved text stays in the journal. Blocks.
    pub fn close(self) {
        drop(self.watch);
        drop(self.trial);
        self.wholes.stop();
        let state = self.state;
        let keep = state.clone();
        // Without traces and stats the next start is slower, and no more.
        self.bench.give(move |work| {
            keep.save_trace(&work.traces()).ok();
        });
        drop(self.bench);
        state.save_stats(&self.stats.lock().unwrap_or_else(std::sync::PoisonError::into_inner)).ok();
        drop(self.journal);
        drop(self.history);
    }
}
