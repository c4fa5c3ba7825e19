//! The hosts of a site, in `galley.toml`: read, changed and written back with its comments.
//! A secret is never in it; secrets are kept by site, host and address.

use std::path::PathBuf;

use galley_disk::Places;
use galley_ipc::Failure;
use galley_publish::{Access, Extras, HostConfig, HostKind, KEYS, PLAIN, Target};
use toml_edit::{DocumentMut, Item, Table, TableLike};

use crate::failure::failed;
use crate::secrets::{SecretId, Secrets};

/// How hosts are reached from this machine.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The file of server keys that SSH has: read, never written.
    pub known_hosts: PathBuf,
    /// The socket of an ssh-agent.
    pub agent: Option<PathBuf>,
    /// Who publishes: `ada@laptop`.
    pub by: String,
    /// The person's home folder, for `~/`.
    pub home: PathBuf,
}

impl Reach {
    /// What the environment says.
    pub fn from_env() -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let home = variable("HOME").or_else(|| variable("USERPROFILE")).map_or_else(std::env::temp_dir, PathBuf::from);
        let user = variable("USER").or_else(|| variable("USERNAME")).unwrap_or_else(|| "someone".into());
        let machine = variable("HOSTNAME")
            .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
            .map_or_else(|| "this machine".into(), |name| name.trim().to_owned());
        Self {
            known_hosts: home.join(".ssh/known_hosts"),
            agent: variable("SSH_AUTH_SOCK").map(PathBuf::from),
            by: format!("{user}@{machine}"),
            home,
        }
    }

    fn expand(&self, path: PathBuf) -> PathBuf {
        match path.strip_prefix("~") {
            Ok(rest) => self.home.join(rest),
            Err(_) => path,
        }
    }
}

/// The settings file of a site's hosts.
#[derive(Debug, Clone)]
pub struct HostsFile(pub PathBuf);

