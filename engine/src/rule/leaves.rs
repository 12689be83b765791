//! The leaves that are asked of a log: what they are called, which there are, and which events they look at.

use super::Condition;
use super::leaf::{EventCount, Where};
use super::voice::word;
use crate::event::name;
use crate::log::LogEvent;
use crate::page::{PageGroups, Url};
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Serialize};

/// The name of a leaf: an FNV-1a hash of what it says, folded to 32 bits, so that a cached bundle and fresh facts agree on what was
/// asked even when the rules around it have changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeafId(pub(crate) u32);

impl LeafId {
    /// As a number, exact in JavaScript.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The id that is this number.
    pub fn from_number(number: u32) -> LeafId {
        LeafId(number)
    }

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
                let remembered = matches!(leaf, Event(_) | Absent(_) | Trait(_) | Prompt(_)) || is_arrival(leaf);
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
            Condition::Trait(wanted) => word(event, wanted).is_some(),
            Condition::Source(_) | Condition::Channel(_) => event.name == name::PAGE_VIEWED,
            Condition::Visitor(_) | Condition::FirstSeen(_) | Condition::LastSeen(_) => true,
            _ => false,
        })
    }

    /// Whether nothing is asked of a log.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter()
    }

    pub(super) fn position(&self, leaf: &Condition) -> Option<usize> {
        self.0.iter().position(|known| known == leaf)
    }
}

/// Whether an event is one of those that are counted.
pub(super) fn counts(wanted: &EventCount, event: &LogEvent, groups: &PageGroups) -> bool {
    let path = || Url::parse(&event.url).path;
    event.name == wanted.name
        && (!wanted.trusted || event.origin.is_trusted())
        && wanted.page_group.as_ref().is_none_or(|group| !event.url.is_empty() && groups.contains(group, path()))
        && wanted.path.as_ref().is_none_or(|pattern| !event.url.is_empty() && pattern.matches(path()))
        && passes(&wanted.filter, event)
}

/// Whether a leaf is answered from the arrivals of a subject.
pub(super) fn is_arrival(leaf: &Condition) -> bool {
    use Condition::*;
    matches!(leaf, Source(_) | Channel(_) | Visitor(_) | FirstSeen(_) | LastSeen(_))
}

/// Whether an event's properties pass a filter. How old a date is counts from the event, so that the answer stays what it was.
pub(super) fn passes(filter: &[Where], event: &LogEvent) -> bool {
    filter.iter().all(|part| event.props.get(&part.prop).is_some_and(|value| part.test.passes_at(value, event.at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Action;
    use crate::id::{Key, Uuid};
    use crate::log::Origin;
    use crate::time::Timestamp;
    use crate::value::{Props, Value};

    fn rule(text: &str) -> Condition {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_name_is_a_number_that_differs_where_rules_do() {
        // These have the same parts in the same order.
        let [outside, inside] = [
            r#"{"any": [{"all": ["identified"]}, "identified"]}"#,
            r#"{"any": [{"all": ["identified", "identified"]}]}"#,
        ]
        .map(|text| LeafId::of(&rule(text)));
        assert_ne!(outside, inside);
        assert_ne!(outside.number(), inside.number());
        assert_eq!(LeafId::from_number(outside.number()), outside);
    }

    #[test]
    fn only_what_a_log_answers_is_asked_of_one() {
        assert!(Leaves::of([&rule(r#"{"not": {"path": "/a"}}"#)]).is_empty());
        assert!(!Leaves::of([&rule(r#"{"all": [{"path": "/a"}, {"visitor": "new"}]}"#)]).is_empty());
    }

    #[test]
    fn a_leaf_looks_at_the_events_that_it_speaks_of() {
        let event = |name: &str, prompt: Option<&str>, props: &[&str]| LogEvent {
            id: Uuid::from_bytes([0; 16]),
            at: Timestamp(0),
            origin: Origin::Web,
            name: name.into(),
            props: Props(props.iter().map(|name| ((*name).to_owned(), Value::Number(1.0))).collect()),
            url: String::new(),
            referrer: String::new(),
            session: None,
            prompt: prompt.map(|key| (Key::parse(key).expect("a key"), Action::Clicked)),
            anonymous: false,
        };
        let [a, b, c] = ["A", "B", "C"].map(|name| event(name, None, &[]));
        let [nps, offer] = ["nps", "offer"].map(|key| event("Prompt Clicked", Some(key), &[]));
        let [plan, seats] = ["plan", "seats"].map(|prop| event(name::IDENTIFIED, None, &[prop]));
        let page = event(name::PAGE_VIEWED, None, &[]);
        let all = [&a, &b, &c, &nps, &offer, &plan, &seats, &page];
        for (text, expected) in [
            (r#"{"event": {"name": "A"}}"#, &[&a][..]),
            (r#"{"prompt": {"prompt": "nps", "did": "shown"}}"#, &[&nps]),
            (r#"{"absent": {"name": "A", "for": "1d"}}"#, &[&a]),
            (r#"{"absent": {"name": "A", "for": "1d", "since_event": "B"}}"#, &[&a, &b]),
            (r#"{"trait": {"of": "person", "name": "plan", "test": "exists"}}"#, &[&plan]),
            (r#"{"source": {"field": "campaign", "test": "exists"}}"#, &[&page]),
            (r#"{"channel": {"is": ["email"]}}"#, &[&page]),
            (r#"{"visitor": "new"}"#, &all),
            (r#"{"first_seen": {"older_than": "1d"}}"#, &all),
            (r#"{"last_seen": {"older_than": "1d"}}"#, &all),
            (r#"{"path": "/"}"#, &[]),
        ] {
            let leaves = Leaves::of([&rule(text)]);
            let seen: Vec<&LogEvent> =
                all.into_iter().filter(|event| leaves.concern(event, &PageGroups::default())).collect();
            assert_eq!(seen, expected, "{text}");
        }
    }
}
