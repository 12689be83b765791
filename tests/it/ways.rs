//! The ways by which a site's pages come to carry the widget. Whatever is true of one is told of each of them; a further way is a further
//! variant here.

use std::path::Path;

use harness::{Browser, Site, TagManager, Template, TestApp, workspace};
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
    /// The package for bundlers, in an application that brings its own pages.
    Package,
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
            Delivery::Package => {
                let lines = offered(owner, app, site, "package").await;
                let told = format!("init({{ address: '{}', key: '{}' }});", app.url(""), site.key);
                assert!(lines.ends_with(&told), "what the application is built for: {lines}");
                let files = application("vite", app, site);
                return Carried { head: String::new(), files, policy: String::new() };
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

/// Where the example's own pages are told where Waymark is and as which site: `examples/vite/.env`.
const BUILT_FOR: [&str; 2] = ["http://127.0.0.1:8080", "wk_demo"];

/// The routes of the example's first page; the second has its routes in the fragment.
const ROUTES: [&str; 5] = ["/", "/pricing", "/plan", "/docs", "/account"];

/// The application of `examples/vite` as Vite has built it into a folder, for this collector and site.
pub fn application(built: &str, app: &TestApp, site: &Site) -> Vec<(String, String)> {
    let folder = workspace().join("target/examples").join(built);
    let read = |path: &Path| {
        std::fs::read_to_string(path).unwrap_or_else(|_| panic!("{}: run `cargo xtask package`", path.display()))
    };
    let index = read(&folder.join("index.html"));
    let mut files: Vec<_> = ROUTES.map(|route| (route.to_owned(), index.clone())).into();
    files.push(("/help.html".to_owned(), read(&folder.join("help.html"))));
    let mut told = 0;
    for entry in std::fs::read_dir(folder.join("assets")).unwrap() {
        let path = entry.unwrap().path();
        let built = read(&path);
        told += built.matches(BUILT_FOR[1]).count();
        let text = built.replace(BUILT_FOR[0], &app.url("")).replace(BUILT_FOR[1], &site.key);
        files.push((format!("/assets/{}", path.file_name().unwrap().to_string_lossy()), text));
    }
    assert_eq!(told, 1, "the key stands in one place of what was built");
    files
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
