//! What has to be remembered of a log so that its conditions can be answered at any later instant without reading it
//! again: for each leaf the last few times it matched. Journeys keep a memory inside their state, prompts and segments in a
//! [`Recollection`](super::Recollection). All observe events through the same code, so they cannot disagree.

use super::arrivals::Arrivals;
use super::eval::{Answer, Witness};
use super::leaf::Since;
use super::leaves::{Leaves, counts, is_arrival, passes};
use super::voice::{Voice, word};
use super::{Condition, Date};
use crate::id::Uuid;
use crate::log::{LogEvent, Order};
use crate::page::PageGroups;
use crate::source::Sources;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// What was remembered. Its entries stand in the order of the [`Leaves`] it was made for; it must not meet others.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    first_seen: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arrivals: Option<Arrivals>,
    entries: Vec<Entry>,
}

/// What is remembered for one leaf.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    /// The last times it matched, oldest first, as many as the leaf counts.
    Times(Vec<Timestamp>),
    /// The last time the event happened, and the last time its anchor did.
    Gap(Option<Timestamp>, Option<Timestamp>),
    /// Which event set the trait last, whether its value passes, and who said it. The value itself may be as long as an event, and a
    /// number may not survive being written and read to the last bit.
    Passes(Option<(Order, bool, Voice)>),
    /// Which event set the trait last, what date it is, and who said it: for a test of its age.
    Dates(Option<(Order, Option<Timestamp>, Voice)>),
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

/// When and for which visit a memory is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Now.
    pub now: Timestamp,
    /// The visit that asks, of which "this session" speaks. None: the one that the log speaks of last.
    pub session: Option<Uuid>,
    /// From when on leaves count.
    pub anchors: Anchors,
}

impl Memory {
    /// A memory of nothing yet, for these leaves.
    pub fn new(leaves: &Leaves) -> Memory {
        let entry = |leaf: &Condition| match leaf {
            Condition::Event(_) | Condition::Prompt(_) => Entry::Times(Vec::new()),
            Condition::Absent(_) => Entry::Gap(None, None),
            Condition::Trait(wanted) if wanted.test.age().is_some() => Entry::Dates(None),
            Condition::Trait(_) => Entry::Passes(None),
            _ => Entry::Nothing,
        };
        let entries: Vec<Entry> = leaves.iter().map(entry).collect();
        let arrivals = entries.contains(&Entry::Nothing).then(Arrivals::default);
        Memory { first_seen: None, arrivals, entries }
    }

