//! Where a front matter block begins and ends.
//! It looks at lines alone and never reads what stands between the fences.

use std::ops::Range;

/// How a block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Toml,
    Yaml,
}

impl Kind {
    /// The line that opens and closes a block.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Toml => "+++",
            Self::Yaml => "---",
        }
    }
}

/// What stands at the top of a file; all numbers are bytes of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    None { body: usize },
    Unclosed { kind: Kind, fence: Range<usize>, body: usize },
    Block { kind: Kind, block: Range<usize>, body: usize },
}

/// Finds the block at the top of a file. White space and a byte order mark may stand before it.
pub(super) fn find(text: &str) -> Found {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let start = text.len() - text[mark..].trim_start().len();
    let Some(kind) = [Kind::Toml, Kind::Yaml].into_iter().find(|kind| opens(&text[start..], *kind)) else {
        return Found::None { body: mark };
    };
    let block = start + line_len(&text[start..]);
    match closing(&text[block..], kind) {
        Some(fence) => {
            let (end, body) = (block + fence.start, block + fence.end);
            if kind == Kind::Yaml && is_prose(&text[block..end]) {
                return Found::None { body: mark };
            }
            Found::Block { kind, block: block..end, body }
        }
        None if kind == Kind::Yaml && !starts_with_key(&text[block..]) => Found::None { body: mark },
        None => {
            let body = block + paragraph(&text[block..]);
            Found::Unclosed { kind, fence: start..start + kind.mark().len(), body }
        }
    }
}

fn opens(text: &str, kind: Kind) -> bool {
    let line = &text[..line_len(text)];
    line.strip_prefix(kind.mark()).is_some_and(|rest| rest.trim().is_empty())
}

/// The closing fence and its line end.
fn closing(text: &str, kind: Kind) -> Option<Range<usize>> {
    let mut at = 0;
    while at < text.len() {
        let end = at + line_len(&text[at..]);
        if opens(&text[at..end], kind) {
            return Some(at..end);
        }
        at = end;
    }
    None
}

/// Bytes of the first line, its end included.
fn line_len(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

/// Bytes up to the first blank line.
fn paragraph(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| !line.trim().is_empty()).map(str::len).sum()
}

/// Whether two thematic breaks with prose between them only look like fences: a blank line after
/// the first, and nothing that is a key or a comment.
fn is_prose(block: &str) -> bool {
    let blank_first = block.lines().next().is_some_and(|line| line.trim().is_empty());
    blank_first && !block.trim().is_empty() && !block.lines().any(is_key)
}

fn starts_with_key(text: &str) -> bool {
    text.lines().find(|line| !line.trim_start().starts_with('#')).is_some_and(is_key)
}

/// Whether a line begins `key:` at its first column, as YAML's top-level keys do.
fn is_key(line: &str) -> bool {
    let line = line.trim_end();
    let Some((key, rest)) = line.split_once(':') else { return false };
    let named = match key.chars().next() {
        Some('"' | '\'') => key.len() > 2,
        Some(first) => first.is_alphanumeric() || first == '_',
        None => false,
    };
    let plain = key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''));
    named && plain && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_lines() {
        assert_eq!(find("+++\na = 1\n+++\nbody"), Found::Block { kind: Kind::Toml, block: 4..10, body: 14 });
        assert_eq!(find("---\r\na: 1\r\n---\r\nbody"), Found::Block { kind: Kind::Yaml, block: 5..11, body: 16 });
        assert_eq!(find("\u{feff}\n ---\na: 1\n---"), Found::Block { kind: Kind::Yaml, block: 9..14, body: 17 });
        assert_eq!(find("---\n---\n"), Found::Block { kind: Kind::Yaml, block: 4..4, body: 8 });
        assert_eq!(find("+++ x\na = 1\n+++\n"), Found::None { body: 0 });
        assert_eq!(find("\u{feff}text"), Found::None { body: 3 });
        assert_eq!(find(""), Found::None { body: 0 });
    }

    #[test]
    fn a_thematic_break_is_no_fence() {
        assert_eq!(find("---\n\nSome words.\n"), Found::None { body: 0 });
        assert_eq!(find("---\n\nSome words.\n\n---\n"), Found::None { body: 0 });
        assert_eq!(find("---\nSome words: all of them\n"), Found::None { body: 0 });
        assert_eq!(find("---"), Found::None { body: 0 });
    }

    #[test]
    fn an_unclosed_block_ends_at_a_blank_line() {
        assert_eq!(find("---\ntitle: x\n\nbody"), Found::Unclosed { kind: Kind::Yaml, fence: 0..3, body: 13 });
        assert_eq!(find("+++\ntitle = 1"), Found::Unclosed { kind: Kind::Toml, fence: 0..3, body: 13 });
    }
}
