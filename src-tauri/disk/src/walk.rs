//! The files and folders of a site, found without reading any.
//! It never leaves the site, never runs in a circle, and never gives up over one bad folder.

use std::fs::{DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use galley_engine::{Problem, SitePath};
use rayon::prelude::*;

use crate::error::DiskError;
use crate::inside::under;
use crate::kind::{is_path_skipped, is_skipped, is_temporary};
use crate::load::LoadOptions;

/// The most files, and the most folders, that a site may hold.
pub(crate) const MOST: usize = 200_000;
/// How deep folders may lie in one another.
const DEEPEST: usize = 64;

/// A file or folder of the site.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub path: SitePath,
    /// Where it lies, links resolved.
    pub real: PathBuf,
}

/// What a walk found, each list in a fixed order.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// In path order.
    pub files: Vec<Place>,
    /// The folders that were entered, the first one included.
    pub folders: Vec<Place>,
    pub problems: Vec<Problem>,
    /// Temporary files of ours that a crash left behind.
    pub leftovers: Vec<SitePath>,
}

/// A site's folder and what in it is left out.
#[derive(Debug, Clone)]
pub(crate) struct Walker {
    pub root: PathBuf,
    ignore: Vec<PathBuf>,
    most: usize,
}

/// What an existing path turned out to be.
pub(crate) enum What {
    File(Place),
    Folder(Place),
}

struct Folder {
    place: Place,
    /// The real folders that hold the links on the way here.
    trail: Arc<[PathBuf]>,
    depth: usize,
}

#[derive(Default)]
struct Level {
    files: Vec<Place>,
    folders: Vec<Folder>,
    problems: Vec<Problem>,
    leftovers: Vec<SitePath>,
}

impl Walker {
    pub(crate) fn new(folder: &Path, options: &LoadOptions) -> Result<Self, DiskError> {
        let what = "could not be opened";
        let root = folder.canonicalize().map_err(|error| DiskError::io(folder, what, error))?;
        std::fs::read_dir(&root).map_err(|error| DiskError::io(folder, what, error))?;
        let ignore = options.ignore.iter().map(|ignored| {
            let ignored = root.join(ignored);
            ignored.canonicalize().unwrap_or(ignored)
        });
        Ok(Self { ignore: ignore.filter(|ignored| *ignored != root).collect(), root, most: MOST })
    }

    /// Everything at and below `start`; nothing if it is left out or is no folder.
    pub(crate) fn walk(&self, start: &SitePath) -> Walked {
        let mut walked = Walked::default();
        let Some(What::Folder(place)) = self.what(start) else { return walked };
        let mut level = vec![Folder { depth: start.parts().count(), place, trail: Arc::new([]) }];
        while !level.is_empty() {
            walked.folders.extend(level.iter().map(|folder| folder.place.clone()));
            let found = level.par_iter().map(|folder| self.list(folder)).collect::<Vec<_>>();
            level = Vec::new();
            for found in found {
                walked.files.extend(found.files);
                walked.problems.extend(found.problems);
                walked.leftovers.extend(found.leftovers);
                level.extend(found.folders);
            }
            if walked.files.len() > self.most || walked.folders.len() + level.len() > self.most {
                walked.files.truncate(self.most);
                walked.problems.push(too_many(self.most));
                break;
            }
        }
        walked.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        walked.problems.sort_unstable();
        walked
    }

    /// What lies at `path`, if it is part of the site.
    pub(crate) fn what(&self, path: &SitePath) -> Option<What> {
        if is_path_skipped(path) {
            return None;
        }
        let real = under(&self.root, path).canonicalize().ok()?;
        if !real.starts_with(&self.root) || self.is_ignored(&real) {
            return None;
        }
        let place = Place { path: path.clone(), real };
        let meta = place.real.metadata().ok()?;
        if meta.is_dir() { Some(What::Folder(place)) } else { meta.is_file().then_some(What::File(place)) }
    }

    /// The site path of an absolute path, if it is part of the site, whether it exists or not.
    pub(crate) fn site_path(&self, absolute: &Path) -> Option<SitePath> {
        let path = SitePath::new(absolute.strip_prefix(&self.root).ok()?.to_str()?).ok()?;
        (!self.is_ignored(absolute) && !is_path_skipped(&path)).then_some(path)
    }

    fn is_ignored(&self, real: &Path) -> bool {
        self.ignore.iter().any(|ignored| real.starts_with(ignored))
    }

