//! Pages that nobody would write on purpose, and what browsers do with pages besides showing them. The widget works, or it is not there;
//! the page never notices.

use harness::poll::until;
use harness::{Backend, Browser, Pages, TestApp};
use serde_json::{Value, json};

use crate::host::{Host, bar};

fn nps() -> Value {
    json!({ "key": "nps", "placement": { "corner": "bottom_end" }, "rule": { "path": "**" }, "frequency": { "per_session": 100, "at_most": 100, "after_dismissal": "0s" },
            "content": { "nps": { "question": "Would you recommend us?", "follow_up": { "question": "Why?" } } } })
}

/// The prompt is answered, and the collector has that.
async fn answered(host: &Host, browser: &Browser, what: &str) {
    let before = host.events("props", "NPS Answered").await.len();
    let prompt = browser.prompt().await;
    prompt.click("9").await;
    prompt.type_into("Why?", "It stays").await;
    prompt.click("Send").await;
    prompt.says("Thank you").await;
    until(&format!("the answer to come: {what}"), async || {
        let answers = host.events("props", "NPS Answered").await;
        if answers[before..].iter().any(|props| props.contains("It stays")) { Ok(()) } else { Err(answers.join(", ")) }
    })
    .await;
}

/// What a page may do to what it shares with us, before we are there and once a prompt is on the screen.
const CHANGES: [(&str, &str); 10] = [
    ("more on all objects", "Object.prototype.extend = Array.prototype.each = function () { return this; };"),
    ("lists that look different in JSON", "Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };"),
    (
        "words that look different in JSON",
        "String.prototype.toJSON = function () { return '\"' + this + '\"'; }; Date.prototype.toJSON = () => 'today';",
    ),
    (
        "functions of an old library",
        "Array.from = (list) => { let at = list.length; const all = new Array(at); while (at--) all[at] = list[at]; return all; };
         Array.prototype.map = function (run) { const all = []; for (let at = 0; at < this.length; at++) all.push(run(this[at], at, this)); return all; };
         Array.prototype.filter = function (run) { const all = []; for (let at = 0; at < this.length; at++) if (run(this[at], at, this)) all.push(this[at]); return all; };
         Object.keys = function (one) { const all = []; for (const key in one) if ({}.hasOwnProperty.call(one, key)) all.push(key); return all; };",
    ),
    (
        "a library's own promises",
        "window.Promise = class extends Promise {}; const then = Promise.prototype.then;
         Promise.prototype.then = function (...run) { window.promised = (window.promised || 0) + 1; return then.apply(this, run); };",
    ),
    (
        "a wrapped fetch",
        "{ const own = window.fetch; window.fetch = function (...all) { window.fetched = (window.fetched || 0) + 1; return own.apply(this, all); }; }",
    ),
    ("an element of our name", "{ const one = document.createElement('i'); one.id = 'waymark'; document.documentElement.append(one); }"),
    (
        "a measured history",
        "for (const name of ['pushState', 'replaceState']) { const own = history[name]; history[name] = function (...all) { return own.apply(this, all); }; }",
    ),
    ("a console that says nothing", "window.console = {};"),
    ("a clock that is an hour late", "{ const own = Date.now; Date.now = () => own() - 36e5; }"),
];

/// What leaves nothing to work with where it is done first; once we are there, we have our own.
const RUINS: [(&str, &str); 3] = [
    ("no JSON", "window.JSON = { parse() { throw new Error('none'); }, stringify() { throw new Error('none'); } };"),
    ("a fetch that throws", "window.fetch = () => { throw new Error('none'); };"),
    ("a fetch that answers nothing", "window.fetch = () => new Promise(() => {});"),
];

