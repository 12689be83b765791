//! The widget's own words. They are known by their English; what a prompt says itself comes with it.

use crate::host::host;
use crate::read::field;

/// One of them in the language that the prompts are in; English where that has none.
pub fn own(english: &str) -> String {
    field(&host().words(), english).as_string().unwrap_or_else(|| english.to_owned())
}
