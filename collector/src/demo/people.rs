//! The demo's made-up customers: thirty companies of two people each, with three months behind them, and some visitors who never said
//! who they are. What they did goes the way every event goes, each as if it had come when it happened; so whatever the console shows of
//! them follows from a log.

use std::sync::Arc;

use engine::event::Sender;
use engine::{Span, Timestamp, Uuid};
use serde_json::{Value, json};

use super::SITE;
use crate::error::ApiError;
use crate::id;
use crate::ingest::accept::{self, Context, Fate};
use crate::ingest::agreed::Agreed;
use crate::ingest::body;
use crate::sites::Site;
use crate::state::App;
use crate::store::events::EventRow;

/// What their browsers say of themselves.
const OPENED: &str = r#"{"device":"desktop","language":"en","system":"windows","browser":"chrome"}"#;

/// Events that are written at once.
const CHUNK: usize = 200;

const COMPANIES: [&str; 30] = [
    "Quay Cycles",
    "Harbour Books",
    "Fern & Fold",
    "Lumen Dental",
    "Oak Street Bakery",
    "Tidewater Tours",
    "Kestrel Films",
    "Blue Door Clinic",
    "Pine Ridge Farm",
    "Atlas Movers",
    "Copper Kettle",
    "Marlow Law",
    "Sunny Side Care",
    "Brightwell Yoga",
    "Granite Works",
    "Nimbus Drones",
    "Red Thread Atelier",
    "Foxglove Garden",
    "Juniper Hotel",
    "Clearwater Pools",
    "Signal Studio",
    "Willow Vets",
    "Riverside Print",
    "Falcon Freight",
    "Meadow Dairy",
    "Cobalt Glass",
    "Hilltop School",
    "Amber Roasters",
    "North Pier Sailing",
    "Velvet Sound",
];

const PEOPLE: [&str; 60] = [
    "Ada Hale",
    "Ben Osei",
    "Cara Lind",
    "Dev Patel",
    "Elsa Berg",
    "Finn Moore",
    "Gia Rossi",
    "Hugo Klein",
    "Ines Costa",
    "Jonas Weber",
    "Kira Novak",
    "Liam Byrne",
    "Mia Sato",
    "Noah Fischer",
    "Olga Petrova",
    "Pablo Ruiz",
    "Quinn Adams",
    "Rosa Silva",
    "Sami Aalto",
    "Tara Singh",
    "Uma Nair",
    "Victor Dubois",
    "Wanda Maj",
    "Xenia Popa",
    "Yusuf Demir",
    "Zoe Martin",
    "Anton Beck",
    "Bella Conti",
    "Carl Holm",
    "Dina Haddad",
    "Emil Krause",
    "Fay Wong",
    "Georg Huber",
    "Hana Kim",
    "Ivan Horvat",
    "Julia Meyer",
    "Karim Aziz",
    "Lena Vogel",
    "Marco Bianchi",
    "Nora Dahl",
    "Oscar Lopez",
    "Petra Kovac",
    "Ravi Kumar",
    "Sofia Greco",
    "Tom Walsh",
    "Ursula Frey",
    "Vera Sokol",
    "Will Turner",
    "Yara Khalil",
    "Zack Cole",
    "Alma Jensen",
    "Bruno Keller",
    "Clara Wolf",
    "Dario Fontana",
    "Eva Toth",
    "Felix Brandt",
    "Greta Lang",
    "Hassan Ali",
    "Irene Papas",
    "Jan de Vries",
];

/// What people answer who were asked how likely they are to recommend the shop.
const ANSWERS: [(i64, &str); 16] = [
    (10, "It does what it says, and the bank matching saves us an afternoon a week."),
    (9, "Support answered within the hour."),
    (9, ""),
    (10, "My accountant stopped calling me."),
    (8, "Good, but I miss recurring invoices."),
    (7, ""),
    (9, "Easy to learn."),
    (6, "Too expensive for two people."),
    (3, "The bank matching is slow since the spring."),
    (10, ""),
    (8, "The phone app could do more."),
    (5, "Exports need too many clicks."),
    (7, "Fine for us, though the reports are hard to read on paper."),
    (9, "We were set up before lunch."),
    (8, ""),
    (2, "I cannot find anything since the new menu."),
];

/// What those answer who go on to write a review.
const PRAISE: [(i64, &str); 6] = [
    (10, "I recommend it to every shop on our street."),
    (9, "The reminders got our late payers to pay."),
    (10, ""),
    (9, "Year-end took a day instead of a week."),
    (10, "It is the one tool that all of us like."),
    (9, "Clear, quick, fairly priced."),
];

/// How far a company has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Far {
    Trying,
    SettingUp,
    Using,
    Staying,
    Recommending,
    Gone,
}

impl Far {
    fn of(company: usize) -> Far {
        match company % 10 {
            0 | 1 => Far::Trying,
            2 | 3 => Far::SettingUp,
            4 | 5 => Far::Using,
            6 | 7 => Far::Staying,
            8 => Far::Recommending,
            _ => Far::Gone,
        }
    }
}

