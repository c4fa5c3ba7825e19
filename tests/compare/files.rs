//! The files of two outputs: which are on one side only, and how each kind is compared.
//! It reads, and writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::builds::Outputs;
use crate::code::{self, Sheet};
use crate::differences::Differences;
use crate::dom::Page;
use crate::hunks;
use crate::node::Node;

/// Files that only one side may have, and why that is right. A name that ends in `*` is a prefix.
const ONE_SIDED: &[(&str, &str)] = &[];

/// Style sheets of highlighted code: their rules are compared through the code that they colour.
const COLOURS: &[&str] = &["giallo.css", "giallo-light.css", "giallo-dark.css"];

/// Compares two outputs.
pub fn compare(outputs: &Outputs) -> Outcome<Differences> {
    let (zola, galley) = (list(&outputs.zola)?, list(&outputs.galley)?);
    let mut found = Differences::default();
    for path in zola.keys().collect::<BTreeSet<_>>().difference(&galley.keys().collect()) {
        one_sided(&mut found, "Zola", path);
    }
    for path in galley.keys().collect::<BTreeSet<_>>().difference(&zola.keys().collect()) {
        one_sided(&mut found, "Galley", path);
    }
    let sheets = [&outputs.zola, &outputs.galley].map(|folder| sheet(folder));
    for (path, one) in &zola {
        if let Some(other) = galley.get(path) {
            found.files += 1;
            let again: Vec<_> = outputs.again.iter().filter_map(|folder| fs::read(folder.join(path)).ok()).collect();
            let one = fs::read(one)?;
            let varies = again.iter().any(|again| *again != one);
            both(&mut found, path, [&one, &fs::read(other)?], &sheets, varies);
        }
    }
    Ok(found)
}

fn one_sided(found: &mut Differences, side: &str, path: &str) {
    let known = ONE_SIDED.iter().find(|(name, _)| match name.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == *name,
    });
    match known {
        Some((name, why)) => found.note(format!("only from {side}, rightly: {name} ({why})")),
        None => found.one_sided(side, path),
    }
}

fn both(found: &mut Differences, path: &str, [zola, galley]: [&[u8]; 2], sheets: &[Sheet; 2], varies: bool) {
    if COLOURS.contains(&path) {
        return;
    }
    let is_page = Path::new(path).extension().is_some_and(|extension| extension == "html" || extension == "htm");
    if is_page {
        found.pages += 1;
    }
    match (std::str::from_utf8(zola), std::str::from_utf8(galley)) {
        (Ok(zola), Ok(galley)) if is_page => page(found, path, [zola, galley], sheets, varies),
        _ if zola == galley => {}
        (Ok(zola), Ok(galley)) if is_xml(path) => {
            found.unlike_bytes += 1;
            text(found, path, &xml(zola), &xml(galley));
        }
        (Ok(zola), Ok(galley)) => text(found, path, zola, galley),
        _ => {
            let sizes = [zola, galley].map(|bytes| format!("{} bytes", bytes.len()));
            found.file(path, &[(format!("{} bytes differ", extension(path)), sizes[0].clone(), sizes[1].clone())]);
        }
    }
}

fn page(found: &mut Differences, path: &str, texts: [&str; 2], sheets: &[Sheet; 2], varies: bool) {
    let [mut zola, mut galley] = texts.map(Page::parse);
    if varies && zola.nodes != galley.nodes {
        // The order is Zola's whim here: what counts is that the same pieces are there.
        found.varying += 1;
        zola.nodes = bag(zola.nodes);
        galley.nodes = bag(galley.nodes);
    }
    let hunks = hunks::of_nodes(&zola.nodes, &galley.nodes);
    let told: Vec<_> = hunks.into_iter().map(|hunk| (hunk.kind, hunk.zola, hunk.galley)).collect();
    found.page(path, &told);
    for (one, other) in zola.code.iter().zip(&galley.code) {
        if let Some((same, all)) = code::alike(one, other, [&sheets[0], &sheets[1]]) {
            found.colours(path, same, all);
        }
    }
}

/// Tags and words in order, wherever they stood.
fn bag(nodes: Vec<Node>) -> Vec<Node> {
    let words = |node| match node {
        Node::Text(text) => text.split_whitespace().map(|word| Node::Text(word.to_owned())).collect(),
        other => vec![other],
    };
    let mut all: Vec<Node> = nodes.into_iter().flat_map(words).collect();
    all.sort();
    all
}

fn text(found: &mut Differences, path: &str, zola: &str, galley: &str) {
    let kind = format!("{} text", extension(path));
    let mut told: Vec<_> =
        hunks::of_lines(zola, galley).into_iter().map(|(one, other)| (kind.clone(), one, other)).collect();
    if told.is_empty() && !is_xml(path) {
        told.push((format!("{kind}: ends of lines"), String::new(), String::new()));
    }
    found.file(path, &told);
}

