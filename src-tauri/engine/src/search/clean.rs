//! The text of rendered HTML as a search index keeps it: no tags, no scripts, styles or code.
//! The text stays escaped, so that a search box may put it into a page as it is.

/// Elements whose content is no prose.
const DROPPED: &[&str] = &["script", "style", "pre", "svg", "math"];

/// Cleans rendered HTML. White space is gathered: to a line break where there was one in it,
/// otherwise to a space.
pub(crate) fn clean(html: &str) -> String {
    let mut out = Text { out: String::with_capacity(html.len() / 2), gap: None };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.prose(&rest[..at]);
        rest = &rest[at..];
        if let Some(end) = end_of_tag(rest) {
            rest = &rest[end..];
        } else {
            out.word("&lt;");
            rest = &rest[1..];
        }
    }
    out.prose(rest);
    out.out
}

struct Text {
    out: String,
    /// White space that waits for a word after it.
    gap: Option<char>,
}

impl Text {
    fn word(&mut self, word: &str) {
        if let Some(gap) = self.gap.take().filter(|_| !self.out.is_empty()) {
            self.out.push(gap);
        }
        self.out.push_str(word);
    }

    fn prose(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let space = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
            if space > 0 {
                let broken = rest[..space].contains('\n') || self.gap == Some('\n');
                self.gap = Some(if broken { '\n' } else { ' ' });
                rest = &rest[space..];
                continue;
            }
            let end =
                rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '&' | '>' | '\u{a0}')).unwrap_or(rest.len());
            if end > 0 {
                self.word(&rest[..end]);
                rest = &rest[end..];
            } else {
                rest = self.special(rest);
            }
        }
    }

    /// A character that is written as a name, or a name that stands for one.
    fn special<'a>(&mut self, rest: &'a str) -> &'a str {
        if let Some(rest) = rest.strip_prefix('>') {
            self.word("&gt;");
            return rest;
        }
        if let Some(rest) = rest.strip_prefix('\u{a0}') {
            self.word("&nbsp;");
            return rest;
        }
        let name = &rest[1..];
        let len = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(name.len());
        let (name, after) = (&name[..len], &name[len..]);
        if let Some(after) = after.strip_prefix(';').filter(|_| !name.is_empty()) {
            self.named(name);
            after
        } else {
            self.word("&amp;");
            &rest[1..]
        }
    }

    fn named(&mut self, name: &str) {
        let letter = match name {
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(numbered),
        };
        match letter {
            Some('&') => self.word("&amp;"),
            Some('<') => self.word("&lt;"),
            Some('>') => self.word("&gt;"),
            Some('\u{a0}') => self.word("&nbsp;"),
            Some(letter) if letter.is_ascii_whitespace() => self.prose(letter.encode_utf8(&mut [0; 4])),
            Some(letter) => self.word(letter.encode_utf8(&mut [0; 4])),
            None => self.word(&format!("&{name};")),
        }
    }
}

fn numbered(digits: &str) -> Option<char> {
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

/// Where the tag or comment at the start of `rest` ends, with its content where that is dropped;
/// none if it only is a `<`.
fn end_of_tag(rest: &str) -> Option<usize> {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return Some(comment.find("-->").map_or(rest.len(), |end| 4 + end + 3));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return Some(rest.find('>').map_or(rest.len(), |end| end + 1));
    }
    let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let opens = !rest.starts_with("</");
    let len = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len());
    let tag_end = tag_end(rest);
    let dropped = DROPPED.iter().find(|dropped| name[..len].eq_ignore_ascii_case(dropped));
    match dropped.filter(|_| opens && !rest[..tag_end].ends_with("/>")) {
        Some(name) => Some(tag_end + end_of_element(&rest[tag_end..], name)),
        None => Some(tag_end),
    }
}

/// Past the `>` of a tag; quoted values may hold one.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if tag[..at].trim_end().ends_with('=') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// Past the closing tag of the element called `name`.
fn end_of_element(content: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = content[at..].find("</") {
        let start = at + found;
        let is_it = content[start + 2..].get(..name.len()).is_some_and(|close| close.eq_ignore_ascii_case(name));
        if is_it {
            return start + tag_end(&content[start..]);
        }
        at = start + 2;
    }
    content.len()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn tags_go_and_words_stay() {
        assert_eq!(clean("<p>One <b>two</b>\n  three</p>\n<p>four</p>\n"), "One two\nthree\nfour");
        assert_eq!(clean("a<br>b<img alt=\"x > y\">c <!-- d > --> e"), "abc e");
    }

    #[test]
    fn scripts_styles_and_code_go_whole() {
        assert_eq!(clean("a <script>if (a < b) { \"</p>\" }</script> b"), "a b");
        assert_eq!(clean("<style>.a > .b {}</style>x<pre class=\"c\"><code>d <b>e</b></code></pre>y"), "xy");
        assert_eq!(clean("<pre>never closed"), "");
    }

    #[test]
    fn text_stays_escaped() {
        assert_eq!(
            clean("a &amp; b &lt;c&gt; &quot;d&quot; &#65;&#x42; e\u{a0}f 1 < 2 > &copy; R&D"),
            "a &amp; b &lt;c&gt; \"d\" AB e&nbsp;f 1 &lt; 2 &gt; &copy; R&amp;D"
        );
    }
}
