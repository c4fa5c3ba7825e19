//! The settings of a host, as they stand in `[hosts.NAME]` of `galley.toml`.
//! They never hold a secret; secrets are handed in at run time and print nothing.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One host: what kind it is, where it is, and where what it serves can be read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct HostConfig {
    /// Where it is served: `https://example.org/`. Empty where nothing serves it.
    pub url: String,
    /// What it is.
    pub kind: HostKind,
}

/// The kinds of host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKind {
    /// A folder of this machine.
    Folder(FolderHost),
    /// An SSH server.
    Sftp(SftpHost),
}

/// A folder of this machine, or one that is mounted on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderHost {
    /// Absolute.
    pub path: PathBuf,
}

/// A folder on an SSH server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SftpHost {
    /// `host` or `host:port`; `[::1]:22` for IPv6.
    pub address: String,
    /// The user to log in as.
    pub user: String,
    /// The folder that is served; relative to where the login starts unless it begins with `/`.
    pub path: String,
    /// A private key file; the secret is then its passphrase.
    pub key_file: Option<PathBuf>,
    /// How a new release becomes live.
    pub mode: SftpMode,
}

/// How an SFTP host switches to a new release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SftpMode {
    /// `path` is a symlink, or may become one: a new release folder, then one rename.
    #[default]
    Symlink,
    /// `path` is a real folder: staged in it, then renamed file by file.
    InPlace,
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

/// The table as it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<SftpMode>,
}

/// Kinds that are planned: named, so that the message can say so.
const LATER: [&str; 8] = ["zip", "s3", "netlify", "cloudflare", "git", "ftp", "webdav", "neocities"];

impl TryFrom<Table> for HostConfig {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let url = checked_url(&table.url)?;
        let kind = match table.kind.as_str() {
            "folder" => HostKind::Folder(FolderHost { path: required(table.path, "folder", "path")?.into() }),
            "sftp" => HostKind::Sftp(SftpHost {
                address: required(table.address, "sftp", "address")?,
                user: required(table.user, "sftp", "user")?,
                path: required(table.path, "sftp", "path")?,
                key_file: table.key_file,
                mode: table.mode.unwrap_or_default(),
            }),
            other if LATER.contains(&other) => {
                return Err(format!("hosts of kind `{other}` are not supported yet; use `folder` or `sftp`"));
            }
            other => return Err(format!("no kind of host is called `{other}`; use `folder` or `sftp`")),
        };
        Ok(Self { url, kind })
    }
}

impl From<HostConfig> for Table {
    fn from(config: HostConfig) -> Self {
        let url = config.url;
        match config.kind {
            HostKind::Folder(folder) => Self {
                kind: "folder".into(),
                url,
                path: Some(folder.path.to_string_lossy().into_owned()),
                ..Self::default()
            },
            HostKind::Sftp(sftp) => Self {
                kind: "sftp".into(),
                url,
                address: Some(sftp.address),
                user: Some(sftp.user),
                path: Some(sftp.path),
                key_file: sftp.key_file,
                mode: Some(sftp.mode),
            },
        }
    }
}

fn required(value: Option<String>, kind: &str, name: &str) -> Result<String, String> {
    value
        .filter(|value| !value.trim().is_empty())
        .ok_or_else(|| format!("a host of kind `{kind}` needs `{name}`; add it to `galley.toml`"))
}

fn checked_url(url: &str) -> Result<String, String> {
    let url = url.trim();
    if url.is_empty() || url.starts_with("https://") || url.starts_with("http://") {
        return Ok(url.to_owned());
    }
    Err(format!("`{url}` is no address; write it with `https://` in front, or leave `url` out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<HostConfig, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn settings_survive_the_round_trip() {
        let text = "kind = \"sftp\"\nurl = \"https://example.org/\"\naddress = \"example.org:22\"\nuser = \"me\"\npath = \"/srv/www\"\nmode = \"in-place\"\n";
        let config = parse(text).expect("a host");
        let HostKind::Sftp(sftp) = &config.kind else { panic!("{config:?}") };
        assert_eq!((sftp.mode, sftp.user.as_str()), (SftpMode::InPlace, "me"));
        assert_eq!(toml::to_string(&config).expect("text"), text);
    }

    #[test]
    fn wrong_settings_say_what_to_write() {
        for (text, expected) in [
            ("kind = \"gopher\"", "no kind of host is called `gopher`"),
            ("kind = \"s3\"", "hosts of kind `s3` are not supported yet"),
            ("kind = \"sftp\"\naddress = \"a\"", "needs `user`"),
            ("kind = \"folder\"", "needs `path`"),
            ("kind = \"folder\"\npath = \"/x\"\nurl = \"example.org\"", "no address"),
            ("kind = \"sftp\"\npassword = \"x\"", "unknown field `password`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn secrets_print_nothing() {
        let access = Access { secret: Some(Secret::new("hunter2")), ..Access::default() };
        assert!(!format!("{access:?}").contains("hunter2"));
    }
}
