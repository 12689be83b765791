//! What is around every prompt: its look from the site's tokens, its ways out, its tab, its place in the page.

use harness::browser::Prompt;
use harness::poll::until;
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, seen};

/// A page that is light, and dark when it is told so, with a place to put something into.
const PAGE: &str = "<style>body{background:#fff;color:#111} .dark body{background:#101418;color:#eee}</style>
    <main><h1>Shop</h1><p><label>Search <input id=search></label></p><div id=slot></div></main>";

/// The recommendation question in a corner, shown where the address says `?show=` and its key; `more` is laid over it.
fn nps(key: &str, more: Value) -> Value {
    let mut prompt = json!({
        "key": key, "placement": { "corner": "bottom_end" }, "frequency": { "per_session": 9, "at_most": 9 },
        "rule": { "query": { "param": "show", "test": { "is": [key] } } },
        "content": { "nps": { "question": "Would you recommend us?", "follow_up": { "question": "Why?" } } },
    });
    prompt.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    prompt
}

async fn on_page(prompts: &[Value], key: &str, options: BrowserOptions) -> (Host, Browser) {
    let host = Host::with(prompts).await;
    host.page("/", PAGE);
    let browser = Browser::new(options).await;
    browser.goto(host.pages.url(&format!("/?show={key}"))).await;
    (host, browser)
}

/// A computed style of the first element that a selector finds in the prompt.
async fn style(prompt: &Prompt<'_>, selector: &str, property: &str) -> String {
    let found = prompt.query(selector, &format!("getComputedStyle(found).getPropertyValue('{property}')")).await;
    found.as_str().unwrap_or_default().to_owned()
}

async fn focused(prompt: &Prompt<'_>, name: &str) {
    let seen = async || match prompt.focused().await {
        Some(seen) if seen == name => Ok(()),
        seen => Err(format!("{seen:?}")),
    };
    until(&format!("the focus on {name:?}"), seen).await;
}

