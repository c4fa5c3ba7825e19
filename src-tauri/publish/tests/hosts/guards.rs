//! What is asked before a publish, and what is found afterwards: leaks, vanished addresses, drift.
//! The host is a folder; the rules are those of every host.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use galley_engine::Cancel;
use galley_publish::{ErrorKind, LiveState, Run, SftpMode, Target, publish};
use tempfile::TempDir;

use crate::ftp::Ftp;
use crate::site::{Site, folder_target, tree};
use crate::sshd::Sshd;
use crate::webdav::Dav;

#[tokio::test]
async fn a_key_stops_the_publish_until_it_is_meant() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    let key = ["AKIA", "2E0A8F3B244C9986"].concat();
    let page = format!("<p>{key}</p>");
    site.write(&[
        ("index.html", page.as_str()),
        (".env", "x=1"),
        ("drafts/plan.pdf", "pdf"),
        ("drafts/read.pdf", "pdf"),
        ("a.html", "<a href=\"/drafts/read.pdf\">"),
    ]);
    let plan = site.plan(&target).await.expect("a plan");
    let found: Vec<_> = plan.leaks.iter().map(|leak| leak.path.as_str()).collect();
    assert_eq!(found, [".env", "drafts/plan.pdf", "index.html"]);
    assert!(plan.leaks.iter().all(|leak| !leak.what.contains(&key) && !leak.help.contains(&key)));
    let error = site.carry_out(&target, &plan).await.expect_err("stopped");
    assert_eq!((error.kind, error.state), (ErrorKind::Leaks { files: 3 }, LiveState::Unchanged));
    assert!(tree(host.path()).is_empty());
    let cancel = Cancel::new();
    let run = Run { progress: &|_| {}, cancel: &cancel, allows_large_deletion: false, allows_leaks: true };
    publish(&target, &plan, &site.source, &site.store, &run).await.expect("published");
    // What is live already is not asked about again.
    site.write(&[
        ("index.html", page.as_str()),
        (".env", "x=1"),
        ("drafts/plan.pdf", "pdf"),
        ("drafts/read.pdf", "pdf"),
        ("a.html", "b"),
    ]);
    assert!(site.plan(&target).await.expect("a plan").leaks.is_empty());
}

#[tokio::test]
async fn an_address_that_would_be_gone_is_told_and_can_be_kept() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    site.write(&[
        ("index.html", "i"),
        ("old/one/index.html", "one"),
        ("a/index.html", "a"),
        ("b/index.html", "b"),
        ("c/index.html", "c"),
    ]);
    site.publish(&target).await.expect("published");
    let files = [
        ("index.html", "i"),
        ("new/one/index.html", "one"),
        ("a/index.html", "a"),
        ("b/index.html", "b"),
        ("c/index.html", "c"),
    ];
    site.write(&files);
    let plan = site.plan(&target).await.expect("a plan");
    let gone: Vec<_> = plan.vanished.iter().map(|one| (one.address.as_str(), one.moved.as_deref())).collect();
    assert_eq!(gone, [("/old/one/", Some("/new/one/"))]);
    site.source.extras.redirects = BTreeMap::from([("/old/one/".to_owned(), "/new/one/".to_owned())]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.vanished.is_empty());
    site.carry_out(&target, &plan).await.expect("published");
    let page = fs::read_to_string(host.path().join("old/one/index.html")).expect("a page");
    assert!(page.contains("http-equiv=\"refresh\" content=\"0; url=/new/one/\""), "{page}");
    assert_eq!(site.plan(&target).await.expect("a plan").put, []);
}

#[tokio::test]
async fn what_was_changed_or_lost_on_the_host_is_put_right() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    site.write(&[("index.html", "one"), ("a/index.html", "a"), ("b/index.html", "b")]);
    site.publish(&target).await.expect("published");
    fs::write(host.path().join("a/index.html"), "edited by hand").expect("an edit");
    fs::remove_file(host.path().join("b/index.html")).expect("a loss");
    // A usual plan looks only at what it would replace.
    assert!(site.plan(&target).await.expect("a plan").is_empty());
    site.source.repairs = true;
    let plan = site.plan(&target).await.expect("a plan");
    let put: Vec<_> = plan.put.iter().map(|put| put.path.as_str()).collect();
    assert_eq!(put, ["a/index.html", "b/index.html"]);
    assert!(plan.warnings.iter().any(|said| said.starts_with("2 files are not on the host")), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");
    site.assert_live(host.path());
}

/// Edits a file behind everybody's back so that its size stays, loses another, and has both put right.
async fn edits_of_the_same_size_are_found(target: &Target, root: &Path) {
    let mut site = Site::new();
    site.write(&[("index.html", "home"), ("a/index.html", "one"), ("b/index.html", "two"), ("c/index.html", "c")]);
    site.publish(target).await.expect("published");
    fs::write(root.join("a/index.html"), "ONE").expect("an edit");
    fs::remove_file(root.join("b/index.html")).expect("a loss");
    site.source.repairs = true;
    let plan = site.plan(target).await.expect("a plan");
    let put: Vec<_> = plan.put.iter().map(|put| put.path.as_str()).collect();
    assert_eq!(put, ["a/index.html", "b/index.html"]);
    site.carry_out(target, &plan).await.expect("published");
    site.assert_live(root);
    assert!(site.plan(target).await.expect("a plan").is_empty());
    // A usual publish says so of what it would replace.
    fs::write(root.join("a/index.html"), "ONE").expect("an edit");
    site.source.repairs = false;
    site.write(&[("index.html", "home"), ("a/index.html", "new"), ("b/index.html", "two"), ("c/index.html", "c")]);
    let plan = site.plan(target).await.expect("a plan");
    assert!(
        plan.warnings.iter().any(|said| said.contains("`a/index.html` changed on the host")),
        "{:?}",
        plan.warnings
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_in_a_folder() {
    let host = TempDir::new().expect("a folder");
    edits_of_the_same_size_are_found(&folder_target(host.path().to_path_buf(), ""), host.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_over_sftp() {
    let Some(sshd) = Sshd::start("") else { return };
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        let www = sshd.www();
        let _ = fs::remove_file(&www);
        edits_of_the_same_size_are_found(&sshd.target(sshd.port, mode, ""), &www).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_over_webdav() {
    let Some(dav) = Dav::apache() else { return };
    edits_of_the_same_size_are_found(&dav.target(dav.port), &dav.www()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_over_ftp() {
    let Some(server) = Ftp::python() else { return };
    edits_of_the_same_size_are_found(&server.target(), &server.www()).await;
}

#[tokio::test]
async fn how_many_pages_differ_is_known_without_asking() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    let built = |site: &Site| site.source.files.iter().map(|(path, (hash, _))| (path.clone(), *hash)).collect();
    site.write(&[
        ("index.html", "one"),
        ("a/index.html", "a"),
        ("b/index.html", "b"),
        ("c.css", "c"),
        ("d/index.html", "d"),
    ]);
    assert_eq!(site.store.differing(&built(&site)), None);
    site.publish(&target).await.expect("published");
    assert_eq!(site.store.differing(&built(&site)), Some(0));
    site.write(&[
        ("index.html", "two"),
        ("a/index.html", "a"),
        ("new/index.html", "n"),
        ("c.css", "cc"),
        ("d/index.html", "d"),
    ]);
    assert_eq!(site.store.differing(&built(&site)), Some(3), "one changed, one new, one gone");
}
