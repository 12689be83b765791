//! What the page is told. Verdicts, never values: what only the log knows is answered in the collector, and the page gets,
//! for each such part of a published rule, true or false and until when that holds. Whoever names somebody else's id
//! learns no stage and no trait from it.
//!
//! [`publish`] turns the marketer's rule into the published one; [`Facts::judge`] answers the parts it took out.

use crate::frequency::History;
use crate::id::Key;
use crate::page::PathPattern;
use crate::rule::{Answer, Condition, Device, LeafId, Need, QueryIs, Truth, Witness, holds};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the page is told about its visitor.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Facts {
    /// The site's time. The page keeps the difference to its own clock.
    pub now: Timestamp,
    /// Version of the bundle that the verdicts belong to.
    pub bundle: String,
    /// Answers to the parts of rules that only the log knows.
    pub verdicts: Vec<Verdict>,
    /// What happened with prompts before, for the caps.
    pub history: History,
}

/// The answer to one part of a rule: which, whether it holds, and until when at least.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verdict(pub LeafId, pub bool, pub Option<Timestamp>);

impl Facts {
    /// The verdict on a part, as far as it still holds.
    pub fn verdict(&self, id: LeafId, now: Timestamp) -> Answer {
        let verdict = self.verdicts.iter().find(|verdict| verdict.0 == id);
        match verdict {
            Some(Verdict(_, holds, until)) if until.is_none_or(|until| now < until) => {
                Answer { truth: (*holds).into(), until: *until }
            }
            _ => Answer::UNKNOWN,
        }
    }

    /// Answers the parts of these rules that only the log knows. A part that cannot be answered gets no verdict and so is
    /// unknown to the page.
    pub fn judge<'a>(rules: impl IntoIterator<Item = &'a Condition>, log: &impl Witness) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> = Vec::new();
        for rule in rules {
            each_part(rule, &mut |part| {
                let id = LeafId::of(part);
                if verdicts.iter().any(|known| known.0 == id) {
                    return;
                }
                let answer = holds(part, log);
                if answer.truth != Truth::Unknown {
                    verdicts.push(Verdict(id, answer.truth == Truth::Yes, answer.until));
                }
            });
        }
        verdicts
    }
}

/// The published form of a rule: each largest part that needs nothing of the page becomes one verdict. The page so learns
/// as little as it can, and pays for as little as it can.
pub fn publish(rule: &Condition) -> Condition {
    if needs_only_log(rule) {
        return Condition::Verdict(LeafId::of(rule));
    }
    match rule {
        Condition::All(parts) => Condition::All(publish_parts(parts, Condition::All)),
        Condition::Any(parts) => Condition::Any(publish_parts(parts, Condition::Any)),
        Condition::Not(part) => Condition::Not(Box::new(publish(part))),
        leaf => leaf.clone(),
    }
}

/// What [`publish`] leaves of a rule: the groups, what the page knows, and verdicts. It reads the same JSON as [`Condition`] and
/// becomes one; that every visitor would otherwise pay for reading rules which never reach a page is all it is for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "see Condition")]
pub enum Published {
    All(Vec<Published>),
    Any(Vec<Published>),
    Not(Box<Published>),
    Path(PathPattern),
    Query(QueryIs),
    PageGroup(Key),
    Device(Vec<Device>),
    Language(Vec<String>),
    Verdict(LeafId),
}

impl Default for Published {
    /// Holds for everybody.
    fn default() -> Self {
        Published::All(Vec::new())
    }
}

impl From<Published> for Condition {
    fn from(rule: Published) -> Condition {
        let each = |parts: Vec<Published>| parts.into_iter().map(Condition::from).collect();
        match rule {
            Published::All(parts) => Condition::All(each(parts)),
            Published::Any(parts) => Condition::Any(each(parts)),
            Published::Not(part) => Condition::Not(Box::new((*part).into())),
            Published::Path(pattern) => Condition::Path(pattern),
            Published::Query(query) => Condition::Query(query),
            Published::PageGroup(group) => Condition::PageGroup(group),
            Published::Device(devices) => Condition::Device(devices),
            Published::Language(languages) => Condition::Language(languages),
            Published::Verdict(leaf) => Condition::Verdict(leaf),
        }
    }
}

