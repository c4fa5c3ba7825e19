//! What a template's text says of what it will ask: other templates, components, page bodies.
//! It reads tokens, not meaning, and where in doubt says that a body is read.

use std::borrow::Cow;

/// What was found in one template.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Names in `extends` and `include`.
    pub templates: Vec<String>,
    /// Names of components that it calls.
    pub calls: Vec<String>,
    /// Names of components that it defines.
    pub defines: Vec<String>,
    /// `page.content` and the like.
    pub reads_body_of: Own,
    /// A body field of anything else, or a form that could be one.
    pub reads_other_bodies: bool,
    /// `page.lower` or `page.higher`.
    pub reads_neighbours_of: Own,
    /// The neighbours of any other page, or a form that could be one.
    pub reads_beside: bool,
    /// `section.pages` or `term.pages`, or a form that could show them.
    pub reads_listing: bool,
    /// What is given another meaning that others can see: by a `set`, or around an `include`.
    pub rebinds: Own,
}

/// Which of the names that stand for the page at hand.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Own {
    pub page: bool,
    pub section: bool,
}

impl<'a> FromIterator<&'a str> for Own {
    fn from_iter<T: IntoIterator<Item = &'a str>>(words: T) -> Self {
        let mut own = Self::default();
        words.into_iter().for_each(|word| own.add(word));
        own
    }
}

impl Own {
    fn or(self, other: Self) -> Self {
        Self { page: self.page || other.page, section: self.section || other.section }
    }

    fn has(self, word: &str) -> bool {
        self.page && word == "page" || self.section && word == "section"
    }

    fn add(&mut self, word: &str) {
        self.page |= word == "page";
        self.section |= word == "section";
    }
}

/// The fields that are made from a page's body.
const BODY: &[&str] = &["content", "summary", "toc", "word_count", "reading_time"];
/// Words that can show a whole value at once.
const WHOLE: &[&str] = &["__tera_context", "json_encode", "values", "pairs", "group_by"];

impl Scan {
    pub(super) fn of(text: &str) -> Self {
        let mut scan = Self::default();
        // What the loops and components that are open give another meaning.
        let mut scopes: Vec<Own> = Vec::new();
        for (_, tag) in tags(text) {
            scan.tag(tag, &mut scopes);
        }
        scan
    }

    fn tag(&mut self, tag: &str, scopes: &mut Vec<Own>) {
        let tokens = tokens(tag);
        let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
        let bound = scopes.iter().fold(Own::default(), |bound, scope| bound.or(*scope));
        for (at, token) in tokens.iter().enumerate() {
            self.token(&tokens, at, token, bound);
            self.reads_listing |= matches!(token.text, "section" | "term") && !token.quoted && shows(&words, at);
        }
        match words.first().copied() {
            Some("extends" | "include") => {
                self.templates.extend(tokens.iter().filter(|token| token.quoted).map(|token| token.text.to_owned()));
                // What is run from here sees what the names mean here.
                self.rebinds = self.rebinds.or(bound);
            }
            Some("block") => self.rebinds = self.rebinds.or(bound),
            Some("component") => {
                self.defines.extend(name_at(&words, 1));
                scopes.push(words.iter().copied().collect());
            }
            Some("for") => scopes.push(words.iter().copied().take_while(|word| *word != "in").collect()),
            Some("endfor" | "endcomponent") => drop(scopes.pop()),
            Some("set" | "set_global") => words.iter().skip(1).take(1).for_each(|word| self.rebinds.add(word)),
            Some("<") => self.calls.extend(name_at(&words, 1)),
            _ => {}
        }
        // A comprehension binds names inside an expression.
        words.windows(2).skip(1).filter(|pair| pair[0] == "for").for_each(|pair| self.rebinds.add(pair[1]));
    }

