//! The filter `date`: formats dates and never looks at a clock, nor at what the machine knows of
//! time zones: the table of zones is part of the program, so that a page is the same everywhere.

use std::sync::{Arc, OnceLock};

use jiff::Zoned;
use jiff::fmt::temporal::{DateTimeParser, Pieces};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use tera::value::{Key, Map};
use tera::{Error, Kwargs, State, TeraResult, Value};

/// Formats a date; with a `locale`, by a Unicode pattern (UTS 35) or by the `%` forms that say the
/// same.
pub(super) fn date(value: &Value, kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let (format, locale) = (kwargs.get::<&str>("format")?, kwargs.get::<&str>("locale")?);
    let zone = kwargs.get::<&str>("timezone")?.map(zone).transpose()?;
    let zoned = zoned(value, zone)?;
    if locale.is_none() {
        let format = format.unwrap_or("%Y-%m-%d");
        return jiff::fmt::strtime::format(format, &zoned)
            .map_err(|error| Error::message(format!("Invalid date format `{format}`: {error}")));
    }
    // What is left to say is the moment, with how far its clocks are from UTC.
    let moment = Value::from(zoned.timestamp().display_with_offset(zoned.offset()).to_string());
    let pattern = format.filter(|format| format.contains('%')).and_then(pattern);
    let format = pattern.as_deref().or(format);
    tera_contrib::dates::date(&moment, with_format(&kwargs, format), state)
}

fn zones() -> &'static TimeZoneDatabase {
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    ZONES.get_or_init(TimeZoneDatabase::bundled)
}

fn zone(name: &str) -> TeraResult<TimeZone> {
    if name == "UTC" {
        return Ok(TimeZone::UTC);
    }
    zones().get(name).map_err(|_| {
        let names: Vec<String> = zones().available().map(|zone| zone.to_string()).collect();
        let near = crate::nearest::nearest(name, names.iter().map(String::as_str));
        let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Error::message(format!("there is no time zone `{name}`{help}"))
    })
}

/// A moment in the zone that is asked for. A date says its own zone or offset, or is meant in the
/// zone that is asked for, or in UTC.
fn zoned(value: &Value, zone: Option<TimeZone>) -> TeraResult<Zoned> {
    let default = zone.clone().unwrap_or(TimeZone::UTC);
    let zoned = match (value.as_str(), value.as_i128()) {
        (Some(text), _) => parse(text, &default)
            .map_err(|error| Error::message(format!("`{text}` cannot be read as a date: {error}")))?,
        (None, Some(seconds)) => i64::try_from(seconds)
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .ok_or_else(|| Error::message(format!("{seconds} is no number of seconds that a date can have")))?
            .to_zoned(default),
        (None, None) => return Err(Error::message(format!("a date is text or a number, not {}", value.name()))),
    };
    Ok(match zone {
        Some(zone) => zoned.with_time_zone(zone),
        None => zoned,
    })
}

fn parse(text: &str, default: &TimeZone) -> Result<Zoned, jiff::Error> {
    const PARSER: DateTimeParser = DateTimeParser::new();
    let offset = || Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset()).map(TimeZone::fixed);
    PARSER
        .parse_zoned_with(zones(), text)
        .or_else(|_| {
            let moment = PARSER.parse_timestamp(text)?;
            Ok::<_, jiff::Error>(moment.to_zoned(offset().unwrap_or_else(|| default.clone())))
        })
        .or_else(|_| PARSER.parse_datetime(text)?.to_zoned(default.clone()))
        .or_else(|_| PARSER.parse_date(text)?.to_zoned(default.clone()))
}

/// The arguments with this format, and without a zone.
fn with_format(kwargs: &Kwargs, format: Option<&str>) -> Kwargs {
    let others = kwargs.iter().filter(|(key, _)| *key != &Key::Str("timezone"));
    let mut map: Map = others.map(|(key, value)| (key.clone(), value.clone())).collect();
    if let Some(format) = format {
        map.insert(Key::Str("format"), Value::from(format));
    }
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
