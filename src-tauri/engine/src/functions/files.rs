//! Functions that read files of the site: hashes and data.
//! They see the snapshot only; a path outside of it is an absent file.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use base64::Engine as _;
use sha2::{Digest, Sha256, Sha384, Sha512};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::datum::DatumMap;
use crate::front_matter;
use crate::snapshot::SourceBody;
use crate::trace::Ask;
use crate::values;

use super::Here;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("get_hash", get_hash);
    tera.register_function("load_data", load_data);
}

/// What marks a file's version in its address: 20 hexadecimal digits that change with its bytes.
pub(super) fn cachebust(here: &Here, path: &str) -> Option<String> {
    let name = path.trim_start_matches('/');
    here.ask(Ask::File(name.into()));
    if let Some((_, bytes)) =
        crate::templates::THEME_FILES.iter().find(|(file, _)| *file == name && here.world.templates.house_theme)
    {
        return Some(hex(&Sha256::digest(bytes))[..20].to_owned());
    }
    let file = here.world.find_file(name)?;
    let source = here.world.snapshot.get(&file)?;
    match &source.body {
        SourceBody::Text(text) => Some(hex(&Sha256::digest(text.as_bytes()))[..20].to_owned()),
        // The bytes of other files stay on disk; their own hash marks them as well.
        SourceBody::Binary { .. } => Some(source.hash.to_string()[..20].to_owned()),
        SourceBody::Refused(_) => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The text of a file that a template names.
fn file_text(here: &Here, path: &str) -> TeraResult<Option<std::sync::Arc<str>>> {
    here.ask(Ask::File(path.into()));
    let Some(file) = here.world.find_file(path) else { return Ok(None) };
    match here.world.snapshot.text(&file) {
        Some(text) => Ok(Some(std::sync::Arc::clone(text))),
        None => Err(Error::message(format!("`{path}` is not a text file"))),
    }
}

fn get_hash(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let text: std::sync::Arc<str> = match (kwargs.get::<String>("literal")?, kwargs.get::<String>("path")?) {
        (Some(literal), _) => literal.into(),
        (None, Some(path)) => {
            file_text(&here, &path)?.ok_or_else(|| Error::message(format!("cannot find file `{path}`")))?
        }
        (None, None) => return Err(Error::message("`get_hash` needs `path` or `literal`")),
    };
    let digest = match kwargs.get::<u64>("sha_type")?.unwrap_or(384) {
        256 => Sha256::digest(text.as_bytes()).to_vec(),
        384 => Sha384::digest(text.as_bytes()).to_vec(),
        512 => Sha512::digest(text.as_bytes()).to_vec(),
        other => return Err(Error::message(format!("`sha_type` must be 256, 384 or 512, not {other}"))),
    };
    let base64 = kwargs.get::<bool>("base64")?.unwrap_or(true);
    Ok(Value::from(if base64 { base64::engine::general_purpose::STANDARD.encode(digest) } else { hex(&digest) }))
}

fn load_data(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    if kwargs.get::<String>("url")?.is_some() {
        return Err(Error::message(
            "templates cannot fetch `url` data: save the data as a file of the site and use `path`",
        ));
    }
    let path = kwargs.get::<String>("path")?;
    let text = match (&path, kwargs.get::<String>("literal")?) {
        (_, Some(literal)) => literal.into(),
        (Some(path), None) => match file_text(&here, path)? {
            Some(text) => text,
            None if super::required(&kwargs)? => return Err(Error::message(format!("cannot find file `{path}`"))),
            None => return Ok(Value::none()),
        },
        (None, None) => return Err(Error::message("`load_data` needs `path` or `literal`")),
    };
    let from_name = path.as_deref().and_then(|path| path.rsplit_once('.')).map_or("plain", |(_, extension)| extension);
    let format = kwargs.get::<String>("format")?.unwrap_or_else(|| from_name.to_owned());
    parse(&format, &text).map_err(|message| {
        Error::message(format!("`{}` is not valid {format}: {message}", path.as_deref().unwrap_or("literal")))
    })
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
        _ => Ok(Value::from(text)),
    }
}

fn csv(text: &str) -> Result<Value, String> {
    let mut rows = rows(text)?.into_iter();
    let row = |row: Vec<String>| Value::from(row.into_iter().map(Value::from).collect::<Vec<_>>());
    let headers = row(rows.next().unwrap_or_default());
    let records: Vec<Value> = rows.map(row).collect();
    let mut map = values::MapBuilder::default();
    map.put("headers", headers).put("records", records);
    Ok(map.done())
}

/// The rows of a CSV text (RFC 4180).
fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            (true, '"') => quoted = false,
            (false, '"') if field.is_empty() => quoted = true,
            (false, ',') => row.push(std::mem::take(&mut field)),
            (false, '\r') => {}
            (false, '\n') => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (_, c) => field.push(c),
        }
    }
    if quoted {
        return Err("a quoted field has no end".into());
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    #[test]
    fn csv_fields_may_hold_anything() {
        let rows = super::rows("a,b\r\n\"x, \"\"y\"\"\n\",2\n").expect("a table");
        assert_eq!(rows, [vec!["a", "b"], vec!["x, \"y\"\n", "2"]]);
        assert!(super::rows("a,\"b").is_err());
    }
}
