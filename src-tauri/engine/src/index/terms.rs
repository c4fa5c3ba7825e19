//! Taxonomies: which terms there are, and which pages bear them.
//! Terms with one address are one term, under the name that comes first. Its pages are those of
//! each name in turn, as in Zola.

use std::collections::BTreeMap;

use crate::config::{Config, Taxonomy};
use crate::maps::HashMap;
use crate::slug::slug;

use super::order::newest_first;
use super::{Entry, Id, Index};

/// One taxonomy of one language.
#[derive(Debug, Clone)]
pub(crate) struct TaxonomyIndex {
    pub lang: String,
    pub config: Taxonomy,
    /// `/tags/`.
    pub url: String,
    pub permalink: String,
    /// By slug, then name.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub name: String,
    pub slug: String,
    /// `/tags/markup/`.
    pub url: String,
    pub permalink: String,
    /// Newest first, undated ones last; of a term with several names, those of each name in turn.
    pub pages: Vec<Id>,
}

/// Collects the terms of all listed pages.
pub(super) fn collect(index: &mut Index, config: &Config) {
    let mut taxonomies = Vec::new();
    for language in &config.languages {
        for taxonomy in &language.taxonomies {
            taxonomies.push(one(index, config, &language.code, taxonomy));
        }
    }
    index.taxonomies = taxonomies;
}

fn one(index: &Index, config: &Config, lang: &str, taxonomy: &Taxonomy) -> TaxonomyIndex {
    let prefix = if lang == config.default_language { String::new() } else { format!("/{lang}") };
    let root = config.taxonomy_root.as_deref().map_or(String::new(), |root| format!("/{}", root.trim_matches('/')));
    let url = format!("{prefix}{root}/{}/", taxonomy.slug);
    // Slug, then name: few names are borne by many pages.
    let mut pages: BTreeMap<(&str, &str), Vec<Id>> = BTreeMap::new();
    let mut slugs: HashMap<&str, String> = HashMap::default();
    let bears = |id: Id| index.entry(id).meta().taxonomies.iter().filter(|(kind, _)| *kind == taxonomy.name);
    // In a vault a note that speaks for a folder is a note like any other.
    let is_listed =
        |entry: &Entry| entry.published && (!entry.is_section() || index.is_vault && entry.source.is_some());
    let ours = || index.ids().filter(|id| is_listed(index.entry(*id)) && index.entry(*id).lang() == lang);
    for name in ours().flat_map(|id| bears(id).flat_map(|(_, names)| names)) {
        slugs.entry(name).or_insert_with(|| slug(name, config.slugify_taxonomies));
    }
    for id in ours() {
        for name in bears(id).flat_map(|(_, names)| names) {
            let Some(slug) = slugs.get(name.as_str()) else { continue };
            let list = pages.entry((slug, name)).or_default();
            if list.last() != Some(&id) {
                list.push(id);
            }
        }
    }
    let mut terms: Vec<Term> = Vec::new();
    for ((slug, name), mut list) in pages {
        newest_first(index, &mut list);
        if let Some(term) = terms.last_mut().filter(|term| term.slug == slug) {
            term.pages.extend(list);
        } else {
            let url = format!("{url}{slug}/");
            let permalink = config.permalink(&url);
            terms.push(Term { name: name.to_owned(), slug: slug.to_owned(), permalink, url, pages: list });
        }
    }
    TaxonomyIndex { lang: lang.to_owned(), config: taxonomy.clone(), permalink: config.permalink(&url), url, terms }
}
