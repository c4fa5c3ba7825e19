//! Programs that tests start: where they are, free ports, and an end with the test.
//! A program that cannot be had makes its test say so aloud, and fail under `CI=true`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// The program `name`: what `make test` put below `target/tools`, or what is on the PATH.
pub fn tool(name: &str) -> Option<PathBuf> {
    // One whose library is what counts.
    let name = if name == "pyftpdlib-python" { "python3" } else { name };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let usual = ["/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/lib/git-core"].map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ours = [root.join("target/tools/servers/bin")];
    let found = ours.into_iter().chain(usual).chain(std::env::split_paths(&path)).map(|folder| folder.join(name));
    let found = found.into_iter().find(|file| file.is_file());
    if found.is_none() {
        skip(&format!("needs `{name}`; scripts/setup.sh test installs it"));
    }
    found
}

/// Says aloud that a test is skipped; in CI that is a failure.
pub fn skip(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
    eprintln!("skipped: {why}");
}

/// A port that is free now, as is the one ten thousand above it. Every process asks in a range of
/// its own, so that tests side by side do not take each other's.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed) % 100;
        let port = 15_000 + (std::process::id() % 350) as u16 * 100 + step;
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if is_free(port) && is_free(port + 10_000) {
            return port;
        }
    }
}

/// A program that ends with the test.
pub struct Running(Child);

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("the program starts"))
    }

    /// Waits until `is_ready`, for as long as the program runs.
    pub fn until(&mut self, what: &str, is_ready: impl Fn() -> bool) {
        let patience = Instant::now() + Duration::from_secs(90);
        while !is_ready() {
            assert!(Instant::now() < patience, "{what} did not start in time");
            let end = self.0.try_wait().expect("a program");
            assert!(end.is_none(), "{what} ended: {end:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first: a server that is killed leaves its helpers behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let patience = Instant::now() + Duration::from_secs(5);
        while Instant::now() < patience && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
