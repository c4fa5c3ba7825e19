//! What a site is published to: a real SSH server, and a web server over the same folder. Both on
//! a free port of this machine, and gone with the test.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream as Connection};

use crate::desk::free_port;
use crate::group::Group;

/// An SSH server that lets this account in with one key.
pub struct Ssh {
    /// Where it listens.
    pub port: u16,
    /// The private key that it accepts.
    pub key: PathBuf,
    /// The account.
    pub user: String,
    _server: Group,
}

impl Ssh {
    /// Starts the server with everything it needs in `folder`.
    pub fn start(folder: &Path) -> Self {
        let port = free_port();
        let (host_key, key) = (folder.join("host_key"), folder.join("key"));
        for file in [&host_key, &key] {
            generate(file);
        }
        let authorized = folder.join("authorized_keys");
        std::fs::copy(key.with_extension("pub"), &authorized).expect("the public key");
        let config = folder.join("sshd_config");
        let text = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n\
             PidFile none\nSubsystem sftp internal-sftp\n",
            host_key.display(),
            authorized.display()
        );
        std::fs::write(&config, text).expect("its configuration");
        // Where root runs it, it wants this folder; elsewhere it does without.
        let _ = std::fs::create_dir_all("/run/sshd");
        let server = Group::start(
            Command::new("/usr/sbin/sshd")
                .args(["-D", "-e", "-f"])
                .arg(&config)
                .stderr(std::fs::File::create(folder.join("log")).expect("its log")),
        );
        wait_for_port(port);
        Self { port, key, user: account(), _server: server }
    }
}

fn generate(file: &Path) {
    let done = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(file)
        .stdout(Stdio::null())
        .status()
        .expect("ssh-keygen runs: run `make test`, which installs it");
    assert!(done.success());
}

fn account() -> String {
    let said = Command::new("id").arg("-un").output().expect("id runs").stdout;
    String::from_utf8(said).expect("a name").trim().to_owned()
}

fn wait_for_port(port: u16) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(std::time::Instant::now() < end, "the server did not start");
        std::thread::yield_now();
    }
}

/// A web server over one folder, which counts what is asked of it.
pub struct Web {
    /// Where it listens.
    pub port: u16,
    asked: Arc<AtomicUsize>,
}

impl Web {
    /// Serves a folder, which need not be there yet, until the test ends.
    pub async fn serve(folder: PathBuf) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(connection, folder.clone()));
            }
        });
        Self { port, asked }
    }

    /// How many connections were made.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Fetches an address as a reader's browser would: status and body.
    pub async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let mut connection = Connection::connect(("127.0.0.1", self.port)).await.expect("the server");
        let ask = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        connection.write_all(ask.as_bytes()).await.expect("the request");
        let mut response = Vec::new();
        connection.read_to_end(&mut response).await.expect("the response");
        let end = response.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&response[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, response.split_off(end + 4))
    }
}

async fn answer(mut connection: Connection, folder: PathBuf) {
    let mut ask = Vec::new();
    let mut part = [0; 2048];
    while !ask.windows(4).any(|four| four == b"\r\n\r\n") {
        match connection.read(&mut part).await {
            Ok(count) if count > 0 => ask.extend_from_slice(&part[..count]),
            _ => return,
        }
    }
    let ask = String::from_utf8_lossy(&ask).into_owned();
    let path = ask.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
    let (status, body) = file(&folder, path);
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = connection.write_all(head.as_bytes()).await;
    if !ask.starts_with("HEAD") {
        let _ = connection.write_all(&body).await;
    }
    let _ = connection.shutdown().await;
}

fn file(folder: &Path, path: &str) -> (&'static str, Vec<u8>) {
    let mut file = folder.join(path.trim_start_matches('/'));
    if path.contains("..") {
        return ("404 Not Found", Vec::new());
    }
    if path.ends_with('/') {
        file.push("index.html");
    }
    match std::fs::read(file) {
        Ok(bytes) => ("200 OK", bytes),
        Err(_) => ("404 Not Found", Vec::new()),
    }
}
