//! Filters that make maps: the names in them stand in an order that is always the same.
//! They read nothing but what they are given.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use std::collections::HashMap;

use tera::value::{Key, Map};
use tera::{Error, Kwargs, Number, State, TeraResult, Value};

/// Tera's `group_by`, with the groups in the order in which they first appear; Tera's own order is
/// another one each time.
pub(super) fn group_by(values: &[Value], kwargs: Kwargs, _: &State) -> TeraResult<Map> {
    let attribute = kwargs.must_get::<&str>("attribute")?;
    let mut groups: Vec<(Key<'static>, Vec<Value>)> = Vec::new();
    let mut places: HashMap<Key<'static>, usize> = HashMap::new();
    for (at, value) in values.iter().enumerate() {
        let found = value.get_from_path(attribute).ok_or_else(|| {
            let kind = value.name();
            Error::message(format!("Value at index {at} (a {kind}) does not have an attribute at path: {attribute}"))
        })?;
        if found.is_none() {
            continue;
        }
        let key = key(found).ok_or_else(|| Error::message("Not a valid key type"))?;
        let place = *places.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(value.clone());
    }
    Ok(groups.into_iter().map(|(key, values)| (key, Value::from(values))).collect())
}

/// A value as the key of a map.
fn key(value: &Value) -> Option<Key<'static>> {
    if let Some(text) = value.as_str() {
        return Some(Key::from(text.to_owned()));
    }
    match (value.as_bool(), value.as_number()) {
        (Some(flag), _) => Some(Key::Bool(flag)),
        (None, Some(Number::Integer(number))) => Some(Key::I128(number)),
        (None, _) => None,
    }
}

/// A map in the order of its names.
pub(super) fn in_order(map: &Map, _: Kwargs, _: &State) -> Map {
    let mut pairs: Vec<(&Key<'static>, &Value)> = map.iter().collect();
    pairs.sort_by_key(|(key, _)| key.to_string());
    pairs.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}
