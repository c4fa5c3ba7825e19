//! Template syntax of Tera 1 and Zola 0.22, and what to write in its place now.
//! It reads tokens and the names in messages; it never changes a template and never runs one.

use super::scan::{Token, tags, tokens};

/// One place where a template is written as it used to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Former {
    /// The byte at which the tag begins.
    pub at: usize,
    /// What was met.
    pub what: String,
    /// What to write now.
    pub now: String,
}

impl Former {
    fn new(what: impl Into<String>, now: impl Into<String>) -> Self {
        Self { at: 0, what: what.into(), now: now.into() }
    }
}

/// Filters that are gone, and what stands for each.
const FILTERS: &[(&str, &str)] = &[
    ("as_str", "write `| str`"),
    ("linebreaksbr", "write `| newlines_to_br`"),
    ("nl2br", "write `| newlines_to_br`"),
    ("addslashes", "write `| replace(from=\"'\", to=\"\\\\'\")`, or `| json_encode` for a script"),
    ("concat", "write a new list with both: `[...list, item]`, or `[...list, ...other]`"),
    ("slice", "write the bounds in brackets: `list[1:3]`, `list[2:]`, `list[:5]`"),
    ("filter", "write a list: `[item for item in list if item.key == value]`"),
    ("map", "write a list: `[item.key for item in list]`"),
    ("trim_start_matches", "write `| trim_start(pat=…)`"),
    ("trim_end_matches", "write `| trim_end(pat=…)`"),
];

/// Tests that are gone or have another name.
const TESTS: &[(&str, &str)] = &[("object", "write `is map`"), ("divisibleby", "write `is divisible_by(divisor=…)`")];

/// Functions that are gone.
const FUNCTIONS: &[(&str, &str)] = &[
    ("get_env", "a site is the same on every machine now: put the value under `[extra]` and read `config.extra`"),
    ("get_file_hash", "write `get_hash(path=…)`"),
    ("get_file_url", "write `get_url(path=…, cachebust=true)`"),
];

/// Tests whose argument has a name now.
const NAMED: &[(&str, &str)] = &[
    ("starting_with", "pat"),
    ("ending_with", "pat"),
    ("containing", "pat"),
    ("matching", "pat"),
    ("divisible_by", "divisor"),
    ("divisibleby", "divisor"),
];

/// Everything in a template that is written as it used to be, in order.
pub(super) fn all(text: &str) -> Vec<Former> {
    let mut raw = false;
    let mut found = Vec::new();
    for (at, tag) in tags(text) {
        match tag {
            "raw" => raw = true,
            "endraw" => raw = false,
            _ if raw => {}
            _ => found.extend(in_tag(tag).map(|former| Former { at, ..former })),
        }
    }
    found
}

/// What is written as it used to be in one tag.
fn in_tag(tag: &str) -> Option<Former> {
    let tokens = tokens(tag);
    opening(&tokens)
        .or_else(|| call(&tokens))
        .or_else(|| (0..tokens.len()).find_map(|at| named(&tokens[at..]).or_else(|| dotted(&tokens[at..]))))
}

/// Tags that are gone.
fn opening(tokens: &[Token<'_>]) -> Option<Former> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let former = match word(0) {
        "macro" => Former::new(
            format!("the macro `{}`", word(1)),
            format!("write a component: `{{% component {0}(…) %}}…{{% endcomponent {0} %}}`", word(1)),
        ),
        "import" => Former::new(
            "`import`",
            "remove the line: a component is known in every template, and is called by its name",
        ),
        "include" if word(1) == "[" => {
            Former::new("`include` with a list", "include one template: `{% include \"name.html\" %}`")
        }
        "include" if word(2) == "ignore" => Former::new(
            "`include … ignore missing`",
            format!("create `templates/{}` (it may be empty), and write `{{% include \"{}\" %}}`", word(1), word(1)),
        ),
        _ => return None,
    };
    Some(former)
}

