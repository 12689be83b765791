//! The site's clocks.

use engine::Timestamp;
use engine::prompt::Zone;
use jiff::Timestamp as Instant;
use jiff::tz::TimeZone;

/// How far the clocks of a time zone are ahead of UTC at an instant, and when they change next. `None` for a name that no zone has.
pub fn zone(name: &str, now: Timestamp) -> Option<Zone> {
    let zone = TimeZone::get(name).ok()?;
    let instant = Instant::from_millisecond(now.0).ok()?;
    let ahead = i64::from(zone.to_offset(instant).seconds()) * 1000;
    // A zone may have transitions that move no clock, as when only its abbreviation changes.
    let moves = |at: &Instant| i64::from(zone.to_offset(*at).seconds()) * 1000 != ahead;
    let next = zone.following(instant).map(|transition| transition.timestamp()).take(LOOKED_AT).find(moves);
    Some(Zone { ahead, until: next.map(|at| Timestamp(at.as_millisecond())) })
}

/// So many transitions are looked at: those of two years.
const LOOKED_AT: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn clocks_are_ahead_until_they_change() {
        let at = |text: &str| Timestamp(text.parse::<Instant>().unwrap().as_millisecond());
        for (name, now, ahead, until) in [
            ("UTC", "2026-01-08T12:00:00Z", 0, None),
            ("Europe/Berlin", "2026-01-08T12:00:00Z", HOUR, Some("2026-03-29T01:00:00Z")),
            ("Europe/Berlin", "2026-03-29T00:59:59.999Z", HOUR, Some("2026-03-29T01:00:00Z")),
            ("Europe/Berlin", "2026-03-29T01:00:00Z", 2 * HOUR, Some("2026-10-25T01:00:00Z")),
            ("America/New_York", "2026-07-01T00:00:00Z", -4 * HOUR, Some("2026-11-01T06:00:00Z")),
            ("Asia/Kolkata", "2026-07-01T00:00:00Z", 5 * HOUR + HOUR / 2, None),
        ] {
            let expected = Zone { ahead, until: until.map(at) };
            assert_eq!(zone(name, at(now)), Some(expected), "{name} at {now}");
        }
        assert_eq!(zone("Mars/Olympus", Timestamp(0)), None);
    }
}
