//! What the loader hands over: identities, storage, the way to the collector. Only declared here; it is written in
//! `js/loader.js`.

use js_sys::Function;
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;
use web_sys::Event;

#[wasm_bindgen]
extern "C" {
    /// The loader's side.
    #[derive(Clone)]
    pub type Host;

    /// Keeps an event until the collector has acknowledged it, and offers it to the page. Id, time and address are added.
    #[wasm_bindgen(method)]
    pub fn record(this: &Host, prompt: &str, action: &str, name: Option<&str>, props: JsValue);

    /// A new identifier.
    #[wasm_bindgen(method)]
    pub fn id(this: &Host) -> String;

    /// The visit that is going on.
    #[wasm_bindgen(method)]
    pub fn session(this: &Host) -> String;

    /// What was recorded in this browser, of all its tabs, and is not or only lately acknowledged.
    #[wasm_bindgen(method)]
    pub fn entries(this: &Host) -> Vec<JsValue>;

    /// Tells the page that so many prompts were left out, since this build cannot read them.
    #[wasm_bindgen(method)]
    pub fn unreadable(this: &Host, count: u32);

    /// Calls back when it is this tab's turn to show something.
    #[wasm_bindgen(method)]
    pub fn claim(this: &Host, granted: &Function);

    /// Ends this tab's turn.
    #[wasm_bindgen(method)]
    pub fn release(this: &Host);

    /// The same function, except that nothing gets out of it.
    #[wasm_bindgen(method)]
    fn guard(this: &Host, run: JsValue) -> Function;
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

/// A function for the browser to call. It lives as long as the browser holds it.
pub fn guarded(run: impl FnMut(Event) + 'static) -> Function {
    host().guard(Closure::<dyn FnMut(Event)>::new(run).into_js_value())
}
