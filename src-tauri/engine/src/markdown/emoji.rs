//! Emoji aliases: `:smile:` becomes the character.
//! What is no alias known to GitHub stays as it was written.

/// Longest alias there is room for; the longest known has 36 bytes.
const MAX_ALIAS: usize = 48;

/// Appends `text` with its aliases replaced.
pub(super) fn replace(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(start) = rest.find(':') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        if let Some((name, emoji)) = alias(after).and_then(|name| Some((name, emojis::get_by_shortcode(name)?))) {
            out.push_str(emoji.as_str());
            rest = &after[name.len() + 1..];
        } else {
            out.push(':');
            rest = after;
        }
    }
    out.push_str(rest);
}

/// The word up to the next colon, if only letters, digits, `_`, `+` and `-` stand before it.
fn alias(text: &str) -> Option<&str> {
    let end = text
        .bytes()
        .take(MAX_ALIAS)
        .position(|byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'+' | b'-'))?;
    (end > 0 && text.as_bytes()[end] == b':').then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    #[test]
    fn aliases() {
        let mut out = String::new();
        super::replace("a :smile: :+1::x :nope: 10:30:45 é:stuck_out_tongue:", &mut out);
        assert_eq!(out, "a 😄 👍:x :nope: 10:30:45 é😛");
    }
}
