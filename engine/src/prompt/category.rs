//! What kinds of prompt share a cooldown.

use serde::{Deserialize, Serialize};

/// A class of contents, as caps see them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Asks for an opinion.
    Survey,
    /// Asks for a lead, a testimonial, or what somebody needs.
    Form,
    /// Asks for a review elsewhere.
    Review,
    /// Sells something.
    Offer,
    /// Leads to where customers meet, or to others who might become some.
    Community,
    /// Tells something.
    Notice,
    /// Shows how something is done.
    Guide,
}
