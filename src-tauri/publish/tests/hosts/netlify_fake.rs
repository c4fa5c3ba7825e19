//! Netlify as its published API description has it: one site, its deploys, and switches for faults.
//! What is live changes by `restore` alone, for Galley sends drafts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use galley_publish::{Access, HostConfig, HostKind, NetlifyHost, Secret, Target};
use serde_json::{Value, json};

use crate::fake::{Answer, Fake, Request, sha1, unescaped};
use crate::web;

pub const TOKEN: &str = "netlify-token-not-to-be-seen";

#[derive(Default)]
pub struct Deploy {
    title: String,
    state: String,
    files: BTreeMap<String, String>,
    /// How often it was looked at since its last file came.
    looks: usize,
}

#[derive(Default)]
pub struct State {
    deploys: BTreeMap<String, Deploy>,
    blobs: BTreeMap<String, Vec<u8>>,
    pub live: Option<String>,
    /// Uploads that still answer this before they work.
    pub busy: usize,
    pub busy_status: u16,
    /// The token is refused from the so-manieth upload on.
    pub revoked_after: Option<usize>,
    pub uploads: usize,
    /// The paths that were sent.
    pub sent: Vec<String>,
    /// Deploys end in an error.
    pub breaks: bool,
    /// The answer to the next restore is lost, though it is done.
    pub loses_restore: bool,
}

#[derive(Clone)]
pub struct Netlify {
    pub fake: Fake,
    pub state: Arc<Mutex<State>>,
    pub url: String,
}

impl Netlify {
    pub fn start() -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let (of_api, of_site) = (Arc::clone(&state), Arc::clone(&state));
        let url = web::front(move |path| {
            let state = of_site.lock().expect("the state");
            let found =
                state.live.as_ref().and_then(|live| state.deploys[live].files.get(&format!("/{}", unescaped(path))));
            match found.and_then(|sha| state.blobs.get(sha)) {
                Some(bytes) => (200, Vec::new(), bytes.clone()),
                None => (404, Vec::new(), b"nothing here".to_vec()),
            }
        });
        let fake = Fake::serve(move |request| {
            let mut state = of_api.lock().expect("the state");
            if request.header("authorization") != format!("Bearer {TOKEN}") {
                return Some(Answer::new(401, r#"{"code":401,"message":"Access Denied"}"#));
            }
            state.answer(&request)
        });
        Self { fake, state, url }
    }

    pub fn target(&self, port: u16) -> Target {
        let netlify = NetlifyHost { site: "my-site".into(), api: format!("http://127.0.0.1:{port}/api/v1") };
        Target {
            config: HostConfig { url: self.url.clone(), kind: HostKind::Netlify(netlify) },
            access: Access { secret: Some(Secret::new(TOKEN)), by: "ada@laptop".into(), ..Access::default() },
        }
    }

    /// What is live: every path with its bytes.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state.lock().expect("the state");
        let Some(live) = &state.live else { return BTreeMap::new() };
        let files = &state.deploys[live].files;
        files.iter().map(|(path, sha)| (path.trim_start_matches('/').to_owned(), state.blobs[sha].clone())).collect()
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let parts: Vec<&str> = request.path.trim_start_matches("/api/v1/").split('/').collect();
        let found = match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["sites", "my-site"]) => json!({
                "id": "site-1", "name": "my-site",
                "published_deploy": self.live.as_ref().map(|id| self.deploy(id)),
            }),
            ("GET", ["sites", "my-site", "files"]) => self.files(),
            ("GET", ["sites", "my-site", "deploys"]) => self.deploys.keys().rev().map(|id| self.deploy(id)).collect(),
            ("POST", ["sites", "my-site", "deploys"]) => self.create(request),
            ("POST", ["sites", "my-site", "deploys", id, "restore"]) => {
                self.live = Some((*id).to_owned());
                if std::mem::take(&mut self.loses_restore) {
                    return None;
                }
                self.deploy(id)
            }
            ("GET", ["deploys", id]) => self.look(id),
            ("DELETE", ["deploys", id]) => {
                self.deploys.remove(*id);
                return Some(Answer::new(204, ""));
            }
            ("PUT", ["deploys", id, "files", path @ ..]) => return Some(self.upload(id, &path.join("/"), request)),
            _ => return Some(Answer::new(404, r#"{"code":404,"message":"Not Found"}"#)),
        };
        Some(Answer::json(&found))
    }

