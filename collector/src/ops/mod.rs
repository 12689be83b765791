//! What an operator does from a terminal: serve, import, back up, restore, ask what is wrong.
//!
//! Every `Err` in here is one sentence for that terminal: what happened, and what to do.

mod backup;
mod debug_link;
mod doctor;
mod import;
mod serve;

pub use backup::{backup, restore};
pub use debug_link::debug_link;
pub use doctor::{Report, doctor};
pub use import::{import, publish, publish_files};
pub use serve::serve;
