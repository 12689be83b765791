//! A town: what a site of some size has seen in thirty days, for the console's pages. Its people are made by numbers that are the same in
//! each run; what they do goes the way every event goes, each as if it had come when it happened, so that all that follows from the log
//! is there too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use collector::auth::{Member, Session, cookie_of};
use collector::ingest::accept::{Context, accept};
use collector::ingest::agreed::Agreed;
use collector::ingest::body;
use collector::sites::Site;
use collector::store::events::EventRow;
use collector::{Clock, Config, ops, store};
use engine::event::Sender;
use engine::splitmix::splitmix;
use engine::{Span, Timestamp, Uuid};
use serde_json::{Value, json};

/// The site's id.
pub const SITE: &str = "town";
/// Browsers. The first 5 000 of them are people's, the others are nobody's that is known.
pub const VISITORS: u64 = 20_000;
/// People who have said who they are; each fourth on two browsers.
pub const PEOPLE: u64 = 4_000;
/// Companies. The people of the first come much oftener than others.
pub const ACCOUNTS: u64 = 800;
/// How far back it goes.
pub const LASTED: Span = Span::days(30);

/// What happens in one visit.
const ACTS: u64 = 8;
/// Events that are written at once.
const CHUNK: usize = 1000;

const OPENED: &str = r#"{"device":"desktop","language":"en","system":"windows","browser":"chrome"}"#;
const PATHS: [&str; 8] = ["/", "/pricing", "/docs", "/docs/start", "/app", "/app/reports", "/app/invoices", "/blog"];
const DONE: [&str; 6] =
    ["Report Opened", "Invoice Sent", "Export Made", "Search Made", "Upgrade Viewed", "Integration Connected"];
const TOLD: [&str; 6] = [
    "Trial Started",
    "Subscription Started",
    "Invoice Sent",
    "Teammate Invited",
    "Subscription Renewed",
    "Trial Ended",
];
const FIRST: [&str; 10] = ["Ada", "Ben", "Cara", "Dev", "Elsa", "Finn", "Gia", "Hugo", "Ines", "Jonas"];
const LAST: [&str; 10] = ["Hale", "Osei", "Lind", "Patel", "Berg", "Moore", "Rossi", "Klein", "Costa", "Weber"];
const WORDS: [&str; 8] =
    ["slow exports", "bank matching", "support", "price", "invoices", "the app", "reports", "setup"];

/// Numbers by lot, the same in each run.
struct Lots(u64);

impl Lots {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 += 1;
        splitmix(self.0) % bound
    }

    fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len() as u64) as usize]
    }
}

/// What somebody's browser says, or a server of somebody.
enum Said {
    Browser(Value),
    Server(Value),
}

/// A visit: when it began, in milliseconds, and by which browser.
type Stay = (i64, u64);

/// Whose browser it is.
fn person_of(visitor: u64) -> Option<u64> {
    match visitor {
        0..PEOPLE => Some(visitor),
        PEOPLE..5_000 => Some((visitor - PEOPLE) * 4),
        _ => None,
    }
}

/// Makes the town's site in a folder, up to now, and gives the cookie of somebody who may see all of it.
///
/// # Errors
/// A sentence.
pub async fn build(config: Config, examples: &Path, events: u64) -> Result<String, String> {
    let end = Clock::System.now();
    let begin = end.before(LASTED);
    let clock = Clock::set_to(begin);
    let running = collector::start(config, clock.clone()).await.map_err(|error| error.to_string())?;
    let app = &running.app;
    let failed = |error: store::Error| error.to_string();
    let mut tx = app.db.begin().await.map_err(failed)?;
    store::sites::insert(&mut tx.conn(), SITE, "wk_bench_town", "Town", "UTC", begin.0).await.map_err(failed)?;
    store::sites::insert_origin(&mut tx.conn(), SITE, "https://shop.example").await.map_err(failed)?;
    store::members::insert(&mut tx.conn(), "bench", "bench@shop.example", "", true, begin.0).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    app.sites.refresh(&app.db).await.map_err(failed)?;
    let site = app.sites.by_id(SITE).ok_or("the site was not made")?;
    let files: Vec<PathBuf> = ["site.json", "journeys", "prompts"].iter().map(|name| examples.join(name)).collect();
    ops::publish(&app.db, &clock, &site, &files).await?;
    app.sites.refresh(&app.db).await.map_err(failed)?;
    let site = app.sites.by_id(SITE).ok_or("the site was not made")?;

    let mut life = Life { lots: Lots(7), known: BTreeSet::new(), coming: BTreeMap::new(), rows: Vec::new() };
    for (at, visitor) in stays(&mut Lots(1), begin, events / ACTS) {
        life.happen(at)?;
        life.visit(at, visitor);
        while life.rows.len() >= CHUNK {
            let rest = life.rows.split_off(CHUNK);
            write(app, &clock, &site, std::mem::replace(&mut life.rows, rest)).await?;
        }
    }
    life.happen(i64::MAX)?;
    write(app, &clock, &site, life.rows).await?;
    clock.advance(end.since(clock.now()));
    let member = Member { id: "bench".into(), email: "bench@shop.example".into(), name: String::new(), is_owner: true };
    let session = Session::open(app, member).await.map_err(failed)?;
    let cookie = cookie_of(app, &session);
    let cookie = cookie.to_str().map_err(|error| error.to_string())?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    running.stop().await;
    Ok(cookie)
}

