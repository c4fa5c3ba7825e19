//! Every address of the site, for the sitemap: pages, sections, pagers, taxonomies and terms.
//! It follows from the index and the configuration; no body is looked at.

use std::borrow::Cow;

use crate::datum::DatumMap;
use crate::hash::Fields;
use crate::index::Entry;

use super::World;

/// One address.
#[derive(Debug, PartialEq)]
pub(crate) struct Address<'a> {
    pub permalink: Cow<'a, str>,
    /// When a page was last changed, as its front matter says.
    pub updated: Option<&'a str>,
    /// `[extra]` of a page or section.
    pub extra: Option<&'a DatumMap>,
}

impl<'a> Address<'a> {
    fn of(entry: &'a Entry) -> Self {
        let meta = entry.meta();
        let date = meta.updated.as_ref().or(meta.date.as_ref()).filter(|_| !entry.is_section());
        Self {
            permalink: Cow::Borrowed(&entry.permalink),
            updated: date.map(|date| date.text.as_str()),
            extra: Some(&meta.extra),
        }
    }

    /// Hashes what a template sees of it.
    pub(super) fn hash_into(&self, hasher: &mut Fields) {
        hasher.field(&*self.permalink).field(self.updated.unwrap_or_default());
        match self.extra {
            Some(extra) => extra.hash_into(hasher.raw(&[1])),
            None => {
                hasher.raw(&[0]);
            }
        }
    }
}

impl World {
    /// Every address, in the order of their permalinks, each once.
    pub(crate) fn sitemap(&self) -> Vec<Address<'_>> {
        let mut all: Vec<Address<'_>> =
            self.index.entries.iter().filter(|entry| entry.published).map(Address::of).collect();
        let lists = crate::jobs::list_addresses(self).into_iter();
        all.extend(lists.map(|permalink| Address { permalink: Cow::Owned(permalink), updated: None, extra: None }));
        all.sort_by(|a, b| a.permalink.cmp(&b.permalink));
        all.dedup_by(|a, b| a.permalink == b.permalink);
        all
    }
}
