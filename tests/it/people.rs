//! The list of who is there: who is found by what, as data in `cases/people/list.json`; page after page; and that its rows are what the log
//! gives, which every replay of every other test looks at too.

use collector::console::view::{PeoplePage, PeopleQuery};
use collector::store;
use harness::{Site, TestApp, Visitor, event_id, on_both, workspace};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::identity::{group, identify, page, replays, said, site_with_journey, track, v};
use crate::results::woken;

const DAY: i64 = 86_400_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The address's parameters.
    ask: Value,
    found: Vec<String>,
}

on_both! {
    async fn each_is_found_by_what_is_so(app: TestApp) {
        let site = site_with_journey(&app).await;
        let stranger = everybody(&app, &site).await;
        let file = std::fs::read_to_string(workspace().join("tests/cases/people/list.json")).unwrap();
        let file = file.replace("{stranger}", &stranger.visitor.to_string());
        let cases: Vec<Case> = serde_json::from_str(&file).unwrap();
        for case in cases {
            let found = list(&app, &site, case.ask).await;
            let found: Vec<String> = found.rows.iter().map(|row| match row.who.kind.as_str() {
                "visitor" => "stranger".to_owned(),
                kind => format!("{}:{}", &kind[..1], row.who.id),
            }).collect();
            assert_eq!(found, case.found, "{}", case.name);
        }
        let one = list(&app, &site, json!({ "q": "ada" })).await;
        assert_eq!((one.rows[0].who.name.as_deref(), one.rows[0].stage.as_deref()), (Some("Ada Hale"), Some("Evaluation")));
        replays(&app, &site).await;
    }

    async fn no_one_is_missing_between_two_pages(app: TestApp) {
        let site = site_with_journey(&app).await;
        let events: Vec<Value> = (0..120).map(|n| json!({ "type": "track", "name": "Paid", "user_id": format!("u{n:03}") })).collect();
        for some in events.chunks(40) {
            app.server_batch(&site.secret, json!(some)).await.accepted();
        }
        for ask in [json!({}), json!({ "kind": "person" }), json!({ "q": "u", "stage": "saas:awareness" })] {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let mut ask = ask.clone();
                ask["after"] = json!(after);
                let part = list(&app, &site, ask).await;
                assert!(part.rows.len() <= 50);
                all.extend(part.rows.into_iter().map(|row| row.who.id));
                after = part.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(all, (0..120).map(|n| format!("u{n:03}")).collect::<Vec<_>>(), "{ask}");
        }
    }

    async fn made_anew_they_are_the_same(app: TestApp) {
        let site = site_with_journey(&app).await;
        everybody(&app, &site).await;
        let rows = kept(&app, &site).await;
        assert_eq!(rows.len(), 6 + 3, "and three browsers of people");
        // As after an upgrade from a release without these rows.
        let mut tx = app.running().app.db.begin().await.unwrap();
        for subject in app.texts("select subject from subject").await {
            store::subjects::delete(&mut tx.conn(), &site.id, &subject).await.unwrap();
            store::results::mark(&mut tx.conn(), &site.id, &subject).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(kept(&app, &site).await, [""; 0]);
        woken(&app).await;
        assert_eq!(kept(&app, &site).await, rows);
        replays(&app, &site).await;
    }

    async fn who_is_forgotten_is_not_found(app: TestApp) {
        let site = site_with_journey(&app).await;
        let visitor = Visitor::random();
        said(&app, &site, visitor, json!([page()])).await.accepted();
        let mut tx = app.running().app.db.begin().await.unwrap();
        store::events::delete_of_subject(&mut tx.conn(), &site.id, &v(visitor)).await.unwrap();
        store::states::forget(&mut tx.conn(), &site.id, &v(visitor)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(list(&app, &site, json!({})).await.rows.is_empty());
        assert_eq!(app.texts("select subject from subject_word").await, [""; 0]);
    }
}

/// Ada came sixty days ago, Ben twenty, Cy two; somebody else just now.
async fn everybody(app: &TestApp, site: &Site) -> Visitor {
    let named =
        |user: &str, traits: Value| json!({ "id": event_id(), "type": "identify", "user_id": user, "traits": traits });
    let ada = json!({ "name": "Ada Hale", "email": "Ada@Shop.test", "tags": ["a", "b"] });
    said(app, site, Visitor::random(), json!([page(), named("ada", ada), group("quay"), track("Trial Started")]))
        .await
        .accepted();
    let about = json!([named("ada", json!({ "plan": "team", "seats": 25 })),
        { "type": "group", "account_id": "quay", "traits": { "name": "Quay Cycles", "plan": "free" } }]);
    app.server_batch(&site.secret, about).await.accepted();
    app.advance(40 * DAY);
    let ben = Visitor::random();
    said(app, site, ben, json!([named("ben", json!({ "name": "Benjamin" }))])).await.accepted();
    let ben_says = json!({ "name": "Ben Osei", "email": "ben@shop.test", "plan": "TEAM", "seats": "007" });
    said(app, site, ben, json!([named("ben", ben_says)])).await.accepted();
    app.advance(18 * DAY);
    let told = json!([named("cy", json!({ "admin": true })), { "type": "track", "name": "Report Opened", "user_id": "cy", "account_id": "acme" }]);
    app.server_batch(&site.secret, told).await.accepted();
    said(app, site, Visitor::random(), json!([identify("cy")])).await.accepted();
    app.advance(2 * DAY);
    let stranger = Visitor::random();
    said(app, site, stranger, json!([page()])).await.accepted();
    stranger
}

async fn list(app: &TestApp, site: &Site, ask: Value) -> PeoplePage {
    let known = app.running().app.sites.by_id(&site.id).unwrap();
    let query: PeopleQuery = serde_json::from_value(ask).unwrap();
    collector::people::list(&app.running().app, &known, &query).await.unwrap()
}

async fn kept(app: &TestApp, site: &Site) -> Vec<String> {
    let all = "select subject || ' ' || kind || ' ' || cast(first_seen as text) || ' ' || cast(last_seen as text) || ' ' || name || ' ' || email || ' ' || account from subject";
    app.texts(&format!("{all} where site_id = '{}' order by subject", site.id)).await
}
