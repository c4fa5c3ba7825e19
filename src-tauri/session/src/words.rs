//! A text as words, and what two texts differ in, word by word.
//! Pure; it never loses a character of either text.

use std::time::Duration;

use galley_ipc::{Piece, PieceIs};
use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

/// How long a difference is looked for before a coarser one is taken.
const PATIENCE: Duration = Duration::from_millis(200);
/// Longer stretches are told as a whole.
const MOST_WORDS: usize = 20_000;

/// Words, single CJK characters, runs of white space, and single other characters.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = Kind::of(first);
        let end = match kind {
            Kind::Single => first.len_utf8(),
            Kind::Word | Kind::Space => {
                rest.find(|char| Kind::of(char) != kind && !joins(kind, char)).unwrap_or(rest.len())
            }
        };
        tokens.push(&rest[..end]);
        rest = &rest[end..];
    }
    tokens
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Word,
    Space,
    Single,
}

impl Kind {
    fn of(char: char) -> Self {
        match char {
            char if is_cjk(char) => Self::Single,
            char if char.is_alphanumeric() || char == '_' => Self::Word,
            char if char.is_whitespace() => Self::Space,
            _ => Self::Single,
        }
    }
}

/// Apostrophes and combining marks belong to the word before them.
fn joins(kind: Kind, char: char) -> bool {
    kind == Kind::Word && matches!(char, '\'' | '’' | '\u{300}'..='\u{36f}')
}

/// Han, Hiragana and Katakana, which are written without spaces.
fn is_cjk(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn is_word(token: &&str) -> bool {
    token.chars().next().is_some_and(|char| char.is_alphanumeric() || is_cjk(char))
}

/// Words added and taken away from one text to another.
pub fn measure(old: &str, new: &str) -> (u32, u32) {
    let (mut added, mut removed) = (0, 0);
    let (old_lines, new_lines) = (lines(old), lines(new));
    for op in diff_lines(old, new) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (old_lines[op.old_range()].concat(), new_lines[op.new_range()].concat());
        for piece in pieces(&old, &new) {
            let count = tokens(&piece.text).iter().filter(|token| is_word(token)).count() as u32;
            match piece.is {
                PieceIs::Same => {}
                PieceIs::Added => added += count,
                PieceIs::Removed => removed += count,
            }
        }
    }
    (added, removed)
}

/// A text's lines with their ends.
pub fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The difference of two texts by lines; the numbers are those of [`lines`].
pub fn diff_lines(old: &str, new: &str) -> Vec<DiffOp> {
    let (old, new) = (lines(old), lines(new));
    TextDiff::configure().algorithm(Algorithm::Patience).timeout(PATIENCE).diff_slices(&old, &new).ops().to_vec()
}

/// The way from one text to another, word by word. Together, what is the same or removed is the
/// old text, and what is the same or added the new one.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    if old_tokens.len().max(new_tokens.len()) > MOST_WORDS {
        return whole(old, new);
    }
    let ops = capture_diff_slices(Algorithm::Myers, &old_tokens, &new_tokens);
    let shared = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. }));
    let words: usize = shared.map(|op| old_tokens[op.old_range()].iter().filter(|token| is_word(token)).count()).sum();
    let most = [&old_tokens, &new_tokens].map(|tokens| tokens.iter().filter(|token| is_word(token)).count());
    // Two texts that share a few small words only are easier to read one after the other.
    if words * 4 < most[0].min(most[1]) {
        return whole(old, new);
    }
    let mut told = Told::default();
    for (number, op) in ops.iter().enumerate() {
        let (gone, come) = (old_tokens[op.old_range()].concat(), new_tokens[op.new_range()].concat());
        match op {
            // A space between two changes belongs to both.
            DiffOp::Equal { .. } if number > 0 && number + 1 < ops.len() && gone.trim().is_empty() => {
                told.changed(&gone, &come);
            }
            DiffOp::Equal { .. } => told.same(&come),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => told.changed(&gone, &come),
        }
    }
    told.end()
}

fn whole(old: &str, new: &str) -> Vec<Piece> {
    let mut told = Told::default();
    told.changed(old, new);
    told.end()
}

/// Pieces in the making: what is removed is told before what is added in its place.
#[derive(Default)]
struct Told {
    pieces: Vec<Piece>,
    removed: String,
    added: String,
}

impl Told {
    fn same(&mut self, text: &str) {
        self.settle();
        self.push(PieceIs::Same, text.to_owned());
    }

    fn changed(&mut self, gone: &str, come: &str) {
        self.removed.push_str(gone);
        self.added.push_str(come);
    }

    fn settle(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        self.push(PieceIs::Removed, removed);
        self.push(PieceIs::Added, added);
    }

    fn push(&mut self, is: PieceIs, text: String) {
        if !text.is_empty() {
            self.pieces.push(Piece { is, text });
        }
    }

    fn end(mut self) -> Vec<Piece> {
        self.settle();
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        let mark = |piece: Piece| match piece.is {
            PieceIs::Same => piece.text,
            PieceIs::Added => format!("[+{}]", piece.text),
            PieceIs::Removed => format!("[-{}]", piece.text),
        };
        pieces(old, new).into_iter().map(mark).collect()
    }

    #[test]
    fn words_are_told_apart_as_a_reader_would() {
        assert_eq!(tokens("It's a_b, née 日本!\n"), ["It's", " ", "a_b", ",", " ", "née", " ", "日", "本", "!", "\n"]);
        assert_eq!(tokens(""), Vec::<&str>::new());
    }

    #[test]
    fn a_changed_word_is_told_alone_and_neighbours_together() {
        assert_eq!(told("the quick brown fox ran", "the slow brown fox ran"), "the [-quick][+slow] brown fox ran");
        assert_eq!(told("a b quick brown c d e", "a b slow red c d e"), "a b [-quick brown][+slow red] c d e");
        assert_eq!(told("one two three", "one three"), "one [-two ]three");
        assert_eq!(told("", "new"), "[+new]");
    }

    #[test]
    fn texts_with_little_in_common_are_told_whole() {
        let (old, new) = ("All that the dog saw was grass and sky.", "Paper remembers the shape of every hand.");
        assert_eq!(told(old, new), format!("[-{old}][+{new}]"));
    }

    #[test]
    fn nothing_is_lost() {
        let texts = ["", "a", "a b\n\nc", "x 日本 y\r\n", "the end.", "the  end of\n\n it", "é e\u{301} 😀"];
        for old in texts {
            for new in texts {
                let of = |leave: PieceIs| -> String {
                    pieces(old, new).into_iter().filter(|piece| piece.is != leave).map(|piece| piece.text).collect()
                };
                assert_eq!((of(PieceIs::Added), of(PieceIs::Removed)), (old.to_owned(), new.to_owned()));
            }
        }
    }

    #[test]
    fn added_and_removed_words_are_counted() {
        assert_eq!(measure("", "one two, three\n"), (3, 0));
        assert_eq!(measure("one two three\nfour\n", "one 2 three\nfour\nfive six\n"), (3, 1));
        assert_eq!(measure("日本語\n", "日本\n"), (0, 1));
        assert_eq!(measure("same\n", "same\n"), (0, 0));
    }
}
