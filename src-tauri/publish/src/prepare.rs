//! A plan from a build and what is live on a host, with all that the writer should know before the yes.
//! Nothing is sent, and nothing on the host changes.

use crate::config::Target;
use crate::error::Result;
use crate::host::Host;
use crate::journal::Journal;
use crate::manifest::{Manifest, sha256};
use crate::plan::{Live, Plan, plan, settle};
use crate::run::blocking;
use crate::source::ReleaseSource;
use crate::store::Store;
use crate::{drift, extras, guard, hosts, packed, time};

/// Compares a build with what is live. Nothing is sent.
///
/// `now` is seconds since 1970. Where an earlier publish of the same files was cut short, the plan
/// has its id, and publishing it goes on where that one stopped.
pub async fn prepare(target: &Target, source: &ReleaseSource, store: &Store, now: u64) -> Result<Plan> {
    let reading = source.clone();
    let mut files = blocking(move || reading.read()).await?;
    let host = hosts::connect(target).await?;
    let mut live = host.live(store).await?;
    let facts = host.facts();
    let made = extras::add(&source.extras, &facts.limits, &source.folder, &mut files);
    if source.extras.packed && facts.takes_packed {
        let (folder, of_made, keeper, old) =
            (source.folder.clone(), made.clone(), store.clone(), live.manifest.clone());
        files = blocking(move || {
            packed::add(&folder, &of_made, &keeper, old.as_ref(), &mut files)?;
            Ok(files)
        })
        .await?;
    }
    if source.repairs {
        drift::find(host.as_ref(), &mut live, store).await?;
    }
    settle(&mut live, &files, |path, _| source.folder.join(path.as_str())).await?;
    let mut new = Manifest {
        id: String::new(),
        parent: live.id().map(str::to_owned),
        time: now,
        by: target.access.by.clone(),
        note: String::new(),
        files,
    };
    let content = new.content_hash();
    let digest = sha256(format!("{content}{}", facts.place).as_bytes());
    new.id = format!("{}-{}", time::stamp(now), &digest[..8]);
    let resumed = resumable(store, &content, &live);
    if let Some(earlier) = &resumed {
        (new.id, new.time) = (earlier.id.clone(), earlier.time);
    }
    let mut plan = plan(new, &live, &source.reasons, &facts)?;
    plan.vanished = extras::vanished(&plan.manifest, live.manifest.as_ref(), &source.extras.redirects);
    plan.made = made;
    let (folder, puts, files) = (source.folder.clone(), plan.put.clone(), plan.manifest.files.clone());
    plan.leaks = blocking(move || Ok(guard::leaks(&folder, &puts, &files))).await?;
    if let Some(warning) = elsewhere(store, &live) {
        plan.warnings.push(warning);
    }
    if source.repairs && !live.unsure.is_empty() {
        // Said in the place of the words for a publish that was cut short.
        plan.warnings.retain(|warning| !warning.starts_with("An earlier publish was cut short while"));
        plan.warnings.push(format!(
            "{} files are not on the host as the last publish left them; this one puts them right.",
            live.unsure.len()
        ));
    }
    if resumed.is_none() && live.unsure.is_empty() {
        plan.warnings.extend(edited(host.as_ref(), &plan, &live).await?);
    }
    Ok(plan)
}

/// The publish that was cut short, if it was of the same files onto the same release.
fn resumable(store: &Store, content: &str, live: &Live) -> Option<Manifest> {
    let (head, _) = Journal::peek(&store.journal_path())?;
    let is_same = head.content == content && (head.base.as_deref() == live.id() || live.id() == Some(&head.id));
    is_same.then(|| store.manifest(&head.id)).flatten()
}

/// Says so where another machine published last.
fn elsewhere(store: &Store, live: &Live) -> Option<String> {
    let ours = store.last_live()?;
    let id = live.id()?;
    (ours != id && store.manifest(id).is_none()).then(|| {
        format!("The live release was published by {} on {}, not from here.", live.by, time::rfc3339(live.since))
    })
}

/// Fault 18: says which of the files that go or change were edited on the host.
async fn edited(host: &dyn Host, plan: &Plan, live: &Live) -> Result<Option<String>> {
    let edited = host.edited(plan, live).await?;
    let Some(first) = edited.first() else { return Ok(None) };
    let more = match edited.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Ok(Some(format!("`{first}`{more} changed on the host since the last publish; publishing replaces that.")))
}
