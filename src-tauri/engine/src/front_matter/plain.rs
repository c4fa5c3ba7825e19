//! Front matter in TOML that is written as most of it is: a key and a value a line, under tables.
//! It says so where a block is not so plain, and never reads one otherwise than TOML's parser does.

use crate::datum::{Datum, DatumMap};

/// The data of a block; none where the parser must read it.
pub(super) fn read(block: &str) -> Option<DatumMap> {
    let mut data = DatumMap::default();
    let mut table: Option<(&str, DatumMap)> = None;
    for line in block.split_inclusive('\n') {
        let line = line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line);
        if line.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return None;
        }
        let line = line.trim_matches(' ');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(head) = line.strip_prefix('[') {
            let name = head.strip_suffix(']').filter(|name| is_bare(name))?;
            close(&mut data, table.take())?;
            table = Some((name, DatumMap::default()));
            continue;
        }
        let (key, value) = line.split_once('=')?;
        let key = key.trim_end_matches(' ');
        let into = table.as_mut().map_or(&mut data, |(_, table)| table);
        if !is_bare(key) || into.get(key).is_some() {
            return None;
        }
        into.0.push((key.to_owned(), value_of(value.trim_start_matches(' '))?));
    }
    close(&mut data, table)?;
    Some(data)
}

/// Puts a table that ends here; none where there is something of its name.
fn close(data: &mut DatumMap, table: Option<(&str, DatumMap)>) -> Option<()> {
    if let Some((name, table)) = table {
        if data.get(name).is_some() {
            return None;
        }
        data.0.push((name.to_owned(), Datum::Map(table)));
    }
    Some(())
}

fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn value_of(text: &str) -> Option<Datum> {
    match text.as_bytes().first()? {
        b'"' => {
            let (text, rest) = string(text)?;
            rest.is_empty().then(|| Datum::Text(text.to_owned()))
        }
        b'[' => list(text),
        b't' | b'f' => text.parse().ok().map(Datum::Bool),
        b'0'..=b'9' if is_day(text) => Some(Datum::Date(text.to_owned())),
        b'0'..=b'9' => number(text),
        _ => None,
    }
}

/// A text in double quotes without an escape, and what follows it.
fn string(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('"')?;
    let end = memchr::memchr2(b'"', b'\\', rest.as_bytes())?;
    let (text, rest) = rest.split_at(end);
    let rest = rest.strip_prefix('"')?;
    // Three quotes open a text of several lines.
    (!(text.is_empty() && rest.starts_with('"'))).then(|| (text, rest.trim_start_matches(' ')))
}

/// A list of texts on one line.
fn list(text: &str) -> Option<Datum> {
    let mut rest = text.strip_prefix('[')?.trim_start_matches(' ');
    let mut texts = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(']') {
            return after.is_empty().then_some(Datum::List(texts));
        }
        let (text, after) = string(rest)?;
        texts.push(Datum::Text(text.to_owned()));
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start_matches(' '),
            None => after.starts_with(']').then_some(after)?,
        };
    }
}

/// A whole number of few enough digits, without a zero before them.
fn number(text: &str) -> Option<Datum> {
    let is_plain = text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && (text.len() == 1 || !text.starts_with('0'))).then(|| text.parse().ok().map(Datum::Int))?
}

/// A day that every month has, as `2026-01-31` is written.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() == 10
        && (digits(0..4) && bytes[4] == b'-' && digits(5..7) && bytes[7] == b'-' && digits(8..10))
        && ("01"..="12").contains(&&text[5..7])
        && ("01"..="28").contains(&&text[8..10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain() {
        let block = "title = \"A \u{e9}\"\r\ndate = 2024-02-28\n# said\n\nweight=10\ndraft = false\n\
                     [taxonomies]\ntags = [\"a\", \"b\" , ]\n[extra]\n";
        let expected = super::super::read_toml(block).ok();
        assert!(expected.is_some());
        assert_eq!(read(block), expected);
    }

    #[test]
    fn what_is_not() {
        for block in [
            "a = 'b'",
            "a = \"\\n\"",
            "a = \"\"\"b\"\"\"",
            "a.b = 1",
            "\"a\" = 1",
            "[[a]]",
            "[a.b]",
            "a = 1 # said",
            "a = 1\na = 2",
            "[a]\n[a]",
            "a = 1\n[a]",
            "a = 1979-05-27T07:32:00Z",
            "a = 2024-02-30",
            "a = 1.5",
            "a = 007",
            "a = { b = 1 }",
            "a = [1]",
            "a = [\"b\",,]",
            "a =",
            "a",
            "a = \"b",
            "a = -1",
            "a = \"\t\"",
        ] {
            assert_eq!(read(block), None, "{block}");
        }
    }

    /// Pieces that stand in front matter, and many that do not.
    const PIECES: &[&str] = &[
        "title",
        " = ",
        "=",
        "\"a b\"",
        "\"\"",
        "\"",
        "\n",
        "\n",
        "\n",
        "[extra]",
        "[taxonomies]\n",
        "tags = ",
        "[",
        "]",
        ", ",
        ",",
        "1",
        "0",
        "12",
        "-",
        "2024-01-02",
        "2024-02-30",
        "true",
        "false",
        "tru",
        "# x",
        " ",
        "\t",
        "\r\n",
        "\\",
        "'",
        "a.b",
        "\u{e9}",
        "{",
        "}",
        "draft = true\n",
        "weight = 3\n",
        "date = 2020-12-31\n",
        "title = \"x\"\n",
        "tags = [\"a\", \"b\"]\n",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]
        #[test]
        fn it_reads_what_the_parser_reads(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..14),
        ) {
            let block = pieces.concat();
            if let Some(data) = read(&block) {
                proptest::prop_assert_eq!(Some(data), super::super::read_toml(&block).ok(), "{:?}", block);
            }
        }
    }
}
