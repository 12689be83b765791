//! The look that the publisher made of a prompt's theme and its site's: read as it came, since no page has to put anything together.

use crate::dom;
use crate::frame::Frame;
use crate::read::field;
use wasm_bindgen::JsValue;

/// See [`engine::prompt::Look`].
pub struct Look(pub JsValue);

impl Look {
    /// Whether it is dark on any page; `None`: as the page is.
    pub fn is_dark(&self) -> Option<bool> {
        self.text("scheme").map(|scheme| scheme == "dark")
    }

    /// Its tokens, as CSS.
    pub fn style(&self) -> String {
        self.text("style").unwrap_or_default()
    }

    /// Adds what the site has in each of its prompts.
    pub fn dress(&self, frame: &Frame) {
        let logo = field(&self.0, "logo");
        if let Some(url) = field(&logo, "url").as_string() {
            let image = dom::make("img", "logo", "");
            dom::say(&image, "src", &url);
            dom::say(&image, "alt", &field(&logo, "alt").as_string().unwrap_or_default());
            dom::put_first(&frame.panel, &image);
        }
        if field(&self.0, "powered_by").is_truthy() {
            frame.add("p", "by", "Powered by Waymark");
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        field(&self.0, name).as_string()
    }
}
