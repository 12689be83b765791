//! What the page's part knows of the visit and of whoever visits: what it hands to rules, what it waits for, what it forgets, and that
//! nothing it was told is lost.

use harness::poll::until;
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, bar};

fn everywhere() -> Value {
    json!({ "path": "**" })
}

/// Each of these rules holds on the second page of a first visit.
#[tokio::test]
async fn rules_hear_all_that_a_page_knows() {
    let rules = [
        ("pages", json!({ "session": { "pages": { "between": [2, 2] } } })),
        ("visit", json!({ "session": { "visit": { "between": [1, 1] } } })),
        ("landing", json!({ "session": { "landing": { "is": ["/start"] } } })),
        ("lasting", json!({ "session": { "lasting": "1s" } })),
        ("title", json!({ "page": { "part": "title", "test": { "contains": ["Prices"] } } })),
        ("width", json!({ "width": { "between": [1000, 1300] } })),
        ("touch", json!({ "touch": false })),
        ("consent", json!({ "consent": "profile" })),
        ("hour", json!({ "now": { "hour": { "between": [0, 23] } } })),
        ("variable", json!({ "js": { "path": "shop.plan", "test": { "is": ["team"] } } })),
        ("cookie", json!({ "cookie": { "name": "seen", "test": { "starts_with": ["pri"] } } })),
        ("element", json!({ "element": "#cart" })),
        ("parameter", json!({ "query": { "param": "seats", "test": { "at_least": 5 } } })),
        ("expression", json!({ "page": { "part": "url", "test": { "matches": ["\\?seats=\\d+$"] } } })),
        ("fragment", json!({ "page": { "part": "hash", "test": { "is": ["prices"] } } })),
        ("language", json!({ "language": ["en"] })),
    ];
    let prompts: Vec<Value> = rules
        .iter()
        .map(|(key, rule)| {
            let mut prompt = bar(key, &format!("By {key}"), rule.clone());
            prompt["frequency"] = json!({ "per_session": 1, "at_most": 1 });
            prompt
        })
        .collect();
    let host = Host::with(&prompts).await;
    host.pages.put([
        ("/start", format!("<title>Start</title>{}", host.snippet())),
        (
            "/",
            format!(
                "<!doctype html><html lang=en><title>Prices and plans</title><div id=cart></div>
                 <script>shop = {{ plan: 'team' }}; document.cookie = 'seen=prices'</script>{}",
                host.snippet()
            ),
        ),
    ]);
    let browser = Browser::desktop().await;
    browser.eval("document.title = ''").await;
    browser.goto(host.pages.url("/start")).await;
    until("the first page to be stored", async || match host.viewed().await.len() {
        1 => Ok(()),
        other => Err(other.to_string()),
    })
    .await;
    browser.goto(host.pages.url("/?seats=12#prices")).await;
    // One after the other, whichever comes first: each of them is shown once.
    for _ in &rules {
        let prompt = browser.prompt().await;
        let said = prompt.text().await;
        prompt.click("No thanks").await;
        prompt.gives_way(&said).await;
    }
    let mut shown = host.events("prompt", "Prompt Shown").await;
    shown.sort();
    shown.dedup();
    let mut expected: Vec<String> = rules.iter().map(|(key, _)| (*key).to_owned()).collect();
    expected.sort();
    assert_eq!(shown, expected);
}

/// Two tabs are one visit, and so are its pages counted.
#[tokio::test]
async fn tabs_share_the_visit() {
    let host = Host::with(&[bar("third", "Third", json!({ "session": { "pages": { "at_least": 3 } } }))]).await;
    for path in ["/a", "/b", "/c"] {
        host.page(path, "<h1>Shop</h1>");
    }
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/a")).await;
    browser.no_prompt().await;
    browser.new_tab().await;
    browser.goto(host.pages.url("/b")).await;
    browser.no_prompt().await;
    browser.goto(host.pages.url("/c")).await;
    browser.prompt().await.says("Third").await;
    let kept = browser.eval(&format!("return JSON.parse(localStorage['waymark.{}']).session", host.site.key)).await;
    assert_eq!((&kept["pages"], &kept["visits"]), (&json!(3), &json!(1)), "{kept}");
    assert_eq!(kept["url"], json!(host.pages.url("/a")));
}

