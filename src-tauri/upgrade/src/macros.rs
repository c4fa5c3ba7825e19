//! The macros of all templates together: the names their components have, and what each reads of the
//! page around it. A macro could read that unasked; a component must ask, for itself and for those
//! that it calls.

use std::collections::{BTreeMap, BTreeSet};

use crate::expression::Macros;
use crate::lex::{Kind, Token, pieces, tokens};
use crate::shortcode::reads;

/// What Zola gives to templates, in one or all of them.
const AROUND: &[&str] = &[
    "config",
    "page",
    "section",
    "lang",
    "paginator",
    "term",
    "terms",
    "taxonomy",
    "pages",
    "current_path",
    "current_url",
];

/// All macros of a site and its themes.
#[derive(Default)]
pub(crate) struct Book {
    /// The file's name for components, by the name under which any template imports it.
    imports: BTreeMap<String, String>,
    /// What a component asks for, by its full name.
    asks: BTreeMap<String, BTreeSet<String>>,
    /// Whether only what is written as it used to be is rewritten.
    pub only_old: bool,
}

/// The macros as one template calls them.
pub(crate) struct Spaces<'a> {
    own: BTreeMap<String, String>,
    book: &'a Book,
}

impl Macros for Spaces<'_> {
    fn component(&self, space: &str, name: &str) -> String {
        let file = self.own.get(space).or_else(|| self.book.imports.get(space)).map_or(space, String::as_str);
        format!("{file}.{name}")
    }

    fn guards(&self) -> bool {
        !self.book.only_old
    }
}

/// The name under which the macros of a template file go: `macros/post-list.html` as `post_list`.
pub(crate) fn space(file: &str) -> String {
    let stem = file.rsplit('/').next().unwrap_or(file);
    let stem = stem.split('.').next().unwrap_or(stem);
    let plain: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if plain.starts_with(|c: char| c.is_ascii_digit()) { format!("_{plain}") } else { plain }
}

/// One macro while it is read.
struct Open {
    name: String,
    parameters: BTreeSet<String>,
    body: String,
}

impl Book {
    /// Reads all templates, given by name and text.
    pub(crate) fn of<'a>(templates: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let mut book = Self::default();
        for (_, text) in templates.clone() {
            book.imports.extend(imports(text));
        }
        let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, text) in templates {
            let spaces = book.spaces(name, text);
            let found: Vec<_> = macros(text)
                .into_iter()
                .map(|open| {
                    let full = format!("{}.{}", space(name), open.name);
                    let read = reads(&open.body).into_iter();
                    let asks: BTreeSet<String> = read
                        .filter(|name| AROUND.contains(&name.as_str()) && !open.parameters.contains(name))
                        .collect();
                    (full, asks, called(&open.body, &spaces))
                })
                .collect();
            for (full, asks, called) in found {
                calls.entry(full.clone()).or_default().extend(called);
                book.asks.entry(full).or_default().extend(asks);
            }
        }
        book.spread(&calls);
        book
    }

    /// What a called component asks for, the caller must have.
    fn spread(&mut self, calls: &BTreeMap<String, BTreeSet<String>>) {
        loop {
            let mut more = Vec::new();
            for (caller, called) in calls {
                let has = self.asks.get(caller).cloned().unwrap_or_default();
                let wants = called.iter().filter_map(|name| self.asks.get(name)).flatten();
                more.extend(wants.filter(|name| !has.contains(*name)).map(|name| (caller.clone(), name.clone())));
            }
            if more.is_empty() {
                return;
            }
            for (caller, name) in more {
                self.asks.entry(caller).or_default().insert(name);
            }
        }
    }

    /// How a template calls macros.
    pub(crate) fn spaces(&self, name: &str, text: &str) -> Spaces<'_> {
        let mut own: BTreeMap<_, _> = imports(text).into_iter().collect();
        own.insert("self".into(), space(name));
        Spaces { own, book: self }
    }

    /// The parameters by which a component is given what is around it, and not what it is given
    /// anyway.
    pub(crate) fn around(&self, component: &str, given: &BTreeSet<String>) -> Vec<String> {
        let asks = self.asks.get(component).into_iter().flatten().filter(|name| !given.contains(*name));
        asks.map(|name| implicit(name)).collect()
    }
}

/// A parameter that comes from around the call. Not every page has all of them.
pub(crate) fn implicit(name: &str) -> String {
    if matches!(name, "config" | "lang") { format!("@{name}") } else { format!("@{name} = none") }
}

fn imports(text: &str) -> Vec<(String, String)> {
    let statements = pieces(text).into_iter().filter(|piece| piece.kind == Kind::Statement);
    let read = |inner: &str| {
        let (found, _) = tokens(inner);
        match found.as_slice() {
            [import, file, by, alias, ..] if import.is("import") && by.is("as") => {
                Some((alias.text.clone(), space(file.text.trim_matches(['"', '\'', '`']))))
            }
            _ => None,
        }
    };
    statements.filter_map(|piece| read(piece.parts().1)).collect()
}

fn macros(text: &str) -> Vec<Open> {
    let (mut found, mut open): (Vec<Open>, Option<Open>) = (Vec::new(), None);
    for piece in pieces(text) {
        let (inside, _) =
            if piece.kind == Kind::Statement { tokens(piece.parts().1) } else { (Vec::new(), String::new()) };
        match inside.first().map_or("", |token| token.text.as_str()) {
            "macro" => {
                let name = inside.get(1).map_or_else(String::new, |token| token.text.clone());
                open = Some(Open { name, parameters: parameters(&inside), body: String::new() });
            }
            "endmacro" => found.extend(open.take()),
            _ => {
                if let Some(open) = &mut open {
                    open.body += piece.text;
                }
            }
        }
    }
    found
}

/// The names of the parameters in `macro name(a, b="c")`.
pub(crate) fn parameters(inside: &[Token]) -> BTreeSet<String> {
    let Some(end) = inside.len().checked_sub(1).filter(|end| *end > 3) else { return BTreeSet::new() };
    let parts = crate::lex::arguments(&inside[3..end]);
    parts.iter().filter_map(|part| Some(part.first()?.text.clone())).collect()
}

/// The full names of the components that a macro's body calls.
fn called(body: &str, spaces: &Spaces<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for piece in pieces(body).iter().filter(|piece| piece.kind != Kind::Text) {
        let (inside, _) = tokens(piece.parts().1);
        for three in inside.windows(3).filter(|three| three[1].is("::")) {
            found.insert(spaces.component(&three[0].text, &three[2].text));
        }
    }
    found
}
