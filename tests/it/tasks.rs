//! Whole tasks, from the link that the collector prints to what somebody wants to know in the end, with nothing but clicks and typing,
//! on both databases.

use harness::{Backend, Browser, BrowserOptions, Pages, TestApp};
use serde_json::json;

const PASSWORD: &str = "correct horse battery";

/// A collector that nobody has set up, a customer's pages, and the browser of whoever sets it up.
pub struct Begun {
    pub app: TestApp,
    pub pages: Pages,
    pub browser: Browser,
    /// The line that its pages have in their heads.
    pub snippet: String,
}

impl Begun {
    /// A password, a site, the snippet on its pages.
    pub async fn with(backend: Backend) -> Begun {
        let app = TestApp::live(backend, |_| {}).await;
        let pages = Pages::serve([("/wait", "")]).await;
        let browser = Browser::desktop().await;
        browser.goto(app.running().first.setup_link.clone().unwrap()).await;
        browser.type_into("E-mail address", "ada@shop.test").await;
        browser.type_into("Password", PASSWORD).await;
        browser.type_into("The same again", PASSWORD).await;
        browser.click("Set the password").await;
        browser.type_into("Name", "Quay Cycles").await;
        browser.type_into("Address of its pages", &pages.origin()).await;
        browser.choose("Currency", "EUR").await;
        browser.click("Make the site").await;
        browser.says("Waiting for the first visit").await;
        let snippet = browser.text("#snippet").await;
        for path in ["/", "/pricing"] {
            pages.put([(path, format!("{snippet}<h1>{path}</h1>"))]);
        }
        Begun { app, pages, browser, snippet }
    }

    /// Another browser, of a visitor who opens a page.
    pub async fn visitor(&self, page: &str) -> Browser {
        let visitor = self.browser.another(BrowserOptions::default()).await;
        visitor.goto(self.pages.url(page)).await;
        visitor
    }

    /// Waits until the draft has this at a place: what is typed is saved by itself.
    pub async fn saved(&self, at: &str, expected: serde_json::Value) {
        harness::poll::until(&format!("{at} to be saved"), async || {
            let body = self.app.texts("select body from prompt_work").await;
            let draft: serde_json::Value = serde_json::from_str(&body[0]).unwrap();
            let found = draft.pointer(at).cloned().unwrap_or_default();
            if found == expected { Ok(()) } else { Err(format!("{found}")) }
        })
        .await;
    }

    /// Chooses from the list that stands at a place of the rule, as the condition it belongs to says.
    pub async fn choose_at(&self, place: &str, option: &str) {
        let list = format!("document.getElementById({})", json!(place));
        self.browser.wait_for(&format!("!!{list}")).await;
        self.browser.eval(&format!("{list}.focus()")).await;
        self.browser.type_text(option).await;
        self.browser.wait_for(&format!("{list}.selectedOptions[0].textContent.startsWith({})", json!(option))).await;
    }

    /// Types into the field that stands at a place of the rule.
    pub async fn type_at(&self, place: &str, text: &str) {
        let field = format!("document.getElementById({})", json!(place));
        self.browser.wait_for(&format!("!!{field}")).await;
        self.browser.eval(&format!("{field}.focus()")).await;
        self.browser.type_text(text).await;
    }
}

async fn from_the_first_run_to_an_answer(backend: Backend) {
    let begun = Begun::with(backend).await;
    let browser = &begun.browser;
    browser.click("Prompts").await;
    browser.click("Start from a template").await;
    browser.type_into("Name", "Team NPS").await;
    browser.choose("What it is", "NPS").await;
    browser.click("Begin").await;
    browser.retype("Question", "Would you tell a colleague?").await;
    begun.saved("/content/nps/question", json!("Would you tell a colleague?")).await;
    browser.click("Publish…").await;
    browser.says("Visitors have never seen it").await;
    browser.click("Publish").await;
    browser.says("Version 1 · live").await;

    let visitor = begun.visitor("/pricing").await;
    let prompt = visitor.prompt().await;
    prompt.says("Would you tell a colleague?").await;
    prompt.click("9").await;
    visitor.settled().await;

    browser.click("Results").await;
    browser.click("Team NPS").await;
    browser.says("1 of 10 answers").await;
    browser.click_css("a[href*='/team_nps/responses']").await;
    browser.says("9 promoter").await;
    assert_eq!(browser.console_errors().await, []);
}

