//! A note's text as Markdown: links in double brackets, embeds, comments, highlights, tags, block
//! marks and inline footnotes become what the renderer knows, and every byte knows where it came from.
//! Code, mathematics and raw HTML are never touched.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use crate::expand::Expanded;
use crate::markdown::ALWAYS;

use super::Dialect;

/// What a target begins with that stood in double brackets: no path does.
pub(crate) const WIKI: &str = "[[";
/// What the target of a tag begins with.
pub(crate) const TAG: &str = "[#]";
/// What the target of somebody's name begins with.
pub(crate) const USER: &str = "[@]";

/// How a text is to be read.
pub(crate) struct Manner<'a> {
    pub dialect: Dialect,
    /// Whether the text is shown in another note: then its block marks are no places.
    pub embedded: bool,
    /// What the front matter says under a name, for `{{fm.name}}`.
    pub front_matter: &'a dyn Fn(&str) -> Option<String>,
}

/// The text as Markdown; none where it is that already.
pub(crate) fn rewrite(text: &str, manner: &Manner<'_>) -> Option<Expanded> {
    let marks: &[&str] = match manner.dialect {
        Dialect::Zola => return None,
        Dialect::Plain => &["[["],
        Dialect::Obsidian => &["[[", "%%", "==", "^", "#", "] "],
        Dialect::Dendron => &["[[", "^", "#", "@", "{{"],
    };
    if !marks.iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let mut work = Rewriter { text, manner, kept: kept(text), done: 0, out: Expanded::default(), notes: Vec::new() };
    work.run();
    Some(work.out)
}

/// What stays as it is: code, mathematics, HTML, and where Markdown's own links lead.
fn kept(text: &str) -> Vec<Range<usize>> {
    let mut kept: Vec<Range<usize>> = Vec::new();
    for (event, at) in Parser::new_ext(text, ALWAYS | Options::ENABLE_MATH).into_offset_iter() {
        let range = match event {
            Event::InlineMath(_) if text[at.end..].starts_with(|c: char| c.is_ascii_digit()) => continue,
            Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::CodeBlock(_) | Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => at,
            Event::Start(
                Tag::Link { link_type: LinkType::Inline, .. } | Tag::Image { link_type: LinkType::Inline, .. },
            ) => match text[at.clone()].rfind("](") {
                Some(open) => at.start + open..at.end,
                None => continue,
            },
            _ => continue,
        };
        if kept.last().is_none_or(|last| last.end <= range.start) {
            kept.push(range);
        } else if let Some(last) = kept.last_mut() {
            last.end = last.end.max(range.end);
        }
    }
    kept
}

struct Rewriter<'a, 'b> {
    text: &'a str,
    manner: &'b Manner<'b>,
    kept: Vec<Range<usize>>,
    /// Bytes of the text that were taken over.
    done: usize,
    out: Expanded,
    /// Inline footnotes, to be written at the end: bytes of the text.
    notes: Vec<Range<usize>>,
}

