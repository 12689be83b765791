//! A theme as a page gets it: put together and written as CSS by whoever publishes, since each page would pay for doing it again.

use super::{Colors, Image, Scheme, Theme};
use serde::{Deserialize, Serialize};

/// How the prompts of a site, or one of them, look on a page.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Light, dark, or as the page is.
    #[serde(skip_serializing_if = "Scheme::is_auto")]
    pub scheme: Scheme,
    /// The tokens, as CSS that comes after our own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub style: String,
    /// The site's logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
    /// Whether prompts say who makes them possible.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub powered_by: bool,
}

impl Theme {
    /// The look of a prompt with this theme on a site with that one, whose tokens stand where this one says nothing.
    pub fn look(&self, site: &Theme) -> Look {
        let mut style = String::new();
        let mut set = |name: &str, value: Option<String>| {
            style.extend(value.map(|value| format!("--{name}:{value};")));
        };
        set("size", self.size.or(site.size).map(|px| px.to_string()));
        set("radius", self.radius.or(site.radius).map(|px| px.to_string()));
        set("width", self.width.or(site.width).map(|px| px.to_string()));
        set("shadow", (self.flat || site.flat).then(|| "none".to_owned()));
        if let Some(font) = self.font.as_ref().or(site.font.as_ref()) {
            // The page's own stands in the element's style.
            style.extend(["font-family:", font, "!important;"]);
        }
        let rules = [
            (".skin", style),
            (".skin:not(.dark)", tokens(&self.light.over(&site.light))),
            (".skin.dark", tokens(&self.dark.over(&site.dark))),
        ];
        let rules = rules.iter().filter(|(_, style)| !style.is_empty());
        Look {
            scheme: if self.scheme == Scheme::Auto { site.scheme } else { self.scheme },
            style: rules.map(|(selector, style)| format!("{selector}{{{}}}", style.trim_end_matches(';'))).collect(),
            logo: self.logo.as_ref().or(site.logo.as_ref()).cloned(),
            powered_by: self.powered_by || site.powered_by,
        }
    }
}

/// Colours as custom properties.
fn tokens(colors: &Colors) -> String {
    let Colors { paper, ink, soft, line, fill, accent, on } = colors;
    let on = on.as_deref().or_else(|| accent.as_deref().map(easier_on));
    let named = [("paper", paper), ("ink", ink), ("soft", soft), ("line", line), ("fill", fill), ("accent", accent)];
    let named = named.map(|(name, value)| (name, value.as_deref()));
    // What is pressed goes away from the text on it.
    let all = named.into_iter().chain([("on", on), ("push", on.map(easier_on))]);
    all.filter_map(|(name, value)| Some(format!("--{name}:{};", value?))).collect()
}

/// Black or white, whichever is easier to read on a colour such as `#0f6b64`.
fn easier_on(color: &str) -> &'static str {
    let digit = |byte| char::from(byte).to_digit(16).unwrap_or_default();
    let rgb = color.bytes().skip(1).take(6).fold(0, |rgb, byte| rgb * 16 + digit(byte));
    let light: f64 = [(16, 0.2126), (8, 0.7152), (0, 0.0722)]
        .into_iter()
        .map(|(shift, weight)| {
            // A channel of sRGB as light: near enough to the real curve.
            let value = f64::from(rgb >> shift & 255) / 255.0;
            weight * value * (value * (value * 0.305_306 + 0.682_171_1) + 0.012_522_88)
        })
        .sum();
    // Where the contrasts of WCAG with black and with white are the same.
    if light > 0.179 { "#000" } else { "#fff" }
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
        let site = Theme {
            light: colors(Some("#112233"), Some("#eeeeee")),
            font: Some("Inter, sans-serif".to_owned()),
            size: Some(15),
            scheme: Scheme::Dark,
            ..Theme::default()
        };
        for (own, expected) in [
            (Colors::default(), "--accent:#112233;--on:#eeeeee;--push:#000"),
            // The site's text was not made for this accent.
            (colors(Some("#ffee00"), None), "--accent:#ffee00;--on:#000;--push:#fff"),
            (colors(None, Some("#fefefe")), "--accent:#112233;--on:#fefefe;--push:#000"),
        ] {
            let look = Theme { light: own, radius: Some(0), flat: true, ..Theme::default() }.look(&site);
            let style = format!(
                ".skin{{--size:15;--radius:0;--shadow:none;font-family:Inter, sans-serif!important}}\
                 .skin:not(.dark){{{expected}}}"
            );
            assert_eq!((look.style, look.scheme), (style, Scheme::Dark));
        }
        assert_eq!(Theme::default().look(&Theme::default()), Look::default(), "nothing said, nothing sent");
    }
}
