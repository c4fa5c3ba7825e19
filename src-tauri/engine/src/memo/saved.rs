//! The memo as bytes, for the next run: traces, hashes and metadata, no page's bytes.
//! Bytes of another version of the engine are never trusted.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, Content};
use crate::hash::Hash;
use crate::images::Spec;
use crate::jobs::Job;
use crate::meta::Parsed;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::trace::Trace;
use crate::world::Known;

use super::{Memo, Stored};

/// Names these sources of the engine: what another version kept or built is worth nothing to it.
pub const ENGINE: &str = env!("GALLEY_ENGINE");

#[derive(Serialize, Deserialize)]
struct Saved {
    parse_key: Hash,
    parsed: Vec<(SitePath, Parsed)>,
    bodies: Vec<(Arc<str>, Known)>,
    made: Vec<SavedArtifact>,
}

#[derive(Serialize, Deserialize)]
struct SavedArtifact {
    path: SitePath,
    job: Job,
    trace: Trace,
    warnings: Vec<Problem>,
    error: Option<Problem>,
    images: Vec<Arc<Spec>>,
    kept: Vec<Arc<Spec>>,
    /// Hash and size of the last good artifact.
    artifact: Option<(Hash, u64)>,
}

impl Memo {
    /// Takes up what [`Memo::save`] gave; `None` if another version of the engine made it, or if
    /// it is damaged.
    pub fn load(bytes: &[u8]) -> Option<Self> {
        let (hash, rest) = bytes.split_at_checked(16)?;
        if Hash::of(rest).0 != *hash {
            return None;
        }
        let (engine, saved): (String, Saved) = postcard::from_bytes(rest).ok()?;
        if engine != ENGINE {
            return None;
        }
        let mut memo = Self {
            parse_key: saved.parse_key,
            parsed: saved.parsed.into_iter().map(|(path, parsed)| (path, Arc::new(parsed))).collect(),
            loaded: saved.bodies.into_iter().collect(),
            ..Self::default()
        };
        for made in saved.made {
            memo.take_saved(made);
        }
        Some(memo)
    }

    fn take_saved(&mut self, made: SavedArtifact) {
        if let Some((hash, len)) = made.artifact {
            let content = match &made.job {
                Job::Copy(path) => Content::Copy(path.clone()),
                _ => Content::Unloaded,
            };
            self.artifacts.insert(made.path.clone(), Artifact { hash, len, content });
        }
        self.watch(&made.path, &made.trace);
        let SavedArtifact { path, job, trace, warnings, error, images, kept, .. } = made;
        self.images.load(images.iter().chain(&kept));
        self.images.note(&path, &job, error.is_some() || !warnings.is_empty());
        self.made.insert(path, Stored { job, trace, warnings, error, images, kept });
    }

    /// Everything a later run can use, as bytes.
    pub fn save(&self) -> Vec<u8> {
        let bodies = self.world.iter().flat_map(|world| {
            world.index.entries.iter().filter_map(|entry| {
                let known = world.slot(entry).html.get()?;
                Some((Arc::clone(&entry.key), known.clone()))
            })
        });
        let made = self.made.iter().map(|(path, stored)| SavedArtifact {
            path: path.clone(),
            job: stored.job.clone(),
            trace: stored.trace.clone(),
            warnings: stored.warnings.clone(),
            error: stored.error.clone(),
            images: stored.images.clone(),
            kept: stored.kept.clone(),
            artifact: self.artifacts.get(path).map(|artifact| (artifact.hash, artifact.len)),
        });
        let saved = Saved {
            parse_key: self.parse_key,
            parsed: self.parsed.iter().map(|(path, parsed)| (path.clone(), Parsed::clone(parsed))).collect(),
            bodies: bodies.collect(),
            made: made.collect(),
        };
        let rest = postcard::to_stdvec(&(ENGINE, saved)).unwrap_or_default();
        let mut bytes = Hash::of(&rest).0.to_vec();
        bytes.extend(rest);
        bytes
    }
}
