//! Pages without what a browser does not need: comments, white space between blocks, closing tags
//! and quotes that go without saying.
//! It must never change what a page shows: scripts, preformatted text and anything that it does not
//! understand stay as they are written.

use crate::maps::HashMap;

mod css;
mod names;
mod tokens;

use names::{is_block, keeps_space};
use tokens::{Attribute, Token};

/// Minifies a page.
pub(crate) fn minify(html: &str) -> String {
    let tokens: Vec<Token<'_>> =
        tokens::read(html).into_iter().filter(|token| !matches!(token, Token::Comment | Token::Text(""))).collect();
    let mut page = Page {
        out: String::with_capacity(html.len()),
        kept: 0,
        foreign: 0,
        open: Vec::new(),
        counts: HashMap::default(),
    };
    for (at, token) in tokens.iter().enumerate() {
        page.put(token, at.checked_sub(1).map(|before| &tokens[before]), &tokens[at + 1..]);
    }
    page.out
}

struct Page<'a> {
    out: String,
    /// How many elements are open that keep their white space.
    kept: usize,
    /// How many elements are open that are not of HTML.
    foreign: usize,
    /// The names of the elements that are open.
    open: Vec<&'a str>,
    /// How often each is open.
    counts: HashMap<String, usize>,
}

impl<'a> Page<'a> {
    fn put(&mut self, token: &Token<'a>, before: Option<&Token<'a>>, after: &[Token<'a>]) {
        match token {
            Token::Doctype(text) => self.doctype(text),
            Token::Comment => {}
            Token::Text(text) if self.kept > 0 => self.out.push_str(text),
            Token::Text(text) => self.text(text, before, after.first()),
            Token::Raw { element, text } => self.raw(element, text),
            Token::Start { name, attributes, closed } => {
                self.start(name, attributes, *closed);
            }
            Token::End { name, text } => self.end(name, text, after),
        }
    }

    fn doctype(&mut self, text: &str) {
        let is_html = text.trim_start_matches("<!").trim_end_matches('>').eq_ignore_ascii_case("doctype html");
        self.out.push_str(if is_html { "<!doctype html>" } else { text });
    }

    /// Runs of white space are one space, and none beside a block.
    fn text(&mut self, text: &str, before: Option<&Token<'_>>, after: Option<&Token<'_>>) {
        let is_space = |c: char| c.is_ascii_whitespace();
        let starts = text.starts_with(is_space) && !before.is_none_or(ends_a_line) && !self.out.ends_with(' ');
        let ends = text.ends_with(is_space) && !after.is_none_or(ends_a_line);
        let mut words = text.split_ascii_whitespace().peekable();
        if words.peek().is_none() && self.open.last().is_some_and(|open| names::shows_nothing(open)) {
            return;
        }
        if words.peek().is_none() {
            self.out.push_str(if starts && ends { " " } else { "" });
            return;
        }
        self.out.push_str(if starts { " " } else { "" });
        while let Some(word) = words.next() {
            self.out.push_str(word);
            self.out.push_str(if words.peek().is_some() || ends { " " } else { "" });
        }
    }

    fn raw(&mut self, element: &str, text: &str) {
        if element.eq_ignore_ascii_case("style") {
            self.out.push_str(&css::minify(text));
        } else if element.eq_ignore_ascii_case("script") {
            self.out.push_str(text.trim());
        } else {
            self.out.push_str(text);
        }
    }

    fn start(&mut self, name: &'a str, attributes: &[Attribute<'a>], closed: bool) {
        self.out.push('<');
        self.out.push_str(name);
        let closed = closed && (self.foreign > 0 || names::is_foreign(name));
        for attribute in attributes {
            self.attribute(name, attribute, closed);
        }
        self.out.push_str(if closed { "/>" } else { ">" });
        if !names::is_void(name) && !closed {
            self.open.push(name);
            *self.counts.entry(name.to_ascii_lowercase()).or_default() += 1;
            self.kept += usize::from(keeps_space(name));
            self.foreign += usize::from(names::is_foreign(name));
        }
    }

    fn attribute(&mut self, element: &str, attribute: &Attribute<'_>, closed: bool) {
        let Attribute { name, value, quote } = attribute;
        if names::is_default(element, name, value) {
            return;
        }
        self.out.push(' ');
        self.out.push_str(name);
        let value = match () {
            () if name.eq_ignore_ascii_case("class") => value.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
            () if name.eq_ignore_ascii_case("style") => css::minify(value),
            () => (*value).to_owned(),
        };
        if value.is_empty() || names::is_switch(name, &value) {
            return;
        }
        self.out.push('=');
        let bare = !closed && !value.contains(|c: char| c.is_ascii_whitespace() || "\"'=<>`".contains(c));
        let quote = if bare { "" } else { quote };
        self.out.push_str(quote);
        self.out.push_str(&value);
        self.out.push_str(quote);
    }

