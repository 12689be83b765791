//! What must hold whatever is generated. Each module says of what; `log` tells the logs, `rules` makes the rules and `page` the pages that
//! they are asked about.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod choose;
mod experiment;
mod fold;
mod log;
mod memory;
mod page;
mod rule;
mod rules;
mod sent;
mod site;
mod survey;
mod text;

use proptest::test_runner::Config;

/// So many cases, or as many as whoever runs the tests wants.
fn config(cases: u32) -> Config {
    Config {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases),
        failure_persistence: None,
        ..Config::default()
    }
}
