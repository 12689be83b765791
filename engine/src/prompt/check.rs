//! Everything that is wrong with a prompt, at once.

use super::{Content, Link, Moment, Prompt};
use crate::problem::Problem;
use crate::rule::{self, Condition, Did, Known, Place, Test};
use crate::time::Span;

/// Longest text in a prompt, in characters.
const MAX_TEXT: usize = 600;

/// All mistakes of a prompt.
pub fn check(prompt: &Prompt, known: &Known) -> Vec<Problem> {
    let mut problems = Vec::new();
    rule::check(&prompt.rule, Place::Prompt, known, "rule", &mut problems);
    content(&prompt.content, &mut problems);
    let mut report = |at: &str, code, message: &str| problems.push(Problem::new(at, code, message));
    if let Moment::Dwell(span) = prompt.moment
        && span > Span::hours(1)
    {
        report("moment.dwell", "dwell_range", "Nobody stays that long: at most 1h.");
    }
    if prompt.frequency.at_most == 0 || prompt.frequency.per_session == 0 {
        report("frequency", "never_shown", "With a cap of 0 the prompt would never be shown.");
    }
    if matches!(prompt.content, Content::Review(_)) && asks_for_score(&prompt.rule, known) {
        let message = "Asking only people with a certain score for reviews is review gating; the review platforms and the law forbid it. \
                       Ask everybody who answered.";
        report("rule", "score_gated_review", message);
    }
    problems
}

/// Whether the rule depends on the score of an answer, also where a segment hides it: segments are made of no segments.
fn asks_for_score(rule: &Condition, known: &Known) -> bool {
    let mut found = false;
    rule.each_leaf(&mut |leaf| {
        found |= match leaf {
            Condition::Prompt(prompt) => {
                prompt.did == Did::Answered && prompt.score.as_ref().is_some_and(|test| *test != Test::Exists)
            }
            Condition::Event(event) => event.filter.iter().any(|part| part.prop.eq_ignore_ascii_case("score")),
            Condition::Trait(of) => of.name.to_ascii_lowercase().contains("nps"),
            Condition::Segment(key) => {
                let members = known.segments.iter().find(|(segment, _)| segment == key);
                members.is_some_and(|(_, rule)| asks_for_score(rule, &Known::default()))
            }
            _ => false,
        }
    });
    found
}

fn content(content: &Content, problems: &mut Vec<Problem>) {
    let mut checker = Checker { problems };
    match content {
        Content::Nps(nps) => {
            checker.needed("content.nps.question", &nps.question);
            checker.optional("content.nps.low", nps.low.as_deref());
            checker.optional("content.nps.high", nps.high.as_deref());
            checker.optional("content.nps.thanks", nps.thanks.as_deref());
            if let Some(follow_up) = &nps.follow_up {
                checker.needed("content.nps.follow_up.question", &follow_up.question);
            }
        }
        Content::Review(review) => {
            checker.words("content.review", &review.heading, &review.body);
            checker.links("content.review.links", &review.links);
        }
        Content::Community(community) => {
            checker.words("content.community", &community.heading, &community.body);
            checker.links("content.community.links", &community.links);
        }
        Content::Offer(offer) => {
            checker.words("content.offer", &offer.heading, &offer.body);
            checker.link("content.offer.button", &offer.button);
            if let Some(coupon) = &offer.coupon {
                checker.needed("content.offer.coupon.code", &coupon.code);
            }
        }
    }
}

struct Checker<'a> {
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn needed(&mut self, at: &str, text: &str) {
        if text.trim().is_empty() {
            self.problems.push(Problem::new(at, "empty", "This text is missing."));
        }
        self.optional(at, Some(text));
    }

    fn optional(&mut self, at: &str, text: Option<&str>) {
        if text.is_some_and(|text| text.chars().count() > MAX_TEXT) {
            self.problems.push(Problem::new(at, "too_long", "At most 600 characters; people do not read more."));
        }
    }

    fn words(&mut self, at: &str, heading: &str, body: &str) {
        self.needed(&format!("{at}.heading"), heading);
        self.optional(&format!("{at}.body"), Some(body));
    }

    fn links(&mut self, at: &str, links: &[Link]) {
        if !(1..=6).contains(&links.len()) {
            self.problems.push(Problem::new(at, "link_count", "Give one to six links."));
        }
        for (index, link) in links.iter().enumerate() {
            self.link(&format!("{at}[{index}]"), link);
        }
    }

    fn link(&mut self, at: &str, link: &Link) {
        self.needed(&format!("{at}.label"), &link.label);
        if !link.is_safe() {
            let message = "A link starts with https://, http://, mailto: or tel:, or is a path on your own site such as /pricing.";
            self.problems.push(Problem::new(format!("{at}.url"), "unsafe_link", message));
        }
    }
}
