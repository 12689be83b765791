//! Real mouse and keyboard events, trusted by the page, delivered where a person's would be.

use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Presses and releases the left button at a point of the viewport, in CSS pixels.
    pub async fn click_at(&self, (x, y): (f64, f64)) {
        if self.firefox.is_some() {
            let [down, up] = ["pointerDown", "pointerUp"].map(|kind| json!({ "type": kind, "button": 0 }));
            return self.act("pointer", json!([{ "type": "pointerMove", "x": x, "y": y }, down, up])).await;
        }
        self.move_to((x, y)).await;
        for kind in ["mousePressed", "mouseReleased"] {
            self.cdp(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 }),
            )
            .await;
        }
    }

    /// Moves the pointer to a point of the viewport, in CSS pixels. Negative coordinates leave the page.
    pub async fn move_to(&self, (x, y): (f64, f64)) {
        if self.firefox.is_some() {
            return self.act("pointer", json!([{ "type": "pointerMove", "x": x, "y": y }])).await;
        }
        self.cdp("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y })).await;
    }

    /// Types into whatever has the focus, one key after another.
    pub async fn type_text(&self, text: &str) {
        if self.firefox.is_some() {
            return self.act("key", text.chars().flat_map(stroke).collect()).await;
        }
        for letter in text.chars() {
            let letter = letter.to_string();
            for kind in ["keyDown", "keyUp"] {
                let text = if kind == "keyDown" { letter.as_str() } else { "" };
                self.cdp("Input.dispatchKeyEvent", json!({ "type": kind, "key": letter, "text": text })).await;
            }
        }
    }

    /// Presses a key that is not a letter: `Escape`, `Tab`, `Enter`, `Backspace`, `ArrowLeft`, `Shift+Tab`, …
    ///
    /// # Panics
    /// On a key this function does not know.
    pub async fn press(&self, key: &str) {
        let (shift, key) = key.strip_prefix("Shift+").map_or((0, key), |key| (8, key));
        // Its number, what it types, and what WebDriver calls it.
        let (code, text, value) = match key {
            "Escape" => (27, "", '\u{e00c}'),
            "Tab" => (9, "", '\u{e004}'),
            "Enter" => (13, "\r", '\u{e006}'),
            "Space" => (32, " ", ' '),
            "Backspace" => (8, "", '\u{e003}'),
            "ArrowLeft" => (37, "", '\u{e012}'),
            "ArrowUp" => (38, "", '\u{e013}'),
            "ArrowRight" => (39, "", '\u{e014}'),
            "ArrowDown" => (40, "", '\u{e015}'),
            "End" => (35, "", '\u{e010}'),
            "Home" => (36, "", '\u{e011}'),
            other => panic!("no key named {other:?}"),
        };
        if self.firefox.is_some() {
            let mut strokes = stroke(value).to_vec();
            if shift > 0 {
                let [down, up] = stroke('\u{e008}');
                strokes.insert(0, down);
                strokes.push(up);
            }
            return self.act("key", strokes.into()).await;
        }
        let name = if key == "Space" { " " } else { key };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            self.cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": name, "code": key, "text": text, "modifiers": shift, "windowsVirtualKeyCode": code }),
            )
            .await;
        }
    }

    /// What a pointer or the keys do in Firefox.
    async fn act(&self, kind: &str, actions: Value) {
        if let Some(firefox) = &self.firefox {
            let acted = firefox.act(&self.context().await, kind, actions).await;
            acted.unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// A key that is pressed and released, by WebDriver's name for it.
fn stroke(key: char) -> [Value; 2] {
    ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }))
}
