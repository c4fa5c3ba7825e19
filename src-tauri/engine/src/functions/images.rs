//! `resize_image` and `get_image_metadata`: what templates ask of images.
//! Only headers are read here; a processed image is asked for, and made after the pages.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use std::sync::Arc;

use image::ImageFormat;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::files::Unread;
use crate::images::{self, Format, Header, Kind, Op, Spec};
use crate::path::SitePath;
use crate::problem::Problem;
use crate::said::say;
use crate::trace::{self, Ask};
use crate::values::MapBuilder;

use super::Here;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("resize_image", resize_image);
    tera.register_function("get_image_metadata", get_image_metadata);
}

fn get_image_metadata(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let path: String = kwargs.must_get("path")?;
    let allow_missing = kwargs.get::<bool>("allow_missing")?.unwrap_or(false);
    let asked = plain_path(&path);
    let file = find(&here, &asked);
    if file.is_none() && allow_missing {
        return Ok(Value::none());
    }
    let header = file.map_or_else(|| Err(missing(&path)), |file| header(&here, &file));
    let header = header.map_err(say).ok();
    let header = header.as_deref();
    let mut map = MapBuilder::default();
    map.put("width", header.map_or(0, |header| header.width))
        .put("height", header.map_or(0, |header| header.height))
        .put("format", header.map_or("", |header| header.kind.extension()))
        .put("mime", header.map_or("", |header| header.kind.mime()))
        .put("description", header.and_then(|header| header.description.as_deref()))
        .put("created", header.and_then(|header| header.created.as_deref()));
    Ok(map.done())
}

fn resize_image(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    here.ask(Ask::Config);
    let path: String = kwargs.must_get("path")?;
    let op = op(&kwargs)?;
    let asked = plain_path(&path);
    match pixels(&here, &path, &asked) {
        Ok((source, header, found)) => {
            let spec = Spec { source, asked: asked.into(), op, format: format(&kwargs, found)? };
            let (width, height) = op.size(header.width, header.height);
            if width == 0 || height == 0 || !images::is_sane(width, height) {
                return Err(Error::message(format!("`{path}` would become {width} × {height} pixels")));
            }
            let at = format!("processed_images/{}", spec.name());
            here.ask(Ask::Image(Arc::new(spec)));
            Ok(answer(&here, &at, (width, height), (header.width, header.height)))
        }
        // The page is built with the image as it is.
        Err(problem) => {
            say(problem);
            let unprocessed = asked.strip_prefix("static/").or(asked.strip_prefix("content/")).unwrap_or(&asked);
            let sizes = op.sizes();
            let size = (sizes.first().copied().unwrap_or(0), sizes.last().copied().unwrap_or(0));
            Ok(answer(&here, unprocessed, size, size))
        }
    }
}

fn answer(here: &Here, at: &str, size: (u32, u32), original: (u32, u32)) -> Value {
    let mut map = MapBuilder::default();
    map.put("url", here.world.config.permalink(at).trim_end_matches('/'))
        .put("static_path", format!("static/{at}"))
        .put("width", size.0)
        .put("height", size.1)
        .put("orig_width", original.0)
        .put("orig_height", original.1);
    map.done()
}

/// The file that is asked for, if it is an image that can be resized.
fn pixels(here: &Here, path: &str, asked: &str) -> Result<(SitePath, Arc<Header>, ImageFormat), Problem> {
    let source = find(here, asked).ok_or_else(|| missing(path))?;
    let header = header(here, &source)?;
    match header.kind {
        Kind::Pixels(found) if images::is_sane(header.width, header.height) => Ok((source, header, found)),
        Kind::Pixels(_) => Err(unusable(&source, &format!("it claims {} × {} pixels", header.width, header.height))),
        Kind::Svg | Kind::Avif => Err(not_resized(&source, header.kind)),
    }
}

/// A path as names and searches have it.
fn plain_path(path: &str) -> String {
    match path.strip_prefix("@/") {
        Some(path) => format!("content/{path}"),
        None => path.trim_start_matches('/').to_owned(),
    }
}

