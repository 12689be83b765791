//! The rules of prompts, as far as this page may know them, with what there is: those that were published, and, where the collector
//! trusts the page with it, those that were written.

use engine::Key;
use engine::Timestamp;
use engine::facts::{Facts, Here, Sent};
use engine::prompt::Prompt;
use engine::rule::{Answer, Condition, Explanation, LeafId, Names, OnPage, Witness, eval, holds};
use view::read::{field, members, read};
use wasm_bindgen::JsValue;

/// What the collector tells only the site's own people.
#[derive(Default)]
pub struct Inside {
    /// Who is here and where they stand.
    pub about: Vec<(String, String)>,
    rules: Vec<(Key, Condition)>,
    barred: Vec<(Key, String)>,
    known: Vec<(LeafId, bool, String)>,
    /// What people call the things in it.
    pub names: Names,
}

impl Inside {
    /// Reads it from the facts as they came; none where the page is not trusted with it.
    pub fn of(facts: &JsValue) -> Option<Inside> {
        let inside = field(facts, "inside");
        let each = |name: &str| members(&field(&inside, name));
        inside.is_object().then(|| Inside {
            about: each("about").iter().filter_map(read).collect(),
            rules: each("rules").iter().filter_map(read).collect(),
            barred: each("barred").iter().filter_map(read).collect(),
            known: each("known").iter().filter_map(read).collect(),
            names: read(&field(&inside, "names")).unwrap_or_default(),
        })
    }

    /// Why a prompt of which no page is told does not show.
    pub fn barred(&self, prompt: &Key) -> Option<&str> {
        self.barred.iter().find(|(key, _)| key == prompt).map(|(_, words)| words.as_str())
    }

    /// The rules, as they were written.
    pub fn rules(&self) -> impl Iterator<Item = &Condition> {
        self.rules.iter().map(|(_, rule)| rule)
    }
}

/// Everything that is known here of the parts of rules.
pub struct Known<'a> {
    /// What the collector has told.
    pub facts: &'a Facts,
    /// The parts of published rules that only a page can answer.
    pub here: &'a Here,
    /// What the collector tells its own people.
    pub inside: Option<&'a Inside>,
    /// The page.
    pub page: &'a OnPage<'a>,
    /// The site's time.
    pub now: Timestamp,
}

impl Known<'_> {
    /// The whole rule of a prompt: as it was written if that is known, else as it was published.
    pub fn explain(&self, prompt: &Prompt<Sent>) -> Explanation {
        let written = self.inside.and_then(|inside| inside.rules.iter().find(|(key, _)| *key == prompt.key));
        match written {
            Some((_, rule)) => eval(rule, self).1,
            None => eval(&self.spelled(&prompt.rule), self).1,
        }
    }

    /// A published rule, with what only the page can answer in place of its name.
    fn spelled(&self, rule: &Condition) -> Condition {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.spelled(part)).collect();
        match rule {
            Condition::All(parts) => Condition::All(each(parts)),
            Condition::Any(parts) => Condition::Any(each(parts)),
            Condition::Not(part) => Condition::Not(Box::new(self.spelled(part))),
            Condition::Here(id) => self.here.part(*id).unwrap_or(rule).clone(),
            leaf => leaf.clone(),
        }
    }

    fn told(&self, leaf: &Condition) -> Option<&(LeafId, bool, String)> {
        let id = LeafId::of(leaf);
        self.inside?.known.iter().find(|(known, ..)| *known == id)
    }
}

impl Witness for Known<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.facts.verdict(*id, self.now),
            Condition::Here(id) => self.here.part(*id).map_or(Answer::UNKNOWN, |part| holds(part, self.page)),
            leaf => match self.told(leaf) {
                Some((_, holds, _)) => Answer::of(*holds),
                None => self.page.answer(leaf),
            },
        }
    }

    fn actual(&self, leaf: &Condition) -> String {
        match self.told(leaf) {
            Some((.., actual)) => actual.clone(),
            None => self.page.actual(leaf),
        }
    }
}
