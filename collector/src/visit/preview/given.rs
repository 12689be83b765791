//! What a preview says is known, as a witness. What it leaves out is unknown.

use std::collections::BTreeMap;

use engine::event::Action;
use engine::facts::{Facts, Here, Verdict, publish};
use engine::log::{LogEvent, Origin};
use engine::page::PageGroups;
use engine::prompt::Zone;
use engine::rule::{
    Answer, Both, Browser, Condition, Consent, Device, Inside, LeafId, Leaves, Memory, OnPage, Remembered, Request,
    System, Visit, Witness,
};
use engine::source::Sources;
use engine::{Key, Props, Timestamp, Uuid, Value};
use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer};

use super::offset::Offset;

/// What is known of the page and the visitor.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Given {
    page: Option<Page>,
    /// Left out: the site's.
    pub page_groups: Option<PageGroups>,
    log: Option<Vec<Entry>>,
    /// The visit that asks, by its number in the log; the last one of the log if left out.
    session: Option<u32>,
    /// Journey, stage, how long ago it was entered.
    stages: Vec<(Key, Key, Offset)>,
    segments: Vec<(Key, bool)>,
    /// What the page was told: of which condition, the answer, until when from now.
    verdicts: Vec<(Condition, bool, Option<Offset>)>,
    /// Parts of rules that only a page can answer, which `here` names.
    here: Vec<Condition>,
    request: Asks,
    /// Whether the visitor has said who they are.
    identified: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Page {
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
    inside: Option<Elements>,
}

#[derive(Debug, Deserialize)]
struct VisitGiven {
    pages: u32,
    lasted: Offset,
    number: Option<u32>,
    landing: Option<String>,
}

/// What stands in the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Elements {
    #[serde(deserialize_with = "opaque")]
    variables: BTreeMap<String, Value>,
    cookies: BTreeMap<String, String>,
    elements: Vec<String>,
}

impl Elements {
    /// Nothing but these elements.
    pub fn only(elements: Vec<String>) -> Elements {
        Elements { elements, ..Elements::default() }
    }
}

impl Inside for Elements {
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asks {
    country: Option<String>,
    system: Option<System>,
    browser: Option<Browser>,
}

/// Something that happened.
#[derive(Debug, Deserialize)]
struct Entry {
    /// Its place in the list, from 1, if left out.
    id: Option<u32>,
    /// So long ago.
    at: Offset,
    name: String,
    #[serde(default = "web")]
    origin: Origin,
    #[serde(default, deserialize_with = "opaque")]
    props: Props,
    #[serde(default)]
    url: String,
    #[serde(default)]
    referrer: String,
    session: Option<u32>,
    prompt: Option<(Key, Action)>,
    /// Recorded by a browser of which nobody had said yet whose it is.
    #[serde(default)]
    anonymous: bool,
}

/// Reads what may hold anything. Rules look at the surface of it only, and what lies deeper is no field that nobody knows.
pub fn opaque<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(serde_json::Value::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn web() -> Origin {
    Origin::Web
}

fn numbered(number: u32) -> Uuid {
    Uuid::from_bytes(u128::from(number).to_be_bytes())
}

impl Entry {
    fn event(&self, place: usize, now: Timestamp) -> LogEvent {
        let place = u32::try_from(place + 1).unwrap_or(u32::MAX);
        LogEvent {
            id: numbered(self.id.unwrap_or(place)),
            at: self.at.before(now),
            origin: self.origin,
            name: self.name.clone(),
            props: self.props.clone(),
            url: self.url.clone(),
            referrer: self.referrer.clone(),
            session: self.session.map(numbered),
            prompt: self.prompt.clone(),
            anonymous: self.anonymous,
        }
    }
}

/// What is known, ready to be asked.
#[derive(Debug)]
pub struct Told<'a> {
    given: &'a Given,
    groups: &'a PageGroups,
    leaves: Leaves,
    memory: Option<Memory>,
    request: Request,
    facts: Facts,
    here: Here,
    now: Timestamp,
}

/// The page, and what parts of rules it can answer by their names.
#[derive(Clone, Copy, Debug)]
pub struct OfPage<'a> {
    on: OnPage<'a>,
    here: &'a Here,
}

impl Witness for OfPage<'_> {
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

