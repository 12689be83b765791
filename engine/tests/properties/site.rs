//! Sites with prompts of every kind, somebody's past with them, and the page that they are on.

use crate::log::{DAY, MINUTE, Sent, groups, in_order, key};
use crate::memory::{last, remember};
use crate::page::{PageSeen, page_seen};
use crate::rule::Log;
use crate::rules::{any_log, rule};
use engine::event::Action;
use engine::experiment::{Seed, Unit};
use engine::frequency::{Exposure, History, Policy};
use engine::page::PageGroups;
use engine::prompt::{Page, Prompt, Scene, Signal, Signals, What, Zone};
use engine::rule::{Both, Condition, Consent, Inside, Leaves, Memory, OnPage};
use engine::{Props, Timestamp, Value};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

/// What there is, before anybody asks.
#[derive(Clone, Debug)]
pub struct Site {
    pub prompts: Vec<Prompt>,
    pub policy: Policy,
    pub past: Vec<Happened>,
    pub log: Vec<Sent>,
    pub seen: PageSeen,
    pub visit: Visit,
    /// So long after the last event of the log it is now.
    pub after: i64,
}

/// Something that happened with a prompt, so long ago.
#[derive(Clone, Debug)]
pub struct Happened {
    prompt: String,
    action: Action,
    ago: i64,
    in_session: bool,
    interrupts: bool,
    partial: bool,
}

/// What else a choice depends on.
#[derive(Clone, Debug)]
pub struct Visit {
    pub unit: Unit,
    pub zone: Option<Zone>,
    pub consents: Vec<Consent>,
    pub spare_offers: bool,
    /// How long they have been on the page, and what happened on it how long ago.
    pub on_page_for: i64,
    pub happened: Vec<(What, i64)>,
    pub stands: Option<Stands>,
    pub taken: bool,
    pub shown: u32,
}

/// Which elements are in the page.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stands {
    /// What some prompts keep clear of.
    pub cookies: bool,
    /// What some prompts stand in.
    pub promo: bool,
}

impl Inside for Stands {
    fn variable(&self, _: &str) -> Option<Value> {
        None
    }

    fn cookie(&self, _: &str) -> Option<String> {
        None
    }

    fn has_element(&self, selector: &str) -> bool {
        match selector {
            "#cookies" => self.cookies,
            "#promo" => self.promo,
            _ => false,
        }
    }
}

/// `field` with `value` in most cases left out.
fn now_and_then(field: &'static str, values: Vec<Json>) -> impl Strategy<Value = Option<(&'static str, Json)>> {
    prop::option::weighted(0.25, select(values).prop_map(move |value| (field, value)))
}

fn content() -> impl Strategy<Value = Json> {
    let link = json!({"label": "Go", "url": "/go"});
    let button = link.clone();
    let coupon =
        move |ends: i64| json!({"offer": {"heading": "?", "coupon": {"code": "X", "ends": ends}, "button": button}});
    prop_oneof![
        6 => select(vec![
            json!({"nps": {"question": "?"}}),
            json!({"community": {"heading": "?", "links": [link]}}),
            json!({"offer": {"heading": "?", "button": link}}),
            json!({"notice": {"heading": "?"}}),
            json!({"survey": {"questions": [{"id": "q", "text": "?", "ask": {"csat": {}}}]}}),
        ]),
        1 => (1_735_000_000_000..1_760_000_000_000i64).prop_map(coupon),
    ]
}

