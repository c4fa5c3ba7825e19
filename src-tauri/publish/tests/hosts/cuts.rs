//! A line to an SSH server that is cut at many places of a publish; `make cuts` takes two hundred.
//! After each cut the live site is one release, or the mix that was said; going on sends nothing twice.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use galley_publish::{ErrorKind, LiveState, SftpMode};

use crate::proxy::Proxy;
use crate::site::{Site, by_ref, cuts, tree};
use crate::sshd::Sshd;

const PAGES: [&str; 3] = ["index.html", "p0/index.html", "p7/index.html"];

fn write(site: &mut Site, round: u64) {
    let style = format!("style.{round:08x}1.css");
    let mut files = vec![(style.clone(), round.to_string().into_bytes())];
    for page in 0..8 {
        let text = format!("<link href=\"/{style}\">{round} {}", "text ".repeat(200));
        files.push((format!("p{page}/index.html"), text.into_bytes()));
    }
    files.push(("index.html".into(), format!("<link href=\"/{style}\">home {round}").into_bytes()));
    site.write(&by_ref(&files));
}

/// Asserts that every page has the style that it names.
fn assert_dressed(www: &Path, cut: u64) {
    for page in PAGES {
        let text = fs::read_to_string(www.join(page)).unwrap_or_else(|error| panic!("cut {cut}: {page}: {error}"));
        let style = text.split('"').nth(1).expect("a style").trim_start_matches('/');
        assert!(www.join(style).exists(), "cut {cut}: {page} lacks {style}");
    }
}

/// The files that are known to have arrived, by what the file system knows them by.
fn arrived(site: &Site, places: &[&Path]) -> BTreeMap<String, u64> {
    let node =
        |path: &str| places.iter().find_map(|place| fs::metadata(place.join(path)).ok()).map(|found| found.ino());
    site.confirmed().into_iter().filter_map(|path| Some((path.clone(), node(&path)?))).collect()
}

async fn cut_anywhere(mode: SftpMode) {
    let Some(sshd) = Sshd::start("") else { return };
    let proxy = Proxy::to(sshd.port).await;
    let (mut site, www) = (Site::new(), sshd.www());
    let (direct, target) = (sshd.target(sshd.port, mode, ""), sshd.target(proxy.port, mode, ""));
    write(&mut site, 0);
    site.publish(&direct).await.expect("published");
    write(&mut site, 1);
    let plan = site.plan(&direct).await.expect("a plan");
    proxy.mend();
    site.carry_out(&target, &plan).await.expect("published");
    let (whole, cuts) = (proxy.sent(), cuts());
    let (mut failed, mut mixed) = (0, 0);
    for cut in 0..cuts {
        write(&mut site, cut + 2);
        let before = tree(&www);
        let plan = site.plan(&direct).await.expect("a plan");
        proxy.mend();
        proxy.cut_after(whole * cut / cuts);
        let outcome = site.carry_out(&target, &plan).await;
        proxy.mend();
        let now = tree(&www);
        match &outcome {
            Ok(_) => site.assert_live(&www),
            Err(error) => {
                failed += 1;
                assert!(matches!(error.kind, ErrorKind::Lost | ErrorKind::Unreachable), "cut {cut}: {error:?}");
                match error.state {
                    LiveState::Unchanged => assert!(now == before, "cut {cut}: not unchanged"),
                    LiveState::Live => {
                        assert_eq!(now["index.html"], fs::read(site.source.folder.join("index.html")).expect("a page"));
                    }
                    LiveState::Partly | LiveState::Unknown => {
                        mixed += 1;
                        let is_whole = now == before || site.is_tree(&now);
                        assert!(mode == SftpMode::InPlace || is_whole, "cut {cut}: a mix behind a symlink");
                    }
                }
            }
        }
        assert_dressed(&www, cut);
        let (release, stage) = (sshd.path("srv/releases").join(&plan.id), www.join(".galley/stage").join(&plan.id));
        let was = arrived(&site, &[&stage, &release, &www]);
        site.publish(&direct).await.expect("gone on");
        site.assert_live(&www);
        assert_dressed(&www, cut);
        for (path, node) in was {
            let is = fs::metadata(www.join(&path)).expect("a file").ino();
            assert_eq!(is, node, "cut {cut}: {path} was sent again");
        }
    }
    eprintln!("{mode:?}: {cuts} cuts over {whole} bytes, {failed} failed, {mixed} of them in the switch");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_behind_a_symlink() {
    cut_anywhere(SftpMode::Symlink).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_in_place() {
    cut_anywhere(SftpMode::InPlace).await;
}
