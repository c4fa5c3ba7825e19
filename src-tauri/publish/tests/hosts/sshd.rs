//! A real sshd on a free port, with keys of its own, killed with the test.
//! It serves a temporary folder and touches nothing of the machine's own SSH.

use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use galley_publish::{Access, HostConfig, HostKind, SftpHost, SftpMode, Target};
use tempfile::TempDir;

pub struct Sshd {
    pub folder: TempDir,
    pub port: u16,
    server: Child,
}

impl Sshd {
    /// Starts one; `more` are further lines of its configuration. Nothing where this machine has no
    /// sshd or this user may not run it; under `CI=true` that is a failure.
    pub fn start(more: &str) -> Option<Self> {
        Self::start_in(&std::env::temp_dir(), |_| more.to_owned())
    }

    /// The same below `parent`; `more` is told its folder.
    pub fn start_in(parent: &Path, more: impl Fn(&Path) -> String) -> Option<Self> {
        if !Path::new("/usr/sbin/sshd").exists() || whoami() != "root" {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "openssh-server and root are needed");
            eprintln!("skipped: needs openssh-server and root");
            return None;
        }
        fs::create_dir_all("/run/sshd").expect("the folder sshd wants");
        let folder = TempDir::new_in(parent).expect("a folder");
        let more = more(folder.path());
        for name in ["host", "user"] {
            keygen(&folder.path().join(name), "");
        }
        fs::copy(folder.path().join("user.pub"), folder.path().join("authorized")).expect("a copy");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let server = launch(folder.path(), port, &more);
        let sshd = Self { folder, port, server };
        sshd.await_banner();
        Some(sshd)
    }

    fn await_banner(&self) {
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            let mut banner = [0; 4];
            let answer = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut line| line.read_exact(&mut banner));
            if answer.is_ok() && &banner == b"SSH-" {
                return;
            }
            assert!(Instant::now() < patience, "sshd did not start: {answer:?}");
            std::thread::yield_now();
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What is served; its folder exists, it itself not yet.
    pub fn www(&self) -> PathBuf {
        fs::create_dir_all(self.path("srv")).expect("a folder");
        self.path("srv/www")
    }

    /// A host that is reached through `port` with the key; its server's key is known.
    pub fn target(&self, port: u16, mode: SftpMode, url: &str) -> Target {
        let known_hosts = self.path(&format!("known-{port}"));
        let key = fs::read_to_string(self.path("host.pub")).expect("the host's key");
        fs::write(&known_hosts, format!("[127.0.0.1]:{port} {key}")).expect("known hosts");
        self.www();
        target_in(self.folder.path(), port, mode, url)
    }
}

/// The same from the folder alone, for another process.
pub fn target_in(folder: &Path, port: u16, mode: SftpMode, url: &str) -> Target {
    let sftp = SftpHost {
        address: format!("127.0.0.1:{port}"),
        user: "root".into(),
        path: folder.join("srv/www").to_str().expect("text").into(),
        key_file: Some(folder.join("user")),
        mode,
    };
    Target {
        config: HostConfig { url: url.into(), kind: HostKind::Sftp(sftp) },
        access: Access {
            known_hosts: folder.join(format!("known-{port}")),
            by: "ada@laptop".into(),
            ..Access::default()
        },
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The settings of a target that is known to be an SSH server.
pub fn settings(target: &mut Target) -> &mut SftpHost {
    match &mut target.config.kind {
        HostKind::Sftp(sftp) => sftp,
        _ => panic!("not a server"),
    }
}

pub fn keygen(file: &Path, passphrase: &str) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f"])
        .arg(file)
        .status();
    assert!(made.expect("ssh-keygen").success());
}

fn whoami() -> String {
    let out = Command::new("id").arg("-un").output().expect("id");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn launch(folder: &Path, port: u16, more: &str) -> Child {
    let at = folder.display();
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nPidFile none\nAuthorizedKeysFile {at}/authorized\n\
         StrictModes no\nPermitRootLogin yes\nUsePAM no\nMaxStartups 100\nSubsystem sftp internal-sftp\n{more}\n"
    );
    let file = folder.join("sshd_config");
    fs::write(&file, config).expect("a configuration");
    let log = fs::File::create(folder.join("log")).expect("a log");
    let mut command = Command::new("/usr/sbin/sshd");
    command.args(["-D", "-e", "-f"]).arg(file).stdin(Stdio::null()).stderr(log).spawn().expect("sshd")
}
