//! Faults 26 and 37: files that arrive damaged, releases that lost files, and what was removed and stays.
//! What this machine keeps makes them whole again.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_publish::{ErrorKind, LiveState, Phase, Progress, SftpMode};

use super::assert_says;
use crate::netlify_fake::Netlify;
use crate::site::{Site, by_ref, folder_target, pages};
use crate::sshd::Sshd;
use crate::web::{self, Watch, get};
use crate::weed::Bucket;

#[tokio::test(flavor = "multi_thread")]
async fn fault_26_what_was_truncated_on_the_server_is_sent_again() {
    let Some(sshd) = Sshd::start("") else { return };
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        let (mut site, www) = (Site::new(), sshd.www());
        let _ = fs::remove_file(&www);
        let url = web::serve(&www);
        let target = sshd.target(sshd.port, mode, &url);
        site.write(&by_ref(&pages(5, 3000, 1)));
        site.publish(&target).await.expect("published");
        let files = pages(5, 3000, 2);
        site.write(&by_ref(&files));
        let plan = site.plan(&target).await.expect("a plan");
        // Once all is live and nothing was read back yet, the server loses half of a file.
        let is_done = AtomicBool::new(false);
        let told = |progress: Progress| {
            if progress.phase == Phase::Verify && !is_done.swap(true, Ordering::SeqCst) {
                fs::File::options()
                    .write(true)
                    .open(www.join("p3/index.html"))
                    .and_then(|file| file.set_len(1500))
                    .expect("cut");
            }
        };
        let done = site.carry_out_telling(&target, &plan, &told).await.expect("published");
        assert_eq!((done.sent, done.resent, done.verified), (5, 1, 4 + 1));
        assert_eq!(get(&url, "p3/"), (200, files[3].1.clone()));
        site.assert_live(&www);
        assert!(site.store.unfinished().is_none());
        assert!(site.plan(&target).await.expect("a plan").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_26_what_is_truncated_every_time_is_not_called_published() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let url = web::serve(&www);
    let target = sshd.target(sshd.port, SftpMode::InPlace, &url);
    site.write(&[("index.html", "a home page"), ("a/index.html", "a page that is cut")]);
    let plan = site.plan(&target).await.expect("a plan");
    let told = |progress: Progress| {
        if progress.phase == Phase::Verify {
            fs::write(www.join("a/index.html"), "a page").expect("cut");
        }
    };
    let error = site.carry_out_telling(&target, &plan, &told).await.expect_err("cut again");
    assert_eq!(
        (&error.kind, error.state),
        (&ErrorKind::Verify { url: format!("{url}a/") }, LiveState::Live),
        "{error:?}"
    );
    assert_says(&error, &["The release was published, but reading back", "/a/ failed", "The new release is live."]);
    assert_eq!((get(&url, ""), get(&url, "a/")), ((200, b"a home page".to_vec()), (200, b"a page".to_vec())));
    assert!(site.store.unfinished().is_some());
}

/// What was removed must be gone: from the host, and not only from its list.
#[tokio::test(flavor = "multi_thread")]
async fn a_removed_page_that_is_still_served_is_told_apart_from_a_stale_cache() {
    let host = tempfile::TempDir::new().expect("a folder");
    let (root, is_cache) = (host.path().to_path_buf(), std::sync::Arc::new(AtomicBool::new(false)));
    let (at, caches) = (root.clone(), std::sync::Arc::clone(&is_cache));
    // Goes on serving `old/`: as a host that has it somewhere else, or as a cache that knows its address.
    let url = web::front(move |path| {
        let is_old = path == "old/index.html" || path.starts_with("old/?galley=");
        if is_old && !(caches.load(Ordering::SeqCst) && path.contains('?')) {
            return (200, Vec::new(), b"old".to_vec());
        }
        match fs::read(at.join(path.split('?').next().unwrap_or_default())) {
            Ok(bytes) => (200, Vec::new(), bytes),
            Err(_) => (404, Vec::new(), Vec::new()),
        }
    });
    let (mut site, target) = (Site::new(), folder_target(root, &url));
    let both = [("index.html", "home"), ("a/index.html", "a"), ("b/index.html", "b"), ("old/index.html", "old")];
    site.write(&both);
    site.publish(&target).await.expect("published");
    site.write(&both[..3]);
    let error = site.publish(&target).await.expect_err("still served");
    assert_eq!(
        (&error.kind, error.state),
        (&ErrorKind::Verify { url: format!("{url}old/") }, LiveState::Live),
        "{error:?}"
    );
    assert_says(&error, &["old/, which was removed, is still served", "Look there", "The new release is live."]);
    // The same from a cache: published, and said to be stale.
    site.write(&both);
    site.publish(&target).await.expect("published");
    is_cache.store(true, Ordering::SeqCst);
    site.write(&both[..3]);
    let done = site.publish(&target).await.expect("published");
    assert_eq!((done.removed, done.gone, done.stale), (1, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_37_a_kept_release_that_lost_files_is_made_up_from_here() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let url = web::serve(&www);
    let target = sshd.target(sshd.port, SftpMode::Symlink, &url);
    site.write(&[("index.html", "one"), ("same/index.html", "same"), ("old/index.html", "old")]);
    let first = site.publish(&target).await.expect("published").release;
    site.write(&[("index.html", "two"), ("same/index.html", "same")]);
    site.publish(&target).await.expect("published");
    let kept = sshd.path("srv/releases").join(&first);
    for lost in ["same/index.html", "old/index.html"] {
        fs::remove_file(kept.join(lost)).expect("a loss");
    }
    let watch = Watch::start(&url, "same/");
    site.roll_back(&target, &first).await.expect("rolled back");
    assert_eq!(watch.end(), [(200, b"same".to_vec())], "a page that both releases have was away");
    assert_eq!((get(&url, ""), get(&url, "old/")), ((200, b"one".to_vec()), (200, b"old".to_vec())));

    // Lost here as well, it is said, and what is live stays.
    site.write(&[("index.html", "three"), ("same/index.html", "same")]);
    site.publish(&target).await.expect("published");
    fs::remove_file(kept.join("old/index.html")).expect("a loss");
    for folder in fs::read_dir(site.folder.path().join("store/blobs")).expect("blobs").flatten() {
        for blob in fs::read_dir(folder.path()).expect("blobs").flatten() {
            if fs::read(blob.path()).expect("a blob") == b"old" {
                fs::remove_file(blob.path()).expect("a loss");
            }
        }
    }
    let error = site.roll_back(&target, &first).await.expect_err("lost");
    assert_eq!((&error.kind, error.state), (&ErrorKind::NoRelease, LiveState::Unchanged), "{error:?}");
    assert_says(
        &error,
        &["has lost `old/index.html`", "not kept here either", "Choose another release", "The site is unchanged."],
    );
    assert_eq!(get(&url, ""), (200, b"three".to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_37_a_release_that_the_service_forgot_comes_back_from_here() {
    let netlify = Netlify::start();
    let (mut site, target) = (Site::new(), netlify.target(netlify.fake.port));
    site.write(&[("index.html", "one"), ("old/index.html", "old")]);
    let first = site.publish(&target).await.expect("published").release;
    site.write(&[("index.html", "two")]);
    site.publish(&target).await.expect("published");
    netlify.state.lock().expect("the state").forget(&first);
    let watch = Watch::start(&netlify.url, "");
    site.roll_back(&target, &first).await.expect("rolled back");
    assert_eq!(watch.end(), [(200, b"two".to_vec()), (200, b"one".to_vec())]);
    assert_eq!(get(&netlify.url, "old/"), (200, b"old".to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_37_a_release_that_is_kept_nowhere_is_named() {
    let Some(bucket) = Bucket::weed() else { return };
    let (mut site, target) = (Site::new(), bucket.target(bucket.port));
    site.write(&[("index.html", "one")]);
    let first = site.publish(&target).await.expect("published").release;
    site.write(&[("index.html", "two")]);
    site.publish(&target).await.expect("published");
    fs::remove_dir_all(site.folder.path().join("store/blobs")).expect("a loss");
    let error = site.roll_back(&target, &first).await.expect_err("lost");
    assert_eq!((&error.kind, error.state), (&ErrorKind::NoRelease, LiveState::Unchanged), "{error:?}");
    assert_says(&error, &["kept neither here nor on the host", "Choose another release", "The site is unchanged."]);
    assert_eq!(get(&bucket.url, ""), (200, b"two".to_vec()));
}
