//! Publishing to a real sshd from the command line, with a key that has a passphrase.
//! The passphrase comes from the environment, and is looked for everywhere afterwards.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::bed::{Bed, PAGE, code, lines, site};

const PASSPHRASE: &str = "correct-horse-battery";

/// A server that is killed with the test.
struct Sshd {
    server: Child,
    port: u16,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

impl Sshd {
    /// Starts one that lets the key `user` of the folder in; none where that cannot be done here.
    fn start(folder: &Path) -> Option<Self> {
        let user = Command::new("id").arg("-un").output().expect("id");
        if !Path::new("/usr/sbin/sshd").exists() || user.stdout != b"root\n" {
            writeln!(std::io::stderr(), "skipped: needs openssh-server and root").ok();
            return None;
        }
        fs::create_dir_all("/run/sshd").expect("the folder sshd wants");
        fs::create_dir(folder).expect("a folder");
        keygen(&folder.join("host"), "");
        keygen(&folder.join("user"), PASSPHRASE);
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let at = folder.display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nPidFile none\nAuthorizedKeysFile {at}/user.pub\n\
             StrictModes no\nPermitRootLogin yes\nUsePAM no\nSubsystem sftp internal-sftp\n"
        );
        let file = folder.join("sshd_config");
        fs::write(&file, config).expect("a configuration");
        let log = fs::File::create(folder.join("log")).expect("a log");
        let mut command = Command::new("/usr/sbin/sshd");
        let server = command.args(["-D", "-e", "-f"]).arg(file).stdin(Stdio::null()).stderr(log).spawn().expect("sshd");
        let sshd = Self { server, port };
        sshd.await_banner();
        Some(sshd)
    }

    fn await_banner(&self) {
        let patience = Instant::now() + Duration::from_secs(20);
        let mut banner = [0; 4];
        while TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut line| line.read_exact(&mut banner)).is_err() {
            assert!(Instant::now() < patience, "sshd did not start");
            std::thread::yield_now();
        }
    }
}

fn keygen(file: &Path, passphrase: &str) {
    let mut command = Command::new("ssh-keygen");
    let made = command.args(["-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f"]).arg(file).status();
    assert!(made.expect("ssh-keygen").success());
}

/// Runs with the passphrase, and sees that it is not said.
fn run(bed: &Bed, args: &[&str]) -> Output {
    let output = bed.command(args).env("GALLEY_LIVE_SECRET", PASSPHRASE).output().expect("galley runs");
    for said in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(said).contains(PASSPHRASE), "{args:?} says the passphrase");
    }
    output
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    found
}

#[test]
fn a_server_is_published_to_and_the_passphrase_stays_where_it_is() {
    let bed = site();
    let home = bed.home.path();
    let Some(sshd) = Sshd::start(&home.join("server")) else { return };
    fs::create_dir(home.join("srv")).expect("a folder");
    let (live, port) = (home.join("srv/www"), sshd.port);
    bed.write(
        "galley.toml",
        &format!(
            "[hosts.live]\nkind = \"sftp\"\naddress = \"127.0.0.1:{port}\"\nuser = \"root\"\npath = {:?}\nkey_file = \"~/server/user\"\n",
            live.display().to_string()
        ),
    );
    let unknown = run(&bed, &["publish", "--plan"]);
    assert_eq!(code(&unknown), 2);
    assert!(words(&unknown).contains("is not known yet") && words(&unknown).contains("SHA256:"), "{}", words(&unknown));

    let key = fs::read_to_string(home.join("server/host.pub")).expect("the server's key");
    fs::create_dir(home.join(".ssh")).expect("a folder");
    let known = format!("[127.0.0.1]:{port} {key}");
    fs::write(home.join(".ssh/known_hosts"), &known).expect("known hosts");
    let locked = bed.run(&["publish", "--plan"]);
    assert_eq!(code(&locked), 2);
    assert!(
        words(&locked).contains("GALLEY_LIVE_SECRET"),
        "it says where the secret is looked for: {}",
        words(&locked)
    );

    let plan = run(&bed, &["publish", "--plan", "--json"]);
    assert_eq!(code(&plan), 0, "{}", words(&plan));
    let shown = lines(&plan).into_iter().find(|line| line["event"] == "plan").expect("a plan");
    assert!(shown["added"].as_array().is_some_and(|added| added.iter().any(|item| item["url"] == "/one/")), "{shown}");
    assert!(!live.exists(), "a plan sends nothing");

    let done = run(&bed, &["publish", "--yes", "--json"]);
    assert_eq!(code(&done), 0, "{}", words(&done));
    let first = lines(&done).into_iter().find(|line| line["event"] == "published").expect("published");
    let page = live.join("one/index.html");
    let before = fs::read(&page).expect("live");
    assert_eq!(before, fs::read(bed.site().join("public/one/index.html")).expect("output"));

    bed.write("content/one.md", &PAGE.replace("Text", "More"));
    assert_eq!(code(&run(&bed, &["publish", "--yes"])), 0);
    assert_ne!(fs::read(&page).expect("live"), before);
    let releases = lines(&run(&bed, &["releases", "--json"]));
    let is_live: Vec<_> = releases.iter().map(|release| release["live"] == true).collect();
    assert_eq!(is_live, [true, false], "{releases:?}");
    let id = first["release"].as_str().expect("an id");
    assert_eq!(code(&run(&bed, &["rollback", id, "--yes"])), 0);
    assert_eq!(fs::read(&page).expect("live"), before);

    assert_eq!(fs::read_to_string(home.join(".ssh/known_hosts")).expect("known hosts"), known);
    for file in files(home) {
        let bytes = fs::read(&file).expect("a file");
        let is_told = bytes.windows(PASSPHRASE.len()).any(|part| part == PASSPHRASE.as_bytes());
        assert!(!is_told, "the passphrase is in {}", file.display());
    }
}
