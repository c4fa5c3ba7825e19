//! A page's text: shortcodes become components, and braces that were text stay text.
//! What stands in the front matter is no business of it.

use std::collections::BTreeSet;

use crate::expression::{Macros, given};
use crate::lex::{Kind, Piece, Sort, Token, closing, pieces, tokens};
use crate::{Note, line_of};

struct NoMacros;

impl Macros for NoMacros {
    fn component(&self, space: &str, name: &str) -> String {
        format!("{space}.{name}")
    }
}

/// Where the text after the front matter begins.
pub(crate) fn body_at(text: &str) -> usize {
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    let start = text.len() - trimmed.len();
    for fence in ["+++", "---"] {
        if let Some(rest) = trimmed.strip_prefix(fence) {
            let end = rest.match_indices(fence).find(|(at, _)| rest[..*at].ends_with('\n'));
            if let Some((at, _)) = end {
                return start + fence.len() + at + fence.len();
            }
        }
    }
    0
}

/// Rewrites a page, given the names of the shortcodes there are.
pub(crate) fn upgrade(path: &str, text: &str, known: &BTreeSet<String>) -> (String, Vec<Note>) {
    let start = body_at(text);
    let body = &text[start..];
    let mut out = text[..start].to_owned();
    let (mut notes, mut open) = (Vec::new(), Vec::<String>::new());
    let all = pieces(body);
    // A `{#` is a comment only where templates run at all.
    let runs = body.contains("{{") || body.contains("{%");
    for piece in &all {
        match piece.kind {
            Kind::Text if runs => out += &guarded(piece.text),
            Kind::Text => out += piece.text,
            // A component already.
            _ if piece.parts().1.trim_start().starts_with('<') => out += piece.text,
            _ => match call(piece, known, &mut open, &mut |message| {
                notes.push(Note { path: path.into(), line: line_of(text, start + piece.at), message });
            }) {
                Some(call) => out += &call,
                None => out += &raw(&unescaped(piece.text)),
            },
        }
    }
    (out, notes)
}

/// The call of a component in the place of that of a shortcode.
fn call(
    piece: &Piece<'_>,
    known: &BTreeSet<String>,
    open: &mut Vec<String>,
    note: &mut dyn FnMut(String),
) -> Option<String> {
    let (begin, inner, close) = piece.parts();
    let (found, _) = tokens(inner);
    let name = found.first()?.text.clone();
    if piece.kind == Kind::Statement && name == "end" && found.len() == 1 {
        return open.pop().map(|name| format!("{begin} </{name}> {close}"));
    }
    if !found.get(1)?.is("(") || closing(&found, 1)? + 1 != found.len() {
        return None;
    }
    if !is_literal(&found[2..found.len() - 1]) {
        return None;
    }
    if !known.contains(&name) {
        note(format!("there is no shortcode `{name}`: what was written is shown as it is"));
        return None;
    }
    let mut said = Vec::new();
    let given = given(&found[2..found.len() - 1], &NoMacros, &mut said);
    said.into_iter().for_each(note);
    // What a shortcode was given as its body stands between the tags of a component.
    let (given, body) = without_body(given);
    if let Some(body) = body.filter(|_| piece.kind == Kind::Expression) {
        return Some(format!("{{% <{name}{given}> %}}{body}{{% </{name}> %}}"));
    }
    if piece.kind == Kind::Expression {
        return Some(format!("{begin} <{name}{given} /> {close}"));
    }
    open.push(name.clone());
    Some(format!("{begin} <{name}{given}> {close}"))
}

/// A shortcode was given literals only; anything else was text.
fn is_literal(arguments: &[Token]) -> bool {
    (0..arguments.len()).all(|at| {
        let (token, before) = (&arguments[at], at.checked_sub(1).map(|at| &arguments[at]));
        match token.sort {
            Sort::Text | Sort::Number => true,
            Sort::Word => {
                matches!(token.text.as_str(), "true" | "false" | "True" | "False")
                    || arguments.get(at + 1).is_some_and(|next| next.is("="))
            }
            Sort::Sign => match token.text.as_str() {
                "," | "[" | "]" | "=" => true,
                "-" => before.is_none_or(|before| before.sort == Sort::Sign),
                _ => false,
            },
            Sort::Done => false,
        }
    })
}

