//! Everything that is wrong with a rule, at once: names that do not exist, nodes where they mean nothing, numbers out of
//! range. A rule that passes here cannot fail later.

use super::leaf::{EventCount, Where};
use super::test::Test;
use super::{Condition, Need};
use crate::id::Key;
use crate::problem::Problem;
use crate::time::Span;

/// Where a rule stands; it decides which nodes mean something there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The audience of a prompt: everything but a journey's own nodes.
    Prompt,
    /// The trigger of a transition: the log only, and no `not` over something with a window.
    Transition,
    /// What a milestone asks for: as a transition.
    Milestone,
    /// A segment: the log only.
    Segment,
}

/// The names that a rule may use.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Page groups.
    pub page_groups: Vec<Key>,
    /// Prompts.
    pub prompts: Vec<Key>,
    /// Segments, with who belongs to them.
    pub segments: Vec<(Key, Condition)>,
    /// How the source of a visit is read.
    pub sources: crate::source::Settings,
    /// Journeys with their stages.
    pub journeys: Vec<(Key, Vec<Key>)>,
    /// Milestones of the journey that the rule belongs to.
    pub milestones: Vec<Key>,
}

/// Deepest nesting of groups.
const MAX_DEPTH: usize = 12;

/// Adds to `problems` all that is wrong with `condition`, whose place in its file is `at`.
pub fn check(condition: &Condition, place: Place, known: &Known, at: &str, problems: &mut Vec<Problem>) {
    Checker { place, known, problems }.node(condition, at, 0);
}

