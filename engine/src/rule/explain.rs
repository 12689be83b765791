//! An evaluation, kept whole: every part with what there actually was.

use super::Condition;
use super::eval::{Answer, Trace, Truth, Witness};

/// One node of an explained evaluation.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The part of the rule.
    pub condition: Condition,
    /// Whether it held.
    pub truth: Truth,
    /// For a leaf: what there actually was, in words.
    pub actual: String,
    /// For a group: its parts.
    pub parts: Vec<Explanation>,
}

impl Trace for Explanation {
    const WHOLE: bool = true;

    fn leaf(leaf: &Condition, answer: Answer, witness: &impl Witness) -> Self {
        Explanation { condition: leaf.clone(), truth: answer.truth, actual: witness.actual(leaf), parts: Vec::new() }
    }

    fn group(group: &Condition, truth: Truth, parts: Vec<Self>) -> Self {
        Explanation { condition: group.clone(), truth, actual: String::new(), parts }
    }
}

impl Explanation {
    /// The leaves that made the result what it is: those with the wrong truth, seen through every `not`.
    pub fn to_blame(&self) -> Vec<&Explanation> {
        let mut found = Vec::new();
        self.blame(true, &mut found);
        found
    }

    fn blame<'a>(&'a self, wanted: bool, found: &mut Vec<&'a Explanation>) {
        let right = if wanted { Truth::Yes } else { Truth::No };
        if self.truth == right {
            return;
        }
        let wanted = if matches!(self.condition, Condition::Not(_)) { !wanted } else { wanted };
        if self.condition.need().is_some() {
            found.push(self);
        }
        self.parts.iter().for_each(|part| part.blame(wanted, found));
    }
}