#[tokio::test]
async fn what_a_page_changes_changes_nothing() {
    let host = Host::with(&[nps()]).await;
    let mut wrong = Vec::new();
    for (what, change) in CHANGES {
        for is_late in [false, true] {
            let what = format!("{what}, {}", if is_late { "late" } else { "first" });
            let first = if is_late { "" } else { change };
            host.pages.put([("/", format!("<script>{first}</script>{}<h1>Shop</h1>", host.snippet()))]);
            let browser = Browser::desktop().await;
            browser.goto(host.pages.url("/")).await;
            browser.prompt().await;
            if is_late {
                browser.eval(change).await;
            }
            answered(&host, &browser, &what).await;
            wrong.extend(browser.page_errors().await.into_iter().map(|error| format!("{what}: {error}")));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn what_a_page_takes_away_late_is_still_ours() {
    let host = Host::with(&[nps()]).await;
    for (what, change) in RUINS {
        host.pages.put([("/", format!("{}<h1>Shop</h1>", host.snippet()))]);
        let browser = Browser::desktop().await;
        browser.goto(host.pages.url("/")).await;
        browser.prompt().await;
        browser.eval(change).await;
        answered(&host, &browser, what).await;
        assert_eq!(browser.page_errors().await, [""; 0], "{what}");
    }
}

/// What a page takes away before we are there is gone, and so are we.
#[tokio::test]
async fn where_there_is_nothing_to_work_with_there_is_nothing() {
    let host = Host::with(&[nps()]).await;
    for (what, change) in RUINS {
        host.pages.put([("/", format!("<script>{change}</script>{}<h1>Shop</h1>", host.snippet()))]);
        let browser = Browser::desktop().await;
        browser.goto(host.pages.url("/")).await;
        browser.eval("waymark('track', 'Ordered'); waymark('show', 'nps')").await;
        browser.no_prompt().await;
        assert_eq!(browser.page_errors().await, [""; 0], "{what}");
    }
}

/// A page in a page is a page: each has its own look at what to show, and both are one visitor's.
#[tokio::test]
async fn in_a_frame_it_works_as_on_a_page() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    host.pages.put([
        ("/", "<h1>Shop</h1><iframe src=/inside style='width:600px;height:600px'></iframe>".to_owned()),
        (
            "/both",
            format!("{}<h1>Shop</h1><iframe src=/inside style='width:600px;height:600px'></iframe>", host.snippet()),
        ),
        ("/locked", "<script>addEventListener('message', () => { window.said = true; })</script>
          <iframe sandbox=allow-scripts src=/inside style='width:600px;height:600px'></iframe>".to_owned()),
        ("/inside", format!("{}<h1>Inside</h1><script>addEventListener('load', () => setTimeout(() => parent.postMessage('here', '*'), 500))</script>", host.snippet())),
    ]);
    let inside = "frames[0][Symbol.for('test.probe')].hosts().length";
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.wait_for(&format!("{inside} === 1")).await;
    browser.settled().await;
    assert_eq!(host.viewed().await, ["/inside"]);
    browser.goto(host.pages.url("/both")).await;
    let outside = "window[Symbol.for('test.probe')].hosts().length";
    browser.wait_for(&format!("{outside} + {inside} > 0")).await;
    browser.settled().await;
    assert_eq!(browser.eval(&format!("return {outside} + {inside}")).await, json!(1), "one at a time");
    let visitors = host.app.texts("select distinct subject from event where name = 'Page Viewed'").await;
    assert_eq!(visitors.len(), 1, "{visitors:?}");
    // An origin that is none has no storage, and no site knows it.
    browser.goto(host.pages.url("/locked")).await;
    browser.wait_for("window.said").await;
    assert_eq!(browser.page_errors().await, [""; 0]);
    assert_eq!(host.viewed().await.iter().filter(|path| *path == "/inside").count(), 2);
}

/// Pages of two sub-domains that call themselves the domain, to reach into each other.
#[tokio::test]
async fn a_page_may_take_the_name_of_its_domain() {
    let app = TestApp::live(Backend::Sqlite, |_| ()).await;
    let pages = Pages::serve([("/wait", "")]).await;
    let origin = pages.origin().replace("127.0.0.1", "www.shop.test");
    let site = app.site_at(&[&origin]).await;
    let host = Host { app, site, pages };
    host.publish(&[nps()]).await;
    // Else the assignment does nothing nowadays.
    host.pages.with_header("origin-agent-cluster", "?0");
    host.pages.put([("/", format!("<script>document.domain = 'shop.test'</script>{}<h1>Shop</h1>", host.snippet()))]);
    let browser = Browser::desktop().await;
    browser.goto(format!("{origin}/")).await;
    assert_eq!(browser.eval("return document.domain").await, json!("shop.test"));
    answered(&host, &browser, "under the name of the domain").await;
    assert_eq!(browser.page_errors().await, [""; 0]);
}

/// Back to a page that the browser has kept as it was: that is a page view, and what belongs there is there.
#[tokio::test]
async fn back_to_a_page_that_was_kept() {
    let host = Host::with(&[nps()]).await;
    let kept = "<script>addEventListener('pageshow', (event) => { if (event.persisted) window.kept = true; })</script>";
    host.pages.put([
        ("/", format!("{}{kept}<h1>Shop</h1><a href=/other>Other</a>", host.snippet())),
        ("/other", "<h1>Other</h1>".to_owned()),
    ]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await;
    browser.settled().await;
    browser.click("Other").await;
    browser.wait_for("location.pathname === '/other'").await;
    browser.back().await;
    browser.wait_for("window.kept").await;
    answered(&host, &browser, "kept as it was").await;
    assert_eq!(host.viewed().await, ["/", "/"]);
    assert_eq!(host.events("id", "Prompt Shown").await.len(), 1, "it was there all the time");
    assert_eq!(browser.page_errors().await, [""; 0]);
}

/// A page that the browser loads in advance is nobody's visit until somebody looks at it.
#[tokio::test]
async fn loaded_in_advance_it_waits_to_be_looked_at() {
    let host = Host::with(&[nps()]).await;
    let settings = json!({ "page_groups": [], "events": [{ "name": "Heading Read", "when": { "click": "h1" } }] });
    host.app.import_json(&host.site, &[("site.json", settings)]).await;
    let early = "<script type=speculationrules>{ \"prerender\": [{ \"urls\": [\"/next\"], \"eagerness\": \"immediate\" }] }</script>";
    let tells = "<script>window.early = document.prerendering; if (early) localStorage.early = 1</script>";
    host.pages.put([
        ("/", format!("{early}<h1>Shop</h1><a href=/next>Next</a>")),
        // No stub: the loader is what there is of us.
        ("/next", format!("{tells}{}<h1>Next</h1>", host.app.snippet(&host.site))),
    ]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.wait_for("localStorage.early").await;
    browser.settled().await;
    assert_eq!(host.viewed().await, [""; 0], "nobody has looked at it");
    browser.click("Next").await;
    browser.wait_for("location.pathname === '/next'").await;
    assert_eq!(browser.eval("return window.early").await, json!(true), "it is the page that was loaded in advance");
    until("the prompt to be shown there", async || {
        let pages = host.events("url", "Prompt Shown").await;
        if pages == [host.pages.url("/next")] { Ok(()) } else { Err(pages.join(", ")) }
    })
    .await;
    assert_eq!(host.viewed().await, ["/next"]);
    browser.eval("document.querySelector('h1').click()").await;
    until("the named click to be stored", async || match host.events("id", "Heading Read").await.len() {
        1 => Ok(()),
        other => Err(other.to_string()),
    })
    .await;
}

#[tokio::test]
async fn on_paper_there_is_nothing_of_ours() {
    let host = Host::with(&[nps()]).await;
    host.page("/", "<h1>Shop</h1>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await;
    browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    browser.prompt_gone().await;
    browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
    answered(&host, &browser, "after printing").await;
}

/// Service workers as applications have them: one that fetches everything itself, one that answers from what it has kept first, one that
/// puts a page of its own in the place of what fails.
#[tokio::test]
async fn a_service_worker_may_stand_between() {
    let mut asked = nps();
    asked["rule"] = json!({ "path": "/" });
    let host = Host::with(&[asked]).await;
    let ready = "<script>navigator.serviceWorker.register('/worker.js'); navigator.serviceWorker.ready.then(() => { window.ready = true; })</script>";
    // Nothing is asked on the page that brings the worker, or what it shows before it is left would count.
    host.page("/start", &format!("{ready}<h1>Shop</h1>"));
    host.page("/", "<h1>Shop</h1>");
    for (what, answer) in [
        ("fetched by it", "fetch(event.request)"),
        (
            "kept by it",
            "caches.open('all').then(async (all) => {
                if (event.request.method !== 'GET') return fetch(event.request);
                const old = await all.match(event.request);
                if (old) return old;
                const answer = await fetch(event.request);
                all.put(event.request, answer.clone());
                return answer;
            })",
        ),
        (
            "with a page for when there is no network",
            "fetch(event.request).catch(() => new Response('<h1>No network</h1>', { headers: { 'content-type': 'text/html' } }))",
        ),
    ] {
        let script = format!(
            "addEventListener('install', () => skipWaiting()); addEventListener('activate', (event) => event.waitUntil(clients.claim()));
             addEventListener('fetch', (event) => event.respondWith({answer}));"
        );
        host.pages.put([("/worker.js", script)]);
        let browser = Browser::desktop().await;
        browser.goto(host.pages.url("/start")).await;
        browser.wait_for("window.ready").await;
        browser.goto(host.pages.url("/")).await;
        browser.wait_for("navigator.serviceWorker.controller").await;
        answered(&host, &browser, what).await;
        browser.reload().await;
        browser.settled().await;
        let before = host.events("id", "Ordered").await.len();
        browser.offline(true).await;
        browser.eval("waymark('track', 'Ordered')").await;
        browser.offline(false).await;
        until(&format!("what happened without a network: {what}"), async || {
            let orders = host.events("id", "Ordered").await.len();
            if orders == before + 1 { Ok(()) } else { Err(orders.to_string()) }
        })
        .await;
        assert_eq!(browser.page_errors().await, [""; 0], "{what}");
    }
}

/// What happens without a network is told once there is one, whether the page is still open then or another.
#[tokio::test]
async fn without_a_network_nothing_is_lost() {
    let host = Host::with(&[nps()]).await;
    host.page("/", "<h1>Shop</h1>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    let prompt = browser.prompt().await;
    browser.settled().await;
    for still_open in [true, false] {
        browser.offline(true).await;
        browser.eval("waymark('track', 'Ordered')").await;
        if still_open {
            prompt.click("9").await;
            prompt.type_into("Why?", "It stays").await;
            prompt.click("Send").await;
            prompt.says("Thank you").await;
        }
        browser.offline(false).await;
        if !still_open {
            browser.goto(host.pages.url("/")).await;
        }
        until("what happened meanwhile to come", async || {
            let orders = host.events("id", "Ordered").await.len();
            if orders == if still_open { 1 } else { 2 } { Ok(()) } else { Err(orders.to_string()) }
        })
        .await;
    }
    let answers = host.events("props", "NPS Answered").await;
    assert!(answers.iter().any(|props| props.contains("It stays")), "{answers:?}");
    assert_eq!(browser.page_errors().await, [""; 0]);
}
