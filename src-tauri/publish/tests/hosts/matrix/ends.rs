//! Faults 6 and 38: a journal that was torn, and a writer who stops at each phase.
//! What is said of the live site is what readers get.

use std::fs;

use galley_publish::{ErrorKind, LiveState, Phase, SftpMode};

use super::assert_says;
use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages};
use crate::sshd::Sshd;
use crate::web::{self, get};

#[tokio::test(flavor = "multi_thread")]
async fn fault_06_a_torn_journal_loses_its_last_record_alone() {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let (mut site, url) = (Site::new(), web::serve(sshd.www()));
    let target = sshd.target(proxy.port, SftpMode::Symlink, &url);
    site.write(&[("index.html", "before")]);
    site.publish(&target).await.expect("published");
    let mut files = pages(60, 40_000, 1);
    files.push(("index.html".into(), b"after".to_vec()));
    site.write(&by_ref(&files));
    let plan = site.plan(&target).await.expect("a plan");
    proxy.cut_after(plan.bytes() * 3 / 4);
    let error = site.carry_out(&target, &plan).await.expect_err("cut");
    assert_says(&error, &["goes on", "The site is unchanged."]);
    let journal = site.folder.path().join("store/journal");
    let mut bytes = fs::read(&journal).expect("a journal");
    let done = site.confirmed().len();
    assert!(done > 1, "nothing had arrived");
    // Power was lost in the middle of the last record; what follows is rubbish.
    bytes.truncate(bytes.len() - 4);
    bytes.extend([0, 0xff, 0x22]);
    fs::write(&journal, bytes).expect("torn");
    proxy.mend();
    assert_eq!(site.store.unfinished().expect("an unfinished publish").done, done - 1);
    assert_eq!(get(&url, ""), (200, b"before".to_vec()));
    let plan = site.plan(&target).await.expect("a plan");
    site.carry_out(&target, &plan).await.expect("gone on");
    site.assert_live(&sshd.www());
    assert_eq!(get(&url, ""), (200, b"after".to_vec()));
    let most = plan.bytes() - (done as u64 - 1) * 40_000 + 400_000;
    assert!(proxy.sent() < most, "{} sent, at most {most}", proxy.sent());
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_38_stopped_at_each_phase_the_state_is_named() {
    let Some(sshd) = Sshd::start("") else { return };
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        for (round, phase) in [Phase::Connect, Phase::Assets, Phase::Pages, Phase::Switch, Phase::Remove, Phase::Verify]
            .into_iter()
            .enumerate()
        {
            let (mut site, www) = (Site::new(), sshd.www());
            let _ = fs::remove_file(&www).or_else(|_| fs::remove_dir_all(&www));
            let _ = fs::remove_dir_all(sshd.path("srv/.galley"));
            let url = web::serve(&www);
            let target = sshd.target(sshd.port, mode, &url);
            let release = |seed: u64| {
                let mut files = pages(40, 300, seed);
                files.push(("a.css".into(), seed.to_string().into_bytes()));
                files.push(("index.html".into(), format!("home {seed}").into_bytes()));
                files
            };
            let mut old = release(round as u64);
            old.push(("gone/index.html".into(), b"gone".to_vec()));
            site.write(&by_ref(&old));
            site.publish(&target).await.expect("published");
            let before = crate::site::tree(&www);
            site.write(&by_ref(&release(100 + round as u64)));
            let error = site.cancel_at(&target, phase, 0).await.expect_err("stopped");
            assert_eq!(error.kind, ErrorKind::Cancelled, "{mode:?} {phase:?}");
            assert_says(&error, &["Publishing was stopped.", "go on where it stopped", error.state.sentence()]);
            match error.state {
                LiveState::Unchanged => {
                    assert!(phase <= Phase::Switch, "{mode:?} {phase:?}: said to be unchanged");
                    assert!(crate::site::tree(&www) == before, "{mode:?} {phase:?}: not unchanged");
                    assert_eq!(get(&url, "").1, format!("home {round}").into_bytes());
                }
                LiveState::Partly => assert!(mode == SftpMode::InPlace && phase == Phase::Switch, "{mode:?} {phase:?}"),
                LiveState::Live => {
                    assert!(phase >= Phase::Switch, "{mode:?} {phase:?}: said to be live");
                    assert_eq!(get(&url, "").1, format!("home {}", 100 + round).into_bytes());
                }
                LiveState::Unknown => panic!("{mode:?} {phase:?}: nothing was lost"),
            }
            site.publish(&target).await.expect("gone on");
            site.assert_live(&www);
            assert_eq!(get(&url, "gone/").0, 404);
        }
    }
}
