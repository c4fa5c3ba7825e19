//! Cloudflare Pages by direct upload: files are sent under their digests, and one request makes a
//! deployment of them, which is live at once or not at all.
//!
//! Written from the published API (`accounts/…/pages/projects/…`) and from what Cloudflare's own
//! client, Wrangler, is documented to send for a direct upload.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use galley_engine::SitePath;
use serde_json::{Value, json};

use crate::config::{Access, CloudflareHost};
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::{Answer, Facts, Host, Known, Limits, TestStep, Work};
use crate::http::{Ask, Client, Got, Payload};
use crate::layout::step;
use crate::manifest::{Manifest, is_id};
use crate::plan::{Found, Live};
use crate::progress::Phase;
use crate::run::{blocking, token};
use crate::store::Store;
use crate::time;

/// One request carries no more bytes and files than this.
const BUCKET_BYTES: u64 = 40 << 20;
const BUCKET_FILES: usize = 2_000;
const MOST_FILES: usize = 20_000;
const LARGEST: u64 = 25 << 20;
/// Between two looks at a deployment that is being made live, and how many there are.
const GLANCE: Duration = Duration::from_millis(500);
const LOOKS: usize = 240;
/// The message of a deployment of Galley's begins with this, and goes on with the release's id.
const MESSAGE: &str = "Galley ";
/// Settings of the site that are sent beside its files.
const BESIDE: [&str; 2] = ["_headers", "_redirects"];

/// Reaches Cloudflare. Nothing is asked of it yet.
pub(crate) fn connect(settings: &CloudflareHost, access: &Access) -> Result<Box<dyn Host>> {
    let Some(secret) = &access.secret else {
        return Err(PublishError::new(
            ErrorKind::SecretNeeded,
            "Cloudflare needs an API token that may edit Pages.",
            "Make one at Cloudflare under My Profile, API Tokens, with the permission Cloudflare Pages: Edit, and enter it.",
        ));
    };
    Ok(Box::new(Pages {
        client: Client::new("Cloudflare", None)?,
        project: format!("{}/accounts/{}/pages/projects/{}", settings.api, settings.account, settings.project),
        api: settings.api.clone(),
        name: settings.project.clone(),
        key: format!("Bearer {}", secret.reveal().trim()),
        pass: Mutex::default(),
    }))
}

struct Pages {
    client: Client,
    api: String,
    /// The project's own address.
    project: String,
    name: String,
    key: String,
    /// The short-lived pass for uploads.
    pass: Mutex<Option<String>>,
}

impl Pages {
    async fn ask(&self, ask: Ask, key: &str) -> Result<Value> {
        let got = self.client.ask(ask.header("authorization", key)).await?;
        let answer = got.json();
        if got.is_fine() && answer["success"].as_bool() != Some(false) {
            return Ok(answer["result"].clone());
        }
        Err(self.refused(&got, &answer))
    }

    fn refused(&self, got: &Got, answer: &Value) -> Box<PublishError> {
        let error = &answer["errors"][0];
        let said = error["message"].as_str().unwrap_or("it gives no reason").trim_end_matches('.').to_owned();
        match (got.status, error["code"].as_u64().unwrap_or(0)) {
            (401, _) | (_, 9109 | 10000 | 6003) => PublishError::new(
                ErrorKind::WrongSecret,
                "Cloudflare refuses the API token: it is wrong, has expired or was revoked.",
                "Make a new token with the permission Cloudflare Pages: Edit, and enter it.",
            ),
            (403, _) => PublishError::new(
                ErrorKind::Denied,
                format!("Cloudflare does not permit this: {said}."),
                "Give the token the permission Cloudflare Pages: Edit for this account.",
            ),
            (404, _) | (_, 8_000_007) => PublishError::new(
                ErrorKind::Config,
                format!("Cloudflare knows no Pages project `{}` in this account.", self.name),
                "Check the account's id and the project's name, or make the project first (Workers & Pages, Create, Upload assets).",
            ),
            (status, code) => PublishError::new(
                ErrorKind::Host,
                format!("Cloudflare refuses: {said} ({status}, {code})."),
                "Publish again; if it happens again, look at Cloudflare's status page.",
            ),
        }
    }

    async fn project(&self) -> Result<Value> {
        self.ask(Ask::new("GET", &self.project), &self.key).await
    }

