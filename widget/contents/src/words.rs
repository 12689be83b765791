//! What our own words are filled with: numbers, days, what is wrong with an answer, in the language of the prompts.

use engine::survey::{Limit, Refusal};
use view::host::host;
use view::words::own;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // As in js-sys, but some pages name a language that is none, and then it throws.
    type Locale;
    #[wasm_bindgen(method, catch, js_name = toLocaleDateString)]
    fn day(this: &Locale, language: Option<&str>, options: &JsValue) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch, js_name = toLocaleString)]
    fn number(this: &Locale, language: Option<&str>) -> Result<String, JsValue>;
}

/// A day as people write it, with its year if that is to be said; `zone` is `UTC`, or nothing for the visitor's own.
pub fn day(date: &js_sys::Date, with_year: bool, zone: Option<&str>) -> String {
    let options = js_sys::Object::new();
    let mut parts = vec![("day", "numeric"), ("month", "long")];
    parts.extend(with_year.then_some(("year", "numeric")));
    parts.extend(zone.map(|zone| ("timeZone", zone)));
    for (name, value) in parts {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    let date: &Locale = date.unchecked_ref();
    date.day(Some(&host().language()), &options).or_else(|_| date.day(None, &options)).unwrap_or_default()
}

/// What is wrong with an answer.
pub fn refused(refusal: &Refusal) -> String {
    let limit = match refusal.limit {
        None => String::new(),
        Some(Limit::Day(limit)) => day(&js_sys::Date::new(&limit.to_string().into()), true, Some("UTC")),
        Some(limit @ Limit::Number(number)) => {
            let number = JsValue::from_f64(number);
            number.unchecked_ref::<Locale>().number(Some(&host().language())).unwrap_or_else(|_| limit.text())
        }
    };
    own(refusal.what.message()).replace("{n}", &limit)
}

/// A template with its gaps filled, in their order.
pub fn filled(template: &str, parts: &[&str]) -> String {
    let mut text = String::new();
    for (at, piece) in template.split('{').enumerate() {
        if let Some(part) = at.checked_sub(1).and_then(|gap| parts.get(gap)) {
            text += part;
        }
        text += if at > 0 { piece.trim_start_matches('}') } else { piece };
    }
    text
}

/// A number as people read it, without the machinery that formats every kind of number.
pub fn decimal(number: u32) -> String {
    let mut digits = String::new();
    let mut rest = number;
    loop {
        digits.insert(0, char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            return digits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_in_order() {
        for (template, parts, expected) in [
            ("{} of {} done", &["2", "5"][..], "2 of 5 done"),
            ("Valid until {}", &["31 May"], "Valid until 31 May"),
            ("{}まで有効", &["5月31日"], "5月31日まで有効"),
            ("no gap", &["2"], "no gap"),
            ("{} and {}", &["one"], "one and "),
        ] {
            assert_eq!(filled(template, parts), expected);
        }
    }

    #[test]
    fn numbers_are_written_in_digits() {
        for number in [0, 7, 10, 99, 365, u32::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
