//! The list of a page's earlier addresses, edited in place: one is added, one may go.
//! No other byte of the front matter changes, and an edit that does not read back is not made.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::fence::{Found, Kind, find};
use super::read;
use crate::datum::{Datum, DatumMap};

/// Bytes of the file, and what takes their place.
pub(crate) type Edit = (Range<usize>, String);

/// The edits that make `old`, if given, an alias of the page, and take away `new`, which is its
/// address now. The error says why the front matter cannot be edited.
pub(crate) fn turn(text: &str, old: Option<&str>, new: &str) -> Result<Vec<Edit>, &'static str> {
    let (kind, block) = match find(text) {
        Found::Unclosed { .. } => return Err("its front matter is never closed"),
        Found::None { body } => return Ok(old.map(|old| (body..body, fresh(text, old))).into_iter().collect()),
        Found::Block { kind, block, .. } => (kind, block),
    };
    let inner = &text[block.clone()];
    let (data, faults) = read(kind, inner);
    if !faults.is_empty() {
        return Err("its front matter cannot be read");
    }
    let known = listed(&data);
    let goes = known.iter().position(|alias| same(alias, new));
    let comes = old.filter(|old| !known.iter().any(|alias| same(alias, old)));
    if goes.is_none() && comes.is_none() {
        return Ok(Vec::new());
    }
    let mut wanted = known.clone();
    goes.map(|at| wanted.remove(at));
    let edits = match kind {
        Kind::Toml => of_toml(inner, goes, comes),
        Kind::Yaml => of_yaml(inner, &data, goes, comes),
    };
    let edits = edits.ok_or("its list of aliases is written in a way that cannot be edited")?;
    let (after, faults) = read(kind, &applied(inner, &edits));
    let now = listed(&after);
    let fits = match comes {
        Some(alias) => now.len() == wanted.len() + 1 && now.iter().any(|one| one == alias),
        None => now == wanted,
    };
    if !faults.is_empty() || !fits || rest(&after) != rest(&data) {
        return Err("its list of aliases is written in a way that cannot be edited");
    }
    Ok(edits.into_iter().map(|(at, insert)| (block.start + at.start..block.start + at.end, insert)).collect())
}

fn same(one: &str, other: &str) -> bool {
    one.trim_matches('/') == other.trim_matches('/')
}

