//! A host as it is written in `galley.toml`: one flat table, whatever its kind.
//! A table that says too little or something unknown is refused with what to write.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{
    CloudflareHost, FolderHost, FtpHost, GitHost, HostConfig, HostKind, NeocitiesHost, NetlifyHost, S3Host, SftpHost,
    SftpMode, WebDavHost, ZipHost,
};

/// Every key that a host's table may have.
pub const KEYS: [&str; 19] = [
    "kind",
    "url",
    "address",
    "user",
    "path",
    "key_file",
    "mode",
    "endpoint",
    "region",
    "bucket",
    "prefix",
    "access_key_id",
    "site",
    "api",
    "account",
    "project",
    "remote",
    "branch",
    "ca_file",
];
/// The one key that is a yes or a no.
pub const PLAIN: &str = "plain";

/// Every kind, as it is written.
pub const KINDS: [&str; 10] =
    ["folder", "zip", "sftp", "s3", "netlify", "cloudflare", "git", "ftp", "webdav", "neocities"];

const NETLIFY: &str = "https://api.netlify.com/api/v1";
const CLOUDFLARE: &str = "https://api.cloudflare.com/client/v4";
const NEOCITIES: &str = "https://neocities.org/api";

type Text = Option<String>;

/// The table as it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<SftpMode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bucket: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_key_id: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    site: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remote: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    plain: bool,
}

impl TryFrom<Table> for HostConfig {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let url = checked_url(&table.url)?;
        Ok(Self { url, kind: kind(table)? })
    }
}

fn kind(table: Table) -> Result<HostKind, String> {
    let name = table.kind.clone();
    let need = |value: Text, key: &str| required(value, &name, key);
    Ok(match name.as_str() {
        "folder" => HostKind::Folder(FolderHost { path: need(table.path, "path")?.into() }),
        "zip" => HostKind::Zip(ZipHost { path: need(table.path, "path")?.into() }),
        "sftp" => HostKind::Sftp(SftpHost {
            address: need(table.address, "address")?,
            user: need(table.user, "user")?,
            path: need(table.path, "path")?,
            key_file: table.key_file,
            mode: table.mode.unwrap_or_default(),
        }),
        "s3" => HostKind::S3(S3Host {
            endpoint: web_address(&need(table.endpoint, "endpoint")?)?,
            region: table.region.filter(|region| !region.trim().is_empty()).unwrap_or_else(|| "us-east-1".into()),
            bucket: need(table.bucket, "bucket")?,
            prefix: table.prefix.unwrap_or_default().trim_matches('/').to_owned(),
            access_key_id: need(table.access_key_id, "access_key_id")?,
        }),
        "netlify" => HostKind::Netlify(NetlifyHost { site: need(table.site, "site")?, api: api(table.api, NETLIFY)? }),
        "cloudflare" => HostKind::Cloudflare(CloudflareHost {
            account: need(table.account, "account")?,
            project: need(table.project, "project")?,
            api: api(table.api, CLOUDFLARE)?,
        }),
        "git" => HostKind::Git(GitHost {
            remote: need(table.remote, "remote")?,
            branch: need(table.branch, "branch")?,
            key_file: table.key_file,
            user: table.user.unwrap_or_default(),
        }),
        "ftp" => HostKind::Ftp(FtpHost {
            address: need(table.address, "address")?,
            user: need(table.user, "user")?,
            path: need(table.path, "path")?,
            is_plain: table.plain,
            ca_file: table.ca_file,
        }),
        "webdav" => HostKind::WebDav(WebDavHost {
            address: web_address(&need(table.address, "address")?)?,
            user: table.user.unwrap_or_default(),
            ca_file: table.ca_file,
        }),
        "neocities" => {
            HostKind::Neocities(NeocitiesHost { site: need(table.site, "site")?, api: api(table.api, NEOCITIES)? })
        }
        other => {
            let kinds = KINDS.map(|kind| format!("`{kind}`")).join(", ");
            return Err(format!("no kind of host is called `{other}`; use one of {kinds}"));
        }
    })
}

