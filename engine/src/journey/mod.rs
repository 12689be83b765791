//! Journeys: what their stages and transitions are ([`definition`](self)), and what follows from a log ([`fold`]).

mod check;
mod definition;
mod fold;
mod timer;

pub use check::check;
pub use definition::{Definitions, Journey, Milestone, Stage, StageKind, Transition, TransitionKind, Version};
pub use fold::{Cause, Move, MoveKind, State, fold};
