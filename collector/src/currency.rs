//! The currencies that a site's amounts may be in: those of ISO 4217 that people pay with, without funds, metals and what was replaced.

use iso_currency::{Currency, IntoEnumIterator};

/// What most sites that were asked here would choose; offered first.
pub const USUAL: [&str; 4] = ["EUR", "USD", "GBP", "CHF"];

/// Each of them, by code.
pub fn all() -> Vec<Currency> {
    let mut all: Vec<Currency> = Currency::iter().filter(is_paid_with).collect();
    all.sort_unstable_by(|one, other| one.code().cmp(other.code()));
    all
}

/// The one whose code somebody wrote in any case, if there is such a currency.
pub fn parse(text: &str) -> Option<Currency> {
    Currency::from_code(&text.trim().to_uppercase()).filter(is_paid_with)
}

fn is_paid_with(currency: &Currency) -> bool {
    currency.flags().is_empty() && !currency.used_by().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_written() {
        for (text, code) in [
            ("EUR", Some("EUR")),
            (" usd ", Some("USD")),
            ("jpy", Some("JPY")),
            ("EURO", None),
            ("", None),
            ("XAU", None), // Gold.
            ("BOV", None), // A fund.
            ("DEM", None), // Replaced.
            ("XXX", None), // None at all.
        ] {
            assert_eq!(parse(text).as_ref().map(Currency::code), code, "{text:?}");
        }
        assert!(all().len() > 140 && USUAL.iter().all(|code| parse(code).is_some()));
    }
}