    fn end(&mut self, name: &str, text: &str, after: &[Token<'a>]) {
        self.close(name);
        let next = after.iter().find(|token| !matches!(token, Token::Text(text) if text.trim_ascii().is_empty()));
        let followed_by_text = matches!(after.first(), Some(Token::Text(_))) && self.kept > 0;
        let parent = self.open.last().copied().unwrap_or("");
        if followed_by_text || !names::may_be_missing(name, next, parent) {
            self.out.push_str(text);
        }
    }
}

impl Page<'_> {
    /// Closes the innermost element of this name, and those in it that were left open.
    fn close(&mut self, name: &str) {
        if self.counts.get(&name.to_ascii_lowercase()).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(open) = self.open.pop() {
            self.kept -= usize::from(keeps_space(open));
            self.foreign -= usize::from(names::is_foreign(open));
            if let Some(count) = self.counts.get_mut(&open.to_ascii_lowercase()) {
                *count -= 1;
            }
            if open.eq_ignore_ascii_case(name) {
                return;
            }
        }
    }
}

/// Whether white space beside this shows nowhere.
fn ends_a_line(token: &Token<'_>) -> bool {
    match token {
        Token::Start { name, .. } | Token::End { name, .. } => is_block(name),
        Token::Doctype(_) => true,
        Token::Comment | Token::Text(_) | Token::Raw { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[track_caller]
    fn becomes(html: &str, wanted: &str) {
        assert_eq!(minify(html), wanted);
        assert_eq!(minify(wanted), wanted, "what is minified stays");
    }

    #[test]
    fn white_space_goes_only_where_it_shows_nowhere() {
        becomes("<div>\n  <p>  a   b </p>\n  <p>c</p>\n</div>\n", "<div><p>a b<p>c</div>");
        becomes("<div><a>1</a>  <a>2</a> <b> 3 </b>4</div>", "<div><a>1</a> <a>2</a> <b> 3 </b>4</div>");
        becomes("a <!-- c --> b", "a b");
        becomes("<pre>\n a  <b> b </b>\n</pre>  <code>a  b</code>", "<pre>\n a  <b> b </b>\n</pre><code>a  b</code>");
        becomes("<textarea> a  <b>\n</textarea><title> a </title>", "<textarea> a  <b>\n</textarea><title> a </title>");
        becomes("x <br> y", "x<br>y");
    }

    #[test]
    fn closing_tags_go_only_where_the_language_lets_them() {
        becomes("<ul><li>a</li> <li>b</li></ul>x", "<ul><li>a<li>b</ul>x");
        becomes("<p>a</p>b", "<p>a</p>b");
        becomes("<p>a</p><span>b</span>", "<p>a</p><span>b</span>");
        becomes("<a><p>x</p></a><my-x><p>y</p></my-x>", "<a><p>x</p></a><my-x><p>y</p></my-x>");
        becomes("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a<dd>b</dl>");
        becomes(
            "<table><thead><tr><th>a</th><td>b</td></tr></thead><tbody><tr><td>c</td></tr></tbody></table>",
            "<table><thead><tr><th>a<td>b<tbody><tr><td>c</table>",
        );
        becomes("<html><head></head><body>a</body></html>", "<html><head><body>a");
    }

    #[test]
    fn quotes_go_where_the_value_can_do_without() {
        becomes(
            "<a href=\"/x/\" title='a b' data-x='q\"q' class=\" a  b \">",
            "<a href=/x/ title='a b' data-x='q\"q' class=\"a b\">",
        );
        becomes(
            "<img alt=\"\" src=a.png /><input type=\"text\" disabled=\"disabled\" value=\"\">",
            "<img alt src=a.png><input disabled value>",
        );
        becomes(
            "<svg viewBox=\"0 0 1 1\"><path d=\"M0\"/><g/></svg>",
            "<svg viewBox=\"0 0 1 1\"><path d=\"M0\"/><g/></svg>",
        );
        becomes("<a class=\"\" href>", "<a href>");
    }

    #[test]
    fn what_is_not_understood_stays() {
        for html in [
            "a < b && c > d",
            "<",
            "<a",
            "</",
            "<p",
            "<a href=\"x",
            "<script>",
            "1 <2",
            "<!doctype html PUBLIC \"x\">",
            "&copy; &nope",
        ] {
            assert_eq!(minify(html), html);
        }
        becomes("<script>\n  if (a<b) { \"</p>\" } // c\n</script>", "<script>if (a<b) { \"</p>\" } // c</script>");
    }

    #[test]
    fn nesting_without_an_end_is_no_danger() {
        let deep = "<div>".repeat(100_000);
        assert_eq!(minify(&deep), deep);
        let crossed = format!("{deep}{}", "</x></i>".repeat(100_000));
        assert_eq!(minify(&crossed), crossed);
    }
}