fn plan() -> impl Strategy<Value = Vec<Option<(&'static str, Json)>>> {
    let event = |name: &str| json!({"name": name});
    let big = |least: i32| json!({"name": "Paid", "where": [{"prop": "value", "test": {"at_least": least}}]});
    let days = json!([{"days": ["monday", "tuesday", "saturday"], "from": "09:00", "to": "03:00"}]);
    vec![
        now_and_then("moment", vec![
            json!({"dwell": "30s"}), json!({"scroll": 50}), json!({"inactivity": "10s"}), json!({"pages_viewed": 2}),
            json!({"event": event("Signed Up")}), json!({"time_on_site": "1m"}), json!("exit_intent"),
            json!({"event": big(100)}), json!({"event": big(7)}),
        ]).boxed(),
        now_and_then("delay", vec![json!("5s")]).boxed(),
        now_and_then("cancel_on", vec![json!([event("Left")]), json!([big(50)])]).boxed(),
        now_and_then("schedule", vec![json!({"hours": days}), json!({"start": 1_740_000_000_000_i64}), json!({"end": 1_750_000_000_000_i64})]).boxed(),
        now_and_then("priority", vec![json!(-1), json!(1), json!(2)]).boxed(),
        now_and_then("frequency", vec![
            json!({"at_most": 1}), json!({"at_most": 9, "per_session": 2, "gap": "2d"}), json!({"again_after": "20d"}),
            json!({"at_most": 9, "windows": [{"at_most": 1, "within": "40d"}], "stop_on": ["closed"]}),
            json!({"at_most": 2, "repeat_every": "10d", "after_dismissal": "1d"}),
        ]).boxed(),
        now_and_then("mandatory", vec![json!(true)]).boxed(),
        now_and_then("tags", vec![json!(["t"])]).boxed(),
        now_and_then("consent", vec![json!(["store"]), json!(["store", "answer"])]).boxed(),
        now_and_then("offer_anyway", vec![json!("We owe them one.")]).boxed(),
        now_and_then("hold_while", vec![json!(["#cookies"])]).boxed(),
        now_and_then("experiment", vec![
            json!({"holdout": 0.4}), json!({"coverage": 0.6}), json!({"variants": [{"key": "a", "weight": 3}, {"key": "b", "weight": 1}]}),
            json!({"epoch": 1, "coverage": 0.9, "holdout": 0.1, "variants": [{"key": "a", "weight": 0}, {"key": "b", "weight": 1}]}),
        ]).boxed(),
    ]
}

