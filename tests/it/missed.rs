//! Who came while a prompt was live and did not see it, and why. Cases are data, `cases/results/missed.json`: each is somebody, on so
//! many a day at so many a second on a page, or with a prompt.

use collector::reach::{Loss, missed};
use engine::{Key, Timestamp};
use harness::{Visitor, event_id, on_both, workspace};
use reqwest::Method;
use reqwest::header::COOKIE;
use serde::Deserialize;
use serde_json::{Value, json};

const SECOND: i64 = 1000;
const DAY: i64 = 86_400 * SECOND;

/// The last day of the cases.
const TODAY: i64 = 37;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    did: Vec<(i64, i64, String)>,
    /// None: saw it, or did not come.
    why: Option<String>,
}

on_both! {
    async fn each_stands_once_by_what_stood_closest(app: TestApp) {
        let site = app.site().await;
        app.import_json(&site, &published()).await;
        let begun = app.now();
        let file = std::fs::read(workspace().join("tests/cases/results/missed.json")).unwrap();
        let cases: Vec<Case> = serde_json::from_slice(&file).unwrap();
        let visitors: Vec<Visitor> = cases.iter().map(|_| Visitor::random()).collect();
        // In the order in which it happens; each visit is of one day.
        let mut all: Vec<(i64, Visitor, &str)> = Vec::new();
        for (case, visitor) in cases.iter().zip(&visitors) {
            let visits = [(); TODAY as usize].map(|()| Visitor::random().session);
            let done = case.did.iter().map(|(day, second, what)| {
                (day * DAY + second * SECOND, Visitor { session: visits[*day as usize], ..*visitor }, what.as_str())
            });
            all.extend(done);
        }
        all.sort_by_key(|(at, ..)| *at);
        for (at, visitor, what) in all {
            app.advance(begun.0 + at - app.now().0);
            app.browser_batch(&site, visitor, json!([done(what)])).await.accepted();
        }
        app.advance(begun.0 + TODAY * DAY - app.now().0);
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let offer = Key::parse("offer").unwrap();
        let found = missed(&app.running().app, &known, &offer, begun).await.unwrap().unwrap();
        for (case, visitor) in cases.iter().zip(&visitors) {
            let name = format!("v:{}", visitor.visitor);
            let lost = found.lost.iter().find(|(_, people)| people.contains(&name)).map(|(loss, _)| word(*loss));
            let is_unknown = found.unknown.contains(&name).then_some("unknown");
            assert_eq!(lost.or(is_unknown), case.why.as_deref(), "{}", case.name);
        }
        let counted = found.lost.iter().map(|(_, people)| people.len()).sum::<usize>() + found.unknown.len();
        assert_eq!((found.people, found.saw, counted), (cases.len() - 1, 1, cases.len() - 2), "each once");
        assert_eq!(missed(&app.running().app, &known, &Key::parse("nowhere").unwrap(), begun).await.unwrap().map(|it| it.people), None);
        let later = missed(&app.running().app, &known, &offer, Timestamp(begun.0 + 36 * DAY)).await.unwrap().unwrap();
        assert!(later.people == found.people && later.since > found.since, "nobody came in between: {later:?}");

        // In words, each with a link to where it is set and to people of whom it is so.
        let cookie = app.signed_in("root@shop.test", &[]).await;
        let page = app.request(Method::GET, &format!("/s/{}/results/prompts/offer/missed", site.id)).header(COOKIE, &cookie);
        let text = app.try_send(page).await.unwrap().text;
        for part in ["its own caps", "prompts/offer?part=frequency", "another prompt went first", "settings/rules/limits", "they want to be asked nothing any more", "/why\"", "1 saw it and"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains("<h1>Spring</h1>"), "without a script it is a page: {text}");
        let part = app.request(Method::GET, &format!("/s/{}/results/prompts/offer/missed", site.id)).header(COOKIE, &cookie).header("hx-request", "true");
        assert!(app.try_send(part).await.unwrap().text.starts_with("<section"), "and with one it is a part");
    }
}

fn published() -> [(&'static str, Value); 4] {
    let card = |key: &str, rule: Value| {
        json!({ "key": key, "placement": { "corner": "bottom_end" }, "rule": rule,
            "content": { "community": { "heading": "Meet", "links": [{ "label": "Forum", "url": "/forum" }] } } })
    };
    let mut offer = card("offer", json!({ "path": "/pricing" }));
    offer["name"] = json!("Spring");
    offer["moment"] = json!({ "dwell": "10s" });
    offer["frequency"] = json!({ "at_most": 1 });
    let rival = card("rival", json!({ "path": "/docs" }));
    // A dialog that comes at the same moment, with a higher priority.
    let mut first =
        card("first", json!({ "all": [{ "path": "/pricing" }, { "query": { "param": "first", "test": "exists" } }] }));
    first["moment"] = json!({ "dwell": "10s" });
    first["priority"] = json!(5);
    let settings = json!({ "policy": { "interruptions_per_session": 1, "interruption_gap": "0s", "groups": [] } });
    [("site.json", settings), ("offer.json", offer), ("rival.json", rival), ("first.json", first)]
}

/// `/pricing` opens a page; `shown offer` is about a prompt.
fn done(what: &str) -> Value {
    let id = event_id();
    match what.split_once(' ') {
        None => json!({ "id": id, "type": "page", "url": format!("http://shop.test{what}") }),
        Some((action, prompt)) => {
            json!({ "id": id, "type": "prompt", "url": "http://shop.test/", "prompt": prompt, "action": action,
            "props": { "interrupts": true } })
        }
    }
}

fn word(loss: Loss) -> &'static str {
    match loss {
        Loss::Hours => "hours",
        Loss::Moment => "moment",
        Loss::Rule => "rule",
        Loss::Guarded => "guarded",
        Loss::OwnCap => "own_cap",
        Loss::SiteCap => "site_cap",
        Loss::Muted => "muted",
        Loss::Lot => "lot",
        Loss::Outranked => "outranked",
    }
}
