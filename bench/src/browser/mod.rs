//! What a prompt costs a page: the same shop with nothing on it, with a script written by hand, and with Waymark, each opened by a
//! browser that is made slow.
//!
//! [`shop`] is what is opened, [`visit`] opens it once and says what was seen.

pub mod shop;
pub mod visit;
