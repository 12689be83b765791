//! Walking through a page: beside its elements, past those that are not there, and on where one was left.

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use super::{card, told};
use crate::host::Host;

const PAGE: &str = "<style>body{margin:0} main{padding:40px} #far{margin-top:1600px}</style><main><h1>Invoices</h1>
    <button id=new>New invoice</button> <a id=next href=/next>Next page</a><p id=far>Far below</p></main>";
const NEXT: &str = "<main><h1>Next</h1><button id=there>There</button></main>";

fn step(at: &str, heading: &str) -> Value {
    json!({ "at": at, "heading": heading })
}

async fn walk(steps: Value, options: BrowserOptions) -> (Host, Browser) {
    let host = Host::with(&[card("it", json!({ "walkthrough": { "steps": steps } }))]).await;
    host.page("/", PAGE);
    host.page("/next", NEXT);
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
    browser.goto(host.pages.url("/")).await;
    browser.eval("waymark('show', 'it')").await;
    (host, browser)
}

/// Whether the ring is around this element of the page, and the card beside it; what is wrong, else.
async fn is_at(browser: &Browser, selector: &str) {
    let seen = format!(
        "const probe = window[Symbol.for('test.probe')]; const [host] = probe.hosts(); const root = host && probe.roots.get(host).root;
         const box = (element) => {{ const {{ left, top, right, bottom }} = element.getBoundingClientRect(); return {{ left, top, right, bottom }}; }};
         if (!root?.querySelector('.ring.on')) return 'no ring';
         const [ring, card, it] = [root.querySelector('.ring'), root.querySelector('.walk'), document.querySelector({})].map(box);
         const around = Math.abs(ring.left + 6 - it.left) < 1 && Math.abs(ring.bottom - 6 - it.bottom) < 1;
         const apart = card.left >= ring.right || card.right <= ring.left || card.top >= ring.bottom || card.bottom <= ring.top;
         const inside = it.top >= 0 && it.bottom <= innerHeight && card.top >= 0 && card.bottom <= innerHeight && card.left >= 0 && card.right <= innerWidth;
         return around && apart && inside ? '' : JSON.stringify({{ ring, card, it }})",
        json!(selector)
    );
    harness::poll::until(&format!("the step to stand at {selector}"), async || {
        match browser.eval(&seen).await.as_str() {
            Some("") => Ok(()),
            wrong => Err(wrong.unwrap_or_default().to_owned()),
        }
    })
    .await;
}

#[tokio::test]
async fn each_step_stands_beside_its_element() {
    for options in [BrowserOptions::default(), BrowserOptions::phone()] {
        let steps = json!([step("#new", "Begin here"), step("#missing", "Never seen"), step("(no selector", "Nor this"),
                           step("#far", "Far below"), { "heading": "The end", "button": "Enough" }]);
        let (host, browser) = walk(steps, options).await;
        browser.prompt().await.says("Begin here").await;
        is_at(&browser, "#new").await;
        // The page stays in use, and the card keeps beside what it is about.
        browser.eval("document.querySelector('#new').style.marginTop = '90px'").await;
        is_at(&browser, "#new").await;
        browser.prompt().await.click("Next").await;
        browser.prompt().await.says("Far below").await;
        browser.prompt().await.says("4 of 5").await;
        is_at(&browser, "#far").await;
        browser.prompt().await.click("Back").await;
        browser.prompt().await.says("1 of 5").await;
        is_at(&browser, "#new").await;
        browser.prompt().await.click("Next").await;
        browser.prompt().await.says("4 of 5").await;
        browser.prompt().await.click("Next").await;
        browser.prompt().await.says("The end").await;
        browser.prompt().await.click("Enough").await;
        browser.prompt_gone().await;
        assert_eq!(told(&host, &browser, "Walkthrough Completed").await.len(), 1);
        let seen: Vec<Value> =
            told(&host, &browser, "Walkthrough Step Seen").await.iter().map(|one| one["step"].clone()).collect();
        assert_eq!(seen, [1, 4, 5], "each once");
        assert_eq!(browser.console_errors().await, []);
    }
}

#[tokio::test]
async fn an_element_that_comes_a_little_later_is_waited_for() {
    let (_host, browser) = walk(json!([step("#new", "One"), step("#late", "Two")]), BrowserOptions::default()).await;
    browser.prompt().await.says("One").await;
    browser.eval("document.addEventListener('waymark', ({ detail }) => 0); setTimeout(() => { const late = document.createElement('button'); late.id = 'late'; late.textContent = 'Late'; document.querySelector('main').prepend(late); }, 400)").await;
    browser.prompt().await.click("Next").await;
    browser.prompt().await.says("Two").await;
    is_at(&browser, "#late").await;
}

#[tokio::test]
async fn it_goes_on_where_it_was_left() {
    let (host, browser) =
        walk(json!([step("#new", "One"), step("#next", "Two"), step("#there", "Three")]), BrowserOptions::default())
            .await;
    browser.prompt().await.says("One").await;
    browser.prompt().await.click("Next").await;
    browser.prompt().await.says("Two").await;
    browser.reload().await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await.says("Two").await;
    is_at(&browser, "#next").await;
    // Pressing the link that the step is about is doing it: on the next page the next step is due.
    browser.click("Next page").await;
    browser.wait_for("location.pathname === '/next'").await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await.says("Three").await;
    is_at(&browser, "#there").await;
    browser.prompt().await.click("Done").await;
    browser.prompt_gone().await;
    assert_eq!(told(&host, &browser, "Walkthrough Completed").await.len(), 1);
    // What is finished begins anew.
    browser.goto(host.pages.url("/")).await;
    browser.eval("waymark('show', 'it')").await;
    browser.prompt().await.says("One").await;
}
