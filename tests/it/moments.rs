//! When a prompt comes: each moment as a visitor makes it happen, and that nothing of ours runs on a page where nothing is waited for.

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, bar};

/// A page of five screens, with what a test puts into it in front.
const LONG: &str = "<style>body { margin: 0 } main { height: 4000px }</style><main></main>";

/// Counts what the page's window listens to, by kind; for pages that say it before the loader comes.
const COUNTED: &str = "<script>
    ears = {};
    for (const [name, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
        const original = window[name];
        window[name] = function (kind, ...rest) {
            ears[kind] = (ears[kind] || 0) + step;
            return original.call(this, kind, ...rest);
        };
    }
    // Who looks at the whole document, and at what of it somebody waits to see; what a prompt looks at is its own affair.
    watching = new Set();
    sighted = new Set();
    for (const [name, of, seen] of [['MutationObserver', watching, (target) => target === document], ['IntersectionObserver', sighted, (target) => target.className === 'offer']]) {
        const { observe, disconnect } = window[name].prototype;
        window[name].prototype.observe = function (target, ...rest) {
            if (seen(target)) of.add(this);
            return observe.call(this, target, ...rest);
        };
        window[name].prototype.disconnect = function () {
            of.delete(this);
            return disconnect.call(this);
        };
    }
</script>";

/// What is listened to only while somebody waits for it.
const HEARD: [&str; 7] = ["scroll", "pointermove", "pointerdown", "keydown", "touchmove", "mouseout", "click"];

fn on(moment: Value) -> Value {
    let mut prompt = bar("one", "Hello", json!({ "path": "**" }));
    prompt["moment"] = moment;
    prompt
}

/// A page with one prompt of this moment.
async fn page(moment: Value, body: &str) -> (Host, Browser) {
    with(on(moment), body, BrowserOptions::default()).await
}

async fn with(prompt: Value, body: &str, options: BrowserOptions) -> (Host, Browser) {
    let host = Host::with(&[prompt]).await;
    host.pages.put([("/", format!("{COUNTED}{}{body}", host.snippet()))]);
    host.page("/other", body);
    let browser = Browser::new(options).await;
    browser.goto(host.pages.url("/")).await;
    (host, browser)
}

async fn waits(browser: &Browser) {
    browser.no_prompt().await;
}

async fn comes(host: &Host, browser: &Browser) {
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Shown").await, ["one"]);
    assert_eq!(browser.console_errors().await, []);
}

/// What of [`HEARD`] is listened to now.
async fn heard(browser: &Browser) -> Vec<&'static str> {
    let ears = browser.eval("return ears").await;
    HEARD.into_iter().filter(|kind| ears[*kind].as_i64().unwrap_or_default() > 0).collect()
}

async fn until_heard(browser: &Browser, kind: &str) {
    browser.wait_for(&format!("ears.{kind} > 0")).await;
}

#[tokio::test]
async fn scrolled_so_far() {
    let (host, browser) = page(json!({ "scroll": 50 }), LONG).await;
    until_heard(&browser, "scroll").await;
    assert_eq!(heard(&browser).await, ["scroll"]);
    browser.eval("scrollTo(0, 0.48 * (4000 - innerHeight))").await;
    waits(&browser).await;
    browser.eval("scrollTo(0, 0.5 * (4000 - innerHeight))").await;
    comes(&host, &browser).await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    assert_eq!(heard(&browser).await, Vec::<&str>::new(), "nothing is waited for any more");
}

#[tokio::test]
async fn nobody_moves() {
    let moves = "<script>
        waymark('on', 'shown', () => { shown = Date.now(); });
        moves = 40;
        timer = setInterval(() => {
            document.dispatchEvent(new Event(moves % 2 ? 'pointermove' : 'keydown', { bubbles: true }));
            last = Date.now();
            if (!--moves) clearInterval(timer);
        }, 50);
    </script>";
    let (host, browser) = page(json!({ "inactivity": "1s" }), moves).await;
    comes(&host, &browser).await;
    let waited = browser.eval("return shown - last").await.as_f64().unwrap();
    assert!(waited >= 990.0, "shown {waited} ms after the last move");
}

