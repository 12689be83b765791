//! What a preview asks: which prompts, for whom, and on what page at what moment.

use engine::event::Action;
use engine::experiment::Unit;
use engine::frequency::{Exposure, History, Policy};
use engine::prompt::{self, Prompt, Scene, Signal, Signals, What, Zone};
use engine::rule::{Consent, Inside};
use engine::{Key, Props, Timestamp};
use serde::Deserialize;

use super::Site;
use super::answer::Answer;
use super::given::{Elements, Given, opaque};
use super::offset::Offset;

/// A preview's body. Times are lengths before or after now.
#[derive(Debug, Deserialize)]
pub struct Situation {
    /// The instant, in milliseconds since 1970. Left out: now.
    now: Option<Timestamp>,
    /// What is chosen from.
    prompts: Vec<Prompt>,
    /// The caps over all of them. Left out: the site's.
    policy: Option<Policy>,
    /// What happened with prompts before.
    #[serde(default)]
    history: Vec<Happened>,
    /// What is known.
    #[serde(default)]
    facts: Given,
    /// How long the visitor has been on the page.
    #[serde(default)]
    on_page_for: Offset,
    /// How long on the site.
    on_site_for: Option<Offset>,
    /// How many pages they have seen in this visit.
    pages: Option<u32>,
    /// How long nobody has moved.
    idle_for: Option<Offset>,
    /// What happened on the page.
    #[serde(default)]
    signals: Vec<Signalled>,
    /// Which elements are in the page. Left out: what the facts say of it, if anything.
    elements: Option<Vec<String>>,
    /// Whether a prompt stands on the page.
    #[serde(default)]
    taken: bool,
    /// How many prompts were shown on it.
    #[serde(default)]
    shown: u32,
    /// The site's clocks.
    zone: Option<Clocks>,
    #[serde(default)]
    unit: Unit,
    #[serde(default)]
    consents: Vec<Consent>,
    #[serde(default)]
    spare_offers: bool,
}

#[derive(Debug, Deserialize)]
struct Happened {
    prompt: Key,
    did: Action,
    ago: Offset,
    #[serde(default)]
    in_session: bool,
    #[serde(default)]
    interrupts: bool,
    #[serde(default)]
    partial: bool,
}

#[derive(Debug, Deserialize)]
struct Clocks {
    ahead: Offset,
    until: Option<Offset>,
}

#[derive(Debug, Deserialize)]
struct Signalled {
    ago: Offset,
    what: Did,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Did {
    Scrolled(u8),
    ExitIntent,
    Clicked(String),
    Seen(String),
    Event(String, #[serde(deserialize_with = "opaque")] Props),
    Called(Key),
    Pushed(Key),
    Closed(Key),
}

impl From<Did> for What {
    fn from(did: Did) -> What {
        match did {
            Did::Scrolled(part) => What::Scrolled(part),
            Did::ExitIntent => What::ExitIntent,
            Did::Clicked(selector) => What::Clicked(selector),
            Did::Seen(selector) => What::Seen(selector),
            Did::Event(name, props) => What::Event(name, props),
            Did::Called(key) => What::Called(key),
            Did::Pushed(key) => What::Pushed(key),
            Did::Closed(key) => What::Closed(key),
        }
    }
}

impl Situation {
    /// What the engine says.
    pub fn answer(&self, site: Site) -> Answer {
        let now = self.now.unwrap_or(site.now);
        let policy = self.policy.as_ref().unwrap_or(&site.policy);
        let groups = self.facts.page_groups.as_ref().unwrap_or(&site.groups);
        let told = self.facts.told(self.prompts.iter().map(|prompt| &prompt.rule), groups, &site.sources, now);
        let history = self.history(now);
        let happened: Vec<Signal> = self
            .signals
            .iter()
            .map(|signal| Signal { at: signal.ago.before(now), what: signal.what.clone().into() })
            .collect();
        let signals = Signals {
            since: self.on_page_for.before(now),
            visit_since: self.on_site_for.map(|ago| ago.before(now)),
            pages: self.pages,
            active: self.idle_for.map(|ago| ago.before(now)),
            happened: &happened,
        };
        let elements = self.elements.clone().map(Elements::only);
        let inside = elements.as_ref().map(|elements| elements as &dyn Inside).or(told.inside());
        let zone = self.zone.as_ref();
        let zone = zone.map(|zone| Zone { ahead: zone.ahead.0.0, until: zone.until.map(|until| until.after(now)) });
        let scene = Scene {
            history: &history,
            policy,
            unit: &self.unit,
            zone,
            consents: &self.consents,
            spare_offers: self.spare_offers,
            page: prompt::Page { signals, inside, taken: self.taken, shown: self.shown },
            now,
        };
        Answer::of(&self.prompts, &told.ask(), &scene)
    }

    fn history(&self, now: Timestamp) -> History {
        let mut history = History::default();
        for Happened { prompt, did, ago, in_session, interrupts, partial } in &self.history {
            history.observe(&Exposure {
                prompt,
                action: *did,
                at: ago.before(now),
                in_session: *in_session,
                interrupts: *interrupts,
                partial: *partial,
            });
        }
        history
    }
}