/// Two parts of these rules that a page could not tell apart, since their ids are the same by a rare accident.
pub fn mistakable<'a>(rules: impl IntoIterator<Item = &'a Condition>) -> Option<(Condition, Condition)> {
    let mut parts: Vec<(LeafId, Condition)> = Vec::new();
    let mut found = None;
    for rule in rules {
        each_part(rule, &mut |part| {
            let id = LeafId::of(part);
            match parts.iter().find(|(known, _)| *known == id) {
                Some((_, other)) if other != part => found = Some((other.clone(), part.clone())),
                Some(_) => {}
                None => parts.push((id, part.clone())),
            }
        });
    }
    found
}

/// A kind of group, as what makes one of its parts.
type Group = fn(Vec<Condition>) -> Condition;

/// Several parts of one group that need the log only become one verdict together.
fn publish_parts(parts: &[Condition], group: Group) -> Vec<Condition> {
    let mut published: Vec<Condition> = parts.iter().filter(|part| !needs_only_log(part)).map(publish).collect();
    if let Some(together) = log_part(parts, group) {
        published.push(Condition::Verdict(LeafId::of(&together)));
    }
    published
}

fn log_part(parts: &[Condition], group: Group) -> Option<Condition> {
    let mut log: Vec<Condition> = parts.iter().filter(|part| needs_only_log(part)).cloned().collect();
    match log.len() {
        0 => None,
        1 => log.pop(),
        _ => Some(group(log)),
    }
}

/// Calls `see` with each part of a rule that [`publish`] replaces.
fn each_part(rule: &Condition, see: &mut impl FnMut(&Condition)) {
    if needs_only_log(rule) {
        return see(rule);
    }
    let (parts, group): (&[Condition], Group) = match rule {
        Condition::All(parts) => (parts, Condition::All),
        Condition::Any(parts) => (parts, Condition::Any),
        Condition::Not(part) => return each_part(part, see),
        _ => return,
    };
    parts.iter().filter(|part| !needs_only_log(part)).for_each(|part| each_part(part, see));
    if let Some(together) = log_part(parts, group) {
        see(&together);
    }
}

/// Whether a rule has a leaf, and every one needs the log.
fn needs_only_log(rule: &Condition) -> bool {
    let (mut any, mut only) = (false, true);
    rule.each_leaf(&mut |leaf| {
        any = true;
        only &= leaf.need() == Some(Need::Log);
    });
    any && only
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_parts_with_one_id_are_found() {
        let asks = |n: u32| Condition::Segment(Key::parse(&format!("s{n}")).unwrap());
        // Of 32 bits, two are the same somewhere among so many; found by trying, since nobody can think of them.
        let mut seen = std::collections::HashMap::new();
        let (one, other) = (0..1_000_000)
            .find_map(|n| seen.insert(LeafId::of(&asks(n)), n).map(|before| (asks(before), asks(n))))
            .unwrap();
        assert_eq!(LeafId::of(&one), LeafId::of(&other));
        assert_eq!(mistakable([&one, &asks(0), &asks(1)]), None, "each of them alone is fine, and twice is once");
        assert_eq!(mistakable([&one, &asks(0), &other]), Some((one.clone(), other.clone())));
        let inside = |part: &Condition| Condition::Not(Box::new(part.clone()));
        assert_eq!(mistakable([&one, &inside(&other)]), None, "the whole of it is one part");
    }

    #[test]
    fn the_page_reads_whatever_is_published() {
        for rule in [
            r#"{"all": []}"#,
            r#"{"visitor": "new"}"#,
            r#"{"all": [{"path": "/pricing"}, {"visitor": "new"}, {"milestone": "first_invoice"}]}"#,
            r#"{"any": [{"query": {"param": "plan", "test": {"is": ["team", 2, true]}}}, {"not": {"page_group": "docs"}}]}"#,
            r#"{"not": {"any": [{"device": ["phone", "tablet"]}, {"language": ["de"]}, "milestones_done"]}}"#,
        ] {
            let published = publish(&serde_json::from_str(rule).unwrap());
            let json = serde_json::to_string(&published).unwrap();
            let read: Published = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(Condition::from(read), published, "{rule}");
        }
    }
}
