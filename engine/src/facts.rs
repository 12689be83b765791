//! What the page is told. Verdicts, never values: what the collector can answer is answered there, and the page gets, for each such
//! part of a published rule, true or false and until when that holds. Whoever names somebody else's id learns no stage and no
//! trait from it, and nobody learns where else a site shows what to whom.
//!
//! [`publish`] turns the marketer's rule into the published one; [`judge`] answers the parts it took out.

mod publish;
mod read;
mod sent;

pub use publish::{Here, judge, mistakable, publish};
pub use read::{Asked, Outline, Read, Unread};
pub use sent::{Named, Sent, Term, Terms, Version, terms};

use crate::experiment::Recorded;
use crate::frequency::History;
use crate::id::Key;
use crate::prompt::Zone;
use crate::rule::{Answer, LeafId};
use crate::time::Timestamp;
use crate::value::Props;
use serde::{Deserialize, Serialize};

/// What the page is told about its visitor.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
    /// The site's time. The page keeps the difference to its own clock.
    pub now: Timestamp,
    /// Version of the bundle that the verdicts belong to.
    pub bundle: String,
    /// Answers to the parts of rules that the collector knows, by their ids: a page with a thousand rules looks each of them up.
    pub verdicts: Vec<Verdict>,
    /// What happened with prompts before, for the caps.
    pub history: History,
    /// When and in which version this visitor sees prompts that are shown at certain times only, or by lot.
    #[serde(default, skip_serializing_if = "Terms::is_empty")]
    pub terms: Terms,
    /// The account is unhealthy, stuck or delayed: no time to sell.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub spare_offers: bool,
    // Whoever decides does not read these: they are for what is painted and recorded, and for who looks at the page.
    /// The lots that would be drawn for the first time: of which prompt, and what is recorded of it then.
    #[serde(skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<(Key, Recorded)>,
    /// The site's clocks.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// What texts may say of the person: the traits that the site has marked as public.
    #[serde(skip_deserializing, skip_serializing_if = "Props::is_empty")]
    pub traits: Props,
    /// The milestones that are done, of those that published checklists have.
    #[serde(skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Key>,
    /// The person's code for links to pass on, if any published prompt gives one.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub referral: Option<String>,
}

/// The answer to one part of a rule: which, whether it holds, and until when at least.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verdict(pub LeafId, pub bool, pub Option<Timestamp>);

impl Facts {
    /// The verdict on a part, as far as it still holds.
    pub fn verdict(&self, id: LeafId, now: Timestamp) -> Answer {
        let at = self.verdicts.binary_search_by_key(&id, |verdict| verdict.0);
        match at.ok().and_then(|at| self.verdicts.get(at)) {
            Some(Verdict(_, holds, until)) if until.is_none_or(|until| now < until) => {
                Answer { truth: (*holds).into(), until: *until }
            }
            _ => Answer::UNKNOWN,
        }
    }
}
