//! Waymark's server: takes what pages and servers say, stores it durably, answers what follows, shows it to people.
//!
//! [`start`] is the whole of it: a [`Config`] and a [`Clock`] in, a [`Running`] collector out. The binary and the tests
//! start the same thing. Features live in a folder each over one layer, [`store`], which holds the only SQL.

pub mod addresses;
pub mod agent;
pub mod assets;
pub mod auth;
pub mod clock;
pub mod config;
pub mod console;
pub mod currency;
pub mod demo;
pub mod encoding;
pub mod error;
pub mod id;
pub mod ingest;
pub mod journey;
pub mod limits;
pub mod loader;
pub mod mail;
pub mod metrics;
pub mod ops;
pub mod origin;
pub mod people;
pub mod pictures;
pub mod prompts;
pub mod reach;
pub mod refusals;
pub mod results;
pub mod server;
pub mod sightings;
pub mod sites;
pub mod source;
mod start;
pub mod state;
pub mod store;
pub mod visit;

pub use clock::Clock;
pub use config::Config;
pub use error::ApiError;
pub use start::{Running, StartError, start};
pub use state::App;
