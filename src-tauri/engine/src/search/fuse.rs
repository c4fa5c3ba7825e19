//! The index as Fuse reads it: a list of pages with their texts.
//! It holds what the options ask for and nothing else.

use rayon::prelude::*;

use super::{Item, Options};

/// Writes the index.
pub(super) fn write(items: &[Item], options: &Options, out: &mut Vec<u8>) {
    let parts: Vec<Vec<u8>> = items.par_iter().map(|item| object(item, options)).collect();
    out.reserve(parts.iter().map(|part| part.len() + 1).sum::<usize>() + 2);
    out.push(b'[');
    out.extend(parts.join(&b','));
    out.push(b']');
}

fn object(item: &Item, options: &Options) -> Vec<u8> {
    let mut out = b"{\"url\":".to_vec();
    text(&item.url, &mut out);
    let fields = [
        (options.title, "title", &*item.title),
        (options.description, "description", &item.description),
        (options.content, "body", &item.body),
        (options.path, "path", &item.path),
    ];
    for (_, name, value) in fields.into_iter().filter(|(wanted, ..)| *wanted) {
        out.extend_from_slice(format!(",\"{name}\":").as_bytes());
        text(value, &mut out);
    }
    out.push(b'}');
    out
}

/// Writes a JSON string.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    // Writing into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}
