//! The journal's file: records one after the other, each with its length and checksum.
//! A record that is not whole is never taken up, nor is anything behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use galley_engine::{Hash, SitePath};
use serde::{Deserialize, Serialize};

/// The first bytes of every log; the digit is the version.
pub(crate) const HEADER: &[u8] = b"galley journal 1\n";

/// Length (32 bits, little end first) and checksum (the first 16 bytes of BLAKE3 over the
/// payload) before each payload.
const FRAME: usize = 4 + 16;

/// What is not yet saved of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsaved {
    /// Hash of the file that the text was made from.
    pub base: Hash,
    pub text: Arc<str>,
}

pub(crate) type AllUnsaved = BTreeMap<SitePath, Unsaved>;

#[derive(Debug, Serialize, Deserialize)]
enum Record<'a> {
    Full {
        path: SitePath,
        base: Hash,
        text: &'a str,
    },
    /// `remove` bytes at byte `at` of the text before give way to `insert`.
    Edit {
        path: SitePath,
        base: Hash,
        at: u64,
        remove: u64,
        insert: &'a str,
    },
    Gone {
        path: SitePath,
    },
}

/// The record that takes a source from `old` to `new`.
pub(crate) fn frame_text(path: &SitePath, old: Option<&Unsaved>, new: &Unsaved) -> Vec<u8> {
    let path = path.clone();
    let full = Record::Full { path: path.clone(), base: new.base, text: &new.text };
    let Some(old) = old else { return frame(&full) };
    let (at, removed, insert) = difference(&old.text, &new.text);
    if insert.len() > new.text.len() / 2 {
        return frame(&full);
    }
    frame(&Record::Edit { path, base: new.base, at: at as u64, remove: removed as u64, insert })
}

/// The record that says that nothing of a source is unsaved.
pub(crate) fn frame_gone(path: &SitePath) -> Vec<u8> {
    frame(&Record::Gone { path: path.clone() })
}

/// A whole log that says no more than `unsaved`.
pub(crate) fn compact(unsaved: &AllUnsaved) -> Vec<u8> {
    let mut log = HEADER.to_vec();
    for (path, unsaved) in unsaved {
        log.extend(frame_text(path, None, unsaved));
    }
    log
}

/// What a log says, up to the first record that is not whole.
pub(crate) fn replay(log: &[u8]) -> AllUnsaved {
    let mut unsaved = AllUnsaved::new();
    let Some(mut rest) = log.strip_prefix(HEADER) else { return unsaved };
    while let Some((payload, after)) = unframe(rest) {
        let Some(()) = postcard::from_bytes(payload).ok().and_then(|record| apply(record, &mut unsaved)) else { break };
        rest = after;
    }
    unsaved
}

fn frame(record: &Record) -> Vec<u8> {
    let payload = postcard::to_stdvec(record).unwrap_or_default();
    let mut framed = Vec::with_capacity(FRAME + payload.len());
    framed.extend((payload.len() as u32).to_le_bytes());
    framed.extend(Hash::of(&payload).0);
    framed.extend(payload);
    framed
}

fn unframe(log: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = log.split_first_chunk::<4>()?;
    let (checksum, rest) = rest.split_first_chunk::<16>()?;
    let (payload, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    (Hash::of(payload).0 == *checksum).then_some((payload, rest))
}

fn apply(record: Record, unsaved: &mut AllUnsaved) -> Option<()> {
    match record {
        Record::Full { path, base, text } => {
            unsaved.insert(path, Unsaved { base, text: text.into() });
        }
        Record::Edit { path, base, at, remove, insert } => {
            let old = unsaved.get_mut(&path)?;
            let before = old.text.get(..at as usize)?;
            let after = old.text.get(at.checked_add(remove)? as usize..)?;
            *old = Unsaved { base, text: [before, insert, after].concat().into() };
        }
        Record::Gone { path } => {
            unsaved.remove(&path);
        }
    }
    Some(())
}

/// Where two texts differ, in bytes on character boundaries: position, bytes removed, text put
/// in their place.
fn difference<'a>(old: &str, new: &'a str) -> (usize, usize, &'a str) {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let start = old.floor_char_boundary(same).min(new.floor_char_boundary(same));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let mut end = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    while !old_rest.is_char_boundary(old_rest.len() - end) || !new_rest.is_char_boundary(new_rest.len() - end) {
        end -= 1;
    }
    (start, old_rest.len() - end, &new_rest[..new_rest.len() - end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsaved(text: &str) -> Unsaved {
        Unsaved { base: Hash::of(b"base"), text: text.into() }
    }

    /// A log of typing, with the end of each record and what is unsaved there.
    fn typed() -> (Vec<u8>, Vec<(usize, AllUnsaved)>) {
        let path = SitePath::new("posts/é.md").expect("a path");
        let texts =
            ["Dear reader, this is long", "Dear reader, thïs is long", "Dear reader, this is \u{1F600} long", "x"];
        let (mut log, mut state) = (HEADER.to_vec(), AllUnsaved::new());
        let mut ends = vec![(log.len(), state.clone())];
        for text in texts {
            let new = unsaved(text);
            log.extend(frame_text(&path, state.get(&path), &new));
            state.insert(path.clone(), new);
            ends.push((log.len(), state.clone()));
        }
        log.extend(frame_gone(&path));
        ends.push((log.len(), AllUnsaved::new()));
        (log, ends)
    }

    #[test]
    fn a_log_torn_at_any_byte_says_what_its_whole_records_say() {
        let (log, ends) = typed();
        for cut in 0..=log.len() {
            let expected = ends.iter().rev().find(|(end, _)| *end <= cut).map(|(_, state)| state.clone());
            assert_eq!(replay(&log[..cut]), expected.unwrap_or_default(), "cut at {cut}");
        }
    }

    #[test]
    fn a_log_with_any_byte_spoilt_says_no_more_than_what_comes_before() {
        let (log, ends) = typed();
        for spoilt in HEADER.len()..log.len() {
            let mut bad = log.clone();
            bad[spoilt] ^= 0x40;
            let expected = ends.iter().rev().find(|(end, _)| *end <= spoilt).map(|(_, state)| state.clone());
            assert_eq!(replay(&bad), expected.unwrap_or_default(), "spoilt at {spoilt}");
        }
    }

    #[test]
    fn differences_fall_between_characters() {
        assert_eq!(difference("aéb", "aèb"), (1, 2, "è"));
        assert_eq!(difference("aaa", "aa"), (2, 1, ""));
        assert_eq!(difference("", "é"), (0, 0, "é"));
        assert_eq!(difference("same", "same"), (4, 0, ""));
    }

    #[test]
    fn one_letter_in_a_long_text_costs_a_short_record() {
        let long = "word ".repeat(200_000);
        let path = SitePath::new("a.md").expect("a path");
        let record = frame_text(&path, Some(&unsaved(&long)), &unsaved(&long.replacen("word", "wort", 1)));
        assert!(record.len() < 100, "{} bytes", record.len());
    }
}
