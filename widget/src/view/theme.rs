//! Light or dark: whatever the page is. A visitor may prefer dark and be on a page that has only light; a dark card on it
//! would be a stranger. So the page's own background is asked first, then what it says of its colours.

use super::dom;
use crate::facts::contains;
use web_sys::Element;

/// Whether the page is dark.
pub fn is_dark() -> bool {
    let document = dom::document();
    let root = document.document_element();
    let body = document.body().map(Element::from);
    let shown =
        [&body, &root].into_iter().flatten().find_map(|element| luminance(&dom::style_of(element, "background-color")));
    shown.map(|light| light < 110).unwrap_or_else(|| {
        let scheme = root.map(|root| dom::style_of(&root, "color-scheme")).unwrap_or_default();
        contains(&scheme, "dark") && (!contains(&scheme, "light") || dom::matches("(prefers-color-scheme: dark)"))
    })
}

/// How light a colour as browsers compute it, 0 to 255; `None` if one can see through it or it is written otherwise.
fn luminance(color: &str) -> Option<u32> {
    let (mut parts, mut at) = ([0; 3], 0);
    for byte in color.strip_prefix("rgb")?.bytes() {
        match byte {
            b'0'..=b'9' => parts[at] = parts[at] * 10 + u32::from(byte - b'0'),
            // A fourth part is an alpha below 1: what is behind shows through.
            b',' if at == 2 => return None,
            b',' => at += 1,
            _ => {}
        }
    }
    let [red, green, blue] = parts;
    Some((red * 3 + green * 6 + blue) / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_light_dark_or_nothing_to_go_by() {
        for (color, expected) in [
            ("rgb(255, 255, 255)", Some(255)),
            ("rgb(0, 0, 0)", Some(0)),
            ("rgb(16, 22, 19)", Some(19)),
            ("rgba(0, 0, 0, 0)", None),
            ("rgba(20, 20, 20, 0.5)", None),
            ("oklch(0.2 0.1 120)", None),
            ("", None),
        ] {
            assert_eq!(luminance(color), expected, "{color}");
        }
    }
}
