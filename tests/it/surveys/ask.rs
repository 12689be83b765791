//! A page with surveys on it, and somebody who answers: steps as they stand in `tests/cases/widget/`.

use harness::browser::Prompt;
use harness::{Browser, workspace};
use serde_json::{Value, json};

use crate::host::Host;

/// A page that is light, and dark for those who prefer it.
const PAGE: &str = "<style>:root{color-scheme:light dark} @media (prefers-color-scheme: dark){body{background:#111;color:#eee}}</style>
    <main><h1>Shop</h1><p>Things to buy.</p></main>";

/// The cases of a file.
pub fn case_file(name: &str) -> Vec<Value> {
    let path = workspace().join(format!("tests/cases/widget/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A prompt that asks, as often as one likes, on pages with its key.
pub fn survey(key: &str, placement: &str, survey: Value) -> Value {
    prompt(key, placement, json!({ "survey": survey }))
}

/// A prompt that says something, as often as one likes, on pages with its key.
pub fn prompt(key: &str, placement: &str, content: Value) -> Value {
    let placement = match placement {
        "modal" => json!("modal"),
        "corner" => json!({ "corner": "bottom_end" }),
        "bar" => json!({ "bar": "bottom" }),
        selector => json!({ "inline": selector }),
    };
    json!({ "key": key, "placement": placement, "content": content,
            "frequency": { "gap": "0s", "per_session": 100, "at_most": 100, "after_dismissal": "0s", "stop_on": [] },
            "rule": { "query": { "param": "show", "test": { "is": [key] } } } })
}

/// A site that asks, and somebody before it.
pub struct Asked {
    pub host: Host,
    pub browser: Browser,
}

impl Asked {
    pub async fn on(prompts: &[Value], browser: Browser) -> Asked {
        let host = Host::with(prompts).await;
        host.page("/", PAGE);
        host.page("/plan", "<h1>Plan</h1>");
        Asked { host, browser }
    }

    /// Opens the page on which a prompt is due.
    pub async fn open(&self, key: &str) {
        self.browser.goto(self.host.pages.url(&format!("/?show={key}"))).await;
        self.prompt().await;
    }

    pub async fn prompt(&self) -> Prompt<'_> {
        self.browser.prompt().await
    }

    /// Names and properties of the answers to a prompt, in the order they were given.
    pub async fn answers(&self, prompt: &str) -> Vec<(String, Value)> {
        let rows = |column: &str| {
            let which = format!("prompt = '{prompt}' and name like '% Answered'");
            format!("select {column} from event where {which} order by id")
        };
        let names = self.host.app.texts(&rows("name")).await;
        let props = self.host.app.texts(&rows("props")).await;
        names.into_iter().zip(props.iter().map(|props| serde_json::from_str(props).unwrap())).collect()
    }

    /// Which ending the only response came to.
    pub async fn ending(&self) -> String {
        let ends = self.host.events("props", "Survey Completed").await;
        assert_eq!(ends.len(), 1, "{ends:?}");
        let end: Value = serde_json::from_str(&ends[0]).unwrap();
        end["ending"].as_str().unwrap_or_default().to_owned()
    }

    /// One step of a case.
    pub async fn does(&self, step: &Value) {
        let (prompt, browser) = (self.prompt().await, &self.browser);
        let (what, with) = step.as_object().unwrap().iter().next().unwrap();
        let word = |at: usize| with[at].as_str().unwrap();
        let text = with.as_str().unwrap_or_default();
        match what.as_str() {
            "click" => prompt.click(text).await,
            "click_role" => prompt.click_role(word(0), word(1)).await,
            "type_into" => {
                prompt.click_role(word(0), word(1)).await;
                browser.type_text(word(2)).await;
            }
            "press" => prompt.press(text).await,
            "type" => browser.type_text(text).await,
            "says" => prompt.says(text).await,
            "tab" => self.tab_to(text).await,
            // What opens outside the page no test can press.
            "choose" | "fill" => {
                let set =
                    "['select', '[type=date]'].map((one) => root.querySelector(one)).filter(Boolean).forEach((one) =>";
                let event = "one.dispatchEvent(new Event('change', { bubbles: true }))";
                prompt.eval(&format!("{set} {{ one.value = {with}; {event}; }})")).await;
            }
            "drag" => self.drag(word(0), word(1)).await,
            other => panic!("nobody can do {other:?}"),
        }
    }

    /// Presses Tab until something has the focus.
    async fn tab_to(&self, name: &str) {
        let prompt = self.prompt().await;
        let mut passed = Vec::new();
        for _ in 0..20 {
            let focused = prompt.focused().await;
            if focused.as_deref() == Some(name) {
                return;
            }
            passed.push(focused);
            prompt.press("Tab").await;
        }
        panic!("Tab never comes to {name:?}, only to {passed:?}");
    }

    /// Drags a row of a ranking to where another one is.
    async fn drag(&self, what: &str, to: &str) {
        let prompt = self.prompt().await;
        let middle = async |label: &str| {
            let row = format!("[...root.querySelectorAll('li')].find((row) => row.innerText.includes('{label}'))");
            let found = prompt
                .eval(&format!("(({{ x, y, height }}) => [x + 60, y + height / 2])({row}.getBoundingClientRect())"))
                .await;
            (found[0].as_f64().unwrap(), found[1].as_f64().unwrap())
        };
        let ((x, from), (_, to)) = (middle(what).await, middle(to).await);
        let mouse = async |kind: &str, y: f64| {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
            self.browser.cdp("Input.dispatchMouseEvent", event).await;
        };
        self.browser.move_to((x, from)).await;
        mouse("mousePressed", from).await;
        for step in 1..=4 {
            mouse("mouseMoved", from + (to - 4.0 - from) * f64::from(step) / 4.0).await;
        }
        mouse("mouseReleased", to - 4.0).await;
    }
}
