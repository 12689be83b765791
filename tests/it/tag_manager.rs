//! Pages that get the widget by Google Tag Manager: the console's tag, the plain line, late, twice, where inline scripts may not run. The
//! tag manager is a simulator; first it has to show that it spoils what the real one spoils.

mod container;
mod layer;
mod template;

use harness::browser::ConsoleError;
use harness::{Browser, TagManager, Template, workspace};
use serde_json::{Value, json};

use crate::host::{Host, bar};
use crate::ways::{Delivery, TEMPLATE, filled_in, offered};

fn everywhere() -> Value {
    json!({ "path": "**" })
}

/// A site with one prompt, and a browser in which its owner is signed in.
async fn shop() -> (Host, Browser) {
    let host = Host::with(&[bar("hello", "Hello", everywhere())]).await;
    let browser = Browser::desktop().await;
    let cookie = host.app.signed_in("ada@shop.test", &[]).await;
    browser.sign_in(&host.app.url(""), &cookie).await;
    (host, browser)
}

/// Puts a page there with a container on it.
fn page(host: &Host, path: &str, tags: &TagManager, body: &str) {
    host.pages.put([(path.to_owned(), format!("{}{body}", tags.snippet())), tags.script()]);
}

/// How the tags of the page ended: the place of each, and what became of it.
async fn ended(browser: &Browser) -> Value {
    browser.eval("return tagManager.ended").await
}

/// A parser of scripts, as the tag manager has one before it saves a tag: with it, in a page, each of `functions` is asked about `code`.
async fn parsed(browser: &Browser, function: &str, code: &str) -> Value {
    let acorn = workspace().join("widget/node_modules/acorn/dist/acorn.js");
    let acorn = std::fs::read_to_string(&acorn).unwrap_or_else(|_| panic!("run `cargo xtask setup`"));
    let code = json!(code);
    // Whatever the page has of its own stays: the parser finds a module of before 2015.
    let script = format!(
        "const exports = {{}}, module = {{ exports }}; {acorn}; const acorn = exports; {}; return {function}({code});",
        include_str!("tag_manager/syntax.js")
    );
    browser.eval(&script).await
}

/// The simulator, with what others have lost by the tag manager.
#[tokio::test]
async fn the_simulator_spoils_what_the_real_one_spoils() {
    let host = Host::with(&[]).await;
    let lost = "<script async defer data-key=k crossorigin=anonymous integrity=sha256-x id=kept charset=utf-8 src='/probe.js'></script>
        <script>order = window.probe ? 'after' : 'before'; inline = document.currentScript.attributes.length</script>
        <div><p>A picture</p><script>inside = 1</script></div>
        <script type=module>modern = 1</script>
        <script src='/nowhere.js'></script><script>never = 1</script>";
    let tags = TagManager::default().html(TagManager::ALL_PAGES, lost);
    page(&host, "/", &tags, "<h1>Shop</h1>");
    host.pages.put([(
        "/probe.js",
        "probe = [...document.currentScript.attributes].map((one) => one.name).sort(); probe.push(document.currentScript.async)",
    )]);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.wait_for("window.inside").await;
    browser.settled().await;
    assert_eq!(browser.eval("return probe").await, json!(["charset", "id", "src", "type", false]));
    assert_eq!(
        browser.eval("return [order, inline]").await,
        json!(["after", 2]),
        "in their order, with `type` and `id` only"
    );
    assert_eq!(
        browser.eval("return [typeof modern, typeof never, tagManager.ended.length]").await,
        json!(["undefined", "undefined", 0])
    );

    let writes =
        TagManager::default().html(TagManager::WINDOW_LOADED, "<script>document.write('<b>Written</b>')</script>");
    page(&host, "/", &writes, "<h1>Shop</h1>");
    browser.goto(host.pages.url("/")).await;
    browser.wait_for("document.body?.innerText === 'Written'").await;

    for (script, is_old) in [("var a = function () { return 1; };", true), ("let a = () => 1;", false), ("a?.b", false)]
    {
        assert_eq!(parsed(&browser, "isOld", script).await, json!(is_old), "{script}");
    }
}

