//! Questions to a host that change nothing that is served: the test, and what was edited by hand.
//! What the test writes it removes, also where a step fails.

use std::sync::Mutex;

use galley_engine::{Cancel, SitePath};

use super::many::each;
use crate::error::Result;
use crate::files::Files;
use crate::host::TestStep;
use crate::plan::{Live, Plan, PutKind};
use crate::{run, verify};

/// Which files that the plan replaces or deletes are missing, or have another size than they had.
pub(super) async fn edited<F: Files>(files: &F, root: &str, plan: &Plan, live: &Live) -> Result<Vec<SitePath>> {
    let Some(old) = &live.manifest else { return Ok(Vec::new()) };
    let replaced = plan.put.iter().filter(|put| put.kind == PutKind::Changed).map(|put| &put.path);
    let touched: Vec<SitePath> = replaced.chain(plan.delete.iter().map(|removal| &removal.path)).cloned().collect();
    let edited = Mutex::new(Vec::new());
    let look = |path: SitePath| {
        let edited = &edited;
        async move {
            let found = files.stat(&format!("{root}/{path}")).await?;
            if old.files.get(&path).is_some_and(|entry| found.is_none_or(|found| found.size != entry.size)) {
                edited.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(path);
            }
            Ok(())
        }
    };
    each(touched, files.width(), &Cancel::new(), look).await?;
    let mut edited = edited.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    edited.sort();
    Ok(edited)
}

/// Writes, reads back (over HTTP too where there is a URL), renames and deletes one small file.
pub(super) async fn run<F: Files>(files: &F, folder: &str, url: &str) -> Vec<TestStep> {
    let (name, text) = (format!("galley-test-{}.txt", run::token()), "Galley was here, and cleans up.\n");
    let (at, renamed) = (format!("{folder}/{name}"), format!("{folder}/renamed-{name}"));
    let mut steps = Vec::new();
    steps.push(step("Write", files.create(&at, text.as_bytes()).await.map(|_| "A file can be written.".into())));
    if all_well(&steps) {
        steps.push(step("Read back", read_back(files, &at, text).await));
    }
    if all_well(&steps) && !url.is_empty() {
        steps.push(served(url, &name, text).await);
    }
    if all_well(&steps) {
        steps.push(step("Rename", files.rename(&at, &renamed).await.map(|()| "A file can be renamed.".into())));
    }
    let removed = match files.remove(&at).await {
        Ok(()) => files.remove(&renamed).await,
        Err(error) => Err(error),
    };
    if all_well(&steps) {
        steps.push(step("Delete", removed.map(|()| "A file can be deleted.".into())));
    }
    steps
}

fn all_well(steps: &[TestStep]) -> bool {
    steps.iter().all(|step| step.is_ok)
}

pub(super) fn step(what: &str, outcome: Result<String>) -> TestStep {
    TestStep {
        what: what.to_owned(),
        is_ok: outcome.is_ok(),
        message: outcome.unwrap_or_else(|error| format!("{} {}", error.message, error.help)),
    }
}

async fn read_back<F: Files>(files: &F, at: &str, text: &str) -> Result<String> {
    match files.read(at).await? {
        Some(bytes) if bytes == text.as_bytes() => Ok("It reads back as it was written.".into()),
        Some(_) | None => Err(crate::error::PublishError::new(
            crate::error::ErrorKind::Host,
            "The file does not read back as it was written.",
            "Ask the host's owner; something changes files there.",
        )),
    }
}

async fn served(url: &str, name: &str, text: &str) -> TestStep {
    let address = format!("{}/{name}", url.trim_end_matches('/'));
    let outcome = verify::fetch(address.clone()).await;
    let (is_ok, message) = match outcome {
        Ok(bytes) if bytes == text.as_bytes() => (true, format!("It is served at {url}.")),
        Ok(_) => (false, format!("{address} serves something else. Check that `url` belongs to this folder.")),
        Err(why) => (false, format!("{address} cannot be read: {why}. Check `url` and the folder.")),
    };
    TestStep { what: "Read over HTTP".into(), is_ok, message }
}