/// `macros::name(x=y)`.
fn call(tokens: &[Token<'_>]) -> Option<Former> {
    let at = tokens.windows(3).position(|three| three[1].text == ":" && three[2].text == ":" && !three[1].quoted)?;
    let (space, name) = (tokens[at].text, tokens.get(at + 3)?.text);
    Some(Former::new(
        format!("the macro call `{space}::{name}(…)`"),
        format!("call a component: `{{{{ <{name} key={{value}} /> }}}}`"),
    ))
}

/// Names that are gone, arguments that have a name now, `ceil` and `floor`.
fn named(tokens: &[Token<'_>]) -> Option<Former> {
    let [before, name, ..] = tokens else { return None };
    if before.quoted || name.quoted {
        return None;
    }
    let has = |table: &'static [(&str, &str)]| table.iter().find(|(old, _)| *old == name.text).map(|(_, now)| *now);
    let follows = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text && !token.quoted);
    match before.text {
        "|" if has(FILTERS).is_some() => {
            Some(Former::new(format!("the filter `{}`", name.text), has(FILTERS).unwrap_or_default()))
        }
        "|" if name.text == "round" && tokens.iter().any(|token| token.quoted && token.text == "common") => {
            Some(Former::new("`round(method=\"common\")`", "write `| round` alone; `method` is `ceil` or `floor`"))
        }
        "is" | "not" if follows(2, "(") && !follows(4, "=") => {
            let argument = has(NAMED)?;
            let name = if name.text == "divisibleby" { "divisible_by" } else { name.text };
            Some(Former::new(
                format!("the test `{name}` with an argument without a name"),
                format!("write `is {name}({argument}=…)`"),
            ))
        }
        "is" | "not" if has(TESTS).is_some() => {
            Some(Former::new(format!("the test `{}`", name.text), has(TESTS).unwrap_or_default()))
        }
        _ if follows(2, "(") && !matches!(before.text, "." | "?." | "|") => function(name.text),
        _ => None,
    }
    .or_else(|| if follows(1, "(") { function(before.text) } else { None })
}

fn function(name: &str) -> Option<Former> {
    let (_, now) = FUNCTIONS.iter().find(|(old, _)| *old == name)?;
    Some(Former::new(format!("the function `{name}`"), *now))
}

/// `list.0`, and a field of what a call gives.
fn dotted(tokens: &[Token<'_>]) -> Option<Former> {
    let [before, dot, after, ..] = tokens else { return None };
    if dot.text != "." || dot.quoted || before.quoted {
        return None;
    }
    let is_number = !after.quoted && after.text.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = before.text.starts_with(|c: char| c.is_alphabetic() || c == '_') || before.text == "]";
    if is_number && is_name {
        return Some(Former::new(
            format!("`{}.{}`", before.text, after.text),
            format!("write `{}[{}]`", before.text, after.text),
        ));
    }
    (before.text == ")" && !after.quoted && after.text.starts_with(char::is_alphabetic)).then(|| {
        Former::new(
            format!("`.{}` right after a call", after.text),
            format!("give it a name first: `{{% set found = … %}}`, then `found.{}`", after.text),
        )
    })
}

/// What to write in the place of what a message speaks of, where it is an older form.
pub(super) fn by_message(message: &str) -> Option<String> {
    let name = message.split('`').nth(1).unwrap_or("");
    let of =
        |table: &'static [(&str, &str)]| table.iter().find(|(old, _)| *old == name).map(|(_, now)| (*now).to_owned());
    let lower = message.to_lowercase();
    if lower.starts_with("unknown filter") {
        return of(FILTERS);
    }
    if lower.starts_with("unknown test") {
        return of(TESTS);
    }
    if lower.starts_with("unknown function") {
        return of(FUNCTIONS);
    }
    if lower.contains("this content would be ignored") {
        return Some(
            "in a template that extends another, put everything inside blocks; `set` and `include` too".into(),
        );
    }
    if lower.contains("only `ceil` and `floor`") {
        return Some("write `| round` alone; `method` is `ceil` or `floor`".into());
    }
    None
}

/// The name in what looks like a call of a shortcode, `{{ name(x=y) }}` or `{% name(x=y) %}`, and
/// whether it has arguments.
pub(super) fn shortcode(tag: &str) -> Option<(String, bool)> {
    let tokens = tokens(tag);
    let [name, open, ..] = tokens.as_slice() else { return None };
    let is_name = name.text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (is_name && !name.quoted && open.text == "(" && !open.quoted).then(|| (name.text.to_owned(), tokens.len() > 3))
}

#[cfg(test)]
mod tests {
    use super::{all, by_message};

    fn now(text: &str) -> Vec<String> {
        all(text).into_iter().map(|former| former.now).collect()
    }

    #[test]
    fn what_is_written_today_is_let_alone() {
        for text in [
            "{% component a(x: string) %}{{ x }}{% endcomponent a %}{{ <a x=\"b\" /> }}",
            "{% if a is starting_with(pat=\"x\") and b is not defined %}{{ a[0] | round(method=\"ceil\") }}{% endif %}",
            "{% include \"a.html\" %}{{ [x.name for x in list if x.map] | first }}{{ a ? b : c }}",
            "{{ get_url(path=\"a.b\") | safe }}{{ 1.5 }}{{ x | default(value=\"a::b\") }}",
            "{% raw %}{{ a::b() }}{% endraw %}{# {% macro x() %} #}{{ list[1:2] }}{{ {\"filter\": 1} }}",
        ] {
            assert_eq!(all(text), [], "{text}");
        }
    }

    #[test]
    fn each_old_form_has_its_place() {
        let found = all("a {{ b }}\n{% macro x() %}");
        assert_eq!((found[0].at, found[0].what.as_str()), (10, "the macro `x`"));
    }

    #[test]
    fn names_in_messages() {
        assert_eq!(by_message("Unknown test `object`").as_deref(), Some("write `is map`"));
        assert_eq!(by_message("Unknown filter `mine`"), None);
        assert_eq!(now("{{ a | map(attribute=\"b\") }}"), ["write a list: `[item.key for item in list]`"]);
    }
}
