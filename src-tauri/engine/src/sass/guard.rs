//! Puts calls into a sheet that count what runs for ever or grows without an end: loops, functions,
//! mixins, and what is set. This is the syntax with braces.
//! A guarded sheet must mean what the sheet means; places in it can be found in the original.

use std::ops::Range;

use super::blocks::{Blocks, Calls};

/// How deep brackets and blocks may be nested: no sheet that a person wrote comes near.
pub(super) const MAX_DEPTH: usize = 256;
/// How many operators one value may hold.
pub(super) const MAX_OPERATORS: usize = 5_000;
/// The rules whose blocks may run more than once.
pub(super) const HEADS: &[&str] = &["while", "for", "each", "function", "mixin", "include"];

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

    /// A sheet with calls put in at these places, each before what stands there.
    pub(super) fn with(text: &str, mut calls: Calls) -> Self {
        calls.sort_by_key(|(at, _)| *at);
        let mut guarded = Self { text: String::with_capacity(text.len() + calls.len() * 48), cuts: Vec::new() };
        let mut done = 0;
        for (at, call) in calls {
            guarded.text.push_str(&text[done..at]);
            let start = guarded.text.len();
            guarded.text.push_str(&call);
            guarded.cuts.push(start..guarded.text.len());
            done = at;
        }
        guarded.text.push_str(&text[done..]);
        guarded
    }
}

