//! An SSH server as a host, in both modes: what is live, and when.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_publish::{ErrorKind, LiveState, SftpMode, releases, test};

use crate::site::{Site, by_ref, pages, tree};
use crate::sshd::{Sshd, settings};
use crate::web;

async fn publish_change_delete_and_back(mode: SftpMode) {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let url = web::serve(&www);
    let target = sshd.target(sshd.port, mode, &url);

    site.write(&[
        ("index.html", "one"),
        ("é +/index.html", "odd"),
        ("gone/index.html", "gone"),
        ("a.css", "a"),
        ("empty.txt", ""),
    ]);
    let first = site.publish(&target).await.expect("published");
    assert_eq!((first.sent, first.removed, first.verified), (5, 0, 5));
    site.assert_live(&www);

    site.write(&[
        ("index.html", "two"),
        ("é +/index.html", "odd"),
        ("a.css", "a"),
        ("new/index.html", "n"),
        ("empty.txt", ""),
    ]);
    let second = site.publish(&target).await.expect("published");
    assert_eq!((second.sent, second.removed, second.verified), (2, 1, 2));
    site.assert_live(&www);
    assert_eq!(web::get(&url, "gone/").0, 404);

    let known = releases(&target, &site.store).await.expect("releases");
    let known: Vec<_> = known.into_iter().map(|release| (release.id, release.is_live)).collect();
    assert_eq!(known, [(second.release, true), (first.release.clone(), false)]);
    site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!(web::get(&url, ""), (200, b"one".to_vec()));
    assert_eq!(web::get(&url, "gone/"), (200, b"gone".to_vec()));
    assert_eq!(web::get(&url, "new/").0, 404);

    let steps = test(&target).await;
    assert!(steps.len() == 6 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    assert!(!tree(&www).keys().any(|name| name.contains("galley-test")));
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_symlink() {
    publish_change_delete_and_back(SftpMode::Symlink).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_place() {
    publish_change_delete_and_back(SftpMode::InPlace).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_can_read_the_site_and_nobody_galleys_own() {
    let Some(sshd) = Sshd::start("ForceCommand internal-sftp -u 0077") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    site.write(&[("a/index.html", "one")]);
    site.publish(&sshd.target(sshd.port, SftpMode::InPlace, "")).await.expect("published");
    let mode = |path: &str| fs::metadata(www.join(path)).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode("a"), mode("a/index.html"), mode(".galley")), (0o755, 0o644, 0o700));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_never_see_half_a_release() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let url = web::serve(&www);
    let target = sshd.target(sshd.port, SftpMode::Symlink, &url);
    let page = |version: &str| format!("<html>{version}{}</html>", "x".repeat(20_000)).into_bytes();
    let release = |version: &str| -> Vec<(String, Vec<u8>)> {
        (0..60).map(|n| (format!("p{n}/index.html"), page(version))).collect()
    };
    site.write(&by_ref(&release("v1")));
    site.publish(&target).await.expect("published");

    let is_over = Arc::new(AtomicBool::new(false));
    let (over, address, old, new) = (Arc::clone(&is_over), url.clone(), page("v1"), page("v2"));
    let reader = std::thread::spawn(move || {
        let (mut reads, mut has_new) = (0, false);
        while !over.load(Ordering::SeqCst) || !has_new {
            let (status, body) = web::get(&address, &format!("p{}/", reads % 60));
            assert!(status == 200 && (body == old || body == new), "{status}, {} bytes", body.len());
            assert!(body == new || !has_new, "an old page after a new one");
            has_new |= body == new;
            reads += 1;
        }
    });
    site.write(&by_ref(&release("v2")));
    site.publish(&target).await.expect("published");
    is_over.store(true, Ordering::SeqCst);
    reader.join().expect("a reader that saw no half");
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_files_are_shared_and_old_releases_go() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let target = sshd.target(sshd.port, SftpMode::Symlink, "");
    for n in 0..7 {
        site.write(&[("index.html", format!("release {n}")), ("big.css", "shared".into())]);
        site.publish(&target).await.expect("published");
    }
    assert_eq!(fs::read_dir(sshd.path("srv/releases")).expect("releases").count(), 5);
    assert_eq!(fs::metadata(www.join("big.css")).expect("there").nlink(), 5);
    site.assert_live(&www);
    // The oldest is gone from the host, and comes back from here.
    let oldest = releases(&target, &site.store).await.expect("releases").pop().expect("one").id;
    site.roll_back(&target, &oldest).await.expect("rolled back");
    assert_eq!(fs::read(www.join("index.html")).expect("there"), b"release 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_edited_in_the_live_release_is_not_handed_on() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let target = sshd.target(sshd.port, SftpMode::Symlink, "");
    site.write(&[("index.html", "one"), ("a.css", "a"), ("b.css", "b")]);
    site.publish(&target).await.expect("published");
    fs::write(www.join("a.css"), "edited").expect("an edit");
    site.write(&[("index.html", "two"), ("a.css", "a"), ("b.css", "b")]);
    site.publish(&target).await.expect("published");
    site.assert_live(&www);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_folder_is_published_in_place_and_says_so() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    fs::create_dir_all(&www).expect("a folder");
    fs::write(www.join("theirs.txt"), "mine").expect("a file");
    let target = sshd.target(sshd.port, SftpMode::Symlink, "");
    site.write(&[("index.html", "one")]);
    let plan = site.plan(&target).await.expect("a plan");
    let said = &plan.warnings;
    assert!(said[0].contains("real folder") && said[1].contains("file by file"), "{said:?}");
    site.carry_out(&target, &plan).await.expect("published");
    assert_eq!(tree(&www).len(), 2);
}

/// From the 129th open handle on, handles are no longer text and writes fail.
#[tokio::test(flavor = "multi_thread")]
async fn far_more_files_than_handles() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    for (mode, seed) in [(SftpMode::Symlink, 1), (SftpMode::InPlace, 2)] {
        let _ = fs::remove_file(&www);
        site.write(&by_ref(&pages(600, 3000, seed)));
        site.publish(&sshd.target(sshd.port, mode, "")).await.expect("published");
        site.assert_live(&www);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_made_is_named() {
    let Some(sshd) = Sshd::start("") else { return };
    let mut site = Site::new();
    let mut target = sshd.target(sshd.port, SftpMode::InPlace, "");
    settings(&mut target).path = "/no/such/place".into();
    site.write(&[("index.html", "one")]);
    let error = site.publish(&target).await.expect_err("no folder");
    assert!(error.message.contains("/no/such/place"), "{error}");
    assert_eq!((error.kind, error.state), (ErrorKind::Host, LiveState::Unchanged));
}
