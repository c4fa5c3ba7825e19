//! What an editor completes from: the terms of the site, its components, the headings of a page.
//! It reads what the last build knows and never makes anything.

use crate::build::PageHeading;
use crate::markdown::Heading;
use crate::path::SitePath;

use super::Memo;

impl Memo {
    /// Every taxonomy with the names of its terms, those of all languages together.
    pub fn terms(&self) -> Vec<(String, Vec<String>)> {
        let Some(world) = &self.world else { return Vec::new() };
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for taxonomy in &world.index.taxonomies {
            let names = taxonomy.terms.iter().map(|term| term.name.clone());
            match all.iter_mut().find(|(name, _)| *name == taxonomy.config.name) {
                Some((_, known)) => known.extend(names),
                None => all.push((taxonomy.config.name.clone(), names.collect())),
            }
        }
        for (_, names) in &mut all {
            names.sort();
            names.dedup();
        }
        all
    }

    /// The names of the components that the site and its theme define, in order.
    pub fn components(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.world.iter().flat_map(|world| world.templates.own_components()).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The headings of a source's page in the order of its text, with the ids that they have there.
    pub fn headings(&self, source: &SitePath) -> Vec<PageHeading> {
        let Some(world) = &self.world else { return Vec::new() };
        let Some(entry) = world.layout.relative(source).and_then(|key| world.index.find(key)) else {
            return Vec::new();
        };
        let mut headings = Vec::new();
        flatten(&world.rendered(entry).toc, &mut headings);
        headings
    }
}

fn flatten(toc: &[Heading], into: &mut Vec<PageHeading>) {
    for heading in toc {
        into.push(PageHeading { level: heading.level, id: heading.id.clone(), title: heading.title.clone() });
        flatten(&heading.children, into);
    }
}
