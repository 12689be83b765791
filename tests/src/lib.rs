//! What tests of Waymark stand on: a real collector, a real browser, pages to put the snippet on.
//!
//! Not mocks: every test speaks to the product through an address that a customer has too.
//!
//! The one thing to know: a test that passes without the thing it tests is worth nothing, so the harness
//! is itself tested with seeded faults (`it/seeded_faults.rs`).

pub mod app;
pub mod browser;
pub mod inbox;
pub mod pages;
pub mod poll;
pub mod tag_manager;

use std::path::{Path, PathBuf};

pub use app::{Answer, Backend, Client, Ended, Process, Site, TestApp, Visitor, event_id};
pub use browser::{Browser, BrowserOptions};
pub use pages::Pages;
pub use tag_manager::{TagManager, Template};

/// The folder that holds what builds and tests leave behind.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// The root of the repository.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}
