//! The folders of one worker: a site on a small disk of its own where that can be had, and a small
//! disk for what Galley keeps. Each can be filled, and is unmounted at the end.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

use tempfile::TempDir;

/// The pages of the site. Some are renamed by the session, some are changed by other programs;
/// where both happened to one page at one moment, not even a person could say what is right.
pub const PAGES: u32 = 8;

/// Whether the session may move or delete this page.
pub fn is_movable(page: u32) -> bool {
    page < 4
}

/// What every page begins with, and never loses.
pub fn first_text(page: u32) -> String {
    let lines: Vec<String> =
        (0..12).map(|line| format!("Naïve line p{page}l{line} of the page 😀 with some words.\n\n")).collect();
    format!("+++\ntitle = \"Page {page}\"\n+++\n\n{}", lines.concat())
}

/// Where a page is at first.
pub fn first_path(page: u32) -> String {
    if page == 1 { "content/own/index.md".to_owned() } else { format!("content/page-{page}.md") }
}

/// The folders of one worker.
pub struct Room {
    folder: TempDir,
    mounted: Vec<PathBuf>,
}

impl Room {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut room = Self { folder, mounted: Vec::new() };
        for path in [room.site(), room.home()] {
            std::fs::create_dir_all(&path).expect("a folder");
            room.mount(&path);
        }
        let write = |path: &str, text: &str| {
            let file = room.site().join(path);
            std::fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).expect("a folder");
            std::fs::write(file, text).expect("a file");
        };
        write("zola.toml", "title = \"Torture\"\nbase_url = \"https://example.org\"\n");
        write("content/_index.md", "+++\ntitle = \"Home\"\n+++\n\nWelcome.\n");
        for page in 0..PAGES {
            write(&first_path(page), &first_text(page));
        }
        room
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// What Galley keeps.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn mount(&mut self, at: &Path) {
        static SKIPPED: Once = Once::new();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "none"])
            .arg(at)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if mounted {
            self.mounted.push(at.to_owned());
        } else {
            SKIPPED.call_once(|| eprintln!("SKIPPED: full disks. A small disk cannot be mounted here; root can."));
        }
    }

    /// Fills a small disk to the last byte; says whether there is one to be filled.
    pub fn fill(&self, at: &Path) -> bool {
        if !self.mounted.iter().any(|mounted| mounted == at) {
            return false;
        }
        let mut size = 1 << 20;
        if let Ok(mut ballast) = File::options().create(true).append(true).open(at.join(".ballast")) {
            while size > 0 {
                match ballast.write(&vec![0; size]) {
                    Ok(written) if written > 0 => {}
                    Ok(_) | Err(_) => size /= 2,
                }
            }
        }
        true
    }
}

/// Makes room again on a disk that was filled.
pub fn free(at: &Path) {
    std::fs::remove_file(at.join(".ballast")).ok();
}

impl Drop for Room {
    fn drop(&mut self) {
        for at in &self.mounted {
            let unmounted = Command::new("umount").arg(at).status().is_ok_and(|status| status.success());
            if !unmounted {
                eprintln!("{} is still mounted", at.display());
            }
        }
    }
}
