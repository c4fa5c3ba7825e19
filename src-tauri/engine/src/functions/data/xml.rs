//! XML as values: an element is a table of its attributes and children, or its text alone.
//! The shapes are those of Zola's `load_data`; the elements may be nested to a bound.

use roxmltree::{Document, Node, ParsingOptions};
use tera::Value;
use tera::value::{Key, Map};

const MAX_DEPTH: usize = 256;
/// A document type may define entities, but not so that they fill the memory.
const MAX_NODES: u32 = 2_000_000;

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Value, String> {
    if nesting(text) > MAX_DEPTH {
        return Err("its elements are nested too deeply".into());
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let mut map = Map::new();
    map.insert(name(&root), element(&root, 0)?);
    Ok(Value::from(map))
}

/// At most how deep the elements of a text are nested.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (at, _) in text.match_indices('<') {
        match text.as_bytes().get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                let alone = text[at..].find('>').is_some_and(|end| text[at..at + end].ends_with('/'));
                depth += usize::from(!alone);
            }
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn name(node: &Node<'_, '_>) -> Key<'static> {
    Key::from(node.tag_name().name().to_owned())
}

fn element(node: &Node<'_, '_>, depth: usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err("its elements are nested too deeply".into());
    }
    let mut map: Map = node
        .attributes()
        .map(|attribute| (Key::from(format!("@{}", attribute.name())), scalar(attribute.value())))
        .collect();
    // Text goes before children: an element that begins with text is its text.
    if let Some(text) = node.text().map(str::trim).filter(|text| !text.is_empty()) {
        if map.is_empty() {
            return Ok(scalar(text));
        }
        map.insert(Key::from("#text".to_owned()), scalar(text));
        return Ok(Value::from(map));
    }
    let mut lists: Vec<(Key<'static>, Vec<Value>)> = Vec::new();
    for child in node.children().filter(Node::is_element) {
        let (name, value) = (name(&child), element(&child, depth + 1)?);
        match lists.iter_mut().find(|(known, _)| *known == name) {
            Some((_, list)) => list.push(value),
            None => lists.push((name, vec![value])),
        }
    }
    for (name, mut list) in lists {
        let only = if list.len() == 1 { list.pop() } else { None };
        map.insert(name, only.unwrap_or_else(|| Value::from(list)));
    }
    Ok(Value::from(map))
}

/// A text as what it looks like: a number, true or false, or itself.
fn scalar(text: &str) -> Value {
    let text = text.trim();
    if let Ok(number) = text.parse::<u64>() {
        return Value::from(number);
    }
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    match number {
        Some(_) if text.starts_with('0') && !text.starts_with("0.") => Value::from(text),
        Some(number) => Value::from(number),
        None => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
    }
}
