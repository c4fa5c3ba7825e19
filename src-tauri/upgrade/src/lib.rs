//! The room that brings a site of Zola 0.22, with templates of Tera 1, to Zola 0.23 and Tera 2.
//! It reads texts and gives texts: it never touches a disk, and says what it could not do.
#![warn(missing_docs)]
#![allow(clippy::format_push_string, reason = "a site is upgraded once: what reads well goes before what is quick")]

use std::collections::{BTreeMap, BTreeSet};

mod config;
mod content;
mod expression;
mod front_matter;
mod lex;
mod macros;
mod shortcode;
mod template;

/// What to do by hand, or what was taken away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file, below the site.
    pub path: String,
    /// From 1, in the file as it was.
    pub line: usize,
    /// In words.
    pub message: String,
}

/// A file that is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it is now.
    pub path: String,
    /// Where it was, if somewhere else.
    pub from: Option<String>,
    /// Its text as it was.
    pub before: String,
    /// Its text as it is.
    pub after: String,
}

/// All that an upgrade changes, in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upgrade {
    /// The files that change.
    pub changes: Vec<Change>,
    /// What is left to do by hand.
    pub notes: Vec<Note>,
}

/// Rewrites a site, given its texts by their paths below the site. What is of today already is left
/// alone, so that a second upgrade changes nothing.
pub fn upgrade(files: &BTreeMap<String, String>) -> Upgrade {
    let mut done = Upgrade::default();
    let shortcodes: BTreeSet<String> = files.keys().filter_map(|path| Some(shortcode_of(path)?.1)).collect();
    // A site's own template stands before that of a theme.
    let mut templates: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in files.iter().rev() {
        if let Some(name) = template_name(path) {
            templates.insert(name, text);
        }
    }
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("templates/")) {
        templates.extend(template_name(path).map(|name| (name, text.as_str())));
    }
    let all = files.iter().filter_map(|(path, text)| Some((template_name(path)?, text.as_str())));
    let mut book = macros::Book::of(all);
    let exists = |name: &str| templates.contains_key(name);
    let has_block = |parent: &str, block: &str| inherits(&templates, parent, block);
    book.only_old = true;
    let others = template::Others { book: &book, exists: &exists, has_block: &has_block };
    let is_old = |(path, text): (&String, &String)| match template_name(path) {
        Some(name) => template::upgrade(name, text, &others).text != *text,
        None if is_config(path) => config::upgrade(path, text).is_some_and(|(new, _)| new != *text),
        None => is_page(path) && front_matter::upgrade(path, text).0 != *text,
    };
    if shortcodes.is_empty() && !files.iter().any(is_old) {
        return done;
    }
    book.only_old = false;
    let others = template::Others { book: &book, exists: &exists, has_block: &has_block };
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, text) in files.iter().filter(|(path, _)| is_page(path)) {
        for (shortcode, argument) in content::arguments_in(text) {
            given.entry(shortcode).or_default().insert(argument);
        }
    }
    for (path, text) in files {
        let mut to = path.clone();
        let (after, notes) = if let Some((folder, name)) = shortcode_of(path) {
            to = format!("{folder}/components/{}", path.rsplit('/').next().unwrap_or_default());
            of_shortcode(path, &name, text, &others, given.get(&name))
        } else if let Some(name) = template_name(path) {
            let made = template::upgrade(name, text, &others);
            (made.text, made.notes)
        } else if is_config(path) {
            config::upgrade(path, text).unwrap_or_else(|| (text.clone(), Vec::new()))
        } else {
            continue;
        };
        done.take(path, to, text, after, notes);
    }
    // In a site of today braces in a text mean what they say.
    if !done.changes.is_empty() {
        for (path, text) in files.iter().filter(|(path, _)| is_page(path)) {
            let (sound, mut said) = front_matter::upgrade(path, text);
            let (after, notes) = content::upgrade(path, &sound, &shortcodes);
            said.extend(notes);
            let notes = said;
            done.take(path, path.clone(), text, after, notes);
        }
    }
    done.changes.sort_by(|a, b| a.path.cmp(&b.path));
    done.notes.sort();
    done
}

/// Whether a template or one that it extends has a block; one that cannot be seen may have it.
fn inherits(templates: &BTreeMap<&str, &str>, name: &str, block: &str) -> bool {
    let mut name = name.to_owned();
    for _ in 0..=templates.len() {
        // `theme/templates/base.html` names a theme's own.
        let short = name.split_once("/templates/").map_or(name.as_str(), |(_, short)| short);
        let Some(text) = templates.get(short) else { return true };
        let (mut parent, mut found) = (None, false);
        for piece in lex::pieces(text).iter().filter(|piece| piece.kind == lex::Kind::Statement) {
            let (inside, _) = lex::tokens(piece.parts().1);
            let word = |at: usize| inside.get(at).map_or("", |token| token.text.as_str());
            found |= word(0) == "block" && word(1) == block;
            if word(0) == "extends" {
                parent = Some(word(1).trim_matches(['"', '\'', '`']).to_owned());
            }
        }
        match parent {
            _ if found => return true,
            Some(parent) => name = parent,
            None => return false,
        }
    }
    true
}

