//! Puts a counter into everything in a sheet that can run for ever: loops, functions and mixins.
//! A guarded sheet must mean what the sheet means; places in it can be found in the original.

use std::ops::Range;

/// How deep brackets and blocks may be nested: no sheet that a person wrote comes near.
const MAX_DEPTH: usize = 256;
/// How many operators one value may hold.
const MAX_OPERATORS: usize = 5_000;
/// What is called at each turn. Its argument carries the place for the message.
pub(super) const TICK: &str = "galley-tick";
const CALL: &str = "$galley-tick:galley-tick(1)";
const HEADS: &[&str] = &["while", "for", "each", "function", "mixin"];

/// A sheet with counters in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Guarded {
    pub text: String,
    /// What was put in, by place in `text`, in order.
    cuts: Vec<Range<usize>>,
}

/// Why a sheet is refused before it is compiled, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep(pub usize);

impl Guarded {
    /// A sheet as it is.
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), cuts: Vec::new() }
    }

    /// The place in the original of a place in the guarded text.
    pub(super) fn original(&self, at: usize) -> usize {
        let before = self.cuts.iter().take_while(|cut| cut.start < at);
        before.fold(at, |original, cut| original - (at.min(cut.end) - cut.start))
    }

    fn put(&mut self, what: &str) {
        let start = self.text.len();
        self.text.push_str(what);
        self.cuts.push(start..self.text.len());
    }
}

/// Guards a sheet in the syntax with braces.
pub(super) fn scss(text: &str) -> Result<Guarded, TooDeep> {
    let mut scan =
        Scan { text, at: 0, open: Vec::new(), head: None, operators: 0, fresh: true, out: Guarded::default() };
    while scan.at < text.len() {
        let start = scan.at;
        scan.step();
        scan.out.text.push_str(&text[start..scan.at]);
        if scan.take_brace() {
            scan.out.put(CALL);
            scan.out.put(";");
        }
        if scan.open.len() > MAX_DEPTH || scan.operators > MAX_OPERATORS {
            return Err(TooDeep(start));
        }
    }
    Ok(scan.out)
}

/// What stands open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Bracket,
    Interpolation,
    Text(u8),
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    /// How deep the head of a loop, function or mixin stands, until its block begins.
    head: Option<usize>,
    operators: usize,
    /// Whether a statement may begin here.
    fresh: bool,
    out: Guarded,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Goes past one thing.
    fn step(&mut self) {
        let rest = self.rest();
        let byte = rest.as_bytes()[0];
        if rest.starts_with("#{") {
            self.open.push(Open::Interpolation);
            self.at += 2;
            return;
        }
        if let Some(Open::Text(quote)) = self.open.last().copied() {
            self.in_text(quote, byte);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            self.at += comment.find("*/").map_or(rest.len(), |end| end + 4);
        } else if rest.starts_with("//") {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if byte == b'@' {
            self.at_rule();
        } else if rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("url(")) {
            self.address();
        } else {
            self.other(byte);
        }
    }

    fn in_text(&mut self, quote: u8, byte: u8) {
        if byte == quote || byte == b'\n' {
            self.open.pop();
        }
        self.at += usize::from(byte == b'\\');
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    fn at_rule(&mut self) {
        let name = &self.rest()[1..];
        let len = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(name.len());
        if self.fresh && HEADS.contains(&&name[..len]) {
            self.head = Some(self.open.len());
        }
        self.fresh = false;
        self.at += 1 + len;
    }

    /// An address without quotes may hold what looks like a comment.
    fn address(&mut self) {
        let inner = &self.rest()[4..];
        let quoted = inner.trim_start().starts_with(['"', '\'']) || inner.trim_start().starts_with(['$', '#']);
        let end = inner.find(')').filter(|end| !quoted && !inner[..*end].contains("#{"));
        if let Some(end) = end {
            self.at += 4 + end + 1;
        } else {
            self.open.push(Open::Bracket);
            self.at += 4;
        }
        self.fresh = false;
    }

    fn other(&mut self, byte: u8) {
        let mut fresh = false;
        match byte {
            b'"' | b'\'' => self.open.push(Open::Text(byte)),
            b'(' | b'[' | b'{' => {
                self.open.push(Open::Bracket);
                fresh = byte == b'{';
            }
            b')' | b']' | b'}' => {
                let closed = self.open.pop();
                fresh = byte == b'}' && closed == Some(Open::Bracket);
            }
            b';' => fresh = true,
            b if b.is_ascii_whitespace() => fresh = self.fresh,
            _ => {}
        }
        match byte {
            b';' | b'{' | b'}' | b',' => self.operators = 0,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=' | b'!' => self.operators += 1,
            b if b.is_ascii_whitespace() && !self.text[..self.at].ends_with([' ', '\n', '\t']) => self.operators += 1,
            _ => {}
        }
        self.fresh = fresh;
        self.at += usize::from(byte == b'\\');
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Whether the block of a head has just begun.
    fn take_brace(&mut self) -> bool {
        let begun = self.fresh
            && self.text[..self.at].ends_with('{')
            && self.head.is_some_and(|depth| depth + 1 == self.open.len());
        if begun || (self.fresh && self.text[..self.at].ends_with([';', '}'])) {
            self.head = None;
        }
        begun
    }
}

/// Guards a sheet in the indented syntax: a counter is the first line of a block.
pub(super) fn sass(text: &str) -> Result<Guarded, TooDeep> {
    let mut out = Guarded::default();
    let mut at = 0;
    let mut depths: Vec<usize> = Vec::new();
    let mut waiting: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let blank = line.trim().is_empty();
        if !blank {
            depths.retain(|depth| *depth < indent);
            depths.push(indent);
            if waiting.take().is_some_and(|head| indent > head) {
                out.put(&format!("{}{CALL}\n", &line[..indent]));
            }
        }
        let brackets = line.bytes().filter(|byte| matches!(byte, b'(' | b'[')).count();
        let operators = line.bytes().filter(|byte| b"+-*/%<>=! ".contains(byte)).count();
        if depths.len() > MAX_DEPTH || brackets > MAX_DEPTH * 4 || operators > MAX_OPERATORS {
            return Err(TooDeep(at));
        }
        if is_head(line.trim_start()) {
            waiting = Some(indent);
        }
        out.text.push_str(line);
        at += line.len();
    }
    Ok(out)
}