impl HostsFile {
    fn read(&self) -> Result<DocumentMut, Failure> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(failed(
                    format!("`{}` could not be read: {error}.", self.0.display()),
                    "Look at the file's permissions, then try again.",
                ));
            }
        };
        text.parse().map_err(|error: toml_edit::TomlError| {
            let place = error.to_string().lines().next().unwrap_or_default().to_owned();
            failed(format!("`galley.toml` does not parse: {place}."), "Correct the file, then try again.")
        })
    }

    fn write(&self, document: &DocumentMut) -> Result<(), Failure> {
        let write = || -> std::io::Result<()> {
            if let Some(folder) = self.0.parent() {
                std::fs::create_dir_all(folder)?;
            }
            galley_disk::write_atomic(&self.0, document.to_string().as_bytes()).map_err(std::io::Error::other)
        };
        write().map_err(|error| {
            failed(
                format!("`{}` was not written: {error}.", self.0.display()),
                "Look at the file's permissions and the space on the disk, then try again.",
            )
        })
    }

    /// All hosts, in the order of the file.
    pub fn all(&self) -> Result<Vec<(String, HostConfig)>, Failure> {
        let document = self.read()?;
        let Some(hosts) = document.get("hosts").and_then(Item::as_table_like) else { return Ok(Vec::new()) };
        hosts.iter().map(|(name, item)| Ok((name.to_owned(), config(name, item)?))).collect()
    }

    /// One host.
    pub fn one(&self, name: &str) -> Result<HostConfig, Failure> {
        let hosts = self.all()?;
        let names: Vec<&str> = hosts.iter().map(|(name, _)| name.as_str()).collect();
        let help = match names.as_slice() {
            [] => "Add a host first.".to_owned(),
            names => format!("The hosts of this site are: {}.", names.join(", ")),
        };
        let found = hosts.iter().find(|(known, _)| known == name).map(|(_, config)| config.clone());
        found.ok_or_else(|| failed(format!("The site has no host called `{name}`."), help))
    }

    /// Adds or changes one host; what else is in its table stays.
    pub fn put(&self, name: &str, config: &HostConfig) -> Result<(), Failure> {
        let mut document = self.read()?;
        let text = toml::to_string(config).map_err(|error| {
            failed(format!("The host `{name}` cannot be written: {error}."), "Look at its settings.")
        })?;
        let new: DocumentMut = text.parse().map_err(|error| {
            failed(format!("The host `{name}` cannot be written: {error}."), "Look at its settings.")
        })?;
        let hosts = document.entry("hosts").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let broken = || failed("`hosts` in `galley.toml` is no table.", "Correct the file, then try again.");
        let hosts = hosts.as_table_like_mut().ok_or_else(broken)?;
        if hosts.get(name).is_none() {
            hosts.insert(name, Item::Table(Table::new()));
        }
        let table = hosts.get_mut(name).and_then(Item::as_table_like_mut).ok_or_else(broken)?;
        for key in KEYS.into_iter().chain([PLAIN]) {
            match new.get(key) {
                Some(value) => set(table, key, value),
                // The window shows neither, so it takes neither away.
                None if matches!(key, "api" | "ca_file") => {}
                None => {
                    table.remove(key);
                }
            }
        }
        self.write(&document)
    }

    /// What publishing adds to the site's own files: `[redirects]`, and `htaccess` and `packed` in `[publish]`.
    pub fn extras(&self) -> Result<Extras, Failure> {
        let document = self.read()?;
        let table = document.get("redirects").and_then(Item::as_table_like);
        let redirects = table.into_iter().flat_map(TableLike::iter);
        let redirects = redirects.filter_map(|(old, new)| Some((old.to_owned(), new.as_str()?.to_owned()))).collect();
        let publish = document.get("publish");
        let is_on = |key| publish.and_then(|publish| publish.get(key)).and_then(Item::as_bool).unwrap_or(false);
        Ok(Extras { redirects, htaccess: is_on("htaccess"), packed: is_on("packed") })
    }

    /// Adds a redirect from an address that is gone.
    pub fn redirect(&self, from: &str, to: &str) -> Result<(), Failure> {
        let is_address = |text: &str| text.starts_with('/') && !text.contains(char::is_whitespace);
        if !is_address(from) || !(is_address(to) || to.starts_with("https://") || to.starts_with("http://")) {
            return Err(failed(
                format!("`{from}` cannot lead to `{to}`."),
                "Write both as addresses of the site, such as `/posts/one/`.",
            ));
        }
        let mut document = self.read()?;
        let redirects = document.entry("redirects").or_insert_with(|| Item::Table(Table::new()));
        let broken = || failed("`redirects` in `galley.toml` is no table.", "Correct the file, then try again.");
        let redirects = redirects.as_table_like_mut().ok_or_else(broken)?;
        set(redirects, from, &toml_edit::value(to));
        self.write(&document)
    }

    /// Removes one host's settings.
    pub fn remove(&self, name: &str) -> Result<(), Failure> {
        let mut document = self.read()?;
        if let Some(hosts) = document.get_mut("hosts").and_then(Item::as_table_like_mut) {
            hosts.remove(name);
        }
        self.write(&document)
    }
}

/// Sets a value and keeps the comment behind it.
fn set(table: &mut dyn toml_edit::TableLike, key: &str, value: &Item) {
    let mut value = value.clone();
    if let (Some(old), Some(new)) = (table.get(key).and_then(Item::as_value), value.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = value,
        None => {
            table.insert(key, value);
        }
    }
}

fn config(name: &str, item: &Item) -> Result<HostConfig, Failure> {
    let broken = |why: &str| {
        failed(format!("The host `{name}` in `galley.toml` is wrong: {why}."), "Correct its settings, then try again.")
    };
    let table = item.as_table_like().ok_or_else(|| broken("it is no table"))?;
    let mut document = DocumentMut::new();
    for (key, value) in table.iter() {
        document.insert(key, value.clone());
    }
    toml::from_str(&document.to_string()).map_err(|error: toml::de::Error| broken(error.message()))
}

/// The address that a host's secret is for.
pub fn address(config: &HostConfig) -> String {
    config.kind.address()
}

/// Where the secret of a host is kept.
pub fn secret_id(site: &str, name: &str, config: &HostConfig) -> SecretId {
    SecretId { site: site.into(), host: name.into(), address: address(config) }
}

/// A host with the access to it.
pub fn target(
    site: &str,
    name: &str,
    config: HostConfig,
    (reach, places): (&Reach, &Places),
    secrets: &dyn Secrets,
) -> Target {
    let secret = secrets.get(&secret_id(site, name, &config)).map(galley_publish::Secret::new);
    let mut target = reached(config, reach, places);
    target.access.secret = secret;
    target
}

