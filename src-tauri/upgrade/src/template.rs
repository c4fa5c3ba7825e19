//! One template: macros become components, imports go, and every tag is rewritten.
//! It knows nothing of other files but which there are.

use crate::expression::rewrite;
use crate::lex::{Kind, Piece, Token, arguments, join, pieces, tokens};
use crate::macros::{Book, Spaces, parameters, space};
use crate::{Note, line_of};

/// A rewritten template.
pub(crate) struct Made {
    pub text: String,
    pub notes: Vec<Note>,
}

/// What a template needs to know of the others.
pub(crate) struct Others<'a> {
    /// The macros of all of them.
    pub book: &'a Book,
    /// Whether there is a template of a name.
    pub exists: &'a dyn Fn(&str) -> bool,
    /// Whether a template that extends `parent` can fill a block of a name.
    pub has_block: &'a dyn Fn(&str, &str) -> bool,
}

/// Rewrites a template.
pub(crate) fn upgrade(path: &str, text: &str, others: &Others<'_>) -> Made {
    let all = pieces(text);
    let mut work = Work {
        path,
        text,
        others,
        spaces: others.book.spaces(path, text),
        notes: Vec::new(),
        out: String::new(),
        open: Vec::new(),
        parent: None,
        trim: false,
    };
    for piece in &all {
        work.piece(piece);
    }
    Made { text: work.out, notes: work.notes }
}

/// Stands among what is open for what is taken away.
const DROPPED: &str = "dropped";

struct Work<'a> {
    path: &'a str,
    text: &'a str,
    others: &'a Others<'a>,
    spaces: Spaces<'a>,
    notes: Vec<Note>,
    out: String,
    /// What is open, with the full names of components.
    open: Vec<String>,
    /// The template that it extends: then only blocks and components of it are used.
    parent: Option<String>,
    /// The tag before was taken away with its line.
    trim: bool,
}

