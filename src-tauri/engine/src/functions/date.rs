//! The filter `date`: tera-contrib's, which also takes the older `%` forms where a locale is given.
//! It formats and never looks at a clock.

use std::sync::Arc;

use tera::value::{Key, Map};
use tera::{Kwargs, State, TeraResult, Value};

/// Formats a date; with a `locale`, by a Unicode pattern (UTS 35) or by the `%` forms that say the
/// same.
pub(super) fn date(value: &Value, kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let (format, locale) = (kwargs.get::<&str>("format")?, kwargs.get::<&str>("locale")?);
    let pattern = format.filter(|format| locale.is_some() && format.contains('%')).and_then(pattern);
    let kwargs = match pattern {
        Some(pattern) => with_format(&kwargs, &pattern),
        None => kwargs,
    };
    tera_contrib::dates::date(value, kwargs, state)
}

fn with_format(kwargs: &Kwargs, format: &str) -> Kwargs {
    let mut map: Map = kwargs.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    map.insert(Key::Str("format"), Value::from(format));
    Kwargs::new(Arc::new(map))
}

/// A `%` format as a Unicode pattern; none where a form has no such pattern.
fn pattern(format: &str) -> Option<String> {
    let mut out = String::new();
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let form = match letters.next()? {
            '-' | '_' => match letters.next()? {
                'd' | 'e' => "d",
                'm' => "M",
                'H' => "H",
                'I' => "h",
                'M' => "m",
                'S' => "s",
                _ => return None,
            },
            '%' => {
                text.push('%');
                continue;
            }
            'Y' => "y",
            'y' => "yy",
            'B' => "MMMM",
            'b' | 'h' => "MMM",
            'm' => "MM",
            'd' => "dd",
            'e' => "d",
            'A' => "EEEE",
            'a' => "EEE",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "a",
            'F' => "y-MM-dd",
            'T' => "HH:mm:ss",
            'R' => "HH:mm",
            _ => return None,
        };
        quote(&mut out, &mut text);
        out.push_str(form);
    }
    quote(&mut out, &mut text);
    Some(out)
}

/// Text as a pattern has it: letters stand between quotes.
fn quote(out: &mut String, text: &mut String) {
    if text.chars().any(|letter| letter.is_ascii_alphabetic() || letter == '\'') {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
    } else {
        out.push_str(text);
    }
    text.clear();
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn forms_become_patterns() {
        assert_eq!(pattern("%B %d, %Y").as_deref(), Some("MMMM dd, y"));
        assert_eq!(pattern("%-d de %B").as_deref(), Some("d' de 'MMMM"));
        assert_eq!(pattern("%H o'clock, 100%%").as_deref(), Some("HH' o''clock, 100%'"));
        assert_eq!(pattern("%s"), None);
        assert_eq!(pattern("%"), None);
    }
}
