//! What the benchmarks are made of. Of the way in: who sends ([`load`]), what is sent ([`batch`]), who answers ([`server`]). Of a
//! page: which ones and how they are looked at ([`browser`]). And how figures become a document ([`figures`]).
//!
//! Not a framework: the benchmarks themselves, in `benches/`, say what is compared with what.
//!
//! The one thing to know: requests a second swing with whatever else the machine does, server CPU a request is steady.
//! So goals are ratios of CPU between peers that took turns in one run.

pub mod batch;
pub mod browser;
pub mod figures;
pub mod load;
pub mod machine;
pub mod raw;
pub mod scene;
pub mod server;
pub mod town;
