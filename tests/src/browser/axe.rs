//! What axe finds: names, roles, contrast; all that a machine can find. That keys and focus work is another matter.

use serde_json::{Value, json};

use super::{Browser, Prompt};
use crate::workspace;

/// Finds what axe says of a node, as lines to read.
const RUN: &str = "
    const { violations, passes } = await axe.run(where);
    const told = ({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join('; ');
    return { violations: violations.map(told), passes: passes.map(({ id }) => id), wide: document.documentElement.scrollWidth - innerWidth };";

/// Lets axe see into the closed root, for as long as it looks.
const INSIDE: &str = "
    const probe = window[Symbol.for('test.probe')];
    const [where] = probe.hosts(KIND);
    await Promise.all(probe.roots.get(where).root.getAnimations().map((one) => one.finished));
    Object.defineProperty(where, 'shadowRoot', { value: probe.roots.get(where).root, configurable: true });";

/// Each text that is seen, and how far it stands out from what is behind it, as WCAG counts. By hand, since axe cannot tell what
/// is behind a text in the browser's top layer.
const CONTRAST: &str = "Promise.all(root.getAnimations().map((one) => one.finished)).then(() => {
    // A colour that was mixed is written in parts of one.
    const channels = (color) => color.match(/[\\d.]+/g).map((part, at) => part * (color.startsWith('color(') && at < 3 ? 255 : 1));
    const light = (color) => channels(color).slice(0, 3).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    const isOpaque = (color) => (channels(color)[3] ?? 1) === 1;
    const behind = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return isOpaque(color) ? color : behind(element.parentElement);
    };
    const hasText = (element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return [...root.querySelectorAll('*')].filter(hasText).map((element) => {
        const [high, low] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
        return [element.textContent, (high + 0.05) / (low + 0.05)];
    });
})";

impl Browser {
    /// Looks at the whole page, once it has come to rest.
    ///
    /// # Panics
    /// When something shuts people out, or is wider than the screen.
    pub async fn accessible(&self, what: &str) {
        self.settled().await;
        self.with_axe().await;
        let found = self.eval(&format!("const where = document; {RUN}")).await;
        judged(&found, what);
        assert!(found["wide"].as_i64().unwrap_or(1) <= 0, "{what} is wider than the screen by {} px", found["wide"]);
    }

    async fn with_axe(&self) {
        let path = workspace().join("widget/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask setup`, which gets it", path.display()));
        if self.eval("return !window.axe").await == true {
            self.eval(&format!("{axe}; window.axe = axe;")).await;
        }
    }
}

impl Prompt<'_> {
    /// Looks at the prompt, once it has come to rest.
    ///
    /// # Panics
    /// When something in it shuts people out, or does not stand out from what is behind it.
    pub async fn accessible(&self, what: &str) {
        self.browser.with_axe().await;
        let inside = INSIDE.replace("KIND", &json!(self.kind.name).to_string());
        let found = self.browser.eval(&format!("{inside}{RUN}")).await;
        judged(&found, what);
        let passes = found["passes"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(passes.contains(&json!("button-name")), "{what}: axe did not look inside, only at {passes:?}");
        let texts = self.eval(CONTRAST).await;
        let texts: Vec<(String, f64)> = serde_json::from_value(texts).unwrap_or_default();
        let pale: Vec<_> = texts.iter().filter(|(_, ratio)| *ratio < 4.5).collect();
        assert!(!texts.is_empty() && pale.is_empty(), "{what}: {pale:?}");
    }
}

fn judged(found: &Value, what: &str) {
    assert_eq!(found["violations"], json!([]), "{what}");
    assert!(found["passes"].as_array().is_some_and(|passes| passes.len() > 5), "{what}: axe looked at nothing");
}
