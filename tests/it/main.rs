//! All tests that need more than one crate: one binary, so that it is linked once and can share a browser driver.

#![allow(clippy::unwrap_used)] // A test that cannot go on says so by panicking.

mod access;
mod agree;
mod application;
mod arrivals;
mod begun;
mod caps;
mod console;
mod contents;
mod cookie;
mod crawlers;
mod delivery;
mod durability;
mod editor;
mod facts;
mod frame;
mod host;
mod identity;
mod ingest;
mod journeys;
mod keyboard;
mod lots;
mod moments;
mod nocode;
mod operations;
mod overlay;
mod page;
mod preview;
mod referral;
mod refusals;
mod results;
mod seeded_faults;
mod session;
mod size;
mod story;
mod surveys;
mod tabs;
mod team;
mod templates;
mod told;
mod trace;
mod trust;