    /// `bound` is what does not mean the page or section at hand here.
    fn token(&mut self, tokens: &[Token<'_>], at: usize, token: &Token<'_>, bound: Own) {
        if WHOLE.contains(&token.text) && !token.quoted {
            self.reads_other_bodies = true;
            self.reads_listing = true;
            self.reads_beside = true;
        }
        self.neighbour(tokens, at, token, bound);
        if !BODY.contains(&token.text) {
            return;
        }
        if token.quoted {
            self.reads_other_bodies = true;
            return;
        }
        let before = |back: usize| at.checked_sub(back).map(|at| tokens[at].text);
        let dotted = matches!(before(1), Some("." | "?."));
        // `<galley.toc … />` and `component galley.toc(…)` are names of components.
        let named = matches!(before(3), Some("<" | "/" | "component" | "endcomponent"));
        if !dotted || named {
            return;
        }
        match before(2).filter(|word| is_own(word) && !matches!(before(3), Some("." | "?."))) {
            Some(own) if !bound.has(own) => self.reads_body_of.add(own),
            _ => self.reads_other_bodies = true,
        }
    }

    /// Takes note of a look at the pages before and after one. `lower` is also the name of a filter.
    fn neighbour(&mut self, tokens: &[Token<'_>], at: usize, token: &Token<'_>, bound: Own) {
        if !matches!(token.text, "lower" | "higher") {
            return;
        }
        let before = |back: usize| at.checked_sub(back).map(|at| tokens[at].text);
        let dotted = matches!(before(1), Some("." | "?."));
        if token.quoted || !dotted {
            self.reads_beside |= token.quoted;
            return;
        }
        let is_own = before(2) == Some("page") && !matches!(before(3), Some("." | "?.")) && !bound.page;
        if is_own {
            self.reads_neighbours_of.page = true;
        } else {
            self.reads_beside = true;
        }
    }
}

/// Whether the section or term here shows its pages: whatever is neither another field of it nor
/// a plain condition may.
fn shows(words: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| words[at]);
    if matches!(before, Some("." | "?.")) {
        return false;
    }
    match words.get(at + 1) {
        Some(&("." | "?.")) => words.get(at + 2) == Some(&"pages"),
        after => {
            let asks = matches!(words.first(), Some(&("if" | "elif")))
                && matches!(before, Some("if" | "elif" | "and" | "or" | "not"))
                && matches!(after, None | Some(&("and" | "or" | "is")));
            !asks
        }
    }
}

/// The name of a component, which may have dots in it.
fn name_at(words: &[&str], at: usize) -> Option<String> {
    let mut name = (*words.get(at)?).to_owned();
    for pair in words.get(at + 1..)?.chunks_exact(2).take_while(|pair| pair[0] == ".") {
        name.push('.');
        name.push_str(pair[1]);
    }
    Some(name)
}

fn is_own(word: &str) -> bool {
    matches!(word, "page" | "section")
}

/// The insides of `{{ }}` and `{% %}`, each with the byte at which its tag begins.
pub(super) fn tags(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let rest = &text[open + 1..];
        let close = match rest.as_bytes().first() {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => {
                at = rest.find("#}").map_or(text.len(), |end| open + 1 + end + 2);
                continue;
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        let inside = &rest[1..];
        let end = inside.find(close).unwrap_or(inside.len());
        let tag = inside[..end].trim_matches(|c: char| c == '-' || c.is_whitespace());
        found.push((open, tag));
        at = open + 2 + end;
        if close == "%}" && tag == "raw" {
            at = end_of_raw(text, at);
        }
    }
    found
}

/// Where the tag begins that ends the raw text at `at`: nothing in it is a tag.
fn end_of_raw(text: &str, at: usize) -> usize {
    let mut ends = text[at..].match_indices("endraw").map(|(end, _)| text[at..at + end].trim_end());
    let begin = ends.find_map(|before| before.strip_suffix('-').unwrap_or(before).strip_suffix("{%"));
    begin.map_or(text.len(), |before| at + before.len())
}

/// A word, a text or a sign.
pub(super) struct Token<'a> {
    pub text: &'a str,
    pub quoted: bool,
}

pub(super) fn tokens(tag: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let bytes = tag.as_bytes();
    while at < bytes.len() {
        let rest = &tag[at..];
        let first = bytes[at];
        let (len, quoted) = match first {
            b'"' | b'\'' | b'`' => {
                let end = rest[1..].find(first as char).map_or(rest.len(), |end| end + 1);
                tokens.push(Token { text: &rest[1..end.max(1)], quoted: true });
                at += (end + 1).min(rest.len());
                continue;
            }
            b'?' if rest.starts_with("?.") => (2, false),
            _ if first.is_ascii_alphabetic() || first == b'_' => {
                (rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()), false)
            }
            _ if first.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            _ => (rest.chars().next().map_or(1, char::len_utf8), false),
        };
        tokens.push(Token { text: &rest[..len], quoted });
        at += len;
    }
    tokens
}

