//! What a marketer makes: [`Content`], a rule, a [`Moment`], a [`Placement`], a [`Frequency`]; and [`choose`], the only place
//! where one prompt wins.

mod check;
mod choose;
mod content;

pub use check::check;
pub use choose::{Choice, Page, Reason, any_candidate, choose};
pub use content::{Content, Coupon, FollowUp, Link, Links, Nps, Offer};

use crate::frequency::{Frequency, Policy};
use crate::id::Key;
use crate::page::PageGroups;
use crate::rule::Condition;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// A prompt, as a marketer writes it and as it is published. The widget reads it with a [`crate::facts::Published`] rule.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Prompt<Rule = Condition> {
    /// Its name in rules, events and reports.
    pub key: Key,
    /// What it says and asks.
    pub content: Content,
    /// Where it stands.
    pub placement: Placement,
    /// When within a visit.
    #[serde(default)]
    pub moment: Moment,
    /// Who sees it, and where. Left out: everybody everywhere.
    #[serde(default, rename = "rule")]
    pub rule: Rule,
    /// Of several eligible prompts the one with the highest number is shown.
    #[serde(default)]
    pub priority: i32,
    /// How often at most.
    #[serde(default)]
    pub frequency: Frequency,
    /// A notice that must be seen, such as one about billing: ignores the site's caps, but not its own.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub mandatory: bool,
}

impl<Rule> Prompt<Rule> {
    /// The same prompt with its rule in another form.
    pub fn with_rule<Other: From<Rule>>(self) -> Prompt<Other> {
        Prompt {
            key: self.key,
            content: self.content,
            placement: self.placement,
            moment: self.moment,
            rule: self.rule.into(),
            priority: self.priority,
            frequency: self.frequency,
            mandatory: self.mandatory,
        }
    }
}

/// Where a prompt stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// A dialog over the page, which takes the focus and gives it back.
    Modal,
    /// A card in a corner.
    Corner(Corner),
    /// A bar along an edge.
    Bar(Edge),
}

/// A corner of the window, in the direction of the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Corner {
    BottomEnd,
    BottomStart,
    TopEnd,
    TopStart,
}

/// An edge of the window.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Edge {
    Top,
    Bottom,
}

impl Placement {
    /// Whether it comes between a visitor and the page; a bar does not.
    pub fn interrupts(self) -> bool {
        !matches!(self, Placement::Bar(_))
    }
}

/// When within a visit a prompt may come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// As soon as it is eligible.
    #[default]
    AtOnce,
    /// After so long on the page.
    Dwell(Span),
}

/// What the collector publishes for the pages of a site.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bundle {
    /// Changes whenever anything in it does.
    pub version: String,
    /// The site's caps.
    #[serde(default)]
    pub policy: Policy,
    /// The site's page groups.
    #[serde(default)]
    pub page_groups: PageGroups,
    /// The prompts, with verdicts in place of what only the log knows.
    pub prompts: Vec<Prompt>,
}
