//! What one decision costs on a page with many prompts: a scene, and [`choose`] in it.
//!
//! Depends on the engine alone, so that the same scene stands natively and, compiled as the widget is, in a browser
//! ([`browser`]). It measures nothing: who holds the clock does.

#[cfg(target_arch = "wasm32")]
pub mod browser;

use engine::event::Action;
use engine::facts::{Facts, Here, Read, Sent, judge};
use engine::frequency::{Exposure, History, Policy};
use engine::page::PageGroups;
use engine::prompt::{self, Page, Prompt, Reason, Signals, Theme, choose, choose_telling};
use engine::rule::{Answer, Condition, OnPage, Visit, Witness};
use engine::{Span, Timestamp};
use serde_json::{Value, json};

/// So many prompts a site has published.
pub const SIZES: [usize; 3] = [100, 1000, 4000];

const NOW: Timestamp = Timestamp(1_750_000_000_000);

/// A page, what it was told, and the prompts that want to stand on it.
#[derive(Debug)]
pub struct Scene {
    prompts: Vec<Prompt<Read>>,
    here: Here,
    facts: Facts,
    groups: PageGroups,
    policy: Policy,
}

/// The collector, for which all that it is asked holds.
struct Collector;

impl Witness for Collector {
    fn answer(&self, _: &Condition) -> Answer {
        Answer::of(true)
    }
}

/// What the collector said and what the page knows, as the widget asks them.
struct Seen<'a> {
    scene: &'a Scene,
    page: OnPage<'a>,
}

impl Witness for Seen<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.scene.facts.verdict(*id, NOW),
            Condition::Here(id) => self.scene.here.answer(*id, &self.page),
            _ => Answer::UNKNOWN,
        }
    }
}

impl Scene {
    /// A scene with so many prompts; none if they cannot be read. Each rule has five conditions, two that the collector has answered
    /// and three that the page answers, and no two rules ask the same. Half of the rules fail at the condition that is asked last, the
    /// other half hold, so that each rule is asked to its end. A tenth has a regular expression or asks for something done before, and
    /// one prompt in five was shown before.
    pub fn new(prompts: usize) -> Option<Self> {
        let read = |index| serde_json::from_value(written(index)).ok();
        let prompts: Vec<Prompt> = (0..prompts).map(read).collect::<Option<_>>()?;
        let (mut here, mut events) = (Here::default(), Vec::new());
        let sent = |prompt| Prompt::<Sent>::of(prompt, &Theme::default(), false, &mut here, &mut events);
        let sent: Vec<Prompt<Sent>> = prompts.iter().map(sent).collect();
        let mut scene = Self {
            prompts: serde_json::from_value(serde_json::to_value(sent).ok()?).ok()?,
            here,
            facts: Facts::default(),
            groups: PageGroups::default(),
            policy: Policy::default(),
        };
        scene.facts.verdicts = judge(prompts.iter().map(|prompt| &prompt.rule), &Collector);
        let mut history = History::default();
        for prompt in scene.prompts.iter().step_by(5) {
            let (prompt, action, at) = (&prompt.key, Action::Shown, NOW.before(Span::days(20)));
            history.observe(&Exposure { prompt, action, at, in_session: false, interrupts: false, partial: false });
        }
        scene.facts.history = history;
        Some(scene)
    }

    /// Decides once; whether a prompt was chosen.
    pub fn decide(&self) -> bool {
        self.ask(|witness, scene| choose(&self.prompts, witness, scene).winner.is_some())
    }

    /// Decides once and keeps, as the overlay does, why each of the others was not chosen; how many reasons there are.
    pub fn decide_telling(&self) -> usize {
        self.ask(|witness, scene| {
            let mut reasons: Vec<(&Prompt<Read>, Reason)> = Vec::with_capacity(self.prompts.len());
            choose_telling(&self.prompts, witness, scene, &mut |prompt, reason| reasons.push((prompt, reason)));
            reasons.len()
        })
    }

    /// Whether something is chosen and everything else has a reason not to be: if not, it is no decisions that are measured.
    pub fn stands(&self) -> bool {
        self.decide() && self.decide_telling() + 1 == self.prompts.len()
    }

    /// Everything that a decision starts from is put together anew, as the widget does each time.
    fn ask<T>(&self, decide: impl FnOnce(&Seen<'_>, &prompt::Scene<'_, Read>) -> T) -> T {
        let since = NOW.before(Span::hours(1));
        let landing = Some("https://shop.example/app/pricing?utm_campaign=spring&plan=team");
        let visit = Some((Visit { pages: 3, since, number: Some(4), landing }, NOW));
        let page = OnPage { width: Some(1e4), visit, ..OnPage::new(None, &self.groups) };
        let scene = prompt::Scene {
            history: &self.facts.history,
            policy: &self.policy,
            unit: &self.facts.terms,
            zone: None,
            consents: &[],
            spare_offers: false,
            page: Page { signals: Signals { since, ..Signals::default() }, ..Page::default() },
            now: NOW,
        };
        decide(&Seen { scene: self, page }, &scene)
    }
}

/// A prompt as a marketer writes it.
fn written(index: usize) -> Value {
    let known = match index % 20 {
        15 => json!({ "event": { "name": format!("Event {index}"), "count": 3, "within": "30d" } }),
        _ => json!({ "stage": { "journey": "saas", "is": [format!("stage_{index}")] } }),
    };
    let session = match index % 20 {
        0 => json!({ "landing": { "matches": [format!("^/app/(pricing|plans|page{index})$")] } }),
        _ => json!({ "pages": { "at_least": 2 } }),
    };
    let visits = if index.is_multiple_of(2) { 2 } else { 9 };
    json!({
        "key": format!("prompt_{index}"),
        "content": { "review": { "heading": "How is it?", "links": [] } },
        "placement": { "corner": "bottom_end" },
        "priority": index % 10,
        "rule": { "all": [
            known,
            { "path": "/app/**" },
            { "width": { "at_least": 320 + index } },
            { "session": session },
            { "session": { "visit": { "at_least": visits } } },
        ] },
    })
}
