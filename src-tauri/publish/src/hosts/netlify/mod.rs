//! Netlify: a deploy is sent aside as a draft, and one request makes it live.
//! What is live is never touched before the draft is whole and Netlify says that it is ready.
//!
//! Written from Netlify's published API description (`netlify/open-api`). A draft that is published
//! by the request that also puts earlier deploys back makes the switch a step of its own.

mod api;

use std::collections::BTreeMap;
use std::time::Duration;

use galley_engine::SitePath;
use serde_json::{Value, json};

use crate::config::{Access, NetlifyHost};
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::{Answer, Facts, Host, Known, Limits, TestStep, Work, cancelled};
use crate::http::Payload;
use crate::layout::{each, served, step};
use crate::manifest::{is_id, sha256};
use crate::plan::{Digest, Found, Live, Seen, sha1};
use crate::progress::Phase;
use crate::run::{blocking, token};
use crate::store::Store;
use crate::time;

use api::{Api, text};

/// Uploads under way at once: what Netlify's own client does.
const WIDTH: usize = 12;
/// Between two looks at a deploy that is being made ready.
const GLANCE: Duration = Duration::from_millis(400);
/// A deploy that makes no progress for so many looks is given up.
const PATIENCE: usize = 900;
/// Deploys that are looked through for one of ours.
const DEPLOYS: usize = 50;
/// The title of a deploy of Galley's begins with this, and goes on with the release's id.
const TITLE: &str = "Galley ";

/// Reaches Netlify. Nothing is asked of it yet.
pub(crate) fn connect(settings: &NetlifyHost, access: &Access) -> Result<Box<dyn Host>> {
    let Some(secret) = &access.secret else {
        return Err(PublishError::new(
            ErrorKind::SecretNeeded,
            "Netlify needs a personal access token.",
            "Make one at Netlify under User settings, Applications, and enter it; it is kept in the system's keychain.",
        ));
    };
    Ok(Box::new(Netlify { api: Api::new(settings, secret.reveal())?, site: settings.site.clone() }))
}

struct Netlify {
    api: Api,
    site: String,
}

impl Netlify {
    async fn look(&self, store: &Store) -> Result<Live> {
        let site = self.api.site().await?;
        let deploy = &site["published_deploy"];
        let Some(id) = deploy["id"].as_str().filter(|id| is_id(id)) else { return Ok(Live::default()) };
        let release = release_of(deploy);
        let since = ["published_at", "created_at"].iter().find_map(|key| time::parse_rfc3339(deploy[*key].as_str()?));
        let mut live = Live { by: by_of(deploy), since: since.unwrap_or(0), ..Live::default() };
        live.manifest = release.as_deref().and_then(|release| store.manifest(release));
        if live.manifest.is_none() {
            let files = self.api.files().await?;
            live.is_occupied = release.is_none() && !files.is_empty();
            let id = release.unwrap_or_else(|| id.to_owned());
            live.found = Some(Found { id: Some(id), files, is_whole: true });
        }
        Ok(live)
    }

    /// The deploy that an earlier run made for the release, if it can still become live.
    async fn deploy_of(&self, release: &str) -> Result<Option<Value>> {
        let deploys = self.api.deploys(DEPLOYS).await?;
        let is_usable = |state: &str| !matches!(state, "error" | "rejected" | "deleted" | "");
        Ok(deploys.into_iter().find(|deploy| {
            release_of(deploy).as_deref() == Some(release) && is_usable(deploy["state"].as_str().unwrap_or_default())
        }))
    }

    async fn bring(&self, work: &Work<'_>) -> Result<()> {
        work.enter(Phase::Assets);
        let digests = digests(work).await?;
        let deploy = match self.deploy_of(&work.plan.id).await? {
            Some(deploy) => text(&deploy, "id"),
            None => self.create(work, &digests).await?,
        };
        let required = self.required(&deploy).await?;
        let by_digest: BTreeMap<&str, &SitePath> =
            digests.iter().map(|(path, digest)| (digest.as_str(), path)).collect();
        let wanted: Vec<&SitePath> =
            required.iter().filter_map(|digest| by_digest.get(digest.as_str()).copied()).collect();
        let here = work.plan.put.len().saturating_sub(wanted.len());
        work.plan.put.iter().take(here).for_each(|put| work.meter.arrived(put.bytes));
        let send = |path: &SitePath| {
            let (path, deploy) = (path.clone(), deploy.as_str());
            async move {
                let Some(entry) = work.plan.manifest.files.get(&path) else { return Ok(()) };
                let payload = Payload::File(work.store.blob(entry), entry.size);
                self.api.upload(deploy, &path, payload).await?;
                work.journal.confirm(&path)?;
                work.meter.arrived(entry.size);
                Ok(())
            }
        };
        each(wanted, WIDTH, work.cancel, send).await?;
        work.enter(Phase::Pages);
        tokio::select! {
            ready = self.until_ready(&deploy) => ready.map(drop),
            stop = cancelled(work.cancel) => Err(stop),
        }
    }