/// Guards a sheet in the syntax with braces.
pub(super) fn scss(text: &str) -> Result<Guarded, TooDeep> {
    let mut scan = Scan {
        text,
        at: 0,
        open: Vec::new(),
        braces: Vec::new(),
        head: None,
        operators: 0,
        fresh: true,
        begun: 0,
        blocks: Blocks::new(";"),
    };
    while scan.at < text.len() {
        let start = scan.at;
        scan.step();
        if !scan.blocks_fit(start) || scan.open.len() > MAX_DEPTH || scan.operators > MAX_OPERATORS {
            return Err(TooDeep(start));
        }
    }
    scan.blocks.end(text.len(), ";");
    Ok(Guarded::with(text, scan.blocks.finish(text.len())))
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
    /// How many things stood open when each block that stands open began.
    braces: Vec<usize>,
    /// How deep the head of a loop, function or mixin stands, until its block begins.
    head: Option<usize>,
    operators: usize,
    /// Whether a statement may begin here.
    fresh: bool,
    /// Where the statement began.
    begun: usize,
    blocks: Blocks,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
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
        } else if byte == b'$' {
            self.variable();
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
        if self.fresh {
            self.blocks.statement.is_at = true;
            self.head = HEADS.contains(&&name[..len]).then_some(self.open.len()).or(self.head);
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

    /// A variable: used here, set here, or given to the block that this is the head of.
    fn variable(&mut self) {
        let name = &self.rest()[1..];
        let len = name.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(name.len());
        let (before, after) = (&self.text[self.begun..self.at], name[len..].trim_start());
        let (name, written) = (name[..len].replace('_', "-"), &self.text[self.at..=self.at + len]);
        self.blocks.uses(&name);
        let is_first = before.trim_start().strip_suffix('.').map_or(before.trim().is_empty(), is_name);
        if self.in_statement() && after.starts_with(':') && is_first {
            self.blocks.statement.sets = Some(format!("{}{written}", before.trim_start()));
        } else if is_given(before, self.open.len() - self.level()) {
            self.blocks.statement.gives.push(name);
        }
        self.fresh = false;
        self.at += 1 + len;
    }

    /// How many things stood open where the statement began.
    fn level(&self) -> usize {
        self.braces.last().copied().unwrap_or_default()
    }

    fn in_statement(&self) -> bool {
        self.open.len() == self.level()
    }

    /// Tells the blocks of what was just read; whether they are small enough.
    fn blocks_fit(&mut self, start: usize) -> bool {
        let read = &self.text[start..self.at];
        if read == "," && self.in_statement() {
            self.blocks.statement.commas += 1;
        }
        let is_blank = |text: &str| text.trim().is_empty();
        if read.starts_with("/*") || read.starts_with("//") {
            // What a comment stands before begins behind it.
            self.begun = if is_blank(&self.text[self.begun..start]) { self.at } else { self.begun };
        }
        if !self.fresh || !(matches!(read, "{" | "}") || read == ";" && self.in_statement()) {
            return true;
        }
        let is_head = self.head.is_some_and(|depth| depth + 1 == self.open.len());
        let fits = match read {
            "{" => {
                self.braces.push(self.open.len());
                self.blocks.open(self.at, "", is_head)
            }
            "}" => {
                self.blocks.end(start, ";");
                self.braces.pop();
                self.blocks.close(start);
                true
            }
            _ => {
                self.blocks.end(self.at, "");
                true
            }
        };
        self.head = None;
        self.begun = self.at;
        fits
    }
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// Whether a variable after these words, so many brackets deep, has a value when the block begins
/// that they are the head of: a parameter, or what a loop goes through.
pub(super) fn is_given(before: &str, depth: usize) -> bool {
    let before = before.trim();
    let word = before.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    match word {
        "@function" | "@mixin" => depth == 1 && before.ends_with(['(', ',']),
        "@each" => depth == 0 && (before == "@each" || before.ends_with(',')) && !before.contains(" in "),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::TICK;
    use super::*;

    /// The sheet with `·` for each counter, the sheet's own left out, and `~` for each weighing.
    #[track_caller]
    fn guards(text: &str, wanted: &str) {
        let guarded = scss(text).expect("a sheet");
        let mut shown = guarded.text.clone();
        for cut in guarded.cuts.iter().rev() {
            shown.replace_range(cut.clone(), if shown[cut.clone()].contains(TICK) { "·" } else { "~" });
        }
        assert_eq!(shown.strip_prefix('·'), Some(wanted), "{}", guarded.text);
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
    fn what_is_set_is_weighed() {
        guards(
            "$a: 1;\n@use \"m\";\n/* c */ m.$b: (c: $a); // d\n",
            "$a: 1;~\n@use \"m\";\n/* c */ m.$b: (c: $a);~ // d\n",
        );
        guards("a { $b : c }", "a { $b : c ~}");
        guards(
            "@include m($a: 1) { b: $a }\n@include m; c { d: e }",
            "@include m($a: 1) {· b: $a }\n@include m; c { d: e }",
        );
        guards("a { b: url(data:#{$c};d) }", "a { b: url(data:#{$c};d) }");
    }

    #[test]
    fn a_counter_is_told_what_its_block_holds() {
        let told = |text: &str| scss(text).expect("a sheet").text;
        let call = |told: &str, given: &str| format!("$-galley:galley-tick(\"{told}\",&{given});");
        assert_eq!(told("a{b:c}"), format!("{}a{{b:c}}", call("6 1;;", "")));
        assert_eq!(
            told("@mixin m($k, $v_w: $k, $r...) {a,b{c:$k}}"),
            format!(
                "{}@mixin m($k, $v_w: $k, $r...) {{{}a,b{{c:$k}}}}",
                call("41 0;;k*2 r*1 v-w*1", ""),
                call("9 2;k v-w r;k*1", ",$k,$v_w,$r")
            )
        );
        assert_eq!(
            told("@each $k, $v in $m {}"),
            format!("{}@each $k, $v in $m {{{}}}", call("21 0;;k*1 m*1 v*1", ""), call("0 0;k v;", ",$k,$v"))
        );
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
        let at = guarded.text.find("x: y").expect("x");
        assert_eq!(guarded.original(at), "@while true { ".len());
        let at = guarded.text.find("true").expect("true");
        assert_eq!(guarded.original(at), "@while ".len());
    }

    #[test]
    fn nesting_has_a_bound() {
        assert!(scss(&"a{".repeat(10_000)).is_err());
        assert!(scss(&format!("a {{ b: {}1 }}", "(".repeat(10_000))).is_err());
        assert!(scss(&format!("a {{ b: {} 1 }}", "not ".repeat(10_000))).is_err());
        let rules = "a, b, c, d { ".repeat(20);
        assert!(scss(&format!("{rules}x: y {}", "}".repeat(20))).is_err());
    }
}
