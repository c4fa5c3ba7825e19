//! The index as elasticlunr 0.9.5 loads it: words as a tree of letters, and the texts themselves.
//! Its bytes are those that the elasticlunr library of Rust writes for the same pages, without
//! building its tree.

use rayon::prelude::*;

use super::fuse::text;
use super::postings::{self, Field, Posting};
use super::words::Words;
use super::{Item, Options};

/// Writes the index. Pages stand in the order of their addresses.
pub(super) fn write(mut items: Vec<Item>, lang: &str, options: &Options, out: &mut Vec<u8>) {
    items.par_sort_by(|a, b| a.url.cmp(&b.url));
    let names = fields(options);
    let pages: Vec<Vec<&str>> = items.iter().map(|item| names.iter().map(|name| value(item, name)).collect()).collect();
    let postings = postings::count(&pages, &names, lang);
    let refs: Vec<Vec<u8>> = items.iter().map(|item| json(&item.url)).collect();

    let words = Words::of(lang);
    let head = format!(
        "{{\"fields\":{},\"pipeline\":{},\"ref\":\"id\",\"version\":\"0.9.5\",\"index\":{{",
        list(&names),
        list(&words.steps())
    );
    out.extend_from_slice(head.as_bytes());
    let mut by_name: Vec<(&&str, &Field)> = names.iter().zip(&postings.fields).collect();
    by_name.sort_unstable_by_key(|(name, _)| **name);
    for (at, (name, field)) in by_name.into_iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        out.extend_from_slice(format!("{comma}\"{name}\":{{\"root\":{{\"docs\":{{}},\"df\":0").as_bytes());
        tree(field, &refs, out);
        out.extend_from_slice(b"}}");
    }
    out.extend_from_slice(b"},\"documentStore\":{\"save\":true,\"docs\":{");
    store(&items, &names, &refs, &postings.lengths, out);
    out.extend_from_slice(format!(",\"length\":{}}},\"lang\":", items.len()).as_bytes());
    text(&words.name(), out);
    out.push(b'}');
}

fn fields(options: &Options) -> Vec<&'static str> {
    let all = [
        (options.title, "title"),
        (options.description, "description"),
        (options.date, "date"),
        (options.path, "path"),
        (options.content, "body"),
    ];
    all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, name)| name).collect()
}

fn value<'a>(item: &'a Item, field: &str) -> &'a str {
    match field {
        "title" => &item.title,
        "description" => &item.description,
        "date" => &item.date,
        "path" => &item.path,
        _ => &item.body,
    }
}

fn json(value: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 2);
    text(value, &mut out);
    out
}

fn list<T: AsRef<str>>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.as_ref())).collect();
    format!("[{}]", values.join(","))
}

/// Writes the tree of a field's words; words of one first letter are a branch of their own.
fn tree(field: &Field, refs: &[Vec<u8>], out: &mut Vec<u8>) {
    let groups: Vec<&[(Box<str>, Vec<Posting>)]> =
        field.chunk_by(|(a, _), (b, _)| a.chars().next() == b.chars().next()).collect();
    let branches: Vec<Vec<u8>> = groups.par_iter().map(|words| branch(words, refs)).collect();
    out.reserve(branches.iter().map(Vec::len).sum());
    for branch in &branches {
        out.extend_from_slice(branch);
    }
}

/// The branch of words that begin with one letter. They are in order, so a word comes before
/// those that it begins.
fn branch(words: &[(Box<str>, Vec<Posting>)], refs: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut path: Vec<char> = Vec::new();
    for (word, found) in words {
        let shared = path.iter().zip(word.chars()).take_while(|(a, b)| **a == *b).count();
        out.extend(std::iter::repeat_n(b'}', path.len() - shared));
        path.truncate(shared);
        let mut letters = word.chars().skip(shared).peekable();
        while let Some(letter) = letters.next() {
            path.push(letter);
            out.push(b',');
            text(letter.encode_utf8(&mut [0; 4]), &mut out);
            out.extend_from_slice(b":{\"docs\":{");
            let found: &[Posting] = if letters.peek().is_none() { found } else { &[] };
            for (at, (page, times)) in found.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(&refs[*page as usize]);
                out.extend_from_slice(b":{\"tf\":");
                // Writing into memory cannot fail.
                let _ = serde_json::to_writer(&mut out, &f64::from(*times).sqrt());
                out.push(b'}');
            }
            out.extend_from_slice(format!("}},\"df\":{}", found.len()).as_bytes());
        }
    }
    out.extend(std::iter::repeat_n(b'}', path.len()));
    out
}

/// Writes the texts of the pages, and how long they are.
fn store(items: &[Item], names: &[&str], refs: &[Vec<u8>], lengths: &[Vec<u32>], out: &mut Vec<u8>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_unstable_by_key(|field| names[*field]);
    let docs = (items, refs).into_par_iter().map(|(item, id)| doc(item, names, id));
    out.extend(docs.collect::<Vec<_>>().join(&b','));
    out.extend_from_slice(b"},\"docInfo\":{");
    let lengths = (lengths, refs).into_par_iter().map(|(lengths, id)| {
        let of_field = |field: &usize| format!("\"{}\":{}", names[*field], lengths[*field]);
        let mut out = id.clone();
        out.extend_from_slice(format!(":{{{}}}", order.iter().map(of_field).collect::<Vec<_>>().join(",")).as_bytes());
        out
    });
    out.extend(lengths.collect::<Vec<_>>().join(&b','));
    out.push(b'}');
}

fn doc(item: &Item, names: &[&str], id: &[u8]) -> Vec<u8> {
    let mut keys: Vec<&str> = names.to_vec();
    keys.push("id");
    keys.sort_unstable();
    let mut out = id.to_vec();
    out.extend_from_slice(b":{");
    for (at, key) in keys.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        out.extend_from_slice(format!("{comma}\"{key}\":").as_bytes());
        if *key == "id" {
            out.extend_from_slice(id);
        } else {
            text(value(item, key), &mut out);
        }
    }
    out.push(b'}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(url: &str, title: &str, body: &str) -> Item {
        Item {
            url: url.into(),
            title: title.into(),
            description: String::new(),
            date: String::new(),
            path: String::new(),
            body: body.into(),
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_library() {
        let pages = [
            ("/b/", "Running \"fast\"", "the runner ran a race-track, running & run; café Ünïcode x"),
            ("/a/", "", "run races"),
            ("/c/", "Title", ""),
        ];
        for lang in ["en", "de", "fr", "ru", "ko"] {
            let language = elasticlunr::lang::from_code(lang).expect("a language");
            let mut library = elasticlunr::Index::with_language(language, ["title", "body"]);
            for (url, title, body) in pages {
                library.add_doc(url, [title, body]);
            }
            let items = pages.iter().map(|(url, title, body)| item(url, title, body)).collect();
            let mut ours = Vec::new();
            write(items, lang, &Options::default(), &mut ours);
            assert_eq!(String::from_utf8(ours).expect("text"), library.to_json(), "{lang}");
        }
    }
}