    async fn create(&self, work: &Work<'_>, digests: &BTreeMap<SitePath, String>) -> Result<String> {
        let files: serde_json::Map<String, Value> =
            digests.iter().map(|(path, digest)| (format!("/{path}"), digest.clone().into())).collect();
        let title = format!("{TITLE}{} by {}", work.plan.id, work.by);
        let deploy = self.api.create(&title, &json!({ "files": files, "draft": true, "async": true })).await?;
        Ok(text(&deploy, "id"))
    }

    /// The digests of the files that Netlify does not have.
    async fn required(&self, deploy: &str) -> Result<Vec<String>> {
        for _ in 0..PATIENCE {
            let found = self.api.deploy(deploy).await?;
            match found["state"].as_str().unwrap_or_default() {
                "error" | "rejected" => return Err(failed(&found)),
                "preparing" | "new" | "pending" => tokio::time::sleep(GLANCE).await,
                _ => {
                    let required = found["required"].as_array().cloned().unwrap_or_default();
                    return Ok(required.iter().filter_map(Value::as_str).map(str::to_owned).collect());
                }
            }
        }
        Err(stuck())
    }

    async fn until_ready(&self, deploy: &str) -> Result<Value> {
        for _ in 0..PATIENCE {
            let found = self.api.deploy(deploy).await?;
            match found["state"].as_str().unwrap_or_default() {
                "ready" | "current" => return Ok(found),
                "error" | "rejected" => return Err(failed(&found)),
                _ => tokio::time::sleep(GLANCE).await,
            }
        }
        Err(stuck())
    }

    /// Fault 15: what is live must still be what the plan was made against.
    async fn publish(&self, work: &Work<'_>) -> Result<()> {
        let site = self.api.site().await?;
        let now = &site["published_deploy"];
        let id = release_of(now).or_else(|| now["id"].as_str().map(str::to_owned));
        if id.as_deref() != work.plan.base.as_deref() {
            let (by, since) = (by_of(now), now["published_at"].as_str().and_then(time::parse_rfc3339).unwrap_or(0));
            return Err(PublishError::new(
                ErrorKind::Moved { by: by.clone(), since },
                format!("The site was published by {by} at {} meanwhile.", time::rfc3339(since)),
                "Look at the new plan, then publish again.",
            ));
        }
        let deploy = self.deploy_of(&work.plan.id).await?.ok_or_else(stuck)?;
        self.api.restore(&text(&deploy, "id")).await
    }

    async fn try_out(&self) -> Vec<TestStep> {
        let mut steps = Vec::new();
        let site = self.api.site().await;
        let said = |site: &Value| format!("The token opens the site `{}`.", text(site, "name"));
        steps.push(step("Sign in", site.as_ref().map(said).map_err(Clone::clone)));
        if site.is_err() {
            return steps;
        }
        let (name, line) = (format!("galley-test-{}.txt", token()), "Galley was here, and cleans up.\n");
        let files = json!({ "files": { format!("/{name}"): sha1_of(line) }, "draft": true, "async": true });
        let made = self.api.create("Galley test", &files).await;
        let Ok(deploy) = made.as_ref().map(|deploy| text(deploy, "id")) else {
            steps.push(step("Write", made.map(|_| String::new())));
            return steps;
        };
        let sent = self.send_test(&deploy, &name, line).await;
        let address = sent.as_ref().ok().map(|ready| text(ready, "deploy_ssl_url")).filter(|url| !url.is_empty());
        steps.push(step("Write", sent.map(|_| "A draft can be sent; the site itself was not touched.".into())));
        if let Some(address) = address {
            steps.push(served(&address, &name, line).await);
        }
        let gone = self.api.forget(&deploy).await;
        steps.push(step("Delete", gone.map(|()| "The draft is gone again.".into())));
        steps
    }

    async fn send_test(&self, deploy: &str, name: &str, line: &str) -> Result<Value> {
        if !self.required(deploy).await?.is_empty() {
            self.api.upload(deploy, name, Payload::bytes(line)).await?;
        }
        self.until_ready(deploy).await
    }
}

