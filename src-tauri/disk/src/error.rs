//! Why a file operation failed, in a writer's words.
//! An error never claims a loss that did not happen, and never hides the system's own words.

use std::io;
use std::path::Path;

/// A file operation that was not carried out. What was there before is still there.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct DiskError {
    /// What kind of failure it is.
    pub kind: DiskErrorKind,
    /// The path as the writer knows it.
    pub path: String,
    /// What did not happen, as the end of a sentence: `was not saved`.
    pub what: &'static str,
    /// The system's own error, if there is one.
    pub source: Option<io::Error>,
}

/// The failures that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskErrorKind {
    /// The disk or the quota is full.
    NoSpace,
    /// The system does not permit it.
    Denied,
    /// The file or its folder is not there any more.
    Gone,
    /// The disk can only be read.
    ReadOnly,
    /// There is a file of that name already.
    Exists,
    /// The path leads out of the site, or the output folder lies where the site is.
    Outside,
    /// It was asked to stop.
    Cancelled,
    /// Anything else; the system's words say it.
    Other,
}

impl DiskErrorKind {
    fn of(error: &io::Error) -> Self {
        use io::ErrorKind as Io;
        match error.kind() {
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => Self::NoSpace,
            Io::PermissionDenied => Self::Denied,
            Io::NotFound | Io::NotADirectory | Io::StaleNetworkFileHandle => Self::Gone,
            Io::ReadOnlyFilesystem => Self::ReadOnly,
            Io::AlreadyExists | Io::DirectoryNotEmpty => Self::Exists,
            _ => Self::Other,
        }
    }
}

impl DiskError {
    pub(crate) fn io(path: impl Shown + Copy, what: &'static str, source: io::Error) -> Self {
        Self { kind: DiskErrorKind::of(&source), path: path.shown(), what, source: Some(source) }
    }

    pub(crate) fn of(kind: DiskErrorKind, path: impl Shown + Copy, what: &'static str) -> Self {
        Self { kind, path: path.shown(), what, source: None }
    }

    /// The file changes faster than it can be looked at.
    pub fn busy(path: &galley_engine::SitePath) -> Self {
        let source = io::Error::new(io::ErrorKind::ResourceBusy, "another program writes to it at this moment");
        Self { kind: DiskErrorKind::Other, path: path.to_string(), what: "was not saved", source: Some(source) }
    }

    /// A stable name where the window acts on it: `disk.full`, `disk.denied`, `page.exists`,
    /// `page.gone`, or `failed`.
    pub fn code(&self) -> &'static str {
        match self.kind {
            DiskErrorKind::NoSpace => "disk.full",
            DiskErrorKind::Denied | DiskErrorKind::ReadOnly => "disk.denied",
            DiskErrorKind::Exists => "page.exists",
            DiskErrorKind::Gone => "page.gone",
            DiskErrorKind::Outside | DiskErrorKind::Cancelled | DiskErrorKind::Other => "failed",
        }
    }

    /// One sentence that names the file and says what did not happen.
    pub fn message(&self) -> String {
        let Self { path, what, .. } = self;
        match self.kind {
            DiskErrorKind::NoSpace => format!("The disk is full: `{path}` {what}."),
            DiskErrorKind::Denied => format!("The system does not permit it: `{path}` {what}."),
            DiskErrorKind::Gone => format!("It is not there any more: `{path}` {what}."),
            DiskErrorKind::ReadOnly => format!("The disk can only be read: `{path}` {what}."),
            DiskErrorKind::Exists => format!("There is a file of that name already: `{path}` {what}."),
            DiskErrorKind::Outside => format!("The path leads where it must not: `{path}` {what}."),
            DiskErrorKind::Cancelled => format!("It was cancelled: `{path}` {what}."),
            DiskErrorKind::Other => match &self.source {
                Some(source) => format!("`{path}` {what}: {source}."),
                None => format!("`{path}` {what}."),
            },
        }
    }

    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self.kind {
            DiskErrorKind::NoSpace => "Free some space and try again. Your text is kept.",
            DiskErrorKind::Denied => {
                "Give yourself permission to write to the file and its folder, and try again. Your text is kept."
            }
            DiskErrorKind::Gone => "Put the folder back, or save under another name. Your text is kept.",
            DiskErrorKind::ReadOnly => "Copy the site to a disk that can be written to. Your text is kept.",
            DiskErrorKind::Exists => "Choose another name. Nothing was overwritten.",
            DiskErrorKind::Outside => "Choose a path inside the site. Nothing was changed.",
            DiskErrorKind::Cancelled => "Start it again when you like. Nothing was changed.",
            DiskErrorKind::Other => "Try again. Your text is kept.",
        }
    }
}

/// A path as a message shows it.
pub(crate) trait Shown {
    fn shown(&self) -> String;
}

impl Shown for &Path {
    fn shown(&self) -> String {
        self.display().to_string()
    }
}

impl Shown for &galley_engine::SitePath {
    fn shown(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_and_the_text_is_said_to_be_kept() {
        let path = galley_engine::SitePath::new("posts/a.md").expect("a path");
        let error = DiskError::io(&path, "was not saved", io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(error.kind, DiskErrorKind::NoSpace);
        assert_eq!(error.to_string(), "The disk is full: `posts/a.md` was not saved.");
        assert_eq!(error.help(), "Free some space and try again. Your text is kept.");
        assert_eq!(error.code(), "disk.full");
    }
}
