//! Where it goes on after a question. Conditions here look at the answers on the way so far and at nothing else: who may see the
//! survey at all is the prompt's rule.

use super::answer::Answer;
use super::question::Question;
use crate::id::Key;
use crate::rule::Test;
use serde::{Deserialize, Serialize};

/// Deepest nesting of conditions.
pub const MAX_DEPTH: usize = 8;

/// If this, then there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Branch {
    /// If.
    pub when: When,
    /// Then.
    pub to: Target,
}

/// Where to go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A question.
    Question(Key),
    /// An ending.
    Ending(Key),
}

/// A condition over answers. A question that was not answered passes no test, so `not` around it holds.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All of these hold.
    All(Vec<When>),
    /// At least one of these holds.
    Any(Vec<When>),
    /// This does not hold.
    Not(Box<When>),
    /// An answer passes a test.
    Answer(Asked),
    /// A score lies in a band.
    Band(InBand),
}

/// A test of an answer: `{"test": {"is": ["price"]}}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Which question's. Left out: the one that was just answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Key>,
    /// What it must pass. Of several options one is enough; of a ranking the first is asked.
    pub test: Test,
}

/// A test of a score: `{"is": "promoter"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InBand {
    /// Which question's. Left out: the one that was just answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Key>,
    /// Where the score must lie.
    pub is: Band,
}

/// What a score means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// NPS 0 to 6.
    Detractor,
    /// NPS 7 and 8.
    Passive,
    /// NPS 9 and 10.
    Promoter,
    /// CSAT 1 and 2.
    Dissatisfied,
    /// CSAT 3, CES 4.
    Neutral,
    /// CSAT 4 and 5.
    Satisfied,
    /// CES 1 to 3.
    Difficult,
    /// CES 5 to 7.
    Easy,
}

impl Band {
    /// Its name in files and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Band::Detractor => "detractor",
            Band::Passive => "passive",
            Band::Promoter => "promoter",
            Band::Dissatisfied => "dissatisfied",
            Band::Neutral => "neutral",
            Band::Satisfied => "satisfied",
            Band::Difficult => "difficult",
            Band::Easy => "easy",
        }
    }
}

/// The questions on the way so far, with their answers.
pub type Known<'a> = &'a dyn Fn(&Key) -> Option<(&'a Question, &'a Answer)>;

impl When {
    /// Whether it holds after the question `at`.
    pub fn holds(&self, at: &Key, known: Known<'_>) -> bool {
        match self {
            When::All(parts) => parts.iter().all(|part| part.holds(at, known)),
            When::Any(parts) => parts.iter().any(|part| part.holds(at, known)),
            When::Not(part) => !part.holds(at, known),
            When::Answer(Asked { of, test }) => {
                known(of.as_ref().unwrap_or(at)).is_some_and(|(_, answer)| test.passes(&answer.value()))
            }
            When::Band(InBand { of, is }) => match known(of.as_ref().unwrap_or(at)) {
                Some((question, Answer::Score(score))) => question.ask.band(*score) == Some(*is),
                _ => false,
            },
        }
    }

    /// Calls `see` with each test in it: of which question, and the leaf itself.
    pub fn each_leaf<'a>(&'a self, see: &mut dyn FnMut(Option<&'a Key>, &'a When)) {
        match self {
            When::All(parts) | When::Any(parts) => parts.iter().for_each(|part| part.each_leaf(see)),
            When::Not(part) => part.each_leaf(see),
            When::Answer(asked) => see(asked.of.as_ref(), self),
            When::Band(band) => see(band.of.as_ref(), self),
        }
    }

    /// How deep it is nested.
    pub fn depth(&self) -> usize {
        match self {
            When::All(parts) | When::Any(parts) => 1 + parts.iter().map(When::depth).max().unwrap_or(0),
            When::Not(part) => 1 + part.depth(),
            When::Answer(_) | When::Band(_) => 1,
        }
    }
}
