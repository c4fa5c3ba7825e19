//! Which word stands in which page how often: the inside of an elasticlunr index.
//! Its order follows from the words and addresses alone, however the work was shared out.

use crate::maps::HashMap;

use rayon::prelude::*;

use super::words::Words;

/// How many pages one thread takes at a time.
const CHUNK: usize = 256;

/// One occurrence: in which page, how often.
pub(super) type Posting = (u32, u32);

/// The words of one field in order, each with its pages in order.
pub(super) type Field = Vec<(Box<str>, Vec<Posting>)>;

/// All fields of all pages.
pub(super) struct Postings {
    /// By field, in the order of the fields.
    pub fields: Vec<Field>,
    /// By page, then by field: how many words it has.
    pub lengths: Vec<Vec<u32>>,
}

/// Counts the words of all pages, each given as its fields. In a path each part is a word.
pub(super) fn count(pages: &[Vec<&str>], fields: &[&str], lang: &str) -> Postings {
    let chunks: Vec<Chunk> = pages
        .par_chunks(CHUNK)
        .enumerate()
        .map_init(|| Words::of(lang), |words, (n, pages)| Chunk::of(pages, (n * CHUNK) as u32, fields, words))
        .collect();
    let mut lengths = Vec::with_capacity(pages.len());
    let mut parts = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        lengths.extend(chunk.lengths);
        parts.push((chunk.words, chunk.fields));
    }
    let fields = (0..fields.len()).into_par_iter().map(|field| merge(&parts, field)).collect();
    Postings { fields, lengths }
}

/// What one thread counted: word number, page, times; by field.
struct Chunk {
    words: Vec<Box<str>>,
    fields: Vec<Vec<(u32, u32, u32)>>,
    lengths: Vec<Vec<u32>>,
}

impl Chunk {
    fn of<'a>(pages: &'a [Vec<&'a str>], first: u32, fields: &[&str], words: &mut Words) -> Self {
        let mut book = Book::default();
        let mut chunk = Self { words: Vec::new(), fields: vec![Vec::new(); fields.len()], lengths: Vec::new() };
        let mut times: HashMap<u32, u32> = HashMap::default();
        for (at, page) in (first..).zip(pages) {
            let mut lengths = Vec::with_capacity(fields.len());
            for (field, text) in page.iter().enumerate() {
                let mut length = 0;
                times.clear();
                let parts = |c: char| c.is_whitespace() || c == '-' || (c == '/' && fields[field] == "path");
                for word in text.split(parts).filter(|word| !word.is_empty()) {
                    for stem in book.numbers(word, words) {
                        length += 1;
                        *times.entry(*stem).or_default() += 1;
                    }
                }
                lengths.push(length);
                chunk.fields[field].extend(times.iter().map(|(word, times)| (*word, at, *times)));
            }
            chunk.lengths.push(lengths);
        }
        chunk.words = book.words;
        chunk
    }
}

/// The numbers of words: of what stands in a text, and of what an index keeps.
#[derive(Default)]
struct Book<'a> {
    by_text: HashMap<&'a str, Box<[u32]>>,
    by_word: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
}

impl<'a> Book<'a> {
    fn numbers(&mut self, text: &'a str, words: &mut Words) -> &[u32] {
        if !self.by_text.contains_key(text) {
            let mut numbers = Vec::new();
            words.stems(text, |stem| {
                let next = self.words.len() as u32;
                let number = *self.by_word.entry(stem.into()).or_insert(next);
                if number == next {
                    self.words.push(stem.into());
                }
                numbers.push(number);
            });
            self.by_text.insert(text, numbers.into());
        }
        self.by_text.get(text).map_or(&[], |numbers| numbers)
    }
}

type Part = (Vec<Box<str>>, Vec<Vec<(u32, u32, u32)>>);

/// Puts together what the threads counted of one field.
fn merge(parts: &[Part], field: usize) -> Field {
    let mut all: HashMap<&str, Vec<Posting>> = HashMap::default();
    for (words, fields) in parts {
        let mut found = fields[field].clone();
        found.sort_unstable();
        for group in found.chunk_by(|a, b| a.0 == b.0) {
            let list = all.entry(&words[group[0].0 as usize]).or_default();
            list.extend(group.iter().map(|(_, page, times)| (*page, *times)));
        }
    }
    let mut sorted: Field = all.into_iter().map(|(word, list)| (word.into(), list)).collect();
    sorted.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
    sorted
}
