//! Plots as people meet them: drawn where there is something to draw, with the same numbers as a table by one click; and no other page
//! loads what draws them.

use harness::{Browser, BrowserOptions, Site, TestApp, event_id, on_both};
use reqwest::Method;
use reqwest::header::COOKIE;
use serde_json::{Value, json};

use collector::results::Deed;
use collector::results::course::{Course, Trend};
use collector::results::days::{Days, Period};

const DAY: i64 = 86_400_000;

/// Largest page, in bytes of HTML.
const LARGEST: usize = 100_000;

on_both! {
    async fn steps_and_weeks_count_everybody_once_each(app: TestApp) {
        let site = site(&app).await;
        let today = Days::of("UTC").day(app.now());
        // Somebody on two days of a week, and again today.
        let monday = today - (today + 3).rem_euclid(7);
        for day in [monday - 7, monday - 5, today] {
            send(&app, &site, json!([shown("ada", app.now().0 - (today - day) * DAY)])).await;
        }
        send(&app, &site, json!([shown("bob", app.now().0 - (today - monday + 7) * DAY)])).await;
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let of = async |prompt: &str, period: Period| {
            Course::of(&app.running().app, &known, prompt, &[Deed::Shown, Deed::Answered], period).await.unwrap()
        };
        let days = of("nps", Period::last(30, today)).await;
        let some: Vec<_> = days.steps.iter().filter(|(_, numbers)| numbers[0] > 0).map(|(day, numbers)| (*day, numbers[0])).collect();
        assert_eq!((days.steps.len(), some), (30, vec![(monday - 7, 2), (monday - 5, 1), (today, 1)]));
        assert!(days.is_open(today) && !days.is_open(today + 1));
        let weeks = of("", Period::last(200, today)).await;
        let last: Vec<_> = weeks.steps.iter().rev().take(2).map(|(day, numbers)| (*day, numbers[0])).collect();
        assert_eq!((weeks.step, last), (7, vec![(monday, 1), (monday - 7, 2)]), "each once a week");
        assert_eq!(of("other", Period::last(30, today)).await.steps.iter().map(|(_, numbers)| numbers[0]).sum::<i64>(), 0);

        // Of ten people the latest answer of each week; with nine there is none.
        for place in 0..10 {
            let who = format!("u{place}");
            let week = app.now().0 - (today - monday + 4) * DAY;
            send(&app, &site, json!([answered(&who, 0, week - DAY), answered(&who, 10, week)])).await;
            if place > 0 {
                send(&app, &site, json!([answered(&who, 9, app.now().0)])).await;
            }
        }
        let trends = Trend::all(&app.running().app, &known, "nps", Period::last(30, today)).await.unwrap();
        let weeks: Vec<_> = trends[0].weeks.iter().rev().take(3).map(|(day, week)| (*day, week.n(), week.measure().is_ok())).collect();
        assert_eq!((trends.len(), trends[0].weeks.len()), (1, 13));
        assert_eq!(weeks, [(monday, 9, false), (monday - 7, 10, true), (monday - 14, 0, false)]);
        let value = trends[0].weeks[11].1.measure().unwrap().sample().unwrap().value;
        assert!((value - 100.0).abs() < 1e-9, "the latest of each: {value}");
    }
}

