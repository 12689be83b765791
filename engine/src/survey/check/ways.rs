//! Jumps and their conditions: whether they lead somewhere, come back, leave something out, or ask about what cannot have been
//! answered yet.

use crate::id::Key;
use crate::problem::Problem;
use crate::rule::{Scalar, Test};
use crate::survey::Survey;
use crate::survey::answer::OTHER;
use crate::survey::branch::{Band, InBand, MAX_DEPTH, Target, When};
use crate::survey::question::{Kind, Question};
use crate::survey::route::Spot;

/// Most branches of a question.
const MAX_BRANCHES: usize = 30;

/// Which question may come after which, by their places.
pub struct Ways<'a> {
    survey: &'a Survey,
    /// For each question, whether each other can come after it; also itself, if there is a loop.
    after: Vec<Vec<bool>>,
    /// Whether each ending can be reached.
    endings: Vec<bool>,
}

impl<'a> Ways<'a> {
    /// Follows every branch, whatever its condition.
    pub fn of(survey: &'a Survey) -> Ways<'a> {
        let count = survey.questions.len();
        let mut ways = Ways { survey, after: Vec::with_capacity(count), endings: vec![false; survey.endings.len()] };
        for from in 0..count {
            let mut after = vec![false; count];
            let mut open = vec![from];
            while let Some(at) = open.pop() {
                for spot in survey.ways_from(at) {
                    match spot {
                        Spot::Question(to) if !after[to] => {
                            after[to] = true;
                            open.push(to);
                        }
                        Spot::Ending(Some(ending)) if from == 0 => ways.endings[ending] = true,
                        Spot::Question(_) | Spot::Ending(_) => {}
                    }
                }
            }
            ways.after.push(after);
        }
        ways
    }

    /// Whether a question can have been answered when another is asked.
    pub fn is_before(&self, earlier: usize, later: usize) -> bool {
        self.after[earlier][later]
    }

    /// The place of a question.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.survey.questions.iter().position(|question| question.id.as_str() == id)
    }

    /// What is wrong with the ways from a question, and to it.
    pub fn check(&self, index: usize, at: &str, problems: &mut Vec<Problem>) {
        let question = &self.survey.questions[index];
        if self.after[index][index] {
            let message = "From here a way leads back to this question: nobody would come to the end.";
            problems.push(Problem::new(at, "loop", message));
        } else if index > 0 && !self.after[0][index] {
            problems.push(Problem::new(at, "unreachable", "No way leads to this question."));
        }
        if question.branches.len() > MAX_BRANCHES {
            problems.push(Problem::new(format!("{at}.branches"), "too_many_branches", "At most 30 branches."));
        }
        for (number, branch) in question.branches.iter().enumerate() {
            let place = format!("{at}.branches[{number}]");
            self.target(&branch.to, &format!("{place}.to"), problems);
            self.when(index, &branch.when, &format!("{place}.when"), problems);
        }
        if let Some(target) = &question.next {
            self.target(target, &format!("{at}.next"), problems);
        }
    }

    /// Endings that nobody comes to.
    pub fn check_endings(&self, at: &str, problems: &mut Vec<Problem>) {
        let lost = self.endings.iter().enumerate().filter(|(_, reached)| !**reached);
        problems.extend(
            lost.map(|(index, _)| {
                Problem::new(format!("{at}[{index}]"), "unreachable", "No way leads to this ending.")
            }),
        );
    }

    fn target(&self, target: &Target, at: &str, problems: &mut Vec<Problem>) {
        let (what, id, is_known) = match target {
            Target::Question(id) => ("question", id, self.survey.question(id).is_some()),
            Target::Ending(id) => ("ending", id, self.survey.ending(id).is_some()),
        };
        if !is_known {
            problems.push(Problem::new(at, "unknown_target", format!("There is no {what} \"{id}\".")));
        }
    }

    fn when(&self, index: usize, when: &When, at: &str, problems: &mut Vec<Problem>) {
        if when.depth() > MAX_DEPTH {
            problems.push(Problem::new(at, "too_deep", "Nobody understands that: nest conditions at most 8 deep."));
            return;
        }
        if let When::All(parts) | When::Any(parts) = when
            && parts.is_empty()
        {
            problems.push(Problem::new(at, "empty", "Give at least one condition."));
        }
        when.each_leaf(&mut |of, leaf| self.leaf(index, of, leaf, at, problems));
    }

    fn leaf(&self, index: usize, of: Option<&Key>, leaf: &When, at: &str, problems: &mut Vec<Problem>) {
        let asked = of.map_or(Some(index), |id| self.place(id.as_str()));
        let Some(asked) = asked else {
            problems.push(Problem::new(at, "unknown_question", "This asks about a question that is not there."));
            return;
        };
        if asked != index && !self.is_before(asked, index) {
            let message = "This asks about a question that cannot have been answered yet.";
            problems.push(Problem::new(at, "not_earlier", message));
        }
        let question = &self.survey.questions[asked];
        match leaf {
            When::Answer(part) => test(question, &part.test, at, problems),
            When::Band(InBand { is, .. }) if !has_band(&question.ask, *is) => {
                let message = "Scores of this question have no such band.";
                problems.push(Problem::new(at, "unknown_band", message));
            }
            When::Band(_) | When::All(_) | When::Any(_) | When::Not(_) => {}
        }
    }
}

fn has_band(kind: &Kind, band: Band) -> bool {
    let (low, high) = kind.scale().unwrap_or((1, 0));
    (low..=high).any(|score| kind.band(score) == Some(band))
}

/// Whether a test can ever pass.
fn test(question: &Question, test: &Test, at: &str, problems: &mut Vec<Problem>) {
    let is_number = question.ask.scale().is_some() || matches!(question.ask, Kind::Number(_));
    let is_tick = matches!(question.ask, Kind::Consent(_));
    let is_text = !is_number && !is_tick;
    let fits = match test {
        Test::Exists => true,
        Test::Is(wanted) | Test::AllOf(wanted) => wanted.iter().all(|wanted| match wanted {
            Scalar::Number(_) => is_number,
            Scalar::Bool(_) => is_tick,
            Scalar::Text(_) => is_text,
        }),
        Test::AtLeast(_) | Test::Above(_) | Test::AtMost(_) | Test::Below(_) | Test::Between(..) => is_number,
        Test::Contains(_) | Test::StartsWith(_) | Test::EndsWith(_) | Test::Glob(_) | Test::Matches(_) => is_text,
        Test::Before(_) | Test::After(_) => matches!(question.ask, Kind::Date(_)),
        // A survey has no clock: where it goes must not depend on when it is asked.
        Test::WithinLast(_) | Test::OlderThan(_) => false,
    };
    if !fits {
        let message = "This test does not fit the kind of the question: it would never pass.";
        problems.push(Problem::new(at, "test_kind", message));
    }
    if let (Test::Is(wanted) | Test::AllOf(wanted), Some(choice)) = (test, question.ask.choice()) {
        for wanted in wanted {
            let Scalar::Text(id) = wanted else { continue };
            let is_option = choice.options.iter().any(|option| option.id.as_str().eq_ignore_ascii_case(id));
            let is_other = choice.other.is_some() && id == OTHER;
            if !is_option && !is_other {
                problems.push(Problem::new(at, "unknown_option", format!("There is no option \"{id}\".")));
            }
        }
    }
}
