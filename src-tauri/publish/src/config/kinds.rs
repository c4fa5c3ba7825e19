//! The kinds of host and what each needs to be reached.
//! Plain data: nothing here connects, and nothing here is a secret.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The kinds of host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKind {
    /// A folder of this machine.
    Folder(FolderHost),
    /// A ZIP archive on this machine.
    Zip(ZipHost),
    /// An SSH server.
    Sftp(SftpHost),
    /// A bucket that speaks the S3 protocol.
    S3(S3Host),
    /// Netlify.
    Netlify(NetlifyHost),
    /// Cloudflare Pages.
    Cloudflare(CloudflareHost),
    /// A branch of a Git repository.
    Git(GitHost),
    /// An FTP server, over TLS unless it says otherwise.
    Ftp(FtpHost),
    /// A `WebDAV` collection.
    WebDav(WebDavHost),
    /// Neocities.
    Neocities(NeocitiesHost),
}

/// A folder of this machine, or one that is mounted on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderHost {
    /// Absolute.
    pub path: PathBuf,
}

/// An archive that holds the whole site, written anew by each publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipHost {
    /// Absolute; ends in `.zip`.
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

/// A bucket. The secret is the secret access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Host {
    /// `https://s3.example.org`, without the bucket.
    pub endpoint: String,
    /// The region that requests are signed for; `auto` and `us-east-1` are common.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// Keys begin with this; empty for the top of the bucket.
    pub prefix: String,
    /// The public half of the key.
    pub access_key_id: String,
}

/// A site on Netlify. The secret is a personal access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetlifyHost {
    /// The site's id, or its name such as `my-site.netlify.app`.
    pub site: String,
    /// Where the API is.
    pub api: String,
}

/// A project on Cloudflare Pages. The secret is an API token that may edit Pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudflareHost {
    /// The account's id, 32 hexadecimal digits.
    pub account: String,
    /// The project's name.
    pub project: String,
    /// Where the API is.
    pub api: String,
}

/// A branch that a service such as GitHub Pages publishes. The secret is a token, or none where
/// Git's own credential helper or an SSH key answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHost {
    /// `https://…` or `git@host:owner/name.git`.
    pub remote: String,
    /// The branch.
    pub branch: String,
    /// A private key file for SSH; else what SSH itself is set up with.
    pub key_file: Option<PathBuf>,
    /// The user name that goes with the token.
    pub user: String,
}

/// A folder on an FTP server. The secret is the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FtpHost {
    /// `host` or `host:port`.
    pub address: String,
    /// The user to log in as.
    pub user: String,
    /// The folder that is served.
    pub path: String,
    /// Whether everything, the password too, may go over the line for anyone to read.
    pub is_plain: bool,
    /// A PEM file with the authority that vouches for the server, where it is no public one.
    pub ca_file: Option<PathBuf>,
}

/// A `WebDAV` collection. The secret is the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebDavHost {
    /// The collection's own address, `https://…`.
    pub address: String,
    /// The user to log in as.
    pub user: String,
    /// A PEM file with the authority that vouches for the server, where it is no public one.
    pub ca_file: Option<PathBuf>,
}

/// A site on Neocities. The secret is its API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeocitiesHost {
    /// The site's name: `name` of `name.neocities.org`.
    pub site: String,
    /// Where the API is.
    pub api: String,
}

impl HostKind {
    /// The kind's word in `galley.toml`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Folder(_) => "folder",
            Self::Zip(_) => "zip",
            Self::Sftp(_) => "sftp",
            Self::S3(_) => "s3",
            Self::Netlify(_) => "netlify",
            Self::Cloudflare(_) => "cloudflare",
            Self::Git(_) => "git",
            Self::Ftp(_) => "ftp",
            Self::WebDav(_) => "webdav",
            Self::Neocities(_) => "neocities",
        }
    }

    /// The very place that is published to, as one line: what releases are kept by.
    #[must_use]
    pub fn place(&self) -> String {
        let address = self.address();
        match self {
            Self::Sftp(SftpHost { path, .. }) | Self::Ftp(FtpHost { path, .. }) => format!("{address} {path}"),
            Self::S3(s3) => format!("{address} {}", s3.prefix),
            Self::Git(git) => format!("{address} {}", git.branch),
            Self::Folder(_)
            | Self::Zip(_)
            | Self::Netlify(_)
            | Self::Cloudflare(_)
            | Self::WebDav(_)
            | Self::Neocities(_) => address,
        }
    }

    /// Where the host is, as one line: what its secret is bound to, and what a person would name.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Folder(FolderHost { path }) | Self::Zip(ZipHost { path }) => path.display().to_string(),
            Self::Sftp(sftp) => format!("{}@{}", sftp.user, sftp.address),
            Self::S3(s3) => format!("{}@{}/{}", s3.access_key_id, s3.endpoint, s3.bucket),
            Self::Netlify(netlify) => format!("{}@{}", netlify.site, netlify.api),
            Self::Cloudflare(pages) => format!("{}/{}@{}", pages.account, pages.project, pages.api),
            Self::Git(git) => format!("{}@{}", git.user, git.remote),
            Self::Ftp(ftp) => format!("{}@{}{}", ftp.user, ftp.address, if ftp.is_plain { " unencrypted" } else { "" }),
            Self::WebDav(dav) => format!("{}@{}", dav.user, dav.address),
            Self::Neocities(neocities) => format!("{}@{}", neocities.site, neocities.api),
        }
    }
}
