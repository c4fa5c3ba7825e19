//! What stands in a tag, from Tera 1 to Tera 2: filters that are gone, names of arguments, calls of
//! macros, fields that may be missing. What cannot be said anew is left as it is, with a note.

use crate::lex::{Sort, Token, arguments, closing, join};

/// How macros are called in one template: by which name a component now goes.
pub(crate) trait Macros {
    /// `space::name` as the name of a component.
    fn component(&self, space: &str, name: &str) -> String;

    /// Whether fields that may be missing are guarded. That alone makes no template an old one.
    fn guards(&self) -> bool {
        true
    }
}

/// Names that every template is given.
const ALWAYS: &[&str] = &["config", "loop"];

/// Filters with another name.
const FILTERS: &[(&str, &str)] = &[
    ("as_str", "str"),
    ("linebreaksbr", "newlines_to_br"),
    ("nl2br", "newlines_to_br"),
    ("trim_start_matches", "trim_start"),
    ("trim_end_matches", "trim_end"),
];

/// Tests whose argument has a name now.
const NAMED: &[(&str, &str, &str)] = &[
    ("starting_with", "starting_with", "pat"),
    ("ending_with", "ending_with", "pat"),
    ("containing", "containing", "pat"),
    ("matching", "matching", "pat"),
    ("divisibleby", "divisible_by", "divisor"),
    ("divisible_by", "divisible_by", "divisor"),
];

/// What is gone without a replacement, and what to do.
const GONE: &[(&str, &str)] = &[
    (
        "get_env",
        "there is no `get_env`: its default stands in for it; put the value under `[extra]` and read `config.extra`",
    ),
    ("addslashes", "there is no `addslashes`: use `json_encode` for a script, or `replace`"),
];

/// Rewrites the tokens of one tag; what is left to do by hand goes into `notes`.
pub(crate) fn rewrite(mut tokens: Vec<Token>, macros: &dyn Macros, notes: &mut Vec<String>) -> Vec<Token> {
    for (name, message) in GONE {
        if tokens.iter().any(|token| token.sort == Sort::Word && token.text == *name) {
            notes.push((*message).to_owned());
        }
    }
    strings(&mut tokens);
    environment(&mut tokens, macros, notes);
    calls(&mut tokens, macros, notes);
    filters(&mut tokens, macros, notes);
    named_arguments(&mut tokens);
    places(&mut tokens);
    if macros.guards() {
        perhaps(&mut tokens);
    }
    tokens
}

/// A site is the same everywhere: the environment says nothing, as where a variable is not set.
fn environment(tokens: &mut Vec<Token>, macros: &dyn Macros, notes: &mut Vec<String>) {
    while let Some(at) = tokens.iter().position(|token| token.is("get_env")) {
        let end = closing(tokens, at + 1).filter(|_| tokens[at + 1].is("("));
        let Some(end) = end else { return };
        let default = argument(&tokens[at + 2..end], "default", macros, notes).unwrap_or_else(|| "\"\"".into());
        let space = tokens[at].space.clone();
        tokens.splice(at..=end, [Token { space, text: default, sort: Sort::Done }]);
    }
}

/// A backslash was nothing special: where it would be now, there are two of them.
fn strings(tokens: &mut [Token]) {
    for token in tokens.iter_mut().filter(|token| token.sort == Sort::Text) {
        let mut out = String::new();
        let mut rest = token.text.chars().peekable();
        while let Some(c) = rest.next() {
            out.push(c);
            if c == '\\' {
                match rest.peek() {
                    Some('n' | 't' | 'r' | '\\' | '"' | '\'' | '`' | '/') => out.extend(rest.next()),
                    _ => out.push('\\'),
                }
            }
        }
        token.text = out;
    }
}

/// `macros::name(a=b, c="d")` becomes `<macros.name a={b} c="d" />`.
fn calls(tokens: &mut Vec<Token>, macros: &dyn Macros, notes: &mut Vec<String>) {
    while let Some(at) = tokens.iter().position(|token| token.is("::")) {
        let (Some(space), Some(name)) = (at.checked_sub(1).map(|at| &tokens[at]), tokens.get(at + 1)) else { return };
        let (component, before) = (macros.component(&space.text, &name.text), space.space.clone());
        let open = at + 2;
        let is_call = tokens.get(open).is_some_and(|token| token.is("("));
        let Some(end) = closing(tokens, open).filter(|_| is_call) else {
            tokens[at].sort = Sort::Done;
            return;
        };
        let given = given(&tokens[open + 1..end], macros, notes);
        let call = Token { space: before, text: format!("<{component}{given} />"), sort: Sort::Done };
        tokens.splice(at - 1..=end, [call]);
    }
}