/// Through the top of the window, with nothing held; not through its sides, and not as soon as somebody has come.
#[tokio::test]
async fn the_pointer_leaves() {
    let (host, browser) = page(json!("exit_intent"), LONG).await;
    until_heard(&browser, "mouseout").await;
    assert_eq!(heard(&browser).await, ["mouseout"]);
    let leave = |relation: &str, y: i32, buttons: u8| {
        format!(
            "document.body.dispatchEvent(new MouseEvent('mouseout', {{ bubbles: true, relatedTarget: {relation}, clientX: 300, clientY: {y}, buttons: {buttons} }}))"
        )
    };
    browser.wait_for("performance.now() > 3000").await;
    for (relation, y, buttons) in [("document.querySelector('main')", -1, 0), ("null", 300, 0), ("null", -1, 1)] {
        browser.eval(&leave(relation, y, buttons)).await;
        waits(&browser).await;
    }
    browser.move_to((600.0, 300.0)).await;
    browser.eval(&leave("null", -1, 0)).await;
    comes(&host, &browser).await;
}

#[tokio::test]
async fn whoever_has_just_come_is_not_leaving() {
    // The browser's clock stands still, so it is always just after the beginning.
    let stands = "<script>const begun = Date.now(); Date.now = () => begun;</script>";
    let host = Host::with(&[on(json!("exit_intent"))]).await;
    host.pages.put([("/", format!("{stands}{COUNTED}{}{LONG}", host.snippet()))]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    until_heard(&browser, "mouseout").await;
    let leave = "document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY: -1 }))";
    browser.eval(leave).await;
    waits(&browser).await;
    browser.eval(&format!("Date.now = () => begun + 3000; {leave}")).await;
    comes(&host, &browser).await;
}

async fn touched(moment: Value) -> (Host, Browser) {
    let host = Host::with(&[on(moment)]).await;
    host.pages.put([("/", format!("{COUNTED}{}{LONG}", host.snippet()))]);
    let browser = Browser::new(BrowserOptions::phone()).await;
    browser.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 5 })).await;
    browser.goto(host.pages.url("/")).await;
    assert_eq!(browser.eval("return matchMedia('(pointer: coarse)').matches").await, json!(true));
    until_heard(&browser, "touchmove").await;
    assert_eq!(heard(&browser).await, ["scroll", "touchmove"]);
    browser.wait_for("performance.now() > 3000").await;
    (host, browser)
}

/// Somebody has read down and flings the page up. The way back stays theirs.
#[tokio::test]
async fn a_fling_on_a_touch_screen() {
    let (host, browser) = touched(json!("exit_intent")).await;
    let before = browser.eval("return history.length").await;
    // The browser tells of the finger, and then of where the page is.
    let finger = "document.dispatchEvent(new Event('touchmove', { bubbles: true }))";
    browser.eval("scrollTo(0, 1500)").await;
    browser.wait_for("scrollY > 1400").await;
    // A link to the top of the page is no fling: no finger moves.
    browser.eval("scrollTo(0, 900)").await;
    waits(&browser).await;
    // Nor is it one to look at something again, a while later.
    browser.eval("then = performance.now()").await;
    browser.wait_for("performance.now() > then + 500").await;
    browser.eval(&format!("{finger}; scrollTo(0, 800)")).await;
    waits(&browser).await;
    browser.eval(&format!("{finger}; scrollTo(0, 300)")).await;
    comes(&host, &browser).await;
    assert_eq!(browser.eval("return history.length").await, before);
}

#[tokio::test]
async fn somebody_comes_back_to_a_touch_screen() {
    let (host, browser) = touched(json!("exit_intent")).await;
    // As when another app is opened, and closed again so many milliseconds later.
    let away = |ms: u32| {
        format!(
            "const hide = (is) => {{ Object.defineProperty(document, 'hidden', {{ value: is, configurable: true }}); document.dispatchEvent(new Event('visibilitychange')); }};
             hide(true); const now = Date.now; const begun = now(); Date.now = () => now() + {ms}; hide(false);"
        )
    };
    browser.eval(&away(4000)).await;
    waits(&browser).await;
    browser.eval(&away(5001)).await;
    comes(&host, &browser).await;
}

/// Also where the page keeps its clicks to itself, and inside an open shadow tree; never in a prompt of ours.
#[tokio::test]
async fn a_click_on_an_element() {
    let body =
        "<button class=ask onclick='event.stopPropagation()'><i>?</i></button><div id=host></div><p>Text</p><script>
        document.querySelector('.ask').addEventListener('click', (event) => event.stopImmediatePropagation(), true);
        document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<button class=ask>!</button>';
    </script>";
    for target in
        ["document.querySelector('.ask i')", "document.querySelector('#host').shadowRoot.querySelector('.ask')"]
    {
        let (host, browser) = page(json!({ "click": "button.ask" }), body).await;
        until_heard(&browser, "click").await;
        browser.click_css("p").await;
        waits(&browser).await;
        browser.eval(&format!("{target}.click()")).await;
        comes(&host, &browser).await;
        assert_eq!(heard(&browser).await, Vec::<&str>::new(), "nothing is waited for any more");
    }
}

