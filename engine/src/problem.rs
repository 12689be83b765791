//! What is wrong with something a person wrote. Checking never stops at the first mistake: it returns all of them.

use serde::Serialize;

/// One mistake: where it is, a stable code for programs, a sentence for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Problem {
    /// The place, as a path from the root of what was checked: `rule.all[2].stage.is`.
    pub at: String,
    /// A stable name for programs: `unknown_stage`.
    pub code: &'static str,
    /// One sentence that a marketer understands.
    pub message: String,
}

impl Problem {
    /// A mistake at a place.
    pub fn new(at: impl Into<String>, code: &'static str, message: impl Into<String>) -> Problem {
        Problem { at: at.into(), code, message: message.into() }
    }
}
