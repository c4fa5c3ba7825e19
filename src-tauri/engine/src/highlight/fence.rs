//! The words after a fence: the language and how its lines are shown.
//! Words it does not know are ignored; nothing here is ever an error.

use std::ops::RangeInclusive;

/// More ranges than this are not looked at.
const MAX_RANGES: usize = 256;

/// What the line that opens a code block says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fence {
    /// As written.
    pub language: Option<String>,
    /// Whether lines are numbered.
    pub numbered: bool,
    /// The number of the first line.
    pub first_number: usize,
    /// Lines that stand out, from 1 whatever the first number is.
    pub marked: Vec<RangeInclusive<usize>>,
    /// Lines that are left out, from 1.
    pub hidden: Vec<RangeInclusive<usize>>,
    pub name: Option<String>,
    /// Further `key=value` words.
    pub data: Vec<(String, String)>,
}

impl Fence {
    /// Reads `rust, linenos, linenostart=20, hl_lines=1-3 5, hide_lines=2, name=main.rs, k=v`.
    pub fn parse(info: &str) -> Self {
        let mut fence = Self { first_number: 1, ..Self::default() };
        for word in info.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match word.split_once('=') {
                Some((key, value)) if is_name(key.trim()) => fence.set(key.trim(), value.trim().trim_matches('"')),
                _ => fence.bare(word),
            }
        }
        fence
    }

    fn bare(&mut self, word: &str) {
        if word == "linenos" {
            self.numbered = true;
        } else if self.language.is_none() {
            // What other tools put after a space is none of ours.
            self.language = word.split_whitespace().next().map(str::to_owned);
        }
    }

    fn set(&mut self, key: &str, value: &str) {
        match key {
            "linenostart" => self.first_number = value.parse().unwrap_or(1),
            "hl_lines" => self.marked = ranges(value),
            "hide_lines" => self.hidden = ranges(value),
            "name" => self.name = Some(value.to_owned()),
            "lang" => {}
            _ if self.data.iter().any(|(known, _)| known == key) => {}
            _ => self.data.push((key.to_owned(), value.to_owned())),
        }
    }
}

/// Whether a word can stand after `data-`.
fn is_name(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Reads `1-3 5`; what is no range is left out.
fn ranges(text: &str) -> Vec<RangeInclusive<usize>> {
    let range = |word: &str| match word.split_once('-') {
        Some((from, to)) => Some(from.parse().ok()?..=to.parse().ok()?),
        None => word.parse().ok().map(|line| line..=line),
    };
    text.split_whitespace().filter_map(range).filter(|range| !range.is_empty()).take(MAX_RANGES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word() {
        let fence =
            Fence::parse("rust, linenos, linenostart=20, hl_lines=1-3 5, hide_lines=2, name=main.rs, k=v, more");
        let expected = Fence {
            language: Some("rust".into()),
            numbered: true,
            first_number: 20,
            marked: vec![1..=3, 5..=5],
            hidden: vec![2..=2],
            name: Some("main.rs".into()),
            data: vec![("k".into(), "v".into())],
        };
        assert_eq!(fence, expected);
    }

    #[test]
    fn any_order_and_other_tools() {
        assert_eq!(Fence::parse("linenos,toml").language.as_deref(), Some("toml"));
        assert_eq!(Fence::parse("js {1,3} title").language.as_deref(), Some("js"));
        assert_eq!(Fence::parse(" ").language, None);
        assert_eq!(Fence::parse("x,hl_lines=a 3-1 2,<b>=1,lang=y").marked, [2..=2]);
        assert_eq!(Fence::parse("x,<b>=1,lang=y").data, []);
    }
}
