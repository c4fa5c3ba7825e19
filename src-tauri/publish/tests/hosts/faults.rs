//! Lines that are cut, servers that fall silent, writers who change their mind, disks that are full.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galley_publish::{ErrorKind, LiveState, Phase, SftpMode};

use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages, tree};
use crate::sshd::{Sshd, settings};

pub const COUNT: usize = 60;
pub const SIZE: usize = 40_000;
/// SSH's own bytes, the records, and what was under way when the line was cut.
pub const OVERHEAD: u64 = 400_000;

async fn cut_and_go_on(mode: SftpMode) {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let (mut site, www) = (Site::new(), sshd.www());
    let target = sshd.target(proxy.port, mode, "");
    site.write(&[("index.html", "before")]);
    site.publish(&target).await.expect("published");
    let mut files = pages(COUNT, SIZE, 7);
    files.push(("index.html".into(), b"after".to_vec()));
    site.write(&by_ref(&files));

    let plan = site.plan(&target).await.expect("a plan");
    let total = plan.bytes();
    proxy.cut_after(total * 3 / 4);
    let error = site.carry_out(&target, &plan).await.expect_err("cut");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Lost, LiveState::Unchanged), "{error}");
    assert_eq!(tree(&www).len(), 1, "the site changed");
    let unfinished = site.store.unfinished().expect("an unfinished publish");
    assert!(unfinished.done > 0 && unfinished.done <= COUNT, "{unfinished:?}");

    proxy.mend();
    let again = site.plan(&target).await.expect("a plan");
    assert_eq!(again.id, plan.id);
    site.carry_out(&target, &again).await.expect("published");
    site.assert_live(&www);
    let most = total - (unfinished.done * SIZE) as u64 + OVERHEAD;
    assert!(proxy.sent() < most, "{} sent again, at most {most}; {} were done", proxy.sent(), unfinished.done);
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_and_gone_on_behind_a_symlink() {
    cut_and_go_on(SftpMode::Symlink).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_and_gone_on_in_place() {
    cut_and_go_on(SftpMode::InPlace).await;
}

/// The line is cut at many places; whatever happens, the next publish makes the site whole.
#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_the_next_publish_makes_the_site_whole() {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        let (mut site, www) = (Site::new(), sshd.www());
        let _ = fs::remove_file(&www);
        let target = sshd.target(proxy.port, mode, "");
        for step in 0..9_u64 {
            let mut files = pages(20, 500, step);
            files.truncate(10 + (step as usize * 7) % 10);
            files.push(("index.html".into(), format!("step {step}").into_bytes()));
            site.write(&by_ref(&files));
            let before = tree(&www);
            let plan = site.plan(&target).await.expect("a plan");
            proxy.cut_after(6_000 + step * 4_000);
            let outcome = site.carry_out(&target, &plan).await;
            proxy.mend();
            match outcome.map_err(|error| error.state) {
                Ok(_) => site.assert_live(&www),
                Err(LiveState::Unchanged) => assert!(tree(&www) == before, "step {step}: not unchanged"),
                Err(LiveState::Live) => assert_eq!(tree(&www)["index.html"], format!("step {step}").as_bytes()),
                Err(LiveState::Partly | LiveState::Unknown) => {}
            }
            // Half of the time the writer goes on, half of the time there is something new to publish.
            if step % 2 == 1 {
                site.write(&by_ref(&pages(12, 500, step + 100)));
            }
            site.publish(&target).await.expect("published");
            site.assert_live(&www);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_told_of_in_time() {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let (mut site, target) = (Site::new(), sshd.target(proxy.port, SftpMode::Symlink, ""));
    site.write(&by_ref(&pages(COUNT, SIZE, 3)));
    let plan = site.plan(&target).await.expect("a plan");
    proxy.swallow_after(500_000);
    let start = Instant::now();
    let error = site.carry_out(&target, &plan).await.expect_err("silent");
    assert_eq!((&error.kind, error.state), (&ErrorKind::NoAnswer, LiveState::Unchanged));
    assert!(start.elapsed() < Duration::from_secs(18), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_works_while_the_server_is_silent() {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let (mut site, target) = (Site::new(), sshd.target(proxy.port, SftpMode::Symlink, ""));
    site.write(&by_ref(&pages(COUNT, SIZE, 4)));
    proxy.swallow_after(500_000);
    let start = Instant::now();
    let error = site.cancel_at(&target, Phase::Pages, 0).await.expect_err("cancelled");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Cancelled, LiveState::Unchanged));
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_during_the_switch_in_place() {
    let Some(sshd) = Sshd::start("") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let target = sshd.target(sshd.port, SftpMode::InPlace, "");
    site.write(&by_ref(&pages(300, 100, 5)));
    site.publish(&target).await.expect("published");
    let before = tree(&www);
    site.write(&by_ref(&pages(300, 100, 6)));
    let error = site.cancel_at(&target, Phase::Switch, 0).await.expect_err("cancelled");
    assert_eq!(error.kind, ErrorKind::Cancelled);
    match error.state {
        LiveState::Unchanged => assert!(tree(&www) == before),
        LiveState::Partly => {}
        other => panic!("{other:?}"),
    }
    // Something else is published instead: no file of the stopped release stays.
    let mut mixed = pages(150, 100, 5);
    mixed.push(("index.html".into(), b"home".to_vec()));
    site.write(&by_ref(&mixed));
    site.publish(&target).await.expect("published");
    site.assert_live(&www);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_named() {
    let Some(sshd) = Sshd::start("") else { return };
    let mut site = Site::new();
    site.write(&[("index.html", "one")]);
    let mut target = sshd.target(sshd.port, SftpMode::Symlink, "");
    drop(sshd);
    let error = site.publish(&target).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("refuses"), "{error}");
    settings(&mut target).address = "no-such-host.invalid".into();
    let error = site.publish(&target).await.expect_err("no name");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("no-such-host.invalid"), "{error}");
}

/// A small file system of its own, gone with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf) -> Option<Self> {
        fs::create_dir_all(&at).expect("a folder");
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&at).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named_before_a_byte_is_sent() {
    let Some(sshd) = Sshd::start("") else { return };
    let Some(disk) = SmallDisk::mount(sshd.path("small")) else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let mut site = Site::new();
    site.write(&by_ref(&pages(COUNT, SIZE, 8)));
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        let mut target = sshd.target(sshd.port, mode, "");
        settings(&mut target).path = disk.0.join("www").to_str().expect("text").into();
        let error = site.publish(&target).await.expect_err("full");
        let is_named = matches!(error.kind, ErrorKind::Full { needs, has } if needs >= 2_400_000 && has <= 1 << 20);
        assert!(is_named && error.state == LiveState::Unchanged, "{error:?}");
    }
}
