//! What must hold of every rule: that it means the same plainly, explained, published and read back; and that an answer lasts as long as
//! it says.

use crate::config;
use crate::log::{DAY, groups, in_order, key};
use crate::memory::{last, remember};
use crate::page::page_seen;
use crate::rules::{any_log, rule};
use engine::Timestamp;
use engine::facts::{Asked, Facts, Here, judge, publish};
use engine::rule::{
    Answer, Both, Condition, Explanation, LeafId, Leaves, Memory, OnPage, Remembered, Truth, Witness, eval, holds,
};
use proptest::prelude::*;

/// What the collector knows: a memory, and two of three segments.
#[derive(Clone, Copy)]
pub struct Log<'a> {
    pub leaves: &'a Leaves,
    pub memory: &'a Memory,
    pub now: Timestamp,
}

impl Witness for Log<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Segment(name) if *name == key("vip") => Answer::of(true),
            Condition::Segment(name) if *name == key("new") => Answer::of(false),
            _ => Remembered { memory: self.memory, leaves: self.leaves, now: self.now, session: None }.answer(leaf),
        }
    }
}

/// What the page knows of a published rule: verdicts, and what it answers itself.
pub struct Told<'a> {
    pub facts: &'a Facts,
    pub here: &'a Here,
    pub page: OnPage<'a>,
    pub now: Timestamp,
}

impl Witness for Told<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.facts.verdict(*id, self.now),
            Condition::Here(id) => self.here.answer(*id, &self.page),
            _ => Answer::UNKNOWN,
        }
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn explained_and_read_back_a_rule_means_the_same(rule in rule(), log in any_log(), seen in page_seen(), after in 0..40 * DAY) {
        let (log, groups) = (in_order(&log), groups());
        let leaves = Leaves::of([&rule]);
        let memory = remember(&leaves, &log);
        let now = Timestamp(last(&log).0 + after);
        let ask = Both { page: seen.on(&groups, now), log: Log { leaves: &leaves, memory: &memory, now } };
        let plain = holds(&rule, &ask);
        let (answer, explanation) = eval::<Explanation, _>(&rule, &ask);
        prop_assert_eq!(plain.truth, answer.truth);
        prop_assert_eq!(plain.truth, explanation.truth);
        // Who does not hold has somebody to blame, unless nothing was asked.
        let mut leaves_of_rule = 0;
        rule.each_leaf(&mut |_| leaves_of_rule += 1);
        if plain.truth == Truth::Yes {
            prop_assert!(explanation.to_blame().is_empty());
        }
        for blamed in explanation.to_blame() {
            prop_assert!(blamed.condition.need().is_some());
        }
        let text = serde_json::to_string(&rule).unwrap();
        let read: Condition = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(LeafId::of(&read), LeafId::of(&rule));
        let published = |rule: &Condition| LeafId::of(&publish(rule, &mut Here::default()));
        prop_assert_eq!(published(&read), published(&rule));
        prop_assert_eq!(&read, &rule);
        let stored: Memory = serde_json::from_str(&serde_json::to_string(&memory).unwrap()).unwrap();
        prop_assert_eq!(&stored, &memory);
    }

    #[test]
    fn a_published_rule_means_what_its_maker_wrote(rules in prop::collection::vec(rule(), 1..4), log in any_log(), seen in page_seen(), after in 0..40 * DAY, later in 0..20 * DAY) {
        let (log, groups) = (in_order(&log), groups());
        let leaves = Leaves::of(&rules);
        let memory = remember(&leaves, &log);
        let now = Timestamp(last(&log).0 + after);
        let at = |now| Log { leaves: &leaves, memory: &memory, now };
        let verdicts = judge(&rules, &Both { page: seen.visit(&groups), log: at(now) });
        let facts = &Facts { now, verdicts, ..Facts::default() };
        let mut here = Here::default();
        let published: Vec<Condition> = rules.iter().map(|rule| publish(rule, &mut here)).collect();
        let here: &Here = &serde_json::from_str(&serde_json::to_string(&here).unwrap()).unwrap();
        for (rule, published) in rules.iter().zip(&published) {
            let text = serde_json::to_string(published).unwrap();
            let read: Asked = serde_json::from_str(&text).unwrap();
            published.each_leaf(&mut |leaf| assert!(matches!(leaf, Condition::Verdict(_) | Condition::Here(_))));
            let direct = |now| holds(rule, &Both { page: seen.on(&groups, now), log: at(now) }).truth;
            let told = |now| {
                let told = Told { facts, here, page: seen.on(&groups, now), now };
                let answer = holds(published, &told);
                assert_eq!(holds(&read, &told), answer, "as the page reads it");
                answer.truth
            };
            prop_assert_eq!(told(now), direct(now), "{:?}", published);
            // Later, without new facts, the page may no longer know; it never believes what is not so.
            let then = Timestamp(now.0 + later);
            prop_assert!(told(then) == Truth::Unknown || told(then) == direct(then));
        }
    }

    #[test]
    fn an_answer_lasts_as_long_as_it_says(rule in rule(), log in any_log(), seen in page_seen(), after in 0..40 * DAY, part in 0.0..1.0f64) {
        let (log, groups) = (in_order(&log), groups());
        let leaves = Leaves::of([&rule]);
        let memory = remember(&leaves, &log);
        let ask = |now| Both { page: seen.on(&groups, now), log: Log { leaves: &leaves, memory: &memory, now } };
        let mut now = Timestamp(last(&log).0 + after);
        for _ in 0..8 {
            let answer = holds(&rule, &ask(now));
            let end = answer.until.map_or(now.0 + 400 * DAY, |until| until.0);
            prop_assert!(end > now.0);
            for then in [end - 1, now.0 + ((end - now.0 - 1) as f64 * part) as i64] {
                prop_assert_eq!(holds(&rule, &ask(Timestamp(then))).truth, answer.truth);
            }
            let Some(until) = answer.until else { break };
            now = until;
        }
    }
}