fn prompt(at: usize) -> impl Strategy<Value = Prompt> {
    let placement =
        select(vec![json!("modal"), json!({"corner": "top_end"}), json!({"bar": "top"}), json!({"inline": "#promo"})]);
    let rule = prop_oneof![3 => Just(Condition::default()), 2 => rule()];
    (content(), placement, rule, plan()).prop_map(move |(content, placement, rule, plan)| {
        let mut prompt = json!({"key": format!("p{at}"), "content": content, "placement": placement, "rule": rule});
        let said = plan.into_iter().flatten().map(|(field, value)| (field.to_owned(), value));
        prompt.as_object_mut().unwrap().extend(said);
        serde_json::from_value(prompt).unwrap()
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let policies = vec![
        json!({}),
        json!({"interruptions_per_session": 2, "interruption_gap": "0ms", "groups": []}),
        json!({"per_session": 1}),
        json!({"per_page": 1, "groups": [{"of": {"tag": "t"}, "at_most": 1, "within": "7d"}]}),
        json!({"holdout": 0.3, "groups": [{"of": {"category": "offer"}, "at_most": 2, "within": "3d"}]}),
    ];
    select(policies).prop_map(|policy| serde_json::from_value(policy).unwrap())
}

fn past() -> impl Strategy<Value = Vec<Happened>> {
    // More often shown than anything else, and "don't ask me again" seldom.
    let actions = Action::ALL.into_iter().filter(|action| *action != Action::Muted).chain([Action::Shown; 12]);
    let action = prop_oneof![100 => select(actions.collect::<Vec<_>>()), 1 => Just(Action::Muted)];
    let ago = prop_oneof![1 => 0..60 * MINUTE, 2 => 0..7 * DAY, 3 => 0..100 * DAY];
    let odd = (any::<bool>(), prop::bool::weighted(0.3));
    let one = (0..4usize, action, ago, odd).prop_map(|(at, action, ago, (interrupts, partial))| Happened {
        prompt: format!("p{at}"),
        action,
        ago,
        in_session: ago < 30 * MINUTE,
        interrupts,
        partial,
    });
    prop::collection::vec(one, 0..16)
}

fn visit() -> impl Strategy<Value = Visit> {
    let event = |name: &str| What::Event(name.into(), Default::default());
    let paid = |value: i32| What::Event("Paid".into(), Props(vec![("value".into(), Value::Number(value.into()))]));
    let what = select(vec![
        paid(10),
        paid(200),
        What::Scrolled(20),
        What::Scrolled(70),
        event("Signed Up"),
        event("Left"),
        What::ExitIntent,
    ]);
    let happened = prop::collection::vec((what, 0..40_000i64), 0..4);
    let unit = prop::option::weighted(0.8, any::<u64>());
    let zone = prop::option::weighted(0.8, -DAY / 2..DAY / 2);
    let consents = select(vec![vec![], vec![Consent::Store], vec![Consent::Store, Consent::Answer]]);
    let stands = (prop::bool::weighted(0.4), prop::bool::weighted(0.6));
    let stands = prop::option::weighted(0.8, stands.prop_map(|(cookies, promo)| Stands { cookies, promo }));
    let odd = (any::<bool>(), prop::bool::weighted(0.1), 0..2u32);
    (unit, zone, consents, stands, happened, 0..120_000i64, odd).prop_map(
        |(seed, ahead, consents, stands, happened, on_page_for, (spare_offers, taken, shown))| Visit {
            unit: Unit { seed: seed.map(Seed), ..Unit::default() },
            zone: ahead.map(|ahead| Zone { ahead, until: None }),
            consents,
            spare_offers,
            on_page_for,
            happened,
            stands,
            taken,
            shown,
        },
    )
}

/// Sites of up to six prompts.
pub fn site() -> impl Strategy<Value = Site> {
    let prompts = (0..7usize).prop_flat_map(|count| (0..count).map(prompt).collect::<Vec<_>>());
    (prompts, policy(), past(), any_log(), page_seen(), visit(), 0..40 * DAY).prop_map(
        |(prompts, policy, past, log, seen, visit, after)| Site { prompts, policy, past, log, seen, visit, after },
    )
}

/// What is known when somebody asks, read once.
pub struct Known<'a> {
    pub site: &'a Site,
    pub now: Timestamp,
    pub history: History,
    groups: PageGroups,
    leaves: Leaves,
    memory: Memory,
    happened: Vec<Signal>,
}

impl Site {
    pub fn known(&self) -> Known<'_> {
        let log = in_order(&self.log);
        let leaves = Leaves::of(self.prompts.iter().map(|prompt| &prompt.rule));
        let memory = remember(&leaves, &log);
        let now = Timestamp(last(&log).0 + self.after);
        let mut history = History::default();
        for one in &self.past {
            let (prompt, at) = (&key(&one.prompt), Timestamp(now.0 - one.ago));
            let Happened { action, in_session, interrupts, partial, .. } = *one;
            history.observe(&Exposure { prompt, action, at, in_session, interrupts, partial });
        }
        let signal = |(what, ago): &(What, i64)| Signal { at: Timestamp(now.0 - ago), what: what.clone() };
        let mut happened: Vec<Signal> = self.visit.happened.iter().map(signal).collect();
        happened.sort_by_key(|signal| signal.at);
        Known { site: self, now, history, groups: groups(), leaves, memory, happened }
    }
}

impl Known<'_> {
    /// What rules ask, at an instant.
    pub fn ask(&self, now: Timestamp) -> Both<OnPage<'_>, Log<'_>> {
        let log = Log { leaves: &self.leaves, memory: &self.memory, now };
        Both { page: self.site.seen.on(&self.groups, now), log }
    }

    /// What the collector knows of the page that asks, at an instant.
    pub fn collector(&self, now: Timestamp) -> Both<OnPage<'_>, Log<'_>> {
        let log = Log { leaves: &self.leaves, memory: &self.memory, now };
        Both { page: self.site.seen.visit(&self.groups), log }
    }

    /// The scene, at an instant.
    pub fn scene(&self, now: Timestamp) -> Scene<'_> {
        let Visit { unit, zone, consents, spare_offers, on_page_for, stands, taken, shown, .. } = &self.site.visit;
        let since = Timestamp(self.now.0 - on_page_for);
        let signals =
            Signals { since, visit_since: Some(since), pages: Some(2), active: Some(since), happened: &self.happened };
        let inside = stands.as_ref().map(|stands| stands as &dyn Inside);
        Scene {
            history: &self.history,
            policy: &self.site.policy,
            unit,
            zone: *zone,
            consents,
            spare_offers: *spare_offers,
            page: Page { signals, inside, taken: *taken, shown: *shown },
            now,
        }
    }
}
