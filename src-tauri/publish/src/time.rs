//! Times as seconds since 1970, and as text.
//! Plans take a time; only the edges ask the clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in seconds since 1970. For the edges: plans and manifests are handed a time.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// `2026-11-22T18:48:11Z` (RFC 3339, UTC).
#[must_use]
pub fn rfc3339(seconds: u64) -> String {
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = clock(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `20261122T184811Z`: sorts by time, and is safe in a file name.
pub(crate) fn stamp(seconds: u64) -> String {
    rfc3339(seconds).replace(['-', ':'], "")
}

/// Seconds since 1970 of `Tue, 15 Nov 1994 08:12:31 GMT` (RFC 9110, 5.6.7).
pub(crate) fn parse_http(text: &str) -> Option<u64> {
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day: u64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = names.find(month).filter(|_| month.len() == 3)? as u64 / 3 + 1;
    let year: u64 = parts.next()?.parse().ok()?;
    Some(days(year, month, day)? * 86_400 + seconds_of(parts.next()?)?)
}

/// Seconds since 1970 of `2026-11-22T18:48:11.123Z`, in UTC; fractions are left out.
pub(crate) fn parse_rfc3339(text: &str) -> Option<u64> {
    let (date, clock) = text.split_once('T')?;
    let mut parts = date.split('-').map(|part| part.parse::<u64>().ok());
    let days = days(parts.next()??, parts.next()??, parts.next()??)?;
    Some(days * 86_400 + seconds_of(clock.get(..8)?)?)
}

fn seconds_of(clock: &str) -> Option<u64> {
    let mut parts = clock.split(':').map(|part| part.parse::<u64>().ok());
    Some(parts.next()?? * 3600 + parts.next()?? * 60 + parts.next()??)
}

/// Days since 1970: Howard Hinnant's `days_from_civil`.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1..=12).contains(&month) || !(1970..10_000).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

fn clock(seconds: u64) -> (u64, u64, u64) {
    (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

/// Days since 1970 to year, month and day: Howard Hinnant's `civil_from_days`.
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_text() {
        // Expected values from `date -u -d @N +%FT%TZ`.
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_373_291), "2026-11-22T18:48:11Z");
        assert_eq!(stamp(1_795_373_291), "20261122T184811Z");
    }

    #[test]
    fn times_from_text() {
        // Expected values from `date -u -d TEXT +%s`.
        assert_eq!(parse_http("Tue, 15 Nov 1994 08:12:31 GMT"), Some(784_887_151));
        assert_eq!(parse_http("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(parse_http("yesterday"), None);
        assert_eq!(parse_rfc3339("2026-11-22T18:48:11.123Z"), Some(1_795_373_291));
        assert_eq!(parse_rfc3339("2026-13-22T18:48:11Z"), None);
    }
}
