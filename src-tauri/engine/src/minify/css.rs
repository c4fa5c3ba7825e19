//! Style rules without comments and white space that says nothing.
//! Values, names and their order stay as they are written.

/// Minifies a style sheet, or the declarations of a `style` attribute.
pub(super) fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut space = false;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = &rest[rest[2..].find("*/").map_or(rest.len(), |end| end + 4)..];
            space = true;
            continue;
        }
        if c.is_ascii_whitespace() {
            space = true;
            rest = &rest[1..];
            continue;
        }
        let part = match c {
            '"' | '\'' => &rest[..end_of_text(rest, c)],
            '\\' => &rest[..=rest[1..].chars().next().map_or(0, char::len_utf8)],
            'u' | 'U' if rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("url(")) => {
                &rest[..rest.find(')').map_or(rest.len(), |end| end + 1)]
            }
            c => &rest[..c.len_utf8()],
        };
        // Before a brace, a semicolon or a comma, and after those and a colon, space says nothing.
        let silent = out.is_empty() || out.ends_with(['{', '}', ';', ',', ':']) || matches!(c, '{' | '}' | ';' | ',');
        if space && !silent {
            out.push(' ');
        }
        if c == '}' && out.ends_with(';') {
            out.pop();
        }
        space = false;
        out.push_str(part);
        rest = &rest[part.len()..];
    }
    if out.ends_with(';') && !css.contains('{') {
        out.pop();
    }
    out
}

fn end_of_text(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn only_what_says_nothing_goes() {
        for (css, wanted) in [
            ("\n.a { color : red; margin: 0 1px }\n/* c */ b { c: d; }\n", ".a{color :red;margin:0 1px}b{c:d}"),
            ("a  > b , c:hover d { e: \"x  ; y\" ; }", "a > b,c:hover d{e:\"x  ; y\"}"),
            (
                "@media (min-width: 1px) and (x) { a { width: calc(1px + 2px) } }",
                "@media (min-width:1px) and (x){a{width:calc(1px + 2px)}}",
            ),
            ("a{b:url( x  y )  c}", "a{b:url( x  y ) c}"),
            ("color: red; top: 0;", "color:red;top:0"),
            ("a{content:\"\\\"  \"}", "a{content:\"\\\"  \"}"),
        ] {
            assert_eq!(minify(css), wanted);
        }
    }
}
