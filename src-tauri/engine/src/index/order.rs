//! The order of pages in their sections, and each page's neighbours.
//! Order never depends on the order in which sources were read.

use std::cmp::Ordering;

use crate::config::Config;
use crate::dates::Date;
use crate::layout::Layout;
use crate::meta::{Meta, SortBy};
use crate::snapshot::Snapshot;
use crate::vault::nav;

use super::{Entry, Id, Index};

/// Sorts every section's pages and subsections, and links neighbours.
pub(super) fn sort(index: &mut Index, snapshot: &Snapshot, config: &Config, layout: &Layout) {
    let places = nav::places(index, snapshot, config, layout);
    let place = |id: &Id| places.get(id).copied().unwrap_or(usize::MAX);
    for id in index.ids() {
        let Some(section) = index.entry(id).meta().section.clone() else { continue };
        let pages = std::mem::take(&mut index.entries[id.0 as usize].pages);
        let (mut sorted, mut ignored): (Vec<Id>, Vec<Id>) =
            pages.into_iter().partition(|page| has_key(index.entry(*page), section.sort_by));
        sorted.sort_by(|a, b| compare(index.entry(*a), index.entry(*b), section.sort_by));
        if !layout.zola && section.sort_by == SortBy::Title {
            // What a folder or its notes say of the order goes before titles.
            sorted.sort_by_key(|id| (place(id), index.entry(*id).meta().weight.unwrap_or(i64::MAX)));
        }
        ignored.sort_by(|a, b| index.entry(*a).permalink.cmp(&index.entry(*b).permalink));
        if !section.transparent && section.sort_by != SortBy::None {
            link(index, &sorted, id);
        }
        let mut subsections = std::mem::take(&mut index.entries[id.0 as usize].subsections);
        subsections.sort_by_key(|id| {
            let child = index.entry(*id);
            (place(id), child.meta().weight.unwrap_or(0), child.key.clone())
        });
        let entry = &mut index.entries[id.0 as usize];
        (entry.pages, entry.ignored, entry.subsections) = (sorted, ignored, subsections);
    }
}

/// `lower` is the page before it in the list, `higher` the one after; only in its own section,
/// or in the one its transparent section passes it on to.
fn link(index: &mut Index, sorted: &[Id], section: Id) {
    for (at, id) in sorted.iter().enumerate() {
        let own = index.entry(*id).parent;
        let through = own.is_some_and(|own| index.entry(own).meta().section.as_ref().is_some_and(|s| s.transparent));
        if own == Some(section) || through {
            index.entries[id.0 as usize].lower = at.checked_sub(1).map(|at| sorted[at]);
            index.entries[id.0 as usize].higher = sorted.get(at + 1).copied();
        }
    }
}

/// Whether an entry says what a section sorts its pages by.
pub(crate) fn has_key(entry: &Entry, sort_by: SortBy) -> bool {
    let meta = entry.meta();
    match sort_by {
        SortBy::Date => meta.date.is_some(),
        SortBy::UpdateDate => meta.date.is_some() || meta.updated.is_some(),
        SortBy::Title | SortBy::TitleBytes => meta.title.is_some(),
        SortBy::Weight => meta.weight.is_some(),
        SortBy::Slug | SortBy::Permalink | SortBy::None => true,
    }
}

fn compare(a: &Entry, b: &Entry, sort_by: SortBy) -> Ordering {
    let (x, y) = (a.meta(), b.meta());
    let order = match sort_by {
        SortBy::Date => seconds(y.date.as_ref()).cmp(&seconds(x.date.as_ref())),
        SortBy::UpdateDate => latest(y).cmp(&latest(x)),
        SortBy::Title => natural(x.title.as_deref().unwrap_or(""), y.title.as_deref().unwrap_or("")),
        SortBy::TitleBytes => x.title.cmp(&y.title),
        SortBy::Weight => x.weight.cmp(&y.weight),
        SortBy::Slug => natural(&a.slug, &b.slug),
        SortBy::Permalink | SortBy::None => Ordering::Equal,
    };
    order.then_with(|| a.permalink.cmp(&b.permalink))
}

fn seconds(date: Option<&Date>) -> Option<i64> {
    date.map(|date| date.seconds)
}

fn latest(meta: &Meta) -> Option<i64> {
    seconds(meta.date.as_ref()).max(seconds(meta.updated.as_ref()))
}

/// Pages by date, newest first, undated ones after them; ties by address.
pub(super) fn newest_first(index: &Index, ids: &mut [Id]) {
    ids.sort_by(|a, b| {
        let (a, b) = (index.entry(*a), index.entry(*b));
        seconds(b.meta().date.as_ref())
            .cmp(&seconds(a.meta().date.as_ref()))
            .then_with(|| a.permalink.cmp(&b.permalink))
    });
}

/// Compares as people read: without case and accents first, numbers by value.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (left, right) = (fold(a), fold(b));
    let (mut one, mut two) = (left.as_str(), right.as_str());
    loop {
        let (Some(from), Some(to)) = (one.chars().next(), two.chars().next()) else {
            return one.len().cmp(&two.len()).then_with(|| a.cmp(b));
        };
        if from.is_ascii_digit() && to.is_ascii_digit() {
            let (first, rest_one) = number(one);
            let (second, rest_two) = number(two);
            let order = first.len().cmp(&second.len()).then_with(|| first.cmp(second));
            if order != Ordering::Equal {
                return order;
            }
            (one, two) = (rest_one, rest_two);
        } else if from == to {
            (one, two) = (&one[from.len_utf8()..], &two[to.len_utf8()..]);
        } else {
            let rank = |c: char| (c.is_alphanumeric(), c);
            return rank(from).cmp(&rank(to));
        }
    }
}

fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { deunicode::deunicode(text).to_lowercase() }
}

/// A leading run of digits without its leading zeros, and what follows it.
fn number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].trim_start_matches('0'), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn titles_order_as_people_read() {
        let mut titles = vec!["EIP-1013", "eip-2", "EIP-20", "Éclair", "apple", "[note]"];
        titles.sort_by(|a, b| natural(a, b));
        assert_eq!(titles, ["[note]", "apple", "Éclair", "eip-2", "EIP-20", "EIP-1013"]);
    }
}
