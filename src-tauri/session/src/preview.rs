//! The preview of a page: its published bytes with marks, and the difference between two views.
//! Taken off again, the marks leave exactly the bytes that would be published.

use std::borrow::Cow;

use galley_engine::{Block, PageView};
use galley_ipc::{PreviewBlock, PreviewUpdate};
use memchr::memmem;

use crate::places::Places;

/// The origin that the preview frame has.
const ORIGIN: &str = "preview://localhost";
const SCRIPT: &str = r#"<script data-galley src="/.galley/frame.js"></script>"#;
/// The same script, on a page that cannot be built now.
const BROKEN: &str = r#"<script data-galley data-broken src="/.galley/frame.js"></script>"#;
/// How the mark of a block begins, and how that of a part of one does.
const MARK: &str = "<!--galley:";
const PART: &str = "<!--galley+";
const END: &str = "<!--galley:end-->";

/// A page as the frame shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What comes before the content; all of it where the content has no one place in the page.
    head: String,
    /// The content's blocks, where it has one place.
    blocks: Option<Vec<PreviewBlock>>,
    tail: String,
}

impl Document {
    /// Marks a built page. `source` is the text of its file, `base_url` the address the site is
    /// published under.
    pub fn new(view: &PageView, source: &str, base_url: &str) -> Self {
        let html = String::from_utf8_lossy(&view.html);
        let Some(at) = only_place(&html, &view.content) else { return Self::bare(&html, base_url) };
        let places = Places::new(source);
        let block = |block: &Block| {
            let from = places.utf16(source, block.source.start as usize) as u32;
            let to = places.utf16(source, block.source.end as usize) as u32;
            let html = &view.content[block.html.start as usize..block.html.end as usize];
            PreviewBlock { from, to, html: local(&with_parts(html, block, source, &places), base_url) }
        };
        Self {
            head: local(&html[..at], base_url),
            blocks: Some(view.blocks.iter().map(block).collect()),
            tail: with_script(&local(&html[at + view.content.len()..], base_url)),
        }
    }

    /// A page without marks, such as a list that no source makes.
    pub fn bare(html: &str, base_url: &str) -> Self {
        Self { head: with_script(&local(html, base_url)), blocks: None, tail: String::new() }
    }

    /// What is shown of a page that could never be built.
    pub fn waiting(base_url: &str) -> Self {
        Self::bare("<!doctype html><title></title><body></body>", base_url).broken()
    }

    /// The same, said to be how the page last looked: it cannot be built now.
    #[must_use]
    pub fn broken(&self) -> Self {
        let mut broken = self.clone();
        let last = if broken.blocks.is_some() { &mut broken.tail } else { &mut broken.head };
        *last = last.replace(SCRIPT, BROKEN);
        broken
    }

    /// The whole page with its marks.
    pub fn html(&self) -> String {
        let mut html = self.head.clone();
        for block in self.blocks.iter().flatten() {
            html.extend([MARK, &block.from.to_string(), "-", &block.to.to_string(), "-->", &block.html]);
        }
        if self.blocks.is_some() {
            html.push_str(END);
        }
        html.push_str(&self.tail);
        html
    }

    /// How a frame that shows `self` comes to show `new`.
    pub fn update(&self, new: &Self) -> PreviewUpdate {
        if self == new {
            return PreviewUpdate::Same { from: 0, shift: 0 };
        }
        match (&self.blocks, &new.blocks) {
            (Some(old), Some(blocks)) if self.head == new.head && self.tail == new.tail => difference(old, blocks),
            _ => PreviewUpdate::Document { html: new.html() },
        }
    }
}

/// A block with a mark before each of its parts: where that begins, counted from where the block does,
/// and how long it is, both in UTF-16 units.
fn with_parts<'a>(html: &'a str, block: &Block, source: &str, places: &Places) -> Cow<'a, str> {
    if block.inner.is_empty() {
        return html.into();
    }
    let start = i64::from(block.source.start);
    let unit = |rel: i32| places.utf16(source, (start + i64::from(rel)).max(0) as usize) as i64;
    let begin = unit(0);
    let (mut out, mut read) = (String::with_capacity(html.len() + block.inner.len() * 24), 0);
    for part in &block.inner {
        let (from, to) = (unit(part.source.start), unit(part.source.end));
        out.push_str(&html[read..part.html as usize]);
        out.extend([PART, &(from - begin).to_string(), "+", &(to - from).to_string(), "-->"]);
        read = part.html as usize;
    }
    out.push_str(&html[read..]);
    out.into()
}

