//! Problems as the window shows them: the engine's bytes made the editor's UTF-16 units.
//! It adds no problem and drops none.

use galley_engine::{Problem, Severity, Snapshot, Span};
use galley_ipc as ipc;

use crate::changes::common;
use crate::places::Places;

/// Maps problems of the texts in `snapshot`. Problems of one source should lie together.
pub fn shown(problems: &[Problem], snapshot: &Snapshot) -> Vec<ipc::Problem> {
    let mut measured: Option<(&str, Places)> = None;
    let mut shown = Vec::with_capacity(problems.len());
    for problem in problems {
        let text = problem.path.as_ref().and_then(|path| Some((path.as_str(), snapshot.text(path)?)));
        let mut one = plain(problem);
        if let (Some(span), Some((path, text))) = (problem.span, text) {
            if measured.as_ref().is_none_or(|(known, _)| *known != path) {
                measured = Some((path, Places::new(text)));
            }
            if let Some((_, places)) = &measured {
                one.from = places.utf16(text, span.start as usize) as u32;
                one.to = places.utf16(text, span.end as usize) as u32;
            }
        }
        shown.push(one);
    }
    shown
}

/// The place in `new` of a place in `old`: what both texts begin and end with stays together, and
/// what lies between goes to where they begin to differ.
pub fn moved(span: Span, old: &str, new: &str) -> Span {
    let (head, tail) = common(old, new);
    let place = |byte: u32| {
        let from_end = old.len().saturating_sub(byte as usize);
        if byte as usize <= head {
            byte as usize
        } else if from_end <= tail {
            new.len() - from_end
        } else {
            head
        }
    };
    let start = place(span.start);
    Span::in_text(new, start, place(span.end).max(start))
}

fn plain(problem: &Problem) -> ipc::Problem {
    ipc::Problem {
        path: problem.path.as_ref().map(ToString::to_string),
        line: problem.span.map_or(0, |span| span.line),
        column: problem.span.map_or(0, |span| span.column),
        from: 0,
        to: 0,
        severity: match problem.severity {
            Severity::Error => ipc::Severity::Error,
            Severity::Warning => ipc::Severity::Warning,
        },
        code: problem.code.clone(),
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use galley_engine::{SitePath, Source};

    #[test]
    fn places_move_with_the_text_around_them() {
        let old = "one\ntwo bad\nthree\n";
        let bad = Span::in_text(old, 8, 11);
        let place = |new: &str| {
            let span = moved(bad, old, new);
            (span.start, span.end, span.line, span.column)
        };
        assert_eq!(place("zero\none\ntwo bad\nthree\n"), (13, 16, 3, 5), "text before it");
        assert_eq!(place("one\ntwo bad\nthree\nfour\n"), (8, 11, 2, 5), "text behind it");
        assert_eq!(place("one\ntwo\n"), (7, 7, 2, 4), "the text itself is gone");
        assert_eq!(place(""), (0, 0, 1, 1), "no text");
    }

    #[test]
    fn places_are_the_editors() {
        let path = SitePath::new("a.md").expect("path");
        let text = "\u{FEFF}é😀\r\nbad";
        let mut snapshot = Snapshot::new();
        snapshot.put(path.clone(), Source::text(text));
        let at = text.find("bad").expect("bad");
        let problem = Problem::error("x", "Bad.").path(&path).span(Span::in_text(text, at, at + 3));
        let shown = shown(&[problem], &snapshot);
        assert_eq!((shown[0].from, shown[0].to, shown[0].line), (4, 7, 2));
    }
}
