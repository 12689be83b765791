//! What a case says is known, as a witness.

use crate::log::{Entry, Offset, events, uuid};
use engine::facts::{Facts, Here, Verdict, publish};
use engine::log::LogEvent;
use engine::page::PageGroups;
use engine::prompt::Zone;
#[cfg(test)]
use engine::rule::Pattern;
use engine::rule::{
    Answer, Both, Browser, Condition, Consent, Device, Inside, LeafId, Leaves, Memory, OnPage, Remembered, Request,
    System, Visit, Witness, pattern,
};
use engine::{Key, Timestamp, Value};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The instant at which every case is asked.
pub const NOW: Timestamp = Timestamp(1_750_000_000_000);

/// What is known. What is left out is unknown.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    page: Option<PageGiven>,
    page_groups: PageGroups,
    log: Option<Vec<Entry>>,
    /// The visit that asks; the last one of the log if left out.
    session: Option<u32>,
    /// Journey, stage, how long ago it was entered.
    stages: Vec<(Key, Key, Offset)>,
    segments: Vec<(Key, bool)>,
    verdicts: Vec<GivenVerdict>,
    /// What travels beside the rules: the parts that only a page can answer.
    here: Vec<Condition>,
    request: RequestGiven,
    /// Whether the visitor has said who they are.
    identified: Option<bool>,
}

/// A verdict: which condition it is about, the answer, until when from now.
#[derive(Deserialize)]
struct GivenVerdict(Condition, bool, Option<Offset>);

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PageGiven {
    url: Option<String>,
    device: Option<Device>,
    language: Option<String>,
    title: Option<String>,
    width: Option<f64>,
    touch: Option<bool>,
    consent: Option<Vec<Consent>>,
    visit: Option<VisitGiven>,
    /// How far the site's clocks are ahead of UTC.
    ahead: Option<Offset>,
    inside: Option<InsideGiven>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitGiven {
    pages: u32,
    /// So long it has lasted.
    lasted: Offset,
    number: Option<u32>,
    landing: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct InsideGiven {
    variables: BTreeMap<String, Value>,
    cookies: BTreeMap<String, String>,
    elements: Vec<String>,
}

impl Inside for InsideGiven {
    fn variable(&self, path: &str) -> Option<Value> {
        self.variables.get(path).cloned()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name).cloned()
    }

    fn has_element(&self, selector: &str) -> bool {
        self.elements.iter().any(|element| element == selector)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RequestGiven {
    country: Option<String>,
    system: Option<System>,
    browser: Option<Browser>,
}

/// What the browser matches with.
#[cfg(not(test))]
use crate::browser::matches;

/// What the collector matches with.
#[cfg(test)]
fn matches(pattern: &Pattern, text: &str) -> bool {
    let expression = pattern.expression("(?-u:\\b)");
    let regex = regex::RegexBuilder::new(&expression).case_insensitive(true).build();
    regex.is_ok_and(|regex| regex.is_match(text))
}

/// The facts of a case, ready to be asked.
pub struct Scene<'a> {
    given: &'a Given,
    leaves: Leaves,
    memory: Option<Memory>,
}

impl Given {
    /// Reads the log once for all these conditions.
    pub fn scene<'a>(&self, conditions: impl IntoIterator<Item = &'a Condition>) -> Scene<'_> {
        pattern::install(matches);
        let leaves = Leaves::of(conditions);
        let memory = self.log.as_deref().map(|log| {
            let mut log = events(log, |ago| Timestamp(NOW.0 - ago.0));
            log.sort_by_key(LogEvent::order);
            let mut memory = Memory::new(&leaves);
            log.iter().for_each(|event| memory.observe(&leaves, event, &self.page_groups, &Default::default()));
            memory
        });
        Scene { given: self, leaves, memory }
    }

    /// What the page knows at an instant, and what parts it can answer by their names.
    pub fn page(&self, now: Timestamp) -> Page<'_> {
        let mut here = Here::default();
        self.here.iter().for_each(|part| drop(publish(part, &mut here)));
        Page { on: self.on_page(now), here }
    }

    /// What the collector knows of the page: what a visit says of itself.
    pub fn visit(&self) -> OnPage<'_> {
        let known = self.on_page(NOW);
        let url = self.page.as_ref().and_then(|page| page.url.as_deref());
        OnPage { device: known.device, language: known.language, ..OnPage::new(url, &self.page_groups) }
    }

    fn on_page(&self, now: Timestamp) -> OnPage<'_> {
        let Some(page) = &self.page else { return OnPage::new(None, &self.page_groups) };
        let visit = page.visit.as_ref().map(|visit| Visit {
            pages: visit.pages,
            since: Timestamp(NOW.0 - visit.lasted.0),
            number: visit.number,
            landing: visit.landing.as_deref(),
        });
        OnPage {
            device: page.device,
            language: page.language.as_deref(),
            title: page.title.as_deref(),
            width: page.width,
            touch: page.touch,
            consent: page.consent.as_deref(),
            visit: visit.map(|visit| (visit, now)),
            calendar: page.ahead.and_then(|ahead| Zone { ahead: ahead.0, until: None }.calendar(now)),
            inside: page.inside.as_ref().map(|inside| inside as &dyn Inside),
            ..OnPage::new(page.url.as_deref(), &self.page_groups)
        }
    }
}