fn listed(data: &DatumMap) -> Vec<String> {
    match data.get("aliases") {
        Some(Datum::List(list)) => list.iter().filter_map(|one| one.as_text().map(str::to_owned)).collect(),
        Some(Datum::Text(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn rest(data: &DatumMap) -> Vec<(String, Datum)> {
    data.iter().filter(|(key, _)| *key != "aliases").map(|(key, value)| (key.to_owned(), value.clone())).collect()
}

fn line_end(text: &str) -> &'static str {
    if text.find('\n').is_some_and(|at| text[..at].ends_with('\r')) { "\r\n" } else { "\n" }
}

/// Front matter for a page that has none.
fn fresh(text: &str, alias: &str) -> String {
    let end = line_end(text);
    format!("---{end}aliases:{end}  - {alias}{end}---{end}{end}")
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = text.to_owned();
    for (at, insert) in edits.iter().rev() {
        out.replace_range(at.clone(), insert);
    }
    out
}

#[derive(Deserialize)]
struct Aliases {
    #[serde(default)]
    aliases: Option<Spanned<Vec<Spanned<toml::Value>>>>,
}

fn of_toml(block: &str, goes: Option<usize>, comes: Option<&str>) -> Option<Vec<Edit>> {
    let parsed: Aliases = toml::from_str(block).ok()?;
    let Some(list) = parsed.aliases else {
        let line = format!("aliases = [\"{}\"]{}", comes?, line_end(block));
        return Some(vec![new_line(block, line, |line| line.trim_start().starts_with('['))]);
    };
    let spans: Vec<Range<usize>> = list.get_ref().iter().map(Spanned::span).collect();
    flow(block, list.span(), &spans, goes, comes.map(|alias| format!("\"{alias}\"")))
}

/// A line of its own, before the first table or at the end.
fn new_line(block: &str, line: String, opens: impl Fn(&str) -> bool) -> Edit {
    let before: usize = block.split_inclusive('\n').take_while(|line| !opens(line)).map(str::len).sum();
    if block[..before].is_empty() || block[..before].ends_with('\n') {
        // Blank lines stay between the line and the table.
        let kept = block[..before].trim_end().len();
        let at = block[kept..before].find('\n').map_or(before, |at| kept + at + 1);
        return (at..at, line);
    }
    (before..before, format!("{}{}", line_end(block), line.trim_end()))
}

/// Edits a list in brackets at `list`, whose elements are at `spans`.
fn flow(
    block: &str,
    list: Range<usize>,
    spans: &[Range<usize>],
    goes: Option<usize>,
    comes: Option<String>,
) -> Option<Vec<Edit>> {
    if let Some(index) = goes {
        let own = spans.get(index)?.clone();
        return Some(vec![match comes {
            Some(alias) => (own, alias),
            None => (without(block, &list, spans, index)?, String::new()),
        }]);
    }
    let open = list.start + 1;
    let Some(first) = spans.first() else { return Some(vec![(open..open, comes?)]) };
    // As the first is set apart from its bracket, so is the new one.
    let apart = &block[open..first.start];
    let lead = if apart.trim().is_empty() { apart } else { "" };
    let tail = if lead.contains('\n') { "," } else { ", " };
    if lead.contains('\n') {
        return Some(vec![(open..open, format!("{lead}{}{tail}", comes?))]);
    }
    Some(vec![(first.start..first.start, format!("{}{tail}", comes?))])
}

/// An element with its comma and the space that goes with it.
fn without(block: &str, list: &Range<usize>, spans: &[Range<usize>], index: usize) -> Option<Range<usize>> {
    let own = spans.get(index)?;
    if let Some(next) = spans.get(index + 1) {
        return Some(own.start..next.start);
    }
    let start = index.checked_sub(1).map_or(own.start, |before| spans[before].end);
    let after = &block[own.end..list.end];
    let comma = after.find(|c: char| !c.is_whitespace()).filter(|at| after[*at..].starts_with(','));
    Some(match (index, comma) {
        (0, Some(at)) => own.start..own.end + at + 1,
        _ => start..own.end,
    })
}

fn of_yaml(block: &str, data: &DatumMap, goes: Option<usize>, comes: Option<&str>) -> Option<Vec<Edit>> {
    let Some((at, line)) = yaml_line(block) else {
        let end = line_end(block);
        return Some(vec![new_line(block, format!("aliases:{end}  - {}{end}", comes?), |_| false)]);
    };
    let value_at = at + line.find(':')? + 1;
    let value = line.trim_end()[line.find(':')? + 1..].trim();
    if value.starts_with('[') {
        let open = value_at + block[value_at..].find('[')?;
        let close = open + block[open..].find(']')? + 1;
        return flow(
            block,
            open..close,
            &elements(block, open..close),
            goes,
            comes.map(|alias| format!("\"{alias}\"")),
        );
    }
    if value.is_empty() || value.starts_with('#') {
        return items(block, at + line.len(), goes, comes);
    }
    // One alias that stands alone.
    let Some(Datum::Text(_)) = data.get("aliases") else { return None };
    let start = value_at + block[value_at..].find(|c: char| !c.is_whitespace())?;
    let value = value.split(" #").next().unwrap_or(value).trim_end();
    let own = start..start + value.len();
    Some(match (goes, comes) {
        (Some(_), Some(alias)) => vec![(own, format!("\"{alias}\""))],
        (Some(_), None) => vec![(own, "[]".into())],
        (None, Some(alias)) => vec![(own.start..own.start, "[".into()), (own.end..own.end, format!(", \"{alias}\"]"))],
        (None, None) => Vec::new(),
    })
}

/// Where the line of the key begins, and the line.
fn yaml_line(block: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in block.split_inclusive('\n') {
        if line.strip_prefix("aliases").is_some_and(|rest| rest.trim_start().starts_with(':')) {
            return Some((at, line));
        }
        at += line.len();
    }
    None
}

/// The elements of a list in brackets without nesting.
fn elements(block: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let inner = &block[list.start + 1..list.end - 1];
    let mut at = list.start + 1;
    let mut found = Vec::new();
    for part in inner.split(',') {
        let lead = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            found.push(at + lead..at + lead + part.trim().len());
        }
        at += part.len() + 1;
    }
    found
}

/// Edits a list of lines that begin with a dash, from byte `from` on.
fn items(block: &str, from: usize, goes: Option<usize>, comes: Option<&str>) -> Option<Vec<Edit>> {
    let mut lines = Vec::new();
    let mut at = from;
    for line in block.get(from..)?.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        match line.trim_start() {
            item if item.starts_with("- ") => lines.push((at..at + line.len(), indent)),
            other if other.trim().is_empty() || other.starts_with('#') || indent > 0 => {}
            _ => break,
        }
        at += line.len();
    }
    let end = line_end(block);
    let indent = lines.first().map_or(2, |(_, indent)| *indent);
    let line = |alias: &str| format!("{}- {alias}{end}", " ".repeat(indent));
    Some(match (goes, comes) {
        (Some(index), Some(alias)) => vec![(lines.get(index)?.0.clone(), line(alias))],
        (Some(index), None) if lines.len() > 1 => vec![(lines.get(index)?.0.clone(), String::new())],
        // The key without an item would be no list.
        (Some(index), None) => {
            let own = lines.get(index)?.0.clone();
            let key = block[..from].trim_end().len();
            vec![(key..key, " []".into()), (own, String::new())]
        }
        (None, Some(alias)) => vec![(from..from, line(alias))],
        (None, None) => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, old: Option<&str>, new: &str, wanted: &str) {
        let edits = turn(text, old, new).unwrap_or_else(|why| panic!("{text:?}: {why}"));
        assert_eq!(applied(text, &edits), wanted, "{text:?}");
    }

    #[test]
    fn toml() {
        let old = Some("/old/");
        check("+++\ntitle = 1\n+++\nb", old, "/n/", "+++\ntitle = 1\naliases = [\"/old/\"]\n+++\nb");
        check("+++\n+++\nb", old, "/n/", "+++\naliases = [\"/old/\"]\n+++\nb");
        check(
            "+++\r\na = 1 # c\r\n\r\n[extra]\r\nb = 1\r\n+++\r\n",
            old,
            "/n/",
            "+++\r\na = 1 # c\r\naliases = [\"/old/\"]\r\n\r\n[extra]\r\nb = 1\r\n+++\r\n",
        );
        check("+++\naliases = ['a']\n+++\n", old, "/n/", "+++\naliases = [\"/old/\", 'a']\n+++\n");
        check("+++\naliases = []\n+++\n", old, "/n/", "+++\naliases = [\"/old/\"]\n+++\n");
        check(
            "+++\naliases = [ # why\n  'a',\n  'b', # last\n]\n+++\n",
            old,
            "/n/",
            "+++\naliases = [ # why\n  \"/old/\", 'a',\n  'b', # last\n]\n+++\n",
        );
        check("+++\naliases = [\n  'a',\n]\n+++\n", old, "/n/", "+++\naliases = [\n  \"/old/\",\n  'a',\n]\n+++\n");
        check("+++\naliases = ['old']\n+++\n", old, "/n/", "+++\naliases = ['old']\n+++\n");
    }

    #[test]
    fn a_page_that_returns_loses_the_alias_it_had() {
        check("+++\naliases = ['/n/']\n+++\n", Some("/old/"), "/n/", "+++\naliases = [\"/old/\"]\n+++\n");
        check("+++\naliases = ['a', '/n/']\n+++\n", None, "/n/", "+++\naliases = ['a']\n+++\n");
        check("+++\naliases = ['/n/', 'a']\n+++\n", None, "/n/", "+++\naliases = ['a']\n+++\n");
        check("+++\naliases = ['/n/',]\n+++\n", None, "/n/", "+++\naliases = []\n+++\n");
        check("---\naliases:\n  - /n/\nt: 1\n---\n", None, "/n/", "---\naliases: []\nt: 1\n---\n");
        check("---\naliases: [a, /n/]\n---\n", None, "/n/", "---\naliases: [a]\n---\n");
    }

    #[test]
    fn yaml() {
        let old = Some("/old/");
        check("---\ntitle: x\n---\nb", old, "/n/", "---\ntitle: x\naliases:\n  - /old/\n---\nb");
        check("---\naliases: [a]\n---\n", old, "/n/", "---\naliases: [\"/old/\", a]\n---\n");
        check("---\naliases: []\n---\n", old, "/n/", "---\naliases: [\"/old/\"]\n---\n");
        check(
            "---\naliases: a # c\n---\n",
            old,
            "/n/",
            "---\naliases: a # c\n---\n".replace("a # c", "[a, \"/old/\"] # c").as_str(),
        );
        check("---\naliases:\n- a\nt: 1\n---\n", old, "/n/", "---\naliases:\n- /old/\n- a\nt: 1\n---\n");
        check("---\naliases:\n    - a\n---\n", old, "/n/", "---\naliases:\n    - /old/\n    - a\n---\n");
    }

    #[test]
    fn without_front_matter_there_is_one_afterwards() {
        check("# A\n", Some("/old/"), "/n/", "---\naliases:\n  - /old/\n---\n\n# A\n");
        check("\u{feff}# A\r\n", Some("/o/"), "/n/", "\u{feff}---\r\naliases:\r\n  - /o/\r\n---\r\n\r\n# A\r\n");
        check("# A\n", None, "/n/", "# A\n");
    }

    #[test]
    fn what_cannot_be_read_is_not_touched() {
        assert!(turn("+++\ntitle = \n+++\n", Some("/o/"), "/n/").is_err());
        assert!(turn("+++\ntitle = 1\n", Some("/o/"), "/n/").is_err());
    }
}
