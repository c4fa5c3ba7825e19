//! Galley's own folders: what it keeps of a site outside of the site.
//! Nothing here lies in a writer's folder; the environment is read in one function.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use galley_engine::{Hash, SitePath};
use serde::{Deserialize, Serialize};

use crate::error::DiskError;
use crate::history_store::{Measure, Store};
use crate::journal::{Journal, Recovered};
use crate::output::{Output, real_path};
use crate::stats::StatCache;
use crate::trash::TrashTo;
use crate::write::{make_folder, write_atomic};

const KEPT: &str = "was not written";
const MOST_RECENT: usize = 20;

/// Where Galley keeps what is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    data: PathBuf,
    cache: PathBuf,
    /// Whether removed files go to the system's trash.
    system_trash: bool,
}

/// Names a site: the same folder has the same key, however it is spelt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SiteKey(String);

/// A site that was opened before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// The folder, absolute.
    pub folder: String,
    /// Its title when it was last open.
    pub title: String,
}

/// What Galley keeps of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteState {
    folder: PathBuf,
    key: SiteKey,
    data: PathBuf,
    cache: PathBuf,
    trash: TrashTo,
}

impl Places {
    /// The folders of this person on this machine, by the rule of the XDG base directory
    /// specification: a variable that is absolute, or the folder in the home directory. With
    /// `GALLEY_HOME` set, `data` and `cache` in it and a trash of Galley's own.
    pub fn from_env() -> Self {
        let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
        if let Some(home) = absolute("GALLEY_HOME") {
            return Self::at(&home);
        }
        let home = absolute("HOME").unwrap_or_else(env::temp_dir);
        let data = absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
        let cache = absolute("XDG_CACHE_HOME").unwrap_or_else(|| home.join(".cache"));
        Self::of(data.join("galley"), cache.join("galley"), true)
    }

    /// `data` and `cache` in `home`, and a trash of Galley's own.
    pub fn at(home: &Path) -> Self {
        Self::of(home.join("data"), home.join("cache"), false)
    }

    /// What must not be lost in `data`, what can be made again in `cache`.
    pub fn of(data: PathBuf, cache: PathBuf, system_trash: bool) -> Self {
        Self { data, cache, system_trash }
    }

    /// A file or folder of Galley's own that is not about one site, such as the writer's copy of
    /// the guide. It may not exist yet.
    pub fn data(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// What is kept of the site in `folder`, which must exist. Nothing is written yet.
    pub fn site(&self, folder: &Path) -> Result<SiteState, DiskError> {
        let key = SiteKey::of(folder)?;
        let own = self.data.join("trash").join(key.as_str());
        Ok(SiteState {
            folder: real(folder)?,
            data: self.data.join("sites").join(key.as_str()),
            cache: self.cache.join("sites").join(key.as_str()),
            trash: if self.system_trash { TrashTo::System { or: own } } else { TrashTo::Folder(own) },
            key,
        })
    }

    /// The sites opened before whose folders exist, the latest first.
    pub fn recent(&self) -> Vec<Recent> {
        let known = std::fs::read(self.recent_file()).unwrap_or_default();
        let mut recent: Vec<Recent> = serde_json::from_slice(&known).unwrap_or_default();
        recent.retain(|site| Path::new(&site.folder).is_dir());
        recent
    }

    /// Puts a site first among the recent ones.
    pub fn remember(&self, site: Recent) -> Result<(), DiskError> {
        let mut recent = self.recent();
        recent.retain(|other| other.folder != site.folder);
        recent.insert(0, site);
        recent.truncate(MOST_RECENT);
        let file = self.recent_file();
        let json = serde_json::to_vec_pretty(&recent).map_err(|error| DiskError::io(&*file, KEPT, error.into()))?;
        make_folder(&self.data, KEPT)?;
        write_atomic(&file, &json)
    }

    fn recent_file(&self) -> PathBuf {
        self.data.join("recent.json")
    }
}

impl SiteKey {
    /// The key of an existing folder.
    pub fn of(folder: &Path) -> Result<Self, DiskError> {
        Ok(Self(Hash::of(real(folder)?.as_os_str().as_encoded_bytes()).to_string()))
    }

