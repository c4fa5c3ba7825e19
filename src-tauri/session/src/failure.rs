//! Failures as values: one place that names each code the window acts on.
//! It never loses the cause: what the system said is part of the sentence.

use std::path::Path;

use galley_disk::{DiskError, DiskErrorKind};
use galley_ipc::Failure;

/// A failure with a code, a sentence and what to do next.
pub fn fail(code: &str, message: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure { code: code.into(), message: message.into(), help: help.into(), fingerprint: None }
}

/// A failure the window only shows.
pub fn failed(message: impl Into<String>, help: impl Into<String>) -> Failure {
    fail("failed", message, help)
}

/// No site is open.
pub fn no_site() -> Failure {
    fail("site.none", "No site is open.", "Open a folder first.")
}

/// An error of Galley's own stopped the work.
pub fn stopped() -> Failure {
    failed(
        "The work was stopped by an error in Galley.",
        "Try again; if it happens again, start Galley again. Unsaved text is kept.",
    )
}

/// The source is not there.
pub fn gone(path: &str) -> Failure {
    fail("page.gone", format!("`{path}` is not there any more."), "Choose another page, or make it anew.")
}

/// An edit against another version than the buffer's.
pub fn stale(path: &str) -> Failure {
    fail("edit.stale", format!("The edit of `{path}` was made against an older text."), "Open the page again to go on.")
}

/// A path that is none.
pub fn bad_path(path: &str) -> Failure {
    failed(format!("`{path}` is no path inside the site."), "Use a path without `..` that does not begin with `/`.")
}

/// A failure of the disk.
pub fn disk(error: &DiskError) -> Failure {
    fail(error.code(), error.message(), error.help())
}

/// A folder that cannot be opened as a site.
pub fn unopened(folder: &Path, error: &DiskError) -> Failure {
    let name = folder.display();
    let message = match (error.kind, &error.source) {
        (DiskErrorKind::Gone, _) => format!("There is no folder `{name}`."),
        (DiskErrorKind::Denied, _) => format!("The system does not permit to open `{name}`."),
        (_, Some(source)) => format!("`{name}` could not be opened: {source}."),
        (_, None) => error.message(),
    };
    failed(message, "Choose a folder that exists and that you may read.")
}

/// A failure of a host.
pub fn host(error: &galley_publish::PublishError) -> Failure {
    use galley_publish::{ErrorKind, LiveState};
    let (code, fingerprint) = match (&error.kind, error.state) {
        (ErrorKind::UnknownKey { fingerprint }, _) => ("host.unknownKey", Some(fingerprint.clone())),
        (ErrorKind::ChangedKey { got, .. }, _) => ("host.changedKey", Some(got.clone())),
        (ErrorKind::SecretNeeded | ErrorKind::WrongSecret, _) => ("host.secretNeeded", None),
        (_, LiveState::Partly) => ("host.partly", None),
        (ErrorKind::Cancelled, _) => ("publish.cancelled", None),
        _ => ("failed", None),
    };
    let message = format!("{} {}", error.message, error.state.sentence());
    Failure { code: code.into(), message, help: error.help.clone(), fingerprint }
}
