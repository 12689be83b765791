//! What a prompt is for: whom it counts as converted, and what it brought beside those it was held back from. Cases are data,
//! `cases/results/goals.json`; each is told in its order and backwards.

use std::sync::Arc;

use collector::results::Deed;
use collector::results::days::{Days, Period};
use collector::results::figures::of_prompt;
use harness::{Browser, Site, TestApp, event_id, on_both, workspace};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::results::{folds_the_same, woken};

const DAY: f64 = 86_400_000.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Who, what, so many days ago.
    story: Vec<(String, String, f64)>,
    converted: i64,
    /// So many of so many; left out: there are no sides.
    #[serde(default)]
    with: Option<[u64; 2]>,
    #[serde(default)]
    without: Option<[u64; 2]>,
}

on_both! {
    async fn who_did_what_it_is_for_counts_in_whatever_order_it_comes(app: TestApp) {
        let file = std::fs::read(workspace().join("tests/cases/results/goals.json")).unwrap();
        for case in serde_json::from_slice::<Vec<Case>>(&file).unwrap() {
            let mut backwards = case.story.clone();
            backwards.reverse();
            for story in [&case.story, &backwards] {
                let site = site(&app, Some("7d")).await;
                for part in story {
                    told(&app, &site, part).await;
                }
                counts(&app, &site, &case).await;
                if case.story.iter().any(|(_, what, _)| what != "Paid") {
                    folds_the_same(&app, &site).await;
                }
                counts(&app, &site, &case).await;
            }
        }
    }

    async fn another_goal_counts_what_was_done_before_it_was_set(app: TestApp) {
        let site = site(&app, None).await;
        let part = |what: &str, ago| ("ada".to_owned(), what.to_owned(), ago);
        for part in [part("shown", 10.0), part("converted", 10.0), part("Paid", 4.0)] {
            told(&app, &site, &part).await;
        }
        let converted = async || figures(&app, &site).await.line.counts.of(Deed::Converted);
        assert_eq!(converted().await, 1, "what its content counts as done");
        publish(&app, &site, Some("3d")).await;
        woken(&app).await;
        assert_eq!(converted().await, 0, "four days are too long");
        publish(&app, &site, Some("7d")).await;
        woken(&app).await;
        assert_eq!(converted().await, 1);
        // It is put away, and people go on.
        told(&app, &site, &("bob".to_owned(), "shown".to_owned(), 2.0)).await;
        let member = collector::auth::Member { id: "mia".into(), email: String::new(), name: String::new(), is_owner: true };
        let (running, known) = (&app.running().app, known(&app, &site));
        let desk = collector::prompts::work::Desk { app: running, site: &known, member: &member };
        desk.withdraw("offer", collector::prompts::work::Status::Paused).await.unwrap_or_else(|_| panic!("paused"));
        told(&app, &site, &("bob".to_owned(), "Paid".to_owned(), 1.0)).await;
        woken(&app).await;
        assert_eq!(converted().await, 2);
        folds_the_same(&app, &site).await;
        assert_eq!(converted().await, 2);
    }
}

#[tokio::test]
async fn a_goal_is_set_in_the_editor_and_told_with_its_results() {
    let app = TestApp::sqlite().await;
    let site = site(&app, None).await;
    for number in 0..24 {
        let (who, what) = (format!("u{number}"), if number % 2 == 0 { "drawn" } else { "held" });
        told(&app, &site, &(who.clone(), what.to_owned(), 12.0)).await;
        if what == "drawn" {
            told(&app, &site, &(who.clone(), "shown".to_owned(), 12.0)).await;
            told(&app, &site, &(who, "Paid".to_owned(), 11.0)).await;
        }
    }
    let cookie = app.signed_in("root@shop.test", &[]).await;
    let browser = Browser::desktop().await;
    browser.sign_in(&app.url("/"), &cookie).await;
    browser.goto(app.url(&format!("/s/{}/prompts/offer?part=goal", site.id))).await;
    browser.click("It is for something that people do later").await;
    browser.type_into("They do this event", "Paid").await;
    browser.says("so that they do “Paid” within 7d").await;
    browser.accessible("the goal").await;
    browser.goto(app.url(&format!("/s/{}/prompts/offer/publish", site.id))).await;
    browser.click("Publish").await;
    browser.wait_for("!location.pathname.endsWith('/publish')").await;
    woken(&app).await;
    browser.goto(app.url(&format!("/s/{}/results/prompts/offer", site.id))).await;
    browser.says("Converted: “Paid” within 7d after they were first shown it.").await;
    browser.says("+100.0 points").await;
    browser.says("Promising, but early").await;
    browser.accessible("what it brings").await;
    // No page learns what a prompt is for.
    let bundle = app.try_send(app.request(Method::GET, &format!("/w/{}.json", site.key))).await.unwrap();
    assert!(bundle.text.contains("offer") && !bundle.text.contains("Paid"), "{bundle:?}");
}

async fn site(app: &TestApp, within: Option<&str>) -> Site {
    let site = app.site().await;
    publish(app, &site, within).await;
    site
}

async fn publish(app: &TestApp, site: &Site, within: Option<&str>) {
    let mut offer = json!({ "key": "offer", "name": "Spring", "placement": "modal", "experiment": { "holdout": 0.5 },
        "content": { "community": { "heading": "Meet", "links": [{ "label": "Forum", "url": "/forum" }] } } });
    if let Some(within) = within {
        offer["experiment"]["goal"] = json!({ "event": "Paid", "within": within });
    }
    app.import_json(site, &[("offer.json", offer)]).await;
}

/// Somebody does something, as a server says it.
async fn told(app: &TestApp, site: &Site, (who, what, ago): &(String, String, f64)) {
    let at = app.now().0 - (ago * DAY) as i64;
    let about =
        |action: &str, props: Value| json!({ "type": "prompt", "prompt": "offer", "action": action, "props": props });
    let lot = |name: &str| {
        let mut props = json!({ "epoch": 0, "place": 1 });
        props[name] = json!(true);
        props
    };
    let mut event = match what.as_str() {
        "shown" | "converted" => about(what, json!({})),
        "drawn" => about("eligible", json!({ "epoch": 0, "place": 1 })),
        "held" => about("eligible", lot("holdout")),
        "site_held" => about("eligible", lot("site_holdout")),
        name => json!({ "type": "track", "name": name }),
    };
    (event["id"], event["at"], event["user_id"]) = (json!(event_id()), json!(at), json!(who));
    app.server_batch(&site.secret, json!([event])).await.accepted();
}

fn known(app: &TestApp, site: &Site) -> Arc<collector::sites::Site> {
    app.running().app.sites.by_id(&site.id).unwrap()
}

async fn figures(app: &TestApp, site: &Site) -> collector::results::figures::Figures {
    let period = Period::last(30, Days::of("UTC").day(app.now()));
    of_prompt(&app.running().app, &known(app, site), "offer", period).await.unwrap().unwrap()
}

async fn counts(app: &TestApp, site: &Site, case: &Case) {
    woken(app).await;
    let figures = figures(app, site).await;
    assert_eq!(figures.line.counts.of(Deed::Converted), case.converted, "{}", case.name);
    let arms = figures.arms.unwrap_or_else(|| panic!("{}: nobody is held out", case.name));
    let of = |share: engine::score::Share| [share.hits, share.of];
    assert_eq!(of(arms.with), case.with.unwrap_or([0, 0]), "{}: those who might see it", case.name);
    assert_eq!(of(arms.without), case.without.unwrap_or([0, 0]), "{}: those it was held back from", case.name);
}
