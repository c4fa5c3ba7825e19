//! A bucket as a host: releases, headers, the lock, the way back, and what goes wrong.
//! One server serves several tests, for it takes seconds to start.

use galley_publish::{Access, ErrorKind, HostKind, LiveState, S3Host, Secret, Target, releases, test};

use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages};
use crate::web::header;
use crate::weed::Bucket;

fn settings(target: &mut Target) -> &mut S3Host {
    match &mut target.config.kind {
        HostKind::S3(s3) => s3,
        _ => panic!("not a bucket"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_a_host() {
    let Some(bucket) = Bucket::weed() else { return };
    releases_with_their_headers(&bucket).await;
    two_writers(&bucket).await;
    what_is_wrong_is_named(&bucket).await;
    a_lost_record_deletes_nothing(&bucket).await;
    cut_anywhere_no_page_lacks_its_files(&bucket).await;
}

async fn releases_with_their_headers(bucket: &Bucket) {
    let (mut site, target) = (Site::new(), bucket.target(bucket.port));
    let steps = test(&target).await;
    assert!(steps.len() == 5 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    site.write(&[
        ("index.html", "one"),
        ("é +/index.html", "odd"),
        ("gone/index.html", "gone"),
        ("app.0123abcd.css", "a"),
    ]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(!plan.warnings.iter().any(|warning| warning.contains("no lock")), "{:?}", plan.warnings);
    assert!(plan.warnings.iter().any(|warning| warning.contains("one by one")), "{:?}", plan.warnings);
    let first = site.carry_out(&target, &plan).await.expect("published");
    assert_eq!((first.sent, first.removed, first.verified), (4, 0, 4));
    let css = bucket.get("app.0123abcd.css");
    assert_eq!(header(&css, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(&css, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&bucket.get("index.html"), "cache-control"), "public, max-age=0, must-revalidate");

    site.write(&[("index.html", "two"), ("é +/index.html", "odd"), ("app.0123abcd.css", "a"), ("new.png", "n")]);
    let second = site.publish(&target).await.expect("published");
    assert_eq!((second.sent, second.removed, second.verified), (2, 1, 2));
    assert_eq!(bucket.get("gone/index.html").0, 404);
    assert_eq!(bucket.get("index.html").2, b"two");

    let known = releases(&target, &site.store).await.expect("releases");
    let known: Vec<_> = known.into_iter().map(|release| (release.id, release.is_live, release.files)).collect();
    assert_eq!(known, [(second.release, true, 4), (first.release.clone(), false, 4)]);
    let back = site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!((back.release, back.sent, back.removed), (first.release, 2, 1));
    assert_eq!((bucket.get("index.html").2, bucket.get("gone/index.html").0), (b"one".to_vec(), 200));

    // A publish with nothing to do sends nothing.
    site.write(&[
        ("index.html", "one"),
        ("é +/index.html", "odd"),
        ("gone/index.html", "gone"),
        ("app.0123abcd.css", "a"),
    ]);
    assert!(site.plan(&target).await.expect("a plan").is_empty());
}

/// Faults 15 and 18: another machine publishes, and somebody edits by hand.
async fn two_writers(bucket: &Bucket) {
    let target = bucket.target(bucket.port);
    let (mut ada, mut bob) = (Site::new(), Site::new());
    ada.write(&[("index.html", "ada")]);
    ada.publish(&target).await.expect("published");
    ada.write(&[("index.html", "ada again")]);
    let plan = ada.plan(&target).await.expect("a plan");
    bob.write(&[("index.html", "bob"), ("bob.css", "b")]);
    let of_bob = Target { access: Access { by: "bob@desk".into(), ..target.access.clone() }, ..target.clone() };
    bob.publish(&of_bob).await.expect("published");
    let error = ada.carry_out(&target, &plan).await.expect_err("overtaken");
    assert!(matches!(&error.kind, ErrorKind::Moved { by, .. } if by == "bob@desk"), "{error:?}");
    assert_eq!((error.state, bucket.get("index.html").2), (LiveState::Unchanged, b"bob".to_vec()));
    let plan = ada.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|said| said.contains("published by bob@desk")), "{:?}", plan.warnings);
    ada.carry_out(&target, &plan).await.expect("published");
    assert_eq!((bucket.get("index.html").2, bucket.get("bob.css").0), (b"ada again".to_vec(), 404));
}

/// Faults 9, 10: who is not there and who may not is said, and tried once.
async fn what_is_wrong_is_named(bucket: &Bucket) {
    let mut site = Site::new();
    site.write(&[("index.html", "one")]);
    let before = bucket.get("index.html").2;
    for (change, kind, words) in [
        ("secret", ErrorKind::WrongSecret, "refuses the secret access key"),
        ("key", ErrorKind::WrongSecret, "does not know this access key id"),
        ("bucket", ErrorKind::Config, "no such bucket"),
        ("port", ErrorKind::Unreachable, "refuses the connection"),
    ] {
        let mut target = bucket.target(bucket.port);
        match change {
            "secret" => target.access.secret = Some(Secret::new("wrong")),
            "key" => settings(&mut target).access_key_id = "nobody".into(),
            "bucket" => settings(&mut target).bucket = "elsewhere".into(),
            _ => settings(&mut target).endpoint = "http://127.0.0.1:1".into(),
        }
        let error = site.publish(&target).await.expect_err(change);
        assert!(error.kind == kind && error.message.contains(words), "{change}: {error:?}");
        assert_eq!(bucket.get("index.html").2, before);
    }
    let mut target = bucket.target(bucket.port);
    target.access.secret = None;
    assert_eq!(site.publish(&target).await.expect_err("no secret").kind, ErrorKind::SecretNeeded);
}

/// Fault 19: without its record every file is compared, and none is deleted.
async fn a_lost_record_deletes_nothing(bucket: &Bucket) {
    let (mut site, target) = (Site::new(), bucket.target(bucket.port));
    site.write(&[("index.html", "one"), ("same/index.html", "same"), ("old/index.html", "old")]);
    site.publish(&target).await.expect("published");
    bucket.forget(".galley/current.json");
    site.write(&[("index.html", "two"), ("same/index.html", "same")]);
    let plan = site.plan(&target).await.expect("a plan");
    let put: Vec<_> = plan.put.iter().map(|put| put.path.as_str()).collect();
    assert_eq!((put, plan.delete.len()), (vec!["index.html"], 0));
    assert!(plan.warnings.iter().any(|said| said.contains("did not put there")), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");
    assert_eq!((bucket.get("index.html").2, bucket.get("old/index.html").0), (b"two".to_vec(), 200));
}

/// A line that is cut at many places: after each no page that is live refers to a file that is not
/// there, and going on sends no confirmed file again.
async fn cut_anywhere_no_page_lacks_its_files(bucket: &Bucket) {
    let proxy = Proxy::to(bucket.port).await;
    let (mut site, direct) = (Site::new(), bucket.target(bucket.port));
    let target = bucket.target(proxy.port);
    let write = |site: &mut Site, round: u64| {
        let mut files = vec![(format!("style.{round:08x}1.css"), round.to_string().into_bytes())];
        for page in 0..8 {
            let text = format!("<link href=\"/style.{round:08x}1.css\">{round} {}", "text ".repeat(60));
            files.push((format!("p{page}/index.html"), text.into_bytes()));
        }
        files.push(("index.html".into(), format!("<link href=\"/style.{round:08x}1.css\">home {round}").into_bytes()));
        site.write(&by_ref(&files));
    };
    write(&mut site, 0);
    site.publish(&direct).await.expect("published");
    write(&mut site, 1);
    proxy.mend();
    let plan = site.plan(&target).await.expect("a plan");
    let planned = proxy.sent();
    site.carry_out(&target, &plan).await.expect("published");
    let whole = proxy.sent() - planned;
    let (cuts, mut failed) = (crate::site::cuts(), 0);
    for cut in 0..cuts {
        write(&mut site, cut + 2);
        proxy.mend();
        let plan = site.plan(&target).await.expect("a plan");
        proxy.cut_after(whole * cut / cuts);
        let outcome = site.carry_out(&target, &plan).await;
        for page in ["index.html", "p0/index.html", "p7/index.html"] {
            let found = bucket.get(page);
            let text = String::from_utf8_lossy(&found.2).into_owned();
            let style = text.split('"').nth(1).expect("a style").trim_start_matches('/').to_owned();
            assert_eq!((found.0, bucket.get(&style).0), (200, 200), "cut {cut}: {page} lacks {style}");
        }
        if let Err(error) = &outcome {
            failed += 1;
            assert_eq!(error.kind, ErrorKind::Lost, "cut {cut}: {error}");
        }
        proxy.mend();
        let confirmed = site.confirmed();
        let again = std::sync::Mutex::new(0);
        let plan = site.plan(&direct).await.expect("a plan");
        let told = |progress: galley_publish::Progress| *again.lock().expect("a count") = progress.files;
        site.carry_out_telling(&direct, &plan, &told).await.expect("gone on");
        assert!(plan.put.len() + confirmed.len() >= 9 || outcome.is_ok() || confirmed.is_empty(), "cut {cut}");
        assert_eq!(
            String::from_utf8_lossy(&bucket.get("index.html").2).split(' ').next_back(),
            Some((cut + 2).to_string().as_str())
        );
    }
    eprintln!("S3: {cuts} cuts over {whole} bytes, {failed} failed");
}

/// Fault 28: a service that ignores conditions is found out, and said to have no lock.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_without_conditions_says_so() {
    let Some(bucket) = Bucket::lax() else { return };
    let (mut site, mut target) = (Site::new(), bucket.target(bucket.port));
    target.config.url = String::new();
    site.write(&[("index.html", "one"), ("a/index.html", "a")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|warning| warning.contains("no lock")), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");
    assert_eq!(std::fs::read(bucket.folder.path().join("site/a/index.html")).expect("a page"), b"a");
    let steps = test(&target).await;
    assert!(steps.iter().any(|step| step.message.contains("ignores conditions")), "{steps:?}");
}

/// Fault 7: a bucket that falls silent is told of in time.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_bucket_is_told_of_in_time() {
    let Some(bucket) = Bucket::weed() else { return };
    let proxy = Proxy::to(bucket.port).await;
    let (mut site, target) = (Site::new(), bucket.target(proxy.port));
    site.write(&by_ref(&pages(60, 40_000, 3)));
    let plan = site.plan(&target).await.expect("a plan");
    proxy.swallow_after(300_000);
    let start = std::time::Instant::now();
    let error = site.carry_out(&target, &plan).await.expect_err("silent");
    assert_eq!(error.kind, ErrorKind::NoAnswer, "{error}");
    assert!(start.elapsed() < std::time::Duration::from_secs(16), "{:?}", start.elapsed());
}