/// A host without its secret.
pub fn reached(mut config: HostConfig, reach: &Reach, places: &Places) -> Target {
    let expand = |path: &mut PathBuf| *path = reach.expand(std::mem::take(path));
    match &mut config.kind {
        HostKind::Sftp(sftp) => sftp.key_file.iter_mut().for_each(expand),
        HostKind::Git(git) => git.key_file.iter_mut().for_each(expand),
        HostKind::Folder(folder) => expand(&mut folder.path),
        HostKind::Zip(zip) => expand(&mut zip.path),
        HostKind::Ftp(ftp) => ftp.ca_file.iter_mut().for_each(expand),
        HostKind::WebDav(dav) => dav.ca_file.iter_mut().for_each(expand),
        HostKind::S3(_) | HostKind::Netlify(_) | HostKind::Cloudflare(_) | HostKind::Neocities(_) => {}
    }
    let access = Access {
        secret: None,
        known_hosts: places.data("known_hosts"),
        also_known: vec![reach.known_hosts.clone()],
        agent: reach.agent.clone(),
        by: reach.by.clone(),
    };
    Target { config, access }
}

#[cfg(test)]
mod tests {
    use galley_publish::FolderHost;

    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, HostsFile) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("galley.toml");
        std::fs::write(&path, text).expect("write");
        (folder, HostsFile(path))
    }

    fn folder_host(path: &str) -> HostConfig {
        HostConfig { url: "https://example.org/".into(), kind: HostKind::Folder(FolderHost { path: path.into() }) }
    }

    #[test]
    fn a_change_keeps_comments_and_other_keys() {
        let (_folder, hosts) =
            file("# mine\ntitle = \"x\"\n\n[hosts.live] # the real one\nkind = \"folder\" # here\npath = \"/srv/a\"\n");
        hosts.put("live", &folder_host("/srv/b")).expect("put");
        let text = std::fs::read_to_string(&hosts.0).expect("read");
        assert_eq!(
            text,
            "# mine\ntitle = \"x\"\n\n[hosts.live] # the real one\nkind = \"folder\" # here\npath = \"/srv/b\"\nurl = \"https://example.org/\"\n"
        );
        assert_eq!(hosts.all().expect("all"), [("live".to_owned(), folder_host("/srv/b"))]);
    }

    #[test]
    fn hosts_come_and_go_in_a_new_file() {
        let folder = tempfile::tempdir().expect("folder");
        let hosts = HostsFile(folder.path().join("deep/galley.toml"));
        assert_eq!(hosts.all().expect("all"), []);
        hosts.put("live", &folder_host("/srv/a")).expect("put");
        assert_eq!(hosts.one("live").expect("one"), folder_host("/srv/a"));
        let missing = hosts.one("alive").expect_err("no such host");
        assert_eq!(missing.message, "The site has no host called `alive`.");
        hosts.remove("live").expect("remove");
        assert_eq!(hosts.all().expect("all"), []);
    }

    #[test]
    fn a_host_that_is_wrong_is_named() {
        let (_folder, hosts) = file("[hosts.live]\nkind = \"gopher\"\n");
        let failure = hosts.all().expect_err("wrong");
        assert!(failure.message.starts_with("The host `live` in `galley.toml` is wrong:"), "{}", failure.message);
    }

    #[test]
    fn what_the_window_does_not_show_stays() {
        let (_folder, hosts) =
            file("[hosts.live]\nkind = \"netlify\"\nsite = \"a\"\napi = \"https://gateway.example.org\"\n");
        let view = crate::host_view::view("live", &hosts.one("live").expect("one"), false);
        hosts.put("live", &crate::host_view::settings(&view).expect("settings")).expect("put");
        let text = std::fs::read_to_string(&hosts.0).expect("read");
        assert!(text.contains("api = \"https://gateway.example.org\""), "{text}");
    }

    #[test]
    fn redirects_are_kept_beside_the_hosts() {
        let (_folder, hosts) = file("# mine\n[publish]\nhtaccess = true\n");
        hosts.redirect("/old/", "/new/").expect("put");
        let extras = hosts.extras().expect("extras");
        assert_eq!((extras.redirects["/old/"].as_str(), extras.htaccess), ("/new/", true));
        assert!(std::fs::read_to_string(&hosts.0).expect("read").starts_with("# mine\n"));
        assert!(hosts.redirect("old", "/new/").is_err());
    }

    #[test]
    fn a_secret_is_bound_to_the_address() {
        let here = secret_id("s", "live", &folder_host("/a"));
        let there = secret_id("s", "live", &folder_host("/b"));
        assert_ne!(here.account(), there.account());
    }
}