impl Upgrade {
    fn take(&mut self, path: &str, to: String, before: &str, after: String, notes: Vec<Note>) {
        self.notes.extend(notes.into_iter().map(|note| Note { path: path.to_owned(), ..note }));
        if after != before || to != path {
            let from = (to != path).then(|| path.to_owned());
            self.changes.push(Change { from, path: to, before: before.to_owned(), after });
        }
    }
}

fn of_shortcode(
    path: &str,
    name: &str,
    text: &str,
    others: &template::Others<'_>,
    given: Option<&BTreeSet<String>>,
) -> (String, Vec<Note>) {
    let inner = template::upgrade(name, text, others);
    let (text, reads_nth) = shortcode::component(name, text, &inner.text, given.unwrap_or(&BTreeSet::new()));
    let mut notes = inner.notes;
    if reads_nth {
        let message = "`nth` is no more: give each call a name or a number".into();
        notes.push(Note { path: path.to_owned(), line: 1, message });
    }
    (text, notes)
}

/// The folder of templates and the name, where a path is that of a shortcode.
fn shortcode_of(path: &str) -> Option<(&str, String)> {
    let (folder, file) = path.split_once("templates/shortcodes/")?;
    let folder = &path[..folder.len() + "templates".len()];
    let name = file.strip_suffix(".html").or_else(|| file.strip_suffix(".md"))?;
    // A component's name is a word: other names were called as they are, which no component can be.
    let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_word.then(|| (folder, name.to_owned()))
}

/// The name of a template below the folder of templates, the site's own or a theme's.
fn template_name(path: &str) -> Option<&str> {
    let name = match path.strip_prefix("templates/") {
        Some(name) => name,
        None => path.strip_prefix("themes/")?.split_once('/')?.1.strip_prefix("templates/")?,
    };
    let known = [".html", ".xml", ".md", ".txt", ".json", ".ics"];
    known.iter().any(|end| name.ends_with(end)).then_some(name)
}

fn is_page(path: &str) -> bool {
    path.starts_with("content/") && path.strip_suffix(".md").is_some()
}

fn is_config(path: &str) -> bool {
    let of_theme = || path.strip_prefix("themes/")?.split_once('/').map(|(_, file)| file);
    matches!(of_theme().unwrap_or(path), "zola.toml" | "config.toml")
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.char_indices().take_while(|(place, _)| *place < at).filter(|(_, c)| *c == '\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    const OLD: &[(&str, &str)] = &[
        ("config.toml", "base_url = \"x\"\ngenerate_feed = true\n"),
        ("content/a.md", "+++\n+++\n{{ box(text=\"t\") }}\n"),
        ("templates/macros/m.html", "{% macro a() %}x{% endmacro a %}"),
        ("templates/page.html", "{% import \"macros/m.html\" as m %}{{ m::a() }}"),
        ("templates/shortcodes/box.html", "<b>{{ text }}</b>\n"),
        ("static/x.html", "{{ m::a() }}"),
    ];

    #[test]
    fn a_site_is_rewritten_once() {
        let files = site(OLD);
        let done = upgrade(&files);
        let after =
            |path: &str| done.changes.iter().find(|change| change.path == path).map(|change| change.after.as_str());
        assert_eq!(after("content/a.md"), Some("+++\n+++\n{{ <box text=\"t\" /> }}\n"));
        assert_eq!(
            after("templates/components/box.html"),
            Some("{% component box(text = none) %}<b>{{ text }}</b>{% endcomponent box %}\n")
        );
        assert_eq!(after("templates/page.html"), Some("{{ <m.a /> }}"));
        assert_eq!(after("static/x.html"), None);
        let mut new = files;
        for change in &done.changes {
            new.remove(change.from.as_ref().unwrap_or(&change.path));
            new.insert(change.path.clone(), change.after.clone());
        }
        assert_eq!(upgrade(&new), Upgrade::default());
    }

    /// Half a tag, or one in the wrong place, is a writer's slip and no reason to fall over.
    #[test]
    fn no_template_is_too_odd() {
        let parts = [
            "{% macro",
            "{% macro a( %}",
            "{% endmacro %}",
            "{{ m:: }}",
            "{{ ::a( }}",
            "{% import %}",
            "{% include %}",
            "{{ a | }}",
            "{{ a | filter( }}",
            "{{ | map(attribute=1) }}",
            "{{ a is }}",
            "{{ get_env }}",
            "{{ get_env( }}",
            "{% extends %}",
            "{% block %}",
            "{% end %}",
            "{% set %}",
            "{{ a.0. }}",
            "{{ round(method=) | round( }}",
            "{{ x[ }}",
            "{{ a(b= }}",
            "{% for %}",
            "{{ ] }}",
            "{#}",
            "é{{ 'é",
        ];
        for a in parts {
            for b in parts {
                let text = format!("{a} {b}");
                upgrade(&site(&[
                    ("config.toml", "generate_feed = true"),
                    ("content/_index.md", &format!("+++\n+++\n{text}")),
                    ("templates/m.html", &text),
                    ("templates/shortcodes/a.html", &text),
                ]));
            }
        }
    }
}
