//! A small site of its own for each test, in a folder that goes away with it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder with a site, and beside it a folder for what Galley stores.
pub struct Site {
    folder: TempDir,
}

/// The page that the tests type into.
pub const PAGE: &str = "content/first.md";

impl Site {
    /// A site with a home page and one page; `more` adds files or replaces them.
    pub fn new(more: &[(&str, &str)]) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a folder") };
        site.write("config.toml", "base_url = \"http://127.0.0.1:8000\"\ntitle = \"Trial\"\n");
        site.write("content/_index.md", "+++\ntitle = \"Trial\"\n+++\n\nWelcome to the trial.\n");
        site.write(PAGE, "+++\ntitle = \"First\"\n+++\n\nThe first paragraph.\n\nThe last paragraph.\n");
        for (path, text) in more {
            site.write(path, text);
        }
        std::fs::create_dir_all(site.home()).expect("a folder");
        site
    }

    /// The site's own folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Where Galley keeps its own data.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Room for a server.
    pub fn beside(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        path
    }

    /// Writes a file as another program would.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Reads a file back.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).expect("a file")
    }

    /// Whether a file is there.
    pub fn has(&self, path: &str) -> bool {
        self.root().join(path).exists()
    }
}
