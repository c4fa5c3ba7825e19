//! `load_data`: files and texts of seven formats as values, in the shapes that Zola gives them.
//! It sees the snapshot and what is fetched for it, and no input makes it recurse without a bound.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use std::sync::Arc;

use tera::value::{Key, Map};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::datum::DatumMap;
use crate::front_matter;
use crate::values::{self, MapBuilder};

use super::Here;
use super::files::file_text;

mod remote;
mod xml;

const FORMATS: &[&str] = &["toml", "json", "csv", "bibtex", "yaml", "yml", "xml", "plain"];
/// How deep the braces of a bibliography may be nested.
const MAX_BRACES: usize = 64;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("load_data", load_data);
}

fn load_data(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let (path, url) = (kwargs.get::<String>("path")?, kwargs.get::<String>("url")?);
    let text = match (&path, &url, kwargs.get::<String>("literal")?) {
        (_, _, Some(literal)) => Some(literal.into()),
        (Some(path), _, None) => file(&here, &kwargs, path)?,
        (None, Some(url), None) => remote::text(&here, &kwargs, url)?,
        (None, None, None) => return Err(Error::message("`load_data` needs `path`, `url` or `literal`")),
    };
    let Some(text) = text else { return Ok(Value::none()) };
    let format = match kwargs.get::<String>("format")? {
        Some(format) => known(&format)?,
        None => by_name(path.as_deref()),
    };
    parse(format, text.strip_prefix('\u{feff}').unwrap_or(&text)).map_err(|message| {
        let from = path.as_deref().or(url.as_deref()).unwrap_or("literal");
        Error::message(format!("`{from}` is not valid {format}: {message}"))
    })
}

/// The text of a file of the site; none where it is not there and need not be.
fn file(here: &Here, kwargs: &Kwargs, path: &str) -> TeraResult<Option<Arc<str>>> {
    match file_text(here, path)? {
        None if super::required(kwargs)? => Err(Error::message(format!("cannot find file `{path}`"))),
        text => Ok(text),
    }
}

fn known(format: &str) -> TeraResult<&'static str> {
    FORMATS.iter().find(|known| **known == format).copied().ok_or_else(|| {
        let near = crate::nearest::nearest(format, FORMATS.iter().copied());
        let help =
            near.map_or_else(|| format!("use one of {}", FORMATS.join(", ")), |near| format!("did you mean `{near}`?"));
        Error::message(format!("`load_data` knows no format `{format}`; {help}"))
    })
}

/// The format that a name ends in; any other file is plain text.
fn by_name(path: Option<&str>) -> &'static str {
    let extension = path.and_then(|path| path.rsplit_once('.')).map_or("", |(_, extension)| extension);
    FORMATS.iter().find(|format| **format == extension).copied().unwrap_or("plain")
}

fn parse(format: &str, text: &str) -> Result<Value, String> {
    match format {
        "toml" => toml::from_str::<toml::Table>(text)
            .map(|table| values::datum_map(&DatumMap::from_toml(table)))
            .map_err(|error| error.message().to_owned()),
        "json" => serde_json::from_str::<serde_json::Value>(text)
            .map(|value| Value::from_serializable(&value))
            .map_err(|error| error.to_string()),
        "yaml" | "yml" => front_matter::read_yaml(text).map(|value| values::datum(&value)),
        "csv" => csv(text),
        "bibtex" => bibtex(text),
        "xml" => xml::read(text),
        _ => Ok(Value::from(text)),
    }
}

fn csv(text: &str) -> Result<Value, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let row = |row: &csv::StringRecord| Value::from(row.iter().map(Value::from).collect::<Vec<_>>());
    let headers = row(reader.headers().map_err(|error| error.to_string())?);
    let records: Result<Vec<Value>, _> = reader.records().map(|record| record.map(|record| row(&record))).collect();
    let mut map = MapBuilder::default();
    map.put("headers", headers).put("records", records.map_err(|error| error.to_string())?);
    Ok(map.done())
}

fn bibtex(text: &str) -> Result<Value, String> {
    if nesting(text) > MAX_BRACES {
        return Err("its braces are nested too deeply".into());
    }
    let all = nom_bibtex::Bibtex::parse(text).map_err(|error| error.to_string())?;
    let texts = |texts: &[String]| texts.iter().map(|text| Value::from(text.as_str())).collect::<Vec<_>>();
    let entries = all.bibliographies().iter().map(|entry| {
        let mut map = MapBuilder::default();
        map.put("entry_type", entry.entry_type())
            .put("citation_key", entry.citation_key())
            .put("tags", sorted(entry.tags()));
        map.done()
    });
    let mut map = MapBuilder::default();
    map.put("preambles", texts(all.preambles()))
        .put("comments", texts(all.comments()))
        .put("variables", sorted(all.variables()))
        .put("bibliographies", entries.collect::<Vec<_>>());
    Ok(map.done())
}

/// Names and texts in the order of the names: the parser keeps none.
fn sorted(pairs: &std::collections::HashMap<String, String>) -> Value {
    let mut pairs: Vec<(&String, &String)> = pairs.iter().collect();
    pairs.sort_unstable();
    let map: Map =
        pairs.into_iter().map(|(key, value)| (Key::from(key.clone()), Value::from(value.as_str()))).collect();
    Value::from(map)
}

fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_data_is_an_error_and_never_the_end() {
        let deep = 100_000;
        assert!(parse("json", &"[".repeat(deep)).is_err());
        assert!(parse("toml", &format!("a = {}", "[".repeat(deep))).is_err());
        assert!(parse("bibtex", &format!("@a{{b, c={}", "{".repeat(deep))).is_err());
        assert!(parse("xml", &format!("{}{}", "<a>".repeat(deep), "</a>".repeat(deep))).is_err());
        assert!(parse("csv", "a,b\n1,2,3\n").is_err());
    }
}
