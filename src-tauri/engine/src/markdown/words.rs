//! How long a page is, in words and minutes, as Zola counts them.
//! Code between fences is never counted.

use unicode_segmentation::UnicodeSegmentation;

/// Words (Unicode word boundaries) of a body as written, outside of fenced code.
pub(crate) fn word_count(body: &str) -> usize {
    // No word reaches over a line end, and lines of ASCII alone are counted much faster.
    let of_text = |text: &str| {
        if text.is_ascii() { ascii_words(text.as_bytes()) } else { text.split('\n').map(words_of_line).sum() }
    };
    prose(body).map(of_text).sum()
}

fn words_of_line(line: &str) -> usize {
    if line.is_ascii() { ascii_words(line.as_bytes()) } else { line.unicode_words().count() }
}

/// The Unicode words of ASCII text (UAX 29, rules WB5 to WB13b): letters, digits and `_` stand
/// together, and so do the parts of `it's` and `4,5`.
fn ascii_words(text: &[u8]) -> usize {
    // Words of `_` alone are none, so that where it stands more than its neighbours must be seen.
    if memchr::memchr(b'_', text).is_some() {
        return text.split(|byte| *byte == b'\n').map(ascii_words_of_line).sum();
    }
    let first = text.first().map_or(0, |first| usize::from(first.is_ascii_alphanumeric()));
    let begins = |before, byte| (letter(byte) | digit(byte)) & !(letter(before) | digit(before));
    first + count(text, begins) - joined(text)
}

/// How many characters join their neighbours to one word. Few of those that may are met.
fn joined(text: &[u8]) -> usize {
    let signs = memchr::memchr3_iter(b'.', b',', b'\'', text).chain(memchr::memchr2_iter(b':', b';', text));
    let near = |at: Option<usize>| at.and_then(|at| text.get(at)).map_or(b'\n', |byte| *byte);
    signs.filter(|at| joins(near(at.checked_sub(1)), text[*at], near(Some(at + 1))) == 1).count()
}

/// Counts the characters for which `is` is 1 with the one before them, from the second one on. The
/// loop has no branches and counts in bytes, so that many characters are looked at at once.
fn count(text: &[u8], is: impl Fn(u8, u8) -> u8) -> usize {
    let pairs = text.len().saturating_sub(1);
    let mut all = 0;
    for start in (0..pairs).step_by(255) {
        let end = (start + 255).min(pairs);
        let mut some = 0;
        for (before, byte) in text[start..end].iter().zip(&text[start + 1..=end]) {
            some += is(*before, *byte);
        }
        all += usize::from(some);
    }
    all
}

/// 1 for an ASCII letter.
fn letter(byte: u8) -> u8 {
    u8::from((byte | 0x20).wrapping_sub(b'a') < 26)
}

/// 1 for an ASCII digit.
fn digit(byte: u8) -> u8 {
    u8::from(byte.wrapping_sub(b'0') < 10)
}

/// 1 for a character that joins its neighbours to one word.
fn joins(before: u8, byte: u8, after: u8) -> u8 {
    let is = |sign: u8| u8::from(byte == sign);
    let (letters, digits) = (letter(before) & letter(after), digit(before) & digit(after));
    ((is(b'.') | is(b'\'')) & (letters | digits)) | (is(b':') & letters) | ((is(b',') | is(b';')) & digits)
}

fn ascii_words_of_line(line: &[u8]) -> usize {
    let (mut count, mut is_word) = (0, false);
    for (at, byte) in line.iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            count += usize::from(!is_word);
            is_word = true;
        } else if *byte != b'_' {
            let near = |at: Option<usize>| at.and_then(|at| line.get(at)).map_or(b'\n', |byte| *byte);
            is_word &= joins(near(at.checked_sub(1)), *byte, near(Some(at + 1))) == 1;
        }
    }
    count
}

/// Whole minutes to read a body of `words` words; Chinese and Japanese are measured in characters.
pub(crate) fn reading_time(words: usize, body: &str, lang: &str) -> usize {
    match lang.split(['-', '_']).next().unwrap_or("") {
        "zh" => letters(body).div_ceil(439),
        "ja" => letters(body).div_ceil(653),
        "en" => words.div_ceil(238),
        "ko" => words.div_ceil(202),
        _ => words.div_ceil(200),
    }
}

fn letters(body: &str) -> usize {
    prose(body).map(|text| text.chars().filter(|c| c.is_alphabetic()).count()).sum()
}

/// What stands outside of pairs of three backticks, wherever in a line they stand: Zola takes all
/// between them for code.
fn prose(body: &str) -> impl Iterator<Item = &str> {
    let mut fences = memchr::memmem::find_iter(body.as_bytes(), "```");
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let start = rest?;
        let end = fences.next();
        // What is between this fence and the next is code.
        rest = end.and_then(|_| fences.next()).map(|closing| closing + 3);
        body.get(start..end.unwrap_or(body.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_outside_of_code() {
        assert_eq!(word_count("One two, three's 4.5!\n"), 4);
        assert_eq!(word_count("a\n```rust\nlet x = 1;\n```\nb `c`\n  ```\nx\n"), 3);
        assert_eq!(word_count("one ``` two\nthree ``` four\n"), 2);
        assert_eq!(word_count("one\n> ```\n> two\n> ```\n> three\n"), 2);
        assert_eq!(word_count(""), 0);
        assert_eq!(word_count("```\nall code\n"), 0);
    }

    proptest::proptest! {
        #[test]
        fn ascii_is_counted_as_unicode_is(line in "[a-c1-3_.,:;' \"!\n-]{0,24}|[a-c1-3.,:;' \n]{0,600}") {
            proptest::prop_assert_eq!(ascii_words(line.as_bytes()), line.unicode_words().count());
        }
    }

    proptest::proptest! {
        #[test]
        fn fences_part_as_zola_parts_them(body in "[a`\n]{0,24}") {
            let split: Vec<&str> = body.split("```").step_by(2).collect();
            proptest::prop_assert_eq!(prose(&body).collect::<Vec<_>>(), split);
        }
    }

    #[test]
    fn minutes() {
        assert_eq!(reading_time(0, "", "en"), 0);
        assert_eq!(reading_time(238, "", "en"), 1);
        assert_eq!(reading_time(239, "", "en-GB"), 2);
        assert_eq!(reading_time(400, "", "fr"), 2);
        assert_eq!(reading_time(203, "", "ko"), 2);
        assert_eq!(reading_time(1, &"字".repeat(440), "zh-Hans"), 2);
        assert_eq!(reading_time(1, &"字".repeat(653), "ja"), 1);
    }
}
