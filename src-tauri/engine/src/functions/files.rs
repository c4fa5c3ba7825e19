//! Functions that read files of the site: hashes and marks of versions.
//! They see the snapshot only; a path outside of it is an absent file.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use base64::Engine as _;
use sha2::{Digest, Sha256, Sha384, Sha512};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::snapshot::SourceBody;
use crate::trace::Ask;

use super::Here;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("get_hash", get_hash);
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
pub(super) fn file_text(here: &Here, path: &str) -> TeraResult<Option<std::sync::Arc<str>>> {
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
