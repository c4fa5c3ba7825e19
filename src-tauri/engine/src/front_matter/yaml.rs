//! YAML into plain data: 1.2's words for true and false, 1.1's dates, keys in the file's order.
//! It never expands more than a front matter can need: depth, size and aliases are bounded.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};

use super::Fault;
use crate::dates;
use crate::datum::{Datum, DatumMap};

/// Reads a block. What is not a table of keys is a fault; a key given twice keeps its first value.
pub(super) fn read(block: &str) -> (DatumMap, Vec<Fault>) {
    let twice = RefCell::new(Vec::new());
    let seed = Node { text: block, twice: &twice };
    let read = serde_saphyr::with_deserializer_from_str_with_options(block, options(), |yaml| seed.deserialize(yaml));
    match read {
        Ok(Datum::Map(map)) => (map, twice.into_inner()),
        Ok(Datum::Null) => (DatumMap::default(), Vec::new()),
        Ok(other) => (DatumMap::default(), vec![not_keys(block, &other)]),
        Err(error) => (DatumMap::default(), vec![fault(block, &error)]),
    }
}

/// Reads any YAML value.
pub(super) fn read_any(text: &str) -> Result<Datum, String> {
    let twice = RefCell::new(Vec::new());
    let seed = Node { text, twice: &twice };
    serde_saphyr::with_deserializer_from_str_with_options(text, options(), |yaml| seed.deserialize(yaml))
        .map_err(|error| error.to_string())
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 64,
            max_events: 100_000,
            max_nodes: 100_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_merge_keys: 1_000,
            max_recorded_anchor_events: 100_000,
            max_recorded_anchor_bytes: 4 * 1024 * 1024,
            max_total_scalar_bytes: 4 * 1024 * 1024,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 100_000,
            max_replay_stack_depth: 32,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

fn not_keys(block: &str, value: &Datum) -> Fault {
    Fault {
        at: 0..block.trim_end().len(),
        message: format!("it is {}, not keys and values", value.kind()),
        help: "write `key: value` on each line, or remove the block",
    }
}

fn fault(block: &str, error: &serde_saphyr::Error) -> Fault {
    let error = error.without_snippet();
    let at = error.location().map_or(0, |location| offset(block, &location));
    let whole = error.to_string();
    let first = whole.lines().next().unwrap_or_default();
    Fault {
        at: at..at,
        message: without_place(first),
        help: "put text that holds `: ` or ` #` in quotes, and indent with spaces",
    }
}

/// The message without the line and column that the parser counts within the block.
fn without_place(message: &str) -> String {
    let message = message.trim();
    let end = message.find(" at line ").or_else(|| message.find(" at byte ")).unwrap_or(message.len());
    let start = match message.strip_prefix("error: ") {
        Some(rest) if rest.starts_with("line ") => rest.find(": ").map_or(7, |at| 7 + at + 2),
        Some(_) => 7,
        None => 0,
    };
    message[start.min(end)..end].trim_end_matches(['.', ',', ':']).to_owned()
}

fn offset(block: &str, location: &serde_saphyr::Location) -> usize {
    match location.span().byte_offset() {
        Some(byte) => (byte as usize).min(block.len()),
        None => crate::problem::Span::at(block, location.line() as u32, location.column() as u32).start as usize,
    }
}

/// Reads one value; `text` is the block, so that a scalar can be asked how it was written.
#[derive(Clone, Copy)]
struct Node<'a> {
    text: &'a str,
    twice: &'a RefCell<Vec<Fault>>,
}

impl Node<'_> {
    /// Where in the block a borrowed scalar stands.
    fn place(&self, scalar: &str) -> Option<Range<usize>> {
        let start = (scalar.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (start + scalar.len() <= self.text.len()).then(|| start..start + scalar.len())
    }

    fn is_quoted(&self, scalar: &str) -> bool {
        self.place(scalar).is_some_and(|at| self.text[..at.start].ends_with(['"', '\'']))
    }

    fn report_twice(&self, key: &str, at: Option<Range<usize>>) {
        self.twice.borrow_mut().push(Fault {
            at: at.unwrap_or(0..0),
            message: format!("the key `{key}` is given twice"),
            help: "remove one of them; the first counts",
        });
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Datum;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Datum, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Datum;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Datum, E> {
        Ok(Datum::Null)
    }

    fn visit_none<E>(self) -> Result<Datum, E> {
        Ok(Datum::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Datum, E> {
        Ok(Datum::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Datum, E> {
        Ok(Datum::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Datum, E> {
        Ok(i64::try_from(value).map_or(Datum::Float(value as f64), Datum::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Datum, E> {
        Ok(Datum::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Datum, E> {
        Ok(Datum::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Datum, E> {
        Ok(Datum::Text(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Datum, E> {
        let date = (looks_like_date(value) && !self.is_quoted(value)).then(|| dates::parse(value)).flatten();
        Ok(date.map_or_else(|| Datum::Text(value.to_owned()), |date| Datum::Date(date.text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Datum, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Datum::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Datum, A::Error> {
        let mut entries = Entries::default();
        while let Some((key, at)) = map.next_key_seed(Key(self))? {
            let value = map.next_value_seed(self)?;
            if let Err(key) = entries.put(key, value) {
                self.report_twice(&key, at);
            }
        }
        Ok(Datum::Map(entries.map))
    }
}

/// A table that knows its keys without walking it.
#[derive(Default)]
struct Entries {
    map: DatumMap,
    keys: std::collections::HashSet<String>,
}

impl Entries {
    /// Adds an entry, or gives back a key that is there already.
    fn put(&mut self, key: String, value: Datum) -> Result<(), String> {
        if !self.keys.insert(key.clone()) {
            return Err(key);
        }
        self.map.0.push((key, value));
        Ok(())
    }
}

/// Reads one key, as text, with its place.
struct Key<'a>(Node<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = (String, Option<Range<usize>>);
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = (String, Option<Range<usize>>);

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key that is text")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Err(E::custom("a key is empty"))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok((value.to_string(), None))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok((value.to_string(), None))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok((value.to_string(), None))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok((value.to_string(), None))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok((value.to_owned(), None))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok((value.to_owned(), self.0.place(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(A::Error::custom("a key is a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(A::Error::custom("a key is a table"))
    }
}

/// A cheap look before a real one: four digits and a hyphen.
fn looks_like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}