/// The arguments of a call as a component is given them. Commas between them could be left out.
pub(crate) fn given(tokens: &[Token], macros: &dyn Macros, notes: &mut Vec<String>) -> String {
    let mut out = String::new();
    for part in arguments(tokens) {
        let mut depth = 0i32;
        let begins: Vec<usize> = (0..part.len())
            .filter(|at| {
                match part[*at].text.as_str() {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => depth -= 1,
                    _ => {}
                }
                depth == 0 && part[*at].sort == Sort::Word && part.get(at + 1).is_some_and(|token| token.is("="))
            })
            .collect();
        for (nth, from) in begins.iter().enumerate() {
            let to = begins.get(nth + 1).copied().unwrap_or(part.len());
            let value = rewrite(part[from + 2..to].to_vec(), macros, notes);
            let text = join(&value);
            let text = text.trim();
            let name = &part[*from].text;
            match value.as_slice() {
                [one] if one.sort == Sort::Text && text.starts_with('"') => out += &format!(" {name}={text}"),
                _ => out += &format!(" {name}={{{text}}}"),
            }
        }
    }
    out
}

/// The argument of a filter with this name, rewritten.
fn argument(tokens: &[Token], name: &str, macros: &dyn Macros, notes: &mut Vec<String>) -> Option<String> {
    arguments(tokens).into_iter().find_map(|part| match part {
        [known, equals, value @ ..] if known.is(name) && equals.is("=") => {
            Some(join(&rewrite(value.to_vec(), macros, notes)).trim().to_owned())
        }
        _ => None,
    })
}

fn filters(tokens: &mut Vec<Token>, macros: &dyn Macros, notes: &mut Vec<String>) {
    let mut at = 0;
    while at + 1 < tokens.len() {
        let name = &tokens[at + 1];
        if !tokens[at].is("|") || name.sort != Sort::Word {
            at += 1;
            continue;
        }
        if let Some((_, now)) = FILTERS.iter().find(|(old, _)| *old == name.text) {
            (*now).clone_into(&mut tokens[at + 1].text);
        }
        let has_arguments = tokens.get(at + 2).is_some_and(|token| token.is("("));
        let end = if has_arguments { closing(tokens, at + 2) } else { None };
        let inner: Vec<Token> = end.map(|end| tokens[at + 3..end].to_vec()).unwrap_or_default();
        let name = tokens[at + 1].text.clone();
        if name == "round" {
            if let Some(end) = end {
                common(tokens, at + 3, end);
            }
            at += 2;
            continue;
        }
        if name == "date" {
            // The whole date with its zone was one letter.
            for token in &mut tokens[at..=end.unwrap_or(at + 1)] {
                if token.sort == Sort::Text {
                    token.text = token.text.replace("%+", "%Y-%m-%dT%H:%M:%S%:z");
                }
            }
        }
        if name == "date" && inner.iter().any(|token| token.is("locale")) {
            notes.push("`date` with `locale` wants a pattern of Unicode now: `d MMMM y` for `%e %B %Y`".into());
        }
        let from = left(tokens, at);
        let list = join(&tokens[from..at]);
        let is_path = tokens[from..at].iter().all(|token| token.sort == Sort::Word || token.is("."));
        let made = match name.as_str() {
            "default" if is_path && macros.guards() => or_else(list.trim(), &inner, macros, notes),
            _ => made(&name, list.trim(), &inner, macros, notes),
        };
        let Some(made) = made else {
            at += 2;
            continue;
        };
        let space = tokens[from].space.clone();
        tokens.splice(from..=end.unwrap_or(at + 1), [Token { space, text: made, sort: Sort::Done }]);
        at = from;
    }
}

/// `default` stood in for what is there but none, too: a page without a date, say.
fn or_else(path: &str, inner: &[Token], macros: &dyn Macros, notes: &mut Vec<String>) -> Option<String> {
    // What the writer sets is there or not.
    if path.starts_with("config.extra") || arguments(inner).len() != 1 {
        return None;
    }
    let value = argument(inner, "value", macros, notes)?;
    let path = match path.strip_prefix("config.") {
        Some(rest) => format!("config.{}", rest.replace('.', "?.")),
        None => path.replace('.', "?."),
    };
    Some(match value.as_str() {
        "\"\"" | "''" | "false" | "[]" => format!("({path} or {value})"),
        _ => format!("({value} if {path} is undefined or {path} is none else {path})"),
    })
}

