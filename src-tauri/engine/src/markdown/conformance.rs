//! The conformance suites of `CommonMark`, GitHub and pulldown-cmark, through the renderer that
//! pages go through. What a suite expects differently is listed by number, and must stay so.
#![expect(clippy::disallowed_methods, reason = "the suites are files beside the repository")]

use std::path::Path;

use super::tests::{Bare, bare};
use super::{MarkdownOptions, render};
use crate::vault::Dialect;
use crate::vault::rewrite::{Manner, rewrite};

struct Example {
    number: u64,
    markdown: String,
    html: String,
    extensions: Vec<String>,
}

/// The examples of a suite; nothing where the corpora are not beside the repository.
fn suite(name: &str) -> Option<Vec<Example>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("../../../shared/corpora/conformance").join(format!("{name}.json"));
    let Ok(text) = std::fs::read_to_string(file) else {
        eprintln!("skipped: corpora not found");
        return None;
    };
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let texts = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let example = |value: &serde_json::Value| Example {
        number: value["example"].as_u64().expect("a number"),
        markdown: texts(&value["markdown"]),
        html: texts(&value["html"]),
        extensions: value["extensions"].as_array().into_iter().flatten().map(texts).collect(),
    };
    Some(json["tests"].as_array().expect("a list").iter().map(example).collect())
}

/// The numbers of the examples that come out differently.
fn differing(name: &str, options: &MarkdownOptions, applies: impl Fn(&Example) -> bool) -> Option<(usize, Vec<u64>)> {
    let examples: Vec<_> = suite(name)?.into_iter().filter(applies).collect();
    let differs = |example: &&Example| {
        let ours = render(&example.markdown, 0, options, &Bare).content;
        normal(&ours) != normal(&example.html)
    };
    Some((examples.len(), examples.iter().filter(differs).map(|example| example.number).collect()))
}

/// HTML without what cannot be seen: how a quote is escaped, and white space around blocks.
fn normal(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    let mut pre = 0_usize;
    while !rest.is_empty() {
        let (piece, tag) = match rest.find('<') {
            Some(0) => (&rest[..rest.find('>').map_or(rest.len(), |end| end + 1)], true),
            Some(at) => (&rest[..at], false),
            None => (rest, false),
        };
        rest = &rest[piece.len()..];
        if tag {
            pre = (pre + usize::from(piece.starts_with("<pre"))).saturating_sub(usize::from(piece == "</pre>"));
            if is_block(piece) {
                out.truncate(out.trim_end().len());
                rest = if pre == 0 { rest.trim_start() } else { rest };
            }
            out.push_str(&spelled(piece));
        } else if pre > 0 {
            out.push_str(&piece.replace("&quot;", "\""));
        } else {
            collapse(&mut out, &piece.replace("&quot;", "\""));
        }
    }
    out.trim().replace("<tbody></tbody>", "")
}

/// A tag as pulldown-cmark spells it, where others spell it another way.
fn spelled(tag: &str) -> String {
    match tag {
        "<br>" => "<br />".to_owned(),
        "<hr>" => "<hr />".to_owned(),
        _ if tag.starts_with("<input ") && tag.contains("checked") => "<input checked>".to_owned(),
        _ if tag.starts_with("<input ") => "<input>".to_owned(),
        _ if tag.starts_with("<t") => tag.replace("align=\"", "style=\"text-align: "),
        _ => tag.to_owned(),
    }
}

