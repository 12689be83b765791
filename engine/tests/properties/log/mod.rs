//! Logs as they come: weeks of one subject, with servers and browsers, late events, silences, and everything at one instant
//! now and then. And journeys for them: the default template, and small random ones that pass the check.
//!
//! The one thing to know: a property holds easily where nothing happens, so what is generated here is itself tested.

pub mod journeys;

use engine::event::Action;
use engine::log::{LogEvent, Origin};
use engine::page::{PageGroup, PageGroups, PathPattern};
use engine::rule::Date;
use engine::{Key, Props, Timestamp, Uuid, Value};
use proptest::prelude::*;
use proptest::sample::select;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// When every log begins.
pub const BEGINNING: i64 = 1_735_689_600_000;

/// The key of this text.
pub fn key(text: &str) -> Key {
    Key::parse(text).expect("a key")
}

/// The page groups of the site.
pub fn groups() -> PageGroups {
    let group = |name: &str, path: &str| PageGroup {
        key: key(name),
        paths: vec![PathPattern::parse(path).expect("a pattern")],
    };
    PageGroups(vec![group("pricing", "/pricing*"), group("docs", "/docs/**")])
}

/// An event with how late it arrives, in milliseconds.
#[derive(Clone, Debug)]
pub struct Sent {
    pub event: LogEvent,
    pub delay: i64,
}

/// The events of a log in the order in which they arrive.
pub fn arriving(log: &[Sent]) -> Vec<LogEvent> {
    let mut log: Vec<&Sent> = log.iter().collect();
    log.sort_by_key(|sent| sent.event.at.0 + sent.delay);
    log.into_iter().map(|sent| sent.event.clone()).collect()
}

/// The events of a log in the log's order.
pub fn in_order(log: &[Sent]) -> Vec<LogEvent> {
    let mut log: Vec<LogEvent> = log.iter().map(|sent| sent.event.clone()).collect();
    log.sort_by_key(LogEvent::order);
    log
}

