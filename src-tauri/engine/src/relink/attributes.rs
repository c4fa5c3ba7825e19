//! The attributes of raw HTML that name an address. It reads tags as they are written, and never
//! what stands in comments, scripts and style sheets.

use std::ops::Range;

const NAMES: [&str; 5] = ["href", "src", "poster", "data", "cite"];

/// The values of such attributes, as bytes of `html`.
pub(super) fn addresses(html: &str) -> Vec<Range<usize>> {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|next| at + next) {
        at = open + 1;
        if html[at..].starts_with("!--") {
            at = html[at..].find("-->").map_or(html.len(), |end| at + end + 3);
        } else if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            let name = word(bytes, at);
            at = tag(html, at + name, &mut found);
            let name = &html[open + 1..open + 1 + name];
            if name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style") {
                let closing = format!("</{}", name.to_ascii_lowercase());
                at = html[at..].to_ascii_lowercase().find(&closing).map_or(html.len(), |end| at + end);
            }
        }
    }
    found
}

/// Bytes of the name at `at`.
fn word(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/' | b'=')).count()
}

/// Reads a tag's attributes from `at` on, and gives where the tag ends.
fn tag(html: &str, mut at: usize, found: &mut Vec<Range<usize>>) -> usize {
    let bytes = html.as_bytes();
    loop {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'/').count();
        match bytes.get(at) {
            None => return html.len(),
            Some(b'>') => return at + 1,
            Some(_) => {}
        }
        let length = word(bytes, at).max(1);
        let name = html.get(at..at + length).unwrap_or_default();
        at += length;
        let value = value(bytes, &mut at);
        if let Some(value) = value.filter(|_| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))) {
            found.push(value);
        }
    }
}

/// The value after an attribute's name, if it has one.
fn value(bytes: &[u8], at: &mut usize) -> Option<Range<usize>> {
    let blank = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let equals = *at + blank(*at);
    if bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let start = equals + 1 + blank(equals + 1);
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(start) {
        let end = memchr::memchr(*quote, &bytes[start + 1..]).map_or(bytes.len(), |end| start + 1 + end);
        *at = (end + 1).min(bytes.len());
        return Some(start + 1..end);
    }
    let length = bytes[start..].iter().take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'>').count();
    *at = start + length;
    Some(start..*at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_addresses_alone() {
        let html = "<a class=x href=\"/a/\">t</a> <img src='b.png' alt=href> <!-- <a href=no> --> <video poster=p.png \
                    src = \"v.mp4\"/><script src=s.js>\"<a href='no'>\"</script><p href>";
        let found: Vec<&str> = addresses(html).into_iter().map(|at| &html[at]).collect();
        assert_eq!(found, ["/a/", "b.png", "p.png", "v.mp4", "s.js"]);
        assert_eq!(addresses("<a href=\"open").first(), Some(&(9..13)));
        assert!(addresses("a < b, <é href=x").is_empty());
    }
}