/// Events with the instant at which each happened.
struct Story<'a> {
    site: &'a Site,
    url: String,
    now: Timestamp,
    rows: Vec<EventRow>,
}

/// Somebody's browser.
#[derive(Clone, Copy)]
struct Browser {
    visitor: Uuid,
    device: Uuid,
    session: Uuid,
}

/// Fills the demo's site.
pub async fn fill(app: &App) -> Result<(), ApiError> {
    let site = app.sites.by_id(SITE).ok_or(ApiError::NotFound("demo site"))?;
    let mut story = Story {
        site: &site,
        url: format!("{}/demo/shop", app.public_url),
        now: site.now(&app.clock),
        rows: Vec::new(),
    };
    for company in 0..COMPANIES.len() {
        story.company(company)?;
    }
    for stranger in 0..40 {
        story.stranger(stranger)?;
    }
    let mut rows = story.rows;
    rows.sort_by_key(|row| (row.at, row.id.to_bytes()));
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        app.writer.submit(site.clone(), rows).await?;
        rows = rest;
    }
    Ok(())
}

impl Story<'_> {
    /// The instant so many days and minutes ago.
    fn ago(&self, days: i64, minutes: i64) -> Timestamp {
        self.now.before(Span::days(days)).before(Span(minutes * 60_000))
    }

    fn company(&mut self, number: usize) -> Result<(), ApiError> {
        let (name, far) = (COMPANIES[number], Far::of(number));
        let account = name.to_lowercase().replace(" & ", "-").replace(' ', "-");
        let n = number as i64;
        // The further they are the longer ago they began.
        let began = match far {
            Far::Trying => 2 + n % 9,
            Far::SettingUp => 8 + n % 7,
            Far::Using => 30 + n % 12,
            _ => 62 + n % 25,
        };
        let mut browsers = Vec::new();
        for (at, minutes) in [(0, 400), (1, 200)] {
            let who = PEOPLE[number * 2 + at as usize];
            let user = who.to_lowercase().replace(' ', ".");
            let browser = self.browser(began, minutes);
            browsers.push((browser, user.clone()));
            self.views(
                browser,
                began,
                minutes,
                if number.is_multiple_of(3) { "?utm_source=letter&utm_medium=email&utm_campaign=spring" } else { "" },
            )?;
            let role = if at == 0 { "owner" } else { "bookkeeper" };
            let email = format!("{user}@example.com");
            let said = [
                json!({ "type": "identify", "user_id": user, "traits": { "name": who, "email": email, "role": role } }),
                json!({ "type": "group", "account_id": account, "traits": { "name": name, "plan": if far == Far::Trying { "free" } else { "team" } } }),
            ];
            for one in said {
                self.says(browser, self.ago(began, minutes - 6), one)?;
            }
            let event = if at == 0 { "Trial Started" } else { "Signed Up" };
            self.server(
                self.ago(began, minutes - 7),
                json!({ "type": "track", "name": event, "user_id": user, "account_id": account }),
            )?;
        }
        if far == Far::Trying {
            return self.offered(browsers[0].0, began);
        }
        let mut told = |days: i64, event: &str, props: Value| {
            let at = self.ago(days, 60 + n);
            self.server(at, json!({ "type": "track", "name": event, "account_id": account, "props": props }))
        };
        told(
            began - 2,
            "Subscription Started",
            json!({ "plan": "team", "mrr": 29 + 10 * (n % 5), "currency": "EUR" }),
        )?;
        told(began - 3, "Integration Connected", json!({ "with": "bank" }))?;
        if far > Far::SettingUp {
            told(began - 4, "Teammate Invited", json!({}))?;
            for invoice in 0..if far == Far::Using { 6 } else { 14 } {
                told(began - 5 - invoice, "Invoice Sent", json!({ "amount": 120 + 35 * invoice }))?;
            }
        }
        if far == Far::Gone {
            return told(9 + n % 20, "Subscription Ended", json!({ "reason": "too expensive" }));
        }
        if far >= Far::Staying {
            for (at, (browser, _)) in browsers.into_iter().enumerate() {
                self.asked(browser, number * 2 + at, far == Far::Recommending)?;
            }
        }
        Ok(())
    }

    /// Was shown the spring offer while trying.
    fn offered(&mut self, browser: Browser, began: i64) -> Result<(), ApiError> {
        let answer = if began % 3 == 0 { "clicked" } else { "dismissed" };
        // Came back by the letter, in a visit of its own.
        let browser = Browser { session: id::new(self.ago(1, 33)), ..browser };
        let url = format!("{}/pricing?utm_source=letter&utm_medium=email&utm_campaign=spring", self.url);
        self.says(browser, self.ago(1, 33), json!({ "type": "page", "url": url, "title": "Pricing" }))?;
        for (minutes, action) in [(32, "shown"), (31, "viewed"), (29, answer)] {
            let event = json!({ "type": "prompt", "prompt": "spring_offer", "action": action, "url": format!("{}/pricing", self.url), "props": {} });
            self.says(browser, self.ago(1, minutes), event)?;
        }
        Ok(())
    }

    /// Was asked how likely they are to recommend the shop, and where to review it.
    fn asked(&mut self, browser: Browser, number: usize, reviews: bool) -> Result<(), ApiError> {
        // Each company of the same kind is ten further, so each of their people stands at another place.
        let (company, person) = (number / 20, number % 2);
        let (score, comment) = if reviews {
            PRAISE[(company * 2 + person) % PRAISE.len()]
        } else {
            ANSWERS[(company * 4 + number % 4) % ANSWERS.len()]
        };
        let (days, url) = (3 + (number as i64 * 7) % 28, format!("{}/account", self.url));
        let event = |prompt: &str, action: &str, name: Option<&str>, props: Value| json!({ "type": "prompt", "prompt": prompt, "action": action, "name": name, "url": url, "props": props });
        self.says(browser, self.ago(days, 40), json!({ "type": "page", "url": url }))?;
        self.says(browser, self.ago(days, 39), event("nps", "shown", None, json!({ "interrupts": true })))?;
        self.says(browser, self.ago(days, 39), event("nps", "viewed", None, json!({})))?;
        if number % 5 == 4 {
            return self.says(browser, self.ago(days, 38), event("nps", "dismissed", None, json!({})));
        }
        let props =
            if comment.is_empty() { json!({ "score": score }) } else { json!({ "score": score, "comment": comment }) };
        self.says(browser, self.ago(days, 38), event("nps", "answered", Some("NPS Answered"), props))?;
        if reviews {
            self.says(browser, self.ago(days, 21), json!({ "type": "page", "url": url }))?;
            self.says(browser, self.ago(days, 20), event("review", "shown", None, json!({ "interrupts": true })))?;
            self.says(browser, self.ago(days, 20), event("review", "viewed", None, json!({})))?;
            self.says(
                browser,
                self.ago(days, 19),
                event("review", "clicked", Some("Review Link Followed"), json!({ "label": "G2" })),
            )?;
            self.says(browser, self.ago(days, 18), event("review", "converted", None, json!({})))?;
        }
        Ok(())
    }

    /// Looked around, and went.
    fn stranger(&mut self, number: i64) -> Result<(), ApiError> {
        let (days, minutes) = (number % 14, 50 + (number * 97) % 600);
        let browser = self.browser(days, minutes);
        let from = ["", "?utm_source=letter&utm_medium=email&utm_campaign=spring", "?ref=producthunt"];
        self.views(browser, days, minutes, from[(number % 3) as usize])
    }

    fn views(&mut self, browser: Browser, days: i64, minutes: i64, from: &str) -> Result<(), ApiError> {
        for (at, path) in [format!("/{from}"), "/pricing".to_owned(), "/docs".to_owned()].into_iter().enumerate() {
            let view = json!({ "type": "page", "url": format!("{}{path}", self.url), "title": "Northwind Ledger" });
            self.says(browser, self.ago(days, minutes - at as i64), view)?;
        }
        Ok(())
    }

    fn browser(&self, days: i64, minutes: i64) -> Browser {
        let made = || id::new(self.ago(days, minutes));
        Browser { visitor: made(), device: made(), session: made() }
    }

    fn says(&mut self, browser: Browser, at: Timestamp, mut event: Value) -> Result<(), ApiError> {
        let Browser { visitor, device, session } = browser;
        event["id"] = json!(id::new(at).write());
        event["at"] = json!(at.0);
        let batch = json!({ "visitor": visitor.write(), "device": device.write(), "session": session.write(), "sent_at": at.0, "events": [event] });
        self.happens(Sender::Browser, at, &batch)
    }

    fn server(&mut self, at: Timestamp, mut event: Value) -> Result<(), ApiError> {
        event["at"] = json!(at.0);
        self.happens(Sender::Server, at, &json!({ "events": [event] }))
    }

    fn happens(&mut self, sender: Sender, at: Timestamp, batch: &Value) -> Result<(), ApiError> {
        let site_id = Arc::from(self.site.id.as_str());
        let opened = (sender == Sender::Browser).then(|| Arc::from(OPENED));
        let context =
            Context { site_id, sender, crawler: false, team: false, agreed: Agreed::ALL, received: at, opened };
        let text = batch.to_string();
        let accepted = accept::accept(body::read(text.as_bytes())?, &context);
        for fate in accepted.fates {
            if let Fate::Rejected(_, problem) = fate {
                return Err(ApiError::Internal(format!(
                    "the demo tells what nobody takes: {} ({text})",
                    problem.message
                )));
            }
        }
        self.rows.extend(accepted.rows);
        Ok(())
    }
}