/// What stands for a filter that is gone.
fn made(name: &str, list: &str, inner: &[Token], macros: &dyn Macros, notes: &mut Vec<String>) -> Option<String> {
    let mut asked = |name: &str| argument(inner, name, macros, notes);
    // A filter before it belongs to the list.
    let whole = if list.contains('|') { format!("({list})") } else { list.to_owned() };
    let field = |attribute: String| {
        let path = attribute.trim_matches(['"', '\'', '`']).replace('.', "?.");
        format!("item.{path}")
    };
    match name {
        "filter" => {
            let field = field(asked("attribute")?);
            Some(match asked("value") {
                Some(value) => format!("[item for item in {whole} if {field} == {value}]"),
                None => format!("[item for item in {whole} if {field} is defined and {field} is not none]"),
            })
        }
        "map" => Some(format!("[{} for item in {whole}]", field(asked("attribute")?))),
        "slice" => {
            let (start, end) = (asked("start").unwrap_or_default(), asked("end").unwrap_or_default());
            Some(format!("{whole}[{start}:{end}]"))
        }
        "concat" => {
            let with = asked("with")?;
            Some(match with.strip_prefix('[').and_then(|with| with.strip_suffix(']')) {
                Some(items) => format!("[...{whole}, {}]", items.trim()),
                None => format!("[...{whole}, ...({with} if {with} is array else [{with}])]"),
            })
        }
        _ => None,
    }
}

/// `method="common"` is what `round` does without one.
fn common(tokens: &mut Vec<Token>, from: usize, end: usize) {
    let is_common = |part: &[Token]| {
        part.first().is_some_and(|token| token.is("method")) && part.iter().any(|token| token.text.contains("common"))
    };
    let inner = tokens[from..end].to_vec();
    let kept: Vec<String> = arguments(&inner)
        .into_iter()
        .filter(|part| !is_common(part))
        .map(|part| join(part).trim().to_owned())
        .collect();
    if kept.len() == arguments(&inner).len() {
        return;
    }
    if kept.is_empty() {
        tokens.drain(from - 1..=end);
    } else {
        tokens.splice(from..end, [Token { space: String::new(), text: kept.join(", "), sort: Sort::Done }]);
    }
}

/// Where the operand of the filter at `pipe` begins.
fn left(tokens: &[Token], pipe: usize) -> usize {
    let mut depth = 0usize;
    let mut from = pipe;
    while let Some(at) = from.checked_sub(1) {
        let token = &tokens[at];
        if token.sort == Sort::Sign {
            match token.text.as_str() {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" if depth == 0 => break,
                "(" | "[" | "{" => depth -= 1,
                "." | "?." | "|" | "::" => {}
                _ if depth == 0 => break,
                _ => {}
            }
        } else if depth == 0
            && matches!(token.text.as_str(), "in" | "and" | "or" | "not" | "if" | "elif" | "is" | "else" | "set")
            && token.sort == Sort::Word
        {
            break;
        }
        from = at;
    }
    from
}

/// `is starting_with("a")` becomes `is starting_with(pat="a")`.
fn named_arguments(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at + 1 < tokens.len() {
        let after_not = tokens[at].is("not") && at > 0 && tokens[at - 1].is("is");
        if !(tokens[at].is("is") || after_not) {
            at += 1;
            continue;
        }
        if tokens[at + 1].is("object") {
            "map".clone_into(&mut tokens[at + 1].text);
        }
        let named = NAMED.iter().find(|(old, ..)| tokens[at + 1].text == *old);
        if let Some((_, now, argument)) = named
            && tokens.get(at + 2).is_some_and(|token| token.is("("))
        {
            (*now).clone_into(&mut tokens[at + 1].text);
            if !tokens.get(at + 4).is_some_and(|token| token.is("=")) {
                let name = Token { space: String::new(), text: format!("{argument}="), sort: Sort::Done };
                tokens.insert(at + 3, name);
            }
        }
        at += 1;
    }
}

/// `list.0` becomes `list[0]`.
fn places(tokens: &mut Vec<Token>) {
    let mut at = 1;
    while at + 1 < tokens.len() {
        let is_place = tokens[at].is(".")
            && tokens[at + 1].sort == Sort::Number
            && (tokens[at - 1].sort == Sort::Word || tokens[at - 1].is("]") || tokens[at - 1].is(")"));
        if is_place {
            let number = tokens[at + 1].text.clone();
            let sign = |text: &str| Token { space: String::new(), text: text.into(), sort: Sort::Sign };
            let number = Token { space: String::new(), text: number, sort: Sort::Number };
            tokens.splice(at..=at + 1, [sign("["), number, sign("]")]);
        }
        at += 1;
    }
}

