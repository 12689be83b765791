//! The one evaluator. It knows how groups combine and nothing else; it cannot fail. Truth has three values, because the page
//! does not know the log and the collector does not see the page: what nobody here knows stays unknown, never false.

use super::Condition;
use crate::time::Timestamp;

/// Whether something holds, as far as is known here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It cannot be known here.
    Unknown,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::Yes } else { Truth::No }
    }
}

/// What a witness says of a leaf.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Whether it holds now.
    pub truth: Truth,
    /// The next instant at which the answer may change by time passing alone.
    pub until: Option<Timestamp>,
}

impl Answer {
    /// Nobody here knows.
    pub const UNKNOWN: Answer = Answer { truth: Truth::Unknown, until: None };

    /// An answer that only a new fact can change.
    pub fn of(holds: bool) -> Answer {
        Answer { truth: holds.into(), until: None }
    }

    /// An answer that time alone will change.
    pub fn until(holds: bool, until: Timestamp) -> Answer {
        Answer { truth: holds.into(), until: Some(until) }
    }
}

/// Who knows the facts. A witness answers leaves; for a leaf it knows nothing of, [`Answer::UNKNOWN`].
pub trait Witness {
    /// Whether the leaf holds.
    fn answer(&self, leaf: &Condition) -> Answer;

    /// What there actually is, in words, for an explanation.
    fn actual(&self, _leaf: &Condition) -> String {
        String::new()
    }
}

impl<W: Witness> Witness for &W {
    fn answer(&self, leaf: &Condition) -> Answer {
        (**self).answer(leaf)
    }

    fn actual(&self, leaf: &Condition) -> String {
        (**self).actual(leaf)
    }
}

/// Something that holds or does not: a [`Condition`], or what a page reads of one.
pub trait Rule: Sized {
    /// What it is made of.
    fn node(&self) -> Node<'_, Self>;

    /// What a witness says of it, if it is a leaf.
    fn ask(&self, witness: &impl Witness) -> Answer;
}

/// What a rule is made of.
pub enum Node<'a, R> {
    /// All of these hold.
    All(&'a [R]),
    /// Any of these holds.
    Any(&'a [R]),
    /// This does not hold.
    Not(&'a R),
    /// It is asked of a witness.
    Leaf,
}

impl Rule for Condition {
    fn node(&self) -> Node<'_, Condition> {
        match self {
            Condition::All(parts) => Node::All(parts),
            Condition::Any(parts) => Node::Any(parts),
            Condition::Not(part) => Node::Not(part),
            _ => Node::Leaf,
        }
    }

    fn ask(&self, witness: &impl Witness) -> Answer {
        witness.answer(self)
    }
}

/// What is kept of an evaluation beside its result. `()` keeps nothing and costs nothing.
pub trait Trace<R = Condition>: Sized {
    /// Whether every part is evaluated even when the result is already clear.
    const WHOLE: bool;

    /// A leaf was answered.
    fn leaf(leaf: &R, answer: Answer, witness: &impl Witness) -> Self;

    /// A group was combined of its parts.
    fn group(group: &R, truth: Truth, parts: Vec<Self>) -> Self;
}

impl<R> Trace<R> for () {
    const WHOLE: bool = false;
    fn leaf(_: &R, _: Answer, _: &impl Witness) {}
    fn group(_: &R, _: Truth, _: Vec<()>) {}
}

/// Whether a rule holds, and until when at least.
pub fn holds<R: Rule>(rule: &R, witness: &impl Witness) -> Answer {
    eval::<(), R>(rule, witness).0
}

/// Evaluates a rule and keeps a trace of it.
pub fn eval<T: Trace<R>, R: Rule>(rule: &R, witness: &impl Witness) -> (Answer, T) {
    match rule.node() {
        Node::All(parts) => combine(rule, parts, Truth::No, Truth::Yes, witness),
        Node::Any(parts) => combine(rule, parts, Truth::Yes, Truth::No, witness),
        Node::Not(part) => {
            let (answer, trace) = eval(part, witness);
            let truth = match answer.truth {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            };
            (Answer { truth, ..answer }, T::group(rule, truth, vec![trace]))
        }
        Node::Leaf => {
            let answer = rule.ask(witness);
            (answer, T::leaf(rule, answer, witness))
        }
    }
}

/// Combines parts, of which one that is `decisive` decides; without one the result is `empty`, or unknown if any part is.
fn combine<T: Trace<R>, R: Rule>(
    group: &R,
    parts: &[R],
    decisive: Truth,
    empty: Truth,
    witness: &impl Witness,
) -> (Answer, T) {
    let mut result = Answer { truth: empty, until: None };
    let mut traces = Vec::new();
    for part in parts {
        let (answer, trace) = eval(part, witness);
        traces.push(trace);
        if answer.truth == decisive {
            result.truth = decisive;
        } else if answer.truth == Truth::Unknown && result.truth != decisive {
            result.truth = Truth::Unknown;
        }
        result.until = earlier(result.until, answer.until);
        if result.truth == decisive && !T::WHOLE {
            // What was skipped may change earlier, but cannot change this result before a part that was seen does.
            break;
        }
    }
    let trace = T::group(group, result.truth, traces);
    (result, trace)
}

/// The earlier of two instants, where none is never.
pub(crate) fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
