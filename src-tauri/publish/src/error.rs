//! Why a publish did not happen, in words for the writer.
//! An error never holds a secret, and always says what is live now.

/// What a failed publish left on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LiveState {
    /// The site is what it was before.
    #[default]
    Unchanged,
    /// Some files are of the new release, some of the old one.
    Partly,
    /// The new release is live; what came after the switch failed.
    Live,
    /// The connection was lost at the moment of the switch and the host cannot be asked.
    Unknown,
}

impl LiveState {
    /// One sentence for the writer.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unchanged => "The site is unchanged.",
            Self::Partly => "The site is partly updated: publish again to finish, or roll back.",
            Self::Live => "The new release is live.",
            Self::Unknown => "Whether the new release is live is not known: publish again to find out.",
        }
    }
}

/// What kind of failure it is; the window acts on these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The settings of the host are wrong or incomplete.
    Config,
    /// The server has never been seen. Nothing was sent. `trust_key` accepts it.
    UnknownKey {
        /// `SHA256:…` as OpenSSH shows it.
        fingerprint: String,
    },
    /// The server shows another key than before: a hard stop.
    ChangedKey {
        /// The fingerprint on record.
        expected: String,
        /// The fingerprint the server shows now.
        got: String,
    },
    /// A password or passphrase is needed.
    SecretNeeded,
    /// The password, passphrase or key was refused. Not tried again.
    WrongSecret,
    /// No connection: refused, no such name, no route.
    Unreachable,
    /// The host's certificate does not hold: a hard stop.
    Certificate,
    /// The host is overloaded or broken, also after several tries.
    Busy {
        /// The HTTP status it answers.
        status: u16,
    },
    /// The clocks of this computer and of the host differ too much.
    Clock,
    /// Connected, but no answer for 12 seconds.
    NoAnswer,
    /// The connection was cut.
    Lost,
    /// Somebody else is publishing now.
    Locked {
        /// Who holds the lock.
        by: String,
        /// Since when, seconds since 1970.
        since: u64,
    },
    /// Somebody published since the plan was made: plan again.
    Moved {
        /// Who.
        by: String,
        /// When, seconds since 1970.
        since: u64,
    },
    /// More deletions than are done without an explicit yes.
    LargeDeletion {
        /// How many files.
        files: usize,
    },
    /// Something that should perhaps not be public, and no explicit yes.
    Leaks {
        /// How many files.
        files: usize,
    },
    /// Nothing to publish.
    EmptyOutput,
    /// The plan breaks a rule of the host: names, collisions, limits.
    BadPlan,
    /// A file of the output changed since the plan was made: plan again.
    SourceChanged {
        /// The output path.
        path: String,
    },
    /// The disk or quota is full.
    Full {
        /// Bytes to be written.
        needs: u64,
        /// Bytes there are, where the host says.
        has: u64,
    },
    /// The host forbids writing or reading there.
    Denied,
    /// No such release.
    NoRelease,
    /// Published, but what is served is something else.
    Verify {
        /// The address that was read.
        url: String,
    },
    /// Stopped by the writer.
    Cancelled,
    /// A failure of this machine's disk.
    Local,
    /// The host did something that no rule covers.
    Host,
}

/// Why a publish, a rollback or a test did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PublishError {
    /// What the window acts on.
    pub kind: ErrorKind,
    /// One sentence that names the thing.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// What is live now.
    pub state: LiveState,
}

/// A result of this crate.
pub type Result<T, E = Box<PublishError>> = std::result::Result<T, E>;

impl PublishError {
    /// An error with its message and help; the site is taken to be unchanged.
    pub fn new(kind: ErrorKind, message: impl Into<String>, help: impl Into<String>) -> Box<Self> {
        Box::new(Self { kind, message: message.into(), help: help.into(), state: LiveState::Unchanged })
    }

    /// The same error, with what it left on the host.
    #[must_use]
    pub fn leaving(mut self: Box<Self>, state: LiveState) -> Box<Self> {
        self.state = state;
        self
    }

    /// A failure of this machine's disk.
    pub(crate) fn local(what: &str, path: &std::path::Path, error: &std::io::Error) -> Box<Self> {
        Self::new(
            ErrorKind::Local,
            format!("cannot {what} `{}`: {error}", path.display()),
            "Check that the disk is not full and that the folder may be written, then publish again.",
        )
    }

    /// The writer pressed *Cancel*.
    pub(crate) fn cancelled() -> Box<Self> {
        Self::new(ErrorKind::Cancelled, "Publishing was stopped.", "Publish again to go on where it stopped.")
    }

    /// Whether trying again over a new connection can help.
    pub(crate) fn is_connection(&self) -> bool {
        matches!(self.kind, ErrorKind::NoAnswer | ErrorKind::Lost | ErrorKind::Unreachable)
    }
}
