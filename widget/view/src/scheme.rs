//! Light or dark: whatever the page is. A visitor may prefer dark and be on a page that has only light; a dark card on it
//! would be a stranger. So the ground that the prompt stands on is asked first, then what the page says of its colours.

use crate::dom;
use web_sys::Element;

/// What the visitor's system says.
pub const PREFERS_DARK: &str = "(prefers-color-scheme: dark)";

/// Whether the ground of an element, which is that of the first one around it that has one, is dark.
pub fn is_dark(on: &Element) -> bool {
    let mut around = Some(on.clone());
    while let Some(element) = around {
        if let Some(light) = lightness(&dom::style_of(&element, "background-color")) {
            return light < 0.43;
        }
        around = element.parent_element();
    }
    let scheme =
        dom::document().document_element().map(|root| dom::style_of(&root, "color-scheme")).unwrap_or_default();
    contains(&scheme, "dark") && (!contains(&scheme, "light") || dom::matches(PREFERS_DARK))
}

/// As `str::contains`, whose search for long texts every visitor would pay for.
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part == word.as_bytes())
}

/// How light a colour is as browsers compute it, 0 to 1; `None` if one can see through it or it is written otherwise.
fn lightness(color: &str) -> Option<f32> {
    let (space, values) = color.split_once('(')?;
    // `color(srgb 0.1 0.2 0.3)` names its space inside.
    let values = if space == "color" { values.split_once(' ')?.1 } else { values };
    let (mut parts, mut at, mut place) = ([0.0_f32; 3], 0, 0.0);
    for byte in values.bytes() {
        match byte {
            b'0'..=b'9' if place > 0.0 => {
                parts[at] += f32::from(byte - b'0') * place;
                place /= 10.0;
            }
            b'0'..=b'9' => parts[at] = parts[at] * 10.0 + f32::from(byte - b'0'),
            b'.' => place = 0.1,
            // A fourth part is an alpha below 1: what is behind shows through.
            b',' | b'/' if at == 2 => return None,
            b' ' if at < 2 => (at, place) = (at + 1, 0.0),
            _ => {}
        }
    }
    let [red, green, blue] = parts;
    let luma = red * 0.3 + green * 0.6 + blue * 0.1;
    match space {
        "rgb" | "rgba" => Some(luma / 255.0),
        "color" => Some(luma),
        "oklab" | "oklch" => Some(red),
        "lab" | "lch" => Some(red / 100.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_light_dark_or_nothing_to_go_by() {
        for (color, expected) in [
            ("rgb(255, 255, 255)", Some(1.0)),
            ("rgb(0, 0, 0)", Some(0.0)),
            ("rgb(16, 22, 19)", Some(0.08)),
            ("rgba(0, 0, 0, 0)", None),
            ("rgba(20, 20, 20, 0.5)", None),
            ("oklch(0.208 0.042 265.755)", Some(0.21)),
            ("oklab(0.985 -0.0001 1.2e-7)", Some(0.98)),
            ("oklch(0.2 0.1 120 / 0.5)", None),
            ("lab(95.5 0 0)", Some(0.95)),
            ("color(srgb 0.1 0.2 0.3)", Some(0.18)),
            ("color(display-p3 0.1 0.2 0.3)", Some(0.18)),
            ("", None),
        ] {
            let light = lightness(color);
            let near = light.zip(expected).is_some_and(|(one, other): (f32, f32)| (one - other).abs() < 0.02);
            assert!(near || light.is_none() && expected.is_none(), "{color}: {light:?}");
        }
    }
}
