//! Everything that is wrong with a rule, at once: names that do not exist, nodes where they mean nothing, numbers out of
//! range. A rule that passes here cannot fail later.

mod values;

use super::leaf::{EventCount, Where};
use super::page_leaf::SessionIs;
use super::{Condition, Need};
use crate::id::Key;
use crate::problem::Problem;

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

/// What there is on a site: the names that rules and prompts may use, and what they stand beside.
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
    /// Milestones of any journey, which a checklist may tick off.
    pub tasks: Vec<Key>,
    /// How the site's prompts look, over which one may have a look of its own.
    pub theme: crate::prompt::Theme,
    /// The traits of persons that pages know, so that texts may say them.
    pub public_traits: Vec<String>,
}

impl Known {
    /// Calls `see` for each leaf of a rule, and of the segments that it uses, perhaps through others; each of them once.
    pub fn each_leaf<'a>(&'a self, rule: &'a Condition, see: &mut impl FnMut(&'a Condition)) {
        let mut reached: Vec<&Key> = Vec::new();
        let mut open = vec![rule];
        while let Some(rule) = open.pop() {
            rule.each_leaf(&mut |leaf| {
                see(leaf);
                if let Condition::Segment(key) = leaf
                    && !reached.contains(&key)
                {
                    reached.push(key);
                    let inner = self.segments.iter().find(|(known, _)| known == key);
                    open.extend(inner.map(|(_, rule)| rule));
                }
            });
        }
    }
}

/// Deepest nesting of groups.
const MAX_DEPTH: usize = 12;
/// Most segments behind each other, each made of the next.
const MAX_LEVELS: usize = 6;

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
        if leaf.need() != Some(Need::Log) && self.place != Place::Prompt {
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
            Condition::Segment(key)
                if self.place == Place::Segment && self.levels(key, &mut Vec::new()) > MAX_LEVELS =>
            {
                self.report(at, "too_deep", "Segments may be made of segments at most 6 deep.");
            }
            Condition::Visitor(_) | Condition::LastSeen(_) if self.in_journey() => {
                self.report(at, "not_in_journeys", "New or returning describes a visit, not a journey.");
            }
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) if self.in_journey() => {
                let message = "Country, system and browser describe a visit, not a journey.";
                self.report(at, "not_in_journeys", message);
            }
            Condition::Identified | Condition::FirstSeen(_) if self.in_journey() => {
                let message =
                    "A journey is moved by events and traits; write an event, or how long ago the stage was entered.";
                self.report(at, "not_in_journeys", message);
            }
            Condition::Trait(of) if self.in_journey() && of.test.age().is_some() => {
                let message =
                    "A journey would not notice that a date has grown old; write \"before\" or \"after\", or an event.";
                self.report(at, "not_in_journeys", message);
            }
            Condition::Verdict(_) | Condition::Here(_) => {
                self.report(at, "internal", "\"verdict\" and \"here\" exist in published bundles only.");
            }
            _ => {}
        }
    }

    /// How many segments stand behind each other, from this one on. A circle ends where it closes: whoever reads a whole file
    /// reports it.
    fn levels<'a>(&'a self, key: &'a Key, way: &mut Vec<&'a Key>) -> usize {
        let inner = self.known.segments.iter().find(|(known, _)| known == key);
        let Some((key, rule)) = inner.filter(|(key, _)| !way.contains(&key) && way.len() <= MAX_LEVELS) else {
            return way.len();
        };
        let mut deepest = way.len() + 1;
        way.push(key);
        rule.each_leaf(&mut |leaf| {
            if let Condition::Segment(inner) = leaf {
                deepest = deepest.max(self.levels(inner, way));
            }
        });
        way.pop();
        deepest
    }

    fn leaf(&mut self, leaf: &Condition, at: &str) {
        use Condition::*;
        match leaf {
            Page(page) => self.test(&page.test, at),
            Query(query) => {
                self.text(&query.param, at, "param");
                self.test(&query.test, at);
            }
            Js(js) => {
                let is_name = |name: &str| {
                    !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_' || char == '$')
                };
                if js.path.len() > 256 || !js.path.split('.').all(is_name) {
                    let message = "A variable is named by names joined by dots, such as app.user.plan.";
                    self.report(&format!("{at}.path"), "js_path", message);
                }
                self.test(&js.test, at);
            }
            Cookie(cookie) => {
                self.text(&cookie.name, at, "name");
                self.test(&cookie.test, at);
            }
            Element(selector) => self.text(selector, at, "element"),
            Width(test) => self.number(test, at),
            Now(now) => self.now(now, at),
            Session(session) => match session {
                SessionIs::Pages(test) | SessionIs::Visit(test) => self.number(test, at),
                SessionIs::Landing(test) => self.test(test, at),
                SessionIs::Lasting(span) => self.window(Some(*span), at),
            },
            FirstSeen(age) | LastSeen(age) => self.age(*age, at),
            Country(list) => {
                let is_code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
                if list.is_empty() || !list.iter().all(is_code) {
                    self.report(at, "country_code", "Name at least one country, each by its two letters, such as DE.");
                }
            }
            System(list) if list.is_empty() => self.report(at, "empty_list", "Name at least one system."),
            Browser(list) if list.is_empty() => self.report(at, "empty_list", "Name at least one browser."),
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
                self.test_of_property(&of.test, at);
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
            self.test_of_property(&part.test, at);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(rule: &str, place: Place, known: &Known) -> Vec<(String, &'static str)> {
        let rule: Condition = serde_json::from_str(rule).unwrap_or_else(|error| panic!("{rule}: {error}"));
        let mut problems = Vec::new();
        check(&rule, place, known, "rule", &mut problems);
        problems.into_iter().map(|problem| (problem.at, problem.code)).collect()
    }

    #[test]
    fn segments_may_be_made_of_segments_but_not_for_ever() {
        let key = |n: usize| Key::parse(&format!("s{n}")).unwrap();
        let next = |n: usize| Condition::Segment(key(n + 1));
        let chain = |length: usize| {
            let mut segments: Vec<(Key, Condition)> = (1..length).map(|n| (key(n), next(n))).collect();
            segments.push((key(length), Condition::Identified));
            Known { segments, ..Known::default() }
        };
        let first = r#"{"segment": "s1"}"#;
        assert_eq!(problems(first, Place::Segment, &chain(MAX_LEVELS)), []);
        assert_eq!(problems(first, Place::Segment, &chain(MAX_LEVELS + 1)), [("rule".to_owned(), "too_deep")]);
        // What hides behind others is seen, once, also in a circle.
        let circle = Known { segments: vec![(key(1), next(1)), (key(2), next(0))], ..Known::default() };
        assert_eq!(problems(first, Place::Segment, &circle), []);
        let (rule, mut seen) = (next(0), 0);
        circle.each_leaf(&rule, &mut |_| seen += 1);
        assert_eq!(seen, 3);
    }
}
