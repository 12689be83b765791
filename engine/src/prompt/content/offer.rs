//! What is offered, and for how much.

use super::word::{Image, Link};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An offer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// A picture above the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Up to four plans beside each other. The button below is then about all of them, and may be left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<Plan>,
    /// A code to copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    /// What to do about it. Left out only beside plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Link>,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
}

/// A code that makes something cheaper.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Coupon {
    /// The code.
    pub code: String,
    /// Its real end. The prompt is not shown after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// Whether the time that is left is counted down. It ends when the code does, for everybody alike.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub countdown: bool,
    /// The query parameter of the button's address that carries the code. Left out: none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
}

/// A plan that can be bought.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// What it is called.
    pub name: String,
    /// What it costs, as people read it: "€29 a month".
    pub price: String,
    /// Up to six things that it brings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<String>,
    /// The one that is recommended.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub featured: bool,
    /// Where it is bought. Left out: it is the one they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Link>,
}
