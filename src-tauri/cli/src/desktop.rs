//! Starts the window: the binary `galley-desktop`, beside this one or on the path.
//! It does not wait for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use galley_session::ipc::Failure;

const NAME: &str = if cfg!(windows) { "galley-desktop.exe" } else { "galley-desktop" };

/// Opens the window, on a site if one is named.
pub fn open(site: Option<&Path>) -> Result<(), Failure> {
    let beside =
        std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(NAME))).filter(|file| file.is_file());
    let mut command = Command::new(beside.unwrap_or_else(|| PathBuf::from(NAME)));
    if let Some(site) = site {
        command.arg(absolute(site)?);
    }
    command.stdin(Stdio::null());
    command.spawn().map(|_| ()).map_err(|error| Failure {
        code: "failed".into(),
        message: format!("The window could not be started: {error}."),
        help: format!("Put `{NAME}` beside `galley`, or on the path."),
        fingerprint: None,
    })
}

fn absolute(site: &Path) -> Result<PathBuf, Failure> {
    site.canonicalize().map_err(|error| Failure {
        code: "failed".into(),
        message: format!("`{}` could not be opened: {error}.", site.display()),
        help: "Name a folder that exists.".into(),
        fingerprint: None,
    })
}
