//! Where things lie in a site's folder: a Zola layout, or a plain folder of Markdown.
//! It only looks at which files there are.

use crate::path::SitePath;
use crate::snapshot::Snapshot;
use crate::vault::{self, Dialect};

/// The shape of a site's folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Layout {
    /// The configuration file.
    pub config: Option<SitePath>,
    /// The folder of the pages: `content`, or empty for a plain folder.
    pub content: &'static str,
    /// Whether pages follow Zola's rules; in a plain folder every folder is a section, every
    /// link between files works, and nothing needs front matter.
    pub zola: bool,
    /// How the pages are written.
    pub dialect: Dialect,
    /// The folders of a Dendron workspace's vaults, and their names.
    pub vaults: Vec<(String, String)>,
}

impl Layout {
    /// Looks at a snapshot.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let config = ["zola.toml", "config.toml", "galley.toml"]
            .into_iter()
            .find(|name| match snapshot.text(name) {
                Some(text) => *name != "config.toml" || text.contains("base_url"),
                None => false,
            })
            .and_then(|name| SitePath::new(name).ok());
        let has_content = snapshot.below("content").any(|(path, _)| is_markdown(path));
        let zola = match &config {
            Some(path) => path.as_str() != "galley.toml" || has_content,
            None => snapshot.get("content/_index.md").is_some(),
        };
        let dialect = if zola { Dialect::Zola } else { vault::recognise(snapshot) };
        let vaults = if dialect == Dialect::Dendron { vault::dendron_vaults(snapshot) } else { Vec::new() };
        Self { config, content: if zola { "content" } else { "" }, zola, dialect, vaults }
    }

    /// Whether what the configuration leaves open is as people with plain notes expect it: in a
    /// folder without a configuration, and in a plain one with settings of Galley's own.
    pub(crate) fn is_plain(&self) -> bool {
        !self.zola || self.config.is_none()
    }

    /// Whether a path names a page: Zola takes `.md` alone, a plain folder `.markdown` too.
    pub(crate) fn is_page(&self, path: &SitePath) -> bool {
        if self.zola { path.extension() == Some("md") } else { is_markdown(path) }
    }

    /// The path of a source below the content folder, if it lies there.
    pub(crate) fn relative<'a>(&self, path: &'a SitePath) -> Option<&'a str> {
        path.strip_prefix(self.content)
    }
}

/// Whether a path names a Markdown file.
pub(crate) fn is_markdown(path: &SitePath) -> bool {
    matches!(path.extension(), Some("md" | "markdown"))
}