/// The one place of `content` in `html`, if there is exactly one.
fn only_place(html: &str, content: &str) -> Option<usize> {
    if content.is_empty() {
        return None;
    }
    // It can only begin where it has room, and what comes before and after it in a page is short.
    let room = html.len().checked_sub(content.len())?;
    let mut places = memchr::memchr_iter(content.as_bytes()[0], &html.as_bytes()[..=room]);
    let is_one = |at: &usize| html.as_bytes()[*at..].starts_with(content.as_bytes());
    let at = places.find(is_one)?;
    places.find(is_one).is_none().then_some(at)
}

fn with_script(html: &str) -> String {
    let at = html.to_ascii_lowercase().rfind("</body>").unwrap_or(html.len());
    format!("{}{SCRIPT}{}", &html[..at], &html[at..])
}

/// The block changes: equal blocks at the start that stay where they are, equal blocks at the end
/// that all move by one distance, and what lies between.
fn difference(old: &[PreviewBlock], new: &[PreviewBlock]) -> PreviewUpdate {
    if let Some(same) = same(old, new) {
        return same;
    }
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let shift = match (old.last(), new.last()) {
        (Some(a), Some(b)) => i64::from(b.from) - i64::from(a.from),
        _ => 0,
    };
    let moved = |a: &PreviewBlock, b: &PreviewBlock| {
        a.html == b.html && i64::from(a.from) + shift == i64::from(b.from) && i64::from(a.to) + shift == i64::from(b.to)
    };
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| moved(a, b)).count();
    PreviewUpdate::Blocks {
        start: start as u32,
        remove: (old.len() - start - end) as u32,
        insert: new[start..new.len() - end].to_vec(),
        shift: shift as i32,
    }
}

/// Where every block shows the same and one distance explains every move.
fn same(old: &[PreviewBlock], new: &[PreviewBlock]) -> Option<PreviewUpdate> {
    if old.len() != new.len() || old.iter().zip(new).any(|(a, b)| a.html != b.html) {
        return None;
    }
    let ends = |block: &PreviewBlock| [block.from, block.to];
    let pairs: Vec<(u32, u32)> = old.iter().flat_map(ends).zip(new.iter().flat_map(ends)).collect();
    let Some(first) = pairs.iter().find(|(a, b)| a != b) else {
        return Some(PreviewUpdate::Same { from: 0, shift: 0 });
    };
    let shift = i64::from(first.1) - i64::from(first.0);
    let from = first.0.checked_sub(1)?;
    let explained = |(a, b): &(u32, u32)| i64::from(*b) == i64::from(*a) + if *a > from { shift } else { 0 };
    pairs.iter().all(explained).then_some(PreviewUpdate::Same { from, shift: shift as i32 })
}

/// `scheme://host` of an address.
fn origin(base_url: &str) -> Option<&str> {
    let host = base_url.find("://")? + 3;
    let end = base_url[host..].find('/').map_or(base_url.len(), |at| host + at);
    (end > host).then_some(&base_url[..end])
}

/// The path of an address, without a trailing `/`: empty for the top of a host.
pub fn base_path(base_url: &str) -> &str {
    let rest = origin(base_url).map_or(base_url, |origin| &base_url[origin.len()..]);
    rest.trim_end_matches('/')
}

/// Addresses of the published site made addresses of the preview, in attributes only.
fn local(html: &str, base_url: &str) -> String {
    at_origin(html, base_url, ORIGIN)
}

/// A published page or style sheet whose addresses of its own site lead below `prefix`, which begins
/// with `/`: so every file comes from one release. Anything else stays as it is.
pub fn below(output: &str, bytes: Vec<u8>, base_url: &str, prefix: &str) -> Vec<u8> {
    let ending = output.rsplit('.').next().unwrap_or_default();
    if !matches!(ending, "html" | "htm" | "css") {
        return bytes;
    }
    let text = String::from_utf8_lossy(&bytes);
    let absolute = format!("{prefix}/");
    // Addresses from the root first, so that those that come to begin so are not moved twice.
    let mut out = String::with_capacity(text.len() + 256);
    let mut read = 0;
    for (at, _) in text.match_indices('/') {
        let is_root = begins_value(&text[..at]) && !text[at + 1..].starts_with('/');
        if is_root {
            out.push_str(&text[read..at]);
            out.push_str(&absolute);
            read = at + 1;
        }
    }
    out.push_str(&text[read..]);
    let moved = at_origin(&out, base_url, prefix);
    let shown = if ending == "css" { moved } else { with_script(&moved) };
    shown.into_bytes()
}

fn at_origin(html: &str, base_url: &str, to: &str) -> String {
    let Some(origin) = origin(base_url) else { return html.into() };
    let escaped = |text: &str| text.replace('/', "&#x2F;");
    let plain = swap(html, origin, to);
    if memmem::find(plain.as_bytes(), b"&#x2F;&#x2F;").is_some() {
        swap(&plain, &escaped(origin), &escaped(to))
    } else {
        plain
    }
}