/// The arguments without the one called `body`, and that one's text.
fn without_body(given: String) -> (String, Option<String>) {
    for (open, close) in [(" body=\"", "\""), (" body={'", "'}"), (" body={`", "`}")] {
        if let Some((before, after)) = given.split_once(open)
            && let Some((body, rest)) = after.split_once(close)
        {
            return (format!("{before}{rest}"), Some(body.to_owned()));
        }
    }
    (given, None)
}

/// `{{/* x() */}}` was how a shortcode was shown and not run.
fn unescaped(text: &str) -> String {
    let inner = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    if let Some(inner) = inner("{{/*", "*/}}") {
        return format!("{{{{{inner}}}}}");
    }
    if let Some(inner) = inner("{%/*", "*/%}") {
        return format!("{{%{inner}%}}");
    }
    text.to_owned()
}

fn raw(text: &str) -> String {
    format!("{{% raw %}}{text}{{% endraw %}}")
}

/// `{#id}` of a heading must not begin a comment, nor braces that are never closed a tag.
fn guarded(text: &str) -> String {
    let begins = |text: &str| ["{#", "{{", "{%"].iter().filter_map(|open| text.find(open)).min();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = begins(rest) {
        out += &rest[..at];
        // What is raw already.
        if let Some(end) =
            rest[at..].find("endraw").filter(|_| rest[at + 2..].trim_start_matches(['-', ' ']).starts_with("raw"))
        {
            let end = rest[at + end..].find("%}").map_or(rest.len(), |close| at + end + close + 2);
            out += &rest[at..end];
            rest = &rest[end..];
            continue;
        }
        let line = rest[at..].find('\n').map_or(rest.len(), |end| at + end);
        let end = match rest[at..line].find('}') {
            Some(end) if rest[at..].starts_with("{#") => at + end + 1,
            _ => line,
        };
        out += &raw(&rest[at..end]);
        rest = &rest[end..];
    }
    out + rest
}

/// The names of the arguments that a page gives to shortcodes, by their names.
pub(crate) fn arguments_in(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for piece in pieces(&text[body_at(text)..]).iter().filter(|piece| piece.kind != Kind::Text) {
        let (inside, _) = tokens(piece.parts().1);
        let [name, open, rest @ ..] = inside.as_slice() else { continue };
        if open.is("(") {
            let named =
                rest.windows(2).filter(|two| two[1].is("=")).map(|two| (name.text.clone(), two[0].text.clone()));
            found.extend(named);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(text: &str) -> String {
        upgrade("a.md", text, &BTreeSet::from(["youtube".into(), "quote".into()])).0
    }

    #[test]
    fn shortcodes_become_components() {
        assert_eq!(
            now(
                "+++\ntitle = \"{{ x }}\"\n+++\n{{ youtube(id=\"a\", autoplay=true) }}\n{% quote(by='B') %}\nText\n{% end %}\n"
            ),
            "+++\ntitle = \"{{ x }}\"\n+++\n{{ <youtube id=\"a\" autoplay={true} /> }}\n{% <quote by={'B'}> %}\nText\n{% </quote> %}\n"
        );
    }

    #[test]
    fn braces_that_were_text_stay_text() {
        assert_eq!(
            now("a {{ b }} {{/* youtube(id=1) */}} {{ other() }}\n## T {#id}\n"),
            "a {% raw %}{{ b }}{% endraw %} {% raw %}{{ youtube(id=1) }}{% endraw %} {% raw %}{{ other() }}{% endraw %}\n## T {% raw %}{#id}{% endraw %}\n"
        );
        assert_eq!(now("## T {#id}\n"), "## T {#id}\n");
        assert_eq!(now("a {{}_{1}C\nb {%s"), "a {% raw %}{{}_{1}C{% endraw %}\nb {% raw %}{%s{% endraw %}");
        assert_eq!(now("{{ youtube(id=a[1-2]) }}"), "{% raw %}{{ youtube(id=a[1-2]) }}{% endraw %}");
        assert_eq!(now("{% raw %}{{ a }}{% endraw %} {% b"), "{% raw %}{{ a }}{% endraw %} {% raw %}{% b{% endraw %}");
        assert_eq!(now("{{ quote(body=\"b c\", by=1) }}"), "{% <quote by={1}> %}b c{% </quote> %}");
    }
}