    /// Forgets a deploy and its files, as Netlify does with old ones.
    pub fn forget(&mut self, title: &str) {
        let id = self.deploys.iter().find(|(_, deploy)| deploy.title.contains(title)).map(|(id, _)| id.clone());
        self.deploys.remove(&id.expect("a deploy"));
        let used: BTreeSet<String> = self.deploys.values().flat_map(|deploy| deploy.files.values().cloned()).collect();
        self.blobs.retain(|sha, _| used.contains(sha));
    }

    fn required(&self, id: &str) -> BTreeSet<String> {
        let wanted = self.deploys[id].files.values().filter(|sha| !self.blobs.contains_key(*sha));
        wanted.cloned().collect()
    }

    fn deploy(&self, id: &str) -> Value {
        let deploy = &self.deploys[id];
        let state = if self.live.as_deref() == Some(id) { "current" } else { &deploy.state };
        json!({
            "id": id, "title": deploy.title, "state": state, "required": self.required(id),
            "created_at": "2026-11-22T18:48:11.123Z", "published_at": "2026-11-22T18:48:12.123Z",
            "error_message": if deploy.state == "error" { json!("Deploy directory is cursed") } else { Value::Null },
        })
    }

    fn files(&self) -> Value {
        let Some(live) = &self.live else { return json!([]) };
        let one = |(path, sha): (&String, &String)| json!({"path": path, "sha": sha, "size": self.blobs[sha].len()});
        self.deploys[live].files.iter().map(one).collect()
    }

    fn create(&mut self, request: &Request) -> Value {
        let body = request.json();
        assert_eq!((&body["draft"], &body["async"]), (&json!(true), &json!(true)));
        let last = self.deploys.keys().next_back().and_then(|id| id[1..].parse::<usize>().ok()).unwrap_or(0);
        let id = format!("d{:04}", last + 1);
        let title = unescaped(request.query.strip_prefix("title=").unwrap_or_default());
        let files = body["files"].as_object().expect("files").iter();
        let files = files.map(|(path, sha)| (path.clone(), sha.as_str().expect("a digest").to_owned())).collect();
        self.deploys.insert(id.clone(), Deploy { title, state: "preparing".into(), files, looks: 0 });
        self.deploy(&id)
    }

    /// A deploy gets on each time it is looked at.
    fn look(&mut self, id: &str) -> Value {
        let (is_whole, breaks) = (self.required(id).is_empty(), self.breaks);
        let deploy = self.deploys.get_mut(id).expect("a deploy");
        deploy.looks += 1;
        deploy.state = match (deploy.state.as_str(), is_whole) {
            ("preparing", false) => "uploading".into(),
            ("preparing", true) => "uploaded".into(),
            ("uploading", true) => "processing".into(),
            ("uploaded" | "processing", true) if breaks => "error".into(),
            ("uploaded" | "processing", true) => "ready".into(),
            (state, _) => state.to_owned(),
        };
        self.deploy(id)
    }

    fn upload(&mut self, id: &str, path: &str, request: &Request) -> Answer {
        if self.busy > 0 {
            self.busy -= 1;
            return Answer::new(self.busy_status, r#"{"message":"slow down"}"#).header("Retry-After", "1");
        }
        self.uploads += 1;
        if self.revoked_after.is_some_and(|most| self.uploads > most) {
            return Answer::new(401, r#"{"message":"Access Denied"}"#);
        }
        let sha = sha1(&request.body);
        let wanted = self.deploys[id].files.get(&format!("/{}", unescaped(path)));
        if wanted != Some(&sha) {
            return Answer::new(422, r#"{"message":"the file does not match its digest"}"#);
        }
        self.blobs.insert(sha, request.body.clone());
        self.sent.push(unescaped(path));
        Answer::json(&json!({"path": path}))
    }
}
