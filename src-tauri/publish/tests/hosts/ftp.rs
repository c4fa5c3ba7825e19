//! An FTP server as a host: vsftpd, which insists on TLS and on resumed sessions and lists without
//! facts, and rclone's server, which lists with them.
//! What is live is read from the folder that the server serves.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use galley_publish::{Access, ErrorKind, FtpHost, HostConfig, HostKind, Secret, Target, releases, test};
use tempfile::TempDir;

use crate::certs::{Certificate, certificate};
use crate::site::{Site, by_ref, pages, tree};
use crate::tools::{Running, free_port, skip, tool};

pub const PASSWORD: &str = "ftp-password-not-to-be-seen";

pub struct Ftp {
    folder: TempDir,
    pub port: u16,
    made: Certificate,
    user: &'static str,
    _server: Running,
}

impl Ftp {
    /// vsftpd; it takes any password of `anonymous`, and nobody else.
    pub fn vsftpd() -> Option<Self> {
        let vsftpd = tool("vsftpd")?;
        if !Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n") {
            skip("vsftpd needs root");
            return None;
        }
        let (folder, port) = (TempDir::new().expect("a folder"), free_port());
        let at = folder.path();
        let made = certificate(at, "IP:127.0.0.1", 2)?;
        fs::create_dir_all(at.join("root/www")).expect("a folder");
        fs::create_dir_all(at.join("empty")).expect("a folder");
        let config = format!(
            "listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nanonymous_enable=YES\nlocal_enable=NO\n\
             write_enable=YES\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\nanon_other_write_enable=YES\n\
             anon_umask=022\nanon_root={0}/root\nanon_world_readable_only=NO\nftp_username=daemon\nsecure_chroot_dir={0}/empty\n\
             ssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_logins_ssl=YES\nforce_anon_data_ssl=YES\nrequire_ssl_reuse=YES\n\
             rsa_cert_file={0}/server.pem\nrsa_private_key_file={0}/server.key\nseccomp_sandbox=NO\nisolate_network=NO\nvsftpd_log_file={0}/log\n",
            at.display()
        );
        fs::write(at.join("conf"), config).expect("a file");
        for (program, how, target) in [("chmod", "755", at.to_owned()), ("chown", "daemon", at.join("root/www"))] {
            assert!(Command::new(program).arg(how).arg(target).status().expect(program).success());
        }
        let mut command = Command::new(vsftpd);
        command.arg(at.join("conf")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Running::start(&mut command);
        server.until("vsftpd", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(Self { folder, port, made, user: "anonymous", _server: server })
    }

    /// pyftpdlib, which takes a password, lists with facts and knows no encryption.
    pub fn python() -> Option<Self> {
        let (python, folder, port) = (tool("pyftpdlib-python")?, TempDir::new().expect("a folder"), free_port());
        let at = folder.path();
        let made = certificate(at, "IP:127.0.0.1", 2)?;
        fs::create_dir_all(at.join("root/www")).expect("a folder");
        let mut command = Command::new(python);
        command
            .args([
                "-m",
                "pyftpdlib",
                "-i",
                "127.0.0.1",
                "-w",
                "-u",
                "ada",
                "-P",
                PASSWORD,
                "-p",
                &port.to_string(),
                "-d",
            ])
            .arg(at.join("root"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = Running::start(&mut command);
        server.until("pyftpdlib", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(Self { folder, port, made, user: "ada", _server: server })
    }

    pub fn www(&self) -> PathBuf {
        self.folder.path().join("root/www")
    }

    pub fn target(&self) -> Target {
        let ftp = FtpHost {
            address: format!("127.0.0.1:{}", self.port),
            user: self.user.into(),
            path: "/www".into(),
            is_plain: self.user == "ada",
            ca_file: Some(self.made.authority.clone()),
        };
        Target {
            config: HostConfig { url: String::new(), kind: HostKind::Ftp(ftp) },
            access: Access { secret: Some(Secret::new(PASSWORD)), by: "ada@laptop".into(), ..Access::default() },
        }
    }
}

fn settings(target: &mut Target) -> &mut FtpHost {
    match &mut target.config.kind {
        HostKind::Ftp(ftp) => ftp,
        _ => panic!("no FTP"),
    }
}

async fn releases_come_and_go(server: &Ftp) {
    let (mut site, target) = (Site::new(), server.target());
    let steps = test(&target).await;
    assert!(steps.len() >= 5 && steps.iter().all(|step| step.is_ok), "{steps:?}");
    site.write(&[("index.html", "one"), ("é +/index.html", "odd"), ("gone/index.html", "gone"), ("a.css", "a\nb\r\n")]);
    let first = site.publish(&target).await.expect("published");
    site.assert_live(&server.www());
    site.write(&[("index.html", "two"), ("é +/index.html", "odd"), ("a.css", "a\nb\r\n"), ("new.png", "n")]);
    let plan = site.plan(&target).await.expect("a plan");
    assert_eq!((plan.put.len(), plan.delete.len()), (2, 1));
    site.carry_out(&target, &plan).await.expect("published");
    site.assert_live(&server.www());
    site.write(&by_ref(&pages(40, 3000, 1)));
    site.publish(&target).await.expect("published");
    site.assert_live(&server.www());
    assert_eq!(releases(&target, &site.store).await.expect("releases").len(), 3);
    site.roll_back(&target, &first.release).await.expect("rolled back");
    assert_eq!(tree(&server.www())["index.html"], b"one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_server_over_tls() {
    let Some(server) = Ftp::vsftpd() else { return };
    releases_come_and_go(&server).await;
    let (mut site, mut target) = (Site::new(), server.target());
    site.write(&[("index.html", "one")]);
    settings(&mut target).user = "somebody".into();
    let error = site.plan(&target).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::WrongSecret, "{error:?}");
    let mut target = server.target();
    settings(&mut target).ca_file = None;
    let error = site.plan(&target).await.expect_err("distrusted");
    assert!(error.kind == ErrorKind::Certificate && error.message.contains("no authority"), "{error:?}");
    // It speaks no plain FTP: the password is refused before it means anything.
    let mut target = server.target();
    settings(&mut target).is_plain = true;
    assert!(site.plan(&target).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lists_with_facts() {
    let Some(server) = Ftp::python() else { return };
    releases_come_and_go(&server).await;
    let (mut site, mut target) = (Site::new(), server.target());
    site.write(&[("index.html", "one")]);
    target.access.secret = Some(Secret::new("wrong"));
    let error = site.plan(&target).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::WrongSecret, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_ftp_is_warned_of_loudly_and_never_fallen_back_to() {
    let Some(server) = Ftp::python() else { return };
    let (mut site, mut target) = (Site::new(), server.target());
    site.write(&[("index.html", "one")]);
    settings(&mut target).is_plain = false;
    let error = site.plan(&target).await.expect_err("no encryption there");
    assert!(error.message.contains("no encryption") && error.help.contains("anyone can read"), "{error:?}");
    settings(&mut target).is_plain = true;
    let plan = site.plan(&target).await.expect("a plan");
    assert!(plan.warnings[0].starts_with("PLAIN FTP"), "{:?}", plan.warnings);
    site.carry_out(&target, &plan).await.expect("published");
    site.assert_live(&server.www());
}
