//! Taxonomies: which terms there are, and which pages bear them.
//! Terms with one address are one term, under the name that comes first.

use std::collections::BTreeMap;

use crate::config::{Config, Taxonomy};
use crate::maps::HashMap;
use crate::slug::slug;

use super::order::newest_first;
use super::{Id, Index};

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
    /// Newest first, undated ones last.
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
    let mut by_slug: BTreeMap<String, Term> = BTreeMap::new();
    // Few names are borne by many pages.
    let mut slugs: HashMap<&str, String> = HashMap::default();
    for id in index.listed_pages().filter(|id| index.entry(*id).lang() == lang) {
        let terms = index.entry(id).meta().taxonomies.iter().filter(|(kind, _)| *kind == taxonomy.name);
        for name in terms.flat_map(|(_, terms)| terms) {
            let slug = slugs.entry(name).or_insert_with(|| slug(name, config.slugify_taxonomies));
            if !by_slug.contains_key(slug.as_str()) {
                let url = format!("{url}{slug}/");
                let permalink = config.permalink(&url);
                by_slug.insert(
                    slug.clone(),
                    Term { name: name.clone(), slug: slug.clone(), permalink, url, pages: Vec::new() },
                );
            }
            let Some(term) = by_slug.get_mut(slug.as_str()) else { continue };
            if term.name > *name {
                term.name.clone_from(name);
            }
            if term.pages.last() != Some(&id) {
                term.pages.push(id);
            }
        }
    }
    let mut terms: Vec<Term> = by_slug.into_values().collect();
    for term in &mut terms {
        newest_first(index, &mut term.pages);
    }
    TaxonomyIndex { lang: lang.to_owned(), config: taxonomy.clone(), permalink: config.permalink(&url), url, terms }
}
