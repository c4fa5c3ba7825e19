//! What a link leads to, at one moment of a site: the source behind it, and how it is named.
//! It follows the rules by which the site is built, and beyond them those of a browser for addresses
//! that the builder takes as they stand.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::config::Config;
use crate::index::{Entry, Index, decode};
use crate::layout::{Layout, is_markdown};
use crate::path::SitePath;
use crate::snapshot::Snapshot;

use super::address;
use super::find::{Form, Spot};
use crate::vault::names::Names;

/// How a link names its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `@/posts/one.md`.
    Internal,
    /// A path from the page's own folder.
    Path(Shape),
    /// An address: of the whole web, from the top of the site, or from the page's own.
    Full,
    Top,
    Near,
    /// A name in double brackets.
    Wiki,
    /// A path below the content folder, as templates name files.
    Content,
}

/// How much of a path is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Whole,
    /// Without `.md`.
    Bare,
    /// The folder that a page speaks for.
    Folder,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub source: SitePath,
    pub way: Way,
    /// Whether it is named by what stands after the bar.
    pub second: bool,
}

/// A site at one moment.
pub(super) struct Sight<'a> {
    pub index: &'a Index,
    pub layout: &'a Layout,
    snapshot: &'a Snapshot,
    config: &'a Config,
    names: OnceLock<Names>,
    outputs: OnceLock<HashMap<SitePath, Vec<SitePath>>>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(index: &'a Index, snapshot: &'a Snapshot, config: &'a Config, layout: &'a Layout) -> Self {
        Self { index, layout, snapshot, config, names: OnceLock::new(), outputs: OnceLock::new() }
    }

    /// The page or section of a source.
    pub(super) fn entry(&self, source: &SitePath) -> Option<&'a Entry> {
        self.index.find(self.layout.relative(source)?)
    }

    /// The address of the site, without a slash at its end.
    pub(super) fn base_url(&self) -> &str {
        self.config.base_url.trim_end_matches('/')
    }

    /// What a link in the source `from` leads to; none where that is no source of the site.
    pub(super) fn see(&self, from: &SitePath, spot: &Spot) -> Option<Seen> {
        let target = spot.target.as_str();
        let seen = |(source, way)| Seen { source, way, second: false };
        match spot.form {
            Form::Wiki => self.wiki(from, spot),
            Form::Quoted => self.string(target).map(seen),
            Form::Html => self.address(from, path_of(target), false).map(seen),
            Form::Markdown { .. } => match target.strip_prefix("@/") {
                Some(key) => Some(seen((self.by_key(path_of(key))?, Way::Internal))),
                None => self.address(from, path_of(target), true).map(seen),
            },
        }
    }

    fn wiki(&self, from: &SitePath, spot: &Spot) -> Option<Seen> {
        let names = self.names.get_or_init(|| Names::of(self.snapshot, self.layout.dialect));
        let find = |target: &str| names.find(from, target.split('#').next().unwrap_or_default());
        let first = || Some((find(&spot.target)?, false));
        let second = || Some((find(&spot.second.as_ref()?.1)?, true));
        let found = if names.name_is_second { second().or_else(first) } else { first().or_else(second) };
        found.map(|(source, second)| Seen { source, way: Way::Wiki, second })
    }

    fn string(&self, target: &str) -> Option<(SitePath, Way)> {
        if let Some(key) = target.strip_prefix("@/") {
            return Some((self.by_key(path_of(key))?, Way::Internal));
        }
        let own = target.strip_prefix('/').unwrap_or(target);
        let own = own.strip_prefix("content/").unwrap_or(own);
        let path = SitePath::new(&format!("content/{own}")).ok().filter(|_| self.layout.zola)?;
        self.snapshot.get(&path).map(|_| (path, Way::Content))
    }

    fn by_key(&self, key: &str) -> Option<SitePath> {
        self.index.find(&decode(key))?.source.clone()
    }

    fn address(&self, from: &SitePath, path: &str, is_markdown: bool) -> Option<(SitePath, Way)> {
        if path.is_empty() || path.starts_with("//") {
            return None;
        }
        let base = address::base_path(&self.config.base_url);
        if path.starts_with('/') {
            let rest = path.strip_prefix(base).filter(|rest| rest.starts_with('/'))?;
            return Some((self.at(rest)?, Way::Top));
        }
        if crate::markdown::has_scheme(path) {
            let rest = path.strip_prefix(self.base_url()).filter(|_| self.base_url().contains("://"))?;
            return Some((self.at(if rest.is_empty() { "/" } else { rest })?, Way::Full));
        }
        if is_markdown && !self.layout.zola {
            let (source, shape) = self.beside(from, path)?;
            return Some((source, Way::Path(shape)));
        }
        let near = || Some((self.at(&address::join(&self.entry(from)?.url, path))?, Way::Near));
        let beside = || self.beside(from, path).map(|(source, shape)| (source, Way::Path(shape)));
        near().or_else(|| if self.layout.zola { None } else { beside() })
    }

    /// What a path from a page's own folder names in a plain folder.
    fn beside(&self, from: &SitePath, path: &str) -> Option<(SitePath, Shape)> {
        let path = from.parent().join(&decode(path)).ok()?;
        let key = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        let found = [
            (path.to_string(), Shape::Whole),
            (format!("{path}.md"), Shape::Bare),
            (key("_index.md"), Shape::Folder),
            (key("index.md"), Shape::Folder),
            (key("README.md"), Shape::Folder),
        ];
        let page = found.into_iter().find_map(|(key, shape)| Some((self.index.find(&key)?.source.clone()?, shape)));
        page.or_else(|| {
            let is_file = self.snapshot.get(&path).is_some() && !is_markdown(&path);
            is_file.then_some((path, Shape::Whole))
        })
    }

    /// The source at an address path below the base.
    fn at(&self, path: &str) -> Option<SitePath> {
        let path = decode(path);
        let url = format!("{}/", path.strip_suffix("index.html").unwrap_or(&path).trim_end_matches('/'));
        if let Some(id) = self.index.by_url.get(&url) {
            return self.index.entry(*id).source.clone();
        }
        self.index.copies.get(path.trim_start_matches('/')).cloned()
    }

    /// The address path of a source below the base: of a page, or of a file that is copied. `old`
    /// is where it was named, for a file that is copied to several places.
    pub(super) fn address_of(&self, source: &SitePath, near: &str) -> Option<String> {
        if let Some(entry) = self.entry(source) {
            return Some(entry.url.clone());
        }
        let outputs = self.outputs.get_or_init(|| {
            let mut outputs: HashMap<SitePath, Vec<SitePath>> = HashMap::new();
            for (to, from) in &self.index.copies {
                outputs.entry(from.clone()).or_default().push(to.clone());
            }
            outputs
        });
        let shared = |to: &&SitePath| {
            let near = near.trim_start_matches('/');
            to.bytes().zip(near.bytes()).take_while(|(one, other)| one == other).count()
        };
        outputs.get(source)?.iter().max_by_key(shared).map(|to| format!("/{to}"))
    }
}

/// A target without query and fragment.
fn path_of(target: &str) -> &str {
    target.split(['#', '?']).next().unwrap_or(target)
}
