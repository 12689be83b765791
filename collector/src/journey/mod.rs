//! What follows from new events: who they belong to ([`attribution`]), and where that takes each subject ([`apply`]). The rules
//! of both are the engine's; here they meet the store. [`wake`] looks after deadlines, [`replay`] proves that what is stored
//! is what the log gives.

mod apply;
mod attribution;
mod identity;
mod log;
mod recollect;
mod record;
mod referral;
pub mod replay;
mod seen;
pub mod simulation;
mod traits;
pub mod wake;

pub use apply::{Work, apply};
pub use identity::group as edges_by_visitor;
pub use log::{log_event, looked_back_on, of_subject, own_part, part_of_subject, unattributed};
pub use recollect::remembered;
pub use record::transition_of;
pub use referral::code as referral_code;
pub use seen::words as search_words;
pub use traits::{Trait, Word, found_by, text_of, traits_of};