    /// 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An existing folder, absolute, links resolved.
fn real(folder: &Path) -> Result<PathBuf, DiskError> {
    let real = folder.canonicalize().map_err(|error| DiskError::io(folder, "could not be opened", error))?;
    if real.is_dir() {
        return Ok(real);
    }
    Err(DiskError::io(folder, "could not be opened", io::Error::other("it is a file, not a folder")))
}

impl SiteState {
    /// The site's folder, absolute, links resolved.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the site's folder.
    pub fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Names the site.
    pub fn key(&self) -> &str {
        self.key.as_str()
    }

    /// The folder for what must not be lost: journal, releases, host settings. It may not exist
    /// yet.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The folder for what can be made again. It may not exist yet.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// Opens the journal, and gives what an earlier run left unsaved. `tell` is as in
    /// [`Journal::telling`].
    pub fn journal(
        &self,
        tell: impl FnMut(Option<String>) + Send + 'static,
    ) -> Result<(Journal, Vec<Recovered>), DiskError> {
        Journal::telling(&self.data.join("journal"), &self.folder, tell)
    }

    /// What is kept of the pages' states. `measure` counts words added and taken away.
    pub fn history(&self, measure: Measure) -> Store {
        Store::at(&self.data.join("history"), measure)
    }

    /// Opens the output folder; what was written to it is remembered in the cache, once for
    /// each folder.
    pub fn output(&self, out: &Path) -> Result<Output, DiskError> {
        Output::open(out, &self.output_file(out)?)
    }

    /// Whether an output folder was written from here.
    pub fn wrote(&self, out: &Path) -> bool {
        self.output_file(out).is_ok_and(|file| file.exists())
    }

    fn output_file(&self, out: &Path) -> Result<PathBuf, DiskError> {
        let name = Hash::of(real_path(out)?.as_os_str().as_encoded_bytes());
        Ok(self.cache.join(format!("output-{name}")))
    }

    /// Moves a source to the trash and says where it is now.
    pub fn trash(&self, path: &SitePath) -> Result<String, DiskError> {
        crate::trash(&self.folder, path, &self.trash)
    }

    /// What the last run kept of its builds; none if there is nothing.
    pub fn load_trace(&self) -> Option<Vec<u8>> {
        std::fs::read(self.cache.join("trace")).ok()
    }

    /// Keeps what the next run can use.
    pub fn save_trace(&self, bytes: &[u8]) -> Result<(), DiskError> {
        self.save("trace", bytes)
    }

    /// What is known of the site's big files.
    pub fn load_stats(&self) -> StatCache {
        std::fs::read(self.cache.join("stats")).ok().and_then(|bytes| StatCache::load(&bytes)).unwrap_or_default()
    }

    /// Keeps what is known of the site's big files.
    pub fn save_stats(&self, stats: &StatCache) -> Result<(), DiskError> {
        self.save("stats", &stats.save())
    }

    /// What the last whole build came to; none if there is nothing.
    pub fn load_standing(&self) -> Option<Vec<u8>> {
        std::fs::read(self.cache.join("standing")).ok()
    }

    /// Keeps what a whole build came to.
    pub fn save_standing(&self, bytes: &[u8]) -> Result<(), DiskError> {
        self.save("standing", bytes)
    }

    /// Forgets everything that can be made again, so that the next build starts from nothing.
    /// What was written to the output is still remembered.
    pub fn forget(&self) -> Result<(), DiskError> {
        ["trace", "stats", "standing"].iter().try_for_each(|name| {
            let file = self.cache.join(name);
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(DiskError::io(&*file, "was not removed", error))
                }
                _ => Ok(()),
            }
        })
    }

    fn save(&self, name: &str, bytes: &[u8]) -> Result<(), DiskError> {
        make_folder(&self.cache, KEPT)?;
        write_atomic(&self.cache.join(name), bytes)
    }
}
