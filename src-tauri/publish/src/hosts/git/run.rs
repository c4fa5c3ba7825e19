//! The system's Git, one command at a time, in a bare repository of Galley's own.
//! A secret goes to Git through its environment, never through an argument, a file or its helpers.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::config::{Access, GitHost};
use crate::error::{ErrorKind, PublishError, Result};

/// Answers Git's questions from the environment.
const ASKPASS: &str = "#!/bin/sh\ncase \"$1\" in\nUsername*) printf '%s\\n' \"$GALLEY_GIT_USER\" ;;\n*) printf '%s\\n' \"$GALLEY_GIT_SECRET\" ;;\nesac\n";

/// A bare repository and the way to the remote one, which is called `live` there.
pub(super) struct Git {
    folder: PathBuf,
    user: String,
    secret: Option<String>,
    ssh: String,
    remote: String,
}

/// Whether this machine has Git.
pub(super) async fn is_there() -> Result<()> {
    match Command::new("git").arg("--version").stdin(Stdio::null()).output().await {
        Ok(said) if said.status.success() => Ok(()),
        _ => Err(PublishError::new(
            ErrorKind::Config,
            "Git is not installed on this computer.",
            "Install Git, then publish again.",
        )),
    }
}

impl Git {
    /// Makes the bare repository where there is none.
    pub async fn open(folder: PathBuf, settings: &GitHost, access: &Access) -> Result<Self> {
        let secret = access.secret.as_ref().map(|secret| secret.reveal().trim().to_owned());
        let user = if settings.user.is_empty() { "galley" } else { &settings.user };
        let git =
            Self { user: user.to_owned(), secret, ssh: ssh(settings, access), remote: settings.remote.clone(), folder };
        if !git.folder.join("HEAD").exists() {
            let made = std::fs::create_dir_all(&git.folder);
            made.map_err(|error| PublishError::local("make the folder", &git.folder, &error))?;
            git.local(&["init", "--quiet", "--bare", "."]).await?;
        }
        write_askpass(&git.askpass()).map_err(|error| PublishError::local("write", &git.askpass(), &error))?;
        git.local(&["config", "remote.live.url", &settings.remote]).await?;
        git.local(&["config", "gc.auto", "0"]).await?;
        Ok(git)
    }

    fn askpass(&self) -> PathBuf {
        self.folder.join("galley-askpass")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .current_dir(&self.folder)
            .args(["-c", "core.compression=1", "-c", "core.autocrlf=false", "-c", "protocol.version=2"])
            .args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=12"])
            .env("GIT_DIR", &self.folder)
            .env("GIT_INDEX_FILE", self.folder.join("galley-index"))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_SSH_COMMAND", &self.ssh)
            .env("GIT_SSH_VARIANT", "ssh")
            .env("LC_ALL", "C")
            .env_remove("GIT_WORK_TREE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(secret) = &self.secret {
            // Helpers would keep the secret somewhere; it is kept in the keychain.
            command
                .args(["-c", "credential.helper="])
                .env("GIT_ASKPASS", self.askpass())
                .env("GALLEY_GIT_USER", &self.user)
                .env("GALLEY_GIT_SECRET", secret);
        }
        command.args(args);
        command
    }

    /// A command that asks nobody but this machine.
    pub async fn local(&self, args: &[&str]) -> Result<String> {
        self.finish(self.command(args), None).await.map_err(|said| local(args, &said))
    }

    /// The same with something to read.
    pub async fn with_input(&self, args: &[&str], input: String) -> Result<String> {
        let mut command = self.command(args);
        command.stdin(Stdio::piped());
        self.finish(command, Some(input)).await.map_err(|said| local(args, &said))
    }

    /// A command that asks the remote repository.
    pub async fn remote(&self, args: &[&str]) -> Result<String> {
        self.finish(self.command(args), None).await.map_err(|said| refused(&self.remote, &said))
    }

    /// Makes a commit of `tree`; gives its id.
    pub async fn commit(&self, tree: &str, parent: Option<&str>, message: &str, by: &str, now: u64) -> Result<String> {
        let mut args = vec!["commit-tree", tree, "-m", message];
        args.extend(parent.into_iter().flat_map(|parent| ["-p", parent]));
        let mut command = self.command(&args);
        let date = format!("{now} +0000");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), by)
                .env(format!("GIT_{who}_EMAIL"), "galley@localhost")
                .env(format!("GIT_{who}_DATE"), &date);
        }
        let id = self.finish(command, None).await.map_err(|said| local(&args, &said))?;
        Ok(id.trim().to_owned())
    }

    /// What the command says, or what it complains of.
    async fn finish(&self, mut command: Command, input: Option<String>) -> Result<String, String> {
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let feeding = child
            .stdin
            .take()
            .zip(input)
            .map(|(mut pipe, input)| tokio::spawn(async move { pipe.write_all(input.as_bytes()).await }));
        let said = child.wait_with_output().await.map_err(|error| error.to_string())?;
        if let Some(feeding) = feeding {
            feeding.await.ok();
        }
        if said.status.success() {
            return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
        }
        Err(format!("{}\n{}", String::from_utf8_lossy(&said.stderr), String::from_utf8_lossy(&said.stdout)))
    }
}

