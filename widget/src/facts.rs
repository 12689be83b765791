//! What this page was told, and what it asks of itself. Of its address, its language and its device the collector has told all that
//! matters; what only the page knows, the module that knows it answers.

use crate::page::Page;
use engine::facts::Facts;
use engine::rule::{Answer, Condition, Inside, Witness};
use engine::{Timestamp, Value};
use view::dom;

/// What the collector said and what the page knows: the leaves of a published rule.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// What it said.
    pub facts: &'a Facts,
    /// The page; none where what stands in it now is not to matter.
    pub page: Option<&'a Page>,
    /// The site's time.
    pub now: Timestamp,
}

impl Witness for Seen<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.facts.verdict(*id, self.now),
            Condition::Here(id) => self.page.map_or(Answer::UNKNOWN, |page| page.answer(*id, self.now)),
            _ => Answer::UNKNOWN,
        }
    }
}

/// The elements of the page. Rules ask for more, but of another module.
#[derive(Debug)]
pub struct Elements;

impl Inside for Elements {
    fn variable(&self, _: &str) -> Option<Value> {
        None
    }

    fn cookie(&self, _: &str) -> Option<String> {
        None
    }

    fn has_element(&self, selector: &str) -> bool {
        dom::find_in_page(selector).is_some()
    }
}

/// Whether anybody can see the page.
pub fn is_seen() -> bool {
    !dom::document().hidden()
}
