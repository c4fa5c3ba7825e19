//! Image processing: sections 11 and 15 of Zola's surface, in sites with pictures of one colour a side.
//! Sizes and names are what Zola 0.23 gave for the same pictures; nothing is taken from our output.

use std::io::Cursor;
use std::sync::Arc;

use galley_engine::{Content, MemoryFiles, Options, Severity, SitePath, Snapshot, Source};
use image::{DynamicImage, ImageEncoder, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};

use crate::site::Site;

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const GRAY: [u8; 3] = [128, 128, 128];

/// A site whose page shows what this template gives, with these binary files.
fn site(template: &str, files: &[(&str, Vec<u8>)]) -> Site {
    let mut snapshot = Snapshot::new();
    let texts = [
        ("zola.toml", "base_url = \"https://example.org/sub\"\n"),
        ("templates/page.html", template),
        ("content/page.md", "+++\ntitle = \"Page\"\n+++\n"),
    ];
    for (path, text) in texts {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    }
    let mut held = MemoryFiles::default();
    for (path, bytes) in files {
        let path = SitePath::new(path).unwrap();
        let text = path.extension() == Some("svg");
        let source = held.put(path.clone(), bytes.clone());
        let source = if text { Source::text(String::from_utf8(bytes.clone()).unwrap()) } else { source };
        snapshot.put(path, source);
    }
    snapshot.set_files(Arc::new(held));
    Site::built(snapshot, &Options::default())
}

/// The page's text.
fn shown(template: &str, files: &[(&str, Vec<u8>)]) -> String {
    site(template, files).clean().text("page/index.html").to_owned()
}

/// What `resize_image` answers to these arguments: `name WxH of WxH`.
fn resized(arguments: &str, files: &[(&str, Vec<u8>)]) -> String {
    let template = format!(
        "{{% set i = resize_image({arguments}) %}}{{{{ i.url | split(pat='/') | last }}}} {{{{ i.width }}}}x{{{{ i.height }}}} of {{{{ i.orig_width }}}}x{{{{ i.orig_height }}}}"
    );
    shown(&template, files)
}

/// The bytes of the one processed image that these arguments make, and the site.
fn processed(arguments: &str, files: &[(&str, Vec<u8>)]) -> (Vec<u8>, Site) {
    let site = site(&format!("{{% set i = resize_image({arguments}) %}}{{{{ i.url }}}}"), files);
    let mut images = site.build.artifacts.iter().filter(|(path, _)| path.starts_with("processed_images/"));
    let (_, artifact) = images.next().unwrap_or_else(|| panic!("no image; {:#?}", site.build.problems));
    assert!(images.next().is_none(), "one image was asked for: {:?}", site.paths());
    let Content::Bytes(bytes) = &artifact.content else { panic!("{:?}", artifact.content) };
    (bytes.to_vec(), site)
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().decode().unwrap()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn plain(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    encoded(&DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb(GRAY))), format)
}

/// A picture with a colour in each corner: red, green; blue, gray.
fn corners(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(GRAY),
    }))
}

/// The colours near the corners, in the order of [`corners`].
fn corners_of(image: &DynamicImage) -> [[u8; 3]; 4] {
    let image = image.to_rgb8();
    let (right, bottom) = (image.width() - 2, image.height() - 2);
    [(1, 1), (right, 1), (1, bottom), (right, bottom)].map(|(x, y)| image.get_pixel(x, y).0)
}

fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) < 24)
}

/// Exif data (CIPA DC-008) with an orientation, a description and a date.
fn exif(orientation: u8) -> Vec<u8> {
    let mut data = b"II*\0\x08\0\0\0\x03\0".to_vec();
    // Entries: tag, type, count, value or its place. The description lies at 50.
    data.extend([0x0e, 0x01, 2, 0, 6, 0, 0, 0, 50, 0, 0, 0]);
    data.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    data.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0, 56, 0, 0, 0]);
    data.extend([0; 4]);
    data.extend(b"A dog\0");
    // The camera's own entries, of which one: the date, at 74.
    data.extend([1, 0, 0x03, 0x90, 2, 0, 20, 0, 0, 0, 74, 0, 0, 0, 0, 0, 0, 0]);
    data.extend(b"2020:01:02 03:04:05\0");
    data
}

/// A JPEG with Exif data, which stands right behind the first marker.
fn photo(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let data = [&b"Exif\0\0"[..], &exif(orientation)].concat();
    let length = (data.len() as u16 + 2).to_be_bytes();
    let jpeg = encoded(image, ImageFormat::Jpeg);
    [&jpeg[..2], &[0xff, 0xe1], &length, &data, &jpeg[2..]].concat()
}

