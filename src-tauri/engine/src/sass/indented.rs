//! Guards a sheet in the indented syntax: calls are lines of their own.
//! It reads lines and what they are indented by; what a call says is not decided here.

use super::blocks::Blocks;
use super::guard::{Guarded, HEADS, MAX_DEPTH, MAX_OPERATORS, TooDeep, is_given, is_name};

/// A line that says something.
struct Line<'a> {
    start: usize,
    end: usize,
    margin: &'a str,
    text: &'a str,
}

/// Guards a sheet.
pub(super) fn sass(text: &str) -> Result<Guarded, TooDeep> {
    let lines = lines(text);
    let mut blocks = Blocks::new("\n");
    let mut open: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = line.margin.len();
        while open.last().is_some_and(|outer| *outer >= indent) {
            open.pop();
            blocks.close(line.start);
        }
        let brackets = line.text.bytes().filter(|byte| matches!(byte, b'(' | b'[')).count();
        let operators = line.text.bytes().filter(|byte| b"+-*/%<>=! ".contains(byte)).count();
        if open.len() >= MAX_DEPTH || brackets > MAX_DEPTH * 4 || operators > MAX_OPERATORS {
            return Err(TooDeep(line.start));
        }
        read(line.text, &mut blocks);
        match lines.get(at + 1).filter(|next| next.margin.len() > indent) {
            Some(next) => {
                open.push(indent);
                if !blocks.open(next.start, next.margin, is_head(line.text)) {
                    return Err(TooDeep(line.start));
                }
            }
            // The selectors of a rule may go on in the next line.
            None if line.text.trim_end().ends_with(',') => {}
            None => {
                let apart = if text[..line.end].ends_with('\n') { "" } else { "\n" };
                blocks.end(line.end, &format!("{apart}{}", line.margin));
            }
        }
    }
    for _ in open {
        blocks.close(text.len());
    }
    Ok(Guarded::with(text, blocks.finish(text.len())))
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let all = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        let said = line.trim_start_matches([' ', '\t']);
        Line { start, end: at, margin: &line[..line.len() - said.len()], text: said }
    });
    all.filter(|line| !line.text.trim().is_empty()).collect()
}

/// Tells the blocks what stands in a line.
fn read(line: &str, blocks: &mut Blocks) {
    let statement = &mut blocks.statement;
    statement.is_at = line.starts_with(['@', '=', '+', '$']);
    statement.commas += line.matches(',').count();
    let (mut depth, mut rest) = (0_usize, 0);
    for (at, sign) in line.char_indices().filter(|(_, sign)| matches!(sign, '(' | ')' | '$')) {
        match sign {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if at >= rest => rest = variable(line, at, depth, blocks),
            _ => {}
        }
    }
    // What goes on in the next line cannot be followed by a call.
    if depth > 0 {
        blocks.statement.sets = None;
    }
}

/// Reads the variable at byte `at`; where it ends.
fn variable(line: &str, at: usize, depth: usize, blocks: &mut Blocks) -> usize {
    let name = &line[at + 1..];
    let len = name.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(name.len());
    let end = at + 1 + len;
    if len == 0 {
        return end;
    }
    let (before, plain) = (&line[..at], name[..len].replace('_', "-"));
    blocks.uses(&plain);
    let is_first = before.strip_suffix('.').map_or(before.is_empty(), is_name);
    // `=name(` is another way to write `@mixin name(`.
    let head = before.strip_prefix('=').map_or_else(|| before.to_owned(), |rest| format!("@mixin {rest}"));
    if is_first && line[end..].trim_start().starts_with(':') {
        blocks.statement.sets = Some(line[..end].to_owned());
    } else if is_given(&head, depth) {
        blocks.statement.gives.push(plain);
    }
    end
}

fn is_head(line: &str) -> bool {
    let mixin = line
        .strip_prefix(['=', '+'])
        .is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '-' || c == '_'));
    let rule = line.strip_prefix('@').is_some_and(|rule| {
        HEADS.iter().any(|head| rule.strip_prefix(head).is_some_and(|rest| rest.starts_with([' ', '\t', '('])))
    });
    mixin || rule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_lines_of_their_own() {
        let text = "=m($a)\n  b: $a\n\n@while true\n\n\td: e\n\t$f: g\na\n  f: g\n$h: i";
        let guarded = sass(text).expect("a sheet");
        let tick = |told: &str, given: &str| format!("$-galley:galley-tick(\"{told}\",&{given})\n");
        let (file, mixin, turn) =
            (tick(&format!("{} 1;;a*1 h*1", text.len()), ""), tick("9 0;a;a*1", ",$a"), tick("13 0;;f*1", ""));
        let wanted = [
            &file,
            "=m($a)\n  ",
            &mixin,
            "  b: $a\n\n@while true\n\n\t",
            &turn,
            "\td: e\n\t$f: g\n\t$-galley:galley-weigh(\"f*1\",$f)\na\n  f: g\n$h: i\n",
            "$-galley:galley-weigh(\"h*1\",$h)\n",
        ];
        assert_eq!(guarded.text, wanted.concat());
    }

    #[test]
    fn nesting_has_a_bound() {
        let nested = |rule: &str, deep: usize| {
            let lines: Vec<String> = (0..deep).map(|depth| format!("{}{rule}\n", " ".repeat(depth))).collect();
            lines.concat()
        };
        assert!(sass(&nested("a", 1_000)).is_err());
        assert!(sass(&nested("a, b, c, d", 20)).is_err());
        assert!(sass(&nested("a, b", 5)).is_ok());
    }
}
