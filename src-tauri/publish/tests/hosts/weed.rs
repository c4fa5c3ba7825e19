//! A real S3 server: `SeaweedFS` on free ports of this machine, and a second one that is lax.
//! Each has one bucket, `site`, that everyone may read.

use std::fs;
use std::process::{Command, Stdio};

use galley_publish::{Access, HostConfig, HostKind, S3Host, Secret, Target};
use tempfile::TempDir;

use crate::tools::{Running, free_port, tool};
use crate::web;

pub const KEY: &str = "galleykey";
pub const SECRET: &str = "galleysecret-not-to-be-seen";

pub struct Bucket {
    pub port: u16,
    filer: Option<u16>,
    /// Where the bucket is served as a site.
    pub url: String,
    _server: Running,
    pub folder: TempDir,
}

impl Bucket {
    /// `SeaweedFS`, which honours conditions.
    pub fn weed() -> Option<Self> {
        let weed = tool("weed")?;
        let folder = TempDir::new().expect("a folder");
        let at = folder.path();
        let identities = format!(
            r#"{{"identities":[{{"name":"galley","credentials":[{{"accessKey":"{KEY}","secretKey":"{SECRET}"}}],"actions":["Admin","Read","Write","List","Tagging"]}},{{"name":"anonymous","actions":["Read:site"]}}]}}"#
        );
        fs::write(at.join("s3.json"), identities).expect("a file");
        let (port, filer) = (free_port(), free_port());
        let mut command = Command::new(weed);
        command
            .args([
                "-logtostderr=true",
                "server",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-filer",
                "-s3",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
            ])
            .args(["-master.volumeSizeLimitMB=64", "-volume.max=200"])
            .arg(format!("-dir={}", at.display()))
            .arg(format!("-s3.config={}/s3.json", at.display()))
            .arg(format!("-s3.port={port}"))
            .arg(format!("-master.port={}", free_port()))
            .arg(format!("-volume.port={}", free_port()))
            .arg(format!("-filer.port={filer}"));
        Some(Self::open(command, folder, port, Some(filer)))
    }

    /// rclone, which answers 200 whatever a condition says.
    pub fn lax() -> Option<Self> {
        let rclone = tool("rclone")?;
        let folder = TempDir::new().expect("a folder");
        fs::create_dir(folder.path().join("site")).expect("a bucket");
        let port = free_port();
        let mut command = Command::new(rclone);
        command
            .args(["serve", "s3", "--addr", &format!("127.0.0.1:{port}")])
            .args(["--auth-key", &format!("{KEY},{SECRET}"), "--config", "/dev/null"])
            .arg(folder.path());
        Some(Self::open(command, folder, port, None))
    }

    fn open(mut command: Command, folder: TempDir, port: u16, filer: Option<u16>) -> Self {
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).current_dir(folder.path());
        let mut server = Running::start(&mut command);
        server.until("the S3 server", || {
            let is_made = filer.is_none_or(|filer| {
                let made = web::ask("POST", &format!("http://127.0.0.1:{filer}/buckets/site/"));
                made.is_some_and(|(status, ..)| status < 400 || status == 409)
            });
            is_made
                && web::ask("GET", &format!("http://127.0.0.1:{port}/site/none"))
                    .is_some_and(|(status, ..)| status < 500)
        });
        let url = web::front(move |path| object(port, path));
        Self { port, filer, url, _server: server, folder }
    }

    pub fn target(&self, port: u16) -> Target {
        let s3 = S3Host {
            endpoint: format!("http://127.0.0.1:{port}"),
            region: "us-east-1".into(),
            bucket: "site".into(),
            prefix: String::new(),
            access_key_id: KEY.into(),
        };
        Target {
            config: HostConfig { url: self.url.clone(), kind: HostKind::S3(s3) },
            access: Access { secret: Some(Secret::new(SECRET)), by: "ada@laptop".into(), ..Access::default() },
        }
    }

    /// Removes an object behind everybody's back.
    pub fn forget(&self, path: &str) {
        let url = format!("http://127.0.0.1:{}/buckets/site/{path}", self.filer.expect("a filer"));
        let (status, ..) = web::ask("DELETE", &url).expect("an answer");
        assert!(status < 300, "{status}");
    }

    /// What the bucket answers to anyone: status, headers, bytes.
    pub fn get(&self, path: &str) -> web::Page {
        object(self.port, path)
    }
}

fn object(port: u16, path: &str) -> web::Page {
    web::ask("GET", &format!("http://127.0.0.1:{port}/site/{path}")).unwrap_or((502, Vec::new(), Vec::new()))
}
