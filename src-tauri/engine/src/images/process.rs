//! One processed image: decoded, turned upright, cut, resized, encoded.
//! What a file claims is bounded before memory is taken for it, and a damaged one is an error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder};

use super::encode::encode;
use super::header::{reader, told};
use super::{Format, Spec, is_sane};

/// A processed image.
pub(crate) struct Processed {
    pub bytes: Vec<u8>,
    /// Whether the colours that the source's profile describes could not be kept.
    pub colours_lost: bool,
}

/// Images with more pixels than this are taken one at a time.
const LARGE: u64 = 32 * 1024 * 1024;
static ONE_LARGE: Mutex<()> = Mutex::new(());

/// Makes what `spec` asks for of the bytes of its source; the error says what is wrong with them.
pub(crate) fn process(bytes: &[u8], spec: &Spec) -> Result<Processed, String> {
    // A decoder that meets bytes its authors did not think of may stop with a panic.
    catch_unwind(AssertUnwindSafe(|| run(bytes, spec))).unwrap_or_else(|_| Err("it is damaged".into()))
}

fn run(bytes: &[u8], spec: &Spec) -> Result<Processed, String> {
    let mut decoder = reader(bytes, spec.source.extension())?.into_decoder().map_err(|error| told(&error))?;
    let (width, height) = decoder.dimensions();
    if !is_sane(width, height) {
        return Err(format!("it claims {width} × {height} pixels, more than is taken in"));
    }
    let large = u64::from(width) * u64::from(height) > LARGE;
    let _alone = large.then(|| ONE_LARGE.lock().unwrap_or_else(PoisonError::into_inner));
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| told(&error))?;
    image.apply_orientation(orientation);
    let plan = spec.op.plan(image.width(), image.height());
    if let Some((left, top, width, height)) = plan.crop {
        image = image.crop_imm(left, top, width, height);
    }
    image = suited(image, spec.format);
    if let Some((width, height)) = plan.size {
        image = resized(&image, width, height)?;
    }
    encode(&image, spec.format, profile.as_deref())
}

/// Whether width and height change places.
pub(super) fn turns(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

/// The image in the kind of pixels that its format holds. Where nothing can be transparent, what
/// was shows its colour.
fn suited(image: DynamicImage, format: Format) -> DynamicImage {
    let color = image.color();
    let alpha = color.has_alpha() && format.has_alpha();
    let deep = color.bytes_per_pixel() > color.channel_count() && format == Format::Png;
    let gray = !color.has_color() && matches!(format, Format::Png | Format::Jpeg(_));
    match (gray, alpha, deep) {
        (true, false, false) => DynamicImage::ImageLuma8(image.into_luma8()),
        (true, true, false) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        (true, false, true) => DynamicImage::ImageLuma16(image.into_luma16()),
        (true, true, true) => DynamicImage::ImageLumaA16(image.into_luma_alpha16()),
        (false, false, false) => DynamicImage::ImageRgb8(image.into_rgb8()),
        (false, true, false) => DynamicImage::ImageRgba8(image.into_rgba8()),
        (false, false, true) => DynamicImage::ImageRgb16(image.into_rgb16()),
        (false, true, true) => DynamicImage::ImageRgba16(image.into_rgba16()),
    }
}

/// Lanczos with three lobes; what is transparent lends no colour to what is not.
fn resized(image: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, String> {
    if width == 0 || height == 0 || !is_sane(width, height) {
        return Err(format!("it would become {width} × {height} pixels"));
    }
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let resize = |image: &DynamicImage, see_through: bool| {
        let mut out = DynamicImage::new(width, height, image.color());
        let resized = Resizer::new().resize(image, &mut out, &options.use_alpha(see_through));
        resized.map(|()| out).map_err(|error| error.to_string())
    };
    // Eight bits are too few for a colour that is first made fainter and then brighter again.
    match image {
        DynamicImage::ImageRgba8(pixels) if pixels.pixels().any(|pixel| pixel.0[3] < 255) => {
            Ok(resize(&image.to_rgba16().into(), true)?.into_rgba8().into())
        }
        DynamicImage::ImageLumaA8(pixels) if pixels.pixels().any(|pixel| pixel.0[1] < 255) => {
            Ok(resize(&image.to_luma_alpha16().into(), true)?.into_luma_alpha8().into())
        }
        DynamicImage::ImageRgba16(_) | DynamicImage::ImageLumaA16(_) => resize(image, true),
        _ => resize(image, false),
    }
}
