//! The size of an SVG drawing, from the attributes of its root.
//! Units are left aside, as Zola does; nothing is drawn and nothing outside the file is read.

use roxmltree::{Document, ParsingOptions};

/// Whether a file is an SVG drawing, by its extension or its first words.
pub(super) fn is_svg(bytes: &[u8], extension: Option<&str>) -> bool {
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("svg"))
        || bytes.trim_ascii_start().starts_with(b"<svg")
}

/// Its `width` and `height` where both are plain lengths, and otherwise those of its `viewBox`.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    // The usual document types are allowed, entities that multiply are bounded by the reader.
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let text = text.trim_start_matches('\u{feff}');
    let document = Document::parse_with_options(text, options).map_err(|error| format!("it is damaged ({error})"))?;
    let root = document.root_element();
    let edge = |name| root.attribute(name).and_then(length);
    let own = edge("width").zip(edge("height"));
    own.or_else(|| view_box(root.attribute("viewBox")?))
        .ok_or_else(|| "it has no size: neither `width` and `height` nor a `viewBox`".into())
}

/// A length without its unit, cut to whole pixels; a share of the page is no length.
fn length(text: &str) -> Option<u32> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+'));
    let number: f64 = text[..text.len() - unit.len()].parse().ok()?;
    (!unit.starts_with('%')).then_some(number as u32)
}

fn view_box(text: &str) -> Option<(u32, u32)> {
    let numbers = text.split([' ', ',', '\t', '\n', '\r']).filter(|part| !part.is_empty());
    let numbers: Vec<f64> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
    match numbers[..] {
        [_, _, width, height] => Some((width as u32, height as u32)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    fn size(attributes: &str) -> Option<(u32, u32)> {
        let text = format!("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}/>");
        super::size(text.as_bytes()).ok()
    }

    /// What Zola 0.23 says of the same drawings.
    #[test]
    fn sizes_are_cut_to_whole_pixels_and_units_are_left_aside() {
        assert_eq!(size("width='120' height='80'"), Some((120, 80)));
        assert_eq!(size("viewBox='0 0 300 150'"), Some((300, 150)));
        assert_eq!(size("width='100%' height='100%' viewBox='0 0 30 15'"), Some((30, 15)));
        assert_eq!(size("width='12.7px' height='3.2in' viewBox='0 0 30 15'"), Some((12, 3)));
        assert_eq!(size("width='10mm' height='20pt'"), Some((10, 20)));
        assert_eq!(size("width='50' viewBox='0 0 30 15'"), Some((30, 15)));
        assert_eq!(size("height='50' viewBox='0 0 30 15'"), Some((30, 15)));
        assert_eq!(size("width='50'"), None);
        assert_eq!(size(""), None);
    }

    #[test]
    fn entities_that_multiply_end_in_an_error() {
        let entities = (1..20).map(|n| format!("<!ENTITY e{n} \"&e{0};&e{0};&e{0};&e{0};\">", n - 1));
        let text = format!("<!DOCTYPE svg [<!ENTITY e0 \"x\">{}]><svg a='&e19;'/>", entities.collect::<String>());
        assert!(super::size(text.as_bytes()).is_err());
    }
}
