//! How long a page is, in words and minutes, as Zola counts them.
//! Code between fences is never counted.

use unicode_segmentation::UnicodeSegmentation;

/// Words (Unicode word boundaries) of a body as written, outside of fenced code.
pub(crate) fn word_count(body: &str) -> usize {
    // No word reaches over a line end, and lines of ASCII alone are counted much faster.
    prose(body).flat_map(|text| text.split('\n')).map(words_of_line).sum()
}

fn words_of_line(line: &str) -> usize {
    if line.is_ascii() { ascii_words(line.as_bytes()) } else { line.unicode_words().count() }
}

/// The Unicode words of a line of ASCII (UAX 29, rules WB5 to WB13b): letters, digits and `_`
/// stand together, and so do the parts of `it's` and `4,5`.
fn ascii_words(line: &[u8]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < line.len() {
        let mut is_word = false;
        while let Some(byte) = line.get(at) {
            let joins = || {
                let (before, after) = (line.get(at.wrapping_sub(1)), line.get(at + 1));
                let both = |is: fn(&u8) -> bool| before.is_some_and(is) && after.is_some_and(is);
                match byte {
                    b'.' | b'\'' => both(u8::is_ascii_alphabetic) || both(u8::is_ascii_digit),
                    b':' => both(u8::is_ascii_alphabetic),
                    b',' | b';' => both(u8::is_ascii_digit),
                    _ => false,
                }
            };
            if !(byte.is_ascii_alphanumeric() || *byte == b'_' || (is_word && joins())) {
                break;
            }
            is_word |= byte.is_ascii_alphanumeric();
            at += 1;
        }
        count += usize::from(is_word);
        at += 1;
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
    body.split("```").step_by(2)
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
        fn ascii_is_counted_as_unicode_is(line in "[a-c1-3_.,:;' \"!-]{0,24}") {
            proptest::prop_assert_eq!(ascii_words(line.as_bytes()), line.unicode_words().count());
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
