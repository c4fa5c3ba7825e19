//! A build of a site that nothing has changed since: told without building.
//! It takes the system's word for what files hold, as the load of big files does, and never for
//! files that may just have changed.

use galley_disk::{SiteState, StatCache};
use galley_engine::{Artifacts, ENGINE, Hash, Hasher, Problem, Snapshot};
use serde::{Deserialize, Serialize};

use crate::headless::Report;
use crate::site::Layout;

/// What a whole build came to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Of the sources, the options and the engine.
    made_of: Hash,
    /// Digest of the output.
    output: Hash,
    pub sources: usize,
    pub artifacts: usize,
    pub problems: Vec<Problem>,
    pub dialect: String,
}

fn made_of(sources: Hash, layout: &Layout) -> Hash {
    Hasher::new().hash(sources).field(format!("{:?}", layout.options)).field(ENGINE).finish()
}

impl Standing {
    /// What the last build came to, if a build now would come to the same and leave the output
    /// as it is.
    pub(crate) fn recall(state: &SiteState, layout: &Layout, known: &StatCache) -> Option<Self> {
        let standing: Self = postcard::from_bytes(&state.load_standing()?).ok()?;
        // Both are mostly waiting for the system.
        let (sources, output) = std::thread::scope(|scope| {
            let output = scope.spawn(|| state.output(&layout.out).ok()?.standing());
            (galley_disk::unread(state.folder(), &layout.load, known), output.join().ok().flatten())
        });
        let ((_, sources), output) = (sources?, output?);
        (standing.made_of == made_of(sources, layout) && standing.output == output).then_some(standing)
    }

    /// Keeps what a whole build came to, for the next run.
    pub(crate) fn keep(
        state: &SiteState,
        layout: &Layout,
        snapshot: &Snapshot,
        artifacts: &Artifacts,
        report: &Report,
    ) {
        let sources = galley_disk::digest(snapshot.iter().map(|(path, source)| (path, source.hash)));
        let standing = Self {
            made_of: made_of(sources, layout),
            output: galley_disk::digest(artifacts.iter().map(|(path, artifact)| (path, artifact.hash))),
            sources: snapshot.len(),
            artifacts: artifacts.len(),
            problems: report.problems.clone(),
            dialect: report.dialect.clone(),
        };
        // Without it the next run builds.
        if let Ok(bytes) = postcard::to_stdvec(&standing) {
            state.save_standing(&bytes).ok();
        }
    }
}
