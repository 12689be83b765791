//! What the site's own people see of the prompts of a page: of each why it shows or does not, in the words that the collector uses too,
//! with the rule, the moment and the caps behind it. The loader fetches this module where `waymark('debug')` is said, and before
//! anything else where the tab was opened by a signed link ([`link`]).
//!
//! It only looks on: it asks the engine the same as the widget does, and changes nothing of what that decides. Who has no signed link sees
//! what the page knows anyway.

mod corner;
mod known;
mod lines;
mod link;
mod panel;
mod prompts;
mod rules;
mod section;

use view::host::Host;
use wasm_bindgen::prelude::*;

/// The module has been loaded. Called whenever somebody asks for it; a second time it only shows itself.
#[wasm_bindgen]
pub fn start(host: Host) {
    if panel::show_again() {
        return;
    }
    view::host::set(host);
    engine::rule::pattern::install(inside::matches);
    match link::begin() {
        link::Way::Out => {}
        way => panel::open(way),
    }
}
