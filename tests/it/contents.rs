//! What prompts say, beyond surveys: that each does what it promises, by itself and on the page it stands on.
//!
//! How they look, and what axe says of them, is `gallery.rs`.

mod gallery;
mod walk;

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::Host;

const BODY: &str = "<h1>Shop</h1><p>Things to buy.</p>";

/// A card that says this, when the page asks for it.
fn card(key: &str, content: Value) -> Value {
    json!({ "key": key, "content": content, "placement": { "corner": "bottom_end" }, "moment": "call",
            "frequency": { "gap": "0s", "per_session": 100, "at_most": 100, "after_dismissal": "0s", "stop_on": [] } })
}

/// A site with one such card, a browser on a page of it, and the card open.
async fn opened(content: Value, query: &str) -> (Host, Browser) {
    let host = Host::with(&[card("it", content)]).await;
    host.page("/", BODY);
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..BrowserOptions::default() }).await;
    browser.goto(host.pages.url(&format!("/{query}"))).await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await;
    (host, browser)
}

/// Properties of the events of this name.
async fn told(host: &Host, browser: &Browser, name: &str) -> Vec<Value> {
    browser.settled().await;
    let all = host.events("props", name).await;
    all.iter().map(|props| serde_json::from_str(props).unwrap()).collect()
}

async fn links(browser: &Browser) -> Vec<String> {
    let found = browser.prompt().await.eval("[...root.querySelectorAll('a')].map((a) => a.getAttribute('href'))").await;
    serde_json::from_value(found).unwrap()
}

#[tokio::test]
async fn links_on_the_site_keep_the_campaign() {
    let plan =
        |url: &str| json!({ "name": "Team", "price": "€29", "button": { "label": format!("Buy {url}"), "url": url } });
    let offer = json!({ "heading": "More", "coupon": { "code": "A B", "param": "coupon" },
        "plans": [plan("/plan#pay"), plan("/plan?utm_source=own"), plan("https://other.example/"), plan("mailto:a@b.example")],
        "button": { "label": "All", "url": "./plans" } });
    let (_host, browser) = opened(json!({ "offer": offer }), "?x=1&utm_source=mail&utm_campaign=may").await;
    assert_eq!(
        links(&browser).await,
        [
            "/plan?coupon=A%20B&utm_source=mail&utm_campaign=may#pay",
            "/plan?utm_source=own&coupon=A%20B",
            "https://other.example/?coupon=A%20B",
            "mailto:a@b.example?coupon=A%20B",
            "./plans?coupon=A%20B&utm_source=mail&utm_campaign=may",
        ]
    );
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn a_countdown_goes_on_to_the_real_end_and_no_further() {
    let now = browser_now();
    let coupon = json!({ "code": "LAUNCH", "ends": now + 2 * 86_400_000 + 5_000, "countdown": true });
    let offer =
        json!({ "offer": { "heading": "Soon over", "coupon": coupon, "button": { "label": "Buy", "url": "/plan" } } });
    let (host, browser) = opened(offer, "").await;
    let prompt = browser.prompt().await;
    let left = async || {
        let cells = browser
            .prompt()
            .await
            .eval("[...root.querySelectorAll('.countdown b')].map((cell) => +cell.textContent)")
            .await;
        let [days, hours, minutes, seconds]: [i64; 4] = serde_json::from_value(cells).unwrap();
        ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    };
    let first = left().await;
    assert!((172_700..=172_805).contains(&first), "{first}");
    let timer =
        prompt.query("[role=timer]", "[found.getAttribute('aria-live'), found.getAttribute('aria-label')]").await;
    assert_eq!(timer[0], json!("off"), "nobody is told each second");
    assert!(timer[1].as_str().unwrap().starts_with("Valid until "), "{timer}");
    harness::poll::until("a second to pass", async || {
        let now = left().await;
        if now < first { Ok(()) } else { Err(now) }
    })
    .await;
    // Somebody else, later: no new beginning.
    host.app.advance(86_400_000);
    browser.reload().await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await;
    let later = left().await;
    assert!(later < first - 86_300, "{later} after {first}");
}

fn browser_now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
}