#[test]
fn s15_every_operation_gives_zolas_size_and_name() {
    let files = [
        ("static/imgs/pic.png", plain(640, 480, ImageFormat::Png)),
        ("static/imgs/pic.jpg", plain(300, 201, ImageFormat::Jpeg)),
    ];
    for (arguments, expected) in [
        ("path='imgs/pic.png', width=150, height=150, op='scale'", "pic.54df8ac792e5ec53.png 150x150 of 640x480"),
        ("path='imgs/pic.png', width=150, op='fit_width'", "pic.6c53b388f397d659.png 150x112 of 640x480"),
        ("path='imgs/pic.png', height=101, op='fit_height'", "pic.8b7cf971a0af597c.png 134x101 of 640x480"),
        ("path='imgs/pic.png', width=150, height=150, op='fit'", "pic.fa5f003ccdcba4cb.png 150x112 of 640x480"),
        ("path='imgs/pic.png', width=5000, height=5000, op='fit'", "pic.df465ace9644ce3d.png 640x480 of 640x480"),
        ("path='imgs/pic.png', width=150, height=150", "pic.0ce4df42ac7da09a.png 150x150 of 640x480"),
        ("path='imgs/pic.png', width=1000, op='fit_width'", "pic.f9786bfbbe3210e3.png 1000x750 of 640x480"),
        ("path='imgs/pic.jpg', width=100, op='fit_width'", "pic.19517672d03c781b.jpg 100x67 of 300x201"),
        ("path='imgs/pic.jpg', width=7, op='fit_width'", "pic.e4021ba1805ee699.jpg 7x4 of 300x201"),
        // A size that an operation does not need is no part of the name.
        ("path='imgs/pic.png', width=10, height=20, op='fit_width'", "pic.2f12ecba9eea565b.png 10x7 of 640x480"),
        ("path='imgs/pic.png', width=10.0, op='fit_width'", "pic.2f12ecba9eea565b.png 10x7 of 640x480"),
    ] {
        assert_eq!(resized(arguments, &files), expected, "{arguments}");
    }
}

#[test]
fn s15_the_path_is_part_of_the_name_as_it_was_given() {
    let files = [
        ("static/imgs/pic.jpg", plain(300, 201, ImageFormat::Jpeg)),
        ("content/post/local.png", plain(33, 17, ImageFormat::Png)),
    ];
    for (path, expected) in [
        ("imgs/pic.jpg", "pic.48c8755ded79ea7b.jpg 74x50 of 300x201"),
        ("/imgs/pic.jpg", "pic.48c8755ded79ea7b.jpg 74x50 of 300x201"),
        ("static/imgs/pic.jpg", "pic.a1ec6fadec5dd8ac.jpg 74x50 of 300x201"),
    ] {
        assert_eq!(resized(&format!("path='{path}', height=50, op='fit_height'"), &files), expected);
    }
    for (path, expected) in [
        ("@/post/local.png", "local.29f94d004da540d1.png 10x5 of 33x17"),
        ("content/post/local.png", "local.29f94d004da540d1.png 10x5 of 33x17"),
        ("post/local.png", "local.8d36eb2d21a5926b.png 10x5 of 33x17"),
    ] {
        assert_eq!(resized(&format!("path='{path}', width=10, op='fit_width'"), &files), expected);
    }
}

#[test]
fn s15_returns_where_the_image_is_and_publishes_it_there() {
    let files = [("static/imgs/pic.png", plain(640, 480, ImageFormat::Png))];
    let template =
        "{% set i = resize_image(path='imgs/pic.png', width=150, height=150) %}{{ i.url }} {{ i.static_path }}";
    let site = site(template, &files).clean();
    let name = "processed_images/pic.0ce4df42ac7da09a.png";
    assert_eq!(site.text("page/index.html"), format!("https://example.org/sub/{name} static/{name}"));
    let Content::Bytes(bytes) = &site.build.artifacts.get(name).unwrap().content else { panic!("{:?}", site.paths()) };
    assert_eq!((decoded(bytes).width(), decoded(bytes).height()), (150, 150));
}

