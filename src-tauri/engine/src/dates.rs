//! Dates as writers and their tools write them: a calendar day, perhaps with a time and a zone.
//! It never asks what time it is, and a day that no calendar has is no date.

use serde::{Deserialize, Serialize};

use crate::datum::Datum;

/// A moment or a day. Dates are ordered by `seconds`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Date {
    pub year: i32,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
    /// RFC 3339 without what was not said: a date alone, or a time without a zone.
    pub text: String,
    /// Seconds since 1970 in UTC; a date alone is its midnight, and a missing zone is UTC.
    pub seconds: i64,
}

/// Numbers from here on count milliseconds, smaller ones seconds (the year 5138, or March 1973).
const MILLISECONDS_FROM: i64 = 100_000_000_000;
/// 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

/// The date that a value of a front matter says.
pub(crate) fn from_datum(value: &Datum) -> Option<Date> {
    match value {
        Datum::Int(number) => from_epoch(*number),
        Datum::Text(text) | Datum::Date(text) => parse(text),
        Datum::Null | Datum::Bool(_) | Datum::Float(_) | Datum::List(_) | Datum::Map(_) => None,
    }
}

/// Seconds or milliseconds since 1970, told apart by their size.
pub(crate) fn from_epoch(number: i64) -> Option<Date> {
    let (seconds, millis) = if number >= MILLISECONDS_FROM { (number / 1000, number % 1000) } else { (number, 0) };
    if !(0..=LAST_SECOND).contains(&seconds) {
        return None;
    }
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z");
    Some(Date { year, month, day, text, seconds })
}

