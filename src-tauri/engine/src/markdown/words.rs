//! How long a page is, in words and minutes, as Zola counts them.
//! Code between fences is never counted.

use unicode_segmentation::UnicodeSegmentation;

/// Words (Unicode word boundaries) of a body as written, outside of fenced code.
pub(crate) fn word_count(body: &str) -> usize {
    // No word reaches over a line end, and lines of ASCII alone are counted much faster.
    prose(body).flat_map(|text| text.split('\n')).map(|line| line.unicode_words().count()).sum()
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

/// The lines outside of code fences, in runs.
fn prose(body: &str) -> impl Iterator<Item = &str> {
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (run, after) = rest.split_at(fence(rest).unwrap_or(rest.len()));
        let code = line_len(after);
        rest = match fence(&after[code..]) {
            Some(end) => &after[code + end + line_len(&after[code + end..])..],
            None => "",
        };
        Some(run)
    })
}

/// Where the first line begins that opens or closes fenced code.
fn fence(text: &str) -> Option<usize> {
    text.match_indices("```").map(|(at, _)| at).find_map(|at| {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        text[line..at].bytes().all(|byte| matches!(byte, b' ' | b'\t')).then_some(line)
    })
}

fn line_len(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_outside_of_code() {
        assert_eq!(word_count("One two, three's 4.5!\n"), 4);
        assert_eq!(word_count("a\n```rust\nlet x = 1;\n```\nb `c`\n  ```\nx\n"), 3);
        assert_eq!(word_count("inline ``` is no fence\n"), 4);
        assert_eq!(word_count(""), 0);
        assert_eq!(word_count("```\nall code\n"), 0);
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
