//! Which prompt wins, and why not the others: `tests/cases/choose/*.json`.

use crate::facts::{Given, NOW};
use crate::frequency::{Expected as ExpectedCap, Happened, history};
use crate::log::Offset;
use engine::experiment::{Arm, Unit};
use engine::frequency::Policy;
use engine::prompt::{
    Choice, Missing, Page, Prompt, Reason, Says, Scene, Signal, Signals, What, Zone, any_candidate, barred, choose,
    choose_telling,
};
use engine::rule::{Consent, Inside, eval};
use engine::why::{Outcome, why};
use engine::{Key, Props, Timestamp, Value};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    name: String,
    prompts: Vec<Prompt>,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    history: Vec<Happened>,
    #[serde(default)]
    facts: Given,
    /// How long the visitor has been on the page.
    #[serde(default)]
    on_page_for: Offset,
    /// How long the visitor has been on the site.
    #[serde(default)]
    on_site_for: Option<Offset>,
    #[serde(default)]
    pages: Option<u32>,
    /// How long nobody has moved.
    #[serde(default)]
    idle_for: Option<Offset>,
    /// What happened on the page.
    #[serde(default)]
    signals: Vec<Happens>,
    /// Which elements are in the page; left out: nobody sees it.
    #[serde(default)]
    elements: Option<Elements>,
    /// Whether a prompt stands on the page.
    #[serde(default)]
    taken: bool,
    /// How many prompts were shown on the page.
    #[serde(default)]
    shown: u32,
    #[serde(default)]
    zone: Option<ZoneGiven>,
    #[serde(default)]
    unit: Unit,
    #[serde(default)]
    consents: Vec<Consent>,
    #[serde(default)]
    spare_offers: bool,
    winner: Option<String>,
    /// In which version.
    #[serde(default)]
    variant: Option<String>,
    losers: BTreeMap<String, Expected>,
    /// The lots that are drawn for the first time: of which prompt, in which epoch, what.
    #[serde(default)]
    drawn: Vec<(Key, u32, Arm)>,
    /// When to ask again, counted from now.
    next: Option<Offset>,
    /// Whether the page needs what shows prompts.
    needed: bool,
    /// What is said of some of them: in a word, and in a sentence.
    #[serde(default)]
    why: BTreeMap<String, (String, String)>,
}

/// The elements in the page.
#[derive(Clone, Debug, Deserialize)]
struct Elements(Vec<String>);

impl Inside for Elements {
    fn variable(&self, _: &str) -> Option<Value> {
        None
    }

    fn cookie(&self, _: &str) -> Option<String> {
        None
    }

    fn has_element(&self, selector: &str) -> bool {
        self.0.iter().any(|element| element == selector)
    }
}

