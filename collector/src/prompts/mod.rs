//! What a site has published: prompts, journeys, segments, page groups. [`ruleset`] holds them ready for use, [`import`]
//! takes them from files, [`bundle`] gives pages their part.

pub mod bundle;
pub mod files;
pub mod import;
mod pattern;
pub mod ruleset;
pub mod typed;

pub use ruleset::{Ruleset, Rulesets};
