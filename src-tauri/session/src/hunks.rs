//! Two texts as stretches of lines: two that follow each other, or two that grew from one.
//! Pure; put together again, the stretches are the texts.

use galley_ipc::{Changed, Hunk, SidesRow};
use similar::DiffOp;

use crate::places::Places;
use crate::words::{diff_lines, lines, pieces};

/// How `old` and `new` differ. Both have `\n` line ends.
pub fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let places = Places::new(new);
    let (old_lines, new_lines) = (lines(old), lines(new));
    let mut at = 0;
    let hunk = |op: DiffOp| {
        let (gone, come) = (old_lines[op.old_range()].concat(), new_lines[op.new_range()].concat());
        let (from, same) = (at, matches!(op, DiffOp::Equal { .. }));
        at += come.len();
        Hunk {
            same,
            from: places.utf16(new, from) as u32,
            to: places.utf16(new, at) as u32,
            pieces: if same { Vec::new() } else { pieces(&gone, &come) },
            old: if same { String::new() } else { gone },
            new: come,
        }
    };
    diff_lines(old, new).into_iter().map(hunk).collect()
}

/// Two texts beside each other; where it is known what they grew from, with who changed what.
pub fn sides(base: Option<&str>, mine: &str, theirs: &str) -> Vec<SidesRow> {
    let spans = match base {
        Some(base) => three(base, mine, theirs),
        None => two(mine, theirs),
    };
    let places = Places::new(mine);
    let (mut rows, mut at) = (Vec::<SidesRow>::new(), 0);
    for (changed, my, their) in spans {
        let from = places.utf16(mine, at) as u32;
        at += my.len();
        let to = places.utf16(mine, at) as u32;
        match rows.last_mut() {
            Some(last) if changed == Changed::Neither && last.changed == Changed::Neither => {
                last.mine.push_str(&my);
                last.theirs.push_str(&their);
                last.to = to;
            }
            _ => {
                let pieces = if changed == Changed::Neither { Vec::new() } else { pieces(&my, &their) };
                rows.push(SidesRow { changed, mine: my, from, to, theirs: their, pieces });
            }
        }
    }
    rows
}

type Span = (Changed, String, String);

fn two(mine: &str, theirs: &str) -> Vec<Span> {
    let (mine_lines, their_lines) = (lines(mine), lines(theirs));
    let span = |op: DiffOp| {
        let changed = if matches!(op, DiffOp::Equal { .. }) { Changed::Neither } else { Changed::Both };
        (changed, mine_lines[op.old_range()].concat(), their_lines[op.new_range()].concat())
    };
    diff_lines(mine, theirs).into_iter().map(span).collect()
}

/// Lines of the base that both texts kept are where they can be laid beside each other; what lies
/// between two of those was changed by one, or by both.
fn three(base: &str, mine: &str, theirs: &str) -> Vec<Span> {
    let (base_lines, mine_lines, their_lines) = (lines(base), lines(mine), lines(theirs));
    let (kept_mine, kept_theirs) = (kept(base, mine, base_lines.len()), kept(base, theirs, base_lines.len()));
    let mut spans = Vec::new();
    let (mut base_at, mut mine_at, mut their_at) = (0, 0, 0);
    let mut between = |base: &[&str], mine: &[&str], theirs: &[&str]| {
        if mine.is_empty() && theirs.is_empty() {
            return;
        }
        let changed = if mine == theirs {
            Changed::Neither
        } else if theirs == base {
            Changed::Mine
        } else if mine == base {
            Changed::Theirs
        } else {
            Changed::Both
        };
        spans.push((changed, mine.concat(), theirs.concat()));
    };
    for line in 0..base_lines.len() {
        let (Some(my), Some(their)) = (kept_mine[line], kept_theirs[line]) else { continue };
        between(&base_lines[base_at..line], &mine_lines[mine_at..my], &their_lines[their_at..their]);
        between(&base_lines[line..=line], &mine_lines[my..=my], &their_lines[their..=their]);
        (base_at, mine_at, their_at) = (line + 1, my + 1, their + 1);
    }
    between(&base_lines[base_at..], &mine_lines[mine_at..], &their_lines[their_at..]);
    spans
}

/// For each line of the base, which line of the text it became, where it was kept.
fn kept(base: &str, text: &str, count: usize) -> Vec<Option<usize>> {
    let mut kept = vec![None; count];
    for op in diff_lines(base, text) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for at in 0..len {
                kept[old_index + at] = Some(new_index + at);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_paragraph_is_one_hunk_and_can_be_put_back() {
        let old = "# One\n\nThe first 😀 words.\n\nThe last.\n";
        let new = "# One\n\nThe first 😁 words.\n\nThe last.\nAnd more.\n";
        let hunks = hunks(old, new);
        let shape: Vec<_> = hunks.iter().map(|hunk| (hunk.same, hunk.from, hunk.to)).collect();
        assert_eq!(shape, [(true, 0, 7), (false, 7, 27), (true, 27, 38), (false, 38, 48)]);
        assert_eq!((hunks[1].old.as_str(), hunks[1].new.as_str()), ("The first 😀 words.\n", "The first 😁 words.\n"));
        assert_eq!((hunks[3].old.as_str(), hunks[3].new.as_str()), ("", "And more.\n"));
    }

    fn check(base: Option<&str>, mine: &str, theirs: &str, expected: &[(Changed, &str, &str)]) {
        let rows = sides(base, mine, theirs);
        let told: Vec<_> = rows.iter().map(|row| (row.changed, row.mine.as_str(), row.theirs.as_str())).collect();
        assert_eq!(told, expected);
        let mine_again: String = rows.iter().map(|row| row.mine.as_str()).collect();
        let theirs_again: String = rows.iter().map(|row| row.theirs.as_str()).collect();
        assert_eq!((mine_again.as_str(), theirs_again.as_str()), (mine, theirs));
    }

    #[test]
    fn who_changed_what_is_told() {
        use Changed::{Both, Mine, Neither, Theirs};
        check(
            Some("1\n2\n3\n4\n5\n6\n7\n"),
            "1\nII\n3\n4\nmine\n6\n7\n",
            "1\n2\n3\nIV\n4\ntheirs\n6\n",
            &[
                (Neither, "1\n", "1\n"),
                (Mine, "II\n", "2\n"),
                (Neither, "3\n", "3\n"),
                (Theirs, "", "IV\n"),
                (Neither, "4\n", "4\n"),
                (Both, "mine\n", "theirs\n"),
                (Neither, "6\n", "6\n"),
                (Theirs, "7\n", ""),
            ],
        );
    }

    #[test]
    fn what_both_did_alike_is_no_conflict() {
        check(Some("a\nb\n"), "a\nB\n", "a\nB\n", &[(Changed::Neither, "a\nB\n", "a\nB\n")]);
    }

    #[test]
    fn without_a_base_every_difference_is_a_choice() {
        check(None, "a\nb", "a\nc", &[(Changed::Neither, "a\n", "a\n"), (Changed::Both, "b", "c")]);
        check(None, "", "x", &[(Changed::Both, "", "x")]);
    }
}