impl Rewriter<'_, '_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut kept = 0;
        let mut at = 0;
        // Where the highlight that is open ends.
        let mut mark_end = None;
        while at < bytes.len() {
            while self.kept.get(kept).is_some_and(|range| range.end <= at) {
                kept += 1;
            }
            if let Some(range) = self.kept.get(kept).filter(|range| range.start <= at) {
                at = range.end;
                continue;
            }
            if mark_end == Some(at) {
                mark_end = None;
                self.put(at..at + 2, "</mark>");
                at += 2;
                continue;
            }
            if is_line_start(bytes, at)
                && let Some(end) = self.task(at)
            {
                at = end;
                continue;
            }
            let end = match bytes[at] {
                b'\\' => Some(at + 2),
                b'!' if self.text[at..].starts_with("![[") => self.brackets(at, true),
                b'[' if self.text[at..].starts_with("[[") => self.brackets(at, false),
                b'%' if self.obsidian() && self.text[at..].starts_with("%%") => self.comment(at),
                b'=' if self.obsidian() && mark_end.is_none() && self.text[at..].starts_with("==") => {
                    self.highlight(at, kept).map(|end| {
                        mark_end = Some(end);
                        self.put(at..at + 2, "<mark>");
                        at + 2
                    })
                }
                b'^' if self.manner.dialect.is_vault() => self.caret(at, kept),
                b'#' if self.manner.dialect.is_vault() => self.tag(at),
                b'@' if self.dendron() => self.user(at),
                b'{' if self.dendron() && self.text[at..].starts_with("{{") => self.said(at),
                _ => None,
            };
            at = end.unwrap_or(at + 1);
        }
        self.finish();
    }

    fn obsidian(&self) -> bool {
        self.manner.dialect == Dialect::Obsidian
    }

    fn dendron(&self) -> bool {
        self.manner.dialect == Dialect::Dendron
    }

    /// Writes in the place of bytes of the text.
    fn put(&mut self, at: Range<usize>, with: &str) {
        let text = self.text;
        self.out.push(&text[self.done..at.start], self.done, true);
        self.out.push(with, at.start, false);
        self.done = at.end;
    }

    fn finish(&mut self) {
        let text = self.text;
        self.out.push(&text[self.done..], self.done, true);
        for (number, at) in std::mem::take(&mut self.notes).into_iter().enumerate() {
            let begin = if number == 0 && !text.ends_with('\n') { "\n\n" } else { "\n" };
            self.out.push(&format!("{begin}[^inline-{}]: ", number + 1), at.start, false);
            self.out.push(&text[at.clone()], at.start, true);
            self.out.push("\n", at.end, false);
        }
    }

    /// A link or an embed; gives where it ends.
    fn brackets(&mut self, at: usize, embed: bool) -> Option<usize> {
        let start = at + if embed { 3 } else { 2 };
        let inner = &self.text[start..];
        let line = &inner[..inner.find('\n').unwrap_or(inner.len())];
        let close = line.find("]]")?;
        let inner = &line[..close];
        if inner.trim().is_empty() || inner.starts_with('[') || inner.contains("[[") {
            return None;
        }
        let (first, second) = match inner.split_once('|') {
            Some((first, second)) => (first.strip_suffix('\\').unwrap_or(first), Some(second)),
            None => (inner, None),
        };
        let (target, shown) = match second {
            Some(second) if self.dendron() => (second, Some(first)),
            second => (first, second),
        };
        let target = target.trim();
        if target.is_empty() {
            return None;
        }
        let mut with = String::new();
        if embed {
            with.push('!');
        }
        with.push('[');
        match shown.map(str::trim) {
            Some(shown) => label(shown, &mut with),
            // The title of the note, or the file: whoever looks the target up writes it.
            None if embed || self.dendron() => {}
            None => escaped(&named(target), &mut with),
        }
        with.push_str("](<");
        with.push_str(WIKI);
        destination(target, &mut with);
        with.push_str(">)");
        let end = start + close + 2;
        self.put(at..end, &with);
        Some(end)
    }

    fn comment(&mut self, at: usize) -> Option<usize> {
        let close = self.text[at + 2..].find("%%")?;
        let end = at + 2 + close + 2;
        self.put(at..end, "");
        // What stood in it is no code any more.
        self.kept.retain(|range| range.start < at || range.start >= end);
        Some(end)
    }

    /// Where the highlight that begins at `at` ends, if it does in its paragraph.
    fn highlight(&self, at: usize, kept: usize) -> Option<usize> {
        let rest = &self.text[at + 2..];
        let paragraph = &rest[..rest.find("\n\n").unwrap_or(rest.len())];
        if paragraph.starts_with([' ', '\n', '=']) || paragraph.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(found) = paragraph[from..].find("==").map(|found| found + from) {
            let end = at + 2 + found;
            let before = paragraph[..found].chars().next_back()?;
            let in_kept = self.kept[kept.min(self.kept.len())..].iter().any(|range| range.contains(&end));
            if !in_kept && !before.is_whitespace() && found > 0 {
                return Some(end);
            }
            from = found + 2;
        }
        None
    }

    /// The mark of a block, or an inline footnote.
    fn caret(&mut self, at: usize, kept: usize) -> Option<usize> {
        let rest = &self.text[at + 1..];
        if self.obsidian() && rest.starts_with('[') {
            return self.inline_note(at, kept);
        }
        let id_len =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let before = &self.text[..at];
        if id_len == 0
            || !rest[id_len..line_end].trim().is_empty()
            || !before.is_empty() && !before.ends_with(char::is_whitespace)
        {
            return None;
        }
        let id = &rest[..id_len];
        let end = at + 1 + id_len;
        let line = &before[before.rfind('\n').map_or(0, |start| start + 1)..];
        let alone = line.trim_matches([' ', '\t', '>']).is_empty();
        let above = before[..before.len() - line.len()].trim_end_matches(['\n', '\r']).len();
        let is_apart = alone && before[above..before.len() - line.len()].matches('\n').count() != 1;
        let element = if is_apart { "div" } else { "span" };
        let mark = if self.manner.embedded { String::new() } else { format!("<{element} id=\"^{id}\"></{element}>") };
        // The space before it goes with it.
        let start = if alone { at } else { before.trim_end_matches([' ', '\t']).len() };
        self.put(start.max(self.done)..end, &mark);
        Some(end)
    }

    fn inline_note(&mut self, at: usize, kept: usize) -> Option<usize> {
        let rest = &self.text[at + 2..];
        let mut depth = 1;
        let mut close = None;
        for (found, c) in rest.char_indices() {
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                '\n' if rest[found + 1..].starts_with('\n') => return None,
                _ => {}
            }
            if depth == 0 {
                close = Some(found);
                break;
            }
        }
        let close = at + 2 + close?;
        if self.kept[kept.min(self.kept.len())..].iter().any(|range| range.contains(&close)) {
            return None;
        }
        self.notes.push(at + 2..close);
        let name = format!("[^inline-{}]", self.notes.len());
        self.put(at..close + 1, &name);
        Some(close + 1)
    }

    fn tag(&mut self, at: usize) -> Option<usize> {
        let before = self.text[..at].chars().next_back();
        if !before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '>' | ',' | ';')) {
            return None;
        }
        let is_of_tag = |c: char| {
            c.is_alphanumeric()
                || matches!(c, '_' | '-' | '/')
                || self.dendron() && c == '.'
                || !c.is_ascii() && !c.is_whitespace() && !c.is_ascii_punctuation() && !is_wide_punctuation(c)
        };
        let rest = &self.text[at + 1..];
        let tag = &rest[..rest.find(|c| !is_of_tag(c)).unwrap_or(rest.len())];
        let tag = tag.trim_end_matches(['/', '.']);
        if tag.is_empty() || tag.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let end = at + 1 + tag.len();
        let mut with = String::from("[#");
        escaped(tag, &mut with);
        with.push_str("](<");
        with.push_str(TAG);
        destination(tag, &mut with);
        with.push_str(">)");
        self.put(at..end, &with);
        Some(end)
    }

    /// `@name` is a link to a note about that person.
    fn user(&mut self, at: usize) -> Option<usize> {
        let before = self.text[..at].chars().next_back();
        if !before.is_none_or(|c| c.is_whitespace() || c == '(') {
            return None;
        }
        let rest = &self.text[at + 1..];
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())].trim_end_matches('.');
        if name.is_empty() {
            return None;
        }
        let end = at + 1 + name.len();
        let mut with = String::from("[@");
        escaped(name, &mut with);
        with.push_str("](<");
        with.push_str(USER);
        destination(name, &mut with);
        with.push_str(">)");
        self.put(at..end, &with);
        Some(end)
    }

    /// `{{fm.desc}}`: what the front matter says.
    fn said(&mut self, at: usize) -> Option<usize> {
        let close = self.text[at + 2..].find("}}")?;
        let name = self.text[at + 2..at + 2 + close].trim().strip_prefix("fm.")?;
        let said = (self.manner.front_matter)(name)?;
        let end = at + close + 4;
        // What is said there is Markdown too.
        self.put(at..end, &said.replace('\n', " "));
        Some(end)
    }

    /// A task whose state is not one that Markdown knows: `- [/] half done`.
    fn task(&mut self, at: usize) -> Option<usize> {
        if !self.obsidian() {
            return None;
        }
        let line = &self.text[at..at + self.text[at..].find('\n').unwrap_or(self.text.len() - at)];
        let rest = line.trim_start_matches([' ', '\t', '>']);
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let item = if digits.len() < rest.len() {
            digits.strip_prefix(['.', ')'])
        } else {
            rest.strip_prefix(['-', '*', '+'])
        };
        let mut state = item?.strip_prefix(" [")?.chars();
        let sign = state.next().filter(|sign| !matches!(sign, ' ' | 'x' | 'X' | '[' | ']'))?;
        state.as_str().strip_prefix("] ")?;
        let start = at + line.len() - state.as_str().len() - sign.len_utf8() - 1;
        let end = at + line.len() - state.as_str().len() + 1;
        let mut box_ = String::from("<input disabled=\"\" type=\"checkbox\" checked=\"\" data-task=\"");
        match sign {
            '"' => box_.push_str("&quot;"),
            '&' => box_.push_str("&amp;"),
            '<' => box_.push_str("&lt;"),
            sign => box_.push(sign),
        }
        box_.push_str("\"/>");
        self.put(start..end, &box_);
        Some(end)
    }
}

fn is_line_start(bytes: &[u8], at: usize) -> bool {
    at == 0 || bytes[at - 1] == b'\n'
}

/// Signs of other scripts that end a tag: the general and the wide punctuation of Unicode.
fn is_wide_punctuation(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

/// What is shown of a link that says nothing else: `Note > Heading`.
pub(crate) fn named(target: &str) -> String {
    let mut parts = target.split('#').map(str::trim).filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| format!("{shown} > {part}"))
}

/// Text in which no character means anything to Markdown.
fn escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
}

/// What a writer wants shown, with its emphasis; brackets alone are kept from ending it.
fn label(text: &str, out: &mut String) {
    if text.contains("![") {
        return out.push_str(text);
    }
    for c in text.chars() {
        if matches!(c, '[' | ']' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
}

fn destination(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '<' | '>' | '\\' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
}
