//! Faults 32 and 33: SSH servers that can do less than others.
//! Where the switch is not at once, the plan says so and why.

use std::fs;
use std::path::Path;

use galley_publish::{ErrorKind, LiveState, SftpMode};

use super::assert_says;
use crate::site::Site;
use crate::sshd::{Sshd, settings};
use crate::web::{self, Watch, get};

#[tokio::test(flavor = "multi_thread")]
async fn fault_32_locked_into_its_folder_the_site_is_published_in_place() {
    // What is above the jail must belong to root alone, which a folder for all does not.
    let Some(sshd) = Sshd::start_in(Path::new("/run"), |at| {
        format!("ChrootDirectory {}/jail\nForceCommand internal-sftp", at.display())
    }) else {
        return;
    };
    let jail = sshd.path("jail");
    fs::create_dir_all(&jail).expect("a folder");
    let url = web::serve(&jail);
    let mut site = Site::new();
    let mut target = sshd.target(sshd.port, SftpMode::Symlink, &url);
    settings(&mut target).path = "/".into();
    site.write(&[("index.html", "one"), ("gone/index.html", "g")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(
        plan.warnings
            .iter()
            .any(|said| said.contains("The folder is the top of the server, so it cannot be a symlink")),
        "{:?}",
        plan.warnings
    );
    assert!(plan.warnings.iter().any(|said| said.contains("file by file")), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");
    let watch = Watch::start(&url, "");
    site.write(&[("index.html", "two")]);
    let done = site.publish(&target).await.expect("published");
    assert_eq!((done.verified, done.gone), (1, 1));
    assert_eq!(watch.end(), [(200, b"one".to_vec()), (200, b"two".to_vec())]);
    assert_eq!(get(&url, "gone/").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_32_without_symlinks_the_site_is_published_in_place() {
    let Some(sshd) = Sshd::start("ForceCommand internal-sftp -P symlink") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    let url = web::serve(&www);
    let target = sshd.target(sshd.port, SftpMode::Symlink, &url);
    site.write(&[("index.html", "one")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings.iter().any(|said| said.starts_with("Symlinks cannot be made in")), "{:?}", plan.warnings);
    assert!(plan.warnings.iter().any(|said| said.contains("file by file")), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");
    let watch = Watch::start(&url, "");
    site.write(&[("index.html", "two")]);
    site.publish(&target).await.expect("published");
    assert_eq!(watch.end(), [(200, b"one".to_vec()), (200, b"two".to_vec())]);
    assert!(!www.is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_33_a_server_that_cannot_replace_a_file_is_told_of() {
    let Some(sshd) = Sshd::start("ForceCommand internal-sftp -P posix-rename") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    fs::create_dir_all(&www).expect("a folder");
    fs::write(www.join("index.html"), "before").expect("a file");
    let url = web::serve(&www);
    let watch = Watch::start(&url, "");
    site.write(&[("index.html", "after")]);
    let error = site.publish(&sshd.target(sshd.port, SftpMode::Symlink, &url)).await.expect_err("refused");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Host, LiveState::Unchanged), "{error:?}");
    assert_says(&error, &["cannot rename a file over another", "Ask for an OpenSSH server", "The site is unchanged."]);
    assert_eq!(watch.end(), [(200, b"before".to_vec())]);
}
