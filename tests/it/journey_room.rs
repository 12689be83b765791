//! The room of journeys, with clicks and typing: an event that never arrives is told and mapped to one that does, the change is tried on
//! the log, published, and moves people.

use collector::auth::Role;
use harness::{Browser, Visitor, event_id, on_both};
use serde_json::json;

use crate::identity::{stages, v};

on_both! {
    async fn what_never_arrives_is_mapped_tried_and_published(app: TestApp) {
        let site = app.site().await;
        let journey = json!({
            "key": "steps", "name": "Steps",
            "stages": [{ "key": "first", "name": "First" }, { "key": "second", "name": "Second" }, { "key": "gone", "name": "Gone", "kind": "terminal" }],
            "transitions": [
                { "key": "tried", "from": ["first"], "to": "second", "priority": 1, "when": { "event": { "name": "Trial Begun" } } },
                { "key": "left", "from": ["second"], "to": "gone", "priority": 2, "when": { "event": { "name": "Left" } } }
            ]
        });
        app.import_json(&site, &[("journey.json", journey)]).await;
        let visitors = [Visitor::random(), Visitor::random(), Visitor::random()];
        for (visitor, name) in visitors.into_iter().zip(["Signed Up", "Signed Up", "Looked"]) {
            let event = json!([{ "id": event_id(), "type": "track", "name": name, "url": "http://shop.test/" }]);
            app.browser_batch(&site, visitor, event).await.accepted();
        }
        let cookie = app.signed_in("mia@shop.test", &[(&site, Role::Marketer)]).await;
        let browser = Browser::desktop().await;
        browser.sign_in(&app.url("/"), &cookie).await;
        browser.goto(app.url(&format!("/s/{}/journey", site.id))).await;
        browser.says("Not connected: Trial Begun has never arrived").await;
        browser.click("Edit").await;
        browser.says("Not connected").await;
        browser.choose("Instead of Trial Begun", "Signed Up").await;
        browser.click("Use it instead of Trial Begun").await;
        browser.says("Mapped below").await;
        browser.click("Try it on the log").await;
        browser.says("2 of 3 would be in another stage now").await;
        let [first, ..] = visitors;
        assert_eq!(stages(&app, &site, &v(first)).await, ["first"], "trying changes nothing");
        browser.click("Publish").await;
        browser.wait_for("location.pathname.endsWith('/journey')").await;
        let event = json!([{ "id": event_id(), "type": "track", "name": "Signed Up", "url": "http://shop.test/" }]);
        app.browser_batch(&site, visitors[2], event).await.accepted();
        assert_eq!(stages(&app, &site, &v(visitors[2])).await, ["first", "second"]);
    }
}
