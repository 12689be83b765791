//! The scene in a browser: what a page calls, and the parts that the widget brings with it.
//!
//! Allocator and matcher are the widget's choices (`widget/src/lib.rs`, `widget/src/facts.rs`), since both are part of what a decision
//! costs there.

use crate::Scene;
use engine::rule::{Pattern, pattern};
use lol_alloc::{FreeListAllocator, LockedAllocator};
use std::cell::RefCell;
use std::hint::black_box;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

thread_local! {
    static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
    static KNOWN: RefCell<Vec<(Pattern, Option<RegExp>)>> = const { RefCell::new(Vec::new()) };
}

#[wasm_bindgen]
extern "C" {
    type RegExp;
    #[wasm_bindgen(constructor, catch)]
    fn new(pattern: &str, flags: &str) -> Result<RegExp, JsValue>;
    #[wasm_bindgen(method)]
    fn test(this: &RegExp, text: &str) -> bool;
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    KNOWN.with_borrow_mut(|known| {
        let at = known.iter().position(|(other, _)| other == pattern).unwrap_or_else(|| {
            known.push((pattern.clone(), RegExp::new(&pattern.expression("\\b"), "iu").ok()));
            known.len() - 1
        });
        known.get(at).is_some_and(|(_, expression)| expression.as_ref().is_some_and(|found| found.test(text)))
    })
}

/// Makes the scene that is asked from now on.
#[wasm_bindgen]
pub fn stand(prompts: usize) {
    pattern::install(matches);
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