#[tokio::test]
async fn a_code_is_copied_with_and_without_leave() {
    for refused in [false, true] {
        let offer = json!({ "offer": { "heading": "Less", "coupon": { "code": "MAY20" }, "button": { "label": "Buy", "url": "/plan" } } });
        let (host, browser) = opened(offer, "").await;
        if refused {
            browser.eval("Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }); document.addEventListener('copy', () => { copied = String(getSelection()) || 'something'; })").await;
        }
        browser.prompt().await.click("Copy").await;
        browser.prompt().await.says("Copied").await;
        assert_eq!(told(&host, &browser, "Coupon Copied").await.len(), 1, "refused: {refused}");
    }
}

#[tokio::test]
async fn nothing_of_a_video_is_fetched_before_somebody_plays_it() {
    let video = json!({ "heading": "Three minutes", "source": { "youtube": "aqz-KE-bpKQ" }, "length": "2:40",
                        "button": { "label": "Begin", "url": "/begin" } });
    let (host, browser) = opened(json!({ "video": video }), "").await;
    browser.settled().await;
    let own = [host.pages.origin(), host.app.url("")];
    let foreign =
        browser.network().await.into_iter().filter(|one| !own.iter().any(|own| one.url.starts_with(own.as_str())));
    let foreign: Vec<_> = foreign.map(|one| one.url).filter(|url| url.starts_with("http")).collect();
    assert_eq!(foreign, Vec::<String>::new());
    assert_eq!(browser.prompt().await.query("iframe, video", "true").await, Value::Null);
    browser.prompt().await.click("Play: Three minutes, 2:40").await;
    let player = browser.prompt().await.query("iframe", "[found.src, found.title, found.allow]").await;
    assert!(player[0].as_str().unwrap().starts_with("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?"), "{player}");
    assert_eq!(player[1], json!("Three minutes"));
    assert!(player[2].as_str().unwrap().contains("autoplay"));
    harness::poll::until("the start to be told", async || match host.events("prompt", "Video Started").await.len() {
        1 => Ok(()),
        count => Err(count),
    })
    .await;
}

#[tokio::test]
async fn a_text_is_passed_on_by_links_and_by_the_clipboard() {
    let share = json!({ "heading": "Tell", "text": "Paid in 16 days & more", "url": "/?a=1", "to": ["x", "linked_in", "facebook", "copy"] });
    let (host, browser) = opened(json!({ "share": share }), "?utm_source=mail").await;
    let url = format!("{}/?a=1", host.pages.origin());
    let url: String =
        browser.eval(&format!("return encodeURIComponent({})", json!(url))).await.as_str().unwrap().to_owned();
    assert_eq!(
        links(&browser).await,
        [
            format!("https://x.com/intent/post?text=Paid%20in%2016%20days%20%26%20more&url={url}"),
            format!("https://www.linkedin.com/sharing/share-offsite/?url={url}"),
            format!("https://www.facebook.com/sharer/sharer.php?u={url}"),
        ]
    );
    let opens = browser
        .prompt()
        .await
        .eval("[...root.querySelectorAll('a')].every((a) => a.target === '_blank' && a.rel === 'noopener')")
        .await;
    assert_eq!(opens, json!(true));
    browser.prompt().await.says("Paid in 16 days").await;
    browser.prompt().await.click("Copy the text").await;
    browser.prompt().await.says("Copied").await;
    let shared = told(&host, &browser, "Shared").await;
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0]["to"], json!("copy"));
}

#[tokio::test]
async fn a_referral_link_is_a_persons_own() {
    let referral = json!({ "heading": "Give a month", "url": "/?a=1", "reward": "FRIEND" });
    let host = Host::with(&[card("it", json!({ "referral": referral }))]).await;
    host.page("/", BODY);
    let code = async |browser: &Browser| {
        browser.goto(host.pages.url("/?utm_source=mail")).await;
        browser.eval("waymark('identify', 'u1')").await;
        browser.settled().await;
        browser.reload().await;
        browser.eval("waymark('show', 'it')").await;
        browser.prompt().await.says("FRIEND").await;
        let link = browser.prompt().await.query(".address code", "found.textContent").await;
        let start = format!("{}/?a=1&wm_ref=", host.pages.origin());
        link.as_str().unwrap().strip_prefix(&start).unwrap_or_else(|| panic!("{link}")).to_owned()
    };
    let browser = Browser::desktop().await;
    let first = code(&browser).await;
    assert!(first.len() >= 6, "{first}");
    let elsewhere = browser.another(BrowserOptions::default()).await;
    assert_eq!(code(&elsewhere).await, first, "the person's, not the browser's");
    browser.prompt().await.eval("root.querySelector('.coupon:not(.address) .copy').click()").await;
    browser.settled().await;
    assert_eq!(host.events("id", "Referral Link Copied").await, Vec::<String>::new(), "the reward is no link");
    browser.prompt().await.eval("root.querySelector('.address .copy').click()").await;
    assert_eq!(told(&host, &browser, "Referral Link Copied").await.len(), 1);
}