#[tokio::test]
async fn a_plot_is_drawn_follows_the_theme_and_turns_into_its_table() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    story(&app, &site).await;
    let cookie = app.signed_in("root@shop.test", &[]).await;
    for options in [BrowserOptions::default(), BrowserOptions::phone()] {
        let browser = Browser::new(options).await;
        browser.sign_in(&app.url("/"), &cookie).await;
        browser.goto(app.url(&format!("/s/{}/results/prompts/nps", site.id))).await;
        let drawn =
            "[...document.querySelectorAll('.canvas')].every((one) => one.querySelectorAll('svg path').length > 3)";
        browser.wait_for(&format!("document.querySelectorAll('.canvas').length === 2 && {drawn}")).await;
        browser.accessible("plots").await;
        // What it is drawn with breaks no rule of the page's policy.
        browser.eval("window.broken = []; addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective)); \
            window.before = document.querySelector('.canvas').innerHTML").await;
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        browser.cdp("Emulation.setEmulatedMedia", dark).await;
        browser.wait_for("document.querySelector('.canvas').innerHTML !== before").await;
        browser.accessible("plots in the dark").await;
        assert_eq!(browser.eval("return broken").await, json!([]));
        let table = "document.querySelector('.plot .numbers-of')";
        assert_eq!(browser.eval(&format!("return {table}.checkVisibility()")).await, json!(false));
        let height = browser.eval("return document.documentElement.scrollHeight").await;
        browser.eval("document.querySelector('.plot .sides label:last-of-type input').click()").await;
        browser
            .wait_for(&format!(
                "{table}.checkVisibility() && !document.querySelector('.plot .canvas').checkVisibility()"
            ))
            .await;
        assert_eq!(browser.eval("return document.documentElement.scrollHeight").await, height, "in the same place");
        browser.accessible("a plot as its table").await;
        let rows = browser.eval(&format!("return {table}.querySelectorAll('tbody tr').length")).await;
        assert_eq!(rows, json!(30));
        assert_eq!(browser.console_errors().await, []);
    }
}

#[tokio::test]
async fn no_page_without_a_plot_loads_what_draws_them() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let cookie = app.signed_in("root@shop.test", &[]).await;
    let read = async |path: &str| {
        let request = app.request(Method::GET, &format!("/s/{}{path}", site.id)).header(COOKIE, &cookie);
        let answer = app.try_send(request).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.len() < LARGEST, "{path} has {} bytes", answer.text.len());
        answer.text
    };
    let names = |text: &str| text.contains("/static/plots-");
    let pages = [
        "",
        "/people",
        "/prompts",
        "/prompts/nps",
        "/prompts/nps/reach?now=1",
        "/journey",
        "/results/responses",
        "/results/prompts/nps/missed",
        "/settings",
        "/pictures",
    ];
    for path in ["/results", "/results/prompts/nps"].into_iter().chain(pages) {
        assert!(!names(&read(path).await), "{path} has nothing to draw");
    }
    story(&app, &site).await;
    for path in [
        "/results",
        "/results?days=90",
        "/results/prompts/nps?days=90",
        "/results/prompts/nps?from=2000-01-01&to=2030-01-01",
    ] {
        let text = read(path).await;
        assert!(names(&text) && text.contains(" data-plot="), "{path}");
    }
    for path in pages {
        assert!(!names(&read(path).await), "{path} draws nothing");
    }
    let text = read("/results").await;
    let address = text.split('"').find(|part| part.starts_with("/static/plots-")).unwrap();
    let script = app.try_send(app.request(Method::GET, address).header("accept-encoding", "br")).await.unwrap();
    assert_eq!((script.status.as_u16(), script.header("content-encoding")), (200, Some("br")));
    assert!(script.header("cache-control").unwrap().contains("immutable"));
}

async fn site(app: &TestApp) -> Site {
    let site = app.site().await;
    let nps =
        json!({ "key": "nps", "placement": "modal", "content": { "nps": { "question": "Would you recommend us?" } } });
    app.import_json(&site, &[("nps.json", nps)]).await;
    site
}

/// Four weeks of answers, one of them with too few.
async fn story(app: &TestApp, site: &Site) {
    for (week, people) in [(0, 12), (1, 14), (2, 4), (3, 11)] {
        for place in 0..people {
            let (who, at) = (format!("w{week}-{place}"), app.now().0 - week * 7 * DAY - place % 3 * 1000);
            send(app, site, json!([shown(&who, at), answered(&who, if place % 3 == 0 { 4 } else { 9 }, at)])).await;
        }
    }
}

async fn send(app: &TestApp, site: &Site, events: Value) {
    app.server_batch(&site.secret, events).await.accepted();
}

fn shown(who: &str, at: i64) -> Value {
    json!({ "id": event_id(), "at": at, "type": "prompt", "prompt": "nps", "action": "shown", "user_id": who })
}

fn answered(who: &str, score: u8, at: i64) -> Value {
    json!({ "id": event_id(), "at": at, "type": "prompt", "prompt": "nps", "action": "answered", "user_id": who, "props": { "score": score } })
}
