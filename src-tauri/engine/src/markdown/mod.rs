//! Markdown to HTML: a page's body, with its links resolved, in blocks that know their source.
//! It never sees another page: what a link leads to is asked of a `Links`.

mod again;
mod alt;
mod blocks;
mod callouts;
mod code;
mod emoji;
mod escape;
mod footnotes;
mod glance;
mod headings;
mod links;
mod math;
mod media;
mod notes;
mod parts;
mod raw_html;
mod render;
mod scan;
mod summary;
mod tags;
mod words;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::build::Block;
use crate::hash::Hash;
use crate::highlight::Extra;
use crate::vault::Dialect;

pub(crate) use again::{Kept, render_again};
pub(crate) use escape::{body as escape_text, href as escape_href};
pub(crate) use headings::name as heading_name;
pub(crate) use render::render;
pub(crate) use scan::{ALWAYS, has_scheme, links_inside, scan};
pub(crate) use words::{reading_time, word_count};

/// How a body is rendered: the keys of `[markdown]`, with Zola's names and defaults.
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the configuration")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MarkdownOptions {
    pub render_emoji: bool,
    pub external_links_class: Option<String>,
    pub external_links_target_blank: bool,
    pub external_links_no_follow: bool,
    pub external_links_no_referrer: bool,
    pub external_links_external: bool,
    pub smart_punctuation: bool,
    pub definition_list: bool,
    pub bottom_footnotes: bool,
    pub lazy_async_image: bool,
    pub github_alerts: bool,
    /// What beyond Markdown is read: nothing in a Zola site.
    pub dialect: Dialect,
    pub insert_anchor_links: AnchorLinks,
    /// Off when `None`.
    pub highlighting: Option<Highlighting>,
    /// How heading ids are made.
    pub slugify_anchors: Slugify,
    /// Whether headings that name no id get one made of their text.
    pub heading_ids: bool,
    /// Whether a code block says its language in `data-lang`, as Zola's do; otherwise in a
    /// class, as `CommonMark`'s do.
    pub data_lang: bool,
}

impl Default for MarkdownOptions {
    /// Zola's defaults.
    fn default() -> Self {
        Self {
            render_emoji: false,
            external_links_class: None,
            external_links_target_blank: false,
            external_links_no_follow: false,
            external_links_no_referrer: false,
            external_links_external: true,
            smart_punctuation: false,
            definition_list: false,
            bottom_footnotes: false,
            lazy_async_image: false,
            github_alerts: false,
            dialect: Dialect::Zola,
            insert_anchor_links: AnchorLinks::None,
            highlighting: None,
            slugify_anchors: Slugify::On,
            heading_ids: true,
            data_lang: true,
        }
    }
}

impl MarkdownOptions {
    /// What `CommonMark` itself would write: nothing is added to it.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self { external_links_external: false, heading_ids: false, data_lang: false, ..Self::default() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AnchorLinks {
    #[default]
    None,
    Left,
    Right,
    Heading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Slugify {
    #[default]
    On,
    Safe,
    Off,
}

/// `[markdown.highlighting]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Highlighting {
    pub error_on_missing_language: bool,
    /// `style = "class"`; otherwise colours are inline.
    pub classes: bool,
    pub theme: ThemeChoice,
    pub data_attributes: DataAttributes,
    /// The files of grammars, and then those of themes, that the site brings along.
    pub extra_files: [Vec<String>; 2],
    /// What is in them.
    pub extra: Arc<Extra>,
}

/// Where a code block says its language and its fence's words: `data_attr_position`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DataAttributes {
    #[default]
    Code,
    Pre,
    Both,
    None,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ThemeChoice {
    One(String),
    LightDark { light: String, dark: String },
}

/// Where a link or an image leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    /// The address to write in its place.
    To(String),
    /// As it stands, and it leads outside of the site.
    External,
    /// As it stands.
    Keep,
    /// It leads to nothing: written as it stands, with a problem.
    Missing { message: String, help: String },
    /// To what is not published: nothing of it is written.
    Withheld,
    /// To several notes.
    Many(Vec<String>),
}

/// What is shown of a note in another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Embedded {
    Html(String),
    /// There is no such note or place.
    Missing {
        message: String,
        help: String,
    },
    /// The note is not published.
    Withheld,
    /// A link stands in its place: it would show itself, or be too deep.
    Cut {
        title: String,
        url: String,
        circle: bool,
    },
}

/// Answers what only the site knows.
pub(crate) trait Links {
    /// Where `target` leads, as written in the Markdown (percent-encoding kept).
    fn resolve(&self, target: &str, is_image: bool) -> Link;
    /// The HTML of a heading's anchor link (template `anchor-link.html`).
    fn anchor(&self, id: &str, level: u32) -> String;
    /// The HTML to close a summary that was cut inside a block (template `summary-cutoff.html`).
    fn summary_cutoff(&self, summary: &str) -> String;
    /// Code in a language is about to be coloured.
    fn code(&self, language: Option<&str>);
    /// How many questions were asked, where that is counted.
    fn asked(&self) -> usize {
        0
    }
    /// What the page is called that a target leads to.
    fn title(&self, _target: &str) -> Option<String> {
        None
    }
    /// A note or a part of one, as it is shown in another.
    fn embed(&self, target: &str) -> Embedded {
        Embedded::Missing { message: format!("cannot find note `{target}`"), help: "link to it instead".into() }
    }
}

/// A heading in the table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heading {
    pub level: u32,
    pub id: String,
    /// Plain text.
    pub title: String,
    pub children: Vec<Heading>,
}

/// A problem without its path, at bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub at: Range<usize>,
    /// `link.missing`, `link.empty`, `image.missing`, `image.empty`, `image.alt`,
    /// `heading.duplicate`, `markdown.depth`, `highlight.language`, `highlight.size`, `highlight.failed`.
    pub code: &'static str,
    pub is_error: bool,
    pub message: String,
    pub help: String,
}

/// HTML as templates are given it, so that a body is held once: they say themselves that it is safe.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BodyHtml(tera::Value);

impl BodyHtml {
    pub(crate) fn new(html: &str) -> Self {
        Self(tera::Value::normal_string(html))
    }

    /// As a template sees it.
    pub(crate) fn value(&self) -> tera::Value {
        self.0.clone()
    }
}

impl Default for BodyHtml {
    fn default() -> Self {
        Self::new("")
    }
}

impl std::ops::Deref for BodyHtml {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.as_str().unwrap_or_default()
    }
}

/// A rendered body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rendered {
    pub content: BodyHtml,
    pub blocks: Arc<[Block]>,
    pub toc: Vec<Heading>,
    /// HTML before the `<!-- more -->` mark.
    pub summary: Option<String>,
    /// Every id a link can lead to: headings, footnotes, `id=` and `name=` of raw HTML.
    pub ids: Vec<String>,
    /// Links to a place in another page or this one that must exist: (target as written, span).
    pub fragments: Vec<(String, Range<usize>)>,
    /// Links to other sites: (target as written, span).
    pub externals: Vec<(String, Range<usize>)>,
    pub troubles: Vec<Trouble>,
    /// Hash of all of the above that a template can see.
    pub hash: Hash,
}

/// What can be known of a body without rendering it; cheap, and the whole of what the site
/// index may know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scan {
    /// Plain text of the first heading, if it is of level 1.
    pub title: Option<String>,
    /// Destinations of the links, as written, without those that carry a scheme; in order, once.
    pub links: Vec<String>,
}
