//! A shortcode's template becomes a component of its name, with the parameters it reads.
//! What it reads of the page around it is asked of whoever calls it.

use std::collections::BTreeSet;

use crate::lex::{Kind, Sort, pieces, tokens};
use crate::macros::implicit;

/// Names that every template of Zola knows, which a component is given only when it asks.
const AROUND: &[&str] = &["config", "page", "section", "lang"];

/// Words that are no variables.
const WORDS: &[&str] = &[
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "in",
    "endfor",
    "set",
    "set_global",
    "endset",
    "and",
    "or",
    "not",
    "is",
    "true",
    "false",
    "True",
    "False",
    "block",
    "endblock",
    "include",
    "filter",
    "endfilter",
    "macro",
    "endmacro",
    "component",
    "endcomponent",
    "import",
    "as",
    "extends",
    "raw",
    "endraw",
    "break",
    "continue",
    "loop",
    "body",
    "defined",
    "undefined",
    "none",
];

/// The names that a template reads and does not give a value itself, in the order of their names.
pub(crate) fn reads(text: &str) -> BTreeSet<String> {
    let (mut read, mut bound) = (BTreeSet::new(), BTreeSet::new());
    for piece in pieces(text).iter().filter(|piece| piece.kind != Kind::Text) {
        let (found, _) = tokens(piece.parts().1);
        let word = |at: usize| found.get(at).map_or("", |token| token.text.as_str());
        match word(0) {
            "set" | "set_global" => drop(bound.insert(word(1).to_owned())),
            "for" => {
                bound.insert(word(1).to_owned());
                if word(2) == "," {
                    bound.insert(word(3).to_owned());
                }
            }
            _ => {}
        }
        for (at, token) in found.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |at| word(at));
            let is_name = token.sort == Sort::Word
                && !WORDS.contains(&token.text.as_str())
                && !matches!(before, "." | "?." | "|" | "is" | "::")
                && (before != "not" || at < 2 || word(at - 2) != "is")
                && !matches!(word(at + 1), "(" | "::")
                && (word(at + 1) != "=" || matches!(word(0), "set" | "set_global"));
            if is_name {
                read.insert(token.text.clone());
            }
        }
    }
    read.difference(&bound).cloned().collect()
}

/// The component, and whether it reads `nth`, which is no more. What pages give it besides what it
/// reads is taken and left.
pub(crate) fn component(name: &str, old: &str, text: &str, given: &BTreeSet<String>) -> (String, bool) {
    let mut reads = reads(old);
    reads.extend(given.iter().filter(|name| name.as_str() != "body").cloned());
    let parameters: Vec<String> = reads
        .iter()
        .filter(|name| name.as_str() != "nth")
        .map(|name| if AROUND.contains(&name.as_str()) { implicit(name) } else { format!("{name} = none") })
        .collect();
    // A required or implicit parameter comes before those with a default.
    let (asked, given): (Vec<_>, Vec<_>) = parameters.into_iter().partition(|name| name.starts_with('@'));
    let parameters = asked.into_iter().chain(given).collect::<Vec<_>>().join(", ");
    // A parameter that is not given is `none`, which is defined.
    let mut text = text.trim_end_matches('\n').to_owned();
    for name in &reads {
        text = text.replace(&format!("{name} is defined"), &format!("{name} is not none"));
        text = text.replace(&format!("{name} is not defined"), &format!("{name} is none"));
        text = text.replace(&format!("{name} is undefined"), &format!("{name} is none"));
    }
    let component = format!("{{% component {name}({parameters}) %}}{text}{{% endcomponent {name} %}}\n");
    (component, reads.contains("nth"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_asks_for_what_it_reads() {
        let old = "<a class=\"{% if c %}{{c}}{% endif %}\" href=\"{{ get_url(path=u) }}\">{% for x in list %}{{ x.y }}{% endfor %}{{ body | safe }}{{ config.title }}</a>\n";
        let (made, nth) = component("b", old, old, &BTreeSet::new());
        assert!(made.starts_with("{% component b(@config, c = none, list = none, u = none) %}<a "), "{made}");
        assert!(made.ends_with("</a>{% endcomponent b %}\n") && !nth);
    }

    #[test]
    fn what_is_not_given_is_none() {
        let (made, nth) = component(
            "b",
            "{% if w is defined %}{{ w }}{{ nth }}{% endif %}",
            "{% if w is defined %}{{ w }}{{ nth }}{% endif %}",
            &BTreeSet::new(),
        );
        assert_eq!(
            made,
            "{% component b(w = none) %}{% if w is not none %}{{ w }}{{ nth }}{% endif %}{% endcomponent b %}\n"
        );
        assert!(nth);
    }
}
