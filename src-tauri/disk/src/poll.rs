//! Watching by looking: for folders that the system cannot watch.
//! It compares sizes and times and reads no file.

use std::collections::BTreeMap;

use galley_engine::SitePath;
use rayon::prelude::*;

use crate::stats::Stat;
use crate::walk::Walker;

/// The files of a site as they were when last looked at.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seen(BTreeMap<SitePath, Stat>);

impl Seen {
    /// Looks at every file of the site.
    pub(crate) fn look(walker: &Walker) -> Self {
        let Ok(root) = SitePath::new("") else { return Self::default() };
        let files = walker.walk(&root).files;
        let stats =
            files.into_par_iter().filter_map(|place| Some((place.path, Stat::of(&place.real.metadata().ok()?))));
        Self(stats.collect())
    }

    /// The files that differ, in path order.
    pub(crate) fn diff(&self, newer: &Self) -> Vec<SitePath> {
        let changed = newer.0.iter().filter(|(path, stat)| self.0.get(*path) != Some(stat)).map(|(path, _)| path);
        let gone = self.0.keys().filter(|path| !newer.0.contains_key(*path));
        let mut paths: Vec<_> = changed.chain(gone).cloned().collect();
        paths.sort_unstable();
        paths
    }
}
