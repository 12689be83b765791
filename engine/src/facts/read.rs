//! So much of a prompt as a page reads to choose: what it says, how it looks and what it is tried out with is painted by others, which
//! read that for themselves. That every visitor would otherwise pay for reading it is all this is for.

use super::sent::{Named, Terms};
use crate::id::Key;
use crate::prompt::{Category, Says, Shape};
use crate::rule::{self, Answer, Condition, LeafId, Rule, Witness};
use crate::time::{Span, Timestamp};
use core::mem::ManuallyDrop;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// As a page reads it.
#[derive(Clone, PartialEq, Debug)]
pub enum Read {}

impl Shape for Read {
    type Rule = Asked;
    type Said = Outline;
    type Happens = Named;
    type Schedule = bool;
    type Experiment = Unread;
    type Theme = Unread;
    type Teaser = Option<Unread>;
    type Translations = ();
    type Unit = Terms;
    type Drawn = Key;
}

/// Something that is there and not looked at.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Unread;

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Unread)
    }
}

/// What [`publish`](super::publish) leaves of a rule; it reads the same JSON as [`Condition`].
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "see Condition")]
pub enum Asked {
    All(Vec<Asked>),
    Any(Vec<Asked>),
    Not(Box<Asked>),
    Verdict(LeafId),
    Here(LeafId),
}

impl Default for Asked {
    /// Holds for everybody.
    fn default() -> Self {
        Asked::All(Vec::new())
    }
}

impl Rule for Asked {
    fn node(&self) -> rule::Node<'_, Asked> {
        match self {
            Asked::All(parts) => rule::Node::All(parts),
            Asked::Any(parts) => rule::Node::Any(parts),
            Asked::Not(part) => rule::Node::Not(part),
            Asked::Verdict(_) | Asked::Here(_) => rule::Node::Leaf,
        }
    }

    fn ask(&self, witness: &impl Witness) -> Answer {
        // Neither holds anything to be dropped, of which the compiler cannot be sure.
        let leaf = ManuallyDrop::new(match self {
            Asked::Verdict(id) => Condition::Verdict(*id),
            Asked::Here(id) => Condition::Here(*id),
            _ => return Answer::UNKNOWN,
        });
        witness.answer(&leaf)
    }
}

impl Asked {
    /// Calls `see` with each part that only the page can answer.
    pub fn each_here(&self, see: &mut dyn FnMut(LeafId)) {
        match self {
            Asked::All(parts) | Asked::Any(parts) => parts.iter().for_each(|part| part.each_here(see)),
            Asked::Not(part) => part.each_here(see),
            Asked::Here(id) => see(*id),
            Asked::Verdict(_) => {}
        }
    }
}

/// What kind of content it is.
#[derive(Clone, Copy, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "see Content")]
pub enum Outline {
    Nps(Unread),
    Survey(Unread),
    Form(Unread),
    Review(Unread),
    Community(Unread),
    Offer(Unread),
    Notice(Unread),
    Video(Unread),
    Share(Unread),
    Referral(Unread),
    Checklist(Unread),
    Walkthrough(Unread),
}

impl Says for Outline {
    fn category(&self) -> Category {
        match self {
            Outline::Nps(_) | Outline::Survey(_) => Category::Survey,
            Outline::Form(_) => Category::Form,
            Outline::Review(_) => Category::Review,
            Outline::Community(_) | Outline::Share(_) | Outline::Referral(_) => Category::Community,
            Outline::Offer(_) => Category::Offer,
            Outline::Notice(_) => Category::Notice,
            Outline::Video(_) | Outline::Checklist(_) | Outline::Walkthrough(_) => Category::Guide,
        }
    }

    /// Part of its [`Term`](super::Term).
    fn ends(&self) -> Option<Timestamp> {
        None
    }

    /// Sent with the prompt.
    fn usual_gap(&self) -> Span {
        Span(0)
    }
}
