//! Whether a picture tells where it was taken: the GPS part of Exif (CIPA DC-008, 4.6.6).
//! Every offset in a picture is doubted; what does not fit tells nothing.

/// The tag that leads to the GPS part, and the one of the latitude in it.
const GPS: u16 = 0x8825;
const LATITUDE: u16 = 2;

/// Whether JPEG, PNG, WebP or TIFF bytes hold a latitude.
pub(super) fn tells_where(picture: &[u8]) -> bool {
    exif(picture).is_some_and(|exif| has_latitude(exif).unwrap_or(false))
}

/// The TIFF structure in a picture.
fn exif(picture: &[u8]) -> Option<&[u8]> {
    match picture {
        [0xff, 0xd8, ..] => jpeg(picture),
        [0x89, b'P', b'N', b'G', ..] => png(picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(picture),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(picture),
        _ => None,
    }
}

fn jpeg(picture: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    loop {
        let [0xff, kind, high, low] = *picture.get(at..at + 4)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if kind == 0xe1
            && let Some(exif) = picture.get(at + 4..at + 2 + length)?.strip_prefix(b"Exif\0\0")
        {
            return Some(exif);
        }
        // After the start of the image itself come no more facts.
        if kind == 0xda || length < 2 {
            return None;
        }
        at += 2 + length;
    }
}

fn png(picture: &[u8]) -> Option<&[u8]> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(picture.get(at..at + 4)?.try_into().ok()?) as usize;
        if picture.get(at + 4..at + 8)? == b"eXIf" {
            return picture.get(at + 8..at + 8 + length);
        }
        at = at.checked_add(12)?.checked_add(length)?;
    }
}

fn webp(picture: &[u8]) -> Option<&[u8]> {
    let mut at = 12;
    loop {
        let length = u32::from_le_bytes(picture.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        if picture.get(at..at + 4)? == b"EXIF" {
            let exif = picture.get(at + 8..at + 8 + length)?;
            return Some(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif));
        }
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
    }
}

fn has_latitude(tiff: &[u8]) -> Option<bool> {
    let is_little = tiff.get(..2)? == b"II";
    let short = |at: usize| {
        let two = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four = tiff.get(at..at + 4)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
    };
    let entry = |folder: usize, tag: u16| {
        let count = usize::from(short(folder)?);
        (0..count).map(|place| folder + 2 + place * 12).find(|at| short(*at) == Some(tag))
    };
    let pointer = entry(long(4)?, GPS)?;
    Some(entry(long(pointer + 8)?, LATITUDE).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A TIFF with one folder, one GPS folder and `tag` in it; laid out by hand.
    fn tiff(tag: u16) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
        bytes.extend([1, 0]);
        bytes.extend(GPS.to_le_bytes());
        bytes.extend([4, 0, 1, 0, 0, 0, 26, 0, 0, 0]);
        bytes.extend([0; 4]);
        bytes.extend([1, 0]);
        bytes.extend(tag.to_le_bytes());
        bytes.extend([5, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    fn jpeg(tiff: &[u8]) -> Vec<u8> {
        let length = (tiff.len() + 8) as u16;
        [&b"\xff\xd8\xff\xe1"[..], &length.to_be_bytes(), b"Exif\0\0", tiff, b"\xff\xda\0\x02"].concat()
    }

    #[test]
    fn a_latitude_is_found_wherever_exif_stands() {
        let with = tiff(LATITUDE);
        let png = [&b"\x89PNG\r\n\x1a\n"[..], &(with.len() as u32).to_be_bytes(), b"eXIf", &with, b"crc!"].concat();
        let webp = [&b"RIFF\0\0\0\0WEBPEXIF"[..], &(with.len() as u32).to_le_bytes(), &with].concat();
        for picture in [jpeg(&with), png, webp, with.clone()] {
            assert!(tells_where(&picture));
        }
        // The GPS part with a version alone; nothing at all; and bytes cut anywhere never panic.
        assert!(!tells_where(&jpeg(&tiff(0))));
        assert!(!tells_where(b"\xff\xd8\xff\xda\0\x02"));
        let whole = jpeg(&with);
        assert!((0..20).all(|end| !tells_where(&whole[..end])));
    }
}
