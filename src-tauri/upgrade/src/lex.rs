//! A template as pieces, and what stands in a tag as tokens.
//! Nothing is lost: the pieces put together are the template, the tokens with their spaces the tag.

/// What a piece of a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, comments and raw blocks: what is copied as it is.
    Text,
    /// `{{ … }}`
    Expression,
    /// `{% … %}`
    Statement,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub kind: Kind,
    /// The byte it begins at.
    pub at: usize,
    /// As it is written, with its delimiters.
    pub text: &'a str,
}

impl<'a> Piece<'a> {
    /// The delimiters with their dashes, and what stands between them; for tags only.
    pub(crate) fn parts(&self) -> (&'a str, &'a str, &'a str) {
        let open = if self.text[2..].starts_with('-') { 3 } else { 2 };
        let end = self.text.len();
        let close = if end >= open + 3 && self.text[..end - 2].ends_with('-') { end - 3 } else { end - 2 };
        (&self.text[..open], &self.text[open..close], &self.text[close..])
    }
}

/// The pieces of a template in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    let mut raw = false;
    let mut push = |kind, from: usize, to: usize| {
        if from < to {
            found.push(Piece { kind, at: from, text: &text[from..to] });
        }
    };
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let kind = match text.as_bytes().get(open + 1) {
            Some(b'{') if !raw => Kind::Expression,
            Some(b'%') => Kind::Statement,
            Some(b'#') if !raw => Kind::Text,
            _ => {
                at = open + 1;
                continue;
            }
        };
        let Some(end) = end_of_tag(text, open) else {
            at = open + 2;
            continue;
        };
        let word = text[open + 2..end - 2].trim_matches('-').trim();
        match (kind, word) {
            (Kind::Statement, "raw") => raw = true,
            (Kind::Statement, "endraw") => raw = false,
            (Kind::Text, _) => {}
            _ if raw => {}
            _ => {
                push(Kind::Text, from, open);
                push(kind, open, end);
                from = end;
            }
        }
        at = end;
    }
    push(Kind::Text, from, text.len());
    found
}

/// Where the tag that begins at `open` ends; delimiters in strings do not end it.
fn end_of_tag(text: &str, open: usize) -> Option<usize> {
    let close: &[u8; 2] = match text.as_bytes()[open + 1] {
        b'{' => b"}}",
        b'%' => b"%}",
        _ => return text[open + 2..].find("#}").map(|end| open + end + 4),
    };
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = open + 2;
    while at + 1 < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(begun), byte) if byte == begun => quote = None,
            (None, byte @ (b'"' | b'\'' | b'`')) => quote = Some(byte),
            (None, _) if &bytes[at..at + 2] == close => {
                // `{{ {"a": {}} }}`: braces of a map are closed first.
                let is_last = close[0] != b'}' || bytes.get(at + 2) != Some(&b'}');
                if is_last {
                    return Some(at + 2);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Word,
    Number,
    Text,
    Sign,
    /// Made anew: taken as it is.
    Done,
}

/// A token with the white space before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub space: String,
    pub text: String,
    pub sort: Sort,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.sort, Sort::Sign | Sort::Word)
    }
}

/// The tokens of what stands in a tag, and the white space after the last one.
pub(crate) fn tokens(inner: &str) -> (Vec<Token>, String) {
    let mut found: Vec<Token> = Vec::new();
    let mut rest = inner;
    loop {
        let trimmed = rest.trim_start();
        let space = &rest[..rest.len() - trimmed.len()];
        let Some(first) = trimmed.chars().next() else { return (found, space.to_owned()) };
        let after_dot = found.last().is_some_and(|last| last.is("."));
        let (len, sort) = match first {
            '"' | '\'' | '`' => (string(trimmed, first), Sort::Text),
            _ if first.is_alphabetic() || first == '_' => {
                (trimmed.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(trimmed.len()), Sort::Word)
            }
            _ if first.is_ascii_digit() => {
                let is_part = |c: char| c.is_ascii_digit() || (c == '.' && !after_dot);
                (trimmed.find(|c: char| !is_part(c)).unwrap_or(trimmed.len()), Sort::Number)
            }
            _ => {
                let two = ["::", "?.", "==", "!=", "<=", ">="].iter().any(|sign| trimmed.starts_with(sign));
                (if two { 2 } else { first.len_utf8() }, Sort::Sign)
            }
        };
        found.push(Token { space: space.to_owned(), text: trimmed[..len].to_owned(), sort });
        rest = &trimmed[len..];
    }
}

fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Tokens as text.
pub(crate) fn join(tokens: &[Token]) -> String {
    tokens.iter().flat_map(|token| [token.space.as_str(), token.text.as_str()]).collect()
}

/// The place of the bracket that closes the one at `open`.
pub(crate) fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open).filter(|(_, token)| token.sort == Sort::Sign) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts between commas that stand in no bracket.
pub(crate) fn arguments(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0i32;
    let parts = tokens.split(|token| {
        match token.text.as_str() {
            "(" | "[" | "{" if token.sort == Sort::Sign => depth += 1,
            ")" | "]" | "}" if token.sort == Sort::Sign => depth -= 1,
            _ => {}
        }
        depth == 0 && token.is(",")
    });
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost() {
        for text in [
            "a {{ b }} c {%- if \"%}\" -%} {# {{ x }} #} {% raw %}{{ y }}{% endraw %} {",
            "{{ {\"a\": {}} }}{{ x",
            "é {% macro a(b=\"c}}\") %}",
        ] {
            assert_eq!(pieces(text).iter().map(|piece| piece.text).collect::<String>(), text);
            for piece in pieces(text).iter().filter(|piece| piece.kind != Kind::Text) {
                let (open, inner, close) = piece.parts();
                let (found, end) = tokens(inner);
                assert_eq!(format!("{open}{}{end}{close}", join(&found)), piece.text);
            }
        }
    }

    /// Whatever stands in a page, every piece of it can be taken apart.
    #[test]
    fn no_text_is_too_odd() {
        let parts = ["{#}", "{{}}", "{%%}", "{{-}}", "{%-%}", "{{--}}", "{# #}", "{% raw %}", "{{ '", "}}", "é", "{"];
        for a in parts {
            for b in parts {
                for c in parts {
                    let text = format!("{a}{b}{c}");
                    let all = pieces(&text);
                    assert_eq!(all.iter().map(|piece| piece.text).collect::<String>(), text);
                    for piece in all.iter().filter(|piece| piece.kind != Kind::Text) {
                        let (open, inner, close) = piece.parts();
                        assert_eq!(format!("{open}{inner}{close}"), piece.text);
                        tokens(inner);
                    }
                }
            }
        }
    }

    #[test]
    fn raw_blocks_and_comments_are_text() {
        let text = "{% raw %}{{ y }}{% endraw %}{# {% if %} #}{{ z }}";
        let kinds: Vec<_> = pieces(text).iter().map(|piece| (piece.kind, piece.text)).collect();
        assert_eq!(kinds[1..], [(Kind::Expression, "{{ z }}")]);
    }
}