#[tokio::test]
async fn tasks_are_ticked_as_the_journey_says() {
    let milestone =
        |key: &str, name: &str| json!({ "key": key, "name": name, "done_when": { "event": { "name": name } } });
    let journey = json!({ "key": "week", "name": "Week",
        "stages": [{ "key": "start", "name": "Start", "milestones": [milestone("bank", "Bank Connected"), milestone("team", "Team Invited")] },
                   { "key": "end", "name": "End", "kind": "terminal" }],
        "transitions": [{ "key": "left", "from": ["start"], "to": "end", "priority": 1, "when": { "event": { "name": "Left" } } }] });
    let list = json!({ "heading": "Your week", "done": "That is all.", "tasks": [
        { "milestone": "bank", "label": "Connect a bank", "url": "/bank" }, { "milestone": "team", "label": "Invite", "url": "/team" }] });
    let host = Host::with(&[]).await;
    host.app
        .import_json(&host.site, &[("week.json", journey), ("it.json", card("it", json!({ "checklist": list })))])
        .await;
    host.page("/", BODY);
    host.page("/team", BODY);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.eval("waymark('track', 'Bank Connected')").await;
    browser.settled().await;
    browser.reload().await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await.says("1 of 2 done").await;
    browser.prompt().await.says("(Done)").await;
    assert_eq!(links(&browser).await, ["/team"], "what is done leads nowhere");
    browser.prompt().await.click("Invite (To do)").await;
    browser.wait_for("location.pathname === '/team'").await;
    let opened = told(&host, &browser, "Checklist Task Opened").await;
    assert_eq!(opened[0]["task"], json!("team"));

    // While it is open: ticked as soon as the collector has it, and said once.
    browser.eval("waymark('show', 'it')").await;
    let prompt = browser.prompt().await;
    prompt.says("1 of 2 done").await;
    browser.eval("waymark('track', 'Team Invited')").await;
    prompt.says("2 of 2 done").await;
    prompt.says("That is all.").await;
    browser.eval("waymark('track', 'Something else')").await;
    browser.settled().await;
    assert_eq!(links(&browser).await, Vec::<String>::new());
    assert_eq!(told(&host, &browser, "Checklist Completed").await.len(), 1);
    browser.reload().await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await.says("That is all.").await;
    assert_eq!(told(&host, &browser, "Checklist Completed").await.len(), 2);
}

#[tokio::test]
async fn a_notice_that_leads_nowhere_is_simply_read() {
    let (host, browser) =
        opened(json!({ "notice": { "heading": "Offline on Saturday", "purpose": "renewal" } }), "").await;
    browser.prompt().await.click("Got it").await;
    browser.prompt_gone().await;
    assert_eq!(told(&host, &browser, "Prompt Shown").await.len(), 1);
}