async fn write(app: &collector::App, clock: &Clock, site: &Arc<Site>, rows: Vec<EventRow>) -> Result<(), String> {
    let Some(first) = rows.first() else { return Ok(()) };
    // Nothing that waits for a deadline may be looked at as of later than what is still to come.
    clock.advance(Timestamp(first.at).since(clock.now()));
    app.writer.submit(site.clone(), rows).await.map(drop).map_err(|error| format!("{error:?}"))
}

/// So many visits in the order of time; each browser comes at least once if there are enough.
fn stays(lots: &mut Lots, begin: Timestamp, count: u64) -> Vec<Stay> {
    let mut stays: Vec<Stay> = (0..count)
        .map(|number| {
            let visitor = match (number, lots.below(100)) {
                (0..VISITORS, _) => number,
                (_, 0..2) => lots.below(PEOPLE / ACCOUNTS) * ACCOUNTS,
                (_, 2..80) => lots.below(5_000),
                _ => 5_000 + lots.below(VISITORS - 5_000),
            };
            // The last quarter of an hour is left to visits that have begun.
            let at = begin.0 + lots.below(LASTED.0 as u64 - 900_000) as i64;
            (at, visitor)
        })
        .collect();
    stays.sort_unstable();
    stays
}

/// What has yet to happen, in its order.
struct Life {
    lots: Lots,
    known: BTreeSet<u64>,
    coming: BTreeMap<(i64, u64), (u64, u64, Said)>,
    rows: Vec<EventRow>,
}

impl Life {
    /// One visit of [`ACTS`] acts, a few seconds to a minute from each to the next.
    fn visit(&mut self, began: i64, visitor: u64) {
        let person = person_of(visitor);
        let is_new = self.known.insert(visitor);
        let prompts = self.lots.below(12) == 0;
        let mut at = began;
        for place in 0..ACTS {
            let said = match (place, person) {
                (1, Some(person)) if is_new || self.lots.below(5) == 0 => Said::Browser(identify(person)),
                (2, Some(person)) if is_new => Said::Browser(group(person % ACCOUNTS)),
                (3..6, _) if prompts => Said::Browser(self.prompt(place - 3, person.is_some())),
                (7, Some(person)) if self.lots.below(10) == 0 => Said::Server(self.told(person)),
                (4 | 6 | 7, _) => Said::Browser(json!({ "type": "track", "name": self.lots.one_of(&DONE),
                    "url": "https://shop.example/app", "props": { "amount": self.lots.below(500), "currency": "EUR" } })),
                _ => {
                    let from = if place == 0 && visitor.is_multiple_of(3) {
                        "?utm_source=letter&utm_medium=email&utm_campaign=spring"
                    } else {
                        ""
                    };
                    let path = self.lots.one_of(&PATHS);
                    Said::Browser(json!({ "type": "page", "url": format!("https://shop.example{path}{from}") }))
                }
            };
            let number = self.lots.0;
            self.coming.insert((at, number), (visitor, splitmix(began as u64 ^ visitor), said));
            at += 3_000 + self.lots.below(60_000) as i64;
        }
    }