/// A page, as rules ask it.
pub struct Page<'a> {
    pub on: OnPage<'a>,
    pub here: Here,
}

impl Witness for Page<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Here(id) => self.here.answer(*id, &self.on),
            _ => self.on.answer(leaf),
        }
    }

    fn actual(&self, leaf: &Condition) -> String {
        self.on.actual(leaf)
    }
}

impl Scene<'_> {
    /// Everything that is known, at an instant.
    pub fn ask(&self, now: Timestamp) -> Both<Page<'_>, Log<'_>> {
        Both { page: self.given.page(now), log: Log { scene: self, now } }
    }
}

/// What the log of a case answers at an instant.
#[derive(Clone, Copy)]
pub struct Log<'a> {
    scene: &'a Scene<'a>,
    now: Timestamp,
}

impl Log<'_> {
    fn request(&self) -> Request {
        let RequestGiven { country, system, browser } = &self.scene.given.request;
        Request { country: country.clone(), system: *system, browser: *browser }
    }

    fn remembered(&self) -> Option<Remembered<'_>> {
        let scene = self.scene;
        let session = scene.given.session.map(uuid);
        scene.memory.as_ref().map(|memory| Remembered { memory, leaves: &scene.leaves, now: self.now, session })
    }

    fn stage(&self, of: Option<&Key>) -> Option<&(Key, Key, Offset)> {
        let mut stages = self.scene.given.stages.iter();
        stages.find(|(journey, ..)| Some(journey) == of)
    }
}

impl Witness for Log<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let given = self.scene.given;
        let known = match leaf {
            Condition::Stage(wanted) => {
                self.stage(Some(&wanted.journey)).map(|(_, stage, _)| Answer::of(wanted.is.contains(stage)))
            }
            Condition::TimeInStage(wanted) => self.stage(wanted.journey.as_ref()).map(|(.., ago)| {
                let deadline = Timestamp(NOW.0 - ago.0).after(wanted.at_least);
                if self.now >= deadline { Answer::of(true) } else { Answer::until(false, deadline) }
            }),
            Condition::Segment(key) => {
                given.segments.iter().find(|(name, _)| name == key).map(|(_, member)| Answer::of(*member))
            }
            Condition::Verdict(id) => {
                let verdict = |told: &GivenVerdict| {
                    let until = told.2.map(|until| Timestamp(NOW.0 + until.0));
                    Verdict(LeafId::of(&told.0), told.1, until)
                };
                let verdicts = given.verdicts.iter().map(verdict).collect();
                Some(facts(verdicts).verdict(*id, self.now))
            }
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) => Some(self.request().answer(leaf)),
            Condition::Identified => given.identified.map(Answer::of),
            _ => self.remembered().map(|remembered| remembered.answer(leaf)),
        };
        known.unwrap_or(Answer::UNKNOWN)
    }

    fn actual(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) => self.request().actual(leaf),
            Condition::Stage(wanted) => {
                self.stage(Some(&wanted.journey)).map(|(_, stage, _)| stage.to_string()).unwrap_or_default()
            }
            _ => self.remembered().map(|remembered| remembered.actual(leaf)).unwrap_or_default(),
        }
    }
}

/// Facts with nothing in them but these verdicts.
pub fn facts(mut verdicts: Vec<Verdict>) -> Facts {
    verdicts.sort_by_key(|verdict| verdict.0);
    Facts { now: NOW, bundle: "b".into(), verdicts, ..Facts::default() }
}