/// What is agreed to may come and go while the page is open.
#[tokio::test]
async fn consent_is_looked_at_anew_when_it_changes() {
    let mut prompt = bar("asks", "May we ask?", everywhere());
    prompt["consent"] = json!(["answer", "profile"]);
    let host = Host::with(&[prompt]).await;
    host.page("/", "<script>waymark('consent', { answer: false, profile: true })</script>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;
    browser.eval("waymark('consent', { answer: true })").await;
    browser.prompt().await.says("May we ask?").await;
    browser.eval("waymark('consent', { profile: false })").await;
    browser.prompt_gone().await;
    assert_eq!(browser.console_errors().await, []);
}

/// Who logs out is asked no more often for that.
#[tokio::test]
async fn a_reset_does_not_reset_the_caps_of_the_device() {
    let mut prompt = bar("once", "Once", everywhere());
    prompt["frequency"] = json!({ "per_session": 1, "at_most": 1 });
    let host = Host::with(&[prompt]).await;
    host.page("/", "<script>waymark('identify', 'ada')</script>");
    host.page("/out", "");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    browser.settled().await;
    browser.eval("waymark('reset')").await;
    browser.no_prompt().await;
    // Also where this page's memory is gone, and the browser's storage with it: the collector knows the device.
    browser.goto(host.pages.url("/out")).await;
    browser.no_prompt().await;
    let visitors = host.app.texts("select distinct subject from event where name = 'Page Viewed'").await;
    assert_eq!(visitors.len(), 2, "and it was somebody else");
    assert_eq!(host.events("prompt", "Prompt Shown").await, ["once"]);
}

/// Said while the first answer is under way: it is not decided for the stranger whom that answer is about.
#[tokio::test]
async fn a_pending_identify_is_waited_for() {
    let known = bar("known", "Welcome back", json!("identified"));
    let stranger = bar("stranger", "Who are you?", json!({ "not": "identified" }));
    let host = Host::with(&[known, stranger]).await;
    let late = "<script>
        const post = window.fetch;
        window.fetch = function (url) {
            const answer = post.apply(this, arguments);
            if (String(url).includes('/v1/visit') && !window.asked) {
                asked = true;
                waymark('identify', 'ada', { plan: 'team' }, { token: 'signed.by.us' });
            }
            bodies = (window.bodies || '') + (arguments[1] ? arguments[1].body : '');
            return answer;
        };
    </script>";
    host.pages.put([("/", format!("{late}{}", host.snippet()))]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Welcome back").await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Shown").await, ["known"]);
    assert_eq!(
        browser.eval("return bodies.includes('\"token\":\"signed.by.us\"')").await,
        json!(true),
        "the proof travels"
    );
    assert_eq!(browser.console_errors().await, []);
}

