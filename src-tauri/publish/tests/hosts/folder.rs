//! A folder as a host: the plan, the order, the records, the way back.

use std::fs;
use std::time::{Duration, SystemTime};

use galley_engine::Cancel;
use galley_publish::{ErrorKind, LiveState, Phase, PutKind, Run, publish, releases, test};
use tempfile::TempDir;

use crate::site::{Site, folder_target, tree};
use crate::web;

#[tokio::test(flavor = "multi_thread")]
async fn a_release_replaces_another_and_comes_back() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let root = host.path().join("www");
    let target = folder_target(root.clone(), &web::serve(&root));

    site.write(&[
        ("index.html", "one"),
        ("é +/index.html", "odd"),
        ("gone/index.html", "gone"),
        ("a.css", "a"),
        (".htaccess", "x"),
    ]);
    let first = site.publish(&target).await.expect("published");
    // Hidden files are published, but no server shows them.
    assert_eq!((first.sent, first.removed, first.verified), (5, 0, 4));
    site.assert_live(&root);

    site.write(&[
        ("index.html", "two"),
        ("é +/index.html", "odd"),
        ("a.css", "a"),
        ("new.png", "n"),
        (".htaccess", "x"),
    ]);
    let plan = site.plan(&target).await.expect("a plan");
    let put: Vec<_> = plan.put.iter().map(|put| (put.path.as_str(), put.kind)).collect();
    assert_eq!(put, [("new.png", PutKind::Added), ("index.html", PutKind::Changed)]);
    let second = site.carry_out(&target, &plan).await.expect("published");
    assert_eq!((second.sent, second.removed, second.verified), (2, 1, 2));
    site.assert_live(&root);
    assert!(!root.join("gone").exists(), "an emptied folder stays");

    let known = releases(&target, &site.store).await.expect("releases");
    let known: Vec<_> = known.into_iter().map(|release| (release.id, release.is_live)).collect();
    assert_eq!(known, [(second.release, true), (first.release.clone(), false)]);
    let back = site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!((back.release, back.sent, back.removed), (first.release, 2, 1));
    assert_eq!(tree(&root)["index.html"], b"one");
    assert!(root.join("gone/index.html").exists() && !root.join("new.png").exists());
    let error = site.roll_back(&target, "no-such-release").await.expect_err("none");
    assert_eq!(error.kind, ErrorKind::NoRelease);
}

#[tokio::test]
async fn a_folder_that_is_not_there_yet_is_tried_and_left_as_it_was() {
    let host = TempDir::new().expect("a folder");
    let root = host.path().join("www");
    let steps = test(&folder_target(root.clone(), "")).await;
    assert!(steps.len() > 1 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    assert!(steps.iter().any(|step| step.message.contains("publishing makes it")), "{steps:?}");
    assert!(!root.exists());
}

#[tokio::test]
async fn a_file_becomes_a_folder_and_back() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    for files in [
        &[("index.html", "i"), ("a", "file"), ("b/x/index.html", "x")][..],
        &[("index.html", "i"), ("a/index.html", "page"), ("b", "file")],
        &[("index.html", "i"), ("a", "file"), ("b/x/index.html", "x")],
    ] {
        site.write(files);
        site.publish(&target).await.expect("published");
        site.assert_live(host.path());
    }
}

#[tokio::test]
async fn nothing_to_publish_and_large_deletions_are_refused() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    site.write::<&str>(&[]);
    assert_eq!(site.publish(&target).await.expect_err("empty").kind, ErrorKind::EmptyOutput);
    site.write(&[("index.html", "i"), ("a.html", "a"), ("b.html", "b")]);
    site.publish(&target).await.expect("published");
    site.write(&[("index.html", "i")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.is_large_deletion);
    let cancel = Cancel::new();
    let run = Run { progress: &|_| {}, cancel: &cancel, allows_large_deletion: false, allows_leaks: false };
    let error = publish(&target, &plan, &site.source, &site.store, &run).await.expect_err("refused");
    assert_eq!((error.kind, error.state), (ErrorKind::LargeDeletion { files: 2 }, LiveState::Unchanged));
    assert!(host.path().join("a.html").exists());
}

#[tokio::test]
async fn a_file_that_changes_after_the_plan_is_noticed() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    site.write(&[("index.html", "one"), ("a.css", "a")]);
    let plan = site.plan(&target).await.expect("a plan");
    fs::write(site.source.folder.join("a.css"), "b").expect("an edit");
    let error = site.carry_out(&target, &plan).await.expect_err("noticed");
    assert_eq!(error.kind, ErrorKind::SourceChanged { path: "a.css".into() });
    assert!(tree(host.path()).is_empty(), "something was sent");
    // A plan made now sees that the file is not what the build wrote.
    let error = site.plan(&target).await.expect_err("noticed");
    assert_eq!(error.kind, ErrorKind::SourceChanged { path: "a.css".into() });
}

