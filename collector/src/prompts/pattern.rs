//! Matches the regular expressions of rules; see [`engine::rule::pattern`].

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
    let is_match = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(text));
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
