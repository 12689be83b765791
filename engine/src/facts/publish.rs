//! Rules as pages get them, and the answers to what was taken out of them.

use super::Verdict;
use crate::rule::{Answer, Condition, LeafId, Need, Truth, Witness, holds};
use serde::{Deserialize, Serialize};

/// The parts of rules that only a page can answer, by their ids. They travel beside the rules: most rules have none, and what
/// answers them is fetched only where there are some. In the order of their ids: a page with a thousand rules looks each of them up.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Here(Vec<(LeafId, Condition)>);

impl Here {
    /// What there actually is of a part, as the page knows it.
    pub fn answer(&self, id: LeafId, page: &impl Witness) -> Answer {
        self.part(id).map_or(Answer::UNKNOWN, |part| holds(part, page))
    }

    /// The part of an id.
    pub fn part(&self, id: LeafId) -> Option<&Condition> {
        let at = self.0.binary_search_by_key(&id, |(known, _)| *known).ok()?;
        self.0.get(at).map(|(_, part)| part)
    }

    /// All of them.
    pub fn parts(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter().map(|(_, part)| part)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The published form of a rule: each largest part that the collector can answer becomes a verdict, and each largest part that only
/// the page can becomes a name for it, under which it is put into `here`. The page so learns as little as it can, and pays for as
/// little as it can.
pub fn publish(rule: &Condition, here: &mut Here) -> Condition {
    match (knower(rule), rule) {
        (Some(Knower::Collector), rule) => Condition::Verdict(LeafId::of(rule)),
        (Some(Knower::Page), rule) => {
            let id = LeafId::of(rule);
            if let Err(at) = here.0.binary_search_by_key(&id, |(known, _)| *known) {
                here.0.insert(at, (id, rule.clone()));
            }
            Condition::Here(id)
        }
        (None, Condition::All(parts)) => Condition::All(publish_parts(parts, Condition::All, here)),
        (None, Condition::Any(parts)) => Condition::Any(publish_parts(parts, Condition::Any, here)),
        (None, Condition::Not(part)) => Condition::Not(Box::new(publish(part, here))),
        (None, leaf) => leaf.clone(),
    }
}

/// Answers the parts of these rules that the collector knows. A part that it cannot answer now gets no verdict and so is unknown to
/// the page.
pub fn judge<'a>(rules: impl IntoIterator<Item = &'a Condition>, witness: &impl Witness) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = Vec::new();
    for rule in rules {
        each_told(rule, &mut |part| {
            let id = LeafId::of(part);
            let Err(at) = verdicts.binary_search_by_key(&id, |known| known.0) else {
                return;
            };
            let answer = holds(part, witness);
            if answer.truth != Truth::Unknown {
                verdicts.insert(at, Verdict(id, answer.truth == Truth::Yes, answer.until));
            }
        });
    }
    verdicts
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

/// Who can answer a part of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knower {
    Collector,
    Page,
}

/// Who can answer all of it; `None` if nobody alone can, or nothing is asked.
fn knower(rule: &Condition) -> Option<Knower> {
    let (mut collector, mut page) = (false, false);
    rule.each_leaf(&mut |leaf| match leaf.need() {
        Some(Need::Page) => page = true,
        _ => collector = true,
    });
    match (collector, page) {
        (true, false) => Some(Knower::Collector),
        (false, true) => Some(Knower::Page),
        _ => None,
    }
}

/// A kind of group, as what makes one of its parts.
type Group = fn(Vec<Condition>) -> Condition;

/// The parts of a group, those that one can answer alone put together.
fn together(parts: &[Condition], group: Group) -> Vec<Condition> {
    let mut together: Vec<Condition> = parts.iter().filter(|part| knower(part).is_none()).cloned().collect();
    for who in [Knower::Collector, Knower::Page] {
        let mut own: Vec<Condition> = parts.iter().filter(|part| knower(part) == Some(who)).cloned().collect();
        match own.len() {
            0 => {}
            1 => together.append(&mut own),
            _ => together.push(group(own)),
        }
    }
    together
}

fn publish_parts(parts: &[Condition], group: Group, here: &mut Here) -> Vec<Condition> {
    together(parts, group).iter().map(|part| publish(part, here)).collect()
}

/// Calls `see` with each part of a rule that [`publish`] replaces.
fn each_part(rule: &Condition, see: &mut impl FnMut(&Condition)) {
    if knower(rule).is_some() {
        return see(rule);
    }
    match rule {
        Condition::All(parts) => together(parts, Condition::All).iter().for_each(|part| each_part(part, see)),
        Condition::Any(parts) => together(parts, Condition::Any).iter().for_each(|part| each_part(part, see)),
        Condition::Not(part) => each_part(part, see),
        _ => {}
    }
}

/// Those of them that the collector answers.
fn each_told(rule: &Condition, see: &mut impl FnMut(&Condition)) {
    each_part(rule, &mut |part| {
        if knower(part) == Some(Knower::Collector) {
            see(part);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::facts::Asked;

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
            r#"{"any": [{"page": {"part": "url", "test": {"matches": ["^https://[a-z]+"]}}}, {"width": {"between": [1, 2]}}, {"touch": true}]}"#,
            r#"{"any": [{"js": {"path": "a.b", "test": "exists"}}, {"cookie": {"name": "c", "test": {"glob": ["a*"]}}}, {"element": ".x"}]}"#,
            r#"{"any": [{"now": {"hour": {"below": 9}}}, {"now": {"weekday": ["monday"]}}, {"now": {"date": ["2026-12-01", "2026-12-24"]}}]}"#,
            r#"{"all": [{"session": {"pages": {"at_least": 2}}}, {"session": {"lasting": "30s"}}, {"consent": "profile"}, {"country": ["DE"]}]}"#,
            r#"{"not": {"any": [{"device": ["phone", "tablet"]}, {"language": ["de"]}, "milestones_done"]}}"#,
        ] {
            let published = publish(&serde_json::from_str(rule).unwrap(), &mut Here::default());
            let json = serde_json::to_string(&published).unwrap();
            let read: Asked = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(format!("{read:?}"), format!("{published:?}"), "{rule}");
        }
    }
}
