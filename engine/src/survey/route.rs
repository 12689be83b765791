//! The way through a survey: which question comes next, which stand behind, how many may still come.

use super::answer::{Answer, Answers};
use super::branch::Target;
use super::question::Question;
use super::{Ending, Survey};

/// What comes now.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Step<'a> {
    /// A question.
    Ask(&'a Question),
    /// The end; `None` where the survey has none of its own: the widget says thanks.
    End(Option<&'a Ending>),
}

/// How far a response is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Questions on the way so far, also those passed over.
    pub answered: usize,
    /// Questions that may still come, at most; 0 at the end. It only falls while somebody goes forward.
    pub left: usize,
}

/// Where a way leads, by places in the survey.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Question(usize),
    /// `None`: the widget's own word, also where a jump leads nowhere.
    Ending(Option<usize>),
}

impl Survey {
    /// What comes after the answers so far. It ends for any answers and any survey.
    pub fn next(&self, answers: &Answers) -> Step<'_> {
        match self.walk(answers).1 {
            Spot::Question(at) => Step::Ask(&self.questions[at]),
            Spot::Ending(at) => Step::End(at.map(|at| &self.endings[at])),
        }
    }

    /// The questions behind with their answers, in the order they were asked. An answer to any other question counts for nothing:
    /// whoever went back and took another way has left it.
    pub fn path<'s, 'a>(&'s self, answers: &'a Answers) -> Vec<(&'s Question, &'a Answer)> {
        let (behind, _) = self.walk(answers);
        let questions = behind.into_iter().map(|at| &self.questions[at]);
        questions.filter_map(|question| Some((question, answers.get(&question.id)?))).collect()
    }

    /// How far a response is.
    pub fn progress(&self, answers: &Answers) -> Progress {
        let (behind, now) = self.walk(answers);
        let left = match now {
            Spot::Question(at) => self.longest()[at],
            Spot::Ending(_) => 0,
        };
        Progress { answered: behind.len(), left }
    }

    /// The places of the questions behind, and what comes now.
    fn walk(&self, answers: &Answers) -> (Vec<usize>, Spot) {
        let mut behind: Vec<usize> = Vec::new();
        let mut now = self.start();
        while let Spot::Question(at) = now {
            let question = &self.questions[at];
            // Only a survey that was never checked comes back to a question.
            if behind.contains(&at) {
                return (behind, Spot::Ending(None));
            }
            if answers.get(&question.id).is_none() {
                break;
            }
            behind.push(at);
            let known = |id: &crate::Key| {
                let passed = behind.iter().map(|at| &self.questions[*at]).find(|question| question.id == *id)?;
                Some((passed, answers.get(id)?))
            };
            let branch = question.branches.iter().find(|branch| branch.when.holds(&question.id, &known));
            now = branch.map_or_else(|| self.default_after(at), |branch| self.spot(&branch.to));
        }
        (behind, now)
    }

    pub(super) fn start(&self) -> Spot {
        if self.questions.is_empty() { self.first_ending() } else { Spot::Question(0) }
    }

    pub(super) fn spot(&self, target: &Target) -> Spot {
        match target {
            Target::Question(id) => {
                let at = self.questions.iter().position(|question| question.id == *id);
                at.map_or(Spot::Ending(None), Spot::Question)
            }
            Target::Ending(id) => Spot::Ending(self.endings.iter().position(|ending| ending.id == *id)),
        }
    }

    /// Where it goes if no branch holds.
    pub(super) fn default_after(&self, at: usize) -> Spot {
        match &self.questions[at].next {
            Some(target) => self.spot(target),
            None if at + 1 < self.questions.len() => Spot::Question(at + 1),
            None => self.first_ending(),
        }
    }

    fn first_ending(&self) -> Spot {
        Spot::Ending((!self.endings.is_empty()).then_some(0))
    }

    /// Wherever it may go after a question.
    pub(super) fn ways_from(&self, at: usize) -> impl Iterator<Item = Spot> {
        let branches = self.questions[at].branches.iter().map(|branch| self.spot(&branch.to));
        branches.chain([self.default_after(at)])
    }

    /// For each question how many may come from it on, itself included. Without loops one round from the back is enough for a survey
    /// that only goes forward; with one, the rounds are bounded.
    fn longest(&self) -> Vec<usize> {
        let count = self.questions.len();
        let mut longest = vec![1; count];
        for _ in 0..count {
            let mut is_settled = true;
            for at in (0..count).rev() {
                let ahead = |spot| match spot {
                    Spot::Question(to) => longest[to],
                    Spot::Ending(_) => 0,
                };
                let most = (1 + self.ways_from(at).map(ahead).max().unwrap_or(0)).min(count);
                is_settled &= most == longest[at];
                longest[at] = most;
            }
            if is_settled {
                break;
            }
        }
        longest
    }
}
