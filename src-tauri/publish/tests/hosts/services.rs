//! Cloudflare Pages, Neocities and ZIP archives as hosts; the services are stand-ins with switches.
//! They answer as their published descriptions have it, and keep what they are sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use galley_publish::{
    Access, CloudflareHost, ErrorKind, HostConfig, HostKind, LiveState, NeocitiesHost, Secret, Target, ZipHost,
    releases, test,
};
use serde_json::{Value, json};

use crate::fake::{Answer, Fake, Request, sha1, unescaped};
use crate::site::Site;
use crate::tools::tool;
use crate::web;

const KEY: &str = "service-key-not-to-be-seen";

fn target(kind: HostKind, url: &str) -> Target {
    Target {
        config: HostConfig { url: url.into(), kind },
        access: Access { secret: Some(Secret::new(KEY)), by: "ada@laptop".into(), ..Access::default() },
    }
}

/// The parts of a form: names and bytes.
fn parts(request: &Request) -> BTreeMap<String, Vec<u8>> {
    let mark = format!("--{}", request.header("content-type").split("boundary=").nth(1).expect("a boundary"));
    let body = &request.body;
    let places: Vec<usize> = (0..body.len()).filter(|at| body[*at..].starts_with(mark.as_bytes())).collect();
    let part = |ends: &[usize]| {
        let part = &body[ends[0] + mark.len() + 2..ends[1] - 2];
        let split = part.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&part[..split]).into_owned();
        let name = head.split("name=\"").nth(1).expect("a name").split('"').next().expect("a name").to_owned();
        (name, part[split + 4..].to_vec())
    };
    places.windows(2).map(part).collect()
}

#[derive(Default)]
struct Pages {
    blobs: BTreeMap<String, Vec<u8>>,
    /// Message, files, headers.
    deployments: Vec<(String, BTreeMap<String, String>)>,
    live: Option<usize>,
    passes: usize,
    /// The first pass runs out after so many requests.
    pass_lasts: usize,
    breaks: bool,
    uploads: usize,
}

impl Pages {
    fn deployment(&self, at: usize) -> Value {
        let (message, _) = &self.deployments[at];
        json!({
            "id": format!("d{at}"), "created_on": "2026-11-22T18:48:11.123Z",
            "deployment_trigger": { "metadata": { "commit_message": message } },
            "latest_stage": { "name": "deploy", "status": if message == "broken" { "failure" } else { "success" } },
        })
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let project = "/client/v4/accounts/acc/pages/projects/site";
        let path = request.path.clone();
        let fine = |result: Value| Answer::json(&json!({ "success": true, "result": result, "errors": [] }));
        let refuse = |status, code: u64, message: &str| {
            Answer::new(
                status,
                json!({ "success": false, "errors": [{ "code": code, "message": message }] }).to_string(),
            )
        };
        if path.starts_with("/client/v4/pages/assets/") {
            if request.header("authorization") != format!("Bearer pass-{}", self.passes) || self.pass_lasts == 0 {
                self.pass_lasts = 1000;
                return refuse(401, 8_000_013, "expired");
            }
            self.pass_lasts -= 1;
            return match path.rsplit('/').next() {
                Some("check-missing") => {
                    let all = request.json()["hashes"].as_array().cloned().unwrap_or_default();
                    fine(
                        all.into_iter()
                            .filter(|hash| !self.blobs.contains_key(hash.as_str().unwrap_or_default()))
                            .collect(),
                    )
                }
                Some("upload") => {
                    for file in request.json().as_array().expect("files") {
                        let text = file["value"].as_str().expect("text");
                        self.uploads += 1;
                        self.blobs.insert(file["key"].as_str().expect("a key").into(), text.as_bytes().to_vec());
                    }
                    fine(Value::Null)
                }
                _ => fine(Value::Null),
            };
        }
        if request.header("authorization") != format!("Bearer {KEY}") {
            return refuse(401, 10_000, "Authentication error");
        }
        match (request.method.as_str(), path.strip_prefix(project)) {
            ("GET", Some("")) => fine(json!({
                "name": "site", "production_branch": "main",
                "canonical_deployment": self.live.map(|at| self.deployment(at)),
            })),
            ("GET", Some("/upload-token")) => {
                self.passes += 1;
                fine(json!({ "jwt": format!("pass-{}", self.passes) }))
            }
            ("POST", Some("/deployments")) => {
                let parts = parts(request);
                let files = serde_json::from_slice(&parts["manifest"]).expect("a manifest");
                assert_eq!(parts["branch"], b"main");
                let message = if self.breaks {
                    "broken".into()
                } else {
                    String::from_utf8_lossy(&parts["commit_message"]).into_owned()
                };
                self.deployments.push((message, files));
                let at = self.deployments.len() - 1;
                if !self.breaks {
                    self.live = Some(at);
                }
                fine(self.deployment(at))
            }
            ("GET", Some("/deployments")) => {
                fine((0..self.deployments.len()).rev().map(|at| self.deployment(at)).collect())
            }
            ("GET", Some(one)) => {
                fine(self.deployment(one.rsplit('d').next().expect("an id").parse().expect("a number")))
            }
            ("POST", Some(one)) if one.ends_with("/rollback") => {
                let at = one.split('/').nth(2).expect("an id")[1..].parse().expect("a number");
                self.live = Some(at);
                fine(self.deployment(at))
            }
            _ => refuse(404, 8_000_007, "Project not found"),
        }
    }

