//! Images, sound, film and documents that a note shows, by the name of the file and the words after
//! the bar. It is given addresses and looks up none.

use std::fmt::Write as _;

use super::escape;
use super::scan::has_scheme;
use crate::vault::rewrite::WIKI;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Audio,
    Video,
    Document,
    /// A file that browsers do not show.
    Other,
}

/// Width and perhaps height, in pixels.
pub(super) type Size = (u32, Option<u32>);

/// Whether an embed is one of a note, not of a file.
pub(super) fn is_note(target: &str) -> bool {
    let Some(target) = target.strip_prefix(WIKI) else { return false };
    let path = target.split('#').next().unwrap_or(target).trim();
    extension(path).is_none_or(|extension| extension == "md" || by_extension(&extension).is_none())
}

fn extension(path: &str) -> Option<String> {
    let (_, extension) = path.rsplit_once('/').map_or(path, |(_, name)| name).rsplit_once('.')?;
    Some(extension.to_lowercase())
}

fn by_extension(extension: &str) -> Option<Kind> {
    Some(match extension {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "bmp" | "ico" => Kind::Image,
        "mp3" | "wav" | "m4a" | "ogg" | "3gp" | "flac" | "opus" | "oga" => Kind::Audio,
        "mp4" | "webm" | "ogv" | "mov" | "mkv" => Kind::Video,
        "pdf" => Kind::Document,
        "canvas" | "base" | "excalidraw" | "csv" | "txt" | "zip" | "docx" | "xlsx" | "pptx" | "json" => Kind::Other,
        _ => return None,
    })
}

/// What a target shows.
pub(super) fn kind(target: &str) -> Kind {
    let path = target.split(['#', '?']).next().unwrap_or(target);
    let kind = extension(path).and_then(|extension| by_extension(&extension));
    match kind {
        // An address may lead to an image whatever it is called.
        None | Some(Kind::Other) if !target.starts_with(WIKI) || has_scheme(target) => Kind::Image,
        kind => kind.unwrap_or(Kind::Other),
    }
}

/// Words and a size: `a cat|300x200`. In an embed of its own the words may be the size alone.
pub(super) fn size(says: &str, may_stand_alone: bool) -> (String, Option<Size>) {
    let read = |text: &str| -> Option<Size> {
        let text = text.trim();
        match text.split_once('x') {
            Some((width, height)) => Some((width.parse().ok()?, Some(height.parse().ok()?))),
            None => Some((text.parse().ok()?, None)),
        }
    };
    match says.rsplit_once('|') {
        Some((words, size)) if read(size).is_some() => (words.trim().to_owned(), read(size)),
        None if may_stand_alone && read(says).is_some() => (String::new(), read(says)),
        _ => (says.trim().to_owned(), None),
    }
}

/// The HTML of a file. Without words, an image is called what its file is called.
pub(super) fn html(kind: Kind, url: &str, says: &str, size: Option<Size>, title: &str, lazy: bool) -> String {
    let mut address = String::new();
    escape::href(&mut address, url);
    let path = crate::index::decode(url.split(['#', '?']).next().unwrap_or(url));
    let file = path.rsplit('/').next().unwrap_or_default();
    let (mut words, mut name) = (String::new(), String::new());
    escape::attribute(&mut words, if says.is_empty() { file } else { says });
    escape::body(&mut name, if says.is_empty() { file } else { says });
    let mut sized = String::new();
    // Writing into memory cannot fail.
    if let Some((width, height)) = size {
        let _ = write!(sized, " width=\"{width}\"");
        if let Some(height) = height {
            let _ = write!(sized, " height=\"{height}\"");
        }
    }
    match kind {
        Kind::Image => {
            if !title.is_empty() {
                sized.push_str(" title=\"");
                escape::attribute(&mut sized, title);
                sized.push('"');
            }
            if lazy {
                sized.push_str(" loading=\"lazy\" decoding=\"async\"");
            }
            format!("<img src=\"{address}\" alt=\"{words}\"{sized} />")
        }
        Kind::Audio => {
            format!("<audio controls preload=\"metadata\" src=\"{address}\"><a href=\"{address}\">{name}</a></audio>")
        }
        Kind::Video => {
            format!(
                "<video controls preload=\"metadata\" src=\"{address}\"{sized}><a href=\"{address}\">{name}</a></video>"
            )
        }
        Kind::Document => format!(
            "<object class=\"document\" type=\"application/pdf\" data=\"{address}\"{sized} aria-label=\"{words}\"><a href=\"{address}\">{name}</a></object>"
        ),
        Kind::Other => format!("<a href=\"{address}\">{name}</a>"),
    }
}
