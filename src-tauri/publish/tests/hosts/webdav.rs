//! A `WebDAV` collection as a host: Apache's `mod_dav` with a password, and `WsgiDAV` without one.
//! What is live is read from the folder that the server serves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use galley_publish::{Access, ErrorKind, HostConfig, HostKind, Secret, Target, WebDavHost, releases, test};
use tempfile::TempDir;

use crate::certs::certificate;
use crate::site::{Site, by_ref, pages, tree};
use crate::tools::{Running, free_port, tool};
use crate::web::ask;

pub const PASSWORD: &str = "dav-password-not-to-be-seen";

pub struct Dav {
    pub folder: TempDir,
    pub port: u16,
    _server: Running,
}

impl Dav {
    /// Apache with `mod_dav` below `/dav/`, and the same files for everyone at `/`.
    pub fn apache() -> Option<Self> {
        Self::apache_with(&[], "")
    }

    /// The same with more modules, and more lines for the folder that everyone reads.
    pub fn apache_with(more: &[&str], lines: &str) -> Option<Self> {
        let apache = tool("apache2")?;
        let (folder, port) = (TempDir::new().expect("a folder"), free_port());
        let at = folder.path();
        fs::create_dir_all(at.join("www")).expect("a folder");
        let hash = Command::new(tool("openssl")?).args(["passwd", "-apr1", PASSWORD]).output().expect("openssl").stdout;
        fs::write(at.join("users"), format!("ada:{}", String::from_utf8_lossy(&hash))).expect("a file");
        let modules = [
            "mpm_event",
            "authz_core",
            "authn_core",
            "authn_file",
            "auth_basic",
            "authz_user",
            "dav",
            "dav_fs",
            "dir",
            "alias",
        ];
        let load = modules.iter().chain(more).fold(String::new(), |mut load, name| {
            load.extend(["LoadModule ", name, "_module /usr/lib/apache2/modules/mod_", name, ".so\n"]);
            load
        });
        let who = if is_root() { "User www-data\nGroup www-data\n" } else { "" };
        let at_text = at.display();
        let config = format!(
            "{load}{who}ServerRoot {at_text}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {at_text}/pid\n\
             ErrorLog {at_text}/log\nDavLockDB {at_text}/locks\nDocumentRoot {at_text}/www\nDirectorySlash Off\n\
             <Directory {at_text}/www>\nRequire all granted\n{lines}\n</Directory>\nAlias /dav {at_text}/www\nDirectoryIndex index.html\n\
             <Location /dav>\nDav On\nDirectoryIndex disabled\nAuthType Basic\nAuthName dav\nAuthUserFile {at_text}/users\nRequire valid-user\n</Location>\n"
        );
        fs::write(at.join("httpd.conf"), config).expect("a file");
        own(at);
        let mut command = Command::new(apache);
        command.args(["-DFOREGROUND", "-f"]).arg(at.join("httpd.conf")).stdin(Stdio::null()).stderr(Stdio::null());
        let mut server = Running::start(&mut command);
        server.until("Apache", || ask("GET", &format!("http://127.0.0.1:{port}/none")).is_some());
        Some(Self { folder, port, _server: server })
    }

    /// `WsgiDAV`, without a password.
    fn lax() -> Option<Self> {
        let server = tool("wsgidav")?;
        let (folder, port) = (TempDir::new().expect("a folder"), free_port());
        fs::create_dir_all(folder.path().join("www")).expect("a folder");
        let mut command = Command::new(server);
        command
            .args(["--host=127.0.0.1", &format!("--port={port}"), "--auth=anonymous", "--no-config", "-q", "--root"])
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = Running::start(&mut command);
        server.until("WsgiDAV", || ask("GET", &format!("http://127.0.0.1:{port}/none")).is_some());
        Some(Self { folder, port, _server: server })
    }

    pub fn www(&self) -> PathBuf {
        self.folder.path().join("www")
    }

    pub fn target(&self, port: u16) -> Target {
        let dav = WebDavHost { address: format!("http://127.0.0.1:{port}/dav"), user: "ada".into(), ca_file: None };
        Target {
            config: HostConfig { url: format!("http://127.0.0.1:{}/", self.port), kind: HostKind::WebDav(dav) },
            access: Access { secret: Some(Secret::new(PASSWORD)), by: "ada@laptop".into(), ..Access::default() },
        }
    }
}