fn is_head(line: &str) -> bool {
    let mixin = line
        .strip_prefix('=')
        .is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '-' || c == '_'));
    let rule = line.strip_prefix('@').is_some_and(|rule| {
        HEADS.iter().any(|head| rule.strip_prefix(head).is_some_and(|rest| rest.starts_with([' ', '\t', '('])))
    });
    mixin || rule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn guards(text: &str, wanted: &str) {
        let guarded = scss(text).expect("a sheet");
        assert_eq!(guarded.text.replace(&format!("{CALL};"), "·"), wanted);
    }

    #[test]
    fn every_loop_function_and_mixin_counts_its_turns() {
        guards("@while $i > 0 { a { b: c } }", "@while $i > 0 {· a { b: c } }");
        guards("@mixin m($a: \"{\", $b: (c: d)) {x: y}", "@mixin m($a: \"{\", $b: (c: d)) {·x: y}");
        guards("@each $k in a, #{b} { .#{$k} { d: e } }", "@each $k in a, #{b} {· .#{$k} { d: e } }");
        guards("@function f(){@return 1}", "@function f(){·@return 1}");
        guards("a { b: c; @for $i from 1 through 3 {d: e} }", "a { b: c; @for $i from 1 through 3 {·d: e} }");
    }

    #[test]
    fn what_only_looks_like_a_loop_stays() {
        for text in [
            "// @while true {\na { b: c }",
            "/* @while true { */ a { b: c }",
            "a { b: \"@while true {\" }",
            "a { b: url(http://x.y/@while); c: url( \"//z\" ) }",
            "@media (min-width: 1px) { a { b: c } }",
            "it's // not a string\n{}",
        ] {
            guards(text, text);
        }
    }

    #[test]
    fn a_place_is_found_in_the_original() {
        let guarded = scss("@while true { x: y }").expect("a sheet");
        let at = guarded.text.find("x:").expect("x");
        assert_eq!(guarded.original(at), "@while true { ".len());
        assert_eq!(guarded.original(3), 3);
    }

    #[test]
    fn an_indented_block_counts_in_its_first_line() {
        let guarded = sass("=m($a)\n  b: c\n\n@while true\n\n\td: e\na\n  f: g\n").expect("a sheet");
        let wanted = format!("=m($a)\n  {CALL}\n  b: c\n\n@while true\n\n\t{CALL}\n\td: e\na\n  f: g\n");
        assert_eq!(guarded.text, wanted);
    }

    #[test]
    fn nesting_has_a_bound() {
        assert!(scss(&"a{".repeat(10_000)).is_err());
        assert!(scss(&format!("a {{ b: {}1 }}", "(".repeat(10_000))).is_err());
        assert!(scss(&format!("a {{ b: {} 1 }}", "not ".repeat(10_000))).is_err());
        let nested: Vec<String> = (0..1_000).map(|depth| format!("{}a\n", " ".repeat(depth))).collect();
        let nested = nested.concat();
        assert!(sass(&nested).is_err());
    }
}
