//! The host's own records: which release is live, and what every kept release holds.
//! A record that does not match its digest counts as missing, never as true.

use crate::error::Result;
use crate::files::{Files, Sight};
use crate::host::{Known, Work};
use crate::manifest::{Current, Manifest, is_id, sha256};
use crate::plan::Live;
use crate::store::Store;

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

/// What `current.json` says while files are being replaced.
pub(super) fn current_during(work: &Work<'_>) -> Current {
    let live = work.live;
    Current {
        id: live.id().map(str::to_owned),
        generation: live.generation,
        manifest: live.manifest.as_ref().map(|manifest| sha256(&manifest.to_json())).unwrap_or_default(),
        by: live.by.clone(),
        time: live.since,
        removing: live.removing.clone(),
        switching: Some(work.plan.id.clone()),
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

/// The ids of all kept releases, newest first: they begin with the time.
pub(super) async fn ids<F: Files>(files: &F, control: &str) -> Result<Vec<String>> {
    let names = files.list(&format!("{control}/manifests")).await?.into_iter();
    let mut ids: Vec<String> =
        names.filter_map(|(name, _)| name.strip_suffix(".json").filter(|id| is_id(id)).map(str::to_owned)).collect();
    ids.sort_by(|a, b| b.cmp(a));
    Ok(ids)
}

/// All kept releases, newest first; records that are kept here are not read there.
pub(super) async fn known<F: Files>(files: &F, control: &str, store: &Store) -> Result<Vec<Known>> {
    let mut found = Vec::new();
    for id in ids(files, control).await? {
        let manifest = match store.manifest(&id) {
            Some(manifest) => Some(manifest),
            None => read_manifest(files, control, &id).await?,
        };
        found.extend(manifest.map(Known::of));
    }
    Ok(found)
}

pub(super) async fn forget_manifest<F: Files>(files: &F, control: &str, id: &str) -> Result<()> {
    files.remove(&manifest_path(control, id)).await
}

/// What is live, from the records alone; a manifest that is kept here is not read there.
pub(super) async fn live<F: Files>(files: &F, control: &str, store: &Store) -> Result<Live> {
    let (current, is_damaged) = read_current(files, control).await?;
    let Some(current) = current else { return Ok(Live { is_damaged, ..Live::default() }) };
    let manifest = match &current.id {
        Some(id) => match store.manifest_with(id, &current.manifest) {
            Some(manifest) => Some(manifest),
            None => read_manifest(files, control, id)
                .await?
                .filter(|manifest| sha256(&manifest.to_json()) == current.manifest),
        },
        None => None,
    };
    let other = match &current.switching {
        Some(id) => read_manifest(files, control, id).await?,
        None => None,
    };
    Ok(Live::of(current, manifest, other.as_ref()))
}
