//! The way from one text to another: small changes for the editor, and merges of two edits.
//! It never answers with a text that one side alone would not recognise: a doubt is a conflict.

use std::time::Duration;

use galley_ipc::TextChange;
use similar::{DiffOp, TextDiff};

use crate::places::Places;

/// How long a line difference is looked for before a coarser one is taken.
const PATIENCE: Duration = Duration::from_millis(200);

/// The changes that turn `old` into `new`: by lines, then trimmed to the characters that differ.
/// Offsets are UTF-16 units of `old`; both texts have `\n` line ends.
pub fn between(old: &str, new: &str) -> Vec<TextChange> {
    let places = Places::new(old);
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let old_lines = starts(old);
    let new_lines = starts(new);
    let mut changes = Vec::new();
    for op in diff.ops() {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let old_range = op.old_range();
        let new_range = op.new_range();
        let (from, to) = (old_lines[old_range.start], old_lines[old_range.end]);
        let insert = &new[new_lines[new_range.start]..new_lines[new_range.end]];
        let (head, tail) = common(&old[from..to], insert);
        changes.push(TextChange {
            from: places.utf16(old, from + head) as u32,
            to: places.utf16(old, to - tail) as u32,
            insert: insert[head..insert.len() - tail].into(),
        });
    }
    changes
}

/// The byte at which each line starts, and the end of the text.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    if starts.last() != Some(&text.len()) {
        starts.push(text.len());
    }
    starts
}

/// Bytes that two texts share at their start and at their end, whole characters only.
pub fn common(old: &str, new: &str) -> (usize, usize) {
    let head = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (head, tail)
}

/// Both edits of `base` in one text, or `None` where they touch the same lines.
pub fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    if mine == theirs || base == theirs {
        return Some(mine.into());
    }
    if base == mine {
        return Some(theirs.into());
    }
    diffy::merge(base, mine, theirs).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::Buffer;

    fn check(old: &str, new: &str, count: usize) {
        let changes = between(old, new);
        assert_eq!(changes.len(), count, "{changes:?}");
        let mut buffer = Buffer::open(&old.into());
        buffer.apply(&changes).expect("apply");
        assert_eq!(buffer.text(), new);
    }

    #[test]
    fn changes_are_small_and_lead_there() {
        check("a\nb\nc\n", "a\nb\nc\n", 0);
        check("a\nb\nc\n", "a\nB\nc\nd\n", 2);
        check("", "a\n", 1);
        check("a", "", 1);
        check("one 😀 two", "one 😁 two", 1);
        check("a\nb", "a\nb\n", 1);
        check("x\ny\nz", "z", 1);
    }

    #[test]
    fn a_change_names_only_what_differs() {
        assert_eq!(between("say héllo\n", "say hállo\n"), [TextChange { from: 5, to: 6, insert: "á".into() }]);
    }

    #[test]
    fn edits_apart_merge_and_edits_of_one_line_do_not() {
        let base = "one\ntwo\nthree\nfour\nfive\n";
        assert_eq!(
            merge(base, "ONE\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nFIVE\n").as_deref(),
            Some("ONE\ntwo\nthree\nfour\nFIVE\n")
        );
        assert_eq!(merge(base, "1\ntwo\nthree\nfour\nfive\n", "I\ntwo\nthree\nfour\nfive\n"), None);
    }
}
