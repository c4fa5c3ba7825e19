//! An SSH server on a free port with keys of its own, for as long as it is measured.
//! It serves one folder and touches nothing of the machine's own SSH.

use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::report::Outcome;

/// The server; it ends with this value.
pub struct Server {
    pub port: u16,
    process: Child,
}

impl Server {
    /// Starts one whose keys and files are below `folder`.
    pub fn start(folder: &Path) -> Outcome<Self> {
        if !Path::new("/usr/sbin/sshd").exists() {
            return Err("there is no sshd; `scripts/setup.sh test` installs it".into());
        }
        fs::create_dir_all("/run/sshd")?;
        fs::create_dir_all(folder.join("srv"))?;
        for name in ["host", "user"] {
            let mut keygen = Command::new("ssh-keygen");
            let made =
                keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f"]).arg(folder.join(name)).status()?;
            if !made.success() {
                return Err("ssh-keygen made no key".into());
            }
        }
        fs::copy(folder.join("user.pub"), folder.join("authorized"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let at = folder.display();
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nPidFile none\nAuthorizedKeysFile {at}/authorized\n\
             StrictModes no\nPermitRootLogin yes\nUsePAM no\nSubsystem sftp internal-sftp\n"
        );
        fs::write(folder.join("sshd_config"), settings)?;
        let mut sshd = Command::new("/usr/sbin/sshd");
        sshd.args(["-D", "-e", "-f"]).arg(folder.join("sshd_config")).stdin(Stdio::null()).stderr(Stdio::null());
        let server = Self { port, process: sshd.spawn()? };
        let patience = Instant::now() + Duration::from_secs(20);
        let mut banner = [0; 4];
        while TcpStream::connect(("127.0.0.1", port)).and_then(|mut line| line.read_exact(&mut banner)).is_err() {
            if Instant::now() > patience {
                return Err("sshd did not start".into());
            }
            std::thread::yield_now();
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