#[tokio::test]
async fn an_element_comes_into_view() {
    let (host, browser) = page(json!({ "element_visible": ".offer" }), LONG).await;
    waits(&browser).await;
    // It comes later, and below the fold.
    browser
        .eval("document.body.insertAdjacentHTML('beforeend', '<div class=offer style=\"height: 3000px\">Offer</div>')")
        .await;
    browser.wait_for("sighted.size === 1").await;
    waits(&browser).await;
    browser.eval("scrollTo(0, 4000)").await;
    comes(&host, &browser).await;
}

#[tokio::test]
async fn the_second_page_of_the_visit() {
    let (host, browser) = page(json!({ "pages_viewed": 2 }), "").await;
    waits(&browser).await;
    browser.eval("history.pushState(null, '', '/other')").await;
    comes(&host, &browser).await;
}

#[tokio::test]
async fn so_long_on_the_site() {
    let (host, browser) = page(
        json!({ "time_on_site": "2s" }),
        "<script>waymark('on', 'shown', () => { shown = performance.now(); })</script>",
    )
    .await;
    comes(&host, &browser).await;
    assert!(browser.eval("return shown").await.as_f64().unwrap() >= 1900.0);
}

#[tokio::test]
async fn an_event_with_these_properties() {
    let happens = json!({ "event": { "name": "Ordered", "where": [{ "prop": "plan", "test": { "is": ["team"] } }] } });
    let (host, browser) = page(happens, "").await;
    browser.eval("waymark('track', 'Paid', { plan: 'team' }); waymark('track', 'Ordered', { plan: 'solo' }); waymark('track', 'Ordered')").await;
    waits(&browser).await;
    browser.eval("waymark('track', 'Ordered', { plan: 'team', seats: [1, 2], deep: { a: 1 } })").await;
    comes(&host, &browser).await;
}

/// Said before there was anything that could hear it.
#[tokio::test]
async fn an_event_that_comes_first() {
    let (host, browser) =
        page(json!({ "event": { "name": "Ordered" } }), "<script>waymark('track', 'Ordered')</script>").await;
    comes(&host, &browser).await;
}

#[tokio::test]
async fn what_cancels_it_and_what_it_waits_for_after() {
    let mut prompt = on(json!({ "event": { "name": "Opened" } }));
    prompt["delay"] = json!("1s");
    prompt["cancel_on"] = json!([{ "name": "Finished" }]);
    let (host, browser) = with(prompt, "", BrowserOptions::default()).await;
    browser.settled().await;
    browser.eval("waymark('track', 'Opened'); waymark('track', 'Finished')").await;
    browser.eval("waymark('on', 'shown', () => { shown = performance.now(); })").await;
    waits(&browser).await;
    browser.eval("opened = performance.now(); waymark('track', 'Opened')").await;
    comes(&host, &browser).await;
    assert!(browser.eval("return shown - opened").await.as_f64().unwrap() >= 990.0);
}

/// Where the page calls for it, rules and caps hold as ever.
#[tokio::test]
async fn the_page_calls() {
    let mut prompt = on(json!("call"));
    prompt["rule"] = json!({ "path": "/other" });
    prompt["frequency"] = json!({ "per_session": 1, "at_most": 1 });
    let (host, browser) = with(prompt, "", BrowserOptions::default()).await;
    browser.eval("waymark('show', 'one')").await;
    waits(&browser).await;
    browser.eval("history.pushState(null, '', '/other')").await;
    // What was called for on one page does not come on another.
    waits(&browser).await;
    browser.eval("waymark('show', 'one')").await;
    comes(&host, &browser).await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    browser.eval("waymark('show', 'one')").await;
    waits(&browser).await;
}

/// A signal belongs to its page.
#[tokio::test]
async fn armed_on_one_page_it_does_not_fire_on_another() {
    let mut prompt = on(json!({ "scroll": 50 }));
    prompt["rule"] = json!({ "any": [{ "path": "/other" }, { "element": "#open" }] });
    let (host, browser) = with(prompt, LONG, BrowserOptions::default()).await;
    until_heard(&browser, "scroll").await;
    browser.eval("scrollTo(0, 4000)").await;
    waits(&browser).await;
    browser.eval("scrollTo(0, 0); history.pushState(null, '', '/other')").await;
    waits(&browser).await;
    assert_eq!(host.viewed().await, ["/", "/other"]);
    browser.eval("scrollTo(0, 4000)").await;
    comes(&host, &browser).await;
}