fn find(here: &Here, asked: &str) -> Option<SitePath> {
    here.ask(Ask::File(asked.into()));
    here.world.find_file(asked)
}

fn header(here: &Here, file: &SitePath) -> Result<Arc<Header>, Problem> {
    match here.world.facts.header(&here.world.snapshot, file) {
        Ok(header) => header.map_err(|why| unusable(file, &why)),
        Err(why) => {
            if let Unread::Later(_) = why {
                trace::note_unread(file);
            }
            Err(images::unreadable(file, &why))
        }
    }
}

fn missing(path: &str) -> Problem {
    Problem::error("image.missing", format!("cannot find the image `{path}`"))
        .help("put the file there, or change the path; the page is built without it")
}

fn unusable(file: &SitePath, why: &str) -> Problem {
    Problem::error("image.unusable", format!("the image `{file}` cannot be used: {why}"))
        .help("open it in an image program and save it again, or choose another; it is shown as it is")
}

fn not_resized(file: &SitePath, kind: Kind) -> Problem {
    let message = format!("the image `{file}` is not resized: {} files are shown as they are", kind.extension());
    Problem::warning("image.format", message)
        .help("show it with `get_url`, or save it as png, jpg or webp to have it resized")
}

/// The operation that the arguments name, with the sizes it needs.
fn op(kwargs: &Kwargs) -> TeraResult<Op> {
    let name = kwargs.get::<String>("op")?.unwrap_or_else(|| "fill".into());
    let (width, height) = (kwargs.get::<u32>("width")?, kwargs.get::<u32>("height")?);
    let op = match name.as_str() {
        "scale" => width.zip(height).map(|(width, height)| Op::Scale(width, height)),
        "fit" => width.zip(height).map(|(width, height)| Op::Fit(width, height)),
        "fill" => width.zip(height).map(|(width, height)| Op::Fill(width, height)),
        "fit_width" => width.map(Op::FitWidth),
        "fit_height" => height.map(Op::FitHeight),
        _ => {
            let known = ["scale", "fit_width", "fit_height", "fit", "fill"];
            return Err(Error::message(format!("`resize_image` has no `op` called `{name}`{}", near(&name, known))));
        }
    };
    let needs = match name.as_str() {
        "fit_width" => "`width`",
        "fit_height" => "`height`",
        _ => "`width` and `height`",
    };
    op.ok_or_else(|| Error::message(format!("`resize_image` needs {needs} for `op=\"{name}\"`")))
}

fn near<const N: usize>(name: &str, known: [&str; N]) -> String {
    match crate::nearest::nearest(name, known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; it can be {}", known.join(", ")),
    }
}

/// The format that the arguments name, for a source of this kind: with `auto`, what may lose
/// something stays so, and what does not loses nothing.
fn format(kwargs: &Kwargs, found: ImageFormat) -> TeraResult<Format> {
    let name = kwargs.get::<String>("format")?.unwrap_or_else(|| "auto".into());
    let (quality, speed) = (kwargs.get::<u8>("quality")?, kwargs.get::<u8>("speed")?);
    let lossy = matches!(found, ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP);
    match name.as_str() {
        "auto" if !lossy => Ok(Format::Png),
        "auto" | "jpeg" | "jpg" => Ok(Format::Jpeg(within("quality", quality.unwrap_or(75), 1, 100)?)),
        "png" => Ok(Format::Png),
        "webp" => Ok(Format::WebP(quality.map(|quality| within("quality", quality, 0, 100)).transpose()?)),
        "avif" => {
            let quality = within("quality", quality.unwrap_or(80), 1, 100)?;
            Ok(Format::Avif(quality, within("speed", speed.unwrap_or(5), 1, 10)?))
        }
        _ => {
            let known = ["auto", "jpg", "png", "webp", "avif"];
            Err(Error::message(format!("`resize_image` writes no `format` called `{name}`{}", near(&name, known))))
        }
    }
}

fn within(what: &str, value: u8, least: u8, most: u8) -> TeraResult<u8> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(Error::message(format!(
        "`{what}` of `resize_image` must be from {least} to {most} for this format, not {value}"
    )))
}
