//! Questions to a host that change nothing that is served: the test, and what was edited by hand.
//! What the test writes it removes, also where a step fails.

use std::sync::Mutex;

use galley_engine::{Cancel, SitePath};

use super::many::each;
use crate::error::Result;
use crate::files::{Files, Sight};
use crate::host::TestStep;
use crate::manifest::{Entry, Manifest, md5, sha256};
use crate::objects::Objects;
use crate::plan::{Plan, PutKind};
use crate::{run, verify};

/// Asks of every file that the plan replaces or deletes whether it is there as the old release left it.
pub(super) async fn differing<A: Future<Output = Result<bool>>>(
    plan: &Plan,
    old: &Manifest,
    width: usize,
    is_there: impl Fn(SitePath, Entry) -> A,
) -> Result<Vec<SitePath>> {
    let replaced = plan.put.iter().filter(|put| put.kind == PutKind::Changed).map(|put| &put.path);
    let touched = replaced.chain(plan.delete.iter().map(|removal| &removal.path));
    let touched = touched.filter_map(|path| Some((path.clone(), old.files.get(path)?.clone()))).collect();
    let edited = Mutex::new(Vec::new());
    let look = |(path, entry): (SitePath, Entry)| {
        let (edited, asking) = (&edited, is_there(path.clone(), entry));
        async move {
            if !asking.await? {
                edited.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(path);
            }
            Ok(())
        }
    };
    each(touched, width, &Cancel::new(), look).await?;
    let mut edited = edited.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    edited.sort();
    Ok(edited)
}

/// Fault 29: puts a page, its packed twin and the server's rules into a folder of their own where the
/// site is served, asks for the page as a browser does, and removes all three.
pub(super) async fn packed<F: Files>(files: &F, root: &str, url: &str, rules: Option<&[u8]>) -> Result<()> {
    if url.is_empty() || files.stat(root).await?.is_none() {
        return Ok(());
    }
    let name = format!("galley-test-{}", run::token());
    let (folder, text) = (format!("{root}/{name}"), "<p>Galley was here, and cleans up.</p>\n".repeat(40));
    files.make_folder(&folder, Sight::Public).await?;
    let twin = crate::packed::packed(text.as_bytes());
    let all =
        [("page.html", text.as_bytes()), ("page.html.gz", twin.as_slice()), (".htaccess", rules.unwrap_or_default())];
    let mut done = Ok(());
    for (file, bytes) in all.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        if done.is_ok() {
            done = files.create(&format!("{folder}/{file}"), bytes).await.map(drop);
        }
    }
    let address = format!("{}/{name}/page.html", url.trim_end_matches('/'));
    let fault = if done.is_ok() { verify::packed(&address, text.as_bytes()).await } else { None };
    for (file, _) in all {
        files.remove(&format!("{folder}/{file}")).await?;
    }
    files.remove_folder(&folder).await?;
    done?;
    match fault {
        None => Ok(()),
        Some(why) => Err(crate::error::PublishError::new(
            crate::error::ErrorKind::Verify { url: url.to_owned() },
            format!("Packed pages cannot be read there: {why}."),
            "Ask the host to switch `mod_headers` on, or take `packed = true` out of `[publish]`, then publish again.",
        )),
    }
}

/// The same as [`run`], where files cannot be renamed.
pub(super) async fn run_objects<O: Objects>(objects: &O, honours: Result<bool>, url: &str) -> Vec<TestStep> {
    let (name, text) = (format!("galley-test-{}.txt", run::token()), "Galley was here, and cleans up.\n");
    let mut steps = Vec::new();
    let lock = |honours| {
        if honours {
            "Two people who publish at once are kept apart.".to_owned()
        } else {
            "This host ignores conditions: do not publish to it from two places at once.".to_owned()
        }
    };
    steps.push(step("Lock", honours.map(lock)));
    if all_well(&steps) {
        let written = put_text(objects, &name, text).await;
        steps.push(step("Write", written.map(|()| "A file can be written.".into())));
    }
    if all_well(&steps) && !url.is_empty() {
        steps.push(served(url, &name, text).await);
    }
    let removed = objects.remove(&name).await;
    if all_well(&steps) {
        steps.push(step("Delete", removed.map(|()| "A file can be deleted.".into())));
    }
    steps
}

/// Puts a small file as a publish would.
async fn put_text<O: Objects>(objects: &O, name: &str, text: &str) -> Result<()> {
    let folder = std::env::temp_dir().join(name);
    let local = |error: std::io::Error| crate::error::PublishError::local("write", &folder, &error);
    std::fs::write(&folder, text).map_err(local)?;
    let mut entry = Entry::new(name, sha256(text.as_bytes()), text.len() as u64);
    entry.md5 = md5(text.as_bytes());
    let put = objects.put(&folder, name, &entry).await;
    std::fs::remove_file(&folder).map_err(local)?;
    put?;
    if objects.has(name, &entry).await? {
        return Ok(());
    }
    Err(crate::error::PublishError::new(
        crate::error::ErrorKind::Host,
        "The file is not there as it was written.",
        "Ask the host's owner; something changes files there.",
    ))
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

pub(crate) fn step(what: &str, outcome: Result<String>) -> TestStep {
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

pub(crate) async fn served(url: &str, name: &str, text: &str) -> TestStep {
    let address = format!("{}/{name}", url.trim_end_matches('/'));
    let outcome = verify::fetch(address.clone()).await;
    let (is_ok, message) = match outcome {
        Ok(bytes) if bytes == text.as_bytes() => (true, format!("It is served at {url}.")),
        Ok(_) => (false, format!("{address} serves something else. Check that `url` belongs to this folder.")),
        Err(why) => (false, format!("{address} cannot be read: {why}. Check `url` and the folder.")),
    };
    TestStep { what: "Read over HTTP".into(), is_ok, message }
}
