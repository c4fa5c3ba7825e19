//! Fault 8: a line that is slow and stands still now and then, as where packets are lost.
//! A publish over it completes, and readers see one release or the other.

use galley_publish::SftpMode;

use crate::netlify_fake::Netlify;
use crate::proxy::Proxy;
use crate::site::{Site, by_ref, pages};
use crate::sshd::Sshd;
use crate::web::{self, Watch};

/// Bytes a second; together with the pauses a publish of 400 KB takes some five seconds.
const PACE: u64 = 160_000;

#[tokio::test(flavor = "multi_thread")]
async fn fault_08_slow_and_lossy_over_sftp() {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let (mut site, url) = (Site::new(), web::serve(sshd.www()));
    let target = sshd.target(proxy.port, SftpMode::Symlink, &url);
    site.write(&[("index.html", "before")]);
    site.publish(&target).await.expect("published");
    let mut files = pages(10, 40_000, 1);
    files.push(("index.html".into(), b"after".to_vec()));
    site.write(&by_ref(&files));
    let watch = Watch::start(&url, "");
    proxy.mend();
    proxy.slow(PACE, 150_000);
    let done = site.publish(&target).await.expect("published, if slowly");
    assert_eq!((done.sent, done.verified), (11, 11));
    assert_eq!(watch.end(), [(200, b"before".to_vec()), (200, b"after".to_vec())]);
    assert!(proxy.sent() < 400_000 + 200_000, "sent more than once: {}", proxy.sent());
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_08_slow_and_lossy_to_a_service() {
    let netlify = Netlify::start();
    let proxy = Proxy::to(netlify.fake.port).await;
    let (mut site, target) = (Site::new(), netlify.target(proxy.port));
    site.write(&[("index.html", "before")]);
    site.publish(&target).await.expect("published");
    let mut files = pages(10, 40_000, 1);
    files.push(("index.html".into(), b"after".to_vec()));
    site.write(&by_ref(&files));
    let watch = Watch::start(&netlify.url, "");
    proxy.mend();
    proxy.slow(PACE, 150_000);
    site.publish(&target).await.expect("published, if slowly");
    site.assert_tree(&netlify.tree());
    assert_eq!(watch.end(), [(200, b"before".to_vec()), (200, b"after".to_vec())]);
    assert_eq!(netlify.state.lock().expect("the state").uploads, 1 + 11, "a file was sent twice");
}
