//! What a journey is: ordered stages, and the transitions between them with their triggers.

use crate::event::name;
use crate::id::Key;
use crate::log::LogEvent;
use crate::page::PageGroups;
use crate::rule::{Condition, LeafId, Leaves};
use crate::source::Sources;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The ordered stages that a subject passes through, and what moves it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Journey {
    /// Its name in rules.
    pub key: Key,
    /// Its name for people.
    pub name: String,
    /// In the order of the map; a subject starts in the first one.
    pub stages: Vec<Stage>,
    /// What moves a subject.
    pub transitions: Vec<Transition>,
}

/// Where a subject can be.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Stage {
    /// Its name in rules.
    pub key: Key,
    /// Its name for people.
    pub name: String,
    /// Whether one is meant to leave it.
    #[serde(default)]
    pub kind: StageKind,
    /// In a linear stage: after so long a subject is delayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_after: Option<Span>,
    /// In a linear stage: after so long a subject is stuck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck_after: Option<Span>,
    /// What the stage asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
}

/// Whether one is meant to leave a stage.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// One is meant to move on in time.
    #[default]
    Linear,
    /// One may stay for ever.
    Ongoing,
    /// The end; left only by a transition that re-enters.
    Terminal,
}

/// A condition that a stage asks for. Once done it stays done for the cycle.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Milestone {
    /// Its name in rules.
    pub key: Key,
    /// Its name for people.
    pub name: String,
    /// Whether `milestones_done` waits for it.
    #[serde(default)]
    pub required: bool,
    /// What makes it done.
    pub done_when: Condition,
}

/// What moves a subject from one stage to another.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Transition {
    /// Its name.
    pub key: Key,
    /// From any of these stages. Empty: from every stage but the target and the terminal ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Key>,
    /// To this stage.
    pub to: Key,
    /// What the move means on the map.
    #[serde(default)]
    pub kind: TransitionKind,
    /// The lowest number that applies wins; the key breaks ties.
    pub priority: i32,
    /// The trigger.
    pub when: Condition,
    /// Not before the subject has been in its stage for so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_dwell: Option<Span>,
    /// Whether a new cycle begins; re-entering always begins one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub new_cycle: bool,
}

/// What a move means on the map.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// Onwards.
    #[default]
    Forward,
    /// Back to an earlier stage.
    Back,
    /// Out of the journey.
    Interrupt,
    /// From a terminal stage into a new cycle.
    Reenter,
}

impl Transition {
    /// Whether it leads out of this stage.
    pub fn leaves(&self, stage: &Key) -> bool {
        if self.from.is_empty() { *stage != self.to } else { self.from.contains(stage) }
    }

    /// Whether taking it begins a new cycle.
    pub fn begins_cycle(&self) -> bool {
        self.new_cycle || self.kind == TransitionKind::Reenter
    }
}

/// A published version of a journey.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Version {
    /// From when on it moves subjects. They keep the stage they are in.
    pub active_from: Timestamp,
    /// What was published.
    pub journey: Journey,
}

/// All that a fold must know beside the log: the versions of one journey and the page groups. Made once per change; a fold
/// must not mix the state of one with another, which is what [`Definitions::fingerprint`] is for.
#[derive(Clone, Debug)]
pub struct Definitions {
    versions: Vec<Version>,
    groups: PageGroups,
    sources: Sources,
    leaves: Leaves,
    fingerprint: u32,
}

impl Definitions {
    /// Orders versions by activation and transitions by priority. `None` without any version or with a version without stages.
    pub fn new(mut versions: Vec<Version>, groups: PageGroups, sources: Sources) -> Option<Definitions> {
        if versions.is_empty() || versions.iter().any(|v| v.journey.stages.is_empty()) {
            return None;
        }
        versions.sort_by_key(|version| version.active_from);
        for version in &mut versions {
            version.journey.transitions.sort_by(|a, b| (a.priority, &a.key).cmp(&(b.priority, &b.key)));
        }
        let conditions = versions.iter().flat_map(|version| version.journey.conditions());
        let leaves = Leaves::of(conditions);
        let fingerprint = LeafId::of(&(&versions, &groups, &sources)).0;
        Some(Definitions { versions, groups, sources, leaves, fingerprint })
    }

    /// The version in force at an instant; the first one before it.
    pub fn at(&self, now: Timestamp) -> &Journey {
        let after = self.versions.partition_point(|version| version.active_from <= now);
        &self.versions[after.saturating_sub(1)].journey
    }

    /// When the next version after an instant comes into force.
    pub fn next_activation(&self, now: Timestamp) -> Option<Timestamp> {
        self.versions.iter().skip(1).map(|version| version.active_from).find(|from| *from > now)
    }

    /// The version in force last.
    pub fn latest(&self) -> &Journey {
        &self.versions[self.versions.len() - 1].journey
    }

    /// The leaves that a state of these definitions remembers.
    pub fn leaves(&self) -> &Leaves {
        &self.leaves
    }

    /// Whether any rule of the journey looks at this event.
    pub fn concerns(&self, event: &LogEvent) -> bool {
        event.name == name::STAGE_SET || self.leaves.concern(event, &self.groups)
    }

    /// How the site reads sources.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The site's page groups.
    pub fn groups(&self) -> &PageGroups {
        &self.groups
    }

    /// A state made under another fingerprint must be folded anew.
    pub fn fingerprint(&self) -> u32 {
        self.fingerprint
    }
}

impl Journey {
    /// The names of its milestones.
    pub fn milestones(&self) -> impl Iterator<Item = Key> {
        self.stages.iter().flat_map(|stage| &stage.milestones).map(|milestone| milestone.key.clone())
    }

    /// All triggers and milestones.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let milestones = self.stages.iter().flat_map(|stage| &stage.milestones).map(|milestone| &milestone.done_when);
        self.transitions.iter().map(|transition| &transition.when).chain(milestones)
    }

    /// What leads out of a stage. Out of a terminal one only what re-enters does, also where a transition leaves its
    /// stages open.
    pub fn exits(&self, stage: &Key) -> impl Iterator<Item = &Transition> {
        let is_end = self.stage(stage).is_some_and(|stage| stage.kind == StageKind::Terminal);
        self.transitions.iter().filter(move |t| t.leaves(stage) && (!is_end || t.kind == TransitionKind::Reenter))
    }

    /// The stage of this name.
    pub fn stage(&self, key: &Key) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.key == *key)
    }
}
