//! Earlier releases, and the way back to one of them; and the test of a host.
//! A rollback is a publish of an earlier release: the same order, the same lock, the same care.

use std::collections::BTreeMap;

use crate::config::Target;
use crate::error::{ErrorKind, PublishError, Result};
use crate::host::{Known, Release, TestStep};
use crate::hosts;
use crate::manifest::Manifest;
use crate::plan::{Live, Plan, plan, settle};
use crate::run::{Deployed, Run, carry_out};
use crate::store::Store;

/// The releases that can be put back, newest first, the live one marked.
pub async fn releases(target: &Target, store: &Store) -> Result<Vec<Release>> {
    let host = hosts::connect(target).await?;
    let live = host.live(store).await?;
    let mut known: BTreeMap<String, Known> =
        store.manifests().into_iter().map(|manifest| (manifest.id.clone(), Known::of(manifest))).collect();
    let there = host.releases(store).await?;
    for one in there.into_iter().chain(live.manifest.clone().map(Known::of)) {
        let is_live = live.id() == Some(&one.id);
        if !known.contains_key(&one.id) && (is_live || host.holds(&one.id, one.manifest.as_ref()).await?) {
            known.insert(one.id.clone(), one);
        }
    }
    // A release of an unfinished publish was never live.
    if let Some(unfinished) = store.unfinished().filter(|unfinished| live.id() != Some(&unfinished.id)) {
        known.remove(&unfinished.id);
    }
    let mut releases: Vec<_> = known
        .into_values()
        .map(|known| Release {
            is_live: live.id() == Some(&known.id),
            files: known.files,
            id: known.id,
            time: known.time,
            by: known.by,
            note: known.note,
        })
        .collect();
    // Of those of one second the live one is the newest.
    releases.sort_by(|a, b| (b.time, b.is_live, &b.id).cmp(&(a.time, a.is_live, &a.id)));
    Ok(releases)
}

/// Makes the release `id` live again, from the host's copy or from the store.
pub async fn rollback(target: &Target, id: &str, store: &Store, run: &Run<'_>) -> Result<Deployed> {
    let _held = store.lock()?;
    let host = hosts::connect(target).await?;
    let mut live = host.live(store).await?;
    let known = match store.manifest(id) {
        Some(manifest) => Some(Known::of(manifest)),
        None => host.releases(store).await?.into_iter().find(|known| known.id == id),
    };
    let known = known.ok_or_else(|| gone(id))?;
    let is_held = host.holds(id, known.manifest.as_ref()).await?;
    let plan = match known.manifest {
        Some(manifest) => {
            settle(&mut live, &manifest.files, |_, entry| store.blob(entry)).await?;
            plan(manifest, &live, &BTreeMap::new(), &host.facts())?
        }
        // The host has it whole and keeps no record that could be compared.
        None if is_held => unseen(known, &live),
        None => return Err(gone(id)),
    };
    let is_here = || plan.put.iter().all(|put| store.blob(&plan.manifest.files[&put.path]).exists());
    if live.id() != Some(id) && !is_held && !is_here() {
        return Err(gone(id));
    }
    drop(host);
    carry_out(target, &plan, store, run).await
}

/// The plan to switch to a release that only the host knows.
fn unseen(known: Known, live: &Live) -> Plan {
    let Known { id, time, by, note, .. } = known;
    Plan {
        id: id.clone(),
        manifest: Manifest { id, parent: None, time, by, note, files: BTreeMap::new() },
        base: live.id().map(str::to_owned),
        put: Vec::new(),
        keep: Vec::new(),
        delete: Vec::new(),
        warnings: Vec::new(),
        is_large_deletion: false,
        leaks: Vec::new(),
        vanished: Vec::new(),
        made: BTreeMap::new(),
    }
}

fn gone(id: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::NoRelease,
        format!("The release `{id}` is kept neither here nor on the host."),
        "Choose another release from the list.",
    )
}

/// Tries the host for real: connects, writes, reads back, renames, deletes.
/// It stops at the first step that fails.
pub async fn test(target: &Target) -> Vec<TestStep> {
    let step = |what: &str, outcome: Result<String, Box<PublishError>>| TestStep {
        what: what.to_owned(),
        is_ok: outcome.is_ok(),
        message: outcome.unwrap_or_else(|error| format!("{} {}", error.message, error.help)),
    };
    let host = match hosts::connect(target).await {
        Ok(host) => host,
        Err(error) => return vec![step("Connect", Err(error))],
    };
    let facts = host.facts();
    let said = if facts.warnings.is_empty() { "The host answers.".to_owned() } else { facts.warnings.join(" ") };
    let mut steps = vec![step("Connect", Ok(said))];
    match host.test(&target.config.url).await {
        Ok(more) => steps.extend(more),
        Err(error) => steps.push(step("Try", Err(error))),
    }
    steps
}