/// Published bytes whose addresses of the site lead to another origin: in the attributes of a page,
/// and anywhere in what a script reads.
pub fn relocated(output: &str, bytes: &[u8], base_url: &str, to: &str) -> Vec<u8> {
    match (output.rsplit('.').next(), origin(base_url)) {
        (Some("html"), _) => at_origin(&String::from_utf8_lossy(bytes), base_url, to).into_bytes(),
        (Some("js" | "json"), Some(origin)) => String::from_utf8_lossy(bytes).replace(origin, to).into_bytes(),
        _ => bytes.to_vec(),
    }
}

fn swap(html: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut read = 0;
    for at in memmem::find_iter(html.as_bytes(), from) {
        if begins_value(&html[..at]) && ends_origin(&html[at + from.len()..]) {
            out.push_str(&html[read..at]);
            out.push_str(to);
            read = at + from.len();
        }
    }
    out.push_str(&html[read..]);
    out
}

/// Whether what comes next begins an attribute's value or a `url(`.
fn begins_value(before: &str) -> bool {
    ["=\"", "='", "=", "url(", "url(\"", "url('"].iter().any(|lead| before.ends_with(lead))
}

fn ends_origin(after: &str) -> bool {
    after.starts_with(['/', '"', '\'', '?', '#', ')', ' ', '>', '&'])
}

