//! The rule language: one enum for prompts, journeys and segments. A rule is data (JSON on the wire and in files), tagged
//! by the name of its node: `{"all": [{"path": "/pricing"}, {"stage": {"journey": "saas", "is": ["evaluation"]}}]}`.
//!
//! A node is either a group (`all`, `any`, `not`), which [`eval`] combines, or a leaf, which a [`Witness`] answers. What a
//! leaf needs, the page or the log, says [`Condition::need`]; where it is allowed says [`check`].

mod arrivals;
mod check;
mod eval;
mod explain;
mod leaf;
mod leaves;
mod memory;
mod page;
mod recollection;
mod test;
mod words;

pub use check::{Known, Place, check};
pub(crate) use eval::earlier;
pub use eval::{Answer, Trace, Truth, Witness, eval, holds};
pub use explain::Explanation;
pub use leaf::{
    AbsentFor, Did, EventCount, Owner, PromptDid, QueryIs, Since, SourceIs, StageIs, TimeInStage, TraitIs, Where,
};
pub use leaves::{LeafId, Leaves};
pub use memory::{Anchors, Asked, Memory, Remembered};
pub use page::{Both, OnPage};
pub use recollection::{Questions, Recollection};
pub use test::{Number, Scalar, Test};
pub use words::words;

use crate::id::Key;
use crate::page::PathPattern;
use crate::source::{Channel, Touch};
use serde::{Deserialize, Serialize};

/// A rule or a part of one.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Every part holds. Empty: holds.
    All(Vec<Condition>),
    /// At least one part holds. Empty: does not hold.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),

    // What the page knows.
    /// The path of the page.
    Path(PathPattern),
    /// A parameter in the page's address.
    Query(QueryIs),
    /// The page belongs to a named group.
    PageGroup(Key),
    /// One of these kinds of device.
    Device(Vec<Device>),
    /// One of these languages; `de` stands for `de-AT` too.
    Language(Vec<String>),

    // What the log knows.
    /// Seen for the first time in this session, or seen before it.
    Visitor(Acquaintance),
    /// A field of where the visit came from.
    Source(SourceIs),
    /// The class of where the visit came from.
    Channel(ChannelIs),
    /// A trait of the person or the account.
    Trait(TraitIs),
    /// Something happened, so often, within so long.
    Event(EventCount),
    /// Something has not happened for so long.
    Absent(AbsentFor),
    /// What happened before between the person and a prompt.
    Prompt(PromptDid),
    /// The journey stage.
    Stage(StageIs),
    /// How long the subject has been in its stage.
    TimeInStage(TimeInStage),
    /// A milestone is done in this cycle.
    Milestone(Key),
    /// All required milestones of the current stage are done.
    MilestonesDone,
    /// The person belongs to a segment: a named condition.
    Segment(Key),

    /// In the published bundle only: stands for a part that the collector has answered. See [`crate::facts`].
    Verdict(LeafId),
}

/// The channel is one of these.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ChannelIs {
    /// Any of these.
    pub is: Vec<Channel>,
    /// Of which arrival.
    #[serde(default)]
    pub touch: Touch,
}

/// The class of a device.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Device {
    Desktop,
    Tablet,
    Phone,
}

impl Device {
    /// Its name in rules.
    pub fn name(self) -> &'static str {
        match self {
            Device::Desktop => "desktop",
            Device::Tablet => "tablet",
            Device::Phone => "phone",
        }
    }
}

/// Whether the visitor was here before this session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Acquaintance {
    New,
    Returning,
}

/// What a leaf is tested against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// What the browser knows of the page.
    Page,
    /// The log of events, and what follows from it: stages, traits, history.
    Log,
}

impl Condition {
    /// What this leaf needs; `None` for a group.
    pub fn need(&self) -> Option<Need> {
        use Condition::*;
        match self {
            All(_) | Any(_) | Not(_) => None,
            Path(_) | Query(_) | PageGroup(_) | Device(_) | Language(_) => Some(Need::Page),
            Visitor(_) | Source(_) | Channel(_) | Trait(_) | Event(_) | Absent(_) | Prompt(_) | Stage(_)
            | TimeInStage(_) | Milestone(_) | MilestonesDone | Segment(_) | Verdict(_) => Some(Need::Log),
        }
    }

    /// Calls `see` for each leaf, from left to right.
    pub fn each_leaf<'a>(&'a self, see: &mut impl FnMut(&'a Condition)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.each_leaf(see)),
            Condition::Not(part) => part.each_leaf(see),
            leaf => see(leaf),
        }
    }
}

impl Default for Condition {
    /// Holds for everybody.
    fn default() -> Self {
        Condition::All(Vec::new())
    }
}
