//! Real mouse and keyboard events, trusted by the page, delivered where a person's would be.

use serde_json::json;

use super::Browser;

impl Browser {
    /// Presses and releases the left button at a point of the viewport, in CSS pixels.
    pub async fn click_at(&self, (x, y): (f64, f64)) {
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
        self.cdp("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y })).await;
    }

    /// Types into whatever has the focus, one key after another.
    pub async fn type_text(&self, text: &str) {
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
        let (code, text) = match key {
            "Escape" => (27, ""),
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Space" => (32, " "),
            "Backspace" => (8, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            "End" => (35, ""),
            "Home" => (36, ""),
            other => panic!("no key named {other:?}"),
        };
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
}