/// SHA-1 of every file of the release, read from the store.
async fn digests(work: &Work<'_>) -> Result<BTreeMap<SitePath, String>> {
    let files: Vec<_> =
        work.plan.manifest.files.iter().map(|(path, entry)| (path.clone(), work.store.blob(entry))).collect();
    blocking(move || {
        let one = |(path, file): (SitePath, std::path::PathBuf)| match sha1(&file, false) {
            Some(digest) => Ok((path, digest)),
            None => Err(PublishError::local("read", &file, &std::io::Error::from(std::io::ErrorKind::NotFound))),
        };
        files.into_iter().map(one).collect()
    })
    .await
}

fn sha1_of(line: &str) -> String {
    crate::manifest::hex(ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, line.as_bytes()).as_ref())
}

/// The release that a deploy of Galley's carries; the title says.
fn release_of(deploy: &Value) -> Option<String> {
    let title = deploy["title"].as_str()?.strip_prefix(TITLE)?;
    title.split(' ').next().filter(|id| is_id(id)).map(str::to_owned)
}

fn by_of(deploy: &Value) -> String {
    let title = deploy["title"].as_str().unwrap_or_default();
    title.split_once(" by ").map_or("somebody at Netlify", |(_, by)| by).to_owned()
}

/// Fault 36: the draft failed at Netlify's, and the old release stays live.
fn failed(deploy: &Value) -> Box<PublishError> {
    let why = deploy["error_message"].as_str().unwrap_or("it gives no reason");
    PublishError::new(
        ErrorKind::Host,
        format!("Netlify could not make the deploy ready: {why}."),
        "Look at the deploy at Netlify, put right what it names, then publish again.",
    )
}

fn stuck() -> Box<PublishError> {
    PublishError::new(
        ErrorKind::NoAnswer,
        "Netlify did not get the deploy ready in time.",
        "Publish again; it goes on where it stopped.",
    )
}

impl Host for Netlify {
    fn facts(&self) -> Facts {
        let limits = Limits { forbids: &['#', '?'], reads_headers: true, ..Limits::default() };
        let place = format!("netlify {} {}", self.site, sha256(self.api.base.as_bytes()));
        Facts { is_atomic: true, limits, place, ..Facts::default() }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(self.look(store))
    }

    fn holds<'a>(&'a self, id: &'a str, _: Option<&'a crate::manifest::Manifest>) -> Answer<'a, bool> {
        Box::pin(async move {
            let deploy = self.deploy_of(id).await?;
            Ok(deploy.is_some_and(|deploy| matches!(deploy["state"].as_str(), Some("ready" | "current"))))
        })
    }

    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move { if self.holds(&work.plan.id, None).await? { Ok(()) } else { self.bring(work).await } })
    }

    fn switch<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.publish(work).await.map_err(|error| {
                let state = if error.is_connection() { LiveState::Unknown } else { LiveState::Unchanged };
                error.leaving(state)
            })
        })
    }

    fn clean<'a>(&'a self, _: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn releases<'a>(&'a self, store: &'a Store) -> Answer<'a, Vec<Known>> {
        Box::pin(async move {
            let deploys = self.api.deploys(DEPLOYS).await?;
            let ready = deploys.iter().filter(|deploy| matches!(deploy["state"].as_str(), Some("ready" | "current")));
            let known = ready.filter_map(|deploy| {
                let id = release_of(deploy)?;
                let manifest = store.manifest(&id);
                let time = deploy["created_at"].as_str().and_then(time::parse_rfc3339).unwrap_or(0);
                let files = manifest.as_ref().map_or(0, |manifest| manifest.files.len());
                Some(Known {
                    note: manifest.as_ref().map_or_else(String::new, |kept| kept.note.clone()),
                    id,
                    time,
                    by: by_of(deploy),
                    files,
                    manifest,
                })
            });
            Ok(known.collect())
        })
    }

    fn test<'a>(&'a self, _: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move { Ok(self.try_out().await) })
    }

    fn waiting(&self) -> u64 {
        self.api.client.pace.seconds()
    }
}

/// A file of a deploy as Netlify lists it.
fn seen(file: &Value) -> Option<(SitePath, Seen)> {
    let path = SitePath::new(file["path"].as_str()?.trim_start_matches('/')).ok()?;
    let digest = file["sha"].as_str().map_or(Digest::Unknown, |sha| Digest::Sha1(sha.to_owned()));
    Some((path, Seen { digest, size: file["size"].as_u64().unwrap_or(0) }))
}
