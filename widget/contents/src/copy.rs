//! Something to take along: a code, a link, a text. It is copied by the clipboard or, where that is not to be had, the way it was done
//! before; and where even that fails, it is marked.

use crate::icons;
use js_sys::Function;
use view::frame::{Frame, add_class};
use view::words::own;
use view::{Gesture, Tell, dom, host};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    type Promise;
    #[wasm_bindgen(method, js_name = then)]
    fn settle(this: &Promise, done: &Function, failed: &Function) -> Promise;

    type Editor;
    #[wasm_bindgen(method, js_name = execCommand)]
    fn exec(this: &Editor, command: &str) -> bool;
}

/// Appends a row with a text and a button that copies it. `gesture` is told at each time.
pub fn row(
    frame: &mut Frame,
    into: &HtmlElement,
    class: &str,
    text: &str,
    gesture: impl Fn() -> Gesture + 'static,
) -> HtmlElement {
    let row = dom::make("div", class, "");
    dom::put(into, &row);
    let code = dom::make("code", "", "");
    // A code reads the same way wherever it stands: `SAVE-20%` is not `%SAVE-20` on a page from right to left.
    dom::put(&code, &dom::make("bdi", "", text));
    dom::put(&row, &code);
    button(frame, &row, &own("Copy"), text.to_owned(), code, gesture);
    row
}

/// Appends a button that copies `text`; `shown` is where it can be read.
pub fn button(
    frame: &mut Frame,
    into: &HtmlElement,
    label: &str,
    text: String,
    shown: HtmlElement,
    gesture: impl Fn() -> Gesture + 'static,
) -> HtmlElement {
    let button = frame.button(into, "copy", "");
    dom::put(&button, &dom::icon(icons::COPY));
    let said = dom::make("span", "", label);
    dom::say(&said, "aria-live", "polite");
    dom::put(&button, &said);
    let (tell, pressed): (Tell, HtmlElement) = (frame.tell, button.clone());
    frame.on(&button, "click", move |_| {
        copy(&text, &shown, &pressed, &said);
        tell(gesture());
    });
    button
}

fn copy(text: &str, shown: &HtmlElement, button: &HtmlElement, said: &HtmlElement) {
    let done = |button: HtmlElement, said: HtmlElement| {
        move |is_copied: bool| {
            if is_copied {
                add_class(&button, "copied");
                if let Some(line) = dom::find(&button, "path") {
                    dom::say(&line, "d", icons::TICK);
                }
            }
            said.set_text_content(Some(&own(if is_copied { "Copied" } else { "Selected" })));
        }
    };
    let (copied, selected) = (done(button.clone(), said.clone()), done(button.clone(), said.clone()));
    let shown = shown.clone();
    let fallback = host::guarded(move |_| {
        if let Ok(Some(selection)) = dom::window().get_selection() {
            let _ = selection.select_all_children(&shown);
        }
        selected(dom::document().unchecked_ref::<Editor>().exec("copy"));
    });
    match dom::clipboard() {
        Some(clipboard) => {
            let copied = host::guarded(move |_| copied(true));
            clipboard.write_text(text).unchecked_ref::<Promise>().settle(&copied, &fallback);
        }
        None => {
            let _ = fallback.call0(&JsValue::NULL);
        }
    }
}