#[test]
fn s15_fill_keeps_the_middle_and_scale_keeps_everything() {
    // Red, green, blue, each a third of the width.
    let stripes = RgbImage::from_fn(90, 30, |x, _| Rgb([RED, GREEN, BLUE][(x / 30) as usize]));
    let files = [("static/a.png", encoded(&DynamicImage::ImageRgb8(stripes), ImageFormat::Png))];
    let colours = |arguments: &str| {
        let image = decoded(&processed(arguments, &files).0).to_rgb8();
        [2, image.width() / 2, image.width() - 3].map(|x| image.get_pixel(x, image.height() / 2).0)
    };
    assert_eq!(colours("path='a.png', width=20, height=20"), [GREEN; 3]);
    assert_eq!(colours("path='a.png', width=30, height=20, op='scale'"), [RED, GREEN, BLUE]);
    assert_eq!(colours("path='a.png', width=30, op='fit_width'"), [RED, GREEN, BLUE]);
}

#[test]
fn s15_exif_orientation_is_applied() {
    // What each orientation shows where the upright picture has red, green, blue, gray (CIPA DC-008, 4.6.5):
    // the stored rows and columns start at another corner.
    let upright = [RED, GREEN, BLUE, GRAY];
    for (orientation, [a, b, c, d]) in [
        (1, [0, 1, 2, 3]),
        (2, [1, 0, 3, 2]),
        (3, [3, 2, 1, 0]),
        (4, [2, 3, 0, 1]),
        (5, [0, 2, 1, 3]),
        (6, [2, 0, 3, 1]),
        (7, [3, 1, 2, 0]),
        (8, [1, 3, 0, 2]),
    ] {
        let turned = orientation > 4;
        let files = [("static/a.jpg", photo(&corners(80, 40), orientation))];
        let size = if turned { "40x80" } else { "80x40" };
        let metadata = "{% set m = get_image_metadata(path='a.jpg') %}{{ m.width }}x{{ m.height }}";
        assert_eq!(shown(metadata, &files), size, "orientation {orientation}");
        let (bytes, _) = processed("path='a.jpg', width=20, op='fit_width', format='png'", &files);
        let image = decoded(&bytes);
        assert_eq!((image.width(), image.height()), if turned { (20, 40) } else { (20, 10) });
        let expected = [a, b, c, d].map(|at: usize| upright[at]);
        let found = corners_of(&image);
        assert!(found.iter().zip(expected).all(|(one, other)| is_near(*one, other)), "{orientation}: {found:?}");
    }
}

#[test]
fn s15_colour_profiles_are_kept_where_the_format_can() {
    // A profile begins with a header of 128 bytes that names its colour space at 16 (ICC.1, 7.2).
    let mut profile = vec![7; 200];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_icc_profile(profile.clone()).unwrap();
    encoder.write_image(corners(40, 40).as_bytes(), 40, 40, image::ExtendedColorType::Rgb8).unwrap();
    let files = [("static/a.png", png)];
    for format in ["'png'", "'jpg'", "'webp'"] {
        let (bytes, site) = processed(&format!("path='a.png', width=20, height=20, format={format}"), &files);
        let mut decoder = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().unwrap().into_decoder().unwrap();
        let kept = image::ImageDecoder::icc_profile(&mut decoder).unwrap();
        assert_eq!(kept.as_ref(), Some(&profile), "{format}");
        site.clean();
    }
    for format in ["'webp', quality=80", "'avif', speed=10"] {
        let (_, site) = processed(&format!("path='a.png', width=20, height=20, format={format}"), &files);
        assert_eq!(site.codes(), ["image.colours"], "{format}");
        let problem = &site.build.problems[0];
        assert_eq!(problem.severity, Severity::Warning);
        assert_eq!(problem.path.as_deref(), Some("content/page.md"));
    }
}

#[test]
fn s15_auto_is_jpg_for_what_may_lose_something_and_png_for_the_rest() {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Pnm, Qoi, Tga, Tiff, WebP};
    let extension = |name: &str, format| {
        let files = [(name, plain(12, 8, format))];
        let path = name.trim_start_matches("static/");
        let shown = resized(&format!("path='{path}', width=5, height=5"), &files);
        shown.split([' ', '.']).nth(2).unwrap().to_owned()
    };
    for (name, format) in [("static/a.jpg", Jpeg), ("static/a.gif", Gif), ("static/a.webp", WebP)] {
        assert_eq!(extension(name, format), "jpg", "{name}");
    }
    let lossless = [
        ("static/a.png", Png),
        ("static/a.bmp", Bmp),
        ("static/a.tiff", Tiff),
        ("static/a.ppm", Pnm),
        ("static/a.tga", Tga),
        ("static/a.qoi", Qoi),
    ];
    for (name, format) in lossless {
        assert_eq!(extension(name, format), "png", "{name}");
    }
    // What a file holds counts, not what it is called.
    assert_eq!(extension("static/wrong.png", Jpeg), "jpg");
}

