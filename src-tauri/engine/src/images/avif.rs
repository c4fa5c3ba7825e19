//! The size of an AVIF image, from the boxes that describe it (ISO/IEC 14496-12 and 23008-12).
//! No pixel is decoded; a box that claims more than the file holds ends the reading.

/// Whether a file is an AVIF image, by its first box.
pub(super) fn is_avif(bytes: &[u8]) -> bool {
    let Some(brands) = Boxes(bytes).next().filter(|(kind, _)| kind == b"ftyp").map(|(_, brands)| brands) else {
        return false;
    };
    let compatible = brands.get(8..).unwrap_or_default();
    brands.get(..4).into_iter().chain(compatible.chunks_exact(4)).any(|brand| matches!(brand, b"avif" | b"avis"))
}

/// Width and height of its primary image.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    primary_size(bytes).ok_or_else(|| "it is damaged (its size is not to be found)".to_owned())
}

fn primary_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let meta = Boxes(bytes).named(*b"meta")?.get(4..)?;
    let properties = Boxes(meta).named(*b"iprp")?;
    let all: Vec<([u8; 4], &[u8])> = Boxes(Boxes(properties).named(*b"ipco")?).collect();
    let primary = primary_item(Boxes(meta).named(*b"pitm")?)?;
    let own = associations(Boxes(properties).named(*b"ipma")?, primary)?;
    let mut own = own.into_iter().filter_map(|index| all.get(index.checked_sub(1)?));
    let (_, extents) = own.find(|(kind, _)| kind == b"ispe")?;
    Some((number(extents, 4, 4)?, number(extents, 8, 4)?))
}

/// The number of the primary item.
fn primary_item(body: &[u8]) -> Option<u32> {
    number(body, 4, if *body.first()? == 0 { 2 } else { 4 })
}

/// The numbers, from 1, of an item's properties.
fn associations(body: &[u8], item: u32) -> Option<Vec<usize>> {
    let (id_len, wide) = (if *body.first()? == 0 { 2 } else { 4 }, body.get(3)? & 1 == 1);
    let (count, mut at) = (number(body, 4, 4)?, 8);
    for _ in 0..count {
        let id = number(body, at, id_len)?;
        let properties = usize::from(*body.get(at + id_len)?);
        at += id_len + 1;
        let len = if wide { 2 } else { 1 };
        // The highest bit says whether a reader must know the property.
        let mask = if wide { 0x7fff } else { 0x7f };
        if id == item {
            return (0..properties).map(|n| Some((number(body, at + n * len, len)? & mask) as usize)).collect();
        }
        at += properties * len;
    }
    None
}

/// A big-endian number of `len` bytes.
fn number(bytes: &[u8], at: usize, len: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(len)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// The boxes of a file or of another box, one after another: their types and what they hold.
struct Boxes<'a>(&'a [u8]);

impl<'a> Boxes<'a> {
    fn named(mut self, name: [u8; 4]) -> Option<&'a [u8]> {
        self.find(|(kind, _)| *kind == name).map(|(_, body)| body)
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind: [u8; 4] = self.0.get(4..8)?.try_into().ok()?;
        let (head, len) = match number(self.0, 0, 4)? {
            0 => (8, self.0.len()),
            1 if number(self.0, 8, 4)? == 0 => (16, number(self.0, 12, 4)? as usize),
            1 => return None,
            len => (8, len as usize),
        };
        let body = self.0.get(head..len)?;
        self.0 = &self.0[len..];
        Some((kind, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = ((body.len() + 8) as u32).to_be_bytes().to_vec();
        bytes.extend(kind);
        bytes.extend(body);
        bytes
    }

    fn extents(width: u32, height: u32) -> Vec<u8> {
        boxed(*b"ispe", &[&[0; 4][..], &width.to_be_bytes(), &height.to_be_bytes()].concat())
    }

    /// An image whose first item is a part of the second, which is the primary one.
    fn image() -> Vec<u8> {
        let shared = [extents(64, 32), boxed(*b"pixi", &[0; 8]), extents(640, 320)].concat();
        let own = [&[0, 0, 0, 0, 0, 0, 0, 2][..], &[0, 1, 1, 1], &[0, 2, 2, 0x82, 3]].concat();
        let properties = [boxed(*b"ipco", &shared), boxed(*b"ipma", &own)].concat();
        let meta = [vec![0; 4], boxed(*b"pitm", &[0, 0, 0, 0, 0, 2]), boxed(*b"iprp", &properties)].concat();
        [boxed(*b"ftyp", b"mif1\0\0\0\0avif"), boxed(*b"meta", &meta)].concat()
    }

    #[test]
    fn the_size_is_that_of_the_primary_item() {
        assert!(is_avif(&image()));
        assert_eq!(size(&image()), Ok((640, 320)));
    }

    #[test]
    fn a_part_of_a_file_is_an_error_and_never_more() {
        let image = image();
        for end in 0..image.len() {
            assert!(size(&image[..end]).is_err(), "{end}");
        }
        for at in 0..image.len() {
            let mut damaged = image.clone();
            damaged[at] = 0xff;
            let _ = size(&damaged);
        }
    }
}
