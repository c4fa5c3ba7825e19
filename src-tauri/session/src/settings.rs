//! The settings of a site: what they can choose from, a look at the site with other settings, and a
//! file to keep them in. What is tried is never written, and reaches no build that is.

use galley_engine::{Change, Memo, SitePath, Snapshot, Source, code_sample, code_themes};
use galley_ipc::{Failure, Reply, SiteChoices, ThemeView};

use crate::bench::Bench;
use crate::failure::{disk, failed, no_site};
use crate::run::{Loop, site_path};
use crate::saving::After;
use crate::site::{CONFIGS, Site};

/// The site with other settings, for as long as they are tried.
pub struct Trial {
    pub bench: Bench,
    config: SitePath,
    text: Source,
}

impl Trial {
    /// The sources as they would be.
    pub fn of(&self, live: &Snapshot) -> Snapshot {
        let mut tried = live.clone();
        tried.put(self.config.clone(), self.text.clone());
        tried
    }
}

impl Loop {
    /// What the settings can choose from.
    pub fn site_choices(&self) -> Result<Reply, Failure> {
        let site = self.site.as_ref().ok_or_else(no_site)?;
        let own = |name: &str| site.live.get(&format!("templates/{name}.html")).is_some();
        let choices = SiteChoices {
            themes: themes(&site.live),
            own_templates: ["index", "page", "section"].into_iter().any(own),
            code_themes: code_themes(),
        };
        Ok(Reply::SiteChoices { choices })
    }

    /// From now on the preview shows the site with this configuration, or again as it is.
    pub fn try_config(&mut self, text: Option<String>) -> Result<Reply, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let before = site.trial.take();
        let Some(text) = text else {
            // What it still builds may take a while; nothing waits for that.
            tokio::task::spawn_blocking(move || drop(before));
            return Ok(Reply::Done);
        };
        let bench = match before {
            Some(trial) => trial.bench,
            None => Bench::start(Memo::new(), site.options.clone()).map_err(|error| {
                failed(format!("The theme could not be tried: {error}."), "Close other programs, then try again.")
            })?,
        };
        site.trial = Some(Trial { bench, config: site.config_path()?, text: Source::text(text) });
        Ok(Reply::Done)
    }

    /// Makes the file that a plain folder keeps its settings in.
    pub fn make_config(&mut self, text: &str) -> Result<Reply, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let path = site.config_path()?;
        // Hosts that were kept in Galley's data stay the site's.
        let hosts = std::fs::read_to_string(site.state.data().join("galley.toml")).unwrap_or_default();
        let text = if hosts.is_empty() { text.to_owned() } else { format!("{text}\n{hosts}") };
        galley_disk::create_new(site.state.folder(), &path, text.as_bytes()).map_err(|error| disk(&error))?;
        let put = Change::Put(path, Source::text(text));
        site.saved.apply(put.clone());
        site.live.apply(put);
        let view = site.view();
        self.build_whole(After::Nothing);
        Ok(Reply::Site { site: view })
    }
}

impl Site {
    /// The file that the settings are in, or would be.
    pub fn config_path(&self) -> Result<SitePath, Failure> {
        self.config().map_or_else(|| site_path("galley.toml"), Ok)
    }

    /// The file that the settings are in.
    pub fn config(&self) -> Option<SitePath> {
        let found = CONFIGS.into_iter().find(|name| match self.live.text(name) {
            Some(text) => *name != "config.toml" || text.contains("base_url"),
            None => false,
        });
        found.and_then(|name| SitePath::new(name).ok())
    }
}

/// The themes of a site, in the order of their folders.
fn themes(snapshot: &Snapshot) -> Vec<ThemeView> {
    let files = snapshot.below("themes").filter_map(|(path, source)| {
        let name = path.strip_prefix("themes")?.trim_start_matches('/').strip_suffix("/theme.toml")?;
        Some((name.to_owned(), source.as_text()?)).filter(|(name, _)| !name.contains('/'))
    });
    let view = |(name, text): (String, &std::sync::Arc<str>)| {
        let table: toml::Table = text.parse().unwrap_or_default();
        let said = |key| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let title = said("name").filter(|title| !title.is_empty()).unwrap_or_else(|| name.clone());
        ThemeView { title, description: said("description").unwrap_or_default(), text: text.to_string(), name }
    };
    files.map(view).collect()
}

/// A few lines of code in the colours of a theme.
pub fn sample(theme: &str) -> Result<Reply, Failure> {
    match code_sample(theme) {
        Some(html) => Ok(Reply::CodeSample { html }),
        None => Err(failed(format!("There is no colour theme `{theme}`."), "Choose one of the list.")),
    }
}
