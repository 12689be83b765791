//! The example shop's front page in all its cases, and the collector that its sites belong to.

use harness::{Backend, Pages, Site, TestApp, workspace};
use serde_json::{Value, json};

/// What stands on the page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Case {
    /// The shop alone.
    Bare,
    /// A small script of its own, which fetches its configuration and shows a card that asks for a score.
    Handwritten,
    /// Waymark, for somebody who was never here.
    New,
    /// Waymark, for somebody whose ids are in storage and whose cache is empty.
    Returning,
    /// Waymark, for somebody who was never here, where it is to run as JavaScript.
    JavaScript,
    /// Waymark, of a site that can show nothing here.
    Nothing,
}

impl Case {
    /// All of them.
    pub const ALL: [Case; 6] =
        [Case::Bare, Case::Handwritten, Case::New, Case::Returning, Case::JavaScript, Case::Nothing];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Case::Bare => "the shop alone",
            Case::Handwritten => "a script of 1 KB",
            Case::New => "Waymark, new visitor",
            Case::Returning => "Waymark, returning visitor",
            Case::JavaScript => "Waymark as JavaScript, new visitor",
            Case::Nothing => "Waymark, nothing to show",
        }
    }

    /// Whether a prompt is to be seen.
    pub fn shows(self) -> bool {
        !matches!(self, Case::Bare | Case::Nothing)
    }

    fn path(self) -> &'static str {
        match self {
            Case::Bare => "/bare.html",
            Case::Handwritten => "/handwritten.html",
            Case::New | Case::Returning => "/waymark.html",
            Case::JavaScript => "/javascript.html",
            Case::Nothing => "/nothing.html",
        }
    }
}

/// The shop is served, and the collector runs.
#[derive(Debug)]
pub struct Shop {
    /// The collector.
    pub app: TestApp,
    pages: Pages,
    nothing: Site,
}

/// What the example page carries, and what each case has in its place.
const SNIPPET: &str = "<script async fetchpriority=\"high\" src=\"/w/wk_demo.js\"></script>";

impl Shop {
    /// Makes both sites and all pages.
    pub async fn open() -> Result<Shop, String> {
        let app = TestApp::live(Backend::Sqlite, |_| {}).await;
        let pages = Pages::serve([("/blank.html", "")]).await;
        let site = async |engine: &str, path: &str| {
            let site = app.site_at(&[&pages.origin()]).await;
            app.import_json(&site, &[("site.json", settings(engine)), ("nps.json", prompt(path))]).await;
            site
        };
        let (shows, javascript) = (site("auto", "/**").await, site("js", "/**").await);
        let nothing = site("auto", "/elsewhere").await;

        let read = |name: &str| {
            let file = workspace().join("examples/shop").join(name);
            std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
        };
        let front = read("index.html")?;
        if front.matches(SNIPPET).count() != 1 {
            return Err(format!("the shop's front page does not hold {SNIPPET} once"));
        }
        for (case, snippet) in [
            (Case::Bare, String::new()),
            (Case::Handwritten, "<script async fetchpriority=\"high\" src=\"/nps.js\"></script>".to_owned()),
            (Case::New, app.snippet(&shows)),
            (Case::JavaScript, app.snippet(&javascript)),
            (Case::Nothing, app.snippet(&nothing)),
        ] {
            pages.put([(case.path(), front.replace(SNIPPET, &snippet))]);
        }
        for name in ["style.css", "shop.js", "favicon.svg"] {
            pages.put([(format!("/{name}"), read(name)?)]);
        }
        pages.put([
            ("/nps.js", include_str!("handwritten/nps.js")),
            ("/nps.json", include_str!("handwritten/nps.json")),
        ]);
        Ok(Shop { app, pages, nothing })
    }

    /// The address of a case.
    pub fn url(&self, case: Case) -> String {
        self.pages.url(case.path())
    }

    /// A page of the shop with nothing at all on it, to begin with.
    pub fn blank(&self) -> String {
        self.pages.url("/blank.html")
    }

    /// The origin of all pages.
    pub fn origin(&self) -> String {
        self.pages.origin()
    }

    /// Whether an address belongs to what asks for the score, and not to the shop.
    pub fn is_guest(&self, url: &str) -> bool {
        url.starts_with(&self.app.url("")) || url.starts_with(&self.pages.url("/nps.")) || url.starts_with("wasm:")
    }

    /// How many page views of the site that shows nothing are stored.
    pub async fn viewed_nothing(&self) -> usize {
        let query = format!("select url from event where site_id = '{}' and name = 'Page Viewed'", self.nothing.id);
        self.app.texts(&query).await.len()
    }
}

/// No cap stands in the way of a returning visitor.
fn settings(engine: &str) -> Value {
    json!({ "engine": engine, "policy": { "interruptions_per_session": 1000, "interruption_gap": "0s", "groups": [] } })
}

fn prompt(path: &str) -> Value {
    json!({
        "key": "nps",
        "content": { "nps": {
            "question": "How likely are you to recommend Northwind Ledger to a colleague?",
            "follow_up": { "question": "What is the main reason for your score?" },
            "thanks": "Thank you. We read every answer."
        } },
        "placement": { "corner": "bottom_end" },
        "rule": { "path": path },
        "frequency": { "per_session": 1000, "at_most": 1000, "gap": "0s" }
    })
}