/// The site's clocks: how far ahead of UTC they are, and when they change, from now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneGiven {
    ahead: Offset,
    #[serde(default)]
    until: Option<Offset>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Happens {
    ago: Offset,
    what: Did,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Did {
    Scrolled(u8),
    ExitIntent,
    Clicked(String),
    Seen(String),
    Event(String, Props),
    Called(Key),
    Pushed(Key),
    Closed(Key),
}

impl Happens {
    fn signal(&self) -> Signal {
        let what = match self.what.clone() {
            Did::Scrolled(part) => What::Scrolled(part),
            Did::ExitIntent => What::ExitIntent,
            Did::Clicked(selector) => What::Clicked(selector),
            Did::Seen(selector) => What::Seen(selector),
            Did::Event(name, props) => What::Event(name, props),
            Did::Called(key) => What::Called(key),
            Did::Pushed(key) => What::Pushed(key),
            Did::Closed(key) => What::Closed(key),
        };
        Signal { at: Timestamp(NOW.0 - self.ago.0), what }
    }
}

#[derive(Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
enum Expected {
    Ended,
    NotBefore(Offset),
    Hours(Offset),
    Rule,
    Held,
    Absent,
    Unknown,
    UnknownZone,
    UnknownPage,
    UnknownUnit,
    Waiting,
    Cancelled,
    Consent(Consent),
    Guarded,
    Uncovered,
    HeldOut,
    HeldOutBySite,
    Moment(Offset),
    Capped(ExpectedCap),
    Taken,
    Outranked,
}

impl Expected {
    fn reason(&self) -> Reason {
        let from_now = |then: &Offset| Timestamp(NOW.0 + then.0);
        match self {
            Expected::Ended => Reason::Ended,
            Expected::NotBefore(then) => Reason::NotBefore(from_now(then)),
            Expected::Hours(then) => Reason::Hours(from_now(then)),
            Expected::Rule => Reason::Rule,
            Expected::Held => Reason::Held,
            Expected::Absent => Reason::Absent,
            Expected::Unknown => Reason::Unknown(Missing::Fact),
            Expected::UnknownZone => Reason::Unknown(Missing::Zone),
            Expected::UnknownPage => Reason::Unknown(Missing::Page),
            Expected::UnknownUnit => Reason::Unknown(Missing::Unit),
            Expected::Waiting => Reason::Waiting,
            Expected::Cancelled => Reason::Cancelled,
            Expected::Consent(consent) => Reason::Consent(*consent),
            Expected::Guarded => Reason::Guarded,
            Expected::Uncovered => Reason::Uncovered,
            Expected::HeldOut => Reason::HeldOut { by_site: false },
            Expected::HeldOutBySite => Reason::HeldOut { by_site: true },
            Expected::Moment(then) => Reason::Moment(from_now(then)),
            Expected::Capped(capped) => Reason::Capped(capped.capped().expect("a cap")),
            Expected::Taken => Reason::Taken,
            Expected::Outranked => Reason::Outranked,
        }
    }
}

fn check(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let scene = case.facts.scene(case.prompts.iter().map(|prompt| &prompt.rule));
    let history = history(&case.history);
    let ago = |offset: Offset| Timestamp(NOW.0 - offset.0);
    let happened: Vec<Signal> = case.signals.iter().map(Happens::signal).collect();
    let signals = Signals {
        since: ago(case.on_page_for),
        visit_since: case.on_site_for.map(ago),
        pages: case.pages,
        active: case.idle_for.map(ago),
        happened: &happened,
    };
    let zone = case.zone.as_ref();
    let inside = case.elements.as_ref().map(|elements| elements as &dyn Inside);
    let around = Scene {
        history: &history,
        policy: &case.policy,
        unit: &case.unit,
        zone: zone.map(|zone| Zone { ahead: zone.ahead.0, until: zone.until.map(|until| Timestamp(NOW.0 + until.0)) }),
        consents: &case.consents,
        spare_offers: case.spare_offers,
        page: Page { signals, inside, taken: case.taken, shown: case.shown },
        now: NOW,
    };
    let mut turned = case.prompts.clone();
    turned.reverse();
    for prompts in [&case.prompts, &turned] {
        let mut told = Vec::new();
        let choice = choose_telling(prompts, &scene.ask(NOW), &around, &mut |prompt, reason| {
            let is_for_anybody = match reason {
                Reason::Ended => prompt.content.ends().is_some(),
                Reason::NotBefore(_) | Reason::Hours(_) | Reason::Uncovered | Reason::HeldOut { .. } => true,
                reason => reason == Reason::Unknown(Missing::Unit),
            };
            if is_for_anybody && barred(prompt, &around) != Some(reason) {
                wrong.push(format!("{} is barred by {:?}", prompt.key, barred(prompt, &around)));
            }
            told.push((prompt.key.as_str(), reason));
        });
        if let Some(winner) = choice.winner.filter(|winner| barred(winner, &around).is_some()) {
            wrong.push(format!("{} is barred and wins", winner.key));
        }
        if choice != choose(prompts, &scene.ask(NOW), &around) {
            wrong.push("chosen otherwise without reasons".to_owned());
        }
        let winner = choice.winner.map(|prompt| prompt.key.as_str());
        if winner != case.winner.as_deref() {
            wrong.push(format!("winner {winner:?}"));
        }
        let variant = choice.variant().map(|variant| variant.key.as_str());
        if variant != case.variant.as_deref() {
            wrong.push(format!("variant {variant:?}"));
        }
        let shown = case.prompts.iter().find(|prompt| Some(prompt.key.as_str()) == case.winner.as_deref());
        let version = shown.and_then(|prompt| {
            let mut variants = prompt.experiment.variants.iter();
            variants.find(|variant| Some(variant.key.as_str()) == case.variant.as_deref())?.content.as_ref()
        });
        if choice.content() != version.or(shown.map(|prompt| &prompt.content)) {
            wrong.push(format!("says {:?}", choice.content()));
        }
        let losers: BTreeMap<&str, Reason> = told.iter().copied().collect();
        let expected: BTreeMap<&str, Reason> =
            case.losers.iter().map(|(key, expected)| (key.as_str(), expected.reason())).collect();
        if losers != expected || told.len() != losers.len() {
            wrong.push(format!("losers {losers:?}"));
        }
        let mut drawn: Vec<(Key, u32, Arm)> =
            choice.drawn.iter().map(|lot| (lot.prompt.clone(), lot.epoch, lot.arm.clone())).collect();
        drawn.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        if drawn != case.drawn {
            wrong.push(format!("drawn {drawn:?}"));
        }
        if choice.drawn.iter().any(|lot| Some(lot.place) != case.unit.standing(&lot.prompt, lot.epoch)) {
            wrong.push("drawn at another place".to_owned());
        }
        // Once they are recorded, nothing is drawn again, and all else stays.
        let unit = Unit { assigned: [&*case.unit.assigned, &*choice.drawn].concat(), ..case.unit.clone() };
        let mut after = Vec::new();
        let recorded =
            choose_telling(prompts, &scene.ask(NOW), &Scene { unit: &unit, ..around }, &mut |prompt, reason| {
                after.push((prompt.key.as_str(), reason));
            });
        if recorded != (Choice { drawn: Vec::new(), ..choice.clone() }) || after != told {
            wrong.push(format!("recorded: {:?}, {after:?}", recorded.drawn));
        }
        // Until then time alone changes nothing.
        if let Some(next) = choice.next {
            let before = Timestamp(next.0 - 1);
            let mut again = Vec::new();
            let chosen =
                choose_telling(prompts, &scene.ask(before), &Scene { now: before, ..around }, &mut |prompt, reason| {
                    again.push((prompt.key.as_str(), reason));
                });
            if chosen.winner != choice.winner || again != told {
                wrong.push(format!("just before it is to be asked again: {again:?}"));
            }
        }
        let next = choice.next.map(|next| next.0 - NOW.0);
        if next != case.next.map(|next| next.0) {
            wrong.push(format!("next {next:?}"));
        }
    }
    let needed = any_candidate(&case.prompts, &scene.ask(NOW), &around);
    if needed != case.needed {
        wrong.push(format!("needed {needed}"));
    }
    let told = why(
        &case.prompts,
        &scene.ask(NOW),
        &around,
        &|prompt| eval(&prompt.rule, &scene.ask(NOW)).1,
        &engine::rule::Names::default(),
    );
    if told.len() != case.prompts.len() {
        wrong.push(format!("told of {} prompts", told.len()));
    }
    for said in &told {
        let key = said.prompt.key.as_str();
        if (said.outcome == Outcome::Shows) != (case.winner.as_deref() == Some(key)) || !said.words.ends_with('.') {
            wrong.push(format!("said of {key}: {:?}, {}", said.outcome, said.words));
        }
        let expected = case.why.get(key);
        if expected.is_some_and(|(outcome, words)| *outcome != said.outcome.as_str() || *words != said.words) {
            wrong.push(format!("said of {key}: {}, {}", said.outcome.as_str(), said.words));
        }
    }
    wrong
}

/// Every case.
pub fn all() -> Vec<Case> {
    crate::files::<Vec<Case>>("choose").into_iter().flat_map(|(_, cases)| cases).collect()
}

impl Case {
    /// What there is to choose from.
    pub fn prompts(&self) -> &[Prompt] {
        &self.prompts
    }

    /// Why not, as it is expected.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        self.losers.values().map(Expected::reason)
    }
}

#[cfg_attr(test, test)]
pub fn one_prompt_wins_as_its_cases_say() {
    let mut mistakes = Vec::new();
    for (file, cases) in crate::files::<Vec<Case>>("choose") {
        for case in &cases {
            let wrong = check(case).into_iter();
            mistakes.extend(wrong.map(|wrong| format!("{file}: {}: {wrong}", case.name)));
        }
    }
    crate::report(mistakes);
}
