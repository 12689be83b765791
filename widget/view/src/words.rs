//! The widget's own words. They are known by their English; what a prompt says itself comes with it.

use crate::host::host;

/// One of them in the language that the prompts are in; English where that has none.
pub fn own(english: &str) -> String {
    host().own(english)
}
