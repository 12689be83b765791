//! Waymark in the page, as far as prompts go: it is told the facts, lets the engine decide, and paints the decision. The
//! loader (`js/loader.js`) talks to the collector and keeps what happened; this module never does.
//!
//! Its public functions are what the loader calls. The one thing to know: whatever the browser calls goes through the
//! loader's guard, so that a failing widget is an absent widget and nothing is ever thrown into the page.

mod clock;
mod facts;
mod host;
mod memory;
mod outbox;
mod read;
mod session;
mod signal;
mod view;

use engine::Timestamp;
use host::Host;
#[cfg(target_arch = "wasm32")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use signal::{Page, Signal};
use wasm_bindgen::prelude::*;

/// Our heap is small and short-lived: a list of free blocks serves it, and is 2 KB less to fetch than the allocator of the
/// standard library.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The module has been loaded. Called once.
#[wasm_bindgen]
pub fn start(host: Host) {
    host::set(host);
    signal::listen();
}

/// The collector has answered: here are the facts, and the prompts they belong to. `key` is a prompt that the page asks for.
#[wasm_bindgen]
pub fn visit(facts: JsValue, bundle: JsValue, url: String, since: f64, key: Option<String>) {
    let page = Page { url, since: Timestamp(since as i64) };
    session::tell(Signal::Facts { facts, bundle, page, key });
}

/// The visitor went to another page of a single-page application. Facts follow.
#[wasm_bindgen]
pub fn leave(url: String, since: f64) {
    session::tell(Signal::Left(Page { url, since: Timestamp(since as i64) }));
}

/// The page wants nothing of ours on it.
#[wasm_bindgen]
pub fn close() {
    session::tell(Signal::Closed);
}
