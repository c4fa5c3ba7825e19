//! Evens the indentation of what a component wrote, so that none of it becomes a code block.
//! It takes white space from the beginnings of lines and changes nothing else.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

/// How often what is left is looked at again: a block under a block shows only then.
const ROUNDS: usize = 4;

/// Evens `text` from `start` on.
pub(super) fn dedent(text: &mut String, start: usize) {
    let written = &text[start..];
    if !written.contains("    ") && !written.contains('\t') {
        return;
    }
    let at_line_start = start == 0 || text[..start].ends_with('\n');
    let mut even = common(written, at_line_start);
    for _ in 0..ROUNDS {
        let blocks = indented(&even);
        if blocks.is_empty() {
            break;
        }
        even = without_indent(&even, &blocks);
    }
    text.truncate(start);
    text.push_str(&even);
}

/// Takes off what all lines are indented by.
fn common(text: &str, at_line_start: bool) -> String {
    let counts = |line: &&str| !line.trim().is_empty();
    let skipped = usize::from(!at_line_start);
    let indent = text.lines().skip(skipped).filter(counts).map(indent_of).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.split_inclusive('\n').enumerate() {
        let indented = n >= skipped && indent_of(line) >= indent;
        out.push_str(if indented { &line[indent..] } else { line });
    }
    out
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The blocks that Markdown would take for code because of their indentation.
fn indented(text: &str) -> Vec<Range<usize>> {
    let is_block = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
    let events = Parser::new_ext(text, crate::markdown::ALWAYS).into_offset_iter();
    events.filter(|(event, _)| is_block(event)).map(|(_, range)| range).collect()
}

fn without_indent(text: &str, blocks: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let lies_in = blocks.iter().any(|block| block.start < at + line.len() && at < block.end);
        out.push_str(if lies_in { line.trim_start_matches([' ', '\t']) } else { line });
        at += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    fn even(before: &str, written: &str) -> String {
        let mut text = format!("{before}{written}");
        super::dedent(&mut text, before.len());
        text
    }

    #[test]
    fn nothing_becomes_code() {
        assert_eq!(even("", "\n    <div>\n\n        <p>a</p>\n\n    </div>\n"), "\n<div>\n\n<p>a</p>\n\n</div>\n");
        assert_eq!(even("a\n", "    <b>x</b>\n    <i>y</i>"), "a\n<b>x</b>\n<i>y</i>");
    }

    #[test]
    fn what_is_not_code_keeps_its_indentation() {
        let written = "<pre>\n    kept\n</pre>\n\n- a\n    - b\n";
        assert_eq!(even("", written), written);
        let fenced = "```\n    kept\n```\n";
        assert_eq!(even("", fenced), fenced);
        assert_eq!(even("words ", "<b>x\n    y</b>"), "words <b>x\ny</b>");
    }
}