    /// What is live, each file as its Base64.
    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let Some(live) = self.live else { return BTreeMap::new() };
        let files = self.deployments[live].1.iter();
        files.map(|(path, hash)| (path.trim_start_matches('/').to_owned(), self.blobs[hash].clone())).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cloudflare_pages() {
    let state: Arc<Mutex<Pages>> = Arc::new(Mutex::new(Pages { pass_lasts: 1000, ..Pages::default() }));
    let of_fake = Arc::clone(&state);
    let fake = Fake::serve(move |request| Some(of_fake.lock().expect("the state").answer(&request)));
    let api = format!("http://127.0.0.1:{}/client/v4", fake.port);
    let pages = |project: &str| {
        HostKind::Cloudflare(CloudflareHost { account: "acc".into(), project: project.into(), api: api.clone() })
    };
    let (mut site, target) = (Site::new(), target(pages("site"), ""));
    let steps = test(&target).await;
    assert!(steps.len() == 3 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    site.write(&[("index.html", "one"), ("é +/index.html", "odd"), ("gone.css", "g")]);
    let first = site.publish(&target).await.expect("published");
    let live = || state.lock().expect("the state").tree();
    assert_eq!(live()["index.html"], b"b25l");
    // The digest is that of the description: BLAKE3 of "b25lhtml", its first 32 digits.
    let hash = state.lock().expect("the state").deployments[0].1["/index.html"].clone();
    assert_eq!(hash, blake3::hash(b"b25lhtml").to_hex()[..32]);

    site.write(&[("index.html", "two"), ("é +/index.html", "odd")]);
    // Fault 24: the pass runs out in the middle, and is fetched anew.
    state.lock().expect("the state").pass_lasts = 1;
    let plan = site.plan(&target).await.expect("a plan");
    assert_eq!((plan.put.len(), plan.delete.len()), (1, 1));
    site.carry_out(&target, &plan).await.expect("published");
    assert_eq!((live().len(), live()["index.html"].clone()), (2, b"dHdv".to_vec()));
    assert_eq!(state.lock().expect("the state").uploads, 4, "three files, then one");
    assert!(site.plan(&target).await.expect("a plan").is_empty());

    assert_eq!(releases(&target, &site.store).await.expect("releases").len(), 2);
    site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!(live().len(), 3);

    state.lock().expect("the state").breaks = true;
    site.write(&[("index.html", "three")]);
    let error = site.publish(&target).await.expect_err("broken");
    assert_eq!((error.state, live().len()), (LiveState::Unchanged, 3));
    let mut wrong = target.clone();
    wrong.access.secret = Some(Secret::new("wrong"));
    assert_eq!(site.publish(&wrong).await.expect_err("refused").kind, ErrorKind::WrongSecret);
    let elsewhere = Target { config: HostConfig { url: String::new(), kind: pages("other") }, ..target.clone() };
    let error = site.publish(&elsewhere).await.expect_err("no project");
    assert!(error.kind == ErrorKind::Config && error.message.contains("`other`"), "{error}");
    // Fault 39: what Pages does not hold is refused in the plan.
    site.write(&[("index.html", &b"x"[..]), ("film.mp4", &vec![0; (25 << 20) + 1])]);
    let error = site.plan(&target).await.expect_err("too large");
    assert!(error.kind == ErrorKind::BadPlan && error.message.contains("film.mp4"), "{error}");
}

#[derive(Default)]
struct Cities {
    files: BTreeMap<String, Vec<u8>>,
    /// The next uploads of this name are said to be taken, and are not.
    loses: BTreeMap<String, usize>,
}

impl Cities {
    fn answer(&mut self, request: &Request) -> Answer {
        if request.header("authorization") != format!("Bearer {KEY}") {
            return Answer::new(
                403,
                r#"{"result":"error","error_type":"invalid_auth","message":"invalid credentials"}"#,
            );
        }
        match request.path.as_str() {
            "/api/info" => Answer::json(&json!({ "result": "success", "info": { "sitename": "me" } })),
            "/api/list" => {
                let folder = request.query.strip_prefix("path=").map(unescaped);
                let is_asked = |path: &str| {
                    folder
                        .as_deref()
                        .is_none_or(|folder| path.rsplit_once('/').map_or("", |(above, _)| above) == folder)
                };
                let one = |(path, bytes): (&String, &Vec<u8>)| {
                    let sha1 = sha1(bytes);
                    json!({ "path": path, "is_directory": false, "size": bytes.len(), "sha1_hash": sha1,
                            "updated_at": "Tue, 15 Nov 1994 08:12:31 GMT" })
                };
                let files: Value = self.files.iter().filter(|(path, _)| is_asked(path)).map(one).collect();
                Answer::json(&json!({ "result": "success", "files": files }))
            }
            "/api/upload" => {
                for (path, bytes) in parts(request) {
                    match self.loses.get_mut(&path).filter(|left| **left > 0) {
                        Some(left) => *left -= 1,
                        None => drop(self.files.insert(path, bytes)),
                    }
                }
                Answer::json(&json!({ "result": "success", "message": "your file(s) have been successfully uploaded" }))
            }
            _ => {
                let name = String::from_utf8_lossy(&request.body).into_owned();
                let name = unescaped(name.strip_prefix("filenames[]=").expect("a name"));
                match self.files.remove(&name) {
                    Some(_) => Answer::json(&json!({ "result": "success" })),
                    None => {
                        Answer::new(400, r#"{"result":"error","error_type":"missing_files","message":"was not found"}"#)
                    }
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neocities() {
    let state: Arc<Mutex<Cities>> = Arc::default();
    let (of_fake, of_site) = (Arc::clone(&state), Arc::clone(&state));
    let fake = Fake::serve(move |request| Some(of_fake.lock().expect("the state").answer(&request)));
    let url = web::front(move |path| {
        let path = path.split('?').next().unwrap_or_default();
        match of_site.lock().expect("the state").files.get(&unescaped(path)) {
            Some(bytes) => (200, Vec::new(), bytes.clone()),
            None => (404, Vec::new(), Vec::new()),
        }
    });
    let api = format!("http://127.0.0.1:{}/api", fake.port);
    let (mut site, target) = (Site::new(), target(HostKind::Neocities(NeocitiesHost { site: "me".into(), api }), &url));
    let tree = || {
        let files = state.lock().expect("the state").files.clone();
        files.into_iter().filter(|(path, _)| !path.starts_with(".galley")).collect::<BTreeMap<_, _>>()
    };
    let steps = test(&target).await;
    assert!(steps.len() == 5 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    site.write(&[("index.html", "one"), ("é +/index.html", "odd"), ("gone.css", "g")]);
    let first = site.publish(&target).await.expect("published");
    site.assert_tree(&tree());
    // Fault 27: *success* is said of a file that is not taken; the list tells, and it is sent again.
    state.lock().expect("the state").loses.insert("new.css".into(), 1);
    site.write(&[("index.html", "two"), ("é +/index.html", "odd"), ("new.css", "n")]);
    site.publish(&target).await.expect("published");
    site.assert_tree(&tree());
    // Said again and again, it is an error, and no page that wants the file is live.
    state.lock().expect("the state").loses.insert("newer.css".into(), 9);
    site.write(&[("index.html", "three"), ("é +/index.html", "odd"), ("new.css", "n"), ("newer.css", "n")]);
    let error = site.publish(&target).await.expect_err("not taken");
    assert!(error.message.contains("newer.css") && error.state == LiveState::Unchanged, "{error:?}");
    assert_eq!(tree()["index.html"], b"two");
    state.lock().expect("the state").loses.clear();
    site.publish(&target).await.expect("gone on");
    site.assert_tree(&tree());
    site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!((tree()["index.html"].clone(), tree().len()), (b"one".to_vec(), 3));
    site.write(&[("index.html", "x"), ("song.mp3", "x")]);
    let error = site.plan(&target).await.expect_err("a kind that is not taken");
    assert!(error.message.contains("song.mp3"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive() {
    let Some(python) = tool("python3") else { return };
    let (mut site, folder) = (Site::new(), tempfile::TempDir::new().expect("a folder"));
    let path = folder.path().join("site.zip");
    let target = target(HostKind::Zip(ZipHost { path: path.clone() }), "");
    assert!(test(&target).await.iter().all(|step| step.is_ok));
    let long = "text that shrinks ".repeat(500);
    site.write(&[("index.html", long.as_str()), ("é +/index.html", "odd"), ("empty.txt", "")]);
    let first = site.publish(&target).await.expect("published");
    // Read by another program than the one that wrote it.
    let unpack = || {
        let out = folder.path().join("out");
        let _ = std::fs::remove_dir_all(&out);
        let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])";
        let done = std::process::Command::new(&python).args(["-c", script]).arg(&path).arg(&out).status();
        assert!(done.expect("python").success());
        crate::site::tree(&out)
    };
    site.assert_tree(&unpack());
    assert!(std::fs::metadata(&path).expect("an archive").len() < 2000, "it did not shrink");
    site.write(&[("index.html", "two")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert_eq!((plan.put.len(), plan.delete.len()), (1, 2));
    site.carry_out(&target, &plan).await.expect("published");
    site.assert_tree(&unpack());
    site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!(unpack().len(), 3);
}
