//! What the loader hands over: identities, storage, the way to the collector. Only declared here; it is written in
//! `js/loader.js`.

use js_sys::Function;
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

#[wasm_bindgen]
extern "C" {
    /// The loader's side.
    #[derive(Clone)]
    pub type Host;

    /// Keeps an event, as it stands on the wire, until the collector has acknowledged it, and offers it to the page. Id, time and
    /// address are added.
    #[wasm_bindgen(method)]
    pub fn record(this: &Host, event: &JsValue);

    /// A new identifier.
    #[wasm_bindgen(method)]
    pub fn id(this: &Host) -> String;

    /// Who is here, and the visit that is going on.
    #[wasm_bindgen(method)]
    pub fn state(this: &Host) -> JsValue;

    /// What the visitor has said about consent, by its name.
    #[wasm_bindgen(method, getter)]
    pub fn given(this: &Host) -> JsValue;

    /// The language that the prompts are in.
    #[wasm_bindgen(method, getter)]
    pub fn language(this: &Host) -> String;

    /// Says on an element which language that is, and writes it in that one's direction, or else in that of `ground`.
    #[wasm_bindgen(method)]
    pub fn speak(this: &Host, skin: &Element, ground: &Element);

    /// One of our own words in it, by its English; that itself where the language has none.
    #[wasm_bindgen(method)]
    pub fn own(this: &Host, english: &str) -> String;

    /// The events of this page that nobody has asked for yet.
    #[wasm_bindgen(method)]
    pub fn heard(this: &Host) -> Vec<JsValue>;

    /// What was recorded in this browser, of all its tabs, and is not or only lately acknowledged.
    #[wasm_bindgen(method)]
    pub fn entries(this: &Host) -> Vec<JsValue>;

    /// Tells the page something that the collector need not know.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Host, detail: &JsValue);

    /// Fetches another module of the widget, starts it, and calls back with its functions; not at all if it cannot be had.
    #[wasm_bindgen(method)]
    pub fn load(this: &Host, at: &JsValue, done: &Function);

    /// Calls back when it is this tab's turn to show something.
    #[wasm_bindgen(method)]
    pub fn claim(this: &Host, granted: &Function);

    /// Ends this tab's turn.
    #[wasm_bindgen(method)]
    pub fn release(this: &Host);

    /// Keeps something small under a name of this site's, for other pages and other days; `undefined` forgets it.
    #[wasm_bindgen(method)]
    pub fn keep(this: &Host, name: &str, value: &JsValue);

    /// What was kept under a name; `undefined` if nothing was.
    #[wasm_bindgen(method)]
    pub fn kept(this: &Host, name: &str) -> JsValue;

    /// The same function, except that nothing gets out of it.
    #[wasm_bindgen(method)]
    pub fn guard(this: &Host, run: JsValue) -> Function;
}

thread_local! {
    static HOST: OnceCell<Host> = const { OnceCell::new() };
}

/// Remembers the loader's side.
pub fn set(host: Host) {
    HOST.with(|slot| slot.set(host).ok());
}

/// The loader's side. Before it was handed over it is nothing, and asking it anything ends in the guard.
pub fn host() -> Host {
    HOST.with(|slot| slot.get().cloned()).unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
}

/// A function for the browser to call with an event; see [`guarded`].
pub fn hearing(run: impl Fn(Event) + 'static) -> Function {
    guarded(move |event| run(event.unchecked_into()))
}

/// A function for the browser to call. It lives as long as the browser holds it. The only kind of function that is handed out: each
/// further one would be code in every module. It may be called while it is at work: to move the focus tells of it at once.
pub fn guarded(run: impl Fn(JsValue) + 'static) -> Function {
    host().guard(Closure::<dyn Fn(JsValue)>::new(run).into_js_value())
}