impl Given {
    /// Reads the log once for all these rules.
    pub fn told<'a>(
        &'a self,
        rules: impl IntoIterator<Item = &'a Condition>,
        groups: &'a PageGroups,
        sources: &Sources,
        now: Timestamp,
    ) -> Told<'a> {
        let leaves = Leaves::of(rules);
        let memory = self.log.as_deref().map(|log| {
            let mut log: Vec<LogEvent> = log.iter().enumerate().map(|(place, entry)| entry.event(place, now)).collect();
            log.sort_by_key(LogEvent::order);
            let mut memory = Memory::new(&leaves);
            log.iter().for_each(|event| memory.observe(&leaves, event, groups, sources));
            memory
        });
        let Asks { country, system, browser } = &self.request;
        let request = Request { country: country.clone(), system: *system, browser: *browser };
        let verdict = |(of, holds, until): &(Condition, bool, Option<Offset>)| {
            Verdict(LeafId::of(of), *holds, until.map(|until| until.after(now)))
        };
        let mut verdicts: Vec<Verdict> = self.verdicts.iter().map(verdict).collect();
        verdicts.sort_by_key(|verdict| verdict.0);
        let facts = Facts { verdicts, ..Facts::default() };
        let mut here = Here::default();
        self.here.iter().for_each(|part| drop(publish(part, &mut here)));
        Told { given: self, groups, leaves, memory, request, facts, here, now }
    }
}

impl Told<'_> {
    /// All that is known.
    pub fn ask(&self) -> Both<OfPage<'_>, &Self> {
        Both { page: OfPage { on: self.page(), here: &self.here }, log: self }
    }

    /// What stands in the page, if that is known.
    pub fn inside(&self) -> Option<&dyn Inside> {
        self.given.page.as_ref()?.inside.as_ref().map(|inside| inside as &dyn Inside)
    }

    fn page(&self) -> OnPage<'_> {
        let Some(page) = &self.given.page else { return OnPage::new(None, self.groups) };
        let visit = page.visit.as_ref().map(|visit| Visit {
            pages: visit.pages,
            since: visit.lasted.before(self.now),
            number: visit.number,
            landing: visit.landing.as_deref(),
        });
        let zone = page.ahead.map(|ahead| Zone { ahead: ahead.0.0, until: None });
        OnPage {
            device: page.device,
            language: page.language.as_deref(),
            title: page.title.as_deref(),
            width: page.width,
            touch: page.touch,
            consent: page.consent.as_deref(),
            visit: visit.map(|visit| (visit, self.now)),
            calendar: zone.and_then(|zone| zone.calendar(self.now)),
            inside: self.inside(),
            ..OnPage::new(page.url.as_deref(), self.groups)
        }
    }

    fn remembered(&self) -> Option<Remembered<'_>> {
        let session = self.given.session.map(numbered);
        self.memory.as_ref().map(|memory| Remembered { memory, leaves: &self.leaves, now: self.now, session })
    }

    fn stage(&self, of: Option<&Key>) -> Option<&(Key, Key, Offset)> {
        self.given.stages.iter().find(|(journey, ..)| Some(journey) == of)
    }
}

impl Witness for Told<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let known = match leaf {
            Condition::Stage(wanted) => {
                self.stage(Some(&wanted.journey)).map(|(_, stage, _)| Answer::of(wanted.is.contains(stage)))
            }
            Condition::TimeInStage(wanted) => self.stage(wanted.journey.as_ref()).map(|(.., ago)| {
                let then = ago.before(self.now).after(wanted.at_least);
                if self.now >= then { Answer::of(true) } else { Answer::until(false, then) }
            }),
            Condition::Segment(key) => {
                self.given.segments.iter().find(|(name, _)| name == key).map(|(_, member)| Answer::of(*member))
            }
            Condition::Verdict(id) => Some(self.facts.verdict(*id, self.now)),
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) => Some(self.request.answer(leaf)),
            Condition::Identified => self.given.identified.map(Answer::of),
            _ => self.remembered().map(|remembered| remembered.answer(leaf)),
        };
        known.unwrap_or(Answer::UNKNOWN)
    }

    fn actual(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) => self.request.actual(leaf),
            Condition::Stage(wanted) => {
                self.stage(Some(&wanted.journey)).map(|(_, stage, _)| stage.to_string()).unwrap_or_default()
            }
            _ => self.remembered().map(|remembered| remembered.actual(leaf)).unwrap_or_default(),
        }
    }
}
