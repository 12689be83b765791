//! All tests that need more than one crate: one binary, so that it is linked once and can share a browser driver.

#![allow(clippy::unwrap_used)] // A test that cannot go on says so by panicking.

mod access;
mod application;
mod console;
mod crawlers;
mod delivery;
mod durability;
mod facts;
mod host;
mod identity;
mod ingest;
mod journeys;
mod keyboard;
mod operations;
mod page;
mod refusals;
mod seeded_faults;
mod size;
mod story;
mod tabs;
mod trace;