#[test]
fn s15_formats_take_their_qualities() {
    let noise = RgbImage::from_fn(64, 64, |x, y| Rgb([(x * y % 251) as u8, (x * 7 + y * 13) as u8, (x ^ y) as u8]));
    let files = [("static/a.png", encoded(&DynamicImage::ImageRgb8(noise.clone()), ImageFormat::Png))];
    let made = |more: &str| processed(&format!("path='a.png', width=64, height=64, {more}"), &files).0;
    let starts = |bytes: &[u8], with: &[u8], at: usize| bytes[at..].starts_with(with);
    assert!(starts(&made("format='png'"), b"\x89PNG", 0));
    let jpeg = made("format='jpg'");
    assert!(starts(&jpeg, b"\xff\xd8\xff", 0));
    assert_eq!(jpeg, made("format='jpeg', quality=75"));
    assert!(made("format='jpg', quality=10").len() < jpeg.len() && jpeg.len() < made("format='jpg', quality=95").len());
    let webp = made("format='webp'");
    assert!(starts(&webp, b"WEBPVP8L", 8), "nothing is lost without a quality");
    assert_eq!(decoded(&webp).to_rgb8(), noise);
    let (low, high) = (made("format='webp', quality=0"), made("format='webp', quality=100"));
    assert!(starts(&low, b"WEBPVP8 ", 8) && low.len() < high.len());
    let avif = made("format='avif'");
    assert!(starts(&avif, b"ftypavif", 4));
    assert_eq!(avif, made("format='avif', quality=80, speed=5"));
    assert!(made("format='avif', quality=20, speed=10").len() < avif.len());
}

#[test]
fn s15_what_is_transparent_lends_no_colour_and_jpeg_shows_the_colour_beneath() {
    // The left half is white and transparent, the right half is blue.
    let half = |x| if x < 20 { Rgba([255, 255, 255, 0]) } else { Rgba([0, 0, 255, 255]) };
    let image = RgbaImage::from_fn(40, 40, |x, _| half(x));
    let files = [("static/a.png", encoded(&DynamicImage::ImageRgba8(image), ImageFormat::Png))];
    for format in ["png", "webp"] {
        let (bytes, _) = processed(&format!("path='a.png', width=10, height=10, format='{format}'"), &files);
        let image = decoded(&bytes).to_rgba8();
        assert_eq!(image.get_pixel(0, 5).0[3], 0);
        let seen = image.pixels().filter(|pixel| pixel.0[3] > 16);
        assert!(seen.clone().count() >= 50 && seen.clone().all(|pixel| is_near([pixel[0], pixel[1], pixel[2]], BLUE)));
    }
    let (bytes, _) = processed("path='a.png', width=10, height=10, format='jpg', quality=95", &files);
    assert!(is_near(decoded(&bytes).to_rgb8().get_pixel(1, 5).0, [255, 255, 255]));
}

#[test]
fn s15_images_that_nothing_asks_for_are_not_published() {
    let files = [("static/processed_images/old.0011223344556677.png", plain(4, 4, ImageFormat::Png))];
    assert!(!site("plain", &files).clean().has("processed_images/old.0011223344556677.png"));
}

#[test]
fn s15_arguments_that_cannot_be_are_problems_of_the_template() {
    let files = [("static/a.png", plain(12, 8, ImageFormat::Png))];
    for (arguments, says) in [
        ("path='a.png'", "needs `width` and `height` for `op=\"fill\"`"),
        ("path='a.png', height=3, op='fit_width'", "needs `width`"),
        ("path='a.png', width=3, height=3, op='fil'", "did you mean `fill`?"),
        ("path='a.png', width=3, height=3, format='gif'", "no `format` called `gif`"),
        ("path='a.png', width=3, height=3, format='jpg', quality=0", "must be from 1 to 100"),
        ("path='a.png', width=3, height=3, format='webp', quality=101", "must be from 0 to 100"),
        ("path='a.png', width=3, height=3, format='avif', quality=0", "must be from 1 to 100"),
        ("path='a.png', width=3, height=3, format='avif', speed=11", "must be from 1 to 10"),
        ("path='a.png', width=0, op='fit_width'", "would become 0 × 1 pixels"),
        ("path='a.png', width=60000, height=60000, op='scale'", "would become 60000 × 60000 pixels"),
    ] {
        let site = site(&format!("{{% set i = resize_image({arguments}) %}}{{{{ i.url }}}}"), &files);
        assert_eq!(site.codes(), ["template.error"], "{arguments}");
        assert!(site.build.problems[0].message.contains(says), "{}", site.build.problems[0].message);
    }
    // A quality means nothing to a format without one.
    assert!(resized("path='a.png', width=5, height=5, quality=0", &files).starts_with("a."));
    assert!(resized("path='a.png', width=5, height=5, format='jpg', speed=77", &files).starts_with("a."));
}