/// The published bytes behind a preview document: the inverse of the marks.
pub fn unmark(html: &str, base_url: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = [MARK, PART].iter().filter_map(|mark| rest.find(mark)).min() {
        out.push_str(&rest[..at]);
        rest = rest[at..].split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let out = out.replace(SCRIPT, "").replace(BROKEN, "");
    match origin(base_url) {
        Some(origin) => {
            let escaped = |text: &str| text.replace('/', "&#x2F;");
            out.replace(ORIGIN, origin).replace(&escaped(ORIGIN), &escaped(origin))
        }
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use galley_engine::{Inner, SitePath};

    const BASE: &str = "https://example.org/blog";

    fn view(page: &str, parts: &[(u32, u32, &str)]) -> PageView {
        let mut content = String::new();
        let mut blocks = Vec::new();
        for (start, end, html) in parts {
            let from = content.len() as u32;
            content.push_str(html);
            blocks.push(Block { source: *start..*end, html: from..content.len() as u32, inner: Vec::new() });
        }
        PageView {
            output: SitePath::new("a/index.html").expect("path"),
            html: page.replace("CONTENT", &content).into_bytes().into(),
            content: content.into(),
            blocks: blocks.into(),
        }
    }

    const PAGE: &str =
        r#"<html><a href="https://example.org/blog/x/">https://example.org/</a><main>CONTENT</main></BODY></html>"#;

    fn document(source: &str, parts: &[(u32, u32, &str)]) -> Document {
        Document::new(&view(PAGE, parts), source, BASE)
    }

    #[test]
    fn marks_stand_before_each_block_and_come_off_again() {
        let source = "é one\n\ntwo\n";
        let parts = [(0, 6, "<p>é one</p>\n"), (8, 11, "<p><a href=\"https://example.org/blog/\">two</a></p>\n")];
        let marked = document(source, &parts).html();
        assert_eq!(
            marked,
            "<html><a href=\"preview://localhost/blog/x/\">https://example.org/</a><main>\
             <!--galley:0-5--><p>é one</p>\n\
             <!--galley:7-10--><p><a href=\"preview://localhost/blog/\">two</a></p>\n<!--galley:end-->\
             </main><script data-galley src=\"/.galley/frame.js\"></script></BODY></html>"
        );
        assert_eq!(unmark(&marked, BASE).as_bytes(), &*view(PAGE, &parts).html);
    }

    #[test]
    fn content_without_one_place_gets_no_marks() {
        let page = PAGE.replace("CONTENT", "CONTENT CONTENT");
        let view = view(&page, &[(0, 1, "<p>a</p>")]);
        let marked = Document::new(&view, "a", BASE).html();
        assert!(!marked.contains("<!--galley"));
        assert_eq!(unmark(&marked, BASE).as_bytes(), &*view.html);
    }

    #[test]
    fn parts_of_a_block_have_marks_of_their_own() {
        // é is two bytes and one unit.
        let source = "é\n\n- ü\n- b\n";
        let list = "<ul>\n<li>ü</li>\n<li>b</li>\n</ul>\n";
        let parts = [(0, 3, "<p>é</p>\n"), (4, 13, list)];
        let mut view = view(PAGE, &parts);
        let mut blocks = view.blocks.to_vec();
        let at = |text: &str| list.find(text).expect("a part") as u32;
        blocks[1].inner = vec![
            Inner { source: 0..5, html: at("<li>ü") },
            Inner { source: 5..9, html: at("<li>b") },
            Inner { source: -4..-1, html: at("</ul>") },
        ];
        view.blocks = blocks.into();
        let marked = Document::new(&view, source, BASE).html();
        let expected = "<!--galley:3-11--><ul>\n<!--galley+0+4--><li>ü</li>\n<!--galley+4+4--><li>b</li>\n\
                        <!--galley+-3+2--></ul>\n<!--galley:end-->";
        assert!(marked.contains(expected), "{marked}");
        assert_eq!(unmark(&marked, BASE).as_bytes(), &*view.html);
    }

    #[test]
    fn content_is_found_once_or_not_at_all() {
        for (html, content, place) in [
            ("<p>a</p>", "<p>a</p>", Some(0)),
            ("<<p>a</p>", "<p>a</p>", Some(1)),
            ("é<p>é</p>ü", "<p>é</p>", Some(2)),
            ("<p>a</p><p>a</p>", "<p>a</p>", None),
            ("aaa", "aa", None),
            ("<p>", "<p>a</p>", None),
            ("<p>b</p>", "<p>a</p>", None),
            ("<p>", "", None),
        ] {
            assert_eq!(only_place(html, content), place, "{content} in {html}");
        }
    }

    #[test]
    fn one_changed_block_is_one_patch() {
        let old = document("a\n\nb\n\nc\n", &[(0, 1, "<p>a</p>"), (3, 4, "<p>b</p>"), (6, 7, "<p>c</p>")]);
        let new = document("a\n\nbb\n\nc\n", &[(0, 1, "<p>a</p>"), (3, 5, "<p>bb</p>"), (7, 8, "<p>c</p>")]);
        let insert = vec![PreviewBlock { from: 3, to: 5, html: "<p>bb</p>".into() }];
        assert_eq!(old.update(&new), PreviewUpdate::Blocks { start: 1, remove: 1, insert, shift: 1 });
    }

    #[test]
    fn a_block_may_come_or_go() {
        let one = document("a\n\nc\n", &[(0, 1, "<p>a</p>"), (3, 4, "<p>c</p>")]);
        let two = document("a\n\nb\n\nc\n", &[(0, 1, "<p>a</p>"), (3, 4, "<p>b</p>"), (6, 7, "<p>c</p>")]);
        let insert = vec![PreviewBlock { from: 3, to: 4, html: "<p>b</p>".into() }];
        assert_eq!(one.update(&two), PreviewUpdate::Blocks { start: 1, remove: 0, insert, shift: 3 });
        assert_eq!(two.update(&one), PreviewUpdate::Blocks { start: 1, remove: 1, insert: vec![], shift: -3 });
    }

    #[test]
    fn an_invisible_edit_only_moves_positions() {
        let old = document("a\n\nb\n", &[(0, 1, "<p>a</p>"), (3, 4, "<p>b</p>")]);
        let new = document("a\n\n\nb\n", &[(0, 1, "<p>a</p>"), (4, 5, "<p>b</p>")]);
        assert_eq!(old.update(&new), PreviewUpdate::Same { from: 2, shift: 1 });
        assert_eq!(old.update(&old), PreviewUpdate::Same { from: 0, shift: 0 });
    }

    #[test]
    fn a_change_outside_the_content_is_a_whole_document() {
        let old = document("a", &[(0, 1, "<p>a</p>")]);
        let new = Document::new(&view(&PAGE.replace("main", "body"), &[(0, 1, "<p>a</p>")]), "a", BASE);
        assert_eq!(old.update(&new), PreviewUpdate::Document { html: new.html() });
    }

    #[test]
    fn a_release_keeps_to_itself() {
        let page = r#"<a href="https://example.org/blog/x/"><img src=/a.png><a href="//other.org/"><a href="https://other.org/y">text /z</a></body>"#;
        let shown =
            String::from_utf8(below("a/index.html", page.into(), BASE, "/.galley/release/live/1")).expect("text");
        assert_eq!(
            shown,
            r#"<a href="/.galley/release/live/1/blog/x/"><img src=/.galley/release/live/1/a.png><a href="//other.org/"><a href="https://other.org/y">text /z</a><script data-galley src="/.galley/frame.js"></script></body>"#
        );
        let css = below("a.css", b"a{b:url(/c.png)}".to_vec(), BASE, "/r");
        assert_eq!(css, b"a{b:url(/r/c.png)}");
        assert_eq!(below("a.js", b"'/x'".to_vec(), BASE, "/r"), b"'/x'");
    }

    #[test]
    fn the_base_path_is_what_follows_the_host() {
        assert_eq!(base_path("https://example.org/blog/"), "/blog");
        assert_eq!(base_path("https://example.org"), "");
        assert_eq!(base_path("/"), "");
    }
}