impl Work<'_> {
    fn note(&mut self, at: usize, message: impl Into<String>) {
        self.notes.push(Note { path: self.path.into(), line: line_of(self.text, at), message: message.into() });
    }

    /// Whether a child template would not show what stands here.
    fn is_ignored(&self) -> bool {
        let shown = |open: &String| open == "block" || open.starts_with("component");
        self.open.iter().any(|open| open == DROPPED) || (self.parent.is_some() && !self.open.iter().any(shown))
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        match piece.kind {
            Kind::Text => self.plain(piece),
            Kind::Expression if self.is_ignored() => self.ignored(piece),
            Kind::Expression => {
                let (open, inner, close) = piece.parts();
                let (found, end) = tokens(inner);
                let made = self.rewritten(found, piece.at);
                self.out += &format!("{open}{}{end}{close}", join(&made));
            }
            Kind::Statement => self.statement(piece),
        }
    }

    fn plain(&mut self, piece: &Piece<'_>) {
        let mut text = piece.text;
        if std::mem::take(&mut self.trim) {
            // The line of a tag that is gone goes too.
            let line = text.find('\n').map_or(text.len(), |end| end + 1);
            if text[..line].trim().is_empty() && (self.out.is_empty() || self.out.ends_with('\n')) {
                text = &text[line..];
            }
        }
        if self.is_ignored() && !text.trim().is_empty() && !text.trim_start().starts_with("{#") {
            self.ignored(&Piece { text, ..*piece });
        } else {
            self.out += text;
        }
    }

    fn ignored(&mut self, piece: &Piece<'_>) {
        self.note(
            piece.at,
            format!("`{}` stood outside every block, where it was never shown: it is gone", first_words(piece.text)),
        );
        self.trim = true;
    }

    fn rewritten(&mut self, found: Vec<Token>, at: usize) -> Vec<Token> {
        let mut said = Vec::new();
        let made = rewrite(found, &self.spaces, &mut said);
        for message in said {
            self.note(at, message);
        }
        made
    }

    fn statement(&mut self, piece: &Piece<'_>) {
        let (open, inner, close) = piece.parts();
        let (found, end) = tokens(inner);
        let word = found.first().map_or("", |token| token.text.as_str()).to_owned();
        if word == "import" {
            self.trim = true;
            return;
        }
        if word == "extends" {
            self.parent = found.get(1).map(|token| token.text.trim_matches(['"', '\'', '`']).to_owned());
            // What stood before it was text of the file alone.
            self.out += piece.text;
            return;
        }
        let is_dropped = self.open.iter().any(|open| open == DROPPED);
        let opens = !is_dropped && matches!(word.as_str(), "macro" | "component")
            || !is_dropped && word == "block" && self.fills(found.get(1).map_or("", |token| token.text.as_str()));
        if self.is_ignored() && !opens && !word.starts_with("end") {
            if matches!(word.as_str(), "if" | "for" | "filter" | "block")
                || (word == "set" && !found.iter().any(|token| token.is("=")))
            {
                self.open.push(DROPPED.into());
            }
            return self.ignored(piece);
        }
        match word.as_str() {
            "macro" => {
                let name = found.get(1).map_or("", |token| token.text.as_str());
                let full = format!("{}.{name}", space(self.path));
                let (parameters, defaults) = self.parameters(&found, &full, piece.at);
                self.out += &format!("{open} component {full}({parameters}){end}{close}{defaults}");
                self.open.push(format!("component {full}"));
            }
            "endmacro" => {
                let full = self.open.pop().unwrap_or_default();
                self.out += &format!("{open} end{full} {close}");
            }
            "include" => self.include(piece, &found),
            _ if word.starts_with("end") => {
                if self.open.pop().as_deref() == Some(DROPPED) {
                    return self.ignored(piece);
                }
                self.out += piece.text;
            }
            _ => {
                let is_open = match word.as_str() {
                    "set" | "set_global" => !found.iter().any(|token| token.is("=")),
                    "if" | "for" | "block" | "filter" | "component" => true,
                    _ => false,
                };
                if is_open {
                    self.open.push(word);
                }
                let made = self.rewritten(found, piece.at);
                self.out += &format!("{open}{}{end}{close}", join(&made));
            }
        }
    }

    /// Whether a block at this place is one that the parent has.
    fn fills(&self, block: &str) -> bool {
        match &self.parent {
            Some(parent) if self.open.is_empty() => (self.others.has_block)(parent, block),
            _ => true,
        }
    }

    /// The parameters of a component, and what gives them their values. A default would bind a
    /// parameter to the type of its value, which a macro never did.
    fn parameters(&mut self, found: &[Token], full: &str, at: usize) -> (String, String) {
        let given = parameters(found);
        let (mut required, mut optional, mut defaults) = (Vec::new(), Vec::new(), String::new());
        let end = found.len().saturating_sub(1).max(3.min(found.len()));
        for part in arguments(found.get(3..end).unwrap_or_default()) {
            match part {
                [name, equals, value @ ..] if equals.is("=") => {
                    let value = join(&self.rewritten(value.to_vec(), at));
                    let (name, value) = (&name.text, value.trim());
                    optional.push(format!("{name} = none"));
                    defaults +=
                        &format!("{{%- set {name} = {value} if {name} is undefined or {name} is none else {name} -%}}");
                }
                [name, ..] => required.push(name.text.clone()),
                [] => {}
            }
        }
        let around = self.others.book.around(full, &given);
        (required.into_iter().chain(around).chain(optional).collect::<Vec<_>>().join(", "), defaults)
    }

    /// An include may be missing no more: it is there, or it is gone.
    fn include(&mut self, piece: &Piece<'_>, found: &[Token]) {
        let names: Vec<&str> = found
            .iter()
            .skip(1)
            .take_while(|token| !token.is("ignore"))
            .filter(|token| token.sort == crate::lex::Sort::Text)
            .map(|token| token.text.as_str())
            .collect();
        let is_plain = names.len() == 1 && found.len() == 2;
        let there = names.iter().find(|name| (self.others.exists)(name.trim_matches(['"', '\'', '`'])));
        match there {
            _ if is_plain => self.out += piece.text,
            Some(name) => {
                let (open, _, close) = piece.parts();
                self.out += &format!("{open} include {name} {close}");
            }
            None => {
                self.note(
                    piece.at,
                    format!(
                        "{} is not there, and an include may be missing no more: the line is gone",
                        names.join(", ")
                    ),
                );
                self.trim = true;
            }
        }
    }
}

