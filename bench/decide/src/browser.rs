//! The scene in a browser: what a page calls, and the parts that the widget brings with it.
//!
//! The matcher is the widget's, and with it comes its allocator, since both are part of what a decision costs there.

use crate::Scene;
use engine::rule::pattern;
use std::cell::RefCell;
use std::hint::black_box;
use wasm_bindgen::prelude::*;

thread_local! {
    static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
}

/// Makes the scene that is asked from now on.
#[wasm_bindgen]
pub fn stand(prompts: usize) {
    pattern::install(inside::matches);
    SCENE.set(Scene::new(prompts));
}

/// Whether the scene is what it should be, see [`Scene::stands`].
#[wasm_bindgen]
pub fn stands() -> bool {
    SCENE.with_borrow(|scene| scene.as_ref().is_some_and(Scene::stands))
}

/// Decides so many times.
#[wasm_bindgen]
pub fn decide(times: u32) {
    each(times, |scene| {
        black_box(scene.decide());
    });
}

/// Decides so many times, with all reasons.
#[wasm_bindgen]
pub fn tell(times: u32) {
    each(times, |scene| {
        black_box(scene.decide_telling());
    });
}

fn each(times: u32, run: impl Fn(&Scene)) {
    SCENE.with_borrow(|scene| {
        if let Some(scene) = scene {
            (0..times).for_each(|_| run(black_box(scene)));
        }
    });
}
