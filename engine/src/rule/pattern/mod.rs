//! Regular expressions of rules. No engine for them is linked here, since one would cost every visitor more than all the rest
//! of the widget: the browser has one, the collector has one, and [`Pattern::check`] allows only what both read alike.
//!
//! Whoever runs rules hands its matcher in once, with [`install`]. It is a plain function and not a part of a witness, since tests are
//! run in places that no witness reaches, such as while a memory observes an event; and since there is nothing to choose: both
//! matchers say the same of every pattern that passes the check, and a page and a process have exactly one.

mod syntax;

use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

pub use syntax::Fault;

/// Longest pattern, in bytes.
pub const MAX_PATTERN: usize = 512;
/// Longest text that is looked at, in characters; a longer one matches nothing. It bounds what a bad pattern can cost.
pub const MAX_SUBJECT: usize = 1024;

/// Whether a pattern, in the form of [`Pattern::expression`], is found in a text, without regard to case. False if it cannot be
/// compiled.
pub type Matcher = fn(pattern: &Pattern, text: &str) -> bool;

static MATCHER: OnceLock<Matcher> = OnceLock::new();

/// Hands in the matcher. The first one stays.
pub fn install(matcher: Matcher) {
    let _ = MATCHER.set(matcher);
}

/// A regular expression, as written. Reading does not check it: pages would pay for that, and read only what was checked when it was
/// saved, by [`check`](super::check).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern, not checked yet.
    pub fn new(text: impl Into<String>) -> Pattern {
        Pattern(text.into())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All that is wrong with it: what a browser and the collector would not read alike, and what could keep a page busy.
    ///
    /// # Errors
    /// The first mistake.
    pub fn check(&self) -> Result<(), Fault> {
        syntax::check(&self.0)
    }

    /// Whether it is found in a text. Never, without a matcher or in a text that is too long.
    pub fn matches(&self, text: &str) -> bool {
        let is_short = text.len() <= MAX_SUBJECT || text.chars().count() <= MAX_SUBJECT;
        is_short && MATCHER.get().is_some_and(|matcher| matcher(self, text))
    }

    /// The pattern for a matcher. Classes are written out, since `\s` has more members in a browser, `\w` and `\d` in Rust, and a
    /// dot leaves out other line ends; `boundary` is what the matcher calls a boundary of ASCII words. One difference stays: a browser
    /// also takes the long s and the sign of kelvin for letters beside a boundary.
    pub fn expression(&self, boundary: &str) -> String {
        let mut out = String::with_capacity(self.0.len() + 16);
        let (mut chars, mut in_class) = (self.0.chars(), false);
        while let Some(char) = chars.next() {
            match char {
                '\\' => match chars.next().unwrap_or('\\') {
                    // Between brackets it is not allowed.
                    'b' => out.push_str(boundary),
                    // A browser does not know it outside of brackets.
                    '-' if !in_class => out.push('-'),
                    next => match members(next) {
                        Some(members) if in_class => out.push_str(members),
                        Some(members) => {
                            out.push_str(if next.is_ascii_uppercase() { "[^" } else { "[" });
                            out.push_str(members);
                            out.push(']');
                        }
                        None => out.extend([char, next]),
                    },
                },
                '.' if !in_class => out.push_str("[^\\n\\r\\u{2028}\\u{2029}]"),
                _ => {
                    in_class = char == '[' || in_class && char != ']';
                    out.push(char);
                }
            }
        }
        out
    }

    /// The parts of an address that it names, as their signs: a question mark or a hash that stands for itself.
    pub(super) fn named(&self) -> &'static str {
        let query = self.0.contains("\\?") || self.0.contains("[?");
        match (query, self.0.contains('#')) {
            (true, true) => "?#",
            (true, false) => "?",
            (false, true) => "#",
            (false, false) => "",
        }
    }
}

/// The ASCII characters that a class stands for, as they stand between brackets.
fn members(class: char) -> Option<&'static str> {
    match class {
        'd' | 'D' => Some("0-9"),
        'w' | 'W' => Some("0-9A-Za-z_"),
        's' | 'S' => Some("\\t-\\r "),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_written_out() {
        for (pattern, expression) in [
            ("^/a/\\d+$", "^/a/[0-9]+$"),
            ("\\W[\\w.-]", "[^0-9A-Za-z_][0-9A-Za-z_.-]"),
            ("a.b\\.c[.]", "a[^\\n\\r\\u{2028}\\u{2029}]b\\.c[.]"),
            ("\\bx\\-y[\\-]\\s", "<b>x-y[\\-][\\t-\\r ]"),
        ] {
            assert_eq!(Pattern::new(pattern).expression("<b>"), expression, "{pattern}");
        }
    }
}
