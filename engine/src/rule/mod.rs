//! The rule language: one enum for prompts, journeys and segments. A rule is data (JSON on the wire and in files), tagged
//! by the name of its node: `{"all": [{"path": "/pricing"}, {"stage": {"journey": "saas", "is": ["evaluation"]}}]}`.
//!
//! A node is either a group (`all`, `any`, `not`), which [`eval`] combines, or a leaf, which a [`Witness`] answers. What a
//! leaf needs, the page or the log, says [`Condition::need`]; where it is allowed says [`check`].

mod arrivals;
mod check;
mod date;
mod eval;
mod explain;
mod leaf;
mod leaves;
mod memory;
mod names;
mod page;
mod page_leaf;
pub mod pattern;
mod recollection;
mod request;
mod test;
mod voice;
mod words;

pub use check::{Known, Place, check};
pub use date::Date;
pub(crate) use eval::earlier;
pub use eval::{Answer, Node, Rule, Trace, Truth, Witness, eval, holds};
pub use explain::{Explanation, Line};
pub use leaf::{
    AbsentFor, Did, EventCount, Owner, PromptDid, QueryIs, Since, SourceIs, StageIs, TimeInStage, TraitIs, Where,
};
pub use leaves::{LeafId, Leaves};
pub use memory::{Anchors, Asked, Memory, Remembered};
pub use names::{NameOf, Names};
pub use page::{Address, Both, Inside, OnPage};
pub use page_leaf::{
    Age, Browser, Calendar, Consent, CookieIs, JsIs, NowIs, PageIs, PagePart, SessionIs, System, Visit, Weekday,
};
pub use pattern::Pattern;
pub use recollection::{Questions, Recollection};
pub use request::Request;
pub use test::{Number, Scalar, Test};
pub use words::{words, words_with};

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
    /// A part of the page passes a test: path, host, fragment, whole address, title.
    Page(PageIs),
    /// A parameter in the page's address.
    Query(QueryIs),
    /// The page belongs to a named group.
    PageGroup(Key),
    /// One of these kinds of device.
    Device(Vec<Device>),
    /// The width of the window in CSS pixels passes a test.
    Width(Test),
    /// The device is touched, or is not.
    Touch(bool),
    /// One of these languages; `de` stands for `de-AT` too.
    Language(Vec<String>),
    /// A variable of the page passes a test.
    Js(JsIs),
    /// A cookie passes a test.
    Cookie(CookieIs),
    /// An element matches this selector.
    Element(String),
    /// The hour, weekday or date.
    Now(NowIs),
    /// Something of this visit.
    Session(SessionIs),
    /// The visitor has consented to this.
    Consent(Consent),

    // What the request of the page says.
    /// One of these countries, as two letters. Known only where a proxy that is believed says it.
    Country(Vec<String>),
    /// One of these systems.
    System(Vec<System>),
    /// One of these browsers.
    Browser(Vec<Browser>),

    // What the log knows.
    /// The visitor has said who they are.
    Identified,
    /// The person was first seen so long ago.
    FirstSeen(Age),
    /// The person was last seen so long ago, before this visit. Of somebody who is here for the first time it does not hold.
    LastSeen(Age),
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
    /// In the published bundle only: stands for a part that only the page can answer. See [`crate::facts`].
    Here(LeafId),
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
    /// What a visit says of itself: the address, the device, the language. The page knows it, and so does the collector.
    Visit,
    /// What only the page knows: what stands in it, what time it is, how wide the window is.
    Page,
    /// The log of events and what follows from it (stages, traits, history), and what the request said. Known in the collector; the
    /// page gets verdicts.
    Log,
}

impl Condition {
    /// What this leaf needs; `None` for a group.
    pub fn need(&self) -> Option<Need> {
        use Condition::*;
        match self {
            All(_) | Any(_) | Not(_) => None,
            // What stands behind the `#` may be a secret, so no visit sends it.
            Page(PageIs { part: PagePart::Title | PagePart::Hash, .. }) => Some(Need::Page),
            Path(_) | Page(_) | Query(_) | PageGroup(_) | Device(_) | Language(_) => Some(Need::Visit),
            Width(_) | Touch(_) | Js(_) | Cookie(_) | Element(_) | Now(_) | Session(_) | Consent(_) | Here(_) => {
                Some(Need::Page)
            }
            Country(_) | System(_) | Browser(_) => Some(Need::Log),
            Identified | FirstSeen(_) | LastSeen(_) | Visitor(_) | Source(_) | Channel(_) | Trait(_) | Event(_)
            | Absent(_) | Prompt(_) | Stage(_) | TimeInStage(_) | Milestone(_) | MilestonesDone | Segment(_)
            | Verdict(_) => Some(Need::Log),
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
