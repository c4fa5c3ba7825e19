//! A language's tokenizer with the lines it has met: most lines of code stand in many blocks.
//! A line found here is byte for byte the one that would be made again.

use std::cell::RefCell;
use std::rc::Rc;

use syntaxmate::{ScopeStackId, Token, Tokenizer, TokenizerState};

use super::markup;
use super::paint::{Look, Paint};
use crate::hash::Hash;
use crate::maps::HashMap;

/// Books that a thread keeps; then it begins anew.
const MAX_BOOKS: usize = 32;
/// Bytes of lines, bare and coloured, that a book keeps; then it begins anew.
const MAX_BYTES: usize = 1024 * 1024;

/// What makes two books differ: the language, the grammars of the site, the paint and how it is
/// written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Title {
    pub language: String,
    pub grammars: Hash,
    /// Of the paint, which is one of its kind in this run.
    pub paint: u64,
    pub classes: bool,
}

/// One language in one paint. States belong to the tokenizer, so that no book is shared.
struct Book {
    tokenizer: Tokenizer,
    looks: HashMap<ScopeStackId, Look>,
    /// By the state a line begins in, then by its text.
    lines: HashMap<TokenizerState, HashMap<Box<str>, Known>>,
    bytes: usize,
    tokens: Vec<Token>,
}

/// A line that was met.
#[derive(Clone)]
struct Known {
    html: Rc<str>,
    next: TokenizerState,
}

thread_local! {
    static BOOKS: RefCell<HashMap<Title, Book>> = RefCell::default();
}

/// The HTML of each line of `code`, without the element around the line; nothing where the
/// tokenizer refuses a line. A panic of a grammar takes the thread's book with it.
pub(super) fn lines(
    code: &str,
    title: &Title,
    paint: &Paint,
    tokenizer: impl FnOnce() -> Option<Tokenizer>,
) -> Option<Vec<Rc<str>>> {
    let known = BOOKS.with_borrow_mut(|books| books.remove(title));
    let mut book = known.or_else(|| tokenizer().map(Book::of))?;
    let lines = book.colour(code, paint, title.classes);
    BOOKS.with_borrow_mut(|books| {
        if books.len() >= MAX_BOOKS {
            books.clear();
        }
        books.insert(title.clone(), book);
    });
    lines
}

impl Book {
    fn of(tokenizer: Tokenizer) -> Self {
        Self { tokenizer, looks: HashMap::default(), lines: HashMap::default(), bytes: 0, tokens: Vec::new() }
    }

    fn colour(&mut self, code: &str, paint: &Paint, classes: bool) -> Option<Vec<Rc<str>>> {
        let mut state = self.tokenizer.initial_state();
        let mut lines = Vec::new();
        for line in code.split('\n') {
            let known = match self.lines.get(&state).and_then(|lines| lines.get(line)) {
                Some(known) => known.clone(),
                None => self.meet(line, &state, paint, classes)?,
            };
            lines.push(known.html);
            state = known.next;
        }
        Some(lines)
    }

    fn meet(&mut self, line: &str, state: &TokenizerState, paint: &Paint, classes: bool) -> Option<Known> {
        let mut next = state.clone();
        self.tokenizer.tokenize_line_into(line, &mut next, &mut self.tokens).ok()?;
        let looks = &mut self.looks;
        let runs = self.tokens.iter().map(|token| {
            let look = match token.scope_stack() {
                Some(stack) => *looks.entry(stack).or_insert_with(|| paint.look(&token.scopes())),
                None => paint.look(&token.scopes()),
            };
            (token.range(), look)
        });
        let mut html = String::with_capacity(line.len() * 3);
        markup::line(&mut html, line, runs, classes, paint);
        let known = Known { html: html.into(), next };
        let bytes = line.len() + known.html.len();
        if self.bytes + bytes > MAX_BYTES {
            (self.lines, self.bytes) = (HashMap::default(), 0);
        }
        self.bytes += bytes;
        self.lines.entry(state.clone()).or_default().insert(line.into(), known.clone());
        Some(known)
    }
}

#[cfg(test)]
mod tests {
    use super::super::paint::Side;
    use super::super::themes;
    use super::*;

    fn rust() -> Book {
        let options = syntaxmate::TokenizerOptions::default();
        Book::of(Tokenizer::for_bundled_language("rust", options).expect("rust"))
    }

    #[test]
    fn a_thread_keeps_so_many_lines_and_no_more() {
        let mut book = rust();
        let paint = Paint::new(Side::default(), None);
        for n in 0..3 {
            let code: Vec<String> = (0..2_000).map(|line| format!("let x{n} = \"{line:0200}\";")).collect();
            assert_eq!(book.colour(&code.join("\n"), &paint, true).expect("lines").len(), 2_000);
            assert!(book.bytes <= MAX_BYTES, "{}", book.bytes);
        }
    }

    /// The same text is another line in another state: inside a comment nothing is a keyword.
    #[test]
    fn a_line_is_known_by_the_state_it_begins_in() {
        let mut book = rust();
        let side = Side::of(themes::find("github-light").expect("a theme").1);
        let paint = Paint::new(side, None);
        let mut html = |code: &str| book.colour(code, &paint, true).expect("lines");
        let (plain, inside) = (html("let x = 1;"), html("/*\nlet x = 1;\n*/"));
        assert_ne!(plain[0], inside[1]);
        assert_eq!(html("let x = 1;"), plain);
        assert_eq!(html("/*\nlet x = 1;\n*/"), inside);
    }
}
