//! The widget as a visitor meets it: what it says, what can be pressed, whether it is there at all.

use std::fmt::Display;

use serde_json::{Value, json};

use super::Browser;
use super::by_name::{Named, Within};
use crate::poll::until;

/// The shadow root of the one element of a kind that takes up room on the screen; `undefined` where there is none.
macro_rules! root {
    ($kind:literal) => {
        concat!(
            r#"(() => {
    const probe = window[Symbol.for("test.probe")];
    const shown = probe.hosts(""#,
            $kind,
            r#"").filter((host) => {
        const boxes = [host, ...probe.roots.get(host).root.querySelectorAll("*")];
        return boxes.some((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length && element.getBoundingClientRect().width > 1);
    });
    if (shown.length > 1) throw new Error(shown.length + " at once");
    return shown.length ? probe.roots.get(shown[0]).root : undefined;
})()"#
        )
    };
}

/// What can be on the screen.
#[derive(Debug)]
pub(super) struct Kind {
    /// The name of its element.
    pub(super) name: &'static str,
    root: &'static str,
    /// Where its controls are: a modal dialog makes everything else inert, its own host too, and what is inert has no name.
    controls: &'static str,
}

const PROMPT: &Kind = &Kind {
    name: "waymark-prompt",
    root: root!("waymark-prompt"),
    controls: concat!(
        "((root) => root && (root.querySelector(\"dialog:modal\") ?? root))(",
        root!("waymark-prompt"),
        ")"
    ),
};

const OVERLAY: &Kind = &Kind { name: "waymark-debug", root: root!("waymark-debug"), controls: root!("waymark-debug") };

/// The prompt that is on the screen, or the overlay that explains it.
#[derive(Debug, Clone, Copy)]
pub struct Prompt<'a> {
    pub(super) browser: &'a Browser,
    pub(super) kind: &'static Kind,
}

impl Browser {
    /// Waits for a prompt to be on the screen.
    ///
    /// # Panics
    /// When none comes in time, or two are there at once.
    pub async fn prompt(&self) -> Prompt<'_> {
        until("a prompt", async || if self.prompt_is_open().await? { Ok(()) } else { Err("no prompt".to_owned()) })
            .await;
        Prompt { browser: self, kind: PROMPT }
    }

    /// Waits for the overlay to be on the screen.
    pub async fn overlay(&self) -> Prompt<'_> {
        let overlay = Prompt { browser: self, kind: OVERLAY };
        until("the overlay", async || {
            match self.try_eval(&format!("return {} !== undefined", overlay.kind.root)).await? {
                Value::Bool(true) => Ok(()),
                _ => Err("no overlay".to_owned()),
            }
        })
        .await;
        overlay
    }

    /// Waits for the prompt to have left the screen.
    pub async fn prompt_gone(&self) {
        until(
            "the prompt to go",
            async || {
                if self.prompt_is_open().await? { Err("still there".to_owned()) } else { Ok(()) }
            },
        )
        .await;
    }

    /// Waits until the page has come to rest, then says whether no prompt is there. See [`Browser::settled`].
    ///
    /// # Panics
    /// When there is one, with what it says.
    pub async fn no_prompt(&self) {
        self.settled().await;
        if self.prompt_is_open().await.unwrap_or_else(|error| panic!("{error}")) {
            let text = Prompt { browser: self, kind: PROMPT }.text().await;
            panic!("a prompt is open that should not be: {text:?}");
        }
    }

    async fn prompt_is_open(&self) -> Result<bool, String> {
        self.try_eval(&format!("return {} !== undefined", PROMPT.root)).await.map(|open| open == true)
    }
}

impl Prompt<'_> {
    /// The text a visitor can read, line by line, without the empty ones; empty when it has just gone.
    pub async fn text(&self) -> String {
        let text = self.eval("[...(root?.children ?? [])].map((child) => child.innerText ?? '').join('\\n')").await;
        let lines = text.as_str().unwrap_or_default().lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// Waits until the text holds `part`.
    pub async fn says(&self, part: impl Display) {
        let part = part.to_string();
        until(&format!("the prompt to say {part:?}"), async || {
            let text = self.text().await;
            if text.contains(&part) { Ok(()) } else { Err(format!("{text:?}")) }
        })
        .await;
    }

    /// Waits until what is on the screen no longer says `said`: the prompt that did has gone, whether or not the next has come since.
    pub async fn gives_way(&self, said: &str) {
        until("the prompt to give way", async || {
            let text = self.text().await;
            if text == said { Err(text) } else { Ok(()) }
        })
        .await;
    }

    /// Clicks the button, link or choice with this accessible name. See [`Named`].
    pub async fn click(&self, name: &str) {
        self.within().click(name).await;
    }

    /// Whether a click on the button, link or choice with this name would reach it; `Err` says what it would reach instead.
    pub async fn reach(&self, name: &str) -> Result<(), String> {
        self.within().reach(name).await
    }

    /// Clicks what has this role and this name, where several have the name.
    pub async fn click_role(&self, role: &str, name: &str) {
        self.within().click_role(role, name).await;
    }

    /// Types into the field with this accessible name.
    pub async fn type_into(&self, name: &str, text: &str) {
        self.within().type_into(name, text).await;
    }

    /// Presses a key with the focus inside the prompt. See [`Browser::press`].
    pub async fn press(&self, key: &str) {
        self.browser.press(key).await;
    }

    /// Everything in the prompt that can be acted on, with role and name.
    pub async fn controls(&self) -> Vec<Named> {
        self.within().all().await.unwrap_or_else(|error| panic!("the controls of the prompt: {error}"))
    }

    /// The accessible name of what has the focus inside the prompt, if anything has.
    pub async fn focused(&self) -> Option<String> {
        let within = Within { browser: self.browser, root: &format!("{}.activeElement ?? undefined", self.kind.root) };
        within.all().await.ok()?.into_iter().next().map(|named| named.name)
    }

    /// The mode of the shadow root: `closed` in a product that keeps its promise.
    pub async fn mode(&self) -> String {
        self.eval("root.mode").await.as_str().unwrap_or_default().to_owned()
    }

    /// The first element that matches a selector inside the prompt, as an expression over `found`; null where none matches.
    pub async fn query(&self, selector: &str, expression: &str) -> Value {
        self.eval(&format!("((found) => found && ({expression}))(root.querySelector({}))", json!(selector))).await
    }

    /// A JavaScript expression over `root`, the shadow root of the prompt.
    pub async fn eval(&self, expression: &str) -> Value {
        self.browser.eval(&format!("const root = {}; return {expression};", self.kind.root)).await
    }

    fn within(&self) -> Within<'_> {
        Within { browser: self.browser, root: self.kind.controls }
    }
}