    fn list(&self, folder: &Folder) -> Level {
        let mut level = Level::default();
        let entries = std::fs::read_dir(&folder.place.real).and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return level,
            Err(error) => {
                level.problems.push(unreadable(&folder.place.path, &error));
                return level;
            }
        };
        entries.sort_unstable_by_key(DirEntry::file_name);
        for entry in entries {
            self.take(folder, &entry, &mut level);
        }
        level
    }

    fn take(&self, folder: &Folder, entry: &DirEntry, level: &mut Level) {
        let name = entry.file_name();
        let path = name.to_str().and_then(|name| folder.place.path.join(name).ok());
        let Some(path) = path else {
            if !name.as_encoded_bytes().starts_with(b".") {
                level.problems.push(bad_name(&folder.place.path, &name.to_string_lossy()));
            }
            return;
        };
        if is_skipped(&folder.place.path, path.file_name()) {
            if is_temporary(path.file_name()) {
                level.leftovers.push(path);
            }
            return;
        }
        let real = entry.path();
        if self.is_ignored(&real) {
            return;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => self.follow(folder, path, &real, level),
            Ok(kind) => put(folder, Place { path, real }, kind, folder.trail.clone(), level),
            Err(_) => {}
        }
    }

    fn follow(&self, folder: &Folder, path: SitePath, link: &Path, level: &mut Level) {
        let Ok(real) = link.canonicalize() else {
            level.problems.push(dangling(&path));
            return;
        };
        if !real.starts_with(&self.root) {
            level.problems.push(outside(&path));
            return;
        }
        let Ok(meta) = real.metadata() else { return };
        let here = &folder.place.real;
        let circle = here.starts_with(&real) || folder.trail.iter().any(|passed| passed.starts_with(&real));
        if self.is_ignored(&real) || (meta.is_dir() && circle) {
            return;
        }
        let trail = folder.trail.iter().chain([here]).cloned().collect();
        put(folder, Place { path, real }, meta.file_type(), trail, level);
    }
}

fn put(from: &Folder, place: Place, kind: FileType, trail: Arc<[PathBuf]>, level: &mut Level) {
    if kind.is_file() {
        level.files.push(place);
    } else if kind.is_dir() && from.depth < DEEPEST {
        level.folders.push(Folder { place, trail, depth: from.depth + 1 });
    } else if kind.is_dir() {
        level.problems.push(too_deep(&place.path));
    }
}

fn unreadable(folder: &SitePath, error: &io::Error) -> Problem {
    Problem::error("disk.unreadable", format!("cannot look into the folder `{folder}`: {error}"))
        .path(folder)
        .help("Give yourself permission to read the folder; the rest of the site was loaded.")
}

fn bad_name(folder: &SitePath, name: &str) -> Problem {
    let shown = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    Problem::warning("path.name", format!("the name of `{shown}` cannot be part of an address"))
        .path(folder)
        .help("Rename the file with letters, digits, `-` and `_`; until then it is left out.")
}

fn outside(path: &SitePath) -> Problem {
    Problem::warning("path.outside", format!("the link `{path}` leads out of the site's folder"))
        .path(path)
        .help("Copy what it leads to into the site; until then it is left out.")
}

fn dangling(path: &SitePath) -> Problem {
    Problem::warning("path.dangling", format!("the link `{path}` leads to nothing"))
        .path(path)
        .help("Put back what it led to, or remove the link.")
}

fn too_deep(path: &SitePath) -> Problem {
    Problem::error("disk.tooDeep", format!("the folder `{path}` lies more than {DEEPEST} folders deep"))
        .path(path)
        .help("Move it up; until then it is left out.")
}

fn too_many(most: usize) -> Problem {
    Problem::error("disk.tooMany", format!("the folder holds more than {most} files or folders"))
        .help("Open the folder of the site alone; what is beyond the bound is left out.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(places: &[Place]) -> Vec<&str> {
        places.iter().map(|place| place.path.as_str()).collect()
    }

    #[test]
    fn a_walk_stops_at_the_bound_and_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.md", "b.md", "c.md"] {
            std::fs::write(folder.path().join(name), name).expect("write");
        }
        let mut walker = Walker::new(folder.path(), &LoadOptions::default()).expect("a site");
        walker.most = 2;
        let found = walker.walk(&SitePath::new("").expect("the site"));
        assert_eq!(names(&found.files), ["a.md", "b.md"]);
        assert_eq!(found.problems[0].code, "disk.tooMany");
    }

    #[test]
    fn folders_deeper_than_the_bound_are_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut deep = folder.path().to_path_buf();
        for _ in 0..=DEEPEST {
            deep.push("d");
        }
        std::fs::create_dir_all(&deep).expect("folders");
        std::fs::write(deep.join("a.md"), "a").expect("write");
        let walker = Walker::new(folder.path(), &LoadOptions::default()).expect("a site");
        let found = walker.walk(&SitePath::new("").expect("the site"));
        assert!(found.files.is_empty());
        assert_eq!(found.problems[0].code, "disk.tooDeep");
    }
}
