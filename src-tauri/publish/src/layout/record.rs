//! The host's own records: which release is live, and what every kept release holds.
//! A record that does not match its digest counts as missing, never as true.

use crate::error::Result;
use crate::files::{Files, Sight};
use crate::host::Work;
use crate::manifest::{Current, Manifest, is_id, sha256};
use crate::plan::Live;

/// Makes Galley's own folder on the host, for its owner alone: no server lists or serves it.
pub(super) async fn make_control<F: Files>(files: &F, control: &str) -> Result<()> {
    files.make_folder(control, Sight::Private).await?;
    files.make_folder(&format!("{control}/manifests"), Sight::Private).await?;
    files.make_folder(&format!("{control}/stage"), Sight::Private).await
}

pub(super) async fn read_current<F: Files>(files: &F, control: &str) -> Result<(Option<Current>, bool)> {
    let Some(bytes) = files.read(&format!("{control}/current.json")).await? else { return Ok((None, false)) };
    let current = serde_json::from_slice(&bytes)
        .ok()
        .filter(|current: &Current| current.id.iter().chain(&current.switching).all(|id| is_id(id)));
    let is_damaged = current.is_none();
    Ok((current, is_damaged))
}

/// Writes it beside and renames it over.
pub(super) async fn write_current<F: Files>(files: &F, control: &str, current: &Current) -> Result<()> {
    let beside = format!("{control}/current.next");
    files.write(&beside, &serde_json::to_vec(current).unwrap_or_default()).await?;
    files.rename(&beside, &format!("{control}/current.json")).await
}

/// What `current.json` says once the plan of `work` is live.
pub(super) fn current_after(work: &Work<'_>) -> Current {
    Current {
        id: Some(work.plan.id.clone()),
        generation: work.live.generation + 1,
        manifest: sha256(&work.plan.manifest.to_json()),
        by: work.by.to_owned(),
        time: work.now,
        removing: Vec::new(),
        switching: None,
    }
}

fn manifest_path(control: &str, id: &str) -> String {
    format!("{control}/manifests/{id}.json")
}

pub(super) async fn read_manifest<F: Files>(files: &F, control: &str, id: &str) -> Result<Option<Manifest>> {
    let bytes = files.read(&manifest_path(control, id)).await?;
    Ok(bytes.and_then(|bytes| Manifest::from_json(&bytes)).filter(|manifest| manifest.id == id))
}

/// Written when every file of the release is on the host.
pub(super) async fn write_manifest<F: Files>(files: &F, control: &str, manifest: &Manifest) -> Result<()> {
    let (beside, path) = (format!("{control}/manifest.next"), manifest_path(control, &manifest.id));
    files.write(&beside, &manifest.to_json()).await?;
    files.rename(&beside, &path).await
}

/// The records of all kept releases, newest first.
pub(super) async fn manifests<F: Files>(files: &F, control: &str) -> Result<Vec<Manifest>> {
    let mut found = Vec::new();
    for (name, _) in files.list(&format!("{control}/manifests")).await? {
        if let Some(id) = name.strip_suffix(".json").filter(|id| is_id(id)) {
            found.extend(read_manifest(files, control, id).await?);
        }
    }
    found.sort_by(|a: &Manifest, b| (b.time, &b.id).cmp(&(a.time, &a.id)));
    Ok(found)
}

pub(super) async fn forget_manifest<F: Files>(files: &F, control: &str, id: &str) -> Result<()> {
    files.remove(&manifest_path(control, id)).await
}

/// What is live, from the records alone.
pub(super) async fn live<F: Files>(files: &F, control: &str) -> Result<Live> {
    let (current, is_damaged) = read_current(files, control).await?;
    let Some(current) = current else { return Ok(Live { is_damaged, ..Live::default() }) };
    let manifest = match &current.id {
        Some(id) => read_manifest(files, control, id).await?,
        None => None,
    };
    let manifest = manifest.filter(|manifest| sha256(&manifest.to_json()) == current.manifest);
    let mut live = Live {
        is_damaged: current.id.is_some() && manifest.is_none(),
        manifest,
        is_occupied: false,
        generation: current.generation,
        removing: current.removing,
        unsure: std::collections::BTreeSet::new(),
        by: current.by,
        since: current.time,
    };
    if let Some(id) = &current.switching
        && let Some(other) = read_manifest(files, control, id).await?
    {
        live.unsure = differing(live.manifest.as_ref(), &other);
    }
    Ok(live)
}

/// The files that are not the same in both.
fn differing(one: Option<&Manifest>, other: &Manifest) -> std::collections::BTreeSet<galley_engine::SitePath> {
    let empty = std::collections::BTreeMap::new();
    let one = one.map_or(&empty, |one| &one.files);
    one.keys().chain(other.files.keys()).filter(|path| one.get(*path) != other.files.get(*path)).cloned().collect()
}
