//! A site of Zola 0.22 brought to 0.23: read, shown as a difference, and written when that is wanted.
//! Every file that changes is kept in the history as it was before it is written.

use std::collections::BTreeMap;
use std::path::Path;

use galley_disk::{By, LoadOptions, Places, SiteState, StatCache};
use galley_engine::{Cancel, SitePath};
use galley_ipc::Failure;
pub use galley_upgrade::{Change, Note};
use galley_upgrade::{Upgrade, upgrade};
use similar::TextDiff;

use crate::failure::{disk, unopened};

/// An upgrade of one site, worked out and not yet written.
pub struct Upgrading {
    state: SiteState,
    done: Upgrade,
}

impl Upgrading {
    /// Reads the site and works out what would change. Nothing is written.
    pub fn plan(site: &Path) -> Result<Self, Failure> {
        let state = Places::from_env().site(site).map_err(|error| unopened(site, &error))?;
        let loaded = galley_disk::load(
            state.folder(),
            &LoadOptions::default(),
            &mut StatCache::new(),
            &|_, _| {},
            &Cancel::new(),
        )
        .map_err(|error| disk(&error))?;
        let texts: BTreeMap<String, String> = loaded
            .snapshot
            .iter()
            .filter_map(|(path, source)| Some((path.to_string(), source.as_text()?.to_string())))
            .collect();
        Ok(Self { state, done: upgrade(&texts) })
    }

    /// The files that change, in the order of their paths.
    pub fn changes(&self) -> &[Change] {
        &self.done.changes
    }

    /// What is left to do by hand.
    pub fn notes(&self) -> &[Note] {
        &self.done.notes
    }

    /// A change as programs that apply patches read it.
    pub fn difference(change: &Change) -> String {
        let from = change.from.as_deref().unwrap_or(&change.path);
        let text = TextDiff::from_lines(&change.before, &change.after);
        text.unified_diff().context_radius(3).header(&format!("a/{from}"), &format!("b/{}", change.path)).to_string()
    }

    /// Writes all of it. A file that is another one afterwards goes to the trash.
    pub fn write(&self) -> Result<(), Failure> {
        let folder = self.state.folder();
        let mut history = self.state.history(crate::words::measure);
        let now = crate::system_clock();
        for change in &self.done.changes {
            let path = crate::run::site_path(&change.path)?;
            let before = change.from.as_deref().map(crate::run::site_path).transpose()?;
            let was: &SitePath = before.as_ref().unwrap_or(&path);
            history.record(was, now, By::Found, &change.before).map_err(|error| disk(&error))?;
            match &before {
                None => galley_disk::write_source(folder, &path, change.after.as_bytes()),
                Some(_) => galley_disk::create_new(folder, &path, change.after.as_bytes()),
            }
            .map_err(|error| disk(&error))?;
            if let Some(before) = &before {
                self.state.trash(before).map_err(|error| disk(&error))?;
            }
        }
        Ok(())
    }
}