    /// A request with the pass for uploads; fault 24: a pass that has run out is fetched anew, once.
    async fn with_pass(&self, ask: impl Fn() -> Ask) -> Result<Value> {
        for is_last in [false, true] {
            let held = self.pass.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
            let pass = if let Some(pass) = held {
                pass
            } else {
                let fetched = self.ask(Ask::new("GET", format!("{}/upload-token", self.project)), &self.key).await?;
                let pass = format!("Bearer {}", fetched["jwt"].as_str().unwrap_or_default());
                *self.pass.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(pass.clone());
                pass
            };
            match self.ask(ask(), &pass).await {
                Err(error) if !is_last && matches!(error.kind, ErrorKind::WrongSecret | ErrorKind::Denied) => {
                    *self.pass.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
                }
                done => return done,
            }
        }
        Ok(Value::Null)
    }

    async fn look(&self, store: &Store) -> Result<Live> {
        let project = self.project().await?;
        let deployment = &project["canonical_deployment"];
        let Some(id) = deployment["id"].as_str().filter(|id| is_id(id)) else { return Ok(Live::default()) };
        let release = release_of(deployment);
        let since = deployment["created_on"].as_str().and_then(time::parse_rfc3339).unwrap_or(0);
        let manifest = release.as_deref().and_then(|release| store.manifest(release));
        let mut live = Live { by: by_of(deployment), since, manifest, ..Live::default() };
        if live.manifest.is_none() {
            // Cloudflare does not list a deployment's files, and takes none that it has a second time.
            let id = release.clone().unwrap_or_else(|| id.to_owned());
            live.is_occupied = release.is_none();
            live.found = Some(Found { id: Some(id), files: BTreeMap::new(), is_whole: true });
        }
        Ok(live)
    }

    async fn bring(&self, work: &Work<'_>) -> Result<()> {
        work.enter(Phase::Assets);
        let digests = digests(work).await?;
        let all: Vec<&String> = digests.values().collect();
        let url = format!("{}/pages/assets/check-missing", self.api);
        let missing = self.with_pass(|| Ask::new("POST", &url).json(&json!({ "hashes": all })).safe()).await?;
        let missing: Vec<&str> = missing.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let wanted: Vec<(&SitePath, &String)> =
            digests.iter().filter(|(_, digest)| missing.contains(&digest.as_str())).collect();
        let here = work.plan.put.len().saturating_sub(wanted.len());
        work.plan.put.iter().take(here).for_each(|put| work.meter.arrived(put.bytes));
        for bucket in buckets(work, &wanted) {
            tokio::select! {
                sent = self.send(work, &bucket) => sent?,
                stop = crate::host::cancelled(work.cancel) => return Err(stop),
            }
        }
        let url = format!("{}/pages/assets/upsert-hashes", self.api);
        self.with_pass(|| Ask::new("POST", &url).json(&json!({ "hashes": all })).safe()).await.map(drop)
    }

    async fn send(&self, work: &Work<'_>, bucket: &[(&SitePath, &String)]) -> Result<()> {
        let mut files = Vec::new();
        for (path, digest) in bucket {
            let Some(entry) = work.plan.manifest.files.get(*path) else { continue };
            let blob = work.store.blob(entry);
            let bytes = std::fs::read(&blob).map_err(|error| PublishError::local("read", &blob, &error))?;
            files.push(json!({
                "key": digest, "value": STANDARD.encode(bytes), "base64": true,
                "metadata": { "contentType": entry.content_type },
            }));
        }
        let (url, files) = (format!("{}/pages/assets/upload", self.api), Value::Array(files));
        self.with_pass(|| Ask::new("POST", &url).json(&files).safe()).await?;
        for (path, _) in bucket {
            work.journal.confirm(path)?;
            work.meter.arrived(work.plan.manifest.files.get(*path).map_or(0, |entry| entry.size));
        }
        Ok(())
    }

    async fn deploy(&self, work: &Work<'_>) -> Result<()> {
        let project = self.project().await?;
        let now = &project["canonical_deployment"];
        let id = release_of(now).or_else(|| now["id"].as_str().map(str::to_owned));
        if id.as_deref() != work.plan.base.as_deref() {
            let (by, since) = (by_of(now), now["created_on"].as_str().and_then(time::parse_rfc3339).unwrap_or(0));
            return Err(PublishError::new(
                ErrorKind::Moved { by: by.clone(), since },
                format!("The site was published by {by} at {} meanwhile.", time::rfc3339(since)),
                "Look at the new plan, then publish again.",
            ));
        }
        if let Some(earlier) = self.deployment_of(&work.plan.id).await? {
            let url = format!("{}/deployments/{}/rollback", self.project, text(&earlier, "id"));
            self.ask(Ask::new("POST", url).safe(), &self.key).await?;
            return Ok(());
        }
        let made = self.create(work, project["production_branch"].as_str().unwrap_or("main")).await?;
        self.until_live(&text(&made, "id")).await
    }

