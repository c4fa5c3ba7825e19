//! What an image file says of itself: size, format, and what its camera or author noted.
//! Only headers are read: no pixel is decoded, whatever size a header claims.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::{avif, svg};

/// The format of an image file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One whose pixels can be decoded.
    Pixels(ImageFormat),
    /// A drawing.
    Svg,
    /// One of which only the size is read.
    Avif,
}

impl Kind {
    /// The usual extension of its files.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Pixels(format) => format.extensions_str().first().copied().unwrap_or(""),
            Self::Svg => "svg",
            Self::Avif => "avif",
        }
    }

    /// Its media type, in Zola's words.
    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Pixels(format) => format.to_mime_type(),
            Self::Svg => "text/svg+xml",
            Self::Avif => "image/avif",
        }
    }
}

/// What is known of an image without its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// Width in pixels, as it is to be seen: turned as the file says.
    pub width: u32,
    /// Height in pixels, as it is to be seen.
    pub height: u32,
    pub kind: Kind,
    /// What its author wrote of it.
    pub description: Option<String>,
    /// When the picture was taken, as the camera wrote it: `2020:01:02 03:04:05`.
    pub created: Option<String>,
}

impl Header {
    /// Reads the header of a file with this extension; the error says in plain words what is wrong.
    pub(crate) fn of(bytes: &[u8], extension: Option<&str>) -> Result<Self, String> {
        // A decoder that meets bytes its authors did not think of may stop with a panic.
        catch_unwind(|| Self::read(bytes, extension)).unwrap_or_else(|_| Err("it is damaged".into()))
    }

    fn read(bytes: &[u8], extension: Option<&str>) -> Result<Self, String> {
        let plain = |(width, height), kind| Self { width, height, kind, description: None, created: None };
        if avif::is_avif(bytes) {
            return avif::size(bytes).map(|size| plain(size, Kind::Avif));
        }
        if svg::is_svg(bytes, extension) {
            return svg::size(bytes).map(|size| plain(size, Kind::Svg));
        }
        let reader = reader(bytes, extension)?;
        let format = reader.format().ok_or_else(unknown)?;
        let mut decoder = reader.into_decoder().map_err(|error| told(&error))?;
        let (width, height) = decoder.dimensions();
        let turned = decoder.orientation().is_ok_and(super::process::turns);
        let (width, height) = if turned { (height, width) } else { (width, height) };
        let (description, created) = notes(decoder.exif_metadata().ok().flatten());
        Ok(Self { width, height, kind: Kind::Pixels(format), description, created })
    }
}

/// A reader that goes by the content, and by the extension only where the content says nothing.
pub(super) fn reader<'a>(bytes: &'a [u8], extension: Option<&str>) -> Result<ImageReader<Cursor<&'a [u8]>>, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes));
    if let Some(format) = extension.and_then(ImageFormat::from_extension) {
        reader.set_format(format);
    }
    let mut reader = reader.with_guessed_format().map_err(|error| error.to_string())?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(super::MAX_PIXELS * 4);
    reader.limits(limits);
    Ok(reader)
}

fn unknown() -> String {
    "it is in no format that can be read".into()
}

/// An error in plain words.
pub(super) fn told(error: &ImageError) -> String {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => "it ends too early".into(),
        ImageError::Limits(_) => "it is too large".into(),
        ImageError::Unsupported(_) => unknown(),
        error => format!("it is damaged ({error})"),
    }
}

/// The description and the date of Exif data.
fn notes(raw: Option<Vec<u8>>) -> (Option<String>, Option<String>) {
    let Some(raw) = raw else { return (None, None) };
    let raw = raw.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec).unwrap_or(raw);
    let Ok(exif) = exif::Reader::new().read_raw(raw) else { return (None, None) };
    let text = |tag| match &exif.get_field(tag, exif::In::PRIMARY)?.value {
        exif::Value::Ascii(lines) => Some(String::from_utf8_lossy(lines.first()?).into_owned()),
        _ => None,
    };
    (text(exif::Tag::ImageDescription), text(exif::Tag::DateTimeOriginal))
}
