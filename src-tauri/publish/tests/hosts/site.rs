//! A site that is written by the test, and published from there.
//! It stands in for a build; its hashes are those of its bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use galley_engine::{Cancel, Hash, SitePath};
use galley_publish::{
    Access, Deployed, FolderHost, HostConfig, HostKind, Phase, Plan, Progress, PublishError, ReleaseSource, Run, Store,
    Target, prepare, publish, rollback,
};
use tempfile::TempDir;

pub type Outcome<T> = Result<T, Box<PublishError>>;

pub struct Site {
    pub folder: TempDir,
    pub source: ReleaseSource,
    pub store: Store,
    clock: Mutex<u64>,
}

impl Site {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(folder.path().join("store")).expect("a store");
        Self { folder, source: ReleaseSource::default(), store, clock: Mutex::new(1_800_000_000) }
    }

    /// Makes the output exactly these files.
    pub fn write<T: AsRef<[u8]>>(&mut self, files: &[(&str, T)]) {
        let out = self.folder.path().join("out");
        let _ = fs::remove_dir_all(&out);
        let mut made = BTreeMap::new();
        for (path, text) in files {
            let (file, text) = (out.join(path), text.as_ref());
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(&file, text).expect("a file");
            made.insert(SitePath::new(path).expect("a path"), (Hash::of(text), text.len() as u64));
        }
        self.source = ReleaseSource { folder: out, files: made, ..ReleaseSource::default() };
    }

    /// Each plan is a second later than the one before.
    pub async fn plan(&self, target: &Target) -> Outcome<Plan> {
        let now = {
            let mut clock = self.clock.lock().expect("the clock");
            *clock += 1;
            *clock
        };
        prepare(target, &self.source, &self.store, now).await
    }

    pub async fn publish(&self, target: &Target) -> Outcome<Deployed> {
        let plan = self.plan(target).await?;
        self.carry_out(target, &plan).await
    }

    pub async fn carry_out(&self, target: &Target, plan: &Plan) -> Outcome<Deployed> {
        let cancel = Cancel::new();
        let run = Run { progress: &|_| {}, cancel: &cancel, allows_large_deletion: true, allows_leaks: false };
        publish(target, plan, &self.source, &self.store, &run).await
    }

    /// The same, with an ear for its progress.
    pub async fn carry_out_telling(
        &self,
        target: &Target,
        plan: &Plan,
        told: &(dyn Fn(Progress) + Send + Sync),
    ) -> Outcome<Deployed> {
        let cancel = Cancel::new();
        let run = Run { progress: told, cancel: &cancel, allows_large_deletion: true, allows_leaks: false };
        publish(target, plan, &self.source, &self.store, &run).await
    }

    /// The files that the journal of an unfinished publish knows to be on the host.
    pub fn confirmed(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("store/journal")).unwrap_or_default();
        text.lines().skip(1).filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Whether these are exactly the files that were written last.
    pub fn is_tree(&self, found: &BTreeMap<String, Vec<u8>>) -> bool {
        *found == tree(&self.source.folder)
    }

    pub fn assert_tree(&self, found: &BTreeMap<String, Vec<u8>>) {
        let wanted = tree(&self.source.folder);
        assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
        assert!(*found == wanted, "the bytes differ");
    }

    /// Publishes, and cancels at the first sign of `phase` with at least `files` files sent.
    pub async fn cancel_at(&self, target: &Target, phase: Phase, files: usize) -> Outcome<Deployed> {
        let plan = self.plan(target).await?;
        let cancel = Cancel::new();
        let progress = |progress: Progress| {
            if progress.phase == phase && progress.files >= files {
                cancel.cancel();
            }
        };
        let run = Run { progress: &progress, cancel: &cancel, allows_large_deletion: true, allows_leaks: false };
        publish(target, &plan, &self.source, &self.store, &run).await
    }

    pub async fn roll_back(&self, target: &Target, id: &str) -> Outcome<Deployed> {
        let cancel = Cancel::new();
        let run = Run { progress: &|_| {}, cancel: &cancel, allows_large_deletion: true, allows_leaks: false };
        rollback(target, id, &self.store, &run).await
    }

    /// Asserts that what is served from `root` is exactly the output.
    pub fn assert_live(&self, root: &Path) {
        let read = |path: &SitePath| fs::read(self.source.folder.join(path.as_str())).expect("a file");
        let wanted: BTreeMap<String, Vec<u8>> =
            self.source.files.keys().map(|path| (path.to_string(), read(path))).collect();
        let found = tree(root);
        assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
        assert!(found == wanted, "the bytes differ");
    }
}

/// At how many places a line is cut: few in a usual run, `GALLEY_CUTS` of them in a long one.
pub fn cuts() -> u64 {
    std::env::var("GALLEY_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(25)
}

/// All files below `root` but for Galley's own.
pub fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).into_iter().flatten() {
            let path = item.expect("an item").path();
            let name = path.strip_prefix(root).expect("below").to_str().expect("text").to_owned();
            if !path.is_dir() {
                found.insert(name, fs::read(&path).expect("a file"));
            } else if name != ".galley" {
                folders.push(path);
            }
        }
    }
    found
}

/// `count` pages of `size` bytes that do not compress; another `seed` gives other bytes.
pub fn pages(count: usize, size: usize, seed: u64) -> Vec<(String, Vec<u8>)> {
    (0..count as u64)
        .map(|n| {
            let mut state = seed.wrapping_mul(1_000_003).wrapping_add(n);
            let mut bytes = Vec::with_capacity(size + 4);
            while bytes.len() < size {
                // Knuth's MMIX linear congruential generator.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                bytes.extend(((state >> 32) as u32).to_le_bytes());
            }
            bytes.truncate(size);
            (format!("p{n}/index.html"), bytes)
        })
        .collect()
}

pub fn by_ref(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect()
}

pub fn folder_target(path: PathBuf, url: &str) -> Target {
    let config = HostConfig { url: url.to_owned(), kind: HostKind::Folder(FolderHost { path }) };
    Target { config, access: Access { by: "ada@laptop".into(), ..Access::default() } }
}