fn collapse(out: &mut String, text: &str) {
    for c in text.chars() {
        if c != '\n' && c != ' ' {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

fn is_block(tag: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "p",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "dl",
        "dt",
        "dd",
        "br",
        "input",
    ];
    let name = tag.trim_start_matches(['<', '/']).trim_end_matches('>');
    let name = name.split([' ', '/']).next().unwrap_or("");
    BLOCKS.contains(&name)
}

/// A suite, the options it runs with, the extensions of it that these turn on, and the numbers
/// of the examples that pulldown-cmark itself answers differently.
type Run<'a> = (&'a str, MarkdownOptions, &'a [&'a str], &'a [u64]);

fn check(runs: &[Run]) {
    let answers = runs.iter().filter_map(|(name, options, extensions, _)| {
        let applies = |example: &Example| example.extensions.iter().all(|name| extensions.contains(&name.as_str()));
        let (count, differing) = differing(name, options, applies)?;
        assert!(count > 0, "{name} holds examples");
        Some((*name, differing))
    });
    let answers: Vec<_> = answers.collect();
    let expected = runs.iter().map(|(name, _, _, expected)| (*name, expected.to_vec()));
    assert!(answers.is_empty() || answers == expected.collect::<Vec<_>>(), "{answers:#?}");
}

#[test]
fn commonmark() {
    if let Some((count, differing)) = differing("commonmark-0.31.2", &bare(), |_| true) {
        assert_eq!((count, differing), (652, Vec::new()));
    }
}

#[test]
fn github() {
    let on: &[&str] = &["table", "strikethrough", "footnotes"];
    check(&[
        // Comments as HTML 4 had them; CommonMark 0.31 took HTML 5's.
        ("gfm-0.29-spec", bare(), on, &[645, 646]),
        // Autolinks without brackets (19, 24, 25), an example without an answer (20), the tag
        // filter (22), and GitHub's own markup of footnotes (23).
        ("gfm-extensions", bare(), on, &[19, 20, 22, 23, 24, 25]),
        // GitHub's own markup of footnotes.
        ("gfm-regression", bare(), on, &[13]),
        ("gfm-table-style", bare(), on, &[]),
    ]);
}

#[test]
fn pulldown() {
    let lists = MarkdownOptions { definition_list: true, ..bare() };
    let alerts = MarkdownOptions { github_alerts: true, ..bare() };
    let smart = MarkdownOptions { smart_punctuation: true, ..bare() };
    check(&[
        ("pulldown-cmark-footnotes", bare(), &[], &[]),
        ("pulldown-cmark-strikethrough", bare(), &[], &[]),
        ("pulldown-cmark-table", bare(), &[], &[]),
        ("pulldown-cmark-heading_attrs", bare(), &[], &[]),
        // An alert, which is off here (195); the rest is newer than the parser's release.
        ("pulldown-cmark-regression", bare(), &[], &[195, 212, 213, 214]),
        ("pulldown-cmark-definition_lists", lists, &["_deflists"], &[]),
        ("pulldown-cmark-blockquotes_tags", alerts, &[], &[]),
        ("cmark-smart-punct", smart, &[], &[]),
    ]);
}

/// Formulas as pulldown-cmark shows them: their source, which ours carry along, also where they
/// cannot be set.
fn as_source(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    loop {
        let starts = [rest.find("<math"), rest.find("<code class=\"math ")];
        let Some(start) = starts.into_iter().flatten().min() else { return out + rest };
        let is_set = rest[start..].starts_with("<math");
        let close = if is_set { "</math>" } else { "</code>" };
        let end = start + rest[start..].find(close).expect("it is closed") + close.len();
        let formula = &rest[start..end];
        let mark = if is_set { "<annotation encoding=\"application/x-tex\">" } else { "\">" };
        let source = formula.split(mark).nth(1).and_then(|rest| rest.split('<').next()).expect("a source");
        let opening = &formula[..formula.find('>').expect("a tag")];
        let kind = if opening.contains("block") || opening.contains("math-display") { "display" } else { "inline" };
        out.push_str(&rest[..start]);
        out.extend(["<span class=\"math math-", kind, "\">", source, "</span>"]);
        rest = &rest[end..];
    }
}

#[test]
fn formulas() {
    let notes = MarkdownOptions { dialect: Dialect::Obsidian, ..bare() };
    let Some(examples) = suite("pulldown-cmark-math") else { return };
    // White space around a formula is no part of it.
    let even = |html: &str| normal(html).replace("\"> ", "\">").replace(" </span>", "</span>");
    let differs = |example: &&Example| {
        even(&as_source(&render(&example.markdown, 0, &notes, &Bare).content)) != even(&example.html)
    };
    let differing: Vec<u64> = examples.iter().filter(differs).map(|example| example.number).collect();
    assert_eq!((examples.len(), differing), (48, Vec::new()));
}

#[test]
fn double_brackets() {
    let notes = MarkdownOptions { dialect: Dialect::Obsidian, ..bare() };
    let Some(examples) = suite("pulldown-cmark-wikilinks") else { return };
    let plain = |html: &str| normal(html).replace("%5B%5B", "");
    let differs = |example: &&Example| {
        let manner = Manner { dialect: Dialect::Obsidian, embedded: false, front_matter: &|_| None };
        let rewritten = rewrite(&example.markdown, &manner);
        let text = rewritten.as_ref().map_or(example.markdown.as_str(), |rewritten| rewritten.text.as_str());
        plain(&render(text, 0, &notes, &Bare).content) != plain(&example.html)
    };
    let differing: Vec<u64> = examples.iter().filter(differs).map(|example| example.number).collect();
    // As Obsidian has it: what is shown is no link (12), a link without words is called what it leads to
    // (16), a bar in a table is written `\|` (22), and what follows a `#` is a heading (23).
    assert_eq!((examples.len(), differing), (23, vec![12, 16, 22, 23]));
}

/// On every example of every suite, our writer and pulldown-cmark's own write the same bytes.
#[test]
fn equal_to_pulldowns_own_writer() {
    let suites = [
        "commonmark-0.31.2",
        "gfm-0.29-spec",
        "gfm-regression",
        "pulldown-cmark-footnotes",
        "pulldown-cmark-table",
        "pulldown-cmark-heading_attrs",
        "pulldown-cmark-regression",
        "pulldown-cmark-definition_lists",
    ];
    for example in suites.iter().filter_map(|name| suite(name)).flatten() {
        let ours = render(&example.markdown, 0, &bare(), &Bare).content;
        let mut theirs = String::new();
        pulldown_cmark::html::push_html(
            &mut theirs,
            pulldown_cmark::Parser::new_ext(&example.markdown, super::scan::ALWAYS),
        );
        assert_eq!(*ours, *theirs, "{}", example.markdown);
    }
}
