//! Matches the regular expressions of rules; see [`engine::rule::pattern`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use engine::rule::Pattern;
use regex::{Regex, RegexBuilder};

/// So many are kept compiled; sites have fewer.
const KEPT: usize = 1000;
/// Most bytes of a compiled one: what passes the check needs far less.
const SIZE: usize = 1 << 20;

static KNOWN: LazyLock<RwLock<HashMap<Pattern, Option<Regex>>>> = LazyLock::new(RwLock::default);

/// Whether a pattern is found in a text. What cannot be compiled is found nowhere.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    let text = folded(text);
    let is_match = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(&text));
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return is_match(known);
    }
    let expression = pattern.expression("(?-u:\\b)");
    let compiled = RegexBuilder::new(&expression).case_insensitive(true).size_limit(SIZE).build().ok();
    let result = is_match(&compiled);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(pattern.clone(), compiled);
    result
}

/// The text with the long s and the Kelvin sign as the letters that they are the same as where case is ignored: nothing tells them apart but
/// the bounds of words, and in browsers they are letters of words.
fn folded(text: &str) -> Cow<'_, str> {
    match text.contains(['\u{17f}', '\u{212a}']) {
        true => Cow::Owned(text.replace('\u{17f}', "s").replace('\u{212a}', "k")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As browsers have it, with the flags `i` and `u`.
    #[test]
    fn words_end_where_they_do_in_browsers() {
        for (pattern, text, expected) in [
            ("^1?\\b", "\u{17f}ame", true),
            ("\\b9", "\u{212a}9", false),
            ("e\\b\u{17f}", "e\u{17f}", false),
            ("\\b\u{17f}", " \u{17f}", true),
            ("\\bs", " \u{17f}", true),
            ("[\u{17f}-\u{180}]", "s", true),
            ("^[^a-z]$", "\u{17f}", false),
            ("^\u{df}\\b", "\u{df}", false),
        ] {
            assert_eq!(matches(&Pattern::new(pattern), text), expected, "{pattern} in {text}");
        }
    }
}