/// Reads `2015-10-27`, RFC 3339, YAML 1.1 timestamps (a space for the `T`, spaces before the
/// zone, one digit for a month, a day or an hour), and 10 or 13 digits since 1970.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    if matches!(text.len(), 10 | 13) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return from_epoch(text.parse().ok()?);
    }
    let mut rest = Rest(text);
    let year = rest.number(4..=4)?;
    rest.eat(b'-')?;
    let month = rest.number(1..=2)?;
    rest.eat(b'-')?;
    let day = rest.number(1..=2)?;
    if !is_day(year, month, day) {
        return None;
    }
    let (year, midnight) = (year as i32, days(year as i32, month, day) * 86_400);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.0.is_empty() {
        // A day written with single digits is a YAML timestamp, which stands for its midnight.
        let text = if text.len() == date.len() { date } else { format!("{date}T00:00:00Z") };
        return Some(Date { year, month, day, text, seconds: midnight });
    }
    rest.time_mark()?;
    let (clock, seconds) = rest.clock()?;
    let (zone, offset) = rest.zone()?;
    Some(Date { year, month, day, text: format!("{date}T{clock}{zone}"), seconds: midnight + seconds - offset })
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn number(&mut self, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let found = self.digits();
        if !digits.contains(&found.len()) {
            return None;
        }
        found.parse().ok()
    }

    fn digits(&mut self) -> &'a str {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(char::from(byte))?;
        Some(())
    }

    fn spaces(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn time_mark(&mut self) -> Option<()> {
        match self.0.as_bytes().first()? {
            b'T' | b't' => self.0 = &self.0[1..],
            b' ' | b'\t' => self.spaces(),
            _ => return None,
        }
        Some(())
    }

    /// `hh:mm[:ss[.fraction]]`, as text and in seconds. A leap second is its own second.
    fn clock(&mut self) -> Option<(String, i64)> {
        let hour = self.number(1..=2)?;
        self.eat(b':')?;
        let minute = self.number(2..=2)?;
        let second = if self.eat(b':').is_some() { self.number(2..=2)? } else { 0 };
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut text = format!("{hour:02}:{minute:02}:{second:02}");
        if self.eat(b'.').is_some() {
            // As TOML writes it: without zeros at its end.
            let digits = self.digits().trim_end_matches('0');
            if !digits.is_empty() {
                text.push('.');
                text.push_str(digits);
            }
        }
        Some((text, i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)))
    }

    /// `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing, as text and in seconds east of UTC.
    fn zone(&mut self) -> Option<(String, i64)> {
        self.spaces();
        let sign = match self.0 {
            "" => return Some((String::new(), 0)),
            "Z" | "z" => return Some(("Z".into(), 0)),
            zone if zone.starts_with('+') => 1,
            zone if zone.starts_with('-') => -1,
            _ => return None,
        };
        let digits: String = self.0[1..].chars().filter(|c| *c != ':').collect();
        if !self.0[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
            return None;
        }
        let (hours, minutes): (i64, i64) = match digits.len() {
            1 | 2 => (digits.parse().ok()?, 0),
            4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
            _ => return None,
        };
        if hours > 23 || minutes > 59 {
            return None;
        }
        let mark = if sign < 0 { '-' } else { '+' };
        Some((format!("{mark}{hours:02}:{minutes:02}"), sign * (hours * 3600 + minutes * 60)))
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar. Years begin in March
/// here, so that the leap day is the last of its year.
fn days(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The day that lies `days` after 1970-01-01.
fn civil(days: i64) -> (i32, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, i64) {
        let date = parse(text).unwrap_or_else(|| panic!("{text:?} is a date"));
        (date.text, date.seconds)
    }

    #[test]
    fn the_forms_of_one_moment() {
        // The examples of YAML 1.1's timestamp type; the epoch second is GNU date's.
        let seconds = 1_008_385_183;
        for text in [
            "2001-12-15T02:59:43.1Z",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-15 2:59:43.10",
        ] {
            assert_eq!(read(text).1, seconds, "{text}");
        }
        assert_eq!(read("2001-12-14 21:59:43.10 -5").0, "2001-12-14T21:59:43.1-05:00");
        assert_eq!(read("2001-12-14 21:59:43"), ("2001-12-14T21:59:43".into(), 1_008_367_183));
    }

    #[test]
    fn days_alone() {
        assert_eq!(read("2002-12-14"), ("2002-12-14".into(), 1_039_824_000));
        assert_eq!(read(" 2015-1-5 "), ("2015-01-05T00:00:00Z".into(), 1_420_416_000));
        assert_eq!(read("1970-01-01").1, 0);
        assert_eq!(read("1969-12-31").1, -86_400);
        let date = parse("2024-02-29").expect("a leap day");
        assert_eq!((date.year, date.month, date.day), (2024, 2, 29));
    }

    #[test]
    fn zones() {
        assert_eq!(read("2020-01-01T00:00:00+05:30"), ("2020-01-01T00:00:00+05:30".into(), 1_577_836_800 - 19_800));
        assert_eq!(read("2020-01-01 00:00 +0530"), ("2020-01-01T00:00:00+05:30".into(), 1_577_836_800 - 19_800));
    }

    #[test]
    fn numbers_since_1970() {
        let created = from_datum(&Datum::Int(1_691_240_936_258)).expect("milliseconds");
        assert_eq!(created.text, "2023-08-05T13:08:56.258Z");
        assert_eq!(created.seconds, 1_691_240_936);
        assert_eq!(from_epoch(1_691_240_936).expect("seconds").text, "2023-08-05T13:08:56Z");
        assert_eq!(parse("1691240936258").expect("digits"), created);
        assert_eq!(from_epoch(-1), None);
        assert_eq!(from_epoch(i64::MAX), None);
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "soon",
            "2023",
            "2023-02-29",
            "1900-02-29",
            "2023-13-01",
            "2023-00-01",
            "2023-01-00",
            "2023-04-31",
            "23-01-01",
            "2023-01-01T24:00:00",
            "2023-01-01T12",
            "2023-01-01T12:60",
            "2023-01-01T12:00:61",
            "2023-01-01 noon",
            "2023-01-01T12:00:00 UTC",
            "2023-01-01T12:00:00+24:00",
            "2023/01/01",
            "２023-01-01",
            "2023-01-01T12:00:00+é",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(from_datum(&Datum::Bool(true)), None);
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for day in days(1900, 1, 1)..days(2300, 1, 1) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
            assert!(is_day(year as u32, month, date));
        }
    }
}
