//! The tokens of a look as custom properties, from which the stylesheet makes everything else. The prompt's own go before the
//! site's, and those before ours.

use crate::dom;
use engine::prompt::{Colors, Image, Scheme, Theme};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

/// Custom properties with what they are set to; `None`: as the stylesheet has it.
type Tokens<'a> = [(&'static str, Option<&'a str>); 8];

/// A look, put together.
pub struct Look {
    own: Theme,
    site: Theme,
}

impl Look {
    /// What the site says, where the prompt says nothing else.
    pub fn new(site: &Theme, own: Option<&Theme>) -> Look {
        Look { own: own.cloned().unwrap_or_default(), site: site.clone() }
    }

    /// Light, dark, or as the page is.
    pub fn scheme(&self) -> Scheme {
        if self.own.scheme == Scheme::Auto { self.site.scheme } else { self.own.scheme }
    }

    /// A font family that is not the page's.
    pub fn font(&self) -> Option<&String> {
        self.own.font.as_ref().or(self.site.font.as_ref())
    }

    /// Above the words.
    pub fn logo(&self) -> Option<&Image> {
        self.own.logo.as_ref().or(self.site.logo.as_ref())
    }

    /// Whether it says who makes it possible.
    pub fn powered_by(&self) -> bool {
        self.own.powered_by || self.site.powered_by
    }

    /// Sets what does not depend on light and dark.
    pub fn set(&self, skin: &HtmlElement) {
        let (own, site) = (&self.own, &self.site);
        for (name, px) in [
            ("--size", own.size.or(site.size).map(u16::from)),
            ("--radius", own.radius.or(site.radius).map(u16::from)),
            ("--width", own.width.or(site.width)),
        ] {
            if let Some(px) = px {
                dom::set(skin, name, f64::from(px));
            }
        }
        dom::class(skin, "flat", own.flat || site.flat);
    }

    /// Makes it light or dark.
    pub fn paint(&self, skin: &HtmlElement, is_dark: bool) {
        dom::class(skin, "dark", is_dark);
        let (own, site) = (&self.own, &self.site);
        let (own, site) = if is_dark { (&own.dark, &site.dark) } else { (&own.light, &site.light) };
        for (name, value) in tokens(own, site) {
            // Nothing at all: what was set goes.
            dom::set(skin, name, value.map_or(JsValue::NULL, JsValue::from));
        }
    }
}

fn tokens<'a>(own: &'a Colors, site: &'a Colors) -> Tokens<'a> {
    // A text colour was chosen for the accent it was given with.
    let owner = if own.accent.is_some() || own.on.is_some() { own } else { site };
    let accent = own.accent.as_deref().or(site.accent.as_deref());
    let on = owner.on.as_deref().or_else(|| accent.map(easier_on));
    let all = [
        ("--paper", &own.paper, &site.paper),
        ("--ink", &own.ink, &site.ink),
        ("--soft", &own.soft, &site.soft),
        ("--line", &own.line, &site.line),
        ("--fill", &own.fill, &site.fill),
    ];
    let [paper, ink, soft, line, fill] = all.map(|(name, own, site)| (name, own.as_deref().or(site.as_deref())));
    // What is pressed goes away from the text on it.
    [paper, ink, soft, line, fill, ("--accent", accent), ("--on", on), ("--push", on.map(easier_on))]
}

/// Black or white, whichever is easier to read on a colour such as `#0f6b64`.
fn easier_on(color: &str) -> &'static str {
    let digit = |byte| char::from(byte).to_digit(16).unwrap_or_default();
    let rgb = color.bytes().skip(1).fold(0, |rgb, byte| rgb * 16 + digit(byte));
    let light: f32 = [(16, 0.2126), (8, 0.7152), (0, 0.0722)]
        .into_iter()
        .map(|(shift, weight)| {
            // A channel of sRGB as light: near enough to the real curve, whose power would be a kilobyte of code.
            let value = (rgb >> shift & 255) as f32 / 255.0;
            weight * value * (value * (value * 0.305_306 + 0.682_171_1) + 0.012_522_88)
        })
        .sum();
    // Where the contrasts of WCAG with black and with white are the same.
    if light > 0.179 { "#000" } else { "#fff" }
}

/// As `str::contains`, whose search for long texts every visitor would pay for.
pub fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors(accent: Option<&str>, on: Option<&str>) -> Colors {
        Colors { accent: accent.map(str::to_owned), on: on.map(str::to_owned), ..Colors::default() }
    }

    #[test]
    fn text_on_the_accent_is_the_one_that_can_be_read() {
        for (accent, expected) in [
            ("#0f6b64", "#fff"),
            ("#63d3c6", "#000"),
            ("#ffffff", "#000"),
            ("#000000", "#fff"),
            ("#FFCC00", "#000"),
            ("#2563eb", "#fff"),
            // On either side of the point where both have 4.58 to 1.
            ("#757575", "#fff"),
            ("#777777", "#000"),
        ] {
            assert_eq!(easier_on(accent), expected, "{accent}");
        }
    }

    #[test]
    fn the_prompts_own_tokens_go_before_the_sites() {
        let site = colors(Some("#112233"), Some("#eeeeee"));
        for (own, expected) in [
            (Colors::default(), ["#112233", "#eeeeee", "#000"]),
            // The site's text was not made for this accent.
            (colors(Some("#ffee00"), None), ["#ffee00", "#000", "#fff"]),
            (colors(None, Some("#fefefe")), ["#112233", "#fefefe", "#000"]),
        ] {
            let values = tokens(&own, &site).map(|(_, value)| value);
            assert_eq!(values[5..], expected.map(Some), "{own:?}");
        }
        let none = Colors::default();
        assert!(tokens(&none, &none).iter().all(|(_, value)| value.is_none()));
    }
}
