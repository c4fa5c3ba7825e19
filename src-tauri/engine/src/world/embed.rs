//! Notes shown in other notes: the part that is meant, rendered where it stands in its own folder.
//! What is not published is never read here; circles and depth are cut.

use std::sync::Arc;

use crate::index::{Entry, Id, Target};
use crate::markdown::{self, Embedded, MarkdownOptions};
use crate::trace::Ask;
use crate::vault::rewrite::{Manner, WIKI, rewrite};
use crate::vault::{Dialect, resolve, slice};

use super::World;
use super::body::SiteLinks;

/// How deep notes may be shown in each other: Dendron says three; nobody reads further.
const DEEP: usize = 5;
const DEEP_IN_DENDRON: usize = 3;
/// How many notes one page may show, so that no vault can make a page without end.
const MANY: usize = 500;

impl SiteLinks<'_> {
    /// The HTML of what a target shows.
    pub(super) fn show(&self, target: &str) -> Embedded {
        let answer = self.world.resolve(self.entry, target);
        self.note_link(target, &answer);
        let written = target.strip_prefix(WIKI).unwrap_or(target);
        let (_, place) = resolve::split(written);
        match answer {
            Target::Entry(id, _) => self.show_entry(id, written, place),
            Target::Many(ids) => {
                let mut all = String::new();
                for id in ids {
                    match self.show_entry(id, written, place) {
                        Embedded::Html(html) => all.push_str(&html),
                        Embedded::Missing { .. } => {}
                        other @ (Embedded::Withheld | Embedded::Cut { .. }) => return other,
                    }
                }
                Embedded::Html(all)
            }
            Target::Withheld => Embedded::Withheld,
            Target::File(_) | Target::AsIs => Embedded::Missing {
                message: format!("`{written}` cannot be shown here"),
                help: "link to it instead".into(),
            },
            Target::Missing(name, near) => Embedded::Missing {
                message: format!("cannot find note `{name}`"),
                help: near.map_or_else(
                    || "create the note, or change the embed".into(),
                    |near| format!("did you mean `{near}`?"),
                ),
            },
        }
    }

    fn show_entry(&self, id: Id, written: &str, place: Option<&str>) -> Embedded {
        let world = self.world;
        let note = world.index.entry(id);
        self.ask(Ask::Page { key: Arc::clone(&note.key), full: false });
        let dialect = world.layout.dialect;
        let here = (Arc::clone(&note.key), place.unwrap_or_default().to_owned());
        let is_own = note.key == self.host.key && place.is_none();
        let circle = is_own || self.stack.contains(&here);
        let deep = if dialect == Dialect::Dendron { DEEP_IN_DENDRON } else { DEEP };
        let count = self.shown.get() + 1;
        self.shown.set(count);
        if circle || self.stack.len() >= deep || count > MANY {
            return Embedded::Cut { title: note.title(), url: note.permalink.clone(), circle };
        }
        let Some(source) = &note.source else { return Embedded::Html(String::new()) };
        self.ask(Ask::File(source.as_str().into()));
        let text = world.text_of(note).unwrap_or("");
        let part = match place {
            Some(place) => match slice::part(text, place, dialect) {
                Some(part) => part,
                None => {
                    return Embedded::Missing {
                        message: format!("`{written}` names a place that is not in that note"),
                        help: "change what stands after `#`, or write the heading there".into(),
                    };
                }
            },
            None => text.to_owned(),
        };
        Embedded::Html(self.frame(note, place, &self.rendered(note, here, &part)))
    }

    fn rendered(&self, note: &Entry, here: (Arc<str>, String), part: &str) -> String {
        let world = self.world;
        let mut stack = self.stack.clone();
        stack.push(here);
        let inside = SiteLinks { entry: note, host: self.host, stack, ..*self };
        let manner =
            Manner { dialect: world.layout.dialect, embedded: true, front_matter: &|name| front_matter(note, name) };
        let rewritten = rewrite(part, &manner);
        let text = rewritten.as_ref().map_or(part, |rewritten| rewritten.text.as_str());
        let options = MarkdownOptions {
            heading_ids: false,
            insert_anchor_links: markdown::AnchorLinks::None,
            ..world.config.markdown.clone()
        };
        markdown::render(text, 0, &options, &inside).content.to_string()
    }

    fn frame(&self, note: &Entry, place: Option<&str>, html: &str) -> String {
        let (mut url, mut title) = (String::new(), String::new());
        let anchor = place.map(|place| resolve::anchor(place, self.world.config.markdown.slugify_anchors));
        markdown::escape_href(
            &mut url,
            &format!("{}{}", note.permalink, anchor.map_or(String::new(), |at| format!("#{at}"))),
        );
        markdown::escape_text(&mut title, &note.title());
        format!(
            "<section class=\"embed\"><p class=\"embed-from\"><a href=\"{url}\">{title}</a></p>\n{html}</section>\n"
        )
    }
}

/// What a note's front matter says under a name.
pub(super) fn front_matter(entry: &Entry, name: &str) -> Option<String> {
    let meta = entry.meta();
    match name {
        "title" => Some(entry.title()),
        "desc" | "description" => meta.description.clone(),
        "created" => Some(meta.date.as_ref()?.text.clone()),
        "updated" => Some(meta.updated.as_ref()?.text.clone()),
        name => {
            let mut parts = name.split('.');
            let mut value = meta.extra.get(parts.next()?)?;
            for part in parts {
                let crate::datum::Datum::Map(map) = value else { return None };
                value = map.get(part)?;
            }
            match value {
                crate::datum::Datum::Int(number) => Some(number.to_string()),
                crate::datum::Datum::Bool(flag) => Some(flag.to_string()),
                value => value.as_text().map(str::to_owned),
            }
        }
    }
}

impl World {
    /// What a link in an entry leads to.
    pub(crate) fn resolve(&self, entry: &Entry, target: &str) -> Target {
        crate::index::resolve(&self.index, &self.snapshot, &self.config, &self.layout, entry, target)
    }
}
