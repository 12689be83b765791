//! What a page looks like to its own style sheets, for before-and-after comparison.
//!
//! The widget's host element is left out; everything else is in, so an extra element that makes
//! `p:last-child` match another paragraph shows up as a change.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// All computed properties of all elements of a page: element path, then property, then value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Styles(BTreeMap<String, BTreeMap<String, String>>);

/// One difference between two [`Styles`]. An element or property that one side lacks is `(absent)` there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyleChange {
    /// The path of the element, e.g. `html > body > p#intro`.
    pub element: String,
    /// The CSS property, `(box)` for position and size on the page, `(element)` for the element itself.
    pub property: String,
    /// The value in the first snapshot.
    pub before: String,
    /// The value in the second snapshot.
    pub after: String,
}

impl Styles {
    /// How many elements (and pseudo-elements with content) were read.
    pub fn elements(&self) -> usize {
        self.0.len()
    }

    /// Everything that differs, in the order of the element paths. Empty means equal.
    pub fn changes(&self, after: &Self) -> Vec<StyleChange> {
        let mut changes = differences(&self.0, &after.0, |element, before, after| match (before, after) {
            (Some(before), Some(after)) => differences(before, after, |property, before, after| {
                vec![change(element, property, before.map(String::as_str), after.map(String::as_str))]
            }),
            (before, after) => vec![change(element, "(element)", before.map(|_| "there"), after.map(|_| "there"))],
        });
        changes.sort_by(|a, b| (&a.element, &a.property).cmp(&(&b.element, &b.property)));
        changes
    }
}

impl fmt::Display for StyleChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {{ {}: {} -> {} }}", self.element, self.property, self.before, self.after)
    }
}

fn change(element: &str, property: &str, before: Option<&str>, after: Option<&str>) -> StyleChange {
    let said = |value: Option<&str>| value.unwrap_or("(absent)").to_owned();
    StyleChange { element: element.to_owned(), property: property.to_owned(), before: said(before), after: said(after) }
}

/// Calls `differ` for each key whose values are not equal on both sides.
fn differences<V: PartialEq>(
    before: &BTreeMap<String, V>,
    after: &BTreeMap<String, V>,
    differ: impl Fn(&str, Option<&V>, Option<&V>) -> Vec<StyleChange>,
) -> Vec<StyleChange> {
    let gone_or_changed = before.iter().map(|(key, value)| (key, Some(value), after.get(key)));
    let added = after.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(key, value)| (key, None, Some(value)));
    gone_or_changed.chain(added).filter(|(_, b, a)| b != a).flat_map(|(key, b, a)| differ(key, b, a)).collect()
}
