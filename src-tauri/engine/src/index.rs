//! The site index: sections, pages, addresses, order, taxonomies, backlinks.
//! It is made of metadata and links only, so that typing prose can never touch it.

use crate::maps::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::hash::{Fields, Hash};
use crate::layout::Layout;
use crate::meta::{Meta, Parsed};
use crate::path::SitePath;
use crate::problem::Problem;
use crate::snapshot::Snapshot;
use crate::vault::Dialect;
use crate::vault::names::Names;

mod assemble;
mod files;
mod links;
mod order;
mod place;
mod terms;

pub(crate) use files::{is_ignored, is_ignored_content, is_publishable};
pub(crate) use links::{Target, decode, encode, resolve};
pub(crate) use order::{has_key, natural};
pub(crate) use place::output_of;
pub(crate) use terms::{TaxonomyIndex, Term};

/// A page or section by its place in [`Index::entries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(pub u32);

/// A page or a section.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its place in the index.
    pub id: Id,
    /// The path below the content folder, as templates know it: `posts/one.md`.
    pub key: Arc<str>,
    /// The source; none for a section that only a folder stands for.
    pub source: Option<SitePath>,
    pub parsed: Arc<Parsed>,
    /// Whether it has an address of its own in this build.
    pub published: bool,
    /// Whether templates and links can find it: it may have no file of its own (`render = false`),
    /// but it is no draft.
    pub known: bool,
    pub slug: String,
    /// `/posts/one/`.
    pub url: String,
    pub permalink: String,
    /// `posts/one/index.html`.
    pub output: SitePath,
    pub components: Vec<String>,
    /// The sections above it in the folders, from the home down, whether they list it or not.
    pub above: Vec<Id>,
    /// As templates see them: from the home down to the section that lists it.
    pub ancestors: Vec<Id>,
    pub parent: Option<Id>,
    /// Files that belong to it, and where they are published.
    pub assets: Vec<(SitePath, String)>,
    pub lower: Option<Id>,
    pub higher: Option<Id>,
    /// A section's pages in their order.
    pub pages: Vec<Id>,
    /// Pages left out of the order, for want of the key to sort by.
    pub ignored: Vec<Id>,
    pub subsections: Vec<Id>,
    pub backlinks: Vec<Id>,
    /// The same page in all languages, this one included.
    pub translations: Vec<Id>,
    /// Hash of all that a template sees of it but for its body, its listing and its neighbours.
    pub hash: Hash,
}

impl Entry {
    pub(crate) fn meta(&self) -> &Meta {
        &self.parsed.meta
    }

    pub(crate) fn is_section(&self) -> bool {
        self.parsed.meta.section.is_some()
    }

    pub(crate) fn lang(&self) -> &str {
        &self.parsed.meta.name.lang
    }

    /// Whether it is a note that is kept back: nothing of it may show.
    pub(crate) fn is_private(&self, layout: &Layout) -> bool {
        !self.published && (layout.dialect.is_vault() || self.meta().publish == Some(false))
    }

    /// The title, or the name of the file.
    pub(crate) fn title(&self) -> String {
        self.meta().title.clone().unwrap_or_else(|| self.meta().name.readable())
    }
}

/// The whole site, but for its bodies.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub entries: Vec<Entry>,
    pub by_key: HashMap<Arc<str>, Id>,
    /// Published entries by address.
    pub by_url: HashMap<String, Id>,
    pub taxonomies: Vec<TaxonomyIndex>,
    pub problems: Vec<Problem>,
    /// Whether a section is a note like any other, as in a vault.
    pub is_vault: bool,
    /// What double brackets mean; none in a Zola site.
    pub names: Option<Names>,
    /// Content files that are copied: to, from.
    pub copies: BTreeMap<SitePath, SitePath>,
}

impl Index {
    /// Makes the index of all parsed sources. `drafts` says whether drafts are published.
    pub(crate) fn of(
        parsed: &BTreeMap<SitePath, Arc<Parsed>>,
        snapshot: &Snapshot,
        config: &Config,
        layout: &Layout,
        drafts: bool,
    ) -> Self {
        let names = (layout.dialect != Dialect::Zola).then(|| Names::of(snapshot, layout.dialect));
        let mut index = Self { names, is_vault: layout.dialect.is_vault(), ..Self::default() };
        assemble::entries(&mut index, parsed, config, layout, drafts);
        assemble::relatives(&mut index, config, layout);
        files::collect(&mut index, snapshot, config, layout);
        order::sort(&mut index, snapshot, config, layout);
        terms::collect(&mut index, config);
        links::backlinks(&mut index, snapshot, config, layout);
        index.hash_entries();
        index
    }

    pub(crate) fn entry(&self, id: Id) -> &Entry {
        &self.entries[id.0 as usize]
    }

    pub(crate) fn find(&self, key: &str) -> Option<&Entry> {
        self.by_key.get(key).map(|id| self.entry(*id))
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..self.entries.len() as u32).map(Id)
    }

    /// Pages that appear in lists and feeds, in key order.
    pub(crate) fn listed_pages(&self) -> impl Iterator<Item = Id> {
        self.ids().filter(|id| {
            let entry = self.entry(*id);
            entry.published && !entry.is_section()
        })
    }

    fn hash_entries(&mut self) {
        let hashes: Vec<Hash> = self.entries.par_iter().map(|entry| self.hash_entry(entry)).collect();
        for (entry, hash) in self.entries.iter_mut().zip(hashes) {
            entry.hash = hash;
        }
    }

    fn hash_entry(&self, entry: &Entry) -> Hash {
        let mut hasher = Fields::new();
        hasher.hash(entry.parsed.meta_hash).field(&*entry.key).field(&entry.permalink).field(&entry.slug);
        hasher.raw(&[u8::from(entry.published), u8::from(entry.known)]);
        if self.is_vault {
            hasher.raw(b"v");
        }
        entry.components.iter().for_each(|part| {
            hasher.field(part);
        });
        for (ids, tag) in [(&entry.ancestors, b"a"), (&entry.backlinks, b"b"), (&entry.translations, b"t")] {
            hasher.raw(tag).raw(&(ids.len() as u32).to_le_bytes());
            for id in ids {
                let other = self.entry(*id);
                let title = other.meta().title.as_deref();
                hasher.field(&*other.key).field(&other.permalink).field(title.unwrap_or_default());
                hasher.raw(&[u8::from(title.is_some())]);
            }
        }
        entry.subsections.iter().for_each(|id| {
            hasher.field(&*self.entry(*id).key);
        });
        entry.assets.iter().for_each(|(_, url)| {
            hasher.field(url);
        });
        hasher.finish()
    }
}
