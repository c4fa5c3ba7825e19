//! Galley's own folders of one site: journal, releases, host settings, traces.
//! Nothing here lies in a writer's folder.

use std::path::{Path, PathBuf};

use galley_disk::{DiskError, Journal, Output, Recent, Recovered, SiteKey, StatCache, TrashTo, write_atomic};
use galley_engine::{Hash, SitePath};

const MOST_RECENT: usize = 20;

/// Where the state of all sites lies.
#[derive(Debug, Clone)]
pub struct Home {
    /// What must not be lost.
    pub data: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// Whether removed files go to the system's trash.
    pub system_trash: bool,
}

/// What is kept of one site.
#[derive(Debug, Clone)]
pub struct SiteState {
    /// The site's folder, links resolved.
    pub folder: PathBuf,
    /// Names the site.
    pub key: String,
    /// What must not be lost.
    pub data: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    trash: TrashTo,
}

impl Home {
    /// The state of the site in a folder that exists.
    pub fn site(&self, folder: &Path) -> std::io::Result<SiteState> {
        let real = folder.canonicalize()?;
        let key = SiteKey::of(&real).map_err(std::io::Error::other)?.as_str().to_owned();
        let own = self.data.join("trash").join(&key);
        Ok(SiteState {
            folder: real,
            data: self.data.join("sites").join(&key),
            cache: self.cache.join("sites").join(&key),
            trash: if self.system_trash { TrashTo::System { or: own } } else { TrashTo::Folder(own) },
            key,
        })
    }

    /// The sites opened before whose folders exist, the latest first.
    pub fn recent(&self) -> Vec<Recent> {
        let known = std::fs::read(self.data.join("recent.json")).unwrap_or_default();
        let mut recent: Vec<Recent> = serde_json::from_slice(&known).unwrap_or_default();
        recent.retain(|site| Path::new(&site.folder).is_dir());
        recent
    }

    /// Puts a site first among the recent ones. That it could not be kept is no failure.
    pub fn remember(&self, site: Recent) {
        let mut recent = self.recent();
        recent.retain(|other| other.folder != site.folder);
        recent.insert(0, site);
        recent.truncate(MOST_RECENT);
        if let Ok(json) = serde_json::to_vec_pretty(&recent)
            && std::fs::create_dir_all(&self.data).is_ok()
        {
            write_atomic(&self.data.join("recent.json"), &json).ok();
        }
    }
}

impl SiteState {
    /// The name of the site's folder.
    pub fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Opens the journal, and gives what an earlier run left unsaved.
    pub fn journal(&self) -> Result<(Journal, Vec<Recovered>), DiskError> {
        Journal::open(&self.data.join("journal"), &self.folder)
    }

    /// Opens an output folder; what was written to it is remembered in the cache.
    pub fn output(&self, out: &Path) -> Result<Output, DiskError> {
        Output::open(out, &self.output_file(out))
    }

    /// Whether an output folder was written from here.
    pub fn wrote(&self, out: &Path) -> bool {
        self.output_file(out).exists()
    }

    fn output_file(&self, out: &Path) -> PathBuf {
        let name = Hash::of(out.as_os_str().as_encoded_bytes());
        self.cache.join(format!("output-{name}"))
    }

    /// Moves a source to the trash.
    pub fn trash(&self, path: &SitePath) -> Result<String, DiskError> {
        galley_disk::trash(&self.folder, path, &self.trash)
    }

    /// The traces of the last run.
    pub fn load_trace(&self) -> Option<Vec<u8>> {
        std::fs::read(self.cache.join("trace")).ok()
    }

    /// Keeps traces for the next run. That they could not be kept costs a slower start only.
    pub fn save_trace(&self, bytes: &[u8]) {
        self.save("trace", bytes);
    }

    /// What is known of the site's big files.
    pub fn load_stats(&self) -> StatCache {
        std::fs::read(self.cache.join("stats")).ok().and_then(|bytes| StatCache::load(&bytes)).unwrap_or_default()
    }

    /// Keeps what is known of the site's big files.
    pub fn save_stats(&self, stats: &StatCache) {
        self.save("stats", &stats.save());
    }

    /// Forgets what can be made again, so that the next build starts from nothing.
    pub fn forget(&self) {
        for name in ["trace", "stats"] {
            std::fs::remove_file(self.cache.join(name)).ok();
        }
    }

    fn save(&self, name: &str, bytes: &[u8]) {
        if std::fs::create_dir_all(&self.cache).is_ok() {
            write_atomic(&self.cache.join(name), bytes).ok();
        }
    }
}