#[cfg(unix)]
fn write_askpass(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(file, ASKPASS)?;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn write_askpass(file: &Path) -> std::io::Result<()> {
    std::fs::write(file, ASKPASS)
}

/// How SSH is started: it asks nothing, and knows the servers that the writer trusted.
fn ssh(settings: &GitHost, access: &Access) -> String {
    let quoted = |path: &Path| path.display().to_string().replace('\'', "'\\''");
    let known: Vec<String> = access
        .also_known
        .iter()
        .chain([&access.known_hosts])
        .filter(|path| !path.as_os_str().is_empty())
        .map(|path| format!("\"{}\"", quoted(path)))
        .collect();
    let mut ssh =
        "ssh -o BatchMode=yes -o ConnectTimeout=12 -o ServerAliveInterval=5 -o ServerAliveCountMax=2".to_owned();
    if !known.is_empty() {
        ssh.extend([" -o 'UserKnownHostsFile=", &known.join(" "), "'"]);
    }
    if let Some(key) = &settings.key_file {
        ssh.extend([" -o IdentitiesOnly=yes -i '", &quoted(key), "'"]);
    }
    ssh
}

fn local(args: &[&str], said: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Local,
        format!("Git could not `{}`: {}.", args.first().copied().unwrap_or_default(), first_line(said)),
        "Check that the disk is not full, then publish again.",
    )
}

fn first_line(said: &str) -> String {
    let line = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it gives no reason");
    line.trim_start_matches("fatal: ").trim_end_matches('.').to_owned()
}

/// Why the remote repository refused, from what Git says in English.
#[expect(clippy::too_many_lines, reason = "a table of words and what they mean")]
fn refused(remote: &str, said: &str) -> Box<PublishError> {
    let low = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| low.contains(word));
    let error = |kind, message: String, help: &str| PublishError::new(kind, message, help);
    if has(&["host identification has changed"]) {
        return error(
            ErrorKind::Host,
            format!("The server of `{remote}` shows another key than before. Nothing was sent."),
            "Ask the host whether its key changed. Only then remove the old one from `~/.ssh/known_hosts`.",
        );
    }
    if has(&["host key verification failed"]) {
        return error(
            ErrorKind::Host,
            format!("The server of `{remote}` is not known to SSH yet. Nothing was sent."),
            "Connect to it once with `ssh`, compare its fingerprint with the one your host gives, then publish again.",
        );
    }
    if has(&["certificate", "ssl: no alternative"]) {
        return crate::http::distrusted(remote, crate::tls::blame(&low));
    }
    if has(&["stale info", "[rejected]", "fetch first", "cannot lock ref", "[remote rejected]"])
        && !has(&["hook declined"])
    {
        return error(
            ErrorKind::Moved { by: "somebody".into(), since: crate::time::now() },
            "The branch was changed by somebody else meanwhile.".into(),
            "Look at the new plan, then publish again.",
        );
    }
    if has(&[
        "authentication failed",
        "could not read username",
        "could not read password",
        "invalid username",
        "permission denied (",
        " 401",
        "403",
    ]) {
        return error(
            ErrorKind::WrongSecret,
            format!("`{remote}` refuses the token or key: it is wrong, has expired, or may not write there."),
            "Make a token that may write to the repository, and enter it; or check the SSH key.",
        );
    }
    if has(&["hook declined", "pre-receive"]) {
        let why = said.lines().find_map(|line| line.strip_prefix("remote: ")).unwrap_or_default();
        return error(
            ErrorKind::Denied,
            format!("The repository refuses the push: {}.", why.trim().trim_end_matches('.')),
            "Look at the rules for this branch at the host.",
        );
    }
    if has(&["not found", "does not exist", "does not appear to be a git repository"]) {
        return error(
            ErrorKind::Config,
            format!("There is no repository at `{remote}`, or this token may not see it."),
            "Check the address, and make the repository first.",
        );
    }
    if has(&["could not resolve"]) {
        return error(
            ErrorKind::Unreachable,
            format!("The host of `{remote}` has no address that can be found."),
            "Check the address, and the connection to the internet.",
        );
    }
    if has(&["connection refused", "failed to connect", "could not connect", "no route"]) {
        return error(
            ErrorKind::Unreachable,
            format!("The host of `{remote}` refuses the connection."),
            "Check the address, and the connection to the internet.",
        );
    }
    if has(&["timed out", "too slow", "timeout"]) {
        return error(
            ErrorKind::NoAnswer,
            format!("The host of `{remote}` does not answer."),
            "Check the connection, then publish again.",
        );
    }
    if has(&[
        "hung up",
        "early eof",
        "rpc failed",
        "connection reset",
        "unexpected disconnect",
        "empty reply",
        "broken pipe",
        "connection closed",
    ]) {
        return error(
            ErrorKind::Lost,
            format!("The connection to `{remote}` was cut."),
            "Publish again; it goes on where it stopped.",
        );
    }
    error(
        ErrorKind::Host,
        format!("The repository `{remote}` refuses: {}.", first_line(said)),
        "Check the host's settings, then publish again.",
    )
}
