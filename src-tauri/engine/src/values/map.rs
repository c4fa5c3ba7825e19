//! Maps for templates, while they are made.
//! A kind of map that every page has keeps a pattern, so that its keys are put in order once for all
//! of them; no map ever differs from one that was made without.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use indexmap::IndexMap;
use tera::Value;
use tera::value::Key;

/// A map under construction. Its keys are hashed once, when it is done.
#[derive(Default)]
pub(crate) struct MapBuilder {
    entries: Vec<(&'static str, Value)>,
    pattern: Option<&'static Pattern>,
}

impl MapBuilder {
    /// One of many of a kind.
    pub(crate) fn like(pattern: &'static Pattern) -> Self {
        let keys = pattern.0.get().map_or(8, |known| known.keys.len());
        Self { entries: Vec::with_capacity(keys), pattern: Some(pattern) }
    }

    pub(crate) fn put(&mut self, key: &'static str, value: impl Into<Value>) -> &mut Self {
        self.entries.push((key, value.into()));
        self
    }

    /// The map, its keys in order: as Zola writes a map that is written as it is.
    pub(crate) fn done(self) -> Value {
        match self.pattern {
            Some(pattern) => pattern.fill(self.entries),
            None => in_order(self.entries),
        }
    }

    /// What was put, in that order.
    pub(super) fn entries(self) -> Vec<(&'static str, Value)> {
        self.entries
    }
}

/// The keys of a kind of map, as the first of them had them.
pub(crate) struct Pattern(OnceLock<Known>);

struct Known {
    /// In the order they are put.
    keys: Vec<&'static str>,
    /// The same in the order of the map: by place among those that are put, each key once.
    order: Vec<usize>,
    /// The map without its values: a copy of it costs less than the making of another.
    blank: IndexMap<&'static str, Value>,
}

impl Pattern {
    /// Of a kind that was not met yet.
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// A map of these entries; the last one goes before others of its key.
    fn fill(&self, mut entries: Vec<(&'static str, Value)>) -> Value {
        let known = self.0.get_or_init(|| Known::of(&entries));
        if !known.fits(&entries) {
            return in_order(entries);
        }
        let mut map = known.blank.clone();
        for (value, place) in map.values_mut().zip(&known.order) {
            if let Some((_, put)) = entries.get_mut(*place) {
                std::mem::swap(value, put);
            }
        }
        // Tera hashes the keys of a map one by one, whatever it is made of.
        Value::from(map)
    }

    /// A value of this kind made of another one and more keys, which go before those of the same
    /// name.
    pub(crate) fn with(&self, base: &Value, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        let mut entries = Vec::with_capacity(self.0.get().map_or(40, |known| known.keys.len()));
        for (key, value) in base.as_map().into_iter().flatten() {
            // All maps that are made here have such keys.
            let Key::Str(key) = key else { return with(base, more) };
            entries.push((*key, value.clone()));
        }
        entries.extend(more);
        self.fill(entries)
    }
}

impl Known {
    fn of(entries: &[(&'static str, Value)]) -> Self {
        let keys: Vec<&'static str> = entries.iter().map(|(key, _)| *key).collect();
        let ordered: BTreeMap<&'static str, usize> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let blank = ordered.keys().map(|key| (*key, Value::none())).collect();
        Self { keys, order: ordered.into_values().collect(), blank }
    }

    fn fits(&self, entries: &[(&'static str, Value)]) -> bool {
        let same =
            |(known, (key, _)): (&&'static str, &(&'static str, Value))| std::ptr::eq(*known, *key) || known == key;
        self.keys.len() == entries.len() && self.keys.iter().zip(entries).all(same)
    }
}

fn in_order(entries: Vec<(&'static str, Value)>) -> Value {
    Value::from(entries.into_iter().collect::<BTreeMap<_, _>>())
}

/// A value with more keys, in order; they go before those of the same name.
pub(crate) fn with(value: &Value, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let own = value.as_map().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone()));
    let more = more.into_iter().map(|(key, value)| (Key::Str(key), value));
    Value::from(own.chain(more).collect::<BTreeMap<_, _>>())
}

#[cfg(test)]
mod tests {
    use tera::value::Map;

    use super::*;

    static KIND: Pattern = Pattern::new();
    static MORE: Pattern = Pattern::new();

    fn shown(value: &Value) -> String {
        value.to_string()
    }

    #[test]
    fn a_pattern_changes_nothing() {
        for (title, date) in [("a", Some("1")), ("b", None)] {
            let fill = |mut map: MapBuilder| {
                map.put("title", title).put("date", date).put("b", 1).put("title", "last");
                map.done()
            };
            let (plain, like) = (fill(MapBuilder::default()), fill(MapBuilder::like(&KIND)));
            assert_eq!(shown(&like), shown(&plain));
            let more = || [("z", Value::from(1)), ("date", Value::from("new"))];
            assert_eq!(shown(&MORE.with(&like, more())), shown(&with(&plain, more())));
        }
    }

    #[test]
    fn a_map_of_another_kind_is_made_all_the_same() {
        static ODD: Pattern = Pattern::new();
        let of = |keys: &[&'static str]| {
            let mut map = MapBuilder::like(&ODD);
            for key in keys {
                map.put(key, *key);
            }
            shown(&map.done())
        };
        assert_eq!(of(&["b", "a"]), r#"{"a": "a", "b": "b"}"#);
        assert_eq!(of(&["a", "b"]), r#"{"a": "a", "b": "b"}"#);
        assert_eq!(of(&["c"]), r#"{"c": "c"}"#);
        let keyed: Map = [(Key::from("own".to_owned()), Value::from(1))].into_iter().collect();
        assert_eq!(shown(&MORE.with(&Value::from(keyed), [("a", Value::from(2))])), r#"{"a": 2, "own": 1}"#);
    }
}
