//! Problems as the window shows them: the engine's bytes made the editor's UTF-16 units.
//! It adds no problem and drops none.

use galley_engine::{Problem, Severity, Snapshot};
use galley_ipc as ipc;

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
    use galley_engine::{SitePath, Source, Span};

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
