//! What is wrong with how prompts look: above all, what people could not read.
//!
//! Contrast is that of WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text, and 3 to 1 for what only has to be seen (1.4.11).

use super::{content, selector};
use crate::problem::Problem;
use crate::prompt::{Colors, Placement, Prompt, Teaser, Theme};

/// Our own colours, in the order of [`Colors`]: paper, ink, soft, line, fill, accent, on. The widget's stylesheet has the same.
const LIGHT: [&str; 7] = ["#ffffff", "#15191e", "#57606b", "#dfe1e4", "#f2f4f5", "#0f6b64", "#ffffff"];
const DARK: [&str; 7] = ["#1c2126", "#f1f4f6", "#a9b3bd", "#3f4347", "#2a3138", "#63d3c6", "#06211e"];

/// Their names in files.
const NAMES: [&str; 7] = ["paper", "ink", "soft", "line", "fill", "accent", "on"];

/// What must stand out from what, by its name, and how much at least.
const MUST_DIFFER: [(&str, &str, f64); 5] = [
    ("ink", "paper", 4.5),
    ("ink", "fill", 4.5),
    ("soft", "paper", 4.5),
    ("on", "accent", 4.5),
    ("accent", "paper", 3.0),
];

/// What checks report to: the field below the theme, code, sentence.
type Report<'a> = &'a mut dyn FnMut(&str, &'static str, &str);

/// All mistakes of a theme, at `at`.
pub fn theme(theme: &Theme, at: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let report: Report<'_> =
        &mut |field, code, message| problems.push(Problem::new(format!("{at}.{field}"), code, message));
    colors("light", &theme.light, LIGHT, report);
    colors("dark", &theme.dark, DARK, report);
    let in_range = |size: Option<u16>, low: u16, high: u16| size.is_none_or(|size| (low..=high).contains(&size));
    if !in_range(theme.size.map(u16::from), 14, 20) {
        report("size", "size_range", "Ordinary text is 14 to 20 px high.");
    }
    if !in_range(theme.radius.map(u16::from), 0, 28) {
        report("radius", "radius_range", "Corners are 0 to 28 px round.");
    }
    if !in_range(theme.width, 280, 520) {
        report("width", "width_range", "A card is 280 to 520 px wide.");
    }
    let breaks_out = |font: &String| font.trim().is_empty() || font.len() > 200 || font.contains([';', '{', '}', '<']);
    if theme.font.as_ref().is_some_and(breaks_out) {
        report("font", "wrong_font", "A font is written as in CSS: Inter, \"Helvetica Neue\", sans-serif.");
    }
    if let Some(logo) = &theme.logo {
        content::image(logo, &format!("{at}.logo"), &mut problems);
    }
    problems
}

pub(super) fn prompt(prompt: &Prompt, site: &Theme, problems: &mut Vec<Problem>) {
    if let Some(own) = &prompt.theme {
        let (light, dark) = (own.light.over(&site.light), own.dark.over(&site.dark));
        problems.extend(theme(&Theme { light, dark, ..own.clone() }, "theme"));
    }
    if let Placement::Inline(element) = &prompt.placement {
        selector("placement.inline", element, problems);
    }
    let is_short = |teaser: &Teaser| !teaser.label.trim().is_empty() && teaser.label.chars().count() <= 40;
    if !prompt.teaser.as_ref().is_none_or(is_short) {
        problems.push(Problem::new("teaser.label", "teaser_label", "A tab says something, in at most 40 characters."));
    }
}

/// All that is wrong with the colours of one ground, of which those left out are `ours`.
fn colors(of: &str, colors: &Colors, ours: [&str; 7], report: Report<'_>) {
    let Colors { paper, ink, soft, line, fill, accent, on } = colors;
    let mut light = [None; 7];
    for (place, color) in [paper, ink, soft, line, fill, accent, on].into_iter().enumerate() {
        light[place] = luminance(color.as_deref().unwrap_or(ours[place]));
        if light[place].is_none() {
            report(&format!("{of}.{}", NAMES[place]), "wrong_color", "A colour is written #rrggbb.");
        }
    }
    let named = |name: &str| light[NAMES.iter().position(|other| *other == name)?];
    for (name, ground, least) in MUST_DIFFER {
        let is_ours = name == "on" && on.is_none() && accent.is_some();
        let above = if is_ours { named(ground).map(best_on) } else { named(name) };
        let (Some(above), Some(below)) = (above, named(ground)) else { continue };
        let contrast = contrast(above, below);
        if contrast < least {
            // Rounded down: 4.499 is not 4.5.
            let contrast = (contrast * 100.0).floor() / 100.0;
            let message = format!(
                "Not everybody can make out {name} on {ground}: a contrast of {contrast}, and {least} is needed."
            );
            report(&format!("{of}.{name}"), "contrast", &message);
        }
    }
}

/// Black or white, whichever is easier to read on a ground.
fn best_on(ground: f64) -> f64 {
    if contrast(1.0, ground) >= contrast(0.0, ground) { 1.0 } else { 0.0 }
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The relative luminance of `#rrggbb`, 0 to 1.
fn luminance(color: &str) -> Option<f64> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a rule of a stylesheet sets a token to, in full.
    fn token(css: &str, rule: &str, name: &str) -> String {
        let rule =
            css.split_once(&format!("\n{rule} {{")).and_then(|(_, rest)| rest.split_once('}')).expect("the rule").0;
        let value =
            rule.split_once(&format!("--{name}: ")).and_then(|(_, rest)| rest.split_once(';')).expect("the token").0;
        match value.strip_prefix('#') {
            Some(short) if short.len() == 3 => format!("#{}", short.chars().flat_map(|c| [c, c]).collect::<String>()),
            _ => value.to_owned(),
        }
    }

    #[test]
    fn our_colours_are_those_of_the_stylesheet() {
        let css = include_str!("../../../../widget/view/src/style.css");
        for (rule, ours) in [(".skin", LIGHT), (".dark", DARK)] {
            // Lines are not text: theirs is seen through.
            for (name, ours) in NAMES.into_iter().zip(ours).filter(|(name, _)| *name != "line") {
                assert_eq!(token(css, rule, name), ours, "{rule} {name}");
            }
        }
    }
}