impl From<HostConfig> for Table {
    fn from(config: HostConfig) -> Self {
        let base = Self { kind: config.kind.as_str().into(), url: config.url, ..Self::default() };
        let text = |path: PathBuf| Some(path.to_string_lossy().into_owned());
        match config.kind {
            HostKind::Folder(FolderHost { path }) | HostKind::Zip(ZipHost { path }) => {
                Self { path: text(path), ..base }
            }
            HostKind::Sftp(sftp) => Self {
                address: Some(sftp.address),
                user: Some(sftp.user),
                path: Some(sftp.path),
                key_file: sftp.key_file,
                mode: Some(sftp.mode),
                ..base
            },
            HostKind::S3(s3) => Self {
                endpoint: Some(s3.endpoint),
                region: Some(s3.region),
                bucket: Some(s3.bucket),
                prefix: some(s3.prefix),
                access_key_id: Some(s3.access_key_id),
                ..base
            },
            HostKind::Netlify(netlify) => Self { site: Some(netlify.site), api: unless(netlify.api, NETLIFY), ..base },
            HostKind::Cloudflare(pages) => Self {
                account: Some(pages.account),
                project: Some(pages.project),
                api: unless(pages.api, CLOUDFLARE),
                ..base
            },
            HostKind::Git(git) => Self {
                remote: Some(git.remote),
                branch: Some(git.branch),
                key_file: git.key_file,
                user: some(git.user),
                ..base
            },
            HostKind::Ftp(ftp) => Self {
                address: Some(ftp.address),
                user: Some(ftp.user),
                path: Some(ftp.path),
                plain: ftp.is_plain,
                ca_file: ftp.ca_file,
                ..base
            },
            HostKind::WebDav(dav) => {
                Self { address: Some(dav.address), user: some(dav.user), ca_file: dav.ca_file, ..base }
            }
            HostKind::Neocities(neocities) => {
                Self { site: Some(neocities.site), api: unless(neocities.api, NEOCITIES), ..base }
            }
        }
    }
}

fn some(text: String) -> Text {
    Some(text).filter(|text| !text.is_empty())
}

fn unless(text: String, usual: &str) -> Text {
    Some(text).filter(|text| text != usual)
}

fn required(value: Text, kind: &str, name: &str) -> Result<String, String> {
    value
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .ok_or_else(|| format!("a host of kind `{kind}` needs `{name}`; add it to `galley.toml`"))
}

fn api(value: Text, usual: &str) -> Result<String, String> {
    value.filter(|api| !api.trim().is_empty()).map_or_else(|| Ok(usual.to_owned()), |api| web_address(&api))
}

fn web_address(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    // Without a scheme a writer means the safe one.
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    if rest.is_empty() || rest.contains(['@', ' ', '?', '#']) {
        return Err(format!(
            "`{text}` is no address; write it as `https://example.org`, without a name or a secret in it"
        ));
    }
    Ok(text)
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
        for text in [
            "kind = \"sftp\"\nurl = \"https://example.org/\"\naddress = \"example.org:22\"\nuser = \"me\"\npath = \"/srv/www\"\nmode = \"in-place\"\n",
            "kind = \"zip\"\npath = \"/tmp/site.zip\"\n",
            "kind = \"s3\"\nendpoint = \"https://s3.example.org\"\nregion = \"auto\"\nbucket = \"b\"\nprefix = \"www\"\naccess_key_id = \"AK\"\n",
            "kind = \"netlify\"\nsite = \"my-site.netlify.app\"\n",
            "kind = \"cloudflare\"\naccount = \"0123\"\nproject = \"site\"\n",
            "kind = \"git\"\nuser = \"ada\"\nremote = \"https://example.org/a/b.git\"\nbranch = \"pages\"\n",
            "kind = \"ftp\"\naddress = \"ftp.example.org\"\nuser = \"me\"\npath = \"/www\"\nplain = true\n",
            "kind = \"webdav\"\naddress = \"https://dav.example.org/www\"\nuser = \"me\"\n",
            "kind = \"neocities\"\nsite = \"me\"\n",
        ] {
            let config = parse(text).expect(text);
            assert_eq!(toml::to_string(&config).expect("text"), text);
            // Every key that is ever written is one that a change of settings knows of.
            for line in text.lines() {
                let key = line.split(' ').next().expect("a key");
                assert!(KEYS.contains(&key) || key == PLAIN, "{key}");
            }
        }
    }

    #[test]
    fn wrong_settings_say_what_to_write() {
        for (text, expected) in [
            ("kind = \"gopher\"", "no kind of host is called `gopher`"),
            ("kind = \"s3\"", "needs `endpoint`"),
            ("kind = \"s3\"\nendpoint = \"https://key:secret@x\"", "without a name or a secret"),
            ("kind = \"sftp\"\naddress = \"a\"", "needs `user`"),
            ("kind = \"git\"\nremote = \"r\"", "needs `branch`"),
            ("kind = \"folder\"", "needs `path`"),
            ("kind = \"folder\"\npath = \"/x\"\nurl = \"example.org\"", "no address"),
            ("kind = \"sftp\"\npassword = \"x\"", "unknown field `password`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