/// In a condition, and before `default` or `is defined`, a field may be missing: `a?.b?.c`.
fn perhaps(tokens: &mut [Token]) {
    // `and`, `or` and `not` asked as a condition does, wherever they stood.
    let asks = |token: &Token| ["and", "or", "not"].iter().any(|word| token.is(word));
    let begins = tokens.first().is_some_and(|token| token.is("if") || token.is("elif"));
    let condition = begins || tokens.iter().any(asks);
    let mut at = 0;
    while at < tokens.len() {
        let begins = tokens[at].sort == Sort::Word && !(at > 0 && (tokens[at - 1].is(".") || tokens[at - 1].is("?.")));
        if !begins {
            at += 1;
            continue;
        }
        let (mut end, mut steps) = (at + 1, Vec::new());
        while let Some(sign) = tokens.get(end).filter(|token| token.sort == Sort::Sign) {
            let next = match sign.text.as_str() {
                "." if tokens.get(end + 1).is_some_and(|token| token.sort == Sort::Word) => end + 2,
                "[" if sign.space.is_empty() => closing(tokens, end).map_or(tokens.len(), |close| close + 1),
                _ => break,
            };
            steps.push(end);
            end = next;
        }
        let asks = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
        let has_default = asks(end, "|") && asks(end + 1, "default");
        let is_defined = asks(end, "is")
            && (asks(end + 1, "defined")
                || asks(end + 1, "undefined")
                || (asks(end + 1, "not") && asks(end + 2, "defined")));
        let is_path = !asks(end, "(");
        if (condition || has_default || is_defined) && is_path {
            let sure = usize::from(ALWAYS.contains(&tokens[at].text.as_str()));
            for step in steps.into_iter().skip(sure) {
                let sign = format!("?{}", tokens[step].text);
                tokens[step].text = sign;
            }
        }
        // What stands in brackets is looked at as well.
        end = at + 1;
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lex::tokens;

    struct Spaces;

    impl Macros for Spaces {
        fn component(&self, space: &str, name: &str) -> String {
            format!("{space}.{name}")
        }
    }

    fn now(inner: &str) -> String {
        let (found, end) = tokens(inner);
        join(&rewrite(found, &Spaces, &mut Vec::new())) + &end
    }

    #[test]
    fn each_old_form_has_its_new_one() {
        for (old, new) in [
            ("m::a()", "<m.a />"),
            (r#"m::a(x=1, y="b", z=p.q) | trim | safe"#, r#"<m.a x={1} y="b" z={p.q} /> | trim | safe"#),
            (r#"set x = a | filter(attribute="b.c", value=d.e)"#, "set x = [item for item in a if item.b?.c == d.e]"),
            ("for x in a.b | reverse | slice(end=3)", "for x in (a.b | reverse)[:3]"),
            (r#"for x in a | map(attribute="b") | first"#, "for x in [item.b for item in a] | first"),
            ("a | concat(with=[b, c])", "[...a, b, c]"),
            ("a | concat(with=b)", "[...a, ...(b if b is array else [b])]"),
            (r#"a is matching("x\.y\n")"#, r#"a is matching(pat="x\\.y\n")"#),
            ("m::a(x=1 y=[2] z=3)", "<m.a x={1} y={[2]} z={3} />"),
            ("a.0.1 ~ b[c].2", "a[0][1] ~ b[c][2]"),
            (
                r#"if a is starting_with("b") and c is not containing(d)"#,
                r#"if a is starting_with(pat="b") and c is not containing(pat=d)"#,
            ),
            ("if a is divisibleby(2) or b is object", "if a is divisible_by(divisor=2) or b is map"),
            ("if page.extra.a and config.extra.b.c == 1", "if page?.extra?.a and config.extra?.b?.c == 1"),
            ("page.extra[a.b] | default(value=1)", "page?.extra?[a.b] | default(value=1)"),
            (
                r#"if get_env(name="A", default="b") == c | date(format="%+")"#,
                r#"if "b" == c | date(format="%Y-%m-%dT%H:%M:%S%:z")"#,
            ),
            (
                "page.a | default(value=b) | upper",
                "(b if page?.a is undefined or page?.a is none else page?.a) | upper",
            ),
            (r#"page.a | default(value="")"#, r#"(page?.a or "")"#),
            ("set a = b.c or d.e", "set a = b?.c or d?.e"),
            ("config.extra.b.c | default(value=1)", "config.extra?.b?.c | default(value=1)"),
            ("a | as_str | linebreaksbr", "a | str | newlines_to_br"),
            (r#"a | round(method="common", precision=2)"#, "a | round(precision=2)"),
            (r#"a | round(method="common")"#, "a | round"),
        ] {
            assert_eq!(now(old), new);
        }
    }

    #[test]
    fn what_is_new_already_stays() {
        for text in [
            "<m.a x={1} />",
            r#"if a is starting_with(pat="b")"#,
            "[item for item in a if item.b == c]",
            "a[0:2] | str",
            "page?.extra?.a",
        ] {
            assert_eq!(now(text), text);
        }
    }
}