/// While somebody has to say something about cookies, or has a dialog open, nothing else asks.
#[tokio::test]
async fn held_while_an_element_is_there() {
    let mut prompt = on(json!("at_once"));
    prompt["hold_while"] = json!([".cookies", "[role=dialog].open"]);
    let body = "<div class=cookies>Cookies?</div><div role=dialog class='big open'>Dialog</div>";
    let (host, browser) = with(prompt, body, BrowserOptions::default()).await;
    browser.wait_for("watching.size === 1").await;
    browser.eval("document.querySelector('.cookies').remove()").await;
    waits(&browser).await;
    browser.eval("document.querySelector('[role=dialog]').classList.remove('open')").await;
    comes(&host, &browser).await;
    assert_eq!(browser.eval("return watching.size").await, json!(0), "nobody looks any more");
}

/// Not there, not shown, not counted; and then it is in the element.
#[tokio::test]
async fn in_an_element_that_comes_later() {
    let mut prompt = on(json!("at_once"));
    prompt["placement"] = json!({ "inline": "#slot" });
    let (host, browser) = with(prompt, "<section></section>", BrowserOptions::default()).await;
    browser.wait_for("watching.size === 1").await;
    waits(&browser).await;
    assert_eq!(host.events("prompt", "Prompt Shown").await, Vec::<String>::new());
    browser.eval("document.querySelector('section').innerHTML = '<div id=slot></div>'").await;
    comes(&host, &browser).await;
    assert_eq!(browser.eval("return document.querySelector('#slot > waymark-prompt') !== null").await, json!(true));
}

#[tokio::test]
async fn with_an_element_of_its_rule() {
    let mut prompt = on(json!("at_once"));
    prompt["rule"] = json!({ "all": [{ "element": ".trial" }, { "not": { "element": ".paid" } }] });
    let (host, browser) = with(prompt, "<p>Text</p>", BrowserOptions::default()).await;
    waits(&browser).await;
    browser.eval("document.querySelector('p').className = 'trial'").await;
    comes(&host, &browser).await;
    browser.eval("document.body.append(Object.assign(document.createElement('b'), { className: 'paid' }))").await;
    browser.prompt_gone().await;
}

/// A page whose prompt cannot come here, or came at once, pays for no ears.
#[tokio::test]
async fn with_nothing_to_wait_for_nothing_is_listened_to() {
    let elsewhere = |key: &str, moment: Value| {
        let mut prompt = bar(key, "Elsewhere", json!({ "path": "/other" }));
        prompt["moment"] = moment;
        prompt
    };
    let prompts = [
        bar("one", "Hello", json!({ "path": "**" })),
        elsewhere("a", json!({ "scroll": 10 })),
        elsewhere("b", json!({ "click": "p" })),
        elsewhere("c", json!({ "element_visible": "p" })),
        elsewhere("d", json!({ "inactivity": "1s" })),
        elsewhere("e", json!("exit_intent")),
    ];
    let host = Host::with(&prompts).await;
    host.pages.put([("/", format!("{COUNTED}{}{LONG}", host.snippet()))]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    comes(&host, &browser).await;
    assert_eq!(heard(&browser).await, Vec::<&str>::new());
    // On the other page each has something to wait for.
    browser.prompt().await.click("No thanks").await;
    browser.eval("history.pushState(null, '', '/other')").await;
    until_heard(&browser, "click").await;
    assert_eq!(heard(&browser).await, ["scroll", "pointermove", "pointerdown", "keydown", "mouseout", "click"]);
}

/// No cap stands in the way here, so what brought a prompt would bring it again as soon as it is closed.
#[tokio::test]
async fn what_happened_once_brings_a_prompt_once() {
    for (moment, again) in [(json!("call"), "waymark('show', 'one')"), (json!("at_once"), "location.hash = '#/next'")] {
        let mut prompt = on(moment);
        prompt["frequency"] =
            json!({ "gap": "0s", "per_session": 9, "at_most": 9, "after_dismissal": "0s", "stop_on": [] });
        let (_host, browser) = with(prompt, "", BrowserOptions::default()).await;
        browser.eval("waymark('show', 'one')").await;
        browser.prompt().await.click("No thanks").await;
        browser.prompt_gone().await;
        // Somebody else's turn comes only when the loader has given back its own, and nobody has asked for it before.
        let turn = "Object.keys(localStorage).find((key) => /^waymark[.][^.]*$/.test(key))";
        browser.eval(&format!("await navigator.locks.request({turn}, () => 0)")).await;
        browser.no_prompt().await;
        browser.eval(again).await;
        browser.prompt().await.says("Hello").await;
    }
}
