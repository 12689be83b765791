//! What a case says is known, as a witness.

use crate::log::{Entry, Offset, events, uuid};
use engine::facts::{Facts, Verdict};
use engine::frequency::History;
use engine::log::LogEvent;
use engine::page::PageGroups;
use engine::rule::{Answer, Both, Condition, Device, LeafId, Leaves, Memory, OnPage, Remembered, Witness};
use engine::{Key, Timestamp};
use serde::Deserialize;

/// The instant at which every case is asked.
pub const NOW: Timestamp = Timestamp(1_750_000_000_000);

/// What is known. What is left out is unknown.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    page: Option<PageGiven>,
    page_groups: PageGroups,
    log: Option<Vec<Entry>>,
    /// The visit that asks; the last one of the log if left out.
    session: Option<u32>,
    /// Journey, stage, how long ago it was entered.
    stages: Vec<(Key, Key, Offset)>,
    segments: Vec<(Key, bool)>,
    verdicts: Vec<GivenVerdict>,
}

/// A verdict: which condition it is about, the answer, until when from now.
#[derive(Deserialize)]
struct GivenVerdict(Condition, bool, Option<Offset>);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PageGiven {
    url: Option<String>,
    device: Option<Device>,
    language: Option<String>,
}

/// The facts of a case, ready to be asked.
pub struct Scene<'a> {
    given: &'a Given,
    leaves: Leaves,
    memory: Option<Memory>,
}

impl Given {
    /// Reads the log once for all these conditions.
    pub fn scene<'a>(&self, conditions: impl IntoIterator<Item = &'a Condition>) -> Scene<'_> {
        let leaves = Leaves::of(conditions);
        let memory = self.log.as_deref().map(|log| {
            let mut log = events(log, |ago| Timestamp(NOW.0 - ago.0));
            log.sort_by_key(LogEvent::order);
            let mut memory = Memory::new(&leaves);
            log.iter().for_each(|event| memory.observe(&leaves, event, &self.page_groups, &Default::default()));
            memory
        });
        Scene { given: self, leaves, memory }
    }

    /// What the page knows.
    pub fn page(&self) -> OnPage<'_> {
        let page = self.page.as_ref();
        OnPage {
            address: page.and_then(|page| page.url.as_deref()),
            groups: &self.page_groups,
            device: page.and_then(|page| page.device),
            language: page.and_then(|page| page.language.as_deref()),
        }
    }
}

impl Scene<'_> {
    /// Everything that is known, at an instant.
    pub fn ask(&self, now: Timestamp) -> Both<OnPage<'_>, Log<'_>> {
        Both { page: self.given.page(), log: Log { scene: self, now } }
    }
}

/// What the log of a case answers at an instant.
#[derive(Clone, Copy)]
pub struct Log<'a> {
    scene: &'a Scene<'a>,
    now: Timestamp,
}

impl Log<'_> {
    fn stage(&self, of: Option<&Key>) -> Option<&(Key, Key, Offset)> {
        let mut stages = self.scene.given.stages.iter();
        stages.find(|(journey, ..)| Some(journey) == of)
    }
}

impl Witness for Log<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let given = self.scene.given;
        let known = match leaf {
            Condition::Stage(wanted) => {
                self.stage(Some(&wanted.journey)).map(|(_, stage, _)| Answer::of(wanted.is.contains(stage)))
            }
            Condition::TimeInStage(wanted) => self.stage(wanted.journey.as_ref()).map(|(.., ago)| {
                let deadline = Timestamp(NOW.0 - ago.0).after(wanted.at_least);
                if self.now >= deadline { Answer::of(true) } else { Answer::until(false, deadline) }
            }),
            Condition::Segment(key) => {
                given.segments.iter().find(|(name, _)| name == key).map(|(_, member)| Answer::of(*member))
            }
            Condition::Verdict(id) => {
                let verdict = |told: &GivenVerdict| {
                    let until = told.2.map(|until| Timestamp(NOW.0 + until.0));
                    Verdict(LeafId::of(&told.0), told.1, until)
                };
                let verdicts = given.verdicts.iter().map(verdict).collect();
                Some(facts(verdicts).verdict(*id, self.now))
            }
            _ => self.scene.memory.as_ref().map(|memory| {
                let (leaves, now, session) = (&self.scene.leaves, self.now, given.session.map(uuid));
                Remembered { memory, leaves, now, session }.answer(leaf)
            }),
        };
        known.unwrap_or(Answer::UNKNOWN)
    }
}

/// Facts with nothing in them but these verdicts.
pub fn facts(verdicts: Vec<Verdict>) -> Facts {
    Facts { now: NOW, bundle: "b".into(), verdicts, history: History::default() }
}
