//! Byte offsets and UTF-16 offsets of a text, converted both ways.
//! Line ends count as one unit however they are written, and a byte order mark as none.

/// Bytes between two checkpoints.
const STEP: usize = 1024;

/// Converts between byte offsets of a file's text and UTF-16 offsets of the same text with `\n`
/// line ends and no byte order mark, as the editor counts.
#[derive(Debug, Clone)]
pub struct Places {
    /// (byte, UTF-16) at the first character boundary at or after each multiple of the step.
    checkpoints: Vec<(usize, usize)>,
}

impl Places {
    /// Measures `text` once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut checkpoints = Vec::with_capacity(bytes.len() / STEP + 1);
        let (mut byte, mut unit) = (0, 0);
        checkpoints.push((0, 0));
        while byte + STEP < bytes.len() {
            let mut next = byte + STEP;
            while !text.is_char_boundary(next) || (bytes[next] == b'\n' && bytes[next - 1] == b'\r') {
                next += 1;
                if next == bytes.len() {
                    return Self { checkpoints };
                }
            }
            unit += units(&bytes[byte..next], byte == 0);
            byte = next;
            checkpoints.push((byte, unit));
        }
        Self { checkpoints }
    }

    /// The UTF-16 offset of a byte offset of the `text` this was made for; past the end is the
    /// end, inside a character its start.
    pub fn utf16(&self, text: &str, byte: usize) -> usize {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let at = self.checkpoints.partition_point(|(start, _)| *start <= byte).saturating_sub(1);
        let (start, unit) = self.checkpoints[at];
        let mut slice = &text.as_bytes()[start..byte];
        // A `\r` whose `\n` lies behind the place has not ended its line yet.
        if slice.ends_with(b"\r") && text.as_bytes().get(byte) == Some(&b'\n') {
            slice = &slice[..slice.len() - 1];
        }
        unit + units(slice, start == 0)
    }

    /// The byte offset of a UTF-16 offset, or `None` past the end or inside a character. Only for
    /// texts that have `\n` line ends and no byte order mark.
    pub fn byte(&self, text: &str, unit: usize) -> Option<usize> {
        let at = self.checkpoints.partition_point(|(_, start)| *start <= unit).saturating_sub(1);
        let (mut byte, mut seen) = self.checkpoints[at];
        for c in text[byte..].chars() {
            if seen >= unit {
                break;
            }
            seen += c.len_utf16();
            byte += c.len_utf8();
        }
        (seen == unit).then_some(byte)
    }
}

/// UTF-16 units of whole characters: one for each that is no continuation byte, another for each
/// that takes four bytes, none for the `\r` of a `\r\n` or for a mark at the start of the file.
fn units(bytes: &[u8], at_start: bool) -> usize {
    let mut count = 0;
    for byte in bytes {
        count += usize::from(*byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0);
    }
    let pairs = if bytes.contains(&b'\r') { bytes.windows(2).filter(|pair| *pair == b"\r\n").count() } else { 0 };
    let mark = usize::from(at_start && bytes.starts_with(b"\xEF\xBB\xBF"));
    count - pairs - mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_the_editor_does() {
        // a=1, é=1, 😀=2, then the line end.
        let text = "aé😀\nb";
        let places = Places::new(text);
        assert_eq!([0, 1, 3, 7, 8, 9].map(|byte| places.utf16(text, byte)), [0, 1, 2, 4, 5, 6]);
        assert_eq!([0, 1, 2, 4, 5, 6].map(|unit| places.byte(text, unit)), [0, 1, 3, 7, 8, 9].map(Some));
        assert_eq!(places.byte(text, 3), None, "inside a surrogate pair");
        assert_eq!(places.byte(text, 7), None, "past the end");
    }

    #[test]
    fn windows_line_ends_are_one_and_a_mark_is_none() {
        let text = "\u{FEFF}a\r\nb\r\nc";
        let places = Places::new(text);
        let c = text.find('c').expect("c");
        assert_eq!(places.utf16(text, 3), 0);
        assert_eq!(places.utf16(text, 4), 1);
        assert_eq!(places.utf16(text, 5), 1, "between the two halves of a line end");
        assert_eq!(places.utf16(text, c), 4);
    }

    #[test]
    fn long_texts_agree_with_counting() {
        let text = "Zürich 😀 line\r\n".repeat(500);
        let places = Places::new(&text);
        for (byte, _) in text.char_indices().step_by(7) {
            let before = text[..byte].replace("\r\n", "\n");
            let before = before.strip_suffix('\r').unwrap_or(&before);
            assert_eq!(places.utf16(&text, byte), before.encode_utf16().count(), "byte {byte}");
        }
        let unix = text.replace("\r\n", "\n");
        let places = Places::new(&unix);
        for (byte, _) in unix.char_indices().step_by(11) {
            assert_eq!(places.byte(&unix, places.utf16(&unix, byte)), Some(byte));
        }
    }
}
