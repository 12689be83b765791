//! An evaluation, kept whole: every part with what there actually was.

use super::Condition;
use super::eval::{Answer, Trace, Truth, Witness};
use super::names::{NameOf, Names};
use super::words::words_with;
use core::fmt;

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

    /// The whole tree, line by line from the top, with what each part asks for against what there is. The page and the collector
    /// say it in the same words; of what one of them does not know, it says so.
    pub fn lines(&self, names: &Names) -> Vec<Line> {
        let mut lines = Vec::new();
        self.add_lines(0, names, &mut lines);
        lines
    }

    /// What there was of a leaf, by what people call it.
    pub fn actual<'a>(&'a self, names: &'a Names) -> &'a str {
        match self.condition {
            Condition::Stage(_) => names.of(NameOf::Stage, &self.actual),
            _ => &self.actual,
        }
    }

    fn add_lines(&self, depth: usize, names: &Names, lines: &mut Vec<Line>) {
        let expected = match &self.condition {
            Condition::All(_) => "all of these".to_owned(),
            Condition::Any(_) => "at least one of these".to_owned(),
            Condition::Not(_) => "not this".to_owned(),
            leaf => words_with(leaf, names),
        };
        let actual = match (self.truth, self.actual(names)) {
            _ if self.condition.need().is_none() => String::new(),
            (Truth::Unknown, _) => "not known here".to_owned(),
            (Truth::Yes, "") => "so".to_owned(),
            (Truth::No, "") => "not so".to_owned(),
            (_, actual) => actual.to_owned(),
        };
        lines.push(Line { depth, truth: self.truth, expected, actual });
        self.parts.iter().for_each(|part| part.add_lines(depth + 1, names, lines));
    }
}

/// A part of a rule in an explanation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// How deep it stands; the whole rule at 0.
    pub depth: usize,
    /// Whether it holds.
    pub truth: Truth,
    /// What is asked for, in words.
    pub expected: String,
    /// What there is, in words; empty for a group.
    pub actual: String,
}

impl fmt::Display for Line {
    /// `  no: the device is phone (desktop)`, two blanks for each level.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let truth = match self.truth {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "unknown",
        };
        write!(f, "{:indent$}{truth}: {}", "", self.expected, indent = self.depth * 2)?;
        if self.actual.is_empty() { Ok(()) } else { write!(f, " ({})", self.actual) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::eval;

    /// Says whether, and not what there is.
    struct Short(bool);

    impl Witness for Short {
        fn answer(&self, _: &Condition) -> Answer {
            Answer::of(self.0)
        }
    }

    #[test]
    fn of_what_there_is_nothing_is_said_but_whether() {
        let rule = Condition::Identified;
        let line = |holds| eval::<Explanation, _>(&rule, &Short(holds)).1.lines(&Names::default())[0].to_string();
        assert_eq!(line(true), "yes: the visitor has said who they are (so)");
        assert_eq!(line(false), "no: the visitor has said who they are (not so)");
    }
}