    async fn create(&self, work: &Work<'_>, branch: &str) -> Result<Value> {
        let digests = digests(work).await?;
        let manifest: serde_json::Map<String, Value> =
            digests.iter().map(|(path, digest)| (format!("/{path}"), digest.clone().into())).collect();
        let message = format!("{MESSAGE}{} by {}", work.plan.id, work.by);
        let mut form = Form::new();
        form.add("manifest", None, &Value::Object(manifest).to_string().into_bytes());
        form.add("branch", None, branch.as_bytes());
        form.add("commit_message", None, message.as_bytes());
        for name in BESIDE {
            if let Some(entry) = work.plan.manifest.files.get(name) {
                let blob = work.store.blob(entry);
                let bytes = std::fs::read(&blob).map_err(|error| PublishError::local("read", &blob, &error))?;
                form.add(name, Some(name), &bytes);
            }
        }
        let (kind, body) = form.finish();
        let ask = Ask::new("POST", format!("{}/deployments", self.project)).header("content-type", kind);
        self.ask(ask.send(Payload::bytes(body)), &self.key).await
    }

    async fn until_live(&self, id: &str) -> Result<()> {
        for _ in 0..LOOKS {
            let found = self.ask(Ask::new("GET", format!("{}/deployments/{id}", self.project)), &self.key).await?;
            let stage = &found["latest_stage"];
            match (stage["name"].as_str(), stage["status"].as_str()) {
                (Some("deploy"), Some("success")) => return Ok(()),
                (_, Some("failure" | "canceled")) => {
                    return Err(PublishError::new(
                        ErrorKind::Host,
                        "Cloudflare could not make the deployment live.",
                        "Look at the deployment at Cloudflare, put right what it names, then publish again.",
                    ));
                }
                _ => tokio::time::sleep(GLANCE).await,
            }
        }
        Err(PublishError::new(
            ErrorKind::NoAnswer,
            "Cloudflare did not get the deployment live in time.",
            "Publish again; it goes on where it stopped.",
        )
        .leaving(LiveState::Unknown))
    }

    async fn deployments(&self) -> Result<Vec<Value>> {
        let url = format!("{}/deployments?env=production&per_page=25", self.project);
        let found = self.ask(Ask::new("GET", url), &self.key).await?;
        Ok(found.as_array().cloned().unwrap_or_default())
    }

    /// A deployment of the release that was made live once.
    async fn deployment_of(&self, release: &str) -> Result<Option<Value>> {
        let all = self.deployments().await?;
        Ok(all.into_iter().find(|one| is_whole(one) && release_of(one).as_deref() == Some(release)))
    }
}

fn is_whole(deployment: &Value) -> bool {
    let stage = &deployment["latest_stage"];
    (stage["name"].as_str(), stage["status"].as_str()) == (Some("deploy"), Some("success"))
}

/// Splits what is to be sent into requests of a size that is taken.
fn buckets<'a>(work: &Work<'_>, wanted: &[(&'a SitePath, &'a String)]) -> Vec<Vec<(&'a SitePath, &'a String)>> {
    let mut buckets: Vec<Vec<_>> = Vec::new();
    let mut bytes = 0;
    for one in wanted {
        let size = work.plan.manifest.files.get(one.0).map_or(0, |entry| entry.size * 4 / 3 + 200);
        if let Some(last) = buckets.last_mut().filter(|last| bytes + size <= BUCKET_BYTES && last.len() < BUCKET_FILES)
        {
            bytes += size;
            last.push(*one);
        } else {
            bytes = size;
            buckets.push(vec![*one]);
        }
    }
    buckets
}

/// The digest that Pages knows a file by: BLAKE3 of its Base64 and its ending, half of it.
fn digest(file: &Path, name: &str) -> std::io::Result<String> {
    let text = STANDARD.encode(std::fs::read(file)?);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let mut hash = blake3::Hasher::new();
    hash.update(text.as_bytes()).update(ending.as_bytes());
    Ok(hash.finalize().to_hex()[..32].to_owned())
}

