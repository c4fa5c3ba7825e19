//! Who the server is, and who we are: keys, passwords, passphrases.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use galley_publish::{ErrorKind, Secret, SftpMode, trust_key};

use crate::site::{Site, tree};
use crate::sshd::{Sshd, keygen, settings};

fn one_page() -> Site {
    let mut site = Site::new();
    site.write(&[("index.html", "one")]);
    site
}

/// What `ssh-keygen -l` says of a public key.
fn fingerprint(sshd: &Sshd, file: &str) -> String {
    let out = Command::new("ssh-keygen").arg("-lf").arg(sshd.path(file)).output().expect("ssh-keygen");
    String::from_utf8_lossy(&out.stdout).split(' ').nth(1).expect("a fingerprint").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_server_is_shown_and_then_trusted() {
    let Some(sshd) = Sshd::start("") else { return };
    let (site, mut target) = (one_page(), sshd.target(sshd.port, SftpMode::Symlink, ""));
    target.access.known_hosts = sshd.path("ssh/known_hosts");
    let error = site.publish(&target).await.expect_err("unknown");
    let fingerprint = fingerprint(&sshd, "host.pub");
    assert_eq!(error.kind, ErrorKind::UnknownKey { fingerprint: fingerprint.clone() });
    let error = trust_key(&target, "SHA256:another").await.expect_err("not that one");
    assert!(matches!(error.kind, ErrorKind::UnknownKey { .. }));
    assert!(!target.access.known_hosts.exists());
    trust_key(&target, &fingerprint).await.expect("trusted");
    site.publish(&target).await.expect("published");
    // OpenSSH itself reads the record.
    let name = format!("[127.0.0.1]:{}", sshd.port);
    let found = Command::new("ssh-keygen").args(["-F", &name, "-f"]).arg(&target.access.known_hosts).output();
    assert!(found.expect("ssh-keygen").status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_server_key_is_a_hard_stop() {
    let Some(sshd) = Sshd::start("") else { return };
    let (site, target) = (one_page(), sshd.target(sshd.port, SftpMode::Symlink, ""));
    keygen(&sshd.path("impostor"), "");
    let other = fs::read_to_string(sshd.path("impostor.pub")).expect("a key");
    fs::write(&target.access.known_hosts, format!("[127.0.0.1]:{} {other}", sshd.port)).expect("known hosts");
    let error = site.publish(&target).await.expect_err("changed");
    let (expected, got) = (fingerprint(&sshd, "impostor.pub"), fingerprint(&sshd, "host.pub"));
    assert_eq!(error.kind, ErrorKind::ChangedKey { expected, got: got.clone() });
    let error = trust_key(&target, &got).await.expect_err("not by a click");
    assert!(matches!(error.kind, ErrorKind::ChangedKey { .. }));
    let log = fs::read_to_string(sshd.path("log")).expect("the log");
    assert!(!log.contains("Accepted") && !log.contains("Failed"), "a login was tried: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn key_files_with_and_without_their_passphrase() {
    let Some(sshd) = Sshd::start("") else { return };
    let (site, mut target) = (one_page(), sshd.target(sshd.port, SftpMode::Symlink, ""));
    keygen(&sshd.path("locked"), "correct horse");
    fs::copy(sshd.path("locked.pub"), sshd.path("authorized")).expect("authorized");
    settings(&mut target).key_file = Some(sshd.path("locked"));
    assert_eq!(site.publish(&target).await.expect_err("locked").kind, ErrorKind::SecretNeeded);
    target.access.secret = Some(Secret::new("wrong"));
    assert_eq!(site.publish(&target).await.expect_err("wrong").kind, ErrorKind::WrongSecret);
    target.access.secret = Some(Secret::new("correct horse"));
    site.publish(&target).await.expect("published");
    settings(&mut target).key_file = Some(sshd.path("user"));
    target.access.secret = None;
    assert_eq!(site.publish(&target).await.expect_err("not authorized").kind, ErrorKind::WrongSecret);
    settings(&mut target).key_file = None;
    assert_eq!(site.publish(&target).await.expect_err("nothing").kind, ErrorKind::SecretNeeded);
}

/// A user of this machine that is there as long as the test.
struct User(String);

impl User {
    fn new(password: &str) -> Self {
        let user = Self(format!("galley{}", std::process::id()));
        let made = Command::new("useradd").args(["-M", "-d", "/", "-s", "/bin/sh", &user.0]).status();
        assert!(made.expect("useradd").success());
        let hash = Command::new("openssl").args(["passwd", "-6", password]).output().expect("openssl");
        let hash = String::from_utf8_lossy(&hash.stdout).trim().to_owned();
        let set = Command::new("usermod").args(["-p", &hash, &user.0]).status();
        assert!(set.expect("usermod").success());
        user
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = Command::new("userdel").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_opens_and_a_wrong_one_is_tried_once() {
    let Some(sshd) = Sshd::start("PasswordAuthentication yes\nLogLevel VERBOSE") else { return };
    let user = User::new("s3cret");
    let (site, mut target) = (one_page(), sshd.target(sshd.port, SftpMode::Symlink, ""));
    for folder in [sshd.path(""), sshd.path("srv")] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("a folder for all");
    }
    settings(&mut target).user.clone_from(&user.0);
    settings(&mut target).key_file = None;
    assert_eq!(site.publish(&target).await.expect_err("none").kind, ErrorKind::SecretNeeded);
    target.access.secret = Some(Secret::new("wr0ng"));
    let error = site.publish(&target).await.expect_err("wrong");
    assert_eq!(error.kind, ErrorKind::WrongSecret);
    assert!(!format!("{error:?}").contains("wr0ng"));
    let log = fs::read_to_string(sshd.path("log")).expect("the log");
    assert_eq!(log.matches("Failed password").count(), 1, "{log}");
    target.access.secret = Some(Secret::new("s3cret"));
    site.publish(&target).await.expect("published");
    assert_eq!(tree(&sshd.www())["index.html"], b"one");
}
