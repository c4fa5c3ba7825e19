//! Which states stay as they grow old: all of the last day, then one an hour, a day, a week, a
//! month. Pure; the newest state, and the one before Galley's first change, always stay.

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// For each state, the oldest first, whether it stays. Times are seconds.
pub(crate) fn stays(times: &[u64], now: u64) -> Vec<bool> {
    let last = times.len().saturating_sub(1);
    let stays = |at: usize| {
        // The last state of its hour, day, week or month stands for it.
        at == 0 || at == last || slot(times[at], now).is_none_or(|slot| Some(slot) != self::slot(times[at + 1], now))
    };
    (0..times.len()).map(stays).collect()
}

/// What span of time a state falls into, and which; none while all are kept.
fn slot(at: u64, now: u64) -> Option<(u64, u64)> {
    let span = match now.saturating_sub(at) {
        age if age < DAY => return None,
        age if age < 7 * DAY => HOUR,
        age if age < 60 * DAY => DAY,
        age if age < 730 * DAY => 7 * DAY,
        _ => 30 * DAY,
    };
    Some((span, at / span))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 2_000 * DAY;

    fn check(ages: &[u64], kept: &[u64]) {
        let times: Vec<u64> = ages.iter().map(|age| NOW - age).collect();
        let stays = stays(&times, NOW);
        let left: Vec<u64> = ages.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(age, _)| *age).collect();
        assert_eq!(left, kept);
    }

    #[test]
    fn the_last_day_stays_whole() {
        check(&[DAY - 1, 3 * HOUR, 3 * HOUR - 1, 60, 1], &[DAY - 1, 3 * HOUR, 3 * HOUR - 1, 60, 1]);
    }

    #[test]
    fn of_each_older_hour_the_last_stays() {
        // The first of all stays too.
        check(&[50 * HOUR, 49 * HOUR + 900, 49 * HOUR + 600, 49 * HOUR + 300, 60], &[50 * HOUR, 49 * HOUR + 300, 60]);
    }

    #[test]
    fn then_of_each_day_week_and_month() {
        let day = |days: u64, hours: u64| days * DAY - hours * HOUR;
        check(&[day(20, 1), day(20, 2), day(20, 20), day(19, 1), 5], &[day(20, 1), day(20, 20), day(19, 1), 5]);
        // Day 1,400 begins a week of seven days counted from 1970.
        let at = |day_number: u64| NOW - day_number * DAY;
        check(&[at(1_400), at(1_401), at(1_406), at(1_407), 5], &[at(1_400), at(1_406), at(1_407), 5]);
        check(&[at(900), at(901), at(929), at(930), 5], &[at(900), at(929), at(930), 5]);
    }

    #[test]
    fn nothing_of_nothing_and_one_of_one() {
        check(&[], &[]);
        check(&[900 * DAY], &[900 * DAY]);
    }
}