async fn digests(work: &Work<'_>) -> Result<BTreeMap<SitePath, String>> {
    let files = work.plan.manifest.files.iter().filter(|(path, _)| !BESIDE.contains(&path.as_str()));
    let files: Vec<(SitePath, PathBuf)> = files.map(|(path, entry)| (path.clone(), work.store.blob(entry))).collect();
    blocking(move || {
        let one = |(path, file): (SitePath, PathBuf)| {
            let found = digest(&file, path.file_name());
            found.map(|digest| (path, digest)).map_err(|error| PublishError::local("read", &file, &error))
        };
        files.into_iter().map(one).collect()
    })
    .await
}

fn message(deployment: &Value) -> &str {
    deployment["deployment_trigger"]["metadata"]["commit_message"].as_str().unwrap_or_default()
}

fn release_of(deployment: &Value) -> Option<String> {
    let rest = message(deployment).strip_prefix(MESSAGE)?;
    rest.split(' ').next().filter(|id| is_id(id)).map(str::to_owned)
}

fn by_of(deployment: &Value) -> String {
    message(deployment).split_once(" by ").map_or("somebody at Cloudflare", |(_, by)| by).to_owned()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// A form with files (RFC 7578).
struct Form {
    mark: String,
    body: Vec<u8>,
}

impl Form {
    fn new() -> Self {
        Self { mark: format!("galley-{}", token()), body: Vec::new() }
    }

    fn add(&mut self, name: &str, file: Option<&str>, bytes: &[u8]) {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        let head = format!("--{}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n", self.mark);
        self.body.extend(head.as_bytes());
        self.body.extend(bytes);
        self.body.extend(b"\r\n");
    }

    fn finish(mut self) -> (String, Vec<u8>) {
        self.body.extend(format!("--{}--\r\n", self.mark).as_bytes());
        (format!("multipart/form-data; boundary={}", self.mark), self.body)
    }
}

impl Host for Pages {
    fn facts(&self) -> Facts {
        let limits =
            Limits { files: Some(MOST_FILES), file_bytes: Some(LARGEST), reads_headers: true, ..Limits::default() };
        Facts { is_atomic: true, limits, place: self.project.clone(), ..Facts::default() }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(self.look(store))
    }

    fn holds<'a>(&'a self, id: &'a str, _: Option<&'a Manifest>) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.deployment_of(id).await?.is_some()) })
    }

    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            if self.deployment_of(&work.plan.id).await?.is_some() { Ok(()) } else { self.bring(work).await }
        })
    }

    fn switch<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.deploy(work).await.map_err(|error| {
                let is_unknown = error.is_connection() && error.state == LiveState::Unchanged;
                if is_unknown { error.leaving(LiveState::Unknown) } else { error }
            })
        })
    }

    fn clean<'a>(&'a self, _: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn releases<'a>(&'a self, store: &'a Store) -> Answer<'a, Vec<Known>> {
        Box::pin(async move {
            let all = self.deployments().await?;
            let mut known: Vec<Known> = Vec::new();
            for one in all.iter().filter(|one| is_whole(one)) {
                let Some(id) = release_of(one).filter(|id| !known.iter().any(|known| known.id == *id)) else {
                    continue;
                };
                let manifest = store.manifest(&id);
                let files = manifest.as_ref().map_or(0, |manifest| manifest.files.len());
                let time = one["created_on"].as_str().and_then(time::parse_rfc3339).unwrap_or(0);
                known.push(Known {
                    note: manifest.as_ref().map_or_else(String::new, |kept| kept.note.clone()),
                    id,
                    time,
                    by: by_of(one),
                    files,
                    manifest,
                });
            }
            Ok(known)
        })
    }

    fn test<'a>(&'a self, _: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move {
            let project = self.project().await;
            let said = |project: &Value| format!("The token opens the project `{}`.", text(project, "name"));
            let mut steps = vec![step("Sign in", project.as_ref().map(said).map_err(Clone::clone))];
            if project.is_ok() {
                let url = format!("{}/pages/assets/check-missing", self.api);
                let asked = self.with_pass(|| Ask::new("POST", &url).json(&json!({ "hashes": [] })).safe()).await;
                steps.push(step("Write", asked.map(|_| "Files may be sent; the site itself was not touched.".into())));
            }
            Ok(steps)
        })
    }

    fn waiting(&self) -> u64 {
        self.client.pace.seconds()
    }
}
