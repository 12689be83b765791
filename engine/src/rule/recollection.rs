//! A memory that grows with its log, for the rules of prompts and segments: what a state is for a journey.

use super::Condition;
use super::leaves::{LeafId, Leaves};
use super::memory::Memory;
use crate::log::{LogEvent, Order};
use crate::page::PageGroups;
use crate::source::Sources;
use serde::{Deserialize, Serialize};

/// What a site's prompts and segments ask of a log. Made once per change; a recollection must not mix what was remembered for
/// one with another, which is what [`Questions::fingerprint`] is for.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    leaves: Leaves,
    groups: PageGroups,
    sources: Sources,
    fingerprint: u32,
}

impl Questions {
    /// The questions of these rules.
    pub fn new<'a>(rules: impl IntoIterator<Item = &'a Condition>, groups: PageGroups, sources: Sources) -> Questions {
        let leaves = Leaves::of(rules);
        let fingerprint = LeafId::of(&(&leaves, &groups, &sources)).0;
        Questions { leaves, groups, sources, fingerprint }
    }

    /// The leaves that are asked.
    pub fn leaves(&self) -> &Leaves {
        &self.leaves
    }

    /// Takes one more event into a memory of these leaves.
    pub fn remember(&self, memory: &mut Memory, event: &LogEvent) {
        memory.observe(&self.leaves, event, &self.groups, &self.sources);
    }

    /// What was remembered under another fingerprint answers other questions.
    pub fn fingerprint(&self) -> u32 {
        self.fingerprint
    }
}

/// What was remembered of a log, and how far it was read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Recollection {
    start: Order,
    cursor: Order,
    memory: Memory,
}

impl Recollection {
    /// Reads a whole log, in its order. None of an empty one.
    pub fn of(questions: &Questions, log: &[LogEvent]) -> Option<Recollection> {
        let start = log.first()?.order();
        let memory = Memory::new(&questions.leaves);
        let mut recollection = Recollection { start, cursor: start, memory };
        recollection.observe(questions, log);
        Some(recollection)
    }

    /// Whether the event belongs after everything read so far, or is none that a question is about. If not, the log must be
    /// read anew.
    pub fn takes(&self, questions: &Questions, event: &LogEvent) -> bool {
        let order = event.order();
        order > self.start && (order > self.cursor || !questions.leaves.concern(event, &questions.groups))
    }

    /// Takes in further events, in order and each [taken](Recollection::takes).
    pub fn observe(&mut self, questions: &Questions, events: &[LogEvent]) {
        for event in events {
            if event.order() == self.start || questions.leaves.concern(event, &questions.groups) {
                self.cursor = event.order();
                self.memory.observe(&questions.leaves, event, &questions.groups, &questions.sources);
            }
        }
    }

    /// What was remembered.
    pub fn into_memory(self) -> Memory {
        self.memory
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Key, Uuid};
    use crate::log::Origin;
    use crate::page::{PageGroup, PathPattern};
    use crate::time::Timestamp;
    use crate::value::Props;

    #[test]
    fn other_questions_have_another_fingerprint() {
        let rules: [Condition; 2] = [r#"{"event": {"name": "A"}}"#, r#"{"event": {"name": "B"}}"#]
            .map(|text| serde_json::from_str(text).expect("a rule"));
        let docs = PageGroups(vec![PageGroup {
            key: Key::parse("docs").expect("a key"),
            paths: vec![PathPattern::parse("/docs/*").expect("a pattern")],
        }]);
        let of = |rules: &[Condition], groups: &PageGroups| Questions::new(rules, groups.clone(), Sources::default());
        let none = PageGroups::default();
        let asked = [of(&rules, &none), of(&rules[..1], &none), of(&rules[1..], &none), of(&rules, &docs)];
        for (at, one) in asked.iter().enumerate() {
            let others = asked[at + 1..].iter().map(Questions::fingerprint);
            assert!(others.into_iter().all(|other| other != one.fingerprint()), "{one:?}");
        }
        assert_eq!(of(&rules, &docs).fingerprint(), asked[3].fingerprint());
        assert_eq!(asked[0].leaves(), &Leaves::of(&rules));
    }

    #[test]
    fn what_was_read_is_not_read_again() {
        let event = |at: i64, name: &str| LogEvent {
            id: Uuid::from_bytes([u8::try_from(at).expect("few events"); 16]),
            at: Timestamp(at),
            origin: Origin::Web,
            name: name.into(),
            props: Props::default(),
            url: String::new(),
            referrer: String::new(),
            session: None,
            prompt: None,
            anonymous: false,
        };
        let rules: [Condition; 1] = [serde_json::from_str(r#"{"event": {"name": "A"}}"#).expect("a rule")];
        let questions = Questions::new(&rules, PageGroups::default(), Sources::default());
        let recollection = Recollection::of(&questions, &[event(2, "A"), event(4, "A")]).expect("a log");
        let takes = |at, name| recollection.takes(&questions, &event(at, name));
        assert_eq!([1, 2, 3, 4, 5].map(|at| takes(at, "A")), [false, false, false, false, true]);
        // What nobody asks about may come late, but not before the beginning: that is when the person was first seen.
        assert_eq!([1, 2, 3, 4, 5].map(|at| takes(at, "B")), [false, false, true, true, true]);
    }
}
