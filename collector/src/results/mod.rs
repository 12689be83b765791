//! What became of prompts: how many people did what ([`figures`]), what their scores come to ([`scores`]), what they answered
//! ([`responses`]).
//!
//! Nothing of it is read from the log, which may be long: [`follow`] keeps a tally while events come in, within their
//! transaction. The one thing to know: a person is a user id, or a visitor as long as nobody has said who that is; what a visitor did
//! before counts for whom it turned out to be as far back as identity looks ([`engine::identity`]), and never for both.

mod acts;
mod answers;
pub mod course;
pub mod days;
pub mod export;
pub mod figures;
mod follow;
pub mod questions;
pub mod responses;
pub mod scores;

pub use acts::Deed;
pub use answers::{Answered, Given};
pub use days::{Days, Period};
pub use export::Format;
pub use follow::{News, follow};
