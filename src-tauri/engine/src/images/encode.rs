//! Pixels into files, in the four formats that templates may ask for.
//! What is written depends on the pixels and the qualities alone, not on the number of threads.

use image::codecs::{avif::AvifEncoder, jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{DynamicImage, ImageEncoder, ImageResult};

use super::Format;
use super::process::Processed;

/// Encodes an image whose pixels suit the format. The colour profile is kept where it can be.
pub(super) fn encode(image: &DynamicImage, format: Format, profile: Option<&[u8]>) -> Result<Processed, String> {
    let kept = profile.filter(|profile| can_keep(format, image, profile)).map(<[u8]>::to_vec);
    let colours_lost = kept.is_none() && profile.is_some_and(|profile| !is_srgb(profile));
    let mut bytes = Vec::new();
    match format {
        Format::Jpeg(quality) => write(image, JpegEncoder::new_with_quality(&mut bytes, quality), kept),
        Format::Png => write(image, PngEncoder::new(&mut bytes), kept),
        Format::WebP(None) => write(image, WebPEncoder::new_lossless(&mut bytes), kept),
        Format::WebP(Some(quality)) => {
            bytes = lossy_webp(image, quality)?;
            Ok(())
        }
        Format::Avif(quality, speed) => {
            // More threads would cut the image into more parts, and give other bytes.
            let encoder = AvifEncoder::new_with_speed_quality(&mut bytes, speed, quality).with_num_threads(Some(1));
            write(image, encoder, kept)
        }
    }
    .map_err(|error| error.to_string())?;
    Ok(Processed { bytes, colours_lost })
}

fn write(image: &DynamicImage, mut encoder: impl ImageEncoder, profile: Option<Vec<u8>>) -> ImageResult<()> {
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).map_err(image::ImageError::Unsupported)?;
    }
    encoder.write_image(image.as_bytes(), image.width(), image.height(), image.color().into())
}

fn lossy_webp(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, String> {
    let layout = if image.color().has_alpha() { webp::PixelLayout::Rgba } else { webp::PixelLayout::Rgb };
    let encoder = webp::Encoder::new(image.as_bytes(), layout, image.width(), image.height());
    let written = encoder.encode_simple(false, f32::from(quality));
    written.map(|bytes| bytes.to_vec()).map_err(|error| format!("WebP cannot hold it ({error:?})"))
}

/// Whether the format can carry the profile, and the profile speaks of such pixels (ICC.1,
/// section 7.2.6: bytes 16 to 19 name the colour space).
fn can_keep(format: Format, image: &DynamicImage, profile: &[u8]) -> bool {
    let space: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    matches!(format, Format::Jpeg(_) | Format::Png | Format::WebP(None)) && profile.get(16..20) == Some(space)
}

/// Whether a profile says no more than what browsers take for granted.
fn is_srgb(profile: &[u8]) -> bool {
    let wide: Vec<u8> = b"sRGB".iter().flat_map(|byte| [0, *byte]).collect();
    profile.windows(4).any(|part| part == b"sRGB") || profile.windows(8).any(|part| part == wide)
}
