//! Highlighted code: its text, its lines and their attributes are compared as pieces; how each
//! character looks is kept beside them, since the two engines number their classes differently.
//! It knows only the markup, not what any colour means.

use std::collections::{BTreeMap, HashMap};

use dom_query::NodeRef;

use crate::node::Node;

/// How a block of code looks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Runs of text and how each looks: a style, or the names of classes.
    pub runs: Vec<(String, String)>,
}

/// The declarations of the classes in a style sheet.
pub type Sheet = HashMap<String, String>;

/// Whether an element is highlighted code.
pub fn is_highlighted(name: &str, attributes: &BTreeMap<String, String>) -> bool {
    name == "pre" && attributes.get("class").is_some_and(|class| class.split_ascii_whitespace().any(|c| c == "giallo"))
}

/// Takes a block apart.
pub fn read(pre: &NodeRef<'_>, attributes: BTreeMap<String, String>) -> (Vec<Node>, Block) {
    let mut walk = Walk::default();
    let base = attributes.get("style").cloned().unwrap_or_default();
    walk.nodes.push(Node::Open("pre".into(), without_colours(attributes)));
    walk.block.runs.push((String::new(), look(&base)));
    for child in pre.children() {
        walk.node(&child, "");
    }
    walk.nodes.push(Node::Close("pre".into()));
    (walk.nodes, walk.block)
}

#[derive(Default)]
struct Walk {
    nodes: Vec<Node>,
    block: Block,
}

impl Walk {
    fn node(&mut self, node: &NodeRef<'_>, look_here: &str) {
        if node.is_text() {
            let text = node.text().to_string();
            self.block.runs.push((text.clone(), look_here.to_owned()));
            match self.nodes.last_mut() {
                Some(Node::Text(before)) => before.push_str(&text),
                _ => self.nodes.push(Node::Text(text)),
            }
            return;
        }
        let Some(name) = node.node_name() else { return };
        let attributes: BTreeMap<String, String> =
            node.attrs().iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect();
        let class = attributes.get("class").map_or("", String::as_str);
        let style = attributes.get("style").map_or("", String::as_str);
        let is_run = &*name == "span" && !class.split(' ').any(|class| class.starts_with("giallo"));
        let seen = if is_run { look(&format!("{style};{}", class.replace(' ', ";"))) } else { look_here.to_owned() };
        if !is_run {
            self.nodes.push(Node::Open(name.to_string(), without_colours(attributes)));
        }
        for child in node.children() {
            self.node(&child, &seen);
        }
        if !is_run {
            self.nodes.push(Node::Close(name.to_string()));
        }
    }
}

/// Attributes but for colours.
fn without_colours(mut attributes: BTreeMap<String, String>) -> BTreeMap<String, String> {
    attributes.remove("style");
    if let Some(class) = attributes.get_mut("class") {
        *class = class.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    }
    attributes
}

/// Declarations in one form, whatever their order and letters.
fn look(style: &str) -> String {
    let mut parts: Vec<String> =
        style.split(';').map(|part| part.split_whitespace().collect::<String>().to_ascii_lowercase()).collect();
    parts.retain(|part| !part.is_empty());
    parts.sort();
    parts.join(";")
}

/// The classes of a style sheet: the last name of each selector, and what it says.
pub fn sheet(css: &str) -> Sheet {
    let mut sheet = Sheet::new();
    for rule in css.split('}') {
        let Some((selectors, declarations)) = rule.split_once('{') else { continue };
        for selector in selectors.split(',') {
            if let Some((_, class)) = selector.trim().rsplit_once('.') {
                sheet.insert(class.to_ascii_lowercase(), look(declarations));
            }
        }
    }
    sheet
}

/// Of the characters that are seen: how many look alike, and how many there are. `None` where
/// the texts differ, which is said elsewhere.
pub fn alike(one: &Block, other: &Block, sheets: [&Sheet; 2]) -> Option<(usize, usize)> {
    let [one, other] = [(one, sheets[0]), (other, sheets[1])].map(|(block, sheet)| spread(block, sheet));
    if one.len() != other.len() || one.iter().zip(&other).any(|(a, b)| a.0 != b.0) {
        return None;
    }
    Some((one.iter().zip(&other).filter(|(a, b)| a.1 == b.1).count(), one.len()))
}

fn spread(block: &Block, sheet: &Sheet) -> Vec<(char, String)> {
    let base = block.runs.first().map(|(_, look)| look.clone()).unwrap_or_default();
    let mut letters = Vec::new();
    for (text, look) in &block.runs {
        let look = meaning(look, &base, sheet);
        letters.extend(text.chars().filter(|letter| !letter.is_whitespace()).map(|letter| (letter, look.clone())));
    }
    letters
}

/// What a look comes to: classes by their sheet, and nothing that the whole block says already.
fn meaning(look: &str, base: &str, sheet: &Sheet) -> String {
    let parts = look.split(';').filter(|part| !part.is_empty());
    let named = parts.flat_map(|part| sheet.get(part).map_or(part, String::as_str).split(';'));
    let own = |name: &str| sheet.get(name).map_or("", String::as_str);
    let whole: Vec<&str> = base.split(';').chain(own("giallo").split(';')).chain(own("z-code").split(';')).collect();
    let mut parts: Vec<&str> = named.filter(|part| !part.is_empty() && !whole.contains(part)).collect();
    parts.sort_unstable();
    parts.dedup();
    parts.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::Page;

    fn page(inside: &str) -> Page {
        Page::parse(&format!(
            "<pre class=\"giallo\" style=\"color: #fff;\"><code data-lang=\"x\">{inside}</code></pre>"
        ))
    }

    #[test]
    fn colours_are_no_pieces_but_lines_are() {
        let one = page("<span class=\"giallo-l\"><span style=\"color: #ABC;\">a</span> b</span>\n");
        let other = page("<span class=\"giallo-l\">a <span class=\"z-1\">b</span></span>\n");
        assert_eq!(one.nodes, other.nodes);
        let lines = page("<span class=\"giallo-l z-hl\">a b</span>\n");
        assert_ne!(one.nodes, lines.nodes);
    }

    #[test]
    fn looks_are_counted_character_by_character() {
        let one = page("<span style=\"color: #ABC;font-style: italic;\">ab</span>cd");
        let other =
            page("<span style=\"font-style: italic; color: #abc\">ab</span><span style=\"color: #000\">c</span>d");
        let sheets = [&Sheet::new(), &Sheet::new()];
        assert_eq!(alike(&one.code[0], &other.code[0], sheets), Some((3, 4)));
        assert_eq!(alike(&one.code[0], &page("abc").code[0], sheets), None);
    }

    #[test]
    fn classes_mean_what_their_sheets_say() {
        let one = page("<span class=\"z-8\">ab</span>");
        let other = page("<span class=\"z-3\">ab</span>");
        let sheets = [&sheet(".z-8 { color: #ABC; }\n.z-3 { color: red }"), &sheet(".z-3{color:#abc}")];
        assert_eq!(alike(&one.code[0], &other.code[0], sheets), Some((2, 2)));
    }

    #[test]
    fn a_colour_of_the_whole_block_says_nothing_on_a_run() {
        let one = page("<span style=\"color: #FFF\">a</span>");
        let sheets = [&Sheet::new(), &Sheet::new()];
        assert_eq!(alike(&one.code[0], &page("a").code[0], sheets), Some((1, 1)));
    }
}