#[test]
fn s11_get_image_metadata_knows_the_formats() {
    use ImageFormat::{Avif, Bmp, Gif, Jpeg, Png, Tiff, WebP};
    for (name, format, expected) in [
        ("static/a.png", Png, "90x50 png image/png"),
        ("static/a.jpg", Jpeg, "90x50 jpg image/jpeg"),
        ("static/a.gif", Gif, "90x50 gif image/gif"),
        ("static/a.webp", WebP, "90x50 webp image/webp"),
        ("static/a.avif", Avif, "90x50 avif image/avif"),
        ("static/a.bmp", Bmp, "90x50 bmp image/bmp"),
        ("static/a.tiff", Tiff, "90x50 tiff image/tiff"),
        ("static/wrong.png", Jpeg, "90x50 jpg image/jpeg"),
    ] {
        let path = name.trim_start_matches("static/");
        let template = format!(
            "{{% set m = get_image_metadata(path='{path}') %}}{{{{ m.width }}}}x{{{{ m.height }}}} {{{{ m.format }}}} {{{{ m.mime }}}}{{{{ m.description or '' }}}}{{{{ m.created or '' }}}}"
        );
        assert_eq!(shown(&template, &[(name, plain(90, 50, format))]), expected);
    }
}

#[test]
fn s11_get_image_metadata_reads_the_size_of_drawings() {
    let drawing =
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"12.7px\" height=\"3.2in\" viewBox=\"0 0 30 15\"/>";
    let template =
        "{% set m = get_image_metadata(path='a.svg') %}{{ m.width }}x{{ m.height }} {{ m.format }} {{ m.mime }}";
    assert_eq!(shown(template, &[("static/a.svg", drawing.to_vec())]), "12x3 svg text/svg+xml");
}

#[test]
fn s11_get_image_metadata_reads_description_and_date() {
    let template = "{% set m = get_image_metadata(path='a.jpg') %}{{ m.description }}, {{ m.created }}";
    assert_eq!(shown(template, &[("static/a.jpg", photo(&corners(8, 4), 1))]), "A dog, 2020:01:02 03:04:05");
}

#[test]
fn s11_allow_missing_gives_none_for_an_absent_image() {
    let template = "{{ get_image_metadata(path='none.png', allow_missing=true) is none }}";
    assert_eq!(shown(template, &[]), "true");
    let site = site("{% set m = get_image_metadata(path='none.png') %}{{ m.width }}!", &[]);
    assert_eq!(site.codes(), ["image.missing"]);
    assert_eq!(site.build.problems[0].path.as_deref(), Some("content/page.md"));
    assert_eq!(site.text("page/index.html"), "0!");
}

#[test]
fn s15_an_absent_image_is_a_problem_of_the_page_that_is_built_without_it() {
    let site = site("{% set i = resize_image(path='imgs/none.png', width=5, height=5) %}{{ i.url }}", &[]);
    assert_eq!(site.codes(), ["image.missing"]);
    assert_eq!(site.build.problems[0].path.as_deref(), Some("content/page.md"));
    assert_eq!(site.text("page/index.html"), "https://example.org/sub/imgs/none.png");
}

#[test]
fn s15_drawings_are_shown_as_they_are() {
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"/>".to_vec();
    let site =
        site("{% set i = resize_image(path='a.svg', width=5, height=5) %}{{ i.url }}", &[("static/a.svg", drawing)]);
    assert_eq!(site.codes(), ["image.format"]);
    assert_eq!(site.text("page/index.html"), "https://example.org/sub/a.svg");
}

/// The digests of `abc` are those of FIPS 180-4's examples.
#[test]
fn s11_hashes_are_of_the_bytes_of_any_file() {
    let files = [("static/a.bin", b"abc".to_vec())];
    let hash = |more: &str| shown(&format!("{{{{ get_hash(path='a.bin'{more}) }}}}"), &files);
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let sha384 = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
    assert_eq!(hash(", sha_type=256, base64=false"), sha256);
    assert_eq!(hash(", base64=false"), sha384);
    assert_eq!(hash(", sha_type=256"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    let url = shown("{{ get_url(path='a.bin', cachebust=true) }}", &files);
    assert_eq!(url, format!("https://example.org/sub/a.bin?h={}", &sha256[..20]));
}
