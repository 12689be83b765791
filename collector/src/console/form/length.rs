//! A length of time as people fill it in: a number, and what it is a number of.

use engine::Span;
use maud::{Markup, html};

/// What a length may be a number of: as files have it, how long it is, and its word.
const UNITS: [(&str, i64, &str); 4] =
    [("s", 1_000, "seconds"), ("m", 60_000, "minutes"), ("h", 3_600_000, "hours"), ("d", 86_400_000, "days")];

/// The name of the field that says what the number is of.
pub fn unit_of(place: &str) -> String {
    format!("unit {place}")
}

/// The two fields. What is no length stands in the first as it is; `usual` is the unit of one that is not there yet.
pub fn control(
    place: &str,
    value: &str,
    usual: &str,
    is_open: bool,
    wrong: Option<&str>,
    described: Option<&str>,
) -> Markup {
    let known = Span::parse(value).and_then(|span| split(&span.to_string()));
    let (number, unit) = known.unwrap_or_else(|| (value.to_owned(), usual.to_owned()));
    html! {
        span.length {
            input.short id=(place) name=(place) type="text" inputmode="decimal" autocomplete="off" value=(number) disabled[!is_open]
                aria-invalid=[wrong] aria-describedby=[described];
            select name=(unit_of(place)) aria-label="Unit" disabled[!is_open] {
                @for (one, _, word) in UNITS { option value=(one) selected[one == unit] { (word) } }
            }
        }
    }
}

/// A length as files have it: of `1.5` and `d` it is `36h`. What is no number stays, so that the check can say what is wrong.
pub fn parsed(text: &str, unit: Option<&str>) -> String {
    let number = text.replace(',', ".").parse::<f64>().ok().filter(|number| *number >= 0.0);
    let length = UNITS.iter().find(|(one, ..)| Some(*one) == unit).map(|(_, length, _)| *length);
    match number.zip(length) {
        Some((number, length)) => Span((number * length as f64).round() as i64).to_string(),
        None => text.to_owned(),
    }
}

/// A length in one of the units; those of milliseconds are in seconds here.
fn split(text: &str) -> Option<(String, String)> {
    if let Some(ms) = text.strip_suffix("ms") {
        return Some((format!("{}", ms.parse::<f64>().ok()? / 1000.0), "s".to_owned()));
    }
    let unit = text.chars().last()?;
    Some((text.strip_suffix(unit)?.to_owned(), unit.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_a_number_and_a_unit() {
        for (text, unit, read) in [
            ("10", Some("s"), "10s"),
            ("1.5", Some("d"), "36h"),
            ("0,5", Some("s"), "500ms"),
            ("90", Some("m"), "90m"),
            ("60", Some("m"), "1h"),
            ("10s", Some("d"), "10s"), // Whoever knows how files have it may type it.
            ("10", None, "10"),
            ("soon", Some("d"), "soon"),
            ("-1", Some("d"), "-1"),
        ] {
            assert_eq!(parsed(text, unit), read, "{text} {unit:?}");
        }
    }

    #[test]
    fn what_is_shown_is_what_is_read() {
        for (length, number, unit) in
            [("500ms", "0.5", "s"), ("10s", "10", "s"), ("36h", "36", "h"), ("30d", "30", "d")]
        {
            assert_eq!(split(length), Some((number.to_owned(), unit.to_owned())));
            assert_eq!(parsed(number, Some(unit)), length);
        }
    }
}
