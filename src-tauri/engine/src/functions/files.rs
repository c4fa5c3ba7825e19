//! Functions that read files of the site: hashes and marks of versions.
//! They see the snapshot only; a path outside of it is an absent file.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use std::sync::Arc;

use base64::Engine as _;
use bytes::Bytes;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::images::{self, Digest};
use crate::path::SitePath;
use crate::problem::Problem;
use crate::search;
use crate::snapshot::{Refusal, SourceBody, TEXT_LIMIT};
use crate::trace::{self, Ask};

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
        return Some(hex(&Digest::Sha256.of(bytes))[..20].to_owned());
    }
    let Some(file) = here.world.find_file(name) else {
        return generated(here, name).map(|bytes| hex(&Digest::Sha256.of(&bytes))[..20].to_owned());
    };
    match digest(here, &file, Digest::Sha256) {
        Ok(digest) => Some(hex(&digest)[..20].to_owned()),
        Err(problem) => {
            crate::said::say(problem);
            None
        }
    }
}

/// Says that there is no file whose version could be told. An image that is processed comes later.
pub(super) fn tell_of_no_version(here: &Here, path: &str) {
    if here.world.find_file(path).is_none() && !path.trim_start_matches('/').starts_with("processed_images/") {
        let message = format!("cannot find file `{path}`, whose version is asked for");
        let help = "put the file there, or remove `cachebust`; the address is written without a version";
        let problem = Problem::error("file.missing", message).help(help);
        // Every page may ask for it: it is told once, of the place where it is missed.
        let place = SitePath::new(&format!("static/{}", path.trim_start_matches('/')));
        crate::said::say(match place {
            Ok(place) => problem.path(&place),
            Err(_) => problem,
        });
    }
}

/// A file that is made before the pages are: a style sheet, or what a search needs.
pub(super) fn generated(here: &Here, name: &str) -> Option<Bytes> {
    let name: Arc<str> = name.trim_start_matches('/').into();
    let world = &here.world;
    here.ask(Ask::Sheet(Arc::clone(&name)));
    if let Some(css) = world.sheet(&name) {
        return Some(css);
    }
    here.ask(Ask::Config);
    if here.sight.in_text {
        return None;
    }
    let lang = search::languages(&world.config).find(|lang| {
        let is_library = *name == *search::LIBRARY_NAME && world.config.search.format.is_elasticlunr();
        is_library || search::file_name(&world.config, lang) == *name
    })?;
    if *name == *search::LIBRARY_NAME {
        return Some(search::LIBRARY.as_bytes().into());
    }
    let lang: Arc<str> = lang.into();
    here.ask(Ask::Search(Arc::clone(&lang)));
    Some(world.search_index(&lang))
}

/// The digest of a file's bytes, whatever they are.
fn digest(here: &Here, file: &SitePath, kind: Digest) -> Result<Arc<[u8]>, Problem> {
    here.world.facts.digest(&here.world.snapshot, file, kind).map_err(|why| {
        trace::note_unread(file);
        images::unreadable(file, &why)
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The text of a file that a template names, whatever its name ends in.
pub(super) fn file_text(here: &Here, path: &str) -> TeraResult<Option<std::sync::Arc<str>>> {
    here.ask(Ask::File(path.into()));
    let Some(file) = here.world.find_file(path) else {
        let text = generated(here, path).and_then(|bytes| std::str::from_utf8(&bytes).ok().map(Arc::from));
        return Ok(text);
    };
    match here.world.snapshot.get(&file).map(|source| &source.body) {
        Some(SourceBody::Text(text)) => Ok(Some(std::sync::Arc::clone(text))),
        Some(SourceBody::Binary { len } | SourceBody::Refused(Refusal::TooLarge { len, .. })) if *len > TEXT_LIMIT => {
            let (len, limit) = (len / (1024 * 1024), TEXT_LIMIT / (1024 * 1024));
            Err(Error::message(format!("`{path}` has {len} MB, and a data file can have up to {limit} MB")))
        }
        Some(SourceBody::Binary { .. }) => text_of_bytes(here, &file).map(Some),
        _ => Err(Error::message(format!("`{path}` is not a text file"))),
    }
}

/// The bytes of a file as text.
fn text_of_bytes(here: &Here, file: &SitePath) -> TeraResult<Arc<str>> {
    let bytes = crate::files::read(&here.world.snapshot, file, TEXT_LIMIT).map_err(|why| {
        trace::note_unread(file);
        Error::message(images::unreadable(file, &why).message)
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::message(format!("`{file}` is not a text file")))?;
    Ok(text.into())
}

fn get_hash(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let kind = match kwargs.get::<u64>("sha_type")?.unwrap_or(384) {
        256 => Digest::Sha256,
        384 => Digest::Sha384,
        512 => Digest::Sha512,
        other => return Err(Error::message(format!("`sha_type` must be 256, 384 or 512, not {other}"))),
    };
    let digest = match (kwargs.get::<String>("literal")?, kwargs.get::<String>("path")?) {
        (Some(literal), _) => kind.of(literal.as_bytes()),
        (None, Some(path)) => {
            here.ask(Ask::File(path.as_str().into()));
            match here.world.find_file(&path) {
                Some(file) => digest(&here, &file, kind).map_err(|problem| Error::message(problem.message))?,
                None => match generated(&here, &path) {
                    Some(bytes) => kind.of(&bytes),
                    None => return Err(Error::message(format!("cannot find file `{path}`"))),
                },
            }
        }
        (None, None) => return Err(Error::message("`get_hash` needs `path` or `literal`")),
    };
    let base64 = kwargs.get::<bool>("base64")?.unwrap_or(true);
    Ok(Value::from(if base64 { base64::engine::general_purpose::STANDARD.encode(digest) } else { hex(&digest) }))
}