async fn the_spring_offer_from_its_template(backend: Backend) {
    let begun = Begun::with(backend).await;
    let browser = &begun.browser;
    browser.click("Prompts").await;
    browser.click("Start from a template").await;
    browser.type_into("Find a template", "discount campaign").await;
    browser.click("Find").await;
    browser.click("Use this template: Discount for an e-mail campaign").await;

    // Any of two campaigns, in place of the one campaign and the medium.
    browser.click("Audience").await;
    browser.click("Remove condition 3").await;
    browser.wait_for("!document.body.innerText.includes('Condition 4')").await;
    browser.click("Remove condition 2").await;
    browser.wait_for("!document.body.innerText.includes('Condition 3')").await;
    browser.click("Add a condition").await;
    begun.choose_at("rule.all[2]", "Any of these").await;
    for (at, campaign) in ["spring", "may"].into_iter().enumerate() {
        let place = format!("rule.all[2].any[{at}]");
        browser.wait_for("document.querySelectorAll('button[value=\"add rule.all[2].any\"]').length === 1").await;
        let add = "document.querySelector('button[value=\"add rule.all[2].any\"]')";
        browser.eval(&format!("{add}.scrollIntoView({{ block: 'center' }})")).await;
        browser.click_css("button[value=\"add rule.all[2].any\"]").await;
        begun.choose_at(&place, "Source: campaign").await;
        begun.type_at(&format!("{place}.source.test.is~0"), campaign).await;
        let wanted = json!({ "field": "campaign", "test": { "is": [campaign] }, "touch": "session" });
        begun.saved(&format!("/rule/all/2/any/{at}/source"), wanted).await;
    }
    browser.says("people in awareness or evaluation").await;
    browser.accessible("a nested rule").await;

    browser.click("Moment").await;
    browser.choose("Show it", "At once").await;
    begun.saved("/moment", json!("at_once")).await;
    browser.click("Experiment").await;
    browser.retype("Control group, which sees nothing", "0").await;
    begun.saved("/experiment/holdout", json!(0.0)).await;
    browser.click("Publish…").await;
    browser.click("Publish").await;
    browser.says("Version 1 · live").await;

    let meant = begun.visitor("/pricing?utm_source=letter&utm_medium=email&utm_campaign=may").await;
    meant.prompt().await.says("20 % off your first year").await;

    // Somebody else does not see it, and Why says what is true of them.
    let other = begun.visitor("/pricing?utm_campaign=winter").await;
    other.no_prompt().await;
    browser.click("People").await;
    let who = begun.app.texts("select substr(subject, 3) from event where url like '%utm_campaign=winter'").await;
    browser.click_css(&format!(".list tbody a[href$='/people/visitor/{}']", who[0])).await;
    browser.click("Which prompts, and why").await;
    browser.says("Not meant").await;
    browser.click_css(".reasons summary").await;
    browser.says("winter").await;
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn from_the_first_run_to_an_answer_in_results_on_sqlite() {
    from_the_first_run_to_an_answer(Backend::Sqlite).await;
}

#[tokio::test]
async fn from_the_first_run_to_an_answer_in_results_on_postgres() {
    from_the_first_run_to_an_answer(Backend::Postgres).await;
}

#[tokio::test]
async fn the_spring_offer_from_its_template_on_sqlite() {
    the_spring_offer_from_its_template(Backend::Sqlite).await;
}

#[tokio::test]
async fn the_spring_offer_from_its_template_on_postgres() {
    the_spring_offer_from_its_template(Backend::Postgres).await;
}
