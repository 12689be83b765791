//! How many decisions a second [`choose`] takes, on a page with many prompts.
//!
//! Depends on nothing but the engine, so that the same program runs natively and, compiled to WebAssembly with the
//! widget's own profile, in a browser.

use std::hint::black_box;
use std::time::{Duration, Instant};

use engine::event::Action;
use engine::facts::{Facts, Verdict, publish};
use engine::frequency::{Exposure, History, Policy};
use engine::page::PageGroups;
use engine::prompt::{Page, Prompt, choose};
use engine::rule::{Answer, Both, Condition, Device, OnPage, Witness};
use engine::{Span, Timestamp};
use serde_json::json;

/// So many prompts a site has published.
pub const SIZES: [usize; 3] = [10, 100, 1000];

const NOW: Timestamp = Timestamp(1_750_000_000_000);

/// A page, what it was told, and the prompts that want to stand on it.
#[derive(Debug)]
pub struct Scene {
    prompts: Vec<Prompt>,
    facts: Facts,
    groups: PageGroups,
    policy: Policy,
}

/// What the collector told, as the widget asks it.
struct Told<'a>(&'a Facts);

impl Witness for Told<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.0.verdict(*id, NOW),
            _ => Answer::UNKNOWN,
        }
    }
}

impl Scene {
    /// A scene with so many prompts. Each rule has five conditions, of the page and of the log; three quarters of the rules
    /// fail at the last condition that is asked, the others hold.
    pub fn new(prompts: usize) -> Self {
        let prompts: Vec<Prompt> = (0..prompts).filter_map(prompt).collect();
        let mut verdicts: Vec<Verdict> = Vec::new();
        for prompt in &prompts {
            prompt.rule.each_leaf(&mut |leaf| {
                if let Condition::Verdict(id) = leaf
                    && !verdicts.iter().any(|known| known.0 == *id)
                {
                    verdicts.push(Verdict(*id, true, None));
                }
            });
        }
        let mut history = History::default();
        for prompt in prompts.iter().step_by(5) {
            let at = NOW.before(Span::days(20));
            history.observe(&Exposure {
                prompt: &prompt.key,
                action: Action::Shown,
                at,
                in_session: false,
                interrupts: false,
            });
        }
        let facts = Facts { now: NOW, bundle: String::new(), verdicts, history };
        Self { prompts, facts, groups: PageGroups::default(), policy: Policy::default() }
    }

    /// Decides once; true if a prompt was chosen.
    pub fn decide(&self) -> bool {
        let page = OnPage {
            address: Some("https://shop.example/app/pricing?utm_campaign=spring&plan=team"),
            groups: &self.groups,
            device: Some(Device::Desktop),
            language: Some("en-GB"),
        };
        let witness = Both { page, log: Told(&self.facts) };
        let page = Page { since: NOW.before(Span::hours(1)), taken: false };
        choose(&self.prompts, &witness, &self.facts.history, &self.policy, page, NOW).winner.is_some()
    }
}

/// A prompt in its published form, as pages get it.
fn prompt(index: usize) -> Option<Prompt> {
    let language = if index.is_multiple_of(4) { "en" } else { "fr" };
    let prompt = json!({
        "key": format!("prompt_{index}"),
        "content": { "review": { "heading": "How was it?", "links": [{ "label": "Write a review", "url": "https://reviews.example/" }] } },
        "placement": { "corner": "bottom_end" },
        "priority": index % 10,
        "rule": { "all": [
            { "stage": { "journey": "saas", "is": [format!("stage_{index}")] } },
            { "path": "/app/**" },
            { "query": { "param": "plan", "test": { "is": ["team", "business"] } } },
            { "device": ["desktop", "tablet"] },
            { "language": [language] },
        ] },
    });
    let prompt: Prompt = serde_json::from_value(prompt).ok()?;
    Some(Prompt { rule: publish(&prompt.rule), ..prompt })
}

/// Decisions a second with so many prompts: the best of three goes, since what disturbs can only slow down.
///
/// # Panics
/// If nothing was chosen: then it was not decisions that were measured.
pub fn decisions_a_second(prompts: usize) -> f64 {
    const GO: Duration = Duration::from_millis(400);
    let scene = Scene::new(prompts);
    assert!(scene.prompts.len() == prompts && scene.decide(), "the scene is not what it should be");
    let go = || {
        let began = Instant::now();
        let mut decisions = 0u32;
        while began.elapsed() < GO {
            for _ in 0..16 {
                black_box(black_box(&scene).decide());
            }
            decisions += 16;
        }
        f64::from(decisions) / began.elapsed().as_secs_f64()
    };
    (0..3).map(|_| go()).fold(0.0, f64::max)
}
