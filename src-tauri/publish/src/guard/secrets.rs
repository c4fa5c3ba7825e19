//! Text that looks like a key or a password, by the marks that services give theirs.
//! It looks at shapes alone and keeps nothing of what it reads.

/// A mark, how many letters of a key must follow, and what the key is.
const MARKS: [(&str, usize, &str); 16] = [
    ("AKIA", 16, "an access key of Amazon's"),
    ("ASIA", 16, "an access key of Amazon's"),
    ("ghp_", 30, "a token for GitHub"),
    ("gho_", 30, "a token for GitHub"),
    ("ghs_", 30, "a token for GitHub"),
    ("github_pat_", 30, "a token for GitHub"),
    ("glpat-", 20, "a token for GitLab"),
    ("nfp_", 30, "a token for Netlify"),
    ("sk_live_", 20, "a key for payments"),
    ("rk_live_", 20, "a key for payments"),
    ("xoxb-", 24, "a token for Slack"),
    ("xoxp-", 24, "a token for Slack"),
    ("sk-ant-", 24, "a key for a language model"),
    ("sk-proj-", 24, "a key for a language model"),
    ("hf_", 34, "a token for Hugging Face"),
    ("npm_", 36, "a token for npm"),
];

/// What the first thing looks like that looks like a key.
pub(super) fn find(text: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(text);
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") && has_key_lines(&text) {
        return Some("a private key");
    }
    MARKS
        .iter()
        .find(|(mark, length, _)| text.match_indices(mark).any(|(at, _)| is_key(&text, at, mark, *length)))
        .map(|(.., what)| *what)
}

/// Whether a key stands at `at`: at the start of a word, long enough, and not said to be an example.
fn is_key(text: &str, at: usize, mark: &str, length: usize) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let starts = at == 0 || !is_letter(text.as_bytes()[at - 1]);
    let rest = &text.as_bytes()[at + mark.len()..];
    let key = &rest[..rest.iter().position(|byte| !is_letter(*byte)).unwrap_or(rest.len())];
    let is_amazon = mark.len() == 4 && mark.ends_with("IA");
    let has_shape = !is_amazon
        || (key.len() == length && key.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
    let word = String::from_utf8_lossy(key).to_ascii_uppercase();
    let is_varied = key.iter().collect::<std::collections::BTreeSet<_>>().len() > 5;
    starts && key.len() >= length && has_shape && is_varied && !word.contains("EXAMPLE")
}

/// Whether lines of Base64 follow the head, as in a key that is one.
fn has_key_lines(text: &str) -> bool {
    let Some((_, body)) = text.split_once("PRIVATE KEY-----") else { return false };
    let is_base64 = |line: &str| {
        line.len() >= 40 && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    };
    body.lines().map(str::trim).filter(|line| is_base64(line)).count() >= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_words() {
        for (text, expected) in [
            (["let k = '", "AKIA", "2E0A8F3B244C9986", "'"].concat(), Some("an access key of Amazon's")),
            (["token: ", "ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].concat(), Some("a token for GitHub")),
            (["-----BEGIN RSA ", "PRIVATE KEY-----\n", &"Ab3/".repeat(16), "\n"].concat(), Some("a private key")),
            // The example of Amazon's own documentation, prose about keys, and a word that begins alike.
            ("AKIAIOSFODNN7EXAMPLE".into(), None),
            ("Write `-----BEGIN PRIVATE KEY-----` in the first line.".into(), None),
            ("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".into(), None),
            ("NAKIA2E0A8F3B244C9986".into(), None),
        ] {
            assert_eq!(find(text.as_bytes()), expected, "{text}");
        }
    }
}
