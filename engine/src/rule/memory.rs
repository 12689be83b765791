//! What has to be remembered of a log so that its conditions can be answered at any later instant without reading it
//! again: for each leaf the last few times it matched. Journeys keep a memory inside their state; for prompts the collector
//! builds one from the events it has just read. Both observe events through the same code, so they cannot disagree.

use super::eval::{Answer, Witness};
use super::leaf::{EventCount, Owner, Since, Where};
use super::{Acquaintance, Condition};
use crate::event::{Action, name};
use crate::id::{Key, Uuid};
use crate::page::{PageGroups, Url};
use crate::source::{Channel, Source, Touch};
use crate::time::{Span, Timestamp};
use crate::value::Props;
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Serialize};

/// Who recorded an event. The order breaks ties between events of one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A server with the secret key: trusted.
    Server,
    /// A person in the console: trusted.
    Csm,
    /// A browser: claimed, not trusted.
    Web,
    /// One of our own jobs: trusted.
    Job,
}

impl Origin {
    /// Whether what it says is believed.
    pub fn is_trusted(self) -> bool {
        self != Origin::Web
    }
}

/// An event as the log holds it.
#[derive(Clone, PartialEq, Debug)]
pub struct LogEvent {
    /// Its id.
    pub id: Uuid,
    /// When it happened, corrected for the sender's clock.
    pub at: Timestamp,
    /// Who recorded it.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// Its properties; the traits of `Identified` and `Grouped`.
    pub props: Props,
    /// The page it happened on; empty if none.
    pub url: String,
    /// What linked to that page; empty if nothing.
    pub referrer: String,
    /// The visit it belongs to.
    pub session: Option<Uuid>,
    /// The prompt it is about, and what happened with it.
    pub prompt: Option<(Key, Action)>,
}

impl LogEvent {
    /// The total order of a log: time, then who recorded it (identity before all), then the id.
    pub fn order(&self) -> (Timestamp, u8, Uuid) {
        let is_identity = self.name == name::IDENTIFIED || self.name == name::GROUPED;
        (self.at, if is_identity { 0 } else { 1 + self.origin as u8 }, self.id)
    }
}

/// The name of a leaf: an FNV-1a hash of what it says, folded to 32 bits, so that a cached bundle and fresh facts agree on what was
/// asked even when the rules around it have changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeafId(pub(crate) u32);

impl LeafId {
    /// The id of a condition.
    pub fn of(condition: &impl Hash) -> LeafId {
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        condition.hash(&mut hasher);
        let wide = hasher.finish();
        // 32 bits: JavaScript reads them exactly, and a bundle has hundreds of leaves, not millions.
        LeafId((wide ^ wide >> 32) as u32)
    }
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    // A pointer-sized number is written alike on 32-bit wasm and 64-bit servers.
    fn write_usize(&mut self, n: usize) {
        self.write(&(n as u64).to_le_bytes());
    }

    fn write_isize(&mut self, n: isize) {
        self.write(&(n as i64).to_le_bytes());
    }
}

/// The distinct leaves that a memory serves, in a fixed order.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Leaves(Vec<Condition>);

impl Leaves {
    /// Those leaves of these conditions that a memory can answer.
    pub fn of<'a>(conditions: impl IntoIterator<Item = &'a Condition>) -> Leaves {
        let mut leaves: Vec<Condition> = Vec::new();
        for condition in conditions {
            condition.each_leaf(&mut |leaf| {
                use Condition::*;
                let remembered =
                    matches!(leaf, Event(_) | Absent(_) | Trait(_) | Prompt(_) | Source(_) | Channel(_) | Visitor(_));
                if remembered && !leaves.contains(leaf) {
                    leaves.push(leaf.clone());
                }
            });
        }
        Leaves(leaves)
    }

    /// Whether any leaf looks at this event.
    pub fn concern(&self, event: &LogEvent, groups: &PageGroups) -> bool {
        self.0.iter().any(|leaf| match leaf {
            Condition::Event(wanted) => counts(wanted, event, groups),
            Condition::Prompt(wanted) => event.prompt.as_ref().is_some_and(|(key, _)| *key == wanted.prompt),
            Condition::Absent(wanted) => event.name == wanted.name || wanted.since_event.as_ref() == Some(&event.name),
            Condition::Trait(wanted) => event.name == carrier(wanted.of),
            Condition::Source(_) | Condition::Channel(_) => event.name == name::PAGE_VIEWED,
            Condition::Visitor(_) => true,
            _ => false,
        })
    }

    /// The names of the events that matter to any leaf; the traits events among them if a trait does.
    pub fn event_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for leaf in &self.0 {
            match leaf {
                Condition::Event(event) => names.push(event.name.as_str()),
                Condition::Absent(absent) => {
                    names.push(absent.name.as_str());
                    names.extend(absent.since_event.as_deref());
                }
                Condition::Trait(_) => names.extend([name::IDENTIFIED, name::GROUPED]),
                _ => names.push(name::PAGE_VIEWED),
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What was remembered. Its entries stand in the order of the [`Leaves`] it was made for; it must not meet others.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    first_seen: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arrivals: Option<Arrivals>,
    entries: Vec<Entry>,
}

/// Where the subject came from, seen three ways.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
struct Arrivals {
    first_session: Option<Uuid>,
    session: Option<Uuid>,
    first: Option<Source>,
    last: Source,
    this_session: Source,
}

/// What is remembered for one leaf.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    /// The last times it matched, oldest first, as many as the leaf counts.
    Times(Vec<Timestamp>),
    /// The last time the event happened, and the last time its anchor did.
    Gap(Option<Timestamp>, Option<Timestamp>),
    /// Whether the trait's value passes. The value itself may be as long as an event, and a number may not survive being
    /// written and read to the last bit.
    Passes(bool),
    /// Nothing of its own: answered from the arrivals.
    Nothing,
}

