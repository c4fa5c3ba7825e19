//! A site for a test: from files written in the test or from a folder of `tests/sites`, built whole.
//! It fails loudly where what a test asks for is not there.

use std::path::Path;

use galley_engine::{Build, Cancel, Content, Memo, Options, Scope, SitePath, Snapshot, Source, build};

/// What most small sites begin with.
pub const CONFIG: &str = "base_url = \"https://example.org\"\n";

/// A built site.
pub struct Site {
    pub snapshot: Snapshot,
    pub build: Build,
}

impl Site {
    /// Builds these files.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut snapshot = Snapshot::new();
        for (path, text) in files {
            snapshot.put(SitePath::new(path).unwrap(), Source::text(*text));
        }
        Self::built(snapshot, &Options::default())
    }

    /// Builds a page `content/page.md` with this template for pages.
    pub fn page(template: &str, page: &str) -> Self {
        Self::of(&[("zola.toml", CONFIG), ("templates/page.html", template), ("content/page.md", page)])
    }

    /// Builds a folder of `tests/sites`.
    pub fn folder(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sites").join(name);
        let options = galley_disk::LoadOptions { ignore: vec!["public".into()] };
        let mut known = galley_disk::StatCache::new();
        let loaded = galley_disk::load(&folder, &options, &mut known, &|_, _| {}, &Cancel::new()).unwrap();
        Self::built(loaded.snapshot, &Options::default())
    }

    /// Builds a snapshot.
    pub fn built(snapshot: Snapshot, options: &Options) -> Self {
        let build = build(&snapshot, &mut Memo::new(), &Scope::Whole, options, &Cancel::new());
        Self { snapshot, build }
    }

    /// The text of an artifact.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let Some(artifact) = self.build.artifacts.get(path) else {
            panic!("no {path} among {:?}; {:#?}", self.paths(), self.build.problems)
        };
        match &artifact.content {
            Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
            other => panic!("{path} is {other:?}"),
        }
    }

    /// Whether there is such an artifact.
    pub fn has(&self, path: &str) -> bool {
        self.build.artifacts.contains_key(path)
    }

    /// All output paths, in order.
    pub fn paths(&self) -> Vec<&str> {
        self.build.artifacts.keys().map(SitePath::as_str).collect()
    }

    /// The codes of all problems, in order.
    pub fn codes(&self) -> Vec<&str> {
        self.build.problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    /// Stops the test where the site has a problem.
    #[track_caller]
    pub fn clean(self) -> Self {
        assert!(self.build.problems.is_empty(), "{:#?}", self.build.problems);
        self
    }

    /// The JSON that an artifact holds.
    #[track_caller]
    pub fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(self.text(path)).unwrap_or_else(|error| panic!("{error}: {}", self.text(path)))
    }

    /// The first problem with this code.
    #[track_caller]
    pub fn problem(&self, code: &str) -> &galley_engine::Problem {
        let found = self.build.problems.iter().find(|problem| problem.code == code);
        found.unwrap_or_else(|| panic!("no {code} among {:#?}", self.build.problems))
    }

    /// The line of the first problem with this code.
    #[track_caller]
    pub fn line_of(&self, code: &str) -> u32 {
        self.problem(code).span.unwrap_or_else(|| panic!("{code} has no place")).line
    }
}
