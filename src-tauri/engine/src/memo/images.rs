//! The processed images of a site: those that the artifacts show, made after them.
//! One that is asked for no longer is dropped by the next whole build, and one that is still
//! asked for is never decoded again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::artifact::Rebuilt;
use crate::build::{Cancel, Scope};
use crate::images::Spec;
use crate::jobs::Job;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::world::World;

use super::{Memo, Outcome};

/// The images that are asked for, by output path, each with the number of artifacts that ask.
/// Two may want one path while a source moves: its path is part of the name only as it was asked.
#[derive(Default)]
pub(super) struct Demand {
    wanted: BTreeMap<SitePath, Vec<(Arc<Spec>, usize)>>,
    /// Paths with an image that nothing asks for any more.
    idle: BTreeSet<SitePath>,
    /// Paths with an image of which there is something to say.
    troubled: BTreeSet<SitePath>,
}

impl Demand {
    /// Takes up what an artifact of an earlier run asks for.
    pub(super) fn load<'a>(&mut self, images: impl Iterator<Item = &'a Arc<Spec>>) {
        for spec in images {
            self.more(spec, 1);
        }
    }

    /// Notes whether there is something to say of what was made at a path.
    pub(super) fn note(&mut self, path: &SitePath, job: &Job, troubled: bool) {
        if troubled && matches!(job, Job::Image(_)) {
            self.troubled.insert(path.clone());
        } else if !self.troubled.is_empty() {
            self.troubled.remove(path);
        }
    }

    /// Adds to the number of those who ask; gives the path.
    fn more(&mut self, spec: &Arc<Spec>, count: usize) -> Option<SitePath> {
        let path = spec.output()?;
        let wanted = self.wanted.entry(path.clone()).or_default();
        match wanted.iter_mut().find(|(known, _)| known == spec) {
            Some((_, known)) => *known += count,
            None => wanted.push((Arc::clone(spec), count)),
        }
        if count == 0 {
            self.idle.insert(path.clone());
        }
        Some(path)
    }

    fn less(&mut self, spec: &Arc<Spec>) {
        let Some(path) = spec.output() else { return };
        let wanted = self.wanted.get_mut(&path).into_iter().flatten();
        for (_, count) in wanted.filter(|(known, _)| known == spec) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.idle.insert(path.clone());
            }
        }
    }

    /// The image that is to lie at a path: the last that was asked for.
    fn at(&self, path: &SitePath) -> Option<&Arc<Spec>> {
        let wanted = self.wanted.get(path)?;
        let asked = wanted.iter().rev().find(|(_, count)| *count > 0);
        asked.or(wanted.last()).map(|(spec, _)| spec)
    }
}

impl Memo {
    /// Whether an image is to lie at an output path.
    pub(super) fn is_image(&self, path: &SitePath) -> bool {
        !self.images.wanted.is_empty() && matches!(self.jobs.all.get(path), Some(Job::Image(_)))
    }

    /// Takes up which images the artifact at `path` shows now, in the place of what it did.
    pub(super) fn demand<'a>(&mut self, path: &SitePath, images: impl Iterator<Item = &'a Arc<Spec>>) {
        let now: Vec<SitePath> = images.filter_map(|spec| self.images.more(spec, 1)).collect();
        if let Some(stored) = self.made.get_mut(path) {
            let before = std::mem::take(&mut stored.images).into_iter().chain(std::mem::take(&mut stored.kept));
            before.for_each(|spec| self.images.less(&spec));
        }
        self.settle_all(&now);
    }

    /// Makes images known that only a preview shows; the next whole build drops them.
    pub(super) fn show_images(&mut self, images: &[Arc<Spec>]) {
        let paths: Vec<SitePath> = images.iter().filter_map(|spec| self.images.more(spec, 0)).collect();
        self.settle_all(&paths);
    }

    /// Adds the images to a new list of jobs; what else has an address goes before them.
    pub(super) fn add_image_jobs(&mut self) {
        let paths: Vec<SitePath> = self.images.wanted.keys().cloned().collect();
        self.settle_all(&paths);
    }

    fn settle_all(&mut self, paths: &[SitePath]) {
        for path in paths {
            self.settle(path);
        }
    }

    /// Brings the job at an image's path up to date.
    fn settle(&mut self, path: &SitePath) {
        let Some(spec) = self.images.at(path) else { return };
        match self.jobs.all.get(path) {
            Some(Job::Image(known)) if known == spec => {}
            None | Some(Job::Image(_)) => {
                self.jobs.all.insert(path.clone(), Job::Image(Arc::clone(spec)));
                self.suspects.insert(path.clone());
            }
            Some(_) => {}
        }
    }

    /// Makes the images in scope, once it is known which there are.
    pub(super) fn make_images(&mut self, world: &Arc<World>, scope: &Scope, cancel: &Cancel) -> Vec<Rebuilt> {
        if self.images.wanted.is_empty() {
            return Vec::new();
        }
        if *scope == Scope::Whole {
            self.drop_idle();
        }
        let mut todo = self.in_scope(world, scope);
        todo.retain(|path| self.is_image(path));
        let bytes_needed = *scope != Scope::Whole;
        let outcomes: Vec<(SitePath, Outcome)> =
            todo.into_par_iter().map(|path| self.one(world, path, bytes_needed, cancel)).collect();
        self.take(outcomes)
    }

    fn drop_idle(&mut self) {
        for path in std::mem::take(&mut self.images.idle) {
            let Some(wanted) = self.images.wanted.get_mut(&path) else { continue };
            wanted.retain(|(_, count)| *count > 0);
            if !wanted.is_empty() {
                self.settle(&path);
                continue;
            }
            let is_image = self.is_image(&path);
            self.images.wanted.remove(&path);
            if is_image {
                self.jobs.all.remove(&path);
                self.made.remove(&path);
                self.artifacts.remove(&path);
                self.suspects.remove(&path);
                self.images.troubled.remove(&path);
            }
        }
    }

    /// What is wrong with the images, each at the first page that shows it.
    pub(super) fn image_problems(&self, world: &World) -> Vec<Problem> {
        let mut found = Vec::new();
        for path in &self.images.troubled {
            let Some(stored) = self.made.get(path) else { continue };
            let Job::Image(spec) = &stored.job else { continue };
            for problem in stored.error.iter().chain(&stored.warnings) {
                let mut asking = self.made.values().filter(|stored| stored.images.contains(spec));
                // Where only a last good artifact shows it, something else is to be mended first.
                let Some(first) = asking.next() else { continue };
                let mut asking = std::iter::once(first).chain(asking);
                let page = asking.find_map(|stored| crate::jobs::source_of(world, &stored.job));
                found.push(problem.clone().path(page.as_ref().unwrap_or(&spec.source)));
            }
        }
        found
    }
}
