//! The settings of a host as the window shows and sends them.
//! Nothing here is a secret, and what the window sends is checked like what stands in the file.

use std::path::PathBuf;

use galley_ipc::{Failure, HostTarget, HostView, SftpMode};
use galley_publish::{HostConfig, HostKind};
use toml_edit::{DocumentMut, value};

use crate::failure::failed;

/// A host as the window shows it.
pub fn view(name: &str, config: &HostConfig, has_secret: bool) -> HostView {
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let target = match config.kind.clone() {
        HostKind::Folder(folder) => HostTarget::Folder { path: text(&folder.path) },
        HostKind::Zip(zip) => HostTarget::Zip { path: text(&zip.path) },
        HostKind::Sftp(sftp) => HostTarget::Sftp {
            address: sftp.address,
            user: sftp.user,
            path: sftp.path,
            key_file: sftp.key_file.as_ref().map(text),
            mode: match sftp.mode {
                galley_publish::SftpMode::Symlink => SftpMode::Symlink,
                galley_publish::SftpMode::InPlace => SftpMode::InPlace,
            },
        },
        HostKind::S3(s3) => HostTarget::S3 {
            endpoint: s3.endpoint,
            region: s3.region,
            bucket: s3.bucket,
            prefix: s3.prefix,
            access_key_id: s3.access_key_id,
        },
        HostKind::Netlify(netlify) => HostTarget::Netlify { site: netlify.site },
        HostKind::Cloudflare(pages) => HostTarget::Cloudflare { account: pages.account, project: pages.project },
        HostKind::Git(git) => HostTarget::Git {
            remote: git.remote,
            branch: git.branch,
            user: git.user,
            key_file: git.key_file.as_ref().map(text),
        },
        HostKind::Ftp(ftp) => {
            HostTarget::Ftp { address: ftp.address, user: ftp.user, path: ftp.path, plain: ftp.is_plain }
        }
        HostKind::WebDav(dav) => HostTarget::Webdav { address: dav.address, user: dav.user },
        HostKind::Neocities(neocities) => HostTarget::Neocities { site: neocities.site },
    };
    HostView { name: name.into(), url: config.url.clone(), target, has_secret }
}

/// The settings that the window sent, read as if they stood in `galley.toml`.
pub fn settings(host: &HostView) -> Result<HostConfig, Failure> {
    let mut table = DocumentMut::new();
    let mut put = |key: &str, text: &str| {
        if !text.trim().is_empty() {
            table[key] = value(text.trim());
        }
    };
    put("url", &host.url);
    match &host.target {
        HostTarget::Folder { path } => pairs(&mut put, &[("kind", "folder"), ("path", path)]),
        HostTarget::Zip { path } => pairs(&mut put, &[("kind", "zip"), ("path", path)]),
        HostTarget::Sftp { address, user, path, key_file, mode } => {
            let mode = match mode {
                SftpMode::Symlink => "symlink",
                SftpMode::InPlace => "in-place",
            };
            let key_file = key_file.as_deref().unwrap_or_default();
            let all = [("kind", "sftp"), ("address", address), ("user", user), ("path", path), ("key_file", key_file)];
            pairs(&mut put, &all);
            put("mode", mode);
        }
        HostTarget::S3 { endpoint, region, bucket, prefix, access_key_id } => {
            let all =
                [("kind", "s3"), ("endpoint", endpoint), ("region", region), ("bucket", bucket), ("prefix", prefix)];
            pairs(&mut put, &all);
            put("access_key_id", access_key_id);
        }
        HostTarget::Netlify { site } => pairs(&mut put, &[("kind", "netlify"), ("site", site)]),
        HostTarget::Cloudflare { account, project } => {
            pairs(&mut put, &[("kind", "cloudflare"), ("account", account), ("project", project)]);
        }
        HostTarget::Git { remote, branch, user, key_file } => {
            let key_file = key_file.as_deref().unwrap_or_default();
            let all = [("kind", "git"), ("remote", remote), ("branch", branch), ("user", user), ("key_file", key_file)];
            pairs(&mut put, &all);
        }
        HostTarget::Ftp { address, user, path, .. } => {
            pairs(&mut put, &[("kind", "ftp"), ("address", address), ("user", user), ("path", path)]);
        }
        HostTarget::Webdav { address, user } => {
            pairs(&mut put, &[("kind", "webdav"), ("address", address), ("user", user)]);
        }
        HostTarget::Neocities { site } => pairs(&mut put, &[("kind", "neocities"), ("site", site)]),
    }
    if matches!(host.target, HostTarget::Ftp { plain: true, .. }) {
        table["plain"] = value(true);
    }
    toml::from_str(&table.to_string()).map_err(|error: toml::de::Error| {
        let why = error.message().replace("; add it to `galley.toml`", "");
        failed(format!("The settings of `{}` are not complete: {why}.", host.name), "Correct them, then try again.")
    })
}

fn pairs(put: &mut dyn FnMut(&str, &str), all: &[(&str, &str)]) {
    for (key, text) in all {
        put(key, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_the_window() {
        for text in [
            "kind = \"zip\"\npath = \"/a.zip\"\n",
            "kind = \"sftp\"\naddress = \"a:22\"\nuser = \"u\"\npath = \"/w\"\nkey_file = \"/k\"\nmode = \"in-place\"\n",
            "kind = \"s3\"\nurl = \"https://e.org/\"\nendpoint = \"https://s3.e.org\"\nregion = \"auto\"\nbucket = \"b\"\nprefix = \"p\"\naccess_key_id = \"k\"\n",
            "kind = \"netlify\"\nsite = \"s\"\n",
            "kind = \"cloudflare\"\naccount = \"a\"\nproject = \"p\"\n",
            "kind = \"git\"\nremote = \"git@e.org:a/b.git\"\nbranch = \"pages\"\nkey_file = \"/k\"\n",
            "kind = \"ftp\"\naddress = \"a\"\nuser = \"u\"\npath = \"/w\"\nplain = true\n",
            "kind = \"webdav\"\naddress = \"https://e.org/dav\"\nuser = \"u\"\n",
            "kind = \"neocities\"\nsite = \"s\"\n",
        ] {
            let config: HostConfig = toml::from_str(text).expect(text);
            assert_eq!(settings(&view("live", &config, false)).expect(text), config);
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let target = HostTarget::Netlify { site: " ".into() };
        let host = HostView { name: "live".into(), url: String::new(), target, has_secret: false };
        let failure = settings(&host).expect_err("incomplete");
        assert!(failure.message.contains("needs `site`") && !failure.message.contains("galley.toml"), "{failure:?}");
    }
}
