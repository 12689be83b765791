//! What a person did with a prompt on one device holds on every other one, and in a browser that has forgotten everything.

use harness::{Browser, BrowserOptions, Client, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use crate::host::{Host, bar};

on_both! {
    async fn whatever_was_done_with_a_prompt_is_known_on_the_next_device(app: TestApp) {
        let site = app.site().await;
        for (action, field) in [
            ("dismissed", "dismissed"),
            ("snoozed", "snoozed"),
            ("declined", "declined"),
            ("answered", "answered"),
            ("converted", "converted"),
            ("muted", "is_muted"),
        ] {
            let (laptop, phone, stranger) = (Visitor::random(), Visitor::random(), Visitor::random());
            let did = |action: &str| {
                json!({ "id": event_id(), "type": "prompt", "prompt": "offer", "action": action, "url": "http://shop.test/" })
            };
            let known = |user: &str| json!({ "id": event_id(), "type": "identify", "user_id": user });
            let user = format!("user who {action}");
            let here = history(&app, &site, laptop, json!([known(&user), did("shown"), did(action)])).await;
            let there = history(&app, &site, phone, json!([known(&user)])).await;
            assert_eq!(there, here, "{action}");
            let other = history(&app, &site, stranger, json!([known("somebody else")])).await;
            assert_eq!((&other["prompts"], &other["is_muted"]), (&json!([]), &json!(false)), "{action}: theirs alone");
            match field {
                "is_muted" => assert_eq!(there["is_muted"], true),
                field => assert_eq!(there["prompts"][0][1][field], app.now().0, "{there}"),
            }
        }
    }

    async fn a_prompt_that_rests_still_counts_and_is_still_known(app: TestApp) {
        let site = app.site().await;
        let nps = |key: &str, rule: Value| json!({ "key": key, "rule": rule, "placement": { "bar": "bottom" }, "content": { "nps": { "question": "?" } } });
        let asks = nps("asks", json!({ "path": "**" }));
        let after = nps("after", json!({ "prompt": { "prompt": "asks", "did": "answered" } }));
        app.import_json(&site, &[("asks.json", asks), ("after.json", after)]).await;
        let member = collector::auth::Member { id: "mia".into(), email: String::new(), name: String::new(), is_owner: true };
        let running = &app.running().app;
        let known = running.sites.by_id(&site.id).unwrap();
        let desk = collector::prompts::work::Desk { app: running, site: &known, member: &member };
        desk.withdraw("asks", collector::prompts::work::Status::Paused).await.unwrap_or_else(|_| panic!("paused"));
        let bundle = app.get(&format!("/w/{}.json", site.key)).await.json();
        assert_eq!(bundle["policy"]["groups"][0]["also"], json!(["asks"]), "who saw it is spared the next survey: {bundle}");
        // Somebody answered it while it was there, so others may go by that, and anything else may be published.
        app.import_json(&site, &[("other.json", bar("other", "Other", json!({ "path": "/" })))]).await;
    }
}

/// What the page is told of the person's past with prompts; but for the visit, which is each browser's own.
async fn history(app: &TestApp, site: &Site, visitor: Visitor, events: Value) -> Value {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/events").header(ORIGIN, &site.origin).body(batch.to_string());
    let mut history = Client::try_send(app, request).await.unwrap().accepted().json()["facts"]["history"].clone();
    for field in ["shown_in_session", "interruptions_in_session"] {
        history[field] = Value::Null;
    }
    if let Some(past) = history["prompts"].get_mut(0) {
        past[1]["shown_in_session"] = Value::Null;
    }
    history
}

#[tokio::test]
async fn whatever_somebody_did_with_a_prompt_holds_on_the_next_device() {
    let question = json!({ "key": "ask", "placement": { "bar": "bottom" }, "rule": "identified", "later": true,
        "content": { "nps": { "question": "Would you recommend us?", "follow_up": { "question": "Why?" } } },
        "frequency": { "per_session": 100, "at_most": 100, "gap": "0s" } });
    let host = Host::with(&[question]).await;
    let laptop = Browser::desktop().await;
    let phone = laptop.another(BrowserOptions::phone()).await;
    // What is clicked, and what it is called in the log.
    for (clicks, action) in [
        (&["Close"][..], "dismissed"),
        (&["9"], "answered"),
        (&["More", "Remind me later"], "snoozed"),
        (&["More", "Don\u{2019}t show this again"], "declined"),
        (&["More", "Don\u{2019}t ask me anything again"], "muted"),
    ] {
        let address = |user: &str| host.pages.url(&format!("/{user}"));
        for user in [action, "nobody_else"] {
            host.page(&format!("/{user}"), &format!("<script>waymark('identify', '{user}')</script><h1>Shop</h1>"));
        }
        laptop.goto(address(action)).await;
        let prompt = laptop.prompt().await;
        prompt.says("Would you recommend us?").await;
        for name in clicks {
            prompt.click(name).await;
        }
        laptop.settled().await;
        let log = format!(
            "select action from event where action not in ('shown', 'viewed') and subject like 'v:%' and action = '{action}'"
        );
        assert_eq!(host.app.texts(&log).await, [action]);

        phone.goto(address(action)).await;
        phone.no_prompt().await;
        for browser in [&laptop, &phone] {
            browser.goto(host.pages.url("/wait")).await;
            browser.eval("localStorage.clear(); sessionStorage.clear()").await;
        }
        laptop.goto(address(action)).await;
        laptop.no_prompt().await;
        // It is the person's, not the device's: somebody else is asked at the same phone.
        phone.goto(address("nobody_else")).await;
        phone.prompt().await.says("Would you recommend us?").await;
        phone.settled().await;
        for browser in [&laptop, &phone] {
            browser.goto(host.pages.url("/wait")).await;
            browser.eval("localStorage.clear(); sessionStorage.clear()").await;
        }
    }
}

/// Under the caps that every site has a visit is interrupted once. What must be seen comes all the same, and what stands at the edge
/// interrupts nobody.
#[tokio::test]
async fn one_dialog_a_visit() {
    let host = Host::with(&[]).await;
    let dialog = |key: &str, heading: &str, path: &str, mandatory: bool| {
        json!({ "key": key, "placement": "modal", "rule": { "path": path }, "mandatory": mandatory,
                "content": { "notice": { "heading": heading } } })
    };
    let usual = json!({ "page_groups": [] });
    let files = [
        ("site.json", usual),
        ("first.json", dialog("first", "The first", "/", false)),
        ("second.json", dialog("second", "The second", "/next", false)),
        ("terms.json", dialog("terms", "New terms", "/terms", true)),
        ("edge.json", bar("edge", "At the edge", json!({ "path": "/edge" }))),
    ];
    host.app.import_json(&host.site, &files).await;
    ["/", "/next", "/terms", "/edge"].into_iter().for_each(|path| host.page(path, "<h1>Shop</h1>"));
    let browser = Browser::desktop().await;
    for (path, heading) in
        [("/", Some("The first")), ("/next", None), ("/terms", Some("New terms")), ("/edge", Some("At the edge"))]
    {
        browser.goto(host.pages.url(path)).await;
        match heading {
            Some(heading) => browser.prompt().await.says(heading).await,
            None => browser.no_prompt().await,
        }
        browser.settled().await;
    }
    // Somebody else is at the beginning of theirs.
    let other = browser.another(BrowserOptions::phone()).await;
    other.goto(host.pages.url("/next")).await;
    other.prompt().await.says("The second").await;
}