pub fn settings(target: &mut Target) -> &mut WebDavHost {
    match &mut target.config.kind {
        HostKind::WebDav(dav) => dav,
        _ => panic!("no WebDAV"),
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n")
}

/// Lets the server's own user in.
fn own(folder: &Path) {
    if is_root() {
        let done = Command::new("chown").args(["-R", "www-data:www-data"]).arg(folder).status();
        assert!(done.expect("chown").success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_a_host() {
    let Some(dav) = Dav::apache() else { return };
    let (mut site, target) = (Site::new(), dav.target(dav.port));
    let steps = test(&target).await;
    assert!(steps.len() == 6 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    site.write(&[("index.html", "one"), ("é +/index.html", "odd"), ("gone/index.html", "gone"), ("a.css", "a")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|said| said.contains("not encrypted")), "{:?}", plan.warnings);
    let first = site.carry_out(&target, &plan).await.expect("published");
    assert_eq!((first.sent, first.verified), (4, 4));
    site.assert_live(&dav.www());

    site.write(&[("index.html", "two"), ("é +/index.html", "odd"), ("a.css", "a"), ("new.png", "n")]);
    let second = site.publish(&target).await.expect("published");
    assert_eq!((second.sent, second.removed, second.verified), (2, 1, 2));
    site.assert_live(&dav.www());
    assert!(!dav.www().join("gone").exists(), "an emptied folder stays");

    // Fault 31: a file becomes a folder and back.
    for files in [
        &[("index.html", "i"), ("a", "file")][..],
        &[("index.html", "i"), ("a/index.html", "page")],
        &[("index.html", "i"), ("a", "file")],
    ] {
        site.write(files);
        site.publish(&target).await.expect("published");
        site.assert_live(&dav.www());
    }
    let known = releases(&target, &site.store).await.expect("releases");
    assert_eq!(known.len(), 5);
    site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!(tree(&dav.www())["index.html"], b"one");

    what_is_wrong_is_named(&dav, &site).await;
}

async fn what_is_wrong_is_named(dav: &Dav, site: &Site) {
    let mut target = dav.target(dav.port);
    target.access.secret = Some(Secret::new("wrong"));
    let error = site.publish(&target).await.expect_err("refused");
    assert!(error.kind == ErrorKind::WrongSecret && error.help.contains("app password"), "{error:?}");
    let mut target = dav.target(dav.port);
    settings(&mut target).address = format!("http://127.0.0.1:{}", dav.port);
    let error = site.publish(&target).await.expect_err("no WebDAV there");
    assert!(error.message.contains("no WebDAV"), "{error:?}");
    // A lock that another writer holds.
    let lock = br#"{"by":"bob@desk","token":"1","time":1800000000}"#;
    fs::write(dav.www().join(".galley/lock"), lock).expect("a lock");
    let error = site.publish(&dav.target(dav.port)).await.expect_err("locked");
    assert!(matches!(&error.kind, ErrorKind::Locked { by, .. } if by == "bob@desk"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lax_server_will_do() {
    let Some(dav) = Dav::lax() else { return };
    let (mut site, mut target) = (Site::new(), dav.target(dav.port));
    settings(&mut target).address = format!("http://127.0.0.1:{}/www", dav.port);
    settings(&mut target).user = String::new();
    target.access.secret = None;
    target.config.url = String::new();
    site.write(&by_ref(&pages(30, 2000, 1)));
    site.publish(&target).await.expect("published");
    site.assert_live(&dav.www());
    site.write(&by_ref(&pages(20, 2000, 2)));
    site.publish(&target).await.expect("published");
    site.assert_live(&dav.www());
}

/// Fault 12: a certificate that is over, made out to another, or vouched for by nobody, stops all.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_does_not_hold_stops_all() {
    let mut site = Site::new();
    site.write(&[("index.html", "one")]);
    for (name, days, trusts, words) in [
        ("IP:127.0.0.1", -1, true, "expired"),
        ("IP:127.0.0.2", 2, true, "another name"),
        ("IP:127.0.0.1", 2, false, "no authority"),
    ] {
        let folder = TempDir::new().expect("a folder");
        let Some(made) = certificate(folder.path(), name, days) else { return };
        let port = free_port();
        let mut command = Command::new(tool("openssl").expect("it was there"));
        command.args(["s_server", "-quiet", "-www", "-accept", &format!("127.0.0.1:{port}")]);
        command
            .arg("-cert")
            .arg(&made.file)
            .arg("-key")
            .arg(&made.key)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = Running::start(&mut command);
        server.until("openssl", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        let dav = WebDavHost {
            address: format!("https://127.0.0.1:{port}/dav"),
            user: "ada".into(),
            ca_file: trusts.then(|| made.authority.clone()),
        };
        let target = Target {
            config: HostConfig { url: String::new(), kind: HostKind::WebDav(dav) },
            access: Access { secret: Some(Secret::new(PASSWORD)), ..Access::default() },
        };
        let error = site.publish(&target).await.expect_err("distrusted");
        assert_eq!(error.kind, ErrorKind::Certificate, "{name} {days}: {error:?}");
        assert!(error.message.contains(words) && error.message.contains("Nothing was sent"), "{error}");
    }
}