/// The filter that puts the names of a map in order.
pub(crate) const IN_ORDER: &str = "galley_in_order";

/// The template with everything it is given in the order of the names, where it shows that whole:
/// Tera gives it in an order that is another one each time.
pub(super) fn in_order(text: &str) -> Cow<'_, str> {
    const WHOLE: &str = "__tera_context";
    if !text.contains(WHOLE) {
        return Cow::Borrowed(text);
    }
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let (mut out, mut done, mut raw) = (String::new(), 0, false);
    for (_, tag) in tags(text) {
        raw = if raw { tag != "endraw" } else { tag == "raw" };
        let tokens = tokens(tag);
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.text == WHOLE && !token.quoted) {
            let is_whole = tokens.get(at + 1).is_none_or(|next| !matches!(next.text, "." | "?." | "?" | "["));
            if is_whole && !raw {
                let end = offset(token.text) + WHOLE.len();
                out.push_str(&text[done..end]);
                out.push_str(" | ");
                out.push_str(IN_ORDER);
                done = end;
            }
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Own, Scan, in_order};

    #[test]
    fn what_shows_everything_shows_it_in_order() {
        assert_eq!(in_order("{{ __tera_context }}"), "{{ __tera_context | galley_in_order }}");
        assert_eq!(
            in_order("é {% for k, v in __tera_context %}{{ '__tera_context' }}{{ __tera_context | json_encode }}"),
            "é {% for k, v in __tera_context | galley_in_order %}{{ '__tera_context' }}{{ __tera_context | galley_in_order | json_encode }}"
        );
        for text in ["{{ __tera_context.page }}", "{% raw %}{{ __tera_context }}{% endraw %}", "__tera_context {{ x }}"]
        {
            assert_eq!(in_order(text), text);
        }
    }

    fn reads(text: &str) -> (bool, bool, bool) {
        let scan = Scan::of(text);
        let any = |own: Own| own.page || own.section;
        (any(scan.reads_body_of), scan.reads_other_bodies, any(scan.rebinds))
    }

    #[test]
    fn whose_body_is_read() {
        assert_eq!(reads("{{ page.content | safe }}{{ config.title }}"), (true, false, false));
        assert_eq!(reads("{% for item in section.pages %}{{ item.title }}{% endfor %}"), (false, false, false));
        assert_eq!(reads("{% for item in section.pages %}{{ item.summary }}{% endfor %}"), (false, true, false));
        assert_eq!(reads("{% for page in section.pages %}{{ page.summary }}{% endfor %}"), (false, true, false));
        assert_eq!(reads("{{ get_page(path='a.md').content }}"), (false, true, false));
        assert_eq!(reads("{{ page?.content }} {{ page.lower.content }}"), (true, true, false));
        assert_eq!(reads("{{ item[\"content\"] }}{# page.content #}"), (false, true, false));
        assert_eq!(reads("{% block content %}{{ section | json_encode }}{% endblock content %}"), (false, true, false));
        assert_eq!(
            reads("{{ <galley.toc headings={page.toc} /> }}{% component galley.toc(x: array) %}"),
            (true, false, false)
        );
        assert_eq!(reads("{% set page = get_page(path=\"a.md\") %}"), (false, false, true));
    }

    #[test]
    fn a_section_is_not_the_pages_in_its_list() {
        let scan = Scan::of("{{ section.content }}{% for page in section.pages %}{{ page.title }}{% endfor %}");
        let (page, section) = (Own { page: true, section: false }, Own { page: false, section: true });
        assert_eq!((scan.reads_body_of, scan.rebinds), (section, Own::default()));
        // A loop ends, and its name means the page again; an include in it sees what it means there.
        let scan = Scan::of("{%- for page in section.pages -%}{{ page.title }}{%- endfor -%}{{ page.content }}");
        assert_eq!((scan.reads_body_of, scan.rebinds, scan.reads_other_bodies), (page, Own::default(), false));
        let scan = Scan::of("{% for page in section.pages %}{% include \"card.html\" %}{% endfor %}");
        assert_eq!((scan.reads_body_of, scan.rebinds), (Own::default(), page));
        let scan = Scan::of("{% for page in a %}{% raw %}{% endfor %}{# {% endraw %}{{ page.toc }}{% endfor %}");
        assert!(scan.reads_other_bodies, "what is raw ends no loop");
        let scan = Scan::of("{% component card(page) %}{{ page.summary }}{% endcomponent card %}{{ page.content }}");
        assert_eq!((scan.reads_body_of, scan.reads_other_bodies), (page, true));
    }

    #[test]
    fn whose_pages_are_read() {
        let listing = |text: &str| Scan::of(text).reads_listing;
        assert!(!listing("{{ section.title }}{% for p in paginator.pages %}{{ p.section.pages }}{% endfor %}"));
        assert!(!listing("{% if section %}{% elif page and not section %}{% endif %}{{ \"section\" }}"));
        assert!(listing("{% for p in section.pages %}{% endfor %}"));
        assert!(listing("{{ <list of={section} /> }}") && listing("{% set s = page or section %}"));
        assert!(listing("{{ term[\"pages\"] }}") && listing("{{ term?.pages }}") && listing("{{ __tera_context }}"));
    }

    #[test]
    fn whose_neighbours_are_looked_at() {
        let looks = |text: &str| {
            let scan = Scan::of(text);
            (scan.reads_neighbours_of.page, scan.reads_beside)
        };
        assert_eq!(looks("{{ page.lower.title }}{{ name | lower }}{% filter lower %}X{% endfilter %}"), (true, false));
        assert_eq!(looks("{% for p in section.pages %}{{ p.higher.title }}{% endfor %}"), (false, true));
        assert_eq!(looks("{% for page in section.pages %}{{ page?.lower }}{% endfor %}"), (false, true));
        assert_eq!(looks("{{ get_page(path='a.md').lower.title }}"), (false, true));
        assert_eq!(looks("{{ x['higher'] }}"), (false, true));
        assert_eq!(looks("{{ page | json_encode }}"), (false, true));
        assert_eq!(looks("{% if higher %}{{ <nav lower={page.title} /> }}{% endif %}"), (false, false));
    }

    #[test]
    fn which_templates_are_run() {
        let scan = Scan::of("{% extends \"base.html\" %}{%- include 'parts/nav.html' -%}{{ <card title=\"x\" /> }}");
        assert_eq!(scan.templates, ["base.html", "parts/nav.html"]);
        assert_eq!((scan.calls, scan.defines.len()), (vec!["card".to_owned()], 0));
        let scan = Scan::of("{% component parts.card(title: string = 'x') %}{{<a.b />}}{% endcomponent parts.card %}");
        assert_eq!((scan.defines, scan.calls), (vec!["parts.card".to_owned()], vec!["a.b".to_owned()]));
    }
}