#[tokio::test]
async fn edits_and_losses_on_the_host_are_told() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    fs::write(host.path().join("theirs.txt"), "mine").expect("a file");
    site.write(&[("index.html", "one"), ("a.css", "a")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|warning| warning.contains("did not put there")), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");

    fs::write(host.path().join("index.html"), "edited by hand").expect("an edit");
    site.write(&[("index.html", "two"), ("a.css", "a")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|said| said.contains("`index.html` changed on the host")), "{:?}", plan.warnings);

    fs::write(host.path().join(".galley/current.json"), "{").expect("damage");
    site.write(&[("index.html", "two")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|warning| warning.contains("damaged")), "{:?}", plan.warnings);
    assert!(plan.delete.is_empty());
    site.carry_out(&target, &plan).await.expect("published");
    assert_eq!(tree(host.path())["theirs.txt"], b"mine");
}

#[tokio::test]
async fn a_release_made_meanwhile_or_elsewhere_is_told() {
    let (mut ours, mut theirs, host) = (Site::new(), Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    let mut other = target.clone();
    other.access.by = "bob@desk".into();
    ours.write(&[("index.html", "ours")]);
    ours.publish(&target).await.expect("published");
    ours.write(&[("index.html", "ours again")]);
    let plan = ours.plan(&target).await.expect("a plan");
    theirs.write(&[("index.html", "theirs")]);
    theirs.publish(&other).await.expect("published");
    let error = ours.carry_out(&target, &plan).await.expect_err("moved");
    assert!(matches!(&error.kind, ErrorKind::Moved { by, .. } if by == "bob@desk"), "{error:?}");
    theirs.assert_live(host.path());
    let plan = ours.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|warning| warning.contains("published by bob@desk")), "{:?}", plan.warnings);
}

#[tokio::test]
async fn two_writers_and_a_stale_lock() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    site.write(&[("index.html", "one")]);
    site.publish(&target).await.expect("published");
    site.write(&[("index.html", "two")]);
    let lock = host.path().join(".galley/lock");
    fs::write(&lock, r#"{"by":"bob@desk","token":"other","time":1800000000}"#).expect("a lock");
    let error = site.publish(&target).await.expect_err("locked");
    assert_eq!(error.kind, ErrorKind::Locked { by: "bob@desk".into(), since: 1_800_000_000 });
    assert_eq!(tree(host.path())["index.html"], b"one");
    let old = SystemTime::now() - Duration::from_secs(125);
    fs::File::options().write(true).open(&lock).and_then(|file| file.set_modified(old)).expect("an old lock");
    site.publish(&target).await.expect("the stale lock is broken");
    site.assert_live(host.path());
    assert!(!lock.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_served_must_be_what_was_published() {
    let (mut site, host, other) = (Site::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let url = web::serve(other.path());
    let target = folder_target(host.path().to_path_buf(), &url);
    fs::write(other.path().join("index.html"), "something else").expect("a file");
    site.write(&[("index.html", "one")]);
    let error = site.publish(&target).await.expect_err("not verified");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Verify { url }, LiveState::Live));
    assert!(error.message.contains("not what was published"), "{error}");
    // Publishing again sends nothing, and still does not say *published*.
    let error = site.publish(&target).await.expect_err("still not verified");
    assert_eq!(error.state, LiveState::Live);
    fs::write(other.path().join("index.html"), "one").expect("a file");
    let done = site.publish(&target).await.expect("published");
    assert_eq!((done.sent, done.verified), (1, 1));
    assert!(site.store.unfinished().is_none());
}

#[tokio::test]
async fn a_cancelled_publish_leaves_the_site_and_goes_on() {
    let (mut site, host) = (Site::new(), TempDir::new().expect("a folder"));
    let target = folder_target(host.path().to_path_buf(), "");
    site.write(&[("index.html", "one")]);
    site.publish(&target).await.expect("published");
    let files: Vec<_> = (0..50).map(|n| (format!("p{n}.html"), format!("page {n}"))).collect();
    let mut files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("index.html", "two"));
    site.write(&files);
    let error = site.cancel_at(&target, Phase::Pages, 10).await.expect_err("cancelled");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Cancelled, LiveState::Unchanged));
    assert_eq!(tree(host.path()).len(), 1);
    let unfinished = site.store.unfinished().expect("an unfinished publish");
    assert!(unfinished.done >= 10 && unfinished.files == 51, "{unfinished:?}");
    let done = site.publish(&target).await.expect("published");
    assert_eq!(done.release, unfinished.id);
    assert!(site.store.unfinished().is_none());
    site.assert_live(host.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_tried_for_real() {
    let host = TempDir::new().expect("a folder");
    let steps = test(&folder_target(host.path().to_path_buf(), &web::serve(host.path()))).await;
    let names: Vec<_> = steps.iter().map(|step| (step.what.as_str(), step.is_ok)).collect();
    let wanted = ["Connect", "Write", "Read back", "Read over HTTP", "Rename", "Delete"];
    assert_eq!(names, wanted.map(|name| (name, true)));
    assert!(tree(host.path()).is_empty());
    let steps = test(&folder_target("/no/such/place".into(), "")).await;
    assert!(!steps[0].is_ok && steps[0].message.contains("/no/such/place"), "{steps:?}");
}