/// What a marketer writes may say something of the person; what is counted is what was written.
#[tokio::test]
async fn texts_say_something_of_the_person() {
    let name = |before: &str| format!("{before}{{{{trait.first_name | you}}}}");
    let link = json!({ "label": name("Plans for "), "url": "/plans" });
    let prompts = [
        card("offer", json!({ "offer": { "heading": name("For "), "button": link, "decline": name("Not for ") } })),
        card("walk", json!({ "walkthrough": { "steps": [{ "heading": "One" }, { "heading": name("Two, ") }] } })),
        card(
            "nps",
            json!({ "nps": { "question": name("How likely are "), "follow_up": { "question": name("Why, ") } } }),
        ),
        card(
            "form",
            json!({ "form": { "wish": "lead", "heading": "Lead", "fields": [
            { "id": "mail", "text": name("Where do we reach "), "ask": { "email": {} } }] } }),
        ),
    ];
    let host = Host::with(&prompts).await;
    host.page("/", BODY);
    host.page("/ada", "<script>waymark('identify', 'ada', { first_name: 'Ada' })</script>");
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..BrowserOptions::default() }).await;
    for (path, who) in [("/", "you"), ("/ada", "Ada")] {
        browser.goto(host.pages.url(path)).await;
        browser.settled().await;
        let show = async |key: &str| {
            // One after the other: what the page has asked for stays asked for.
            browser.reload().await;
            browser.settled().await;
            browser.eval(&format!("waymark('show', '{key}')")).await;
            browser.prompt().await
        };
        let offer = show("offer").await;
        offer.says(&format!("For {who}")).await;
        offer.says(&format!("Plans for {who}")).await;
        offer.click(&format!("Not for {who}")).await;
        let walk = show("walk").await;
        walk.says("One").await;
        walk.click("Next").await;
        walk.says(&format!("Two, {who}")).await;
        walk.click("Done").await;
        show("form").await.says(&format!("Where do we reach {who}")).await;
        browser.prompt().await.click("No thanks").await;
        let nps = show("nps").await;
        nps.says(&format!("How likely are {who}")).await;
        nps.click("9").await;
        nps.says(&format!("Why, {who}")).await;
        nps.press("Escape").await;
        browser.prompt_gone().await;
    }
    browser.reload().await;
    browser.settled().await;
    browser.eval("waymark('show', 'offer')").await;
    browser.prompt().await.click("Plans for Ada").await;
    browser.wait_for("location.pathname === '/plans'").await;
    let told = told(&host, &browser, "Offer Accepted").await;
    assert_eq!(told[0]["link"], json!(name("Plans for ")), "{told:?}");
    assert_eq!(host.events("id", "NPS Answered").await.len(), 2);
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

/// A theme's accent need only be seen. What is to be read is never written in it.
#[tokio::test]
async fn texts_can_be_read_whatever_the_accent() {
    let button = json!({ "label": "Buy", "url": "/buy" });
    let plan = |name: &str, featured: bool| json!({ "name": name, "price": "€9", "points": ["All"], "featured": featured, "button": button });
    let said = [
        ("coupon", json!({ "offer": { "heading": "More", "coupon": { "code": "SPRING" }, "button": button } })),
        ("plans", json!({ "offer": { "heading": "Plans", "plans": [plan("One", false), plan("Two", true)] } })),
        (
            "share",
            json!({ "share": { "heading": "Share", "text": "Good", "url": "https://shop.example/", "to": ["x", "copy"] } }),
        ),
        ("places", json!({ "community": { "heading": "Meet", "links": [button] } })),
        ("notice", json!({ "notice": { "heading": "News", "button": button } })),
    ];
    let prompts: Vec<Value> = said.iter().map(|(key, content)| card(key, content.clone())).collect();
    let host = Host::with(&prompts).await;
    // As little contrast as a theme may have: 3 to 1.
    let policy = json!({ "interruptions_per_session": 1000, "interruption_gap": "0s", "groups": [] });
    let theme = json!({ "light": { "accent": "#e969a1" }, "dark": { "accent": "#94632f" } });
    let look = json!({ "policy": policy, "theme": theme });
    host.app.import_json(&host.site, &[("site.json", look)]).await;
    host.page("/", BODY);
    for dark in [false, true] {
        let browser = Browser::new(BrowserOptions { reduced_motion: true, dark, ..BrowserOptions::default() }).await;
        for (key, _) in &said {
            browser.goto(host.pages.url("/")).await;
            browser.settled().await;
            browser.eval(&format!("waymark('show', '{key}')")).await;
            let prompt = browser.prompt().await;
            prompt.accessible(key).await;
            for button in ["Copy", "Copy the text"] {
                if prompt.text().await.lines().any(|line| line == button) {
                    prompt.click(button).await;
                    prompt.accessible(key).await;
                }
            }
        }
    }
}
