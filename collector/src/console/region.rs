//! Where a site's days begin and what its amounts are in, as fields to fill in.

use iso_currency::Currency;
use jiff::tz::{self, TimeZone};
use maud::{Markup, html};

use crate::currency;

/// The time zone of a name, as it is written in the list; `None` where there is none.
pub fn zone(text: &str) -> Option<String> {
    let zone = TimeZone::get(text.trim()).ok()?;
    Some(zone.iana_name().unwrap_or(text.trim()).to_owned())
}

/// What is said where there is no such time zone.
pub const NO_ZONE: &str = "There is no time zone of this name. Names are such as Europe/Berlin or America/New_York.";
/// What is said where there is no such currency.
pub const NO_CURRENCY: &str = "Choose one of the currencies in the list.";

/// The field of the time zone. `is_guess`: nobody has said one, so a browser may put its own there.
pub fn zone_field(value: &str, is_guess: bool, is_open: bool, wrong: Option<&str>) -> Markup {
    html! {
        label for="timezone" { "Time zone" }
        input id="timezone" name="timezone" type="text" list="zones" autocomplete="off" spellcheck="false" value=(value) required disabled[!is_open]
            data-zone[is_guess] aria-invalid=[wrong.map(|_| "true")] aria-describedby="timezone-hint";
        p.hint #timezone-hint { "Days of reports and hours of schedules are days and hours there, such as Europe/Berlin." }
        @if let Some(sentence) = wrong { p.wrong role="alert" { (sentence) } }
        datalist id="zones" { @for name in zones() { option value=(name) {} } }
    }
}

/// The field of the currency.
pub fn currency_field(value: &str, is_open: bool, wrong: Option<&str>) -> Markup {
    let one = |currency: &Currency| {
        let code = currency.code();
        html! { option value=(code) selected[code == value] { (code) " · " (currency.name()) } }
    };
    let (usual, all) = (currency::USUAL.map(currency::parse), currency::all());
    html! {
        label for="currency" { "Currency" }
        select id="currency" name="currency" required disabled[!is_open] aria-invalid=[wrong.map(|_| "true")] aria-describedby="currency-hint" {
            @if currency::parse(value).is_none() { option value="" selected { "Choose…" } }
            optgroup label="Often chosen" { @for currency in usual.iter().flatten() { (one(currency)) } }
            optgroup label="All" {
                @for currency in all.iter().filter(|currency| !usual.contains(&Some(**currency))) { (one(currency)) }
            }
        }
        p.hint #currency-hint { "What amounts such as revenue are in where an event does not say." }
        @if let Some(sentence) = wrong { p.wrong role="alert" { (sentence) } }
    }
}

/// The zones that people live in, by name. Others, such as `Etc/GMT+1`, are taken though they are not suggested.
fn zones() -> Vec<String> {
    const AREAS: [&str; 10] = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let names = tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = names.filter(|name| AREAS.iter().any(|area| name.starts_with(area))).collect();
    names.push("UTC".to_owned());
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_name_and_suggested() {
        assert_eq!(zone(" europe/berlin ").as_deref(), Some("Europe/Berlin"));
        assert_eq!(zone("UTC").as_deref(), Some("UTC"));
        for nowhere in ["", "Berlin", "Nowhere/At_All", "../etc/passwd"] {
            assert_eq!(zone(nowhere), None, "{nowhere}");
        }
        let all = zones();
        assert!(all.len() > 300 && all.iter().all(|name| zone(name).is_some()), "{}", all.len());
    }
}