/// No stub on the page, and a tag that speaks to us right behind ours.
#[tokio::test]
async fn the_tag_of_the_console_works_with_default_options() {
    let (host, browser) = shop().await;
    let tag = offered(&browser, &host.app, &host.site, "tag").await;
    let script = tag.trim_start_matches("<script>").trim_end_matches("</script>");
    assert_eq!(parsed(&browser, "isOld", script).await, json!(true), "{script}");
    assert!(!tag.contains("document.write") && !tag.contains("currentScript"), "{tag}");

    let tags = TagManager::default().html(TagManager::ALL_PAGES, &tag).html(
        TagManager::ALL_PAGES,
        "<script>waymark('identify', 'ada'); waymark('track', 'Looked', { at: 'shop' });</script>",
    );
    page(&host, "/", &tags, "<h1>Shop</h1>");
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    assert_eq!(ended(&browser).await, json!([[0, "success"], [1, "success"]]));
    assert_eq!(host.viewed().await, ["/"]);
    for name in ["Identified", "Looked", "Prompt Shown"] {
        assert_eq!(host.events("name", name).await, [name], "once");
    }
    assert_eq!(browser.console_errors().await, []);
    assert_eq!(browser.eval("return document.querySelector('h1').innerText").await, json!("Shop"));
}

/// Of the plain line, the tag manager leaves the address: all that is needed stands there.
#[tokio::test]
async fn the_plain_line_works_as_a_tag_too() {
    let (host, browser) = shop().await;
    let line = offered(&browser, &host.app, &host.site, "snippet").await;
    let after = "<script>waymark('track', 'Looked')</script>";
    let tags = TagManager::default().html(TagManager::ALL_PAGES, &format!("{line}{after}"));
    page(&host, "/", &tags, "<h1>Shop</h1>");
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    assert_eq!(
        browser.eval("return document.querySelector(`script[src*='/w/']`).async").await,
        json!(false),
        "made anew"
    );
    assert_eq!(host.events("name", "Looked").await, ["Looked"], "what stands behind it runs after it");
    assert_eq!(browser.console_errors().await, []);
}

/// By a tag, by the same tag once more when everything has loaded, by a template, and in the page itself: one widget.
#[tokio::test]
async fn late_and_by_several_tags_it_is_there_once() {
    let (host, browser) = shop().await;
    let tag = offered(&browser, &host.app, &host.site, "tag").await;
    let fields = filled_in(&host.app, &host.site, json!({}));
    let tags = TagManager::default().html(TagManager::ALL_PAGES, &tag).html(TagManager::WINDOW_LOADED, &tag).template(
        TagManager::WINDOW_LOADED,
        &Template::read(TEMPLATE),
        &fields,
    );
    for (path, carried) in [("/tags", String::new()), ("/tags-and-line", host.snippet())] {
        page(&host, path, &tags, &format!("{carried}<h1>Shop</h1>"));
        browser.goto(host.pages.url(path)).await;
        browser.wait_for("tagManager.ended.length === 3").await;
        // Looking for the prompt fails where there are two.
        browser.prompt().await.says("Hello").await;
        browser.settled().await;
        assert_eq!(ended(&browser).await, json!([[0, "success"], [1, "success"], [2, "success"]]), "{path}");
    }
    assert_eq!(host.viewed().await, ["/tags", "/tags-and-line"]);
    assert_eq!(host.events("id", "Prompt Shown").await.len(), 2);
    assert_eq!(browser.console_errors().await, []);
}

/// Inline scripts run only where the page's policy lets them: a tag does not then, a template does.
#[tokio::test]
async fn where_inline_scripts_may_not_run_the_template_does() {
    let (host, browser) = shop().await;
    let collector = host.app.url("");
    for (way, is_shown) in [(Delivery::TagManager, false), (Delivery::Template, true)] {
        let carried = way.carried(&browser, &host.app, &host.site).await;
        // The page's own server says so, and has put the tag manager's snippet into a file.
        let policy = format!(
            "<!doctype html><html lang=en><title>Strict</title><meta http-equiv='Content-Security-Policy' content=\"default-src 'none';
             script-src 'self' {collector} 'wasm-unsafe-eval'; connect-src {collector}\"><script src='/start.js'></script>
             <script async src='/gtm.js'></script><h1>Shop</h1></html>"
        );
        host.pages.put(carried.files);
        host.pages.put([
            ("/strict".to_owned(), policy),
            ("/start.js".to_owned(), "dataLayer = [{ event: 'gtm.js' }]".to_owned()),
        ]);
        browser.goto(host.pages.url("/strict")).await;
        browser.wait_for("window.tagManager?.events.some((one) => one.event === 'gtm.load')").await;
        let before = browser.console_errors().await.len();
        if is_shown {
            browser.prompt().await.says("Hello").await;
            assert_eq!(browser.console_errors().await.len(), before, "nothing more is refused");
        } else {
            browser.no_prompt().await;
            let refused = |error: &ConsoleError| error.message.contains("inline script");
            assert!(browser.console_errors().await.iter().all(refused), "{:?}", browser.console_errors().await);
            assert_eq!(browser.console_errors().await.len(), 1);
        }
        assert_eq!(browser.eval("return document.querySelector('h1').innerText").await, json!("Shop"));
    }
}
