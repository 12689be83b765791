//! Finding and using what is on the screen the way a person with a screen reader does: by role and name.
//!
//! Names come from the browser's accessibility tree, which sees into closed shadow roots, and clicks are real
//! mouse events at the middle of the box. So a button without a name, under another element, or off the
//! screen fails a test here as it would fail a visitor.

use serde_json::{Value, json};

use super::Browser;
use crate::poll::until;

/// Where to look: the whole page, or what a JavaScript expression gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within<'a> {
    pub(super) browser: &'a Browser,
    /// An expression whose value is the node under which to look.
    pub(super) root: &'a str,
}

/// An element that was found by its name: its role, its exact name, and what the browser calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `button`, `link`, `textbox`, `radio`, …
    pub role: String,
    /// The accessible name.
    pub name: String,
    pub(super) node: Value,
}

/// Roles that somebody can act on. Text and groups may bear the same name.
const ACTIVE: &[&str] = &[
    "button",
    "link",
    "radio",
    "checkbox",
    "switch",
    "textbox",
    "searchbox",
    "combobox",
    "spinbutton",
    "slider",
    "tab",
    "menuitem",
    "option",
];

impl Within<'_> {
    /// Everything that can be acted on, in tree order.
    pub(super) async fn all(self) -> Result<Vec<Named>, String> {
        if let Some(firefox) = &self.browser.firefox {
            return firefox.named(&self.browser.driver, &self.browser.context().await, self.root).await;
        }
        let found = self.browser.try_cdp("Runtime.evaluate", json!({ "expression": self.root })).await?;
        let object = found["result"]["objectId"].as_str().ok_or_else(|| format!("nothing at {}", self.root))?;
        let tree = self.browser.try_cdp("Accessibility.queryAXTree", json!({ "objectId": object })).await?;
        let nodes = tree["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(nodes.iter().filter(|node| node["ignored"] != true).filter_map(named).collect())
    }

    /// The one active element with this name, waiting for it. A name matches as a whole, spaces and case as written.
    pub(super) async fn one(self, name: &str) -> Named {
        self.one_of("", name).await
    }

    /// The same among those of a role; any, where that is empty.
    async fn one_of(self, role: &str, name: &str) -> Named {
        until(&format!("one element named {name:?}"), async || {
            let all = self.all().await?;
            let is_it = |named: &&Named| named.name == name && (role.is_empty() || named.role == role);
            let mut matching = all.iter().filter(is_it);
            match (matching.next(), matching.next()) {
                (Some(named), None) => Ok(named.clone()),
                (None, _) => Err(format!("none; there are {:?}", described(&all))),
                (Some(_), Some(_)) => Err(format!("several; there are {:?}", described(&all))),
            }
        })
        .await
    }

    /// Waits until the element can be hit, and clicks it.
    pub(super) async fn click(self, name: &str) {
        self.click_role("", name).await;
    }

    /// The same among those of a role.
    pub(super) async fn click_role(self, role: &str, name: &str) {
        let named = self.one_of(role, name).await;
        let point =
            until(&format!("{} {name:?} to be in nothing's way", named.role), async || self.point(&named.node).await)
                .await;
        self.browser.click_at(point).await;
    }

    /// Whether a click on the element would reach it; `Err` says what it would reach instead.
    pub(super) async fn reach(self, name: &str) -> Result<(), String> {
        let named = self.one(name).await;
        self.point(&named.node).await.map(drop)
    }

    /// Puts the focus into a field by a click and types, key by key.
    pub(super) async fn type_into(self, name: &str, text: &str) {
        self.click(name).await;
        self.browser.type_text(text).await;
    }

    /// The middle of the element, when a click there reaches it.
    async fn point(self, node: &Value) -> Result<(f64, f64), String> {
        let (x, y) = match &self.browser.firefox {
            Some(_) => serde_json::from_value(self.call(node, MIDDLE).await?).map_err(|_| "it has no box")?,
            None => self.middle(node).await?,
        };
        match self.call(node, &format!("function () {{ return ({HIT}).call(this, {x}, {y}); }}")).await?.as_str() {
            None => Ok((x, y)),
            Some(other) => Err(format!("a click at {x:.0},{y:.0} would reach {other}")),
        }
    }

    /// The middle of the element as Chromium finds it, once it is on the screen.
    async fn middle(self, node: &Value) -> Result<(f64, f64), String> {
        self.browser.try_cdp("DOM.scrollIntoViewIfNeeded", json!({ "backendNodeId": node })).await?;
        let quads = self.browser.try_cdp("DOM.getContentQuads", json!({ "backendNodeId": node })).await?;
        let corner = |at: usize| quads["quads"][0][at].as_f64().ok_or("it has no box");
        Ok(((corner(0)? + corner(4)?) / 2.0, (corner(1)? + corner(5)?) / 2.0))
    }

    /// What a function says whose `this` is the element.
    async fn call(self, node: &Value, function: &str) -> Result<Value, String> {
        if let Some(firefox) = &self.browser.firefox {
            return firefox.call(&self.browser.context().await, node, function).await;
        }
        let resolved = self.browser.try_cdp("DOM.resolveNode", json!({ "backendNodeId": node })).await?;
        let call = json!({ "objectId": resolved["object"]["objectId"], "functionDeclaration": function, "returnByValue": true });
        let answer = self.browser.try_cdp("Runtime.callFunctionOn", call).await?;
        Ok(answer["result"]["value"].clone())
    }
}

/// The middle of the element, once it is on the screen; null where it has no box.
const MIDDLE: &str = "function () {
    this.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const box = this.getClientRects()[0];
    return box ? [box.x + box.width / 2, box.y + box.height / 2] : null;
}";

/// Null when a click at the point reaches the element or what is in it, else the name of what it would reach.
const HIT: &str = "function (x, y) {
    let hit = this.getRootNode().elementFromPoint(x, y);
    if (this.contains(hit) || (this.labels && [...this.labels].some((label) => label.contains(hit)))) return null;
    return hit ? hit.outerHTML.slice(0, 120) : 'nothing';
}";

impl Named {
    /// An element with this role and name, if somebody can act on it.
    pub(super) fn active(role: String, name: String, node: Value) -> Option<Self> {
        ACTIVE.contains(&role.as_str()).then_some(Self { role, name, node })
    }
}

fn named(node: &Value) -> Option<Named> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let name = text(&node["name"]["value"]).unwrap_or_default();
    Named::active(text(&node["role"]["value"])?, name, node["backendDOMNodeId"].clone())
}

fn described(all: &[Named]) -> Vec<String> {
    all.iter().map(|named| format!("{} {:?}", named.role, named.name)).collect()
}