/// What happens, without its time.
#[derive(Clone, Debug)]
pub struct Happening {
    name: &'static str,
    origin: Origin,
    props: Vec<(&'static str, Value)>,
    url: &'static str,
    prompt: Option<(&'static str, Action)>,
}

fn happening(origin: Origin, name: &'static str) -> Happening {
    Happening { name, origin, props: Vec::new(), url: "", prompt: None }
}

fn web(name: &'static str) -> Happening {
    happening(Origin::Web, name)
}

fn server(name: &'static str) -> Happening {
    happening(Origin::Server, name)
}

impl Happening {
    fn with(mut self, prop: &'static str, value: Value) -> Happening {
        self.props.push((prop, value));
        self
    }

    fn on(mut self, url: &'static str) -> Happening {
        self.url = url;
        self
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn page() -> impl Strategy<Value = Happening> {
    let urls = [
        "https://x.example/",
        "https://x.example/?utm_campaign=spring&utm_medium=email",
        "https://x.example/?gclid=1",
        "https://x.example/docs/setup",
        "https://x.example/pricing",
        "https://x.example/pricing.html?plan=pro",
        "https://x.example/pricing",
    ];
    select(urls.to_vec()).prop_map(|url| web("Page Viewed").on(url))
}

fn answer() -> impl Strategy<Value = Happening> {
    (0..=10i32).prop_map(|score| Happening {
        prompt: Some(("nps", Action::Answered)),
        ..web("NPS Answered").with("score", Value::Number(score.into()))
    })
}

fn set() -> impl Strategy<Value = Happening> {
    let stages = ["evaluation", "adoption", "retention", "expansion", "s1", "s2", "nowhere"];
    let pins = [None, None, None, Some(20), Some(60)];
    let origins = [Origin::Csm, Origin::Server, Origin::Web];
    (select(stages.to_vec()), select(pins.to_vec()), select(origins.to_vec())).prop_map(|(stage, pin, origin)| {
        let set = happening(origin, "Stage Set").with("stage", text(stage));
        match pin {
            Some(day) => set.with("pin_until", Value::Number((BEGINNING + day * DAY) as f64)),
            None => set,
        }
    })
}

fn identity() -> impl Strategy<Value = Happening> {
    let plans =
        prop_oneof![select(vec!["free", "pro", "Pro"]).prop_map(text), Just(Value::Number(7.25)), Just(Value::Other)];
    let since = prop_oneof![
        (0..400i64).prop_map(|day| text(&Date(Timestamp(BEGINNING - 100 * DAY + day * DAY)).to_string())),
        (0..400 * DAY).prop_map(|ms| Value::Number((BEGINNING - 100 * DAY + ms) as f64)),
        Just(text("long ago")),
    ];
    let names = ["Identified", "Grouped"];
    let origins = [Origin::Server, Origin::Web];
    (select(names.to_vec()), select(origins.to_vec()), plans, prop::option::of(since)).prop_map(
        |(name, origin, plan, since)| {
            let said = happening(origin, name).with("plan", plan);
            match since {
                Some(since) => said.with("since", since),
                None => said,
            }
        },
    )
}

/// Anything at all, in no order that makes sense.
pub fn anything() -> impl Strategy<Value = Happening> {
    let plain = [
        "Signed In",
        "Feature Used",
        "Plan Limit Reached",
        "Upgrade Viewed",
        "Review Given",
        "Demo Requested",
        "Trial Started",
        "Support Contacted",
        "Invite Sent",
        "Go",
        "Turn",
    ];
    let billing = [
        "Subscription Started",
        "Subscription Ended",
        "Subscription Renewed",
        "Subscription Upgraded",
        "Trial Ended",
        "Go",
    ];
    let amounts = prop_oneof![Just(0.0), Just(49.9), 0.0..1000.0f64];
    prop_oneof![
        3 => page(),
        4 => select(plain.to_vec()).prop_map(web),
        3 => (select(billing.to_vec()), amounts, any::<bool>(), any::<bool>()).prop_map(|(name, mrr, adds, is_trusted)| {
            let origin = if is_trusted { Origin::Server } else { Origin::Web };
            happening(origin, name).with("mrr", Value::Number(mrr)).with("adds_features", Value::Bool(adds))
        }),
        1 => answer(),
        1 => select(vec!["spring", "nps"]).prop_map(|prompt| Happening { prompt: Some((prompt, Action::Shown)), ..web("Prompt Shown") }),
        1 => identity(),
        3 => set(),
    ]
}

/// A chapter of a customer's life: a few happenings that belong together.
fn chapter() -> impl Strategy<Value = Vec<Happening>> {
    let one = |happening: Happening| Just(vec![happening]);
    prop_oneof![
        2 => prop::collection::vec(anything(), 1..4),
        1 => prop::collection::vec(page(), 1..4),
        1 => prop::collection::vec(Just(web("Signed In")), 1..14),
        1 => one(server("Subscription Ended")),
        3 => Just(vec![server("Subscription Ended"), server("Subscription Started").with("mrr", Value::Number(20.0))]),
        2 => one(web("Plan Limit Reached")),
        3 => Just(vec![web("Review Given"), web("Signed In"), web("NPS Answered").with("score", Value::Number(3.0))]),
        1 => one(web("Trial Started")),
        1 => one(server("Trial Ended")),
        1 => any::<bool>().prop_map(|adds| vec![server("Subscription Upgraded").with("adds_features", Value::Bool(adds))]),
        1 => one(web("Review Given")),
        1 => answer().prop_map(|answer| vec![answer]),
    ]
}

/// The road most take, of which each chapter may be missing.
fn road() -> impl Strategy<Value = Vec<Vec<Happening>>> {
    let chapters: Vec<Vec<Happening>> = vec![
        vec![web("Page Viewed").on("https://x.example/?utm_campaign=spring&utm_medium=email")],
        vec![web("Page Viewed").on("https://x.example/pricing"), web("Page Viewed").on("https://x.example/pricing")],
        vec![
            web("Identified").with("plan", text("free")),
            web("Signed Up"),
            server("Account Created").with("plan", text("pro")),
        ],
        vec![web("Trial Started"), web("Signed In"), web("Grouped").with("plan", text("pro"))],
        vec![server("Subscription Started").with("mrr", Value::Number(49.9))],
        vec![web("Integration Connected"), web("Invite Sent"), web("Signed In"), web("Core Action Done")],
        vec![web("Feature Used"), web("Signed In"), server("Subscription Renewed")],
    ];
    prop::collection::vec(prop::bool::weighted(0.92), chapters.len()).prop_map(move |kept| {
        let with = chapters.iter().zip(kept);
        with.filter(|(_, kept)| *kept).map(|(chapter, _)| chapter.clone()).collect()
    })
}

fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        1 => Just(1),
        6 => MINUTE..8 * HOUR,
        6 => 8 * HOUR..6 * DAY,
        1 => select(vec![DAY, 7 * DAY, 14 * DAY, 30 * DAY]),
        1 => 20 * DAY..200 * DAY,
    ]
}

fn delay() -> impl Strategy<Value = i64> {
    prop_oneof![12 => Just(0), 1 => 0..2 * HOUR, 2 => 2 * HOUR..20 * DAY]
}

fn log_of(happenings: impl Strategy<Value = Vec<Happening>>) -> impl Strategy<Value = Vec<Sent>> {
    happenings.prop_flat_map(|happenings| {
        let many = happenings.len();
        let beside = prop::collection::vec((gap(), delay(), any::<u32>(), 0..4u8), many);
        (Just(happenings), beside).prop_map(|(happenings, beside)| {
            let (mut at, mut session) = (BEGINNING, 1u32);
            let mut log = Vec::new();
            for (index, (happening, (gap, delay, random, turn))) in happenings.into_iter().zip(beside).enumerate() {
                at += if index == 0 { 0 } else { gap };
                session += u32::from(gap > 30 * MINUTE || turn == 0);
                log.push(sent(happening, at, delay, random, index, session));
            }
            log
        })
    })
}

fn sent(of: Happening, at: i64, delay: i64, random: u32, index: usize, session: u32) -> Sent {
    // Unique by the index, in random order within an instant.
    let mut id = [0; 16];
    id[0..4].copy_from_slice(&random.to_be_bytes());
    id[8..16].copy_from_slice(&(index as u64 + 1).to_be_bytes());
    let mut visit = [0; 16];
    visit[12..16].copy_from_slice(&session.to_be_bytes());
    let is_web = of.origin == Origin::Web;
    Sent {
        delay,
        event: LogEvent {
            id: Uuid::from_bytes(id),
            at: Timestamp(at),
            origin: of.origin,
            name: of.name.into(),
            props: Props(of.props.into_iter().map(|(name, value)| (name.into(), value)).collect()),
            url: of.url.into(),
            referrer: String::new(),
            session: is_web.then(|| Uuid::from_bytes(visit)),
            prompt: of.prompt.map(|(prompt, action)| (key(prompt), action)),
            anonymous: false,
        },
    }
}

/// Weeks of one customer, for the default template.
pub fn customer() -> impl Strategy<Value = Vec<Sent>> {
    let tail = prop::collection::vec(chapter(), 0..8);
    log_of((road(), tail).prop_map(|(road, tail)| {
        let happenings: Vec<Happening> = road.into_iter().chain(tail).flatten().collect();
        if happenings.is_empty() {
            return vec![web("Signed Up")];
        }
        happenings
    }))
}

/// A log without a story.
pub fn noise() -> impl Strategy<Value = Vec<Sent>> {
    log_of(prop::collection::vec(anything(), 1..30))
}