fn first_words(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    if short.len() < text.trim().len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(path: &str, text: &str) -> Made {
        let book = Book::of([(path, text)].into_iter());
        let (exists, has_block) = (|name: &str| name == "there.html", |_: &str, block: &str| block == "b");
        upgrade(path, text, &Others { book: &book, exists: &exists, has_block: &has_block })
    }

    fn now(path: &str, text: &str) -> String {
        made(path, text).text
    }

    #[test]
    fn macros_become_components_of_their_file() {
        assert_eq!(
            now(
                "macros/post-list.html",
                "{% macro one(a, b=\"c\") %}{{ self::two(x=a) }}{% endmacro one %}\n{%- macro two(x) -%}{{ x }}{%- endmacro -%}"
            ),
            "{% component post_list.one(a, b = none) %}{%- set b = \"c\" if b is undefined or b is none else b -%}{{ <post_list.two x={a} /> }}{% endcomponent post_list.one %}\n{%- component post_list.two(x) -%}{{ x }}{%- endcomponent post_list.two -%}"
        );
        assert_eq!(
            now("page.html", "{% import \"macros/post-list.html\" as list %}\n<p>{{ list::one(a=page.title) }}</p>"),
            "<p>{{ <post_list.one a={page.title} /> }}</p>"
        );
    }

    #[test]
    fn a_component_asks_for_what_it_and_those_it_calls_read() {
        assert_eq!(
            now(
                "m.html",
                "{% macro a() %}{{ self::b() }}{{ page.title }}{% endmacro %}{% macro b(page) %}{{ page.title ~ config.title }}{% endmacro %}"
            ),
            "{% component m.a(@config, @page = none) %}{{ <m.b /> }}{{ page.title }}{% endcomponent m.a %}{% component m.b(page, @config) %}{{ page.title ~ config.title }}{% endcomponent m.b %}"
        );
    }

    #[test]
    fn a_block_that_the_parent_does_not_have_goes() {
        let old = "{% extends \"base.html\" %}{% block b %}x{% block inner %}y{% endblock %}{% endblock %}{% block head %}z{% endblock head %}";
        assert_eq!(
            now("page.html", old),
            "{% extends \"base.html\" %}{% block b %}x{% block inner %}y{% endblock %}{% endblock %}"
        );
    }

    #[test]
    fn what_a_child_never_showed_goes() {
        let old = "{% extends \"base.html\" %}\n{% set a = 1 %}\nlost\n{% block b %}{% set c = 2 %}{{ c }}{% endblock b %}\n{% if x %}{{ y }}{% endif %}\n";
        let made = made("page.html", old);
        assert_eq!(
            made.text.split_whitespace().collect::<Vec<_>>().join(" "),
            "{% extends \"base.html\" %} {% block b %}{% set c = 2 %}{{ c }}{% endblock b %}"
        );
        assert_eq!(made.notes.first().map(|note| note.line), Some(2));
    }

    #[test]
    fn an_include_is_there_or_gone() {
        let old = "{% include \"there.html\" ignore missing %}{% include \"gone.html\" ignore missing %}{% include \"x.html\" %}{% include [\"a.html\", \"there.html\"] %}";
        assert_eq!(
            now("a.html", old),
            "{% include \"there.html\" %}{% include \"x.html\" %}{% include \"there.html\" %}"
        );
    }
}