async fn recorded<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, now: impl AsyncFn() -> T) {
    until(what, async || {
        let seen = now().await;
        if seen == expected { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
}

#[tokio::test]
async fn a_theme_is_all_it_takes_to_look_like_the_site() {
    let theme = json!({
        "scheme": "light", "light": { "paper": "#fffbe8", "fill": "#f6edc8", "accent": "#e8590c" },
        "font": "Georgia, serif", "size": 18, "radius": 0, "width": 420, "flat": true, "powered_by": true,
        "logo": { "url": "/logo.svg", "alt": "Northwind" },
    });
    let (host, browser) =
        on_page(&[nps("own", json!({ "theme": theme })), nps("plain", json!({}))], "own", BrowserOptions::default())
            .await;
    let prompt = browser.prompt().await;
    for (selector, property, expected) in [
        (".card", "background-color", "rgb(255, 251, 232)"),
        (".card", "width", "420px"),
        (".card", "border-top-left-radius", "0px"),
        (".card", "box-shadow", "none"),
        (".card", "font-size", "18px"),
        (".card", "font-family", "Georgia, serif"),
        (".scale button", "background-color", "rgb(246, 237, 200)"),
    ] {
        assert_eq!(style(&prompt, selector, property).await, expected, "{selector} {property}");
    }
    prompt.says("Powered by Waymark").await;
    let logo = "found.nextElementSibling.className + ' ' + found.alt + ' ' + found.getBoundingClientRect().height";
    assert_eq!(prompt.query("img", logo).await, json!("words Northwind 28"));
    prompt.click("9").await;
    prompt.says("Why?").await;
    assert_eq!(style(&prompt, ".main", "background-color").await, "rgb(232, 89, 12)");
    assert_eq!(style(&prompt, ".main", "color").await, "rgb(0, 0, 0)", "white on orange cannot be read");

    browser.goto(host.pages.url("/?show=plain")).await;
    let prompt = browser.prompt().await;
    assert_eq!(style(&prompt, ".card", "width").await, "360px");
    assert!(!prompt.text().await.contains("Waymark"), "only where it is switched on");
}

#[tokio::test]
async fn it_turns_dark_with_the_page_and_light_again() {
    let (_host, browser) = on_page(&[nps("one", json!({}))], "one", BrowserOptions::default()).await;
    let prompt = browser.prompt().await;
    let ground = async || style(&prompt, ".card", "background-color").await;
    assert_eq!(ground().await, "rgb(255, 255, 255)");
    for (switch, expected) in [
        ("document.documentElement.classList.add('dark')", "rgb(28, 33, 38)"),
        ("document.documentElement.removeAttribute('class')", "rgb(255, 255, 255)"),
        ("document.body.style.background = 'oklch(0.2 0.02 250)'", "rgb(28, 33, 38)"),
    ] {
        browser.eval(switch).await;
        recorded(switch, expected.to_owned(), ground).await;
    }
}

#[tokio::test]
async fn the_other_ways_out_by_keyboard() {
    let (host, browser) =
        on_page(&[nps("one", json!({ "later": true, "placement": "modal" }))], "one", BrowserOptions::default()).await;
    let prompt = browser.prompt().await;
    prompt.press("Tab").await;
    focused(&prompt, "More").await;
    for (key, name, is_open) in [
        ("Enter", "More", true),
        ("Tab", "Close", true),
        ("Tab", "Remind me later", true),
        ("Tab", "Don’t show this again", true),
        ("Tab", "Don’t ask me anything again", true),
        ("Tab", "0", true),
        ("Shift+Tab", "Don’t ask me anything again", true),
        ("Shift+Tab", "Don’t show this again", true),
        ("Shift+Tab", "Remind me later", true),
        ("Shift+Tab", "Close", true),
        ("Shift+Tab", "More", true),
        ("Space", "More", false),
        ("Space", "More", true),
        ("Tab", "Close", true),
        ("Tab", "Remind me later", true),
    ] {
        prompt.press(key).await;
        focused(&prompt, name).await;
        let shown = prompt.query("#others", "found.checkVisibility()").await;
        let expanded = prompt.query("#more", "found.getAttribute('aria-expanded')").await;
        assert_eq!((shown, expanded), (json!(is_open), json!(is_open.to_string())), "{key} to {name}");
    }
    prompt.accessible("the other ways out").await;
    prompt.press("Enter").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Snoozed").await, ["one"]);
    for name in ["NPS Answered", "Prompt Dismissed", "Prompts Muted"] {
        assert_eq!(host.events("prompt", name).await, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn enough_is_said_where_it_may_be_said() {
    let prompts = [nps("asks", json!({})), nps("must", json!({ "mandatory": true, "later": true }))];
    let (host, browser) = on_page(&prompts, "must", BrowserOptions::default()).await;
    let names = async || browser.prompt().await.controls().await.into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!(names().await.iter().filter(|name| *name == "More").count(), 0, "what must be seen asks for nothing");
    browser.goto(host.pages.url("/?show=asks")).await;
    let prompt = browser.prompt().await;
    prompt.click("More").await;
    assert!(!names().await.contains(&"Remind me later".to_owned()), "it was not offered");
    // A click beside it closes it, and nothing else.
    prompt.click("More").await;
    focused(&prompt, "More").await;
    prompt.click("More").await;
    prompt.click("Don’t ask me anything again").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompts Muted").await, ["asks"]);
    assert_eq!(host.events("prompt", "Prompt Dismissed").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_tab_keeps_what_was_closed_without_an_answer() {
    let teaser = json!({ "teaser": { "label": "Give feedback" } });
    let (host, browser) = on_page(&[nps("one", teaser)], "one", BrowserOptions::default()).await;
    let prompt = browser.prompt().await;
    prompt.click("Close").await;
    // It fades in.
    browser.prompt().await;
    recorded("the tab alone", ["Give feedback", "Close"].map(str::to_owned).to_vec(), async || {
        prompt.controls().await.into_iter().map(|one| one.name).collect::<Vec<_>>()
    })
    .await;
    prompt.accessible("the tab").await;
    assert_eq!(browser.cls().await, 0.0);
    prompt.click("Give feedback").await;
    prompt.says("Would you recommend us?").await;
    prompt.press("Escape").await;
    // Who came by the tab is at the tab again.
    focused(&prompt, "Give feedback").await;
    prompt.press("Enter").await;
    prompt.says("Would you recommend us?").await;
    prompt.press("Escape").await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Clicked").await, ["one"], "once");
    assert_eq!(host.events("prompt", "Prompt Dismissed").await, Vec::<String>::new(), "not yet");
    prompt.click("Close").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Dismissed").await, ["one"]);
}

#[tokio::test]
async fn a_prompt_may_begin_as_its_tab_and_end_with_an_answer() {
    for placement in [json!("modal"), json!({ "corner": "bottom_start" }), json!({ "bar": "top" })] {
        let more = json!({ "teaser": { "label": "Give feedback", "first": true }, "placement": placement });
        let (_host, browser) = on_page(&[nps("one", more)], "one", BrowserOptions::default()).await;
        let prompt = browser.prompt().await;
        assert_eq!(prompt.text().await, "Give feedback", "{placement}");
        prompt.click("Give feedback").await;
        prompt.click("9").await;
        prompt.says("Why?").await;
        prompt.press("Escape").await;
        browser.prompt_gone().await;
    }
}

#[tokio::test]
async fn in_the_page_it_comes_and_goes_with_its_element() {
    let (host, browser) =
        on_page(&[nps("one", json!({ "placement": { "inline": "#slot" } }))], "one", BrowserOptions::default()).await;
    let prompt = browser.prompt().await;
    assert_eq!(browser.eval("return document.querySelector('#slot > waymark-prompt') !== null").await, json!(true));
    assert_eq!(style(&prompt, ".inline", "position").await, "relative");
    prompt.accessible("in the page").await;
    for (change, is_there) in [
        ("slot.remove()", false),
        ("document.querySelector('main').insertAdjacentHTML('beforeend', '<div id=slot></div>')", true),
        // The page writes over what it did not put there.
        ("slot.innerHTML = '<p>Mine</p>'", true),
        ("slot.remove()", false),
    ] {
        browser.eval(change).await;
        if is_there {
            browser.prompt().await;
        } else {
            browser.prompt_gone().await;
        }
    }
    browser.eval("document.querySelector('main').insertAdjacentHTML('afterbegin', '<div id=slot></div>')").await;
    let prompt = browser.prompt().await;
    prompt.click("9").await;
    prompt.type_into("Why?", "It stays").await;
    prompt.click("Send").await;
    prompt.says("Thank you").await;
    browser.settled().await;
    assert_eq!(host.events("props", "NPS Answered").await.len(), 2, "the score, and then why");
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn it_is_viewed_once_and_only_when_somebody_had_the_time() {
    let (host, browser) =
        on_page(&[nps("glance", json!({})), nps("look", json!({}))], "glance", BrowserOptions::default()).await;
    browser.prompt().await.click("Close").await;
    browser.prompt_gone().await;
    browser.goto(host.pages.url("/?show=look")).await;
    browser.prompt().await;
    seen(&browser).await;
    // Out of sight and back, and more than a second until the thanks have gone: not told again.
    let prompt = browser.prompt().await;
    let blink = "(async () => { for (const display of ['none', '']) {
        found.style.display = display;
        for (let frame = 0; frame < 3; frame++) await new Promise((done) => requestAnimationFrame(done));
    } })()";
    prompt.query(".card", blink).await;
    prompt.click("9").await;
    prompt.click("Send").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Viewed").await, ["look"]);
}

#[tokio::test]
async fn from_right_to_left_everything_is_the_other_way_round() {
    let host = Host::with(&[nps("one", json!({ "later": true }))]).await;
    host.pages
        .put([("/", format!("<!doctype html><html lang=ar dir=rtl><title>متجر</title>{}{PAGE}", host.snippet()))]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/?show=one")).await;
    let prompt = browser.prompt().await;
    let left = async |selector: &str| {
        prompt.query(selector, "found.getBoundingClientRect().left").await.as_f64().unwrap_or_default()
    };
    assert!(left(".scale :first-child").await > left(".scale :last-child").await, "0 is at the right");
    assert!(left(".card").await < 100.0 && left(".close:not(.more)").await < left(".more").await);
    prompt.click("More").await;
    let [later, never] = [left("#snoozed").await, left("#muted").await];
    assert!(never < later, "one after the other: {later}, {never}");
    prompt.accessible("from right to left").await;
    prompt.click("More").await;
    prompt.press("Tab").await;
    prompt.press("Tab").await;
    focused(&prompt, "0").await;
    prompt.press("ArrowLeft").await;
    focused(&prompt, "1").await;
}

/// Where the visitor's system chooses all colours, what can be pressed has an edge, and what was chosen another ground.
#[tokio::test]
async fn with_the_colours_of_the_system_everything_is_told_apart() {
    let (host, browser) = on_page(&[nps("one", json!({}))], "nothing", BrowserOptions::default()).await;
    let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser.cdp("Emulation.setEmulatedMedia", forced).await;
    assert_eq!(browser.eval("return matchMedia('(forced-colors: active)').matches").await, json!(true));
    browser.goto(host.pages.url("/?show=one")).await;
    let prompt = browser.prompt().await;
    for selector in [".scale button", ".close"] {
        assert_eq!(style(&prompt, selector, "border-top-width").await, "1px", "{selector}");
        assert_eq!(style(&prompt, selector, "border-top-style").await, "solid", "{selector}");
    }
    prompt.click("9").await;
    prompt.says("Why?").await;
    let chosen = style(&prompt, ".scale [aria-checked=true]", "background-color").await;
    let other = style(&prompt, ".scale [aria-checked=false]", "background-color").await;
    assert_ne!(chosen, other);
}

/// A phone with a notch, a bar for gestures, and a keyboard that comes up when somebody writes.
#[tokio::test]
async fn it_stays_clear_of_the_phone_and_above_its_keyboard() {
    const HEIGHT: f64 = 740.0;
    let (host, browser) = on_page(&[nps("one", json!({}))], "nothing", BrowserOptions::phone()).await;
    let insets = json!({ "insets": { "top": 47, "topMax": 47, "bottom": 34, "bottomMax": 34 } });
    host.page("/", &format!("<meta name=viewport content='width=device-width, viewport-fit=cover'>{PAGE}"));
    let size = json!({ "width": 360, "height": HEIGHT, "deviceScaleFactor": 2, "mobile": true });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await;
    browser.goto(host.pages.url("/?show=one")).await;
    browser.cdp("Emulation.setSafeAreaInsetsOverride", insets).await;
    let prompt = browser.prompt().await;
    until("the edge that the system keeps", async || match style(&prompt, ".card", "padding-bottom").await.as_str() {
        "34px" => Ok(()),
        other => Err(other.to_owned()),
    })
    .await;
    let edge = async |selector: &str| {
        let bottom = prompt.query(selector, "Math.round(found.getBoundingClientRect().bottom)").await;
        bottom.as_f64().unwrap_or(f64::MAX)
    };
    // It comes up from a little below.
    until("nothing to read or press below the edge that the system keeps", async || match edge(".ends").await {
        bottom if bottom <= HEIGHT - 34.0 => Ok(()),
        bottom => Err(bottom.to_string()),
    })
    .await;
    prompt.click("9").await;
    prompt.says("Why?").await;
    // What a keyboard does to a page: less of it is seen, and the page itself stays as high as it was.
    browser
        .eval(
            "Object.defineProperty(VisualViewport.prototype, 'height', { get: () => innerHeight - 300, configurable: true });
             visualViewport.dispatchEvent(new Event('resize'))",
        )
        .await;
    until("the field to be above the keyboard", async || match edge("textarea, input").await {
        bottom if bottom <= HEIGHT - 300.0 => Ok(()),
        bottom => Err(bottom.to_string()),
    })
    .await;
    browser.eval("delete VisualViewport.prototype.height; visualViewport.dispatchEvent(new Event('resize'))").await;
}

/// The narrowest phone, and a desktop of 1280 by 800 where everything is drawn twice as large; and words as long as German ones.
#[tokio::test]
async fn eleven_points_fit_into_320_pixels() {
    let long = "Würden Sie unsere Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft weiterempfehlen? 🙂";
    let prompts = [json!({ "corner": "bottom_end" }), json!("modal"), json!({ "bar": "top" }), json!({ "inline": "#slot" })]
        .map(|placement| {
            let key = placement.as_str().map_or_else(|| placement.as_object().unwrap().keys().next().unwrap().clone(), str::to_owned);
            nps(&key, json!({ "placement": placement, "content": { "nps": { "question": long, "low": "Überhauptnichtwahrscheinlich", "high": "Außerordentlichwahrscheinlich" } } }))
        });
    let sizes = [(320, 640, 1), (640, 400, 2)];
    let (host, first) = on_page(&prompts, "nothing", BrowserOptions::default()).await;
    let keys = ["corner", "modal", "bar", "inline"];
    for ((width, height, scale), key) in sizes.into_iter().flat_map(|size| keys.map(|key| (size, key))) {
        let browser = first.another(BrowserOptions::default()).await;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        browser.cdp("Emulation.setDeviceMetricsOverride", size).await;
        browser.goto(host.pages.url(&format!("/?show={key}"))).await;
        let prompt = browser.prompt().await;
        let boxes = prompt
            .eval("[...root.querySelectorAll('.scale button')].map((one) => one.getBoundingClientRect()).map(({ width, height, top }) => [width, height, top])")
            .await;
        let boxes: Vec<[f64; 3]> = serde_json::from_value(boxes).unwrap();
        assert!(
            boxes.len() == 11 && boxes.iter().all(|[width, height, _]| *width >= 24.0 && *height >= 24.0),
            "{key}: {boxes:?}"
        );
        let rows = boxes.iter().filter(|one| one[2] != boxes[0][2]).count();
        assert!(key == "inline" || rows == 0, "{key}: one row: {boxes:?}");
        let too_wide = prompt.eval("[...root.querySelectorAll('.modal, .card, .bar, .inline')].map((one) => one.scrollWidth - one.clientWidth)").await;
        assert_eq!(too_wide, json!([0]), "{key}: nobody has to scroll sideways");
        assert_eq!(browser.eval("return document.documentElement.scrollWidth").await, json!(width), "{key}");
        let hidden = prompt.eval("[...root.querySelectorAll('.modal, .card, .bar')].filter((one) => one.getBoundingClientRect().top < 0).length").await;
        assert_eq!(hidden, json!(0), "{key}: what is higher than the window scrolls");
    }
}
