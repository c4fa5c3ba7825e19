//! Galley as its own programs use it: a folder loaded, built, written, kept for the next run.
//! It measures nothing and looks behind no public function.

use std::path::{Path, PathBuf};

use galley_disk::{LoadOptions, Output, Stage, StatCache, Written};
use galley_engine::{
    Build, Cancel, Content, Memo, Options, Scope, Severity, Sink, SitePath, Snapshot, Source, build, build_into,
};

use crate::report::Outcome;

/// One site in memory.
pub struct Galley {
    site: PathBuf,
    known: StatCache,
    /// Its sources.
    pub snapshot: Snapshot,
    /// What is kept from build to build.
    pub memo: Memo,
}

impl Galley {
    /// A site that was not loaded yet.
    pub fn new(site: &Path) -> Self {
        Self { site: site.to_owned(), known: StatCache::new(), snapshot: Snapshot::new(), memo: Memo::new() }
    }

    /// Takes up what [`Galley::keep`] left; an error if there is nothing of use.
    pub fn recall(&mut self, state: &Path) -> Outcome<()> {
        self.memo = Memo::load(&std::fs::read(state.join("trace"))?).ok_or("the trace cache is of no use")?;
        self.known = StatCache::load(&std::fs::read(state.join("stats"))?).ok_or("the stat cache is of no use")?;
        Ok(())
    }

    /// Takes up what [`Galley::keep`] left while it reads the folder, as a session does.
    pub fn recall_and_load(&mut self, state: &Path) -> Outcome<()> {
        let trace = state.join("trace");
        let memo = std::thread::spawn(move || Memo::load(&std::fs::read(trace).ok()?));
        self.known = StatCache::load(&std::fs::read(state.join("stats"))?).ok_or("the stat cache is of no use")?;
        self.load()?;
        self.memo = memo.join().ok().flatten().ok_or("the trace cache is of no use")?;
        Ok(())
    }

    /// Leaves what the next run can use; gives its size in bytes.
    pub fn keep(&self, state: &Path) -> Outcome<usize> {
        let trace = self.memo.save();
        std::fs::create_dir_all(state)?;
        std::fs::write(state.join("trace"), &trace)?;
        std::fs::write(state.join("stats"), self.known.save())?;
        Ok(trace.len())
    }

    /// Reads the folder.
    pub fn load(&mut self) -> Outcome<()> {
        let options = LoadOptions::default();
        let loaded = galley_disk::load(&self.site, &options, &mut self.known, &|_, _| {}, &Cancel::new())?;
        if let Some(problem) = loaded.problems.first() {
            return Err(problem.message.clone().into());
        }
        self.snapshot = loaded.snapshot;
        Ok(())
    }

    /// Brings the whole site up to date; pages are written aside meanwhile.
    pub fn build_aside(&mut self, stage: Option<&Stage>) -> Build {
        let sink = stage.map(|stage| stage as &dyn Sink);
        build_into(&self.snapshot, &mut self.memo, &Scope::Whole, &Options::default(), &Cancel::new(), sink)
    }

    /// Brings `scope` up to date.
    pub fn build(&mut self, scope: &Scope) -> Build {
        build(&self.snapshot, &mut self.memo, scope, &Options::default(), &Cancel::new())
    }

    /// Writes what was built.
    pub fn write(&mut self, output: &mut Output, built: &Build) -> Outcome<Written> {
        self.write_staged(output, built, None)
    }

    /// The same, with what was written aside.
    pub fn write_staged(&mut self, output: &mut Output, built: &Build, stage: Option<&Stage>) -> Outcome<Written> {
        let (snapshot, memo) = (&self.snapshot, &mut self.memo);
        let mut fetch = |paths: Vec<SitePath>| {
            let built = build(snapshot, memo, &Scope::Paths(paths.clone()), &Options::default(), &Cancel::new());
            let bytes = |path: SitePath| match &built.artifacts.get(&path)?.content {
                Content::Bytes(bytes) => Some((path, bytes.clone())),
                Content::Copy(_) | Content::Unloaded => None,
            };
            paths.into_iter().filter_map(bytes).collect()
        };
        let written = output.write_staged(&built.artifacts, &self.site, &mut fetch, stage)?;
        match written.problems.first() {
            Some(problem) => Err(problem.message.clone().into()),
            None => Ok(written),
        }
    }

    /// Puts a text source.
    pub fn put(&mut self, path: &SitePath, text: String) {
        self.snapshot.put(path.clone(), Source::text(text));
    }

    /// The text of a source that must be there.
    pub fn text(&self, path: &SitePath) -> Outcome<String> {
        Ok(self.snapshot.text(path).ok_or_else(|| format!("there is no `{path}`"))?.to_string())
    }
}

/// The output folder, with its manifest beside the other state.
pub fn output(out: &Path, state: &Path) -> Outcome<Output> {
    std::fs::create_dir_all(state)?;
    Ok(Output::open(out, &state.join("manifest"))?)
}

/// Figures of a site that was not built right are worth nothing.
pub fn must_be_right(built: &Build) -> Outcome<()> {
    match built.problems.iter().find(|problem| problem.severity == Severity::Error) {
        Some(problem) => Err(format!("the made-up site was not built right: {}", problem.message).into()),
        None => Ok(()),
    }
}
