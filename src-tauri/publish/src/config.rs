//! The settings of a host, as they stand in `[hosts.NAME]` of `galley.toml`.
//! They never hold a secret; secrets are handed in at run time and print nothing.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

mod kinds;
mod table;

pub use kinds::{
    CloudflareHost, FolderHost, FtpHost, GitHost, HostKind, NeocitiesHost, NetlifyHost, S3Host, SftpHost, SftpMode,
    WebDavHost, ZipHost,
};
use table::Table;
pub use table::{KEYS, KINDS, PLAIN};

/// One host: what kind it is, where it is, and where what it serves can be read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct HostConfig {
    /// Where it is served: `https://example.org/`. Empty where nothing serves it.
    pub url: String,
    /// What it is.
    pub kind: HostKind,
}

/// A password or a passphrase. It has no `Debug` that shows it and no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the secret over.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What it takes to reach a host besides its settings.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The password, or the key file's passphrase.
    pub secret: Option<Secret>,
    /// Galley's own file of server keys: the keys that the writer trusted.
    pub known_hosts: PathBuf,
    /// Other files of server keys, usually `~/.ssh/known_hosts`. They are read and never written.
    pub also_known: Vec<PathBuf>,
    /// The socket of an ssh-agent, asked where there is neither key file nor secret.
    pub agent: Option<PathBuf>,
    /// Who publishes, for others to read: `ada@laptop`.
    pub by: String,
}

/// A host and the access to it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its settings.
    pub config: HostConfig,
    /// How to get in.
    pub access: Access,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_print_nothing() {
        let access = Access { secret: Some(Secret::new("hunter2")), ..Access::default() };
        assert!(!format!("{access:?}").contains("hunter2"));
    }
}
