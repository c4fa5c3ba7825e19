//! Faults 14, 16, 17 and 35: a folder that may not be written, a lock that nobody holds any more, a
//! clock that is wrong, and an FTP server whose second door is shut.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, SystemTime};

use galley_publish::{Access, ErrorKind, HostConfig, HostKind, LiveState, S3Host, Secret, SftpMode, Target};

use super::assert_says;
use crate::fake::{Answer, Fake};
use crate::ftp::Ftp;
use crate::site::Site;
use crate::sshd::Sshd;
use crate::web::{self, Watch, get};
use crate::webdav::Dav;

#[tokio::test(flavor = "multi_thread")]
async fn fault_14_a_folder_that_is_read_only_over_sftp() {
    let Some(sshd) = Sshd::start("ForceCommand internal-sftp -R") else { return };
    let (mut site, www) = (Site::new(), sshd.www());
    fs::create_dir_all(&www).expect("a folder");
    fs::write(www.join("index.html"), "before").expect("a file");
    let url = web::serve(&www);
    let watch = Watch::start(&url, "");
    site.write(&[("index.html", "after"), ("a.css", "a")]);
    let error = site.publish(&sshd.target(sshd.port, SftpMode::Symlink, &url)).await.expect_err("read-only");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Denied, LiveState::Unchanged), "{error:?}");
    assert_says(
        &error,
        &[
            www.to_str().expect("text"),
            "permission denied",
            "Ask the host for the right to write there",
            "The site is unchanged.",
        ],
    );
    assert_eq!((watch.end(), get(&url, "a.css").0), (vec![(200, b"before".to_vec())], 404));
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_14_a_folder_that_is_read_only_over_webdav() {
    let Some(dav) = Dav::apache() else { return };
    let (mut site, target) = (Site::new(), dav.target(dav.port));
    fs::write(dav.www().join("index.html"), "before").expect("a file");
    // Apache works as a user of its own, to whom this folder belongs no more.
    assert!(Command::new("chown").args(["-R", "root"]).arg(dav.www()).status().expect("chown").success());
    assert!(Command::new("chmod").args(["-R", "go-w"]).arg(dav.www()).status().expect("chmod").success());
    let watch = Watch::start(&target.config.url, "");
    site.write(&[("index.html", "after")]);
    let error = site.publish(&target).await.expect_err("read-only");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Denied, LiveState::Unchanged), "{error:?}");
    assert_says(&error, &[".galley", "The site is unchanged."]);
    assert_eq!(watch.end(), [(200, b"before".to_vec())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_14_a_folder_that_is_read_only_over_ftp() {
    let Some(server) = Ftp::vsftpd() else { return };
    let mut site = Site::new();
    fs::write(server.www().join("index.html"), "before").expect("a file");
    assert!(Command::new("chown").args(["-R", "root"]).arg(server.www()).status().expect("chown").success());
    let url = web::serve(server.www());
    let watch = Watch::start(&url, "");
    let mut target = server.target();
    target.config.url.clone_from(&url);
    site.write(&[("index.html", "after")]);
    let error = site.publish(&target).await.expect_err("read-only");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Denied, LiveState::Unchanged), "{error:?}");
    assert_says(&error, &["/www", "Ask the host for the right to write there", "The site is unchanged."]);
    assert_eq!(watch.end(), [(200, b"before".to_vec())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_16_a_lock_is_kept_for_its_lease_and_broken_after_it() {
    let Some(sshd) = Sshd::start("") else { return };
    for mode in [SftpMode::Symlink, SftpMode::InPlace] {
        let (mut site, www) = (Site::new(), sshd.www());
        let _ = fs::remove_file(&www);
        let url = web::serve(&www);
        let target = sshd.target(sshd.port, mode, &url);
        site.write(&[("index.html", "before")]);
        site.publish(&target).await.expect("published");
        let control = if mode == SftpMode::Symlink { "srv/.galley/www" } else { "srv/www/.galley" };
        let lock = sshd.path(control).join("lock");
        fs::write(&lock, r#"{"by":"bob@desk","token":"other","time":1800000000}"#).expect("a lock");
        site.write(&[("index.html", "after")]);
        let watch = Watch::start(&url, "");
        let error = site.publish(&target).await.expect_err("locked");
        assert_eq!(error.kind, ErrorKind::Locked { by: "bob@desk".into(), since: 1_800_000_000 });
        assert_says(
            &error,
            &["being published by bob@desk since 2027-01-15T08:00:00Z", "lifted after two minutes", "unchanged"],
        );
        assert_eq!(get(&url, ""), (200, b"before".to_vec()));
        // By the server's clock: what the lock itself says of the time counts for nothing.
        let age = |seconds| {
            let then = SystemTime::now() - Duration::from_secs(seconds);
            fs::File::options()
                .write(true)
                .open(&lock)
                .and_then(|file| file.set_modified(then))
                .expect("an older lock");
        };
        age(100);
        assert!(matches!(site.publish(&target).await.expect_err("locked").kind, ErrorKind::Locked { .. }));
        age(125);
        site.publish(&target).await.expect("the stale lock is broken");
        assert_eq!(watch.end(), [(200, b"before".to_vec()), (200, b"after".to_vec())]);
        assert!(!lock.exists());
    }
}

/// A bucket that anyone may read, and that takes nothing signed by a clock like ours.
#[tokio::test(flavor = "multi_thread")]
async fn fault_17_a_wrong_clock_is_explained() {
    let theirs = Command::new("date")
        .env("LC_ALL", "C")
        .args(["-u", "-d", "40 minutes ago", "+%a, %d %b %Y %H:%M:%S GMT"])
        .output()
        .expect("date");
    let theirs = String::from_utf8(theirs.stdout).expect("text").trim().to_owned();
    let fake = Fake::serve(move |request| {
        let is_reader = request.header("authorization").is_empty();
        Some(match request.path.as_str() {
            "/site/index.html" if is_reader => Answer::new(200, "before"),
            _ if is_reader => Answer::new(404, ""),
            _ => Answer::new(403, "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message></Error>")
                .header("Date", theirs.clone()),
        })
    });
    let s3 = S3Host {
        endpoint: format!("http://127.0.0.1:{}", fake.port),
        region: "us-east-1".into(),
        bucket: "site".into(),
        prefix: String::new(),
        access_key_id: "key".into(),
    };
    let url = format!("http://127.0.0.1:{}/site/", fake.port);
    let target = Target {
        config: HostConfig { url, kind: HostKind::S3(s3) },
        access: Access { secret: Some(Secret::new("secret")), by: "ada@laptop".into(), ..Access::default() },
    };
    let mut site = Site::new();
    site.write(&[("index.html", "after")]);
    let error = site.publish(&target).await.expect_err("skewed");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Clock, LiveState::Unchanged), "{error:?}");
    let minutes = error.message.contains("by 40 minutes (ahead)") || error.message.contains("by 41 minutes (ahead)");
    assert!(minutes, "{error}");
    assert_says(&error, &["clock of this computer", "Set the clock", "Nothing was sent."]);
    assert_eq!((fake.count("PUT"), fake.count("DELETE")), (0, 0));
    let page = web::ask("GET", &format!("{}index.html", target.config.url)).expect("an answer");
    assert_eq!((page.0, page.2), (200, b"before".to_vec()));
}

/// Carries FTP commands to `port` and answers from it, but for the door of data: that is a shut one.
fn shut_second_door(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let own = listener.local_addr().expect("an address").port();
    // A port that was free a moment ago, and that nobody listens on.
    let shut = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            std::thread::spawn(move || -> Option<()> {
                let server = TcpStream::connect(("127.0.0.1", port)).ok()?;
                let (mut up, mut from) = (server.try_clone().ok()?, client.try_clone().ok()?);
                std::thread::spawn(move || std::io::copy(&mut from, &mut up));
                let (mut lines, mut client) = (BufReader::new(server), client);
                let mut line = String::new();
                while lines.read_line(&mut line).ok()? > 0 {
                    if line.starts_with("227 ") {
                        line = format!("227 Entering passive mode (127,0,0,1,{},{}).\r\n", shut >> 8, shut & 255);
                    }
                    client.write_all(line.as_bytes()).ok()?;
                    line.clear();
                }
                Some(())
            });
        }
    });
    own
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_35_a_blocked_data_channel_is_hinted_at() {
    let Some(server) = Ftp::python() else { return };
    let mut site = Site::new();
    fs::write(server.www().join("index.html"), "before").expect("a file");
    let url = web::serve(server.www());
    let mut target = server.target();
    target.config.url.clone_from(&url);
    if let HostKind::Ftp(ftp) = &mut target.config.kind {
        ftp.address = format!("127.0.0.1:{}", shut_second_door(server.port));
    }
    site.write(&[("index.html", "after")]);
    let watch = Watch::start(&url, "");
    let error = site.publish(&target).await.expect_err("blocked");
    assert_eq!((&error.kind, error.state), (&ErrorKind::Unreachable, LiveState::Unchanged), "{error:?}");
    assert_says(
        &error,
        &["lets you in", "connection for the files themselves is blocked", "passive ports", "use SFTP"],
    );
    assert_eq!(watch.end(), [(200, b"before".to_vec())]);
}