/// From when on a leaf counts.
#[derive(Clone, Copy, Debug)]
pub struct Anchors {
    /// When the current stage was entered; none outside journeys.
    pub stage: Option<Timestamp>,
    /// When the current cycle began; none outside journeys.
    pub cycle: Option<Timestamp>,
    /// What `since` means where it is left out.
    pub default: Since,
}

impl Anchors {
    /// For prompts and segments: everything counts.
    pub const EVER: Anchors = Anchors { stage: None, cycle: None, default: Since::Ever };
}

impl Memory {
    /// A memory of nothing yet, for these leaves.
    pub fn new(leaves: &Leaves) -> Memory {
        let entry = |leaf: &Condition| match leaf {
            Condition::Event(_) | Condition::Prompt(_) => Entry::Times(Vec::new()),
            Condition::Absent(_) => Entry::Gap(None, None),
            Condition::Trait(_) => Entry::Passes(false),
            _ => Entry::Nothing,
        };
        let entries: Vec<Entry> = leaves.0.iter().map(entry).collect();
        let arrivals = entries.contains(&Entry::Nothing).then(Arrivals::default);
        Memory { first_seen: None, arrivals, entries }
    }

    /// When the subject was first seen.
    pub fn first_seen(&self) -> Option<Timestamp> {
        self.first_seen
    }

    /// Takes in the next event of the log. Events must come in the log's order.
    pub fn observe(&mut self, leaves: &Leaves, event: &LogEvent, groups: &PageGroups) {
        self.first_seen.get_or_insert(event.at);
        if let Some(arrivals) = &mut self.arrivals {
            arrivals.observe(event);
        }
        for (leaf, entry) in leaves.0.iter().zip(&mut self.entries) {
            match (leaf, entry) {
                (Condition::Event(wanted), Entry::Times(times)) if counts(wanted, event, groups) => {
                    push_bounded(times, event.at, wanted.count.max(1) as usize);
                }
                (Condition::Prompt(wanted), Entry::Times(times)) => {
                    let is_it =
                        event.prompt.as_ref().is_some_and(|(key, did)| *key == wanted.prompt && *did == wanted.did);
                    let score = || event.props.get("score");
                    if is_it && wanted.score.as_ref().is_none_or(|test| score().is_some_and(|s| test.passes(s))) {
                        push_bounded(times, event.at, 1);
                    }
                }
                (Condition::Absent(wanted), Entry::Gap(last, anchor)) => {
                    if event.name == wanted.name && passes(&wanted.filter, &event.props) {
                        *last = Some(event.at);
                    }
                    if wanted.since_event.as_ref() == Some(&event.name) {
                        *anchor = Some(event.at);
                    }
                }
                (Condition::Trait(wanted), Entry::Passes(passes))
                    if event.name == carrier(wanted.of) && (!wanted.trusted || event.origin.is_trusted()) =>
                {
                    if let Some(new) = event.props.get(&wanted.name) {
                        *passes = wanted.test.passes(new);
                    }
                }
                _ => {}
            }
        }
    }

