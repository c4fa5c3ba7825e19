//! A Git branch as a host: over HTTPS-like HTTP with a token, and over SSH with a key.
//! The repositories are real and on this machine; what is live is read from the branch itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use galley_publish::{Access, ErrorKind, GitHost, HostConfig, HostKind, LiveState, Secret, Target, releases, test};
use tempfile::TempDir;

use crate::fake::{Answer, Fake, Request};
use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages};
use crate::sshd::Sshd;
use crate::tools::tool;

pub const TOKEN: &str = "git-token-not-to-be-seen";

pub struct Repository {
    folder: TempDir,
}

impl Repository {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let repository = Self { folder };
        assert!(git(&repository.path(), &["init", "-q", "--bare", "."]).is_some());
        git(&repository.path(), &["config", "http.receivepack", "true"]).expect("a setting");
        repository
    }

    pub fn path(&self) -> PathBuf {
        let path = self.folder.path().join("site.git");
        fs::create_dir_all(&path).expect("a folder");
        path
    }

    /// The files of the branch, without the one that GitHub is told by.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let listed = git(&self.path(), &["ls-tree", "-r", "-z", "--name-only", "pages"]).unwrap_or_default();
        let names = listed.split('\0').filter(|name| !name.is_empty() && *name != ".nojekyll");
        let bytes = |name: &str| {
            Command::new("git")
                .current_dir(self.path())
                .args(["cat-file", "blob", &format!("pages:{name}")])
                .output()
                .expect("git")
                .stdout
        };
        names.map(|name| (name.to_owned(), bytes(name))).collect()
    }

    fn head(&self) -> Option<String> {
        git(&self.path(), &["rev-parse", "-q", "--verify", "pages"])
    }

    /// Git's own server program behind a small bridge that wants the token.
    pub fn serve(&self) -> Option<Fake> {
        let backend = tool("git-http-backend")?;
        let root = self.folder.path().to_owned();
        Some(Fake::serve(move |request| {
            let wanted = format!("ada:{TOKEN}");
            if request.header("authorization") != format!("Basic {}", base64(wanted.as_bytes())) {
                return Some(Answer::new(401, "who?").header("WWW-Authenticate", "Basic realm=\"git\""));
            }
            Some(bridge(&backend, &root, &request))
        }))
    }
}

/// The repository behind the bridge at `port`.
fn over_http(port: u16) -> Target {
    target(&format!("http://127.0.0.1:{port}/site.git"), "ada", Some(TOKEN))
}

pub fn target(remote: &str, user: &str, secret: Option<&str>) -> Target {
    let git = GitHost { remote: remote.into(), branch: "pages".into(), key_file: None, user: user.into() };
    Target {
        config: HostConfig { url: String::new(), kind: HostKind::Git(git) },
        access: Access { secret: secret.map(Secret::new), by: "ada@laptop".into(), ..Access::default() },
    }
}

fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let said = Command::new("git").current_dir(folder).args(args).output().expect("git");
    said.status.success().then(|| String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// One request to `git http-backend` (CGI, RFC 3875).
fn bridge(backend: &Path, root: &Path, request: &Request) -> Answer {
    use std::io::Write as _;
    let mut child = Command::new(backend)
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REMOTE_USER", "ada")
        .env("PATH_INFO", &request.path)
        .env("QUERY_STRING", &request.query)
        .env("REQUEST_METHOD", &request.method)
        .env("CONTENT_TYPE", request.header("content-type"))
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", request.header("content-encoding"))
        .env("GIT_PROTOCOL", request.header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the backend");
    let (mut pipe, body) = (child.stdin.take().expect("a pipe"), request.body.clone());
    let feeding = std::thread::spawn(move || pipe.write_all(&body));
    let said = child.wait_with_output().expect("an answer").stdout;
    feeding.join().expect("fed").ok();
    let end = said.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&said[..end]).into_owned();
    let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let status = value("Status: ").and_then(|status| status[..3].parse().ok()).unwrap_or(200);
    Answer::new(status, &said[end + 4..]).header("Content-Type", value("Content-Type: ").unwrap_or_default())
}

fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let is_there = place <= three.len();
            text.push(if is_there { char::from(letters[(all >> (18 - 6 * place)) as usize & 63]) } else { '=' });
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_over_http_with_a_token() {
    let repository = Repository::new();
    let Some(server) = repository.serve() else { return };
    let (mut site, target) = (Site::new(), over_http(server.port));
    let steps = test(&target).await;
    assert!(steps.len() == 5 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    assert_eq!(repository.head(), None, "the test left something");
    site.write(&[("index.html", "one"), ("é +/index.html", "odd"), ("gone/index.html", "gone")]);
    let first = site.publish(&target).await.expect("published");
    site.assert_tree(&repository.tree());
    site.write(&[("index.html", "two"), ("é +/index.html", "odd"), ("new.png", "n")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert_eq!((plan.put.len(), plan.delete.len()), (2, 1));
    let second = site.carry_out(&target, &plan).await.expect("published");
    site.assert_tree(&repository.tree());
    assert!(site.plan(&target).await.expect("a plan").is_empty());

    let known = releases(&target, &site.store).await.expect("releases");
    let known: Vec<_> = known.into_iter().map(|release| (release.id, release.is_live)).collect();
    assert_eq!(known, [(second.release, true), (first.release.clone(), false)]);
    let back = site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!((back.release, repository.tree()["index.html"].clone()), (first.release, b"one".to_vec()));

    // Another machine sees what is live by Git's own digests.
    let mut other = Site::new();
    other.write(&[("index.html", "changed"), ("é +/index.html", "odd")]);
    let plan = other.plan(&target).await.expect("a plan");
    let put: Vec<_> = plan.put.iter().map(|put| put.path.as_str()).collect();
    let gone: Vec<_> = plan.delete.iter().map(|gone| gone.path.as_str()).collect();
    assert_eq!((put, gone), (vec!["index.html"], vec!["gone/index.html"]));
}

/// Fault 15 by the lease; the wrong token; and the files that are the service's own.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_branch_refuses() {
    let repository = Repository::new();
    let Some(server) = repository.serve() else { return };
    let target = over_http(server.port);
    let (mut ada, mut bob) = (Site::new(), Site::new());
    bob.write(&[("index.html", "bob"), ("CNAME", "example.org")]);
    let plan = bob.plan(&target).await.expect("a plan");
    ada.write(&[("index.html", "ada")]);
    ada.publish(&target).await.expect("published");
    let error = bob.carry_out(&target, &plan).await.expect_err("overtaken");
    assert!(matches!(error.kind, ErrorKind::Moved { .. }) && error.state == LiveState::Unchanged, "{error:?}");
    assert_eq!(repository.tree()["index.html"], b"ada");
    bob.publish(&target).await.expect("published");
    // The name of the site's domain stays, though the next build does not make it.
    ada.write(&[("index.html", "ada again")]);
    ada.publish(&target).await.expect("published");
    assert_eq!(repository.tree()["CNAME"], b"example.org");

    let wrong = self::target(&format!("http://127.0.0.1:{}/site.git", server.port), "ada", Some("wrong"));
    let error = ada.publish(&wrong).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::WrongSecret, "{error}");
    assert!(!error.message.contains("wrong-token") && !error.message.contains(TOKEN));
    let nowhere = self::target("http://127.0.0.1:1/site.git", "ada", Some(TOKEN));
    let error = ada.publish(&nowhere).await.expect_err("nobody");
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_over_ssh_with_a_key() {
    let Some(sshd) = Sshd::start("") else { return };
    let (repository, mut site) = (Repository::new(), Site::new());
    let known = sshd.target(sshd.port, galley_publish::SftpMode::Symlink, "").access.known_hosts;
    let remote = format!("ssh://root@127.0.0.1:{}{}", sshd.port, repository.path().display());
    let mut target = target(&remote, "", None);
    target.access.known_hosts = known;
    if let HostKind::Git(git) = &mut target.config.kind {
        git.key_file = Some(sshd.path("user"));
    }
    site.write(&[("index.html", "over ssh")]);
    site.publish(&target).await.expect("published");
    site.assert_tree(&repository.tree());
    target.access.known_hosts = sshd.path("nobody-known");
    target.access.also_known = Vec::new();
    let error = site.publish(&target).await.expect_err("an unknown key");
    assert!(error.message.contains("not known to SSH"), "{error}");
}

/// A line that is cut at many places: the branch is one whole release after each.
#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_the_branch_is_whole() {
    let repository = Repository::new();
    let Some(server) = repository.serve() else { return };
    let proxy = Proxy::to(server.port).await;
    let (mut site, target) = (Site::new(), over_http(proxy.port));
    site.write(&[("index.html", "start")]);
    site.publish(&target).await.expect("published");
    for cut in 0..6 {
        let before = repository.tree();
        site.write(&by_ref(&pages(10, 2000, cut + 1)));
        let plan = site.plan(&target).await.expect("a plan");
        proxy.cut_after(300 + cut * 4500);
        let outcome = site.carry_out(&target, &plan).await;
        let now = repository.tree();
        assert!(now == before || site.is_tree(&now), "cut {cut}: a mix");
        assert!(outcome.is_err() || site.is_tree(&now), "cut {cut}");
        proxy.mend();
        site.publish(&target).await.expect("gone on");
        site.assert_tree(&repository.tree());
    }
}
