//! Fault 30: names that hosts, file systems and addresses get wrong.
//! Each file must come back under its own address with its own bytes.

use galley_publish::{SftpMode, Target};

use crate::site::Site;
use crate::sshd::Sshd;
use crate::web::{self, get};
use crate::webdav::Dav;
use crate::weed::Bucket;

/// Path, address by RFC 3986 (UTF-8, percent-encoded), text.
const NAMES: [(&str, &str, &str); 9] = [
    ("index.html", "", "home"),
    // U+00E9, and U+0065 U+0301.
    ("caf\u{e9}/index.html", "caf%C3%A9/", "composed"),
    ("cafe\u{301}/index.html", "cafe%CC%81/", "decomposed"),
    ("About/index.html", "About/", "capital"),
    ("about/index.html", "about/", "small"),
    ("two words/index.html", "two%20words/", "space"),
    ("a+b/index.html", "a%2Bb/", "plus"),
    ("100% sure.txt", "100%25%20sure.txt", "percent"),
    ("\u{65e5}\u{672c}/\u{1f600}.txt", "%E6%97%A5%E6%9C%AC/%F0%9F%98%80.txt", "far"),
];

async fn publish_all(target: &Target, read: impl Fn(&str) -> (u16, Vec<u8>)) {
    let mut site = Site::new();
    site.write(&NAMES.map(|(path, _, text)| (path, text)));
    let plan = site.plan(target).await.expect("a plan");
    let said = |words: &str| plan.warnings.iter().any(|warning| warning.contains(words));
    assert!(said("`about/index.html` and `About/index.html` differ only in capital letters"), "{:?}", plan.warnings);
    assert!(said("differ only in how their accents are written"), "{:?}", plan.warnings);
    let done = site.carry_out(target, &plan).await.expect("published");
    assert_eq!((done.sent, done.verified), (9, 9));
    for (path, address, text) in NAMES {
        assert_eq!(read(address), (200, text.as_bytes().to_vec()), "{path}");
    }
    // One of each pair goes, and takes nothing of the other along.
    let rest: Vec<_> =
        NAMES.iter().filter(|(path, ..)| !path.starts_with("About") && !path.starts_with("cafe")).collect();
    site.write(&rest.iter().map(|(path, _, text)| (*path, *text)).collect::<Vec<_>>());
    let done = site.publish(target).await.expect("published");
    assert_eq!((done.removed, done.gone), (2, 2));
    assert_eq!((read("About/").0, read("about/").0, read("cafe%CC%81/").0, read("caf%C3%A9/").0), (404, 200, 404, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_30_odd_names_over_sftp() {
    let Some(sshd) = Sshd::start("") else { return };
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        let www = sshd.www();
        let _ = std::fs::remove_file(&www);
        let url = web::serve(&www);
        publish_all(&sshd.target(sshd.port, mode, &url), |address| get(&url, address)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_30_odd_names_over_webdav() {
    let Some(dav) = Dav::apache() else { return };
    let target = dav.target(dav.port);
    let read = |address: &str| {
        let page = web::ask("GET", &format!("{}{address}", target.config.url)).expect("an answer");
        (page.0, page.2)
    };
    publish_all(&target, read).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_30_odd_names_in_a_bucket() {
    let Some(bucket) = Bucket::weed() else { return };
    publish_all(&bucket.target(bucket.port), |address| get(&bucket.url, address)).await;
}
