//! Netlify as a host, against a stand-in: drafts, the switch, the way back, and what goes wrong.
//! After every fault the live site is one whole release.

use galley_publish::{ErrorKind, LiveState, Secret, releases, test};

use crate::netlify_fake::Netlify;
use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages};
use crate::web::get;

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_becomes_live_and_an_earlier_one_comes_back() {
    let netlify = Netlify::start();
    let (mut site, target) = (Site::new(), netlify.target(netlify.fake.port));
    let steps = test(&target).await;
    assert!(steps.len() >= 4 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    site.write(&[("index.html", "one"), ("é +/index.html", "odd"), ("gone.css", "g")]);
    let first = site.publish(&target).await.expect("published");
    assert_eq!((first.sent, first.verified), (3, 3));
    site.assert_tree(&netlify.tree());

    site.write(&[("index.html", "two"), ("é +/index.html", "odd"), ("same/index.html", "odd")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert_eq!((plan.put.len(), plan.delete.len()), (2, 1));
    let before = netlify.state.lock().expect("the state").uploads;
    let second = site.carry_out(&target, &plan).await.expect("published");
    site.assert_tree(&netlify.tree());
    // Bytes that Netlify has are not sent again, under whatever name.
    assert_eq!(netlify.state.lock().expect("the state").uploads - before, 1);

    let known = releases(&target, &site.store).await.expect("releases");
    let known: Vec<_> = known.into_iter().map(|release| (release.id, release.is_live)).collect();
    assert_eq!(known, [(second.release.clone(), true), (first.release.clone(), false)]);
    let back = site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!(back.release, first.release);
    assert_eq!(get(&netlify.url, "").1, b"one");
    assert_eq!(
        netlify.fake.count("POST /api/v1/sites/my-site/deploys"),
        3 + 3,
        "two drafts and a test, three switches"
    );

    // Another machine without any record sees what is live by its digests, and can go back too.
    let mut other = Site::new();
    other.write(&[("index.html", "one"), ("é +/index.html", "changed")]);
    let plan = other.plan(&target).await.expect("a plan");
    let put: Vec<_> = plan.put.iter().map(|put| put.path.as_str()).collect();
    let gone: Vec<_> = plan.delete.iter().map(|gone| gone.path.as_str()).collect();
    assert_eq!((put, gone), (vec!["é +/index.html"], vec!["gone.css"]));
    let back = other.roll_back(&target, &second.release).await.expect("rolled back");
    assert_eq!((back.release, get(&netlify.url, "").1), (second.release, b"two".to_vec()));
}

/// Faults 22, 23, 25, 36 and 4, one after another; the live site never changes unless it is whole.
#[tokio::test(flavor = "multi_thread")]
async fn faults_leave_the_old_release_live() {
    let netlify = Netlify::start();
    let (mut site, target) = (Site::new(), netlify.target(netlify.fake.port));
    site.write(&[("index.html", "before")]);
    site.publish(&target).await.expect("published");
    let is_before = || assert_eq!(get(&netlify.url, "").1, b"before");
    let change = |change: fn(&mut crate::netlify_fake::State)| change(&mut netlify.state.lock().expect("the state"));

    site.write(&by_ref(&pages(6, 300, 1)));
    change(|state| (state.busy, state.busy_status) = (1000, 503));
    let error = site.publish(&target).await.expect_err("broken");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Busy { status: 503 }, LiveState::Unchanged));
    assert!(error.message.contains("trouble of its own") && error.help.contains("goes on where it stopped"), "{error}");
    is_before();

    change(|state| (state.busy, state.uploads, state.revoked_after) = (0, 0, Some(2)));
    let error = site.publish(&target).await.expect_err("revoked");
    assert_eq!((&error.kind, error.state), (&ErrorKind::WrongSecret, LiveState::Unchanged));
    assert!(error.message.contains("revoked"), "{error}");
    is_before();

    change(|state| (state.revoked_after, state.breaks) = (None, true));
    let error = site.publish(&target).await.expect_err("an error at Netlify's");
    assert_eq!(error.state, LiveState::Unchanged);
    assert!(error.message.contains("Deploy directory is cursed"), "{error}");
    is_before();

    // 429 with a pause that is asked for: waited for and told; then the answer to the switch is lost.
    change(|state| (state.breaks, state.loses_restore, state.busy, state.busy_status) = (false, true, 2, 429));
    site.write(&by_ref(&pages(7, 300, 2)));
    let waits = std::sync::atomic::AtomicU64::new(0);
    let plan = site.plan(&target).await.expect("a plan");
    let told = |progress: galley_publish::Progress| {
        waits.fetch_max(progress.waits, std::sync::atomic::Ordering::Relaxed);
    };
    site.carry_out_telling(&target, &plan, &told).await.expect("published once the answer was lost");
    assert!(waits.load(std::sync::atomic::Ordering::Relaxed) >= 1, "the pause was not told");
    site.assert_tree(&netlify.tree());
    assert_eq!(netlify.fake.count("POST /api/v1/sites/my-site/deploys/"), 2 + 1, "one asks again after a cut line");
}

/// Fault 15: somebody else's deploy is not replaced unseen.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_is_told() {
    let netlify = Netlify::start();
    let target = netlify.target(netlify.fake.port);
    let (mut ada, mut bob) = (Site::new(), Site::new());
    ada.write(&[("index.html", "ada")]);
    let plan = ada.plan(&target).await.expect("a plan");
    bob.write(&[("index.html", "bob")]);
    bob.publish(&target).await.expect("published");
    let error = ada.carry_out(&target, &plan).await.expect_err("overtaken");
    assert!(matches!(error.kind, ErrorKind::Moved { .. }) && error.state == LiveState::Unchanged, "{error:?}");
    assert_eq!(get(&netlify.url, "").1, b"bob");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_or_site_is_named() {
    let netlify = Netlify::start();
    let (mut site, mut target) = (Site::new(), netlify.target(netlify.fake.port));
    site.write(&[("index.html", "one"), ("a#b.html", "x")]);
    let error = site.plan(&target).await.expect_err("a bad name");
    assert!(error.kind == ErrorKind::BadPlan && error.message.contains("a#b.html"), "{error}");
    target.access.secret = Some(Secret::new("wrong"));
    let error = site.plan(&target).await.expect_err("refused");
    assert_eq!((&error.kind, netlify.fake.count("GET /api/v1/sites/my-site") > 0), (&ErrorKind::WrongSecret, true));
    target.access.secret = None;
    assert_eq!(site.plan(&target).await.expect_err("none").kind, ErrorKind::SecretNeeded);
}

/// A line that is cut at many places: after each the live site is one whole release, and going on
/// sends no confirmed file again.
#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_the_live_site_is_whole() {
    let netlify = Netlify::start();
    let proxy = Proxy::to(netlify.fake.port).await;
    let (mut site, target) = (Site::new(), netlify.target(proxy.port));
    site.write(&[("index.html", "start")]);
    site.publish(&target).await.expect("published");
    proxy.mend();
    site.write(&by_ref(&pages(20, 500, 0)));
    site.publish(&target).await.expect("published");
    let whole = proxy.sent();
    let (cuts, mut failed) = (crate::site::cuts(), 0);
    for cut in 0..cuts {
        let before = netlify.tree();
        site.write(&by_ref(&pages(20, 500, cut + 1)));
        proxy.mend();
        let plan = site.plan(&target).await.expect("a plan");
        let planned = proxy.sent();
        proxy.cut_after((whole - planned.min(whole)) * cut / cuts);
        let outcome = site.carry_out(&target, &plan).await;
        let now = netlify.tree();
        match &outcome {
            Ok(_) => site.assert_tree(&now),
            Err(error) => {
                failed += 1;
                let is_old = now == before;
                assert!(is_old || site.is_tree(&now), "cut {cut}: a mix");
                assert!(error.state != LiveState::Unchanged || is_old, "cut {cut}: {error:?}");
                assert_eq!(error.kind, ErrorKind::Lost, "cut {cut}: {error}");
            }
        }
        let confirmed = site.confirmed();
        netlify.state.lock().expect("the state").sent.clear();
        proxy.mend();
        site.publish(&target).await.expect("gone on");
        site.assert_tree(&netlify.tree());
        let again = netlify.state.lock().expect("the state").sent.clone();
        assert!(again.iter().all(|path| !confirmed.contains(path)), "cut {cut}: {again:?} after {confirmed:?}");
    }
    eprintln!("Netlify: {cuts} cuts over {whole} bytes, {failed} failed");
}
