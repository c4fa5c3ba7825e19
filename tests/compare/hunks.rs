//! Where two lists of pieces differ: the stretches that are not common to both, each with the
//! kind of its difference.
//! It does not know where the pieces come from.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::node::Node;

/// A stretch that differs.
#[derive(Debug, PartialEq, Eq)]
pub struct Hunk {
    pub kind: String,
    pub zola: String,
    pub galley: String,
}

/// The stretches that differ.
pub fn of_nodes(zola: &[Node], galley: &[Node]) -> Vec<Hunk> {
    let diff = capture_diff_slices(Algorithm::Myers, zola, galley);
    let differing = diff.iter().filter(|op| op.tag() != DiffTag::Equal);
    differing
        .flat_map(|op| {
            let (zola, galley) = (&zola[op.old_range()], &galley[op.new_range()]);
            if zola.len() == galley.len() && zola.iter().zip(galley).all(|(a, b)| is_kin(a, b)) {
                zola.iter().zip(galley).filter(|(a, b)| a != b).map(|(a, b)| pair(a, b)).collect()
            } else {
                vec![stretch(zola, galley)]
            }
        })
        .collect()
}

/// The lines that differ in two texts.
pub fn of_lines(zola: &str, galley: &str) -> Vec<(String, String)> {
    let (zola, galley): (Vec<&str>, Vec<&str>) = (zola.lines().collect(), galley.lines().collect());
    let diff = capture_diff_slices(Algorithm::Myers, &zola, &galley);
    let differing = diff.iter().filter(|op| op.tag() != DiffTag::Equal);
    differing.map(|op| (zola[op.old_range()].join("\n"), galley[op.new_range()].join("\n"))).collect()
}

/// Two pieces that can be told apart by what they say alone.
fn is_kin(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Open(one, _), Node::Open(other, _)) => one == other,
        (Node::Text(_), Node::Text(_)) | (Node::Comment(_), Node::Comment(_)) => true,
        _ => one == other,
    }
}

fn pair(zola: &Node, galley: &Node) -> Hunk {
    let kind = match (zola, galley) {
        (Node::Open(name, one), Node::Open(_, other)) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.retain(|name| one.get(*name) != other.get(*name));
            names.sort();
            names.dedup();
            let names: Vec<String> = names.into_iter().map(|name| told(name, one.get(name), other.get(name))).collect();
            format!("<{name}>: {}", names.join(", "))
        }
        _ => format!("{} differs", zola.kind()),
    };
    Hunk { kind, zola: zola.show(), galley: galley.show() }
}

fn told(name: &str, zola: Option<&String>, galley: Option<&String>) -> String {
    match (zola, galley) {
        (Some(_), None) => format!("`{name}` only from Zola"),
        (None, Some(_)) => format!("`{name}` only from Galley"),
        _ => format!("`{name}` differs"),
    }
}

fn stretch(zola: &[Node], galley: &[Node]) -> Hunk {
    let kinds = |nodes: &[Node]| {
        let mut kinds: Vec<String> = nodes.iter().take(4).map(Node::kind).collect();
        if nodes.len() > 4 {
            kinds.push("…".into());
        }
        if kinds.is_empty() { "nothing".into() } else { kinds.join(" ") }
    };
    let show = |nodes: &[Node]| nodes.iter().map(Node::show).collect::<Vec<_>>().join(" ");
    Hunk { kind: format!("{}  <>  {}", kinds(zola), kinds(galley)), zola: show(zola), galley: show(galley) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::Page;

    fn kinds(zola: &str, galley: &str) -> Vec<String> {
        let hunks = of_nodes(&Page::parse(zola).nodes, &Page::parse(galley).nodes);
        hunks.into_iter().map(|hunk| hunk.kind).collect()
    }

    #[test]
    fn the_kind_names_what_differs_and_not_where() {
        assert_eq!(kinds("<p>a</p>", "<p>b</p>"), ["text differs"]);
        assert_eq!(kinds("<a rel=x href=y>b</a>", "<a href=z>b</a>"), ["<a>: `href` differs, `rel` only from Zola"]);
        assert_eq!(kinds("<p>a</p><hr>", "<p>a</p>"), ["<hr>  <>  nothing"]);
    }

    #[test]
    fn equal_pages_have_no_difference() {
        assert_eq!(kinds("<p>a</p>\n<p>b</p>", "<p>a<p>b"), [""; 0]);
    }

    #[test]
    fn lines_that_differ_stand_together() {
        assert_eq!(of_lines("a\nb\nc\n", "a\nx\ny\nc\n"), [("b".to_owned(), "x\ny".to_owned())]);
    }
}