/// A site whose collector hears but does not answer who it is: two seconds, then it goes on with what is known.
#[tokio::test]
async fn but_not_for_ever() {
    let host = Host::with(&[bar("stranger", "Who are you?", json!({ "not": "identified" }))]).await;
    let silent = "<script>
        const post = window.fetch;
        window.fetch = function (url, options) {
            if (!String(url).includes('/v1/visit')) return post.apply(this, arguments);
            if (options.body.includes('identify')) return new Promise(() => {});
            const answer = post.apply(this, arguments);
            if (!window.asked) {
                asked = performance.now();
                waymark('identify', 'ada');
            }
            return answer;
        };
    </script><script>shown = 0</script>";
    host.pages.put([(
        "/",
        format!(
            "{silent}{}<script>waymark('on', 'shown', () => {{ shown = performance.now(); }})</script>",
            host.snippet()
        ),
    )]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Who are you?").await;
    let waited = browser.eval("return shown - asked").await.as_f64().unwrap();
    assert!((1900.0..6000.0).contains(&waited), "{waited}");
}

#[tokio::test]
async fn what_waits_is_sent_when_the_page_is_left() {
    left(BrowserOptions::default()).await;
}

/// All that waits goes out when the page goes away, as far as browsers take it; the rest comes later.
pub async fn left(options: BrowserOptions) {
    let mut host = Host::with(&[]).await;
    let counted = "<script>
        flying = most = 0;
        const post = window.fetch;
        window.fetch = function (url, options) {
            if (!String(url).includes('/v1/visit')) return post.apply(this, arguments);
            const size = new Blob([options.body]).size;
            flying += size;
            most = Math.max(most, flying);
            const answer = post.apply(this, arguments);
            const landed = () => { flying -= size; };
            answer.then(landed, landed);
            return answer;
        };
    </script>";
    host.pages.put([("/", format!("{counted}{}", host.snippet()))]);
    let browser = Browser::new(options).await;
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    let address = host.app.stop().await;
    // Connections are made, and nothing comes back.
    let listener = std::net::TcpListener::bind(address).unwrap();
    browser
        .eval(
            "for (let n = 1; n < 10; n++) waymark('track', 'Ordered', { n, text: 'x'.repeat(10000) });
             await new Promise((done) => setTimeout(done));
             Object.defineProperty(document, 'hidden', { value: true });
             document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))",
        )
        .await;
    let most = browser.eval("return most").await.as_f64().unwrap();
    assert!(most > 40_000.0 && most < 61_440.0, "{most} bytes on their way");
    drop(listener);
    host.app.restart().await;
    browser.goto(host.pages.url("/")).await;
    until("all of them to come", async || {
        let mut orders = host.events("props", "Ordered").await;
        orders.sort();
        orders.dedup();
        if orders.len() == 9 { Ok(()) } else { Err(orders.len().to_string()) }
    })
    .await;
    assert_eq!(host.events("id", "Ordered").await.len(), 9, "each of them once");
}

#[tokio::test]
async fn what_happens_last_on_a_page_is_sent() {
    last_words(BrowserOptions::default()).await;
}

/// Something happens, and in the same moment the page is gone for one that sends nothing: the request goes on without its page.
pub async fn last_words(options: BrowserOptions) {
    let host = Host::with(&[]).await;
    host.page("/", "<h1>Shop</h1>");
    let browser = Browser::new(options).await;
    for happens in [
        "waymark('track', 'Left'); location.href = '/wait'",
        "addEventListener('pagehide', () => waymark('track', 'Left')); location.href = '/wait'",
    ] {
        browser.goto(host.pages.url("/")).await;
        browser.settled().await;
        let before = host.events("id", "Left").await.len();
        browser.eval(happens).await;
        browser.wait_for("location.pathname === '/wait'").await;
        until(happens, async || match host.events("url", "Left").await.len() - before {
            1 => Ok(()),
            other => Err(other.to_string()),
        })
        .await;
    }
}

#[tokio::test]
async fn without_storage_it_goes_on_from_memory() {
    without_storage(BrowserOptions::default()).await;
}

