//! What a site has published: prompts, journeys, segments, page groups. [`ruleset`] holds them ready for use, [`import`]
//! takes them from files, [`work`] from marketers, who begin with [`templates`] and try on their own pages what nobody else sees yet ([`trial`]); [`bundle`] gives pages their part.

pub mod bundle;
pub mod difference;
pub mod files;
pub mod import;
mod pattern;
pub mod ruleset;
pub mod templates;
pub mod trial;
pub mod typed;
mod words;
pub mod work;

pub use ruleset::{ConsentFrom, Engine, Ruleset, Rulesets, Settings};