    /// Shown, seen, then answered or sent away.
    fn prompt(&mut self, step: u64, is_known: bool) -> Value {
        let prompt = if is_known { "nps" } else { "spring_offer" };
        let url = "https://shop.example/app";
        let is_answered = self.lots.below(10) < 6;
        match step {
            0 => {
                json!({ "type": "prompt", "prompt": prompt, "action": "shown", "url": url, "props": { "interrupts": true } })
            }
            1 => json!({ "type": "prompt", "prompt": prompt, "action": "viewed", "url": url }),
            _ if is_answered && is_known => {
                let comment = format!("More about {} and {}", self.lots.one_of(&WORDS), self.lots.one_of(&WORDS));
                json!({ "type": "prompt", "prompt": prompt, "action": "answered", "name": "NPS Answered", "url": url,
                    "props": { "score": self.lots.below(11), "comment": comment } })
            }
            _ if is_answered => json!({ "type": "prompt", "prompt": prompt, "action": "clicked", "url": url }),
            _ => json!({ "type": "prompt", "prompt": prompt, "action": "dismissed", "url": url }),
        }
    }

    /// What a server tells of a person, or says of them.
    fn told(&mut self, person: u64) -> Value {
        let (user, account) = (user(person), account(person % ACCOUNTS));
        if self.lots.below(4) == 0 {
            let plan = self.lots.one_of(&["free", "team", "company"]);
            return json!({ "type": "identify", "user_id": user, "traits": { "plan": plan, "seats": self.lots.below(50) } });
        }
        json!({ "type": "track", "name": self.lots.one_of(&TOLD), "user_id": user, "account_id": account, "props": { "mrr": 49 } })
    }

    /// Whatever was to come up to an instant becomes rows.
    fn happen(&mut self, until: i64) -> Result<(), String> {
        while let Some(first) = self.coming.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, number), (visitor, session, said)) = first.remove_entry();
            let id = |number: u64| Uuid::v7(at, splitmix_bytes(number)).write();
            let own = |number: u64| Uuid::v7(0, splitmix_bytes(number)).write();
            let (sender, opened, batch) = match said {
                Said::Browser(mut event) => {
                    (event["id"], event["at"]) = (json!(id(number)), json!(at));
                    let batch = json!({ "visitor": own(visitor), "device": own(visitor + VISITORS), "session": own(session),
                        "sent_at": at, "events": [event] });
                    (Sender::Browser, Some(Arc::from(OPENED)), batch)
                }
                Said::Server(mut event) => {
                    (event["id"], event["at"]) = (json!(id(number)), json!(at));
                    (Sender::Server, None, json!({ "events": [event] }))
                }
            };
            let received = Timestamp(at);
            let context = Context {
                site_id: Arc::from(SITE),
                sender,
                crawler: false,
                team: false,
                agreed: Agreed::ALL,
                received,
                opened,
            };
            let text = batch.to_string();
            let read = body::read(text.as_bytes()).map_err(|error| format!("{error:?}"))?;
            let accepted = accept(read, &context);
            if accepted.rows.len() != 1 {
                return Err(format!("{text} is not taken: {:?}", accepted.fates));
            }
            self.rows.extend(accepted.rows);
        }
        Ok(())
    }
}

/// The name of a person in the log.
pub fn user(person: u64) -> String {
    format!("u{person:04}")
}

/// The name of an account in the log.
pub fn account(number: u64) -> String {
    format!("company-{number:03}")
}

fn identify(person: u64) -> Value {
    let (first, last) = (FIRST[(person % 10) as usize], LAST[(person / 10 % 10) as usize]);
    let email =
        format!("{}.{}{person}@{}.example", first.to_lowercase(), last.to_lowercase(), account(person % ACCOUNTS));
    let role = ["owner", "bookkeeper", "developer"][(person % 3) as usize];
    json!({ "type": "identify", "user_id": user(person), "traits": { "name": format!("{first} {last}"), "email": email, "role": role } })
}

fn group(number: u64) -> Value {
    let plan = ["free", "team", "company"][(number % 3) as usize];
    json!({ "type": "group", "account_id": account(number), "traits": { "name": format!("Company {number}"), "plan": plan } })
}

fn splitmix_bytes(number: u64) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&splitmix(number).to_be_bytes());
    bytes[8..].copy_from_slice(&(number as u16).to_be_bytes());
    bytes
}