    /// What the memory says of a leaf at an instant.
    pub fn answer(&self, leaves: &Leaves, leaf: &Condition, now: Timestamp, anchors: Anchors) -> Answer {
        if let (Some(arrivals), Condition::Source(_) | Condition::Channel(_) | Condition::Visitor(_)) =
            (&self.arrivals, leaf)
        {
            return arrivals.answer(leaf);
        }
        let at = leaves.0.iter().position(|known| known == leaf);
        let Some(entry) = at.and_then(|at| self.entries.get(at)) else {
            return Answer::UNKNOWN;
        };
        match (leaf, entry) {
            (Condition::Event(wanted), Entry::Times(times)) => {
                let from = match wanted.since.unwrap_or(anchors.default) {
                    Since::Stage => anchors.stage,
                    Since::Cycle => anchors.cycle,
                    Since::Ever => None,
                };
                enough(times, wanted.count, from, wanted.within, now)
            }
            (Condition::Prompt(wanted), Entry::Times(times)) => enough(times, 1, None, wanted.within, now),
            (Condition::Absent(wanted), Entry::Gap(last, since_event)) => {
                let anchor = match wanted.since_event {
                    // One of the cycle before says nothing of this one.
                    Some(_) => since_event.filter(|at| anchors.cycle.is_none_or(|from| *at >= from)),
                    None => anchors.stage.or(self.first_seen),
                };
                let Some(anchor) = anchor else {
                    return Answer::of(false);
                };
                let deadline = last.map_or(anchor, |last| last.max(anchor)).after(wanted.lasting);
                if now >= deadline { Answer::of(true) } else { Answer::until(false, deadline) }
            }
            (Condition::Trait(_), Entry::Passes(passes)) => Answer::of(*passes),
            _ => Answer::UNKNOWN,
        }
    }
}

impl Arrivals {
    fn observe(&mut self, event: &LogEvent) {
        if event.session.is_some() && event.session != self.session {
            self.session = event.session;
            self.first_session = self.first_session.or(event.session);
            self.this_session = Source::default();
        }
        if event.name != name::PAGE_VIEWED {
            return;
        }
        let source = Source::of_visit(&event.url, &event.referrer);
        self.first.get_or_insert_with(|| source.clone());
        if !source.is_direct() {
            self.last = source.clone();
            self.this_session = source;
        }
    }

    /// The source of an arrival; none before the first one.
    fn touch(&self, touch: Touch) -> Option<&Source> {
        match touch {
            Touch::First => self.first.as_ref(),
            Touch::Last => Some(&self.last),
            Touch::Session => Some(&self.this_session),
        }
    }

    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Source(wanted) => {
                let value = self.touch(wanted.touch).and_then(|arrival| arrival.field(wanted.field));
                Answer::of(value.is_some_and(|value| wanted.test.passes_text(value)))
            }
            Condition::Channel(wanted) => {
                let channel = self.touch(wanted.touch).map_or(Channel::Direct, Source::channel);
                Answer::of(wanted.is.contains(&channel))
            }
            Condition::Visitor(wanted) => {
                let is_new = self.first_session == self.session;
                Answer::of(is_new == (*wanted == Acquaintance::New))
            }
            _ => Answer::UNKNOWN,
        }
    }
}

/// The event that carries the traits of an owner.
fn carrier(of: Owner) -> &'static str {
    match of {
        Owner::Person => name::IDENTIFIED,
        Owner::Account => name::GROUPED,
    }
}

fn counts(wanted: &EventCount, event: &LogEvent, groups: &PageGroups) -> bool {
    let path = || Url::parse(&event.url).path;
    event.name == wanted.name
        && (!wanted.trusted || event.origin.is_trusted())
        && wanted.page_group.as_ref().is_none_or(|group| !event.url.is_empty() && groups.contains(group, path()))
        && wanted.path.as_ref().is_none_or(|pattern| !event.url.is_empty() && pattern.matches(path()))
        && passes(&wanted.filter, &event.props)
}

fn passes(filter: &[Where], props: &Props) -> bool {
    filter.iter().all(|part| props.get(&part.prop).is_some_and(|value| part.test.passes(value)))
}

fn push_bounded(times: &mut Vec<Timestamp>, at: Timestamp, most: usize) {
    if times.len() == most {
        times.remove(0);
    }
    times.push(at);
}

/// Whether the `count`-th latest time lies at or after `from` and in `(now - within, now]`. `times` holds the latest ones, at
/// most `count`, oldest first; so the first of a full list is the one to look at.
fn enough(times: &[Timestamp], count: u32, from: Option<Timestamp>, within: Option<Span>, now: Timestamp) -> Answer {
    let Some(first) = times.first().filter(|_| times.len() >= count.max(1) as usize) else {
        return Answer::of(false);
    };
    if from.is_some_and(|from| *first < from) {
        return Answer::of(false);
    }
    match within.map(|within| first.after(within)) {
        None => Answer::of(true),
        Some(end) if now < end => Answer::until(true, end),
        Some(_) => Answer::of(false),
    }
}

/// A memory at an instant, as a witness for the log's leaves of prompts and segments.
pub struct Remembered<'a> {
    /// The memory.
    pub memory: &'a Memory,
    /// The leaves it was made for.
    pub leaves: &'a Leaves,
    /// Now.
    pub now: Timestamp,
}

impl Witness for Remembered<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        self.memory.answer(self.leaves, leaf, self.now, Anchors::EVER)
    }
}
