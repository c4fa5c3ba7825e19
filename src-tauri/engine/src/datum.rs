//! Plain data out of front matter, configuration and data files.
//! Maps keep the order in which the file gave their keys.

use serde::{Deserialize, Serialize};

use crate::hash::Fields;

/// A value as TOML or YAML can say it.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
pub enum Datum {
    /// YAML's null; TOML has none.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A date or time as the file wrote it in TOML's form (RFC 3339, or its date alone).
    Date(String),
    /// A list.
    List(Vec<Datum>),
    /// A table, in the file's order.
    Map(DatumMap),
}

/// A table, in the file's order.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
pub struct DatumMap(pub Vec<(String, Datum)>);

impl DatumMap {
    /// The value at `key`.
    pub fn get(&self, key: &str) -> Option<&Datum> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Takes the value at `key` out.
    pub fn take(&mut self, key: &str) -> Option<Datum> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    /// Puts a value, in the place of an older one with the same key.
    pub fn put(&mut self, key: impl Into<String>, value: Datum) {
        let key = key.into();
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// The entries, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Datum)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

/// A date without a fraction of a second that is nothing, as Zola writes it.
fn whole(date: &str) -> String {
    let Some((before, after)) = date.split_once('.') else { return date.to_owned() };
    let zone = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = after[..after.len() - zone.len()].trim_end_matches('0');
    if digits.is_empty() { format!("{before}{zone}") } else { format!("{before}.{digits}{zone}") }
}

impl Datum {
    /// The text of a text or a date.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Date(text) => Some(text),
            _ => None,
        }
    }

    /// What kind of value it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Map(_) => "a table",
        }
    }

    /// Feeds the value to a hasher.
    pub fn hash_into(&self, hasher: &mut Fields) {
        match self {
            Self::Null => hasher.raw(b"n"),
            Self::Bool(value) => hasher.raw(&[b'b', u8::from(*value)]),
            Self::Int(value) => hasher.raw(b"i").raw(&value.to_le_bytes()),
            Self::Float(value) => hasher.raw(b"f").raw(&value.to_bits().to_le_bytes()),
            Self::Text(value) => hasher.raw(b"t").field(value),
            Self::Date(value) => hasher.raw(b"d").field(value),
            Self::List(values) => {
                hasher.raw(b"l").raw(&(values.len() as u64).to_le_bytes());
                for value in values {
                    value.hash_into(hasher);
                }
                hasher
            }
            Self::Map(map) => {
                map.hash_into(hasher);
                hasher
            }
        };
    }
}

impl DatumMap {
    /// Hashes its keys and values, in their order.
    pub(crate) fn hash_into(&self, hasher: &mut Fields) {
        hasher.raw(b"m").raw(&(self.0.len() as u64).to_le_bytes());
        for (key, value) in &self.0 {
            hasher.field(key);
            value.hash_into(hasher);
        }
    }

    /// A TOML table as a plain one; dates become [`Datum::Date`].
    pub(crate) fn from_toml(table: toml::Table) -> Self {
        Self(table.into_iter().map(|(key, value)| (key, Datum::from_toml(value))).collect())
    }
}

impl Datum {
    /// A TOML value as a plain one.
    pub(crate) fn from_toml(value: toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::Text(text),
            toml::Value::Integer(value) => Self::Int(value),
            toml::Value::Float(value) => Self::Float(value),
            toml::Value::Boolean(value) => Self::Bool(value),
            toml::Value::Datetime(value) => Self::Date(whole(&value.to_string())),
            toml::Value::Array(values) => Self::List(values.into_iter().map(Self::from_toml).collect()),
            toml::Value::Table(table) => Self::Map(DatumMap::from_toml(table)),
        }
    }
}