    /// Takes in the next event of the log. Events must come in the log's order.
    pub fn observe(&mut self, leaves: &Leaves, event: &LogEvent, groups: &PageGroups, sources: &Sources) {
        self.first_seen.get_or_insert(event.at);
        if let Some(arrivals) = &mut self.arrivals {
            arrivals.observe(event, sources);
        }
        for (leaf, entry) in leaves.iter().zip(&mut self.entries) {
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
                    if event.name == wanted.name && passes(&wanted.filter, event) {
                        *last = Some(event.at);
                    }
                    if wanted.since_event.as_ref() == Some(&event.name) {
                        *anchor = Some(event.at);
                    }
                }
                (Condition::Trait(wanted), Entry::Passes(passes)) => {
                    let earlier = passes.map(|(.., voice)| voice);
                    if let Some(word) = word(event, wanted).filter(|word| word.replaces(earlier)) {
                        *passes = Some((event.order(), wanted.test.passes(word.value), word.voice));
                    }
                }
                (Condition::Trait(wanted), Entry::Dates(date)) => {
                    let earlier = date.map(|(.., voice)| voice);
                    if let Some(word) = word(event, wanted).filter(|word| word.replaces(earlier)) {
                        *date = Some((event.order(), Date::of(word.value), word.voice));
                    }
                }
                _ => {}
            }
        }
    }

    /// What both remember, as if each leaf had seen both logs. Arrivals stay those of `self`, and so does the session: only who
    /// browses arrives.
    pub fn beside(mut self, leaves: &Leaves, other: &Memory) -> Memory {
        self.first_seen = self.first_seen.into_iter().chain(other.first_seen).min();
        for ((leaf, entry), other) in leaves.iter().zip(&mut self.entries).zip(&other.entries) {
            match (entry, other) {
                (Entry::Times(times), Entry::Times(others)) => {
                    let most = match leaf {
                        Condition::Event(wanted) => wanted.count.max(1) as usize,
                        _ => 1,
                    };
                    times.extend(others);
                    times.sort_unstable();
                    times.drain(..times.len().saturating_sub(most));
                }
                (Entry::Gap(last, anchor), Entry::Gap(other_last, other_anchor)) => {
                    (*last, *anchor) = ((*last).max(*other_last), (*anchor).max(*other_anchor));
                }
                (Entry::Passes(passes), Entry::Passes(other)) => *passes = (*passes).max(*other),
                (Entry::Dates(date), Entry::Dates(other)) => *date = (*date).max(*other),
                _ => {}
            }
        }
        self
    }

    /// What the memory says of a leaf.
    pub fn answer(&self, leaves: &Leaves, leaf: &Condition, asked: Asked) -> Answer {
        let Asked { now, session, anchors } = asked;
        if let Some(arrivals) = self.arrivals.as_ref().filter(|_| is_arrival(leaf)) {
            return arrivals.answer(leaf, session, now);
        }
        let Some(entry) = leaves.position(leaf).and_then(|at| self.entries.get(at)) else {
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
            (Condition::Trait(wanted), Entry::Dates(date)) => {
                let date = date.and_then(|(_, date, _)| date);
                let answer = date.zip(wanted.test.age()).map(|(date, age)| age.answer(date, now));
                answer.unwrap_or(Answer::of(false))
            }
            (Condition::Trait(_), Entry::Passes(passes)) => Answer::of(passes.is_some_and(|(_, passes, _)| passes)),
            _ => Answer::UNKNOWN,
        }
    }

    /// What there is of a leaf, in words; empty where nothing is remembered. Values of traits are not.
    pub fn actual(&self, leaves: &Leaves, leaf: &Condition, session: Option<Uuid>) -> String {
        if let Some(arrivals) = self.arrivals.as_ref().filter(|_| is_arrival(leaf)) {
            return arrivals.actual(leaf, session);
        }
        let last = |at: Option<Timestamp>| match at {
            Some(at) => format!("last on {}", Date(at)),
            None => "never".to_owned(),
        };
        match leaves.position(leaf).and_then(|at| self.entries.get(at)) {
            Some(Entry::Times(times)) if times.len() > 1 => {
                format!("{} times, {}", times.len(), last(times.last().copied()))
            }
            Some(Entry::Times(times)) => last(times.last().copied()),
            Some(Entry::Gap(at, _)) => last(*at),
            Some(Entry::Passes(None) | Entry::Dates(None)) => "not there".to_owned(),
            Some(Entry::Dates(Some((_, Some(date), _)))) => Date(*date).to_string(),
            Some(Entry::Dates(_)) => "no date".to_owned(),
            Some(Entry::Passes(Some((_, passes, _)))) => if *passes { "so" } else { "something else" }.to_owned(),
            Some(Entry::Nothing) | None => String::new(),
        }
    }
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
    /// The visit that asks.
    pub session: Option<Uuid>,
}

impl Witness for Remembered<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let asked = Asked { now: self.now, session: self.session, anchors: Anchors::EVER };
        self.memory.answer(self.leaves, leaf, asked)
    }

    fn actual(&self, leaf: &Condition) -> String {
        self.memory.actual(self.leaves, leaf, self.session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::name;
    use crate::log::Origin;
    use crate::value::{Props, Value};

    #[test]
    fn of_two_words_about_a_date_the_later_one_counts() {
        let rule = r#"{"trait": {"of": "person", "name": "since", "test": {"older_than": "1d"}}}"#;
        let leaf: Condition = serde_json::from_str(rule).expect("a rule");
        let leaves = Leaves::of([&leaf]);
        let told = |at: i64, since: &str| {
            let event = LogEvent {
                id: Uuid::from_bytes([1; 16]),
                at: Timestamp(at),
                origin: Origin::Web,
                name: name::IDENTIFIED.into(),
                props: Props(vec![("since".to_owned(), Value::Text(since.to_owned()))]),
                url: String::new(),
                referrer: String::new(),
                session: None,
                prompt: None,
                anonymous: false,
            };
            let mut memory = Memory::new(&leaves);
            memory.observe(&leaves, &event, &PageGroups::default(), &Sources::default());
            memory
        };
        let [earlier, later] = [told(1, "2026-01-01"), told(2, "2026-02-01")];
        for both in [earlier.clone().beside(&leaves, &later), later.beside(&leaves, &earlier)] {
            assert_eq!(both.actual(&leaves, &leaf, None), "2026-02-01");
        }
    }
}