/// A page that may keep nothing works as any other, as long as it is open: whether its visitor's browser keeps nothing for anybody,
/// something is wrong with its storage, or the visitor said so.
pub async fn without_storage(options: BrowserOptions) {
    let mut prompt = bar("once", "Hello", everywhere());
    prompt["frequency"] = json!({ "per_session": 1, "at_most": 1 });
    let host = Host::with(&[prompt]).await;
    let ways = [
        "try { localStorage.length; throw new Error('it keeps something'); } catch (error) { if (error.name !== 'SecurityError') throw error; }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } })",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
         window.real = localStorage;
         Object.defineProperty(window, 'localStorage', { value: new Proxy({}, { set() { throw new DOMException('full', 'QuotaExceededError'); } }) })",
        "window.waymark = function () { (waymark.q = waymark.q || []).push(arguments); }; waymark('consent', { store: false })",
    ];
    let keeps = Browser::new(options).await;
    let blocks = keeps.another(BrowserOptions { storage: false, ..BrowserOptions::default() }).await;
    for (at, way) in ways.iter().enumerate() {
        let browser = if at == 0 { &blocks } else { &keeps };
        host.pages.put([("/", format!("<script>{way}</script>{}", host.snippet()))]);
        browser.goto(host.pages.url("/")).await;
        browser.prompt().await.says("Hello").await;
        browser.eval("waymark('track', 'Ordered')").await;
        browser.prompt().await.click("No thanks").await;
        browser.prompt_gone().await;
        browser.eval("history.pushState(null, '', '/next')").await;
        browser.no_prompt().await;
        assert_eq!(host.events("id", "Ordered").await.len(), at + 1, "{way}");
        assert_eq!(browser.page_errors().await, Vec::<String>::new(), "{way}");
        assert_eq!(browser.console_errors().await, [], "{way}");
    }
    let kept = "Object.keys(localStorage).filter((key) => key.startsWith('waymark'))";
    assert_eq!(keeps.eval(&format!("return {kept}")).await, json!([]), "whoever refused left no trace");
}

/// A lot is drawn once, however often it is looked at before the collector has it.
#[tokio::test]
async fn a_lot_is_recorded_once() {
    let mut prompt = bar("tried", "Which one?", everywhere());
    prompt["experiment"] =
        json!({ "epoch": 1, "variants": [{ "key": "a", "weight": 1 }, { "key": "b", "weight": 1 }] });
    prompt["frequency"] = json!({ "per_session": 100, "at_most": 100, "after_dismissal": "0s" });
    let host = Host::with(&[prompt]).await;
    host.page("/", "");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    for _ in 0..3 {
        browser.prompt().await.click("No thanks").await;
        browser.prompt_gone().await;
        browser.eval("waymark('track', 'Looked')").await;
        browser.eval("history.pushState(null, '', '/?' + Math.random())").await;
    }
    browser.prompt().await.says("Which one?").await;
    browser.reload().await;
    browser.prompt().await.says("Which one?").await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Eligible").await, ["tried"]);
    let variants = host.app.texts("select distinct props from event where name = 'Prompt Shown'").await;
    assert_eq!(variants.len(), 1, "{variants:?}");
}

/// What is known of one page shows nothing on the next, however long the next one's own answer takes.
#[tokio::test]
async fn what_is_known_of_one_page_is_not_used_on_the_next() {
    let everywhere = bar("always", "Always", json!({ "path": "/" }));
    let host = Host::with(&[everywhere, bar("first", "First", json!({ "path": "/first" }))]).await;
    let goes_on = "<script>addEventListener('load', () => setTimeout(() => history.pushState(null, '', '/second'), 100))</script>";
    for (path, script) in [("/", ""), ("/first", goes_on)] {
        host.page(path, &format!("{script}<h1>Application</h1>"));
    }
    let browser = Browser::desktop().await;
    // From here on the page has what shows prompts as soon as it begins.
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Always").await;
    browser.settled().await;
    browser.slow(1500.0).await;
    browser.goto(host.pages.url("/first")).await;
    browser.wait_for("waymark.live && location.pathname === '/second'").await;
    browser.slow(4000.0).await;
    browser.settled().await;
    browser.no_prompt().await;
    assert_eq!(host.events("prompt", "Prompt Shown").await, ["always"]);
    assert_eq!(host.viewed().await, ["/", "/first", "/second"]);
}