struct Checker<'a> {
    place: Place,
    known: &'a Known,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn report(&mut self, at: &str, code: &'static str, message: impl Into<String>) {
        self.problems.push(Problem::new(at, code, message));
    }

    fn node(&mut self, condition: &Condition, at: &str, depth: usize) {
        if depth > MAX_DEPTH {
            self.report(at, "too_deep", "Groups may be nested at most 12 deep.");
            return;
        }
        match condition {
            Condition::All(parts) => self.group(parts, &format!("{at}.all"), depth),
            Condition::Any(parts) => {
                if parts.is_empty() {
                    self.report(at, "empty_any", "\"any\" without parts never holds; remove it or add a part.");
                }
                self.group(parts, &format!("{at}.any"), depth);
            }
            Condition::Not(part) => {
                if self.in_journey() && has_window(part) {
                    let message = "In a journey, \"not\" over something with a time window would become true unnoticed; write \"absent\".";
                    self.report(at, "not_over_window", message);
                }
                self.node(part, &format!("{at}.not"), depth + 1);
            }
            leaf => {
                self.allowed(leaf, at);
                self.leaf(leaf, at);
            }
        }
    }

    fn group(&mut self, parts: &[Condition], at: &str, depth: usize) {
        for (index, part) in parts.iter().enumerate() {
            self.node(part, &format!("{at}[{index}]"), depth + 1);
        }
    }

    fn in_journey(&self) -> bool {
        matches!(self.place, Place::Transition | Place::Milestone)
    }

    fn allowed(&mut self, leaf: &Condition, at: &str) {
        if leaf.need() == Some(Need::Page) && self.place != Place::Prompt {
            let message = "Journeys and segments cannot see the page; this belongs into the rule of a prompt.";
            self.report(at, "page_not_known_here", message);
        }
        match leaf {
            Condition::Milestone(_) | Condition::MilestonesDone if !self.in_journey() => {
                self.report(at, "journey_only", "Milestones can be asked for in a journey only.");
            }
            Condition::Stage(_) | Condition::Segment(_) if self.in_journey() => {
                let message = "A journey is moved by events and traits, not by stages or segments.";
                self.report(at, "not_in_journeys", message);
            }
            Condition::Segment(_) if self.place == Place::Segment => {
                let message = "A segment is made of events and traits, not of segments: they could turn in a circle.";
                self.report(at, "not_in_segments", message);
            }
            Condition::Visitor(_) if self.in_journey() => {
                self.report(at, "not_in_journeys", "New or returning describes a visit, not a journey.");
            }
            Condition::Verdict(_) => {
                self.report(at, "internal", "\"verdict\" exists in published bundles only.");
            }
            _ => {}
        }
    }

    fn leaf(&mut self, leaf: &Condition, at: &str) {
        use Condition::*;
        match leaf {
            Query(query) => {
                self.text(&query.param, at, "param");
                self.test(&query.test, at);
            }
            PageGroup(key) => self.exists(&self.known.page_groups, key, at, "unknown_page_group", "page group"),
            Prompt(did) => {
                self.exists(&self.known.prompts, &did.prompt, at, "unknown_prompt", "prompt");
                self.window(did.within, at);
                if let Some(test) = &did.score {
                    self.test(test, at);
                }
            }
            Segment(key) => {
                let segments: Vec<Key> = self.known.segments.iter().map(|(key, _)| key.clone()).collect();
                self.exists(&segments, key, at, "unknown_segment", "segment");
            }
            Milestone(key) if self.in_journey() => {
                self.exists(&self.known.milestones, key, at, "unknown_milestone", "milestone");
            }
            Device(list) if list.is_empty() => self.report(at, "empty_list", "Name at least one device."),
            Language(list) if list.is_empty() => self.report(at, "empty_list", "Name at least one language."),
            Channel(channel) if channel.is.is_empty() => self.report(at, "empty_list", "Name at least one channel."),
            Channel(channel) => {
                for unknown in channel.is.iter().filter(|channel| !self.known.sources.can_give(channel)) {
                    let message = format!(
                        "No visit gets the channel \"{unknown}\": it is none of Google's, and the site's settings have no rule for it."
                    );
                    self.report(at, "unknown_channel", &message);
                }
            }
            Source(source) => self.test(&source.test, at),
            Trait(of) => {
                self.text(&of.name, at, "name");
                self.test(&of.test, at);
            }
            Event(event) => self.event(event, at),
            Absent(absent) => {
                self.text(&absent.name, at, "name");
                self.filter(&absent.filter, at);
                self.window(Some(absent.lasting), at);
            }
            Stage(stage) if !self.in_journey() => {
                if stage.is.is_empty() {
                    self.report(at, "empty_list", "Name at least one stage.");
                }
                self.stage(&stage.journey, &stage.is, at);
            }
            TimeInStage(time) => match (&time.journey, self.in_journey()) {
                (None, false) => self.report(at, "journey_missing", "Say which journey's stage is meant."),
                (Some(_), true) => {
                    self.report(at, "journey_not_allowed", "In a journey the stage is its own; leave \"journey\" out.");
                }
                (Some(journey), false) => self.stage(journey, &[], at),
                (None, true) => {}
            },
            _ => {}
        }
    }

    fn event(&mut self, event: &EventCount, at: &str) {
        self.text(&event.name, at, "name");
        self.filter(&event.filter, at);
        self.window(event.within, at);
        if !(1..=100).contains(&event.count) {
            self.report(at, "count_range", "The count must be between 1 and 100.");
        }
        if let Some(group) = &event.page_group {
            self.exists(&self.known.page_groups, group, at, "unknown_page_group", "page group");
        }
        if event.since.is_some() && !self.in_journey() {
            self.report(at, "journey_only", "\"since\" means something in a journey only; use \"within\".");
        }
    }

    fn filter(&mut self, filter: &[Where], at: &str) {
        for part in filter {
            self.text(&part.prop, at, "where.prop");
            self.test(&part.test, at);
        }
    }

    fn stage(&mut self, journey: &Key, stages: &[Key], at: &str) {
        let Some((_, known)) = self.known.journeys.iter().find(|(key, _)| key == journey) else {
            self.report(at, "unknown_journey", format!("There is no journey called \"{journey}\"."));
            return;
        };
        let unknown: Vec<&Key> = stages.iter().filter(|stage| !known.contains(stage)).collect();
        for stage in unknown {
            let names: Vec<&str> = known.iter().map(Key::as_str).collect();
            let names = names.join(", ");
            let message = format!("The journey \"{journey}\" has no stage \"{stage}\"; it has {names}.");
            self.report(at, "unknown_stage", message);
        }
    }

    fn exists(&mut self, known: &[Key], key: &Key, at: &str, code: &'static str, what: &str) {
        if !known.contains(key) {
            self.problems.push(Problem::new(at, code, format!("There is no {what} called \"{key}\".")));
        }
    }

    fn text(&mut self, text: &str, at: &str, field: &str) {
        if text.trim().is_empty() {
            self.report(&format!("{at}.{field}"), "empty", "This must not be empty.");
        }
    }

    fn window(&mut self, window: Option<Span>, at: &str) {
        if window.is_some_and(|window| window.0 <= 0) {
            self.report(at, "window_range", "A length of time must be longer than nothing.");
        }
    }

    fn test(&mut self, test: &Test, at: &str) {
        let is_empty = match test {
            Test::Is(list) => list.is_empty(),
            Test::Contains(list) | Test::StartsWith(list) | Test::EndsWith(list) => list.is_empty(),
            _ => false,
        };
        if is_empty {
            self.report(&format!("{at}.test"), "empty_list", "Name at least one value to compare with.");
        }
        let number = match test {
            Test::AtLeast(n) | Test::Above(n) | Test::AtMost(n) | Test::Below(n) => n.0,
            _ => 0.0,
        };
        if !number.is_finite() {
            self.report(&format!("{at}.test"), "not_a_number", "This must be a finite number.");
        }
    }
}

/// Whether any leaf's answer can change by time passing alone.
fn has_window(condition: &Condition) -> bool {
    let mut found = false;
    condition.each_leaf(&mut |leaf| {
        found |= match leaf {
            Condition::Event(event) => event.within.is_some(),
            Condition::Prompt(prompt) => prompt.within.is_some(),
            Condition::Absent(_) | Condition::TimeInStage(_) => true,
            _ => false,
        }
    });
    found
}
