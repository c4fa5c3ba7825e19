//! Who the server is, and who we are: keys, passwords, passphrases.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use galley_publish::{ErrorKind, Secret, SftpMode, forget_key, trust_key};

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
    // It is forgotten with the host, and no other server is.
    let record = fs::read_to_string(&target.access.known_hosts).expect("a record");
    fs::write(&target.access.known_hosts, format!("# mine\n{record}other.example {}", key_of(&record))).expect("more");
    forget_key(&target).expect("forgotten");
    let rest = fs::read_to_string(&target.access.known_hosts).expect("the rest");
    assert_eq!(rest.trim_start_matches("# mine\n").trim(), format!("other.example {}", key_of(&record)));
    assert!(matches!(site.publish(&target).await.expect_err("unknown").kind, ErrorKind::UnknownKey { .. }));
}

/// The key in a record of one server.
fn key_of(record: &str) -> &str {
    record.trim().split_once(' ').expect("a name and a key").1
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_that_ssh_knows_are_read_and_never_written() {
    let Some(sshd) = Sshd::start("") else { return };
    let (site, mut target) = (one_page(), sshd.target(sshd.port, SftpMode::Symlink, ""));
    let ssh = std::mem::replace(&mut target.access.known_hosts, sshd.path("own"));
    target.access.also_known = vec![ssh.clone()];
    let before = fs::read_to_string(&ssh).expect("known hosts");
    site.publish(&target).await.expect("known to SSH is known");
    forget_key(&target).expect("nothing of ours");
    assert_eq!(fs::read_to_string(&ssh).expect("known hosts"), before);
    // Another key in SSH's own file stops everything, and is named with its line.
    keygen(&sshd.path("impostor"), "");
    let other = fs::read_to_string(sshd.path("impostor.pub")).expect("a key");
    fs::write(&ssh, format!("# a comment\n\n[127.0.0.1]:{} {other}", sshd.port)).expect("known hosts");
    let got = fingerprint(&sshd, "host.pub");
    let error = trust_key(&target, &got).await.expect_err("not by a click");
    assert!(matches!(error.kind, ErrorKind::ChangedKey { .. }));
    assert!(error.help.contains(&format!("remove line 3 of `{}`", ssh.display())), "{}", error.help);
    assert!(!sshd.path("own").exists());
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
    let line = format!("remove line 1 of `{}`", target.access.known_hosts.display());
    assert!(error.help.contains(&line), "{}", error.help);
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
