//! The program is killed while it publishes; started again, it goes on where it was.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galley_publish::{SftpMode, Store};

use crate::faults::{COUNT, OVERHEAD, SIZE};
use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages};
use crate::sshd::{Sshd, target_in};

/// Tells the child which store, which server's folder and which port are its own.
const CHILD: &str = "GALLEY_TEST_CHILD";

#[tokio::test(flavor = "multi_thread")]
async fn killed_and_gone_on() {
    if let Ok(place) = std::env::var(CHILD) {
        return publish_as_child(&place).await;
    }
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let mut site = Site::new();
    site.write(&by_ref(&pages(COUNT, SIZE, 9)));
    let target = sshd.target(proxy.port, SftpMode::Symlink, "");
    // The line falls silent half way, so that the child is surely killed in the middle.
    proxy.swallow_after((COUNT * SIZE * 3 / 4) as u64);
    let place = format!("{}|{}|{}", site.folder.path().display(), sshd.folder.path().display(), proxy.port);
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "killed::killed_and_gone_on"])
        .env(CHILD, place)
        .stdout(Stdio::null())
        .spawn()
        .expect("a child");
    let patience = Instant::now() + Duration::from_secs(20);
    while site.store.unfinished().is_none_or(|unfinished| unfinished.done == 0) {
        assert!(Instant::now() < patience, "the child sent nothing");
        assert!(child.try_wait().expect("a child").is_none(), "the child ended");
        tokio::task::yield_now().await;
    }
    child.kill().expect("killed");
    child.wait().expect("gone");

    let done = site.store.unfinished().expect("an unfinished publish").done;
    proxy.mend();
    // Its lock is still on the host, and is known for ours.
    assert!(sshd.path("srv/.galley/www/lock").exists());
    site.publish(&target).await.expect("published");
    site.assert_live(&sshd.www());
    let most = (COUNT * SIZE - done * SIZE) as u64 + OVERHEAD;
    assert!(proxy.sent() < most, "{} sent again, at most {most}; {done} were done", proxy.sent());
}

/// Publishes the same files until the parent kills this.
async fn publish_as_child(place: &str) {
    let mut parts = place.split('|');
    let mut next = || parts.next().expect("a part");
    let (folder, server, port) = (next(), PathBuf::from(next()), next().parse().expect("a port"));
    let mut site = Site::new();
    site.write(&by_ref(&pages(COUNT, SIZE, 9)));
    site.store = Store::open(format!("{folder}/store")).expect("a store");
    site.publish(&target_in(&server, port, SftpMode::Symlink, "")).await.expect("published");
}