fn is_xml(path: &str) -> bool {
    extension(path) == "xml"
}

/// XML with one piece a line, without white space between elements and without the name of the
/// program that wrote it.
fn xml(text: &str) -> String {
    let mut lines = Vec::new();
    for piece in text.split('<').filter(|piece| !piece.trim().is_empty()) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let is_name = |line: &&str| line.starts_with("<generator");
        let tag = if tag.starts_with("generator") { "generator" } else { tag };
        lines.push(format!("<{tag}>"));
        if text.contains("&lt;") {
            lines.extend(html_in_xml(text));
        } else if !text.trim().is_empty() && !lines.last().is_some_and(|line| is_name(&line.as_str())) {
            lines.push(text.trim().to_owned());
        }
    }
    lines.join("\n")
}

/// HTML that an element holds as its text, as pieces: a feed's content.
fn html_in_xml(text: &str) -> Vec<String> {
    let mut html = text.to_owned();
    for (name, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")]
    {
        html = html.replace(name, letter);
    }
    Page::parse(&html).nodes.iter().map(Node::show).collect()
}

fn extension(path: &str) -> &str {
    Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or("other")
}

fn sheet(folder: &Path) -> Sheet {
    let texts = COLOURS.iter().filter_map(|name| fs::read_to_string(folder.join(name)).ok());
    texts.take(1).map(|css| code::sheet(&css)).next().unwrap_or_default()
}

/// All files below a folder, by their path in it.
fn list(folder: &Path) -> Outcome<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.insert(name, path);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(zola: &[(&str, &str)], galley: &[(&str, &str)]) -> String {
        let scratch = tempfile::tempdir().unwrap();
        let outputs = Outputs { zola: scratch.path().join("z"), again: Vec::new(), galley: scratch.path().join("g") };
        for (folder, files) in [(&outputs.zola, zola), (&outputs.galley, galley)] {
            fs::create_dir_all(folder).unwrap();
            for (path, text) in files {
                fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
                fs::write(folder.join(path), text).unwrap();
            }
        }
        let mut out = Vec::new();
        let found = compare(&outputs).unwrap();
        found.print(&mut out).unwrap();
        format!("{} {}", found.is_empty(), String::from_utf8(out).unwrap())
    }

    #[test]
    fn equal_outputs_have_no_difference() {
        let told = compared(
            &[("a/index.html", "<p>a </p>"), ("a.xml", "<a/>")],
            &[("a/index.html", "<p>a"), ("a.xml", "<a/>")],
        );
        assert!(told.starts_with("true Equal: 2 files"), "{told}");
    }

    #[test]
    fn feeds_may_be_set_otherwise_and_name_their_program() {
        let one = "<feed>\n  <generator uri=\"z\">Zola</generator>\n\n  <name>\n A </name></feed>";
        let other = "<feed><generator uri=\"g\">Galley</generator><name>A</name></feed>";
        assert_eq!(xml(one), xml(other));
        assert_eq!(xml("<a>&lt;p&gt;It&#39;s</a>"), xml("<a>&lt;p&gt;It&apos;s&lt;/p&gt;</a>"));
        assert_ne!(xml(one), xml(&other.replace('A', "B")));
        let told = compared(&[("a.xml", one)], &[("a.xml", other)]);
        assert!(told.starts_with("true 1 XML files"), "{told}");
    }

    #[test]
    fn what_varies_in_zola_is_compared_without_order() {
        let mut found = Differences::default();
        let sheets = [Sheet::new(), Sheet::new()];
        page(&mut found, "a.html", ["<p>a<p>b", "<p>b<p>a"], &sheets, true);
        assert!(found.is_empty());
        page(&mut found, "a.html", ["<p>a<p>b", "<p>b<p>a"], &sheets, false);
        assert!(!found.is_empty());
    }

    #[test]
    fn each_kind_of_file_is_told_apart() {
        let told = compared(
            &[("a.html", "<p>a"), ("b.xml", "<a/>"), ("c.css", "a"), ("only.txt", "")],
            &[("a.html", "<p>b"), ("b.xml", "<b/>"), ("c.css", "a"), ("mine.txt", "")],
        );
        assert!(told.starts_with("false"), "{told}");
        for part in ["only from Zola", "only.txt", "only from Galley", "mine.txt", "text differs", "xml text"] {
            assert!(told.contains(part), "no {part} in {told}");
        }
        assert!(told.contains("1 of 1 pages and 1 other files differ"), "{told}");
    }
}
