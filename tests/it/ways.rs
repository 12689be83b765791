//! The ways by which a site's pages come to carry the widget. Whatever is true of one is told of each of them; a further way is a further
//! variant here.

use harness::{Browser, Site, TagManager, Template, TestApp};
use serde_json::{Value, json};

use crate::strict;

/// The template for the tag manager.
pub const TEMPLATE: &str = "examples/gtm/template.tpl";

/// A way by which pages come to carry the widget.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// The line that the console offers.
    Script,
    /// The tag that the console offers, as a Custom HTML tag of the tag manager.
    TagManager,
    /// A tag of the template for the tag manager.
    Template,
    /// The line, on pages under the strictest policy that lets WebAssembly run.
    Strict,
    /// The line, on pages under a policy that lets none run.
    JavaScript,
}

/// What pages carry.
pub struct Carried {
    /// In their head.
    pub head: String,
    /// Beside them: path and text.
    pub files: Vec<(String, String)>,
    /// The policy that they are sent with; empty for none.
    pub policy: String,
}

impl Delivery {
    /// What pages of a site carry, as its owner finds it in the console: the browser is theirs.
    pub async fn carried(self, owner: &Browser, app: &TestApp, site: &Site) -> Carried {
        let line = async |engine: Option<&str>| {
            let policy = engine.map(|engine| shop_policy(&app.url(""), engine)).unwrap_or_default();
            Carried { head: offered(owner, app, site, "snippet").await, files: Vec::new(), policy }
        };
        let tags = TagManager::default();
        let tags = match self {
            Delivery::Script => return line(None).await,
            Delivery::Strict => return line(Some("'wasm-unsafe-eval'")).await,
            Delivery::JavaScript => return line(Some("")).await,
            Delivery::TagManager => tags.html(TagManager::ALL_PAGES, &offered(owner, app, site, "tag").await),
            Delivery::Template => {
                tags.template(TagManager::ALL_PAGES, &Template::read(TEMPLATE), &filled_in(app, site, json!({})))
            }
        };
        Carried { head: tags.snippet(), files: vec![tags.script()], policy: String::new() }
    }
}

/// Lets nothing in but the shop's own script and style, and what the widget needs; `engine` is what it allows of WebAssembly.
fn shop_policy(collector: &str, engine: &str) -> String {
    let policy = strict::policy(collector, engine).replace("style-src 'none'", "style-src 'self'");
    policy.replace("script-src", "script-src 'self'")
}

/// What the console's page about installing offers to be copied.
pub async fn offered(owner: &Browser, app: &TestApp, site: &Site, id: &str) -> String {
    owner.goto(app.url(&format!("/s/{}/settings/install", site.id))).await;
    let text = owner.eval(&format!("return document.querySelector('#{id}').textContent")).await;
    text.as_str().unwrap_or_else(|| panic!("nothing is offered as {id}")).to_owned()
}

/// The template's fields as the owner of a site fills them in; `more` are further ones.
pub fn filled_in(app: &TestApp, site: &Site, more: Value) -> Value {
    let mut fields = json!({ "address": app.url(""), "siteKey": site.key });
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields
}
