//! What Waymark's words mean, and what follows from facts.
//!
//! This crate is pure: no input, no output, no clock, no randomness, no `async`. The widget (compiled to
//! WebAssembly) and the collector (native) both feed it and act on its answers; nobody else decides. What it
//! lacks, its caller hands in: the current [`Timestamp`], the [`rule::Witness`] that knows the facts.
//!
//! # Glossary
//!
//! | Word | Meaning |
//! |---|---|
//! | Site | one website with its public key |
//! | Visitor / Person / Account | one browser / an identified human (several visitors) / the company a person belongs to |
//! | people, in numbers | whoever is known counts as a person, whatever they came by; who is not known yet as a visitor; nobody twice |
//! | [`Event`](event::Event) | a fact that happened |
//! | [`Source`](source::Source), [`Channel`](source::Channel), [`Touch`](source::Touch) | utm and referrer of a visit; its class; which arrival (first, last, session) |
//! | campaign | only `utm_campaign` |
//! | [`Journey`](journey::Journey), [`Stage`](journey::Stage), cycle | the ordered stages; where a subject is, exactly one; a round of the map |
//! | Trigger, [`Move`](journey::Move) | the condition that moves a subject; the recorded move with its cause |
//! | [`Milestone`](journey::Milestone) | a condition that a stage asks for |
//! | [`Prompt`](prompt::Prompt) | what a marketer makes: content, rule, moment, placement, frequency |
//! | [`Content`](prompt::Content) | what a prompt says and asks: a survey, a form, an offer, a notice, a walkthrough and the like |
//! | [`Survey`](survey::Survey), [`Question`](survey::Question), [`Answer`](survey::Answer) | questions with branches and endings; what is asked; what fits it |
//! | Response, [`Band`](survey::Band) | the answers that belong together; what a score means: detractor, satisfied, easy |
//! | [`Sample`](score::Sample), [`Interval`](score::Interval) | a value measured from so many answers; where the truth lies |
//! | [`Moment`](prompt::Moment) | when within the visit |
//! | [`Facts`](facts::Facts) | what the page is told about its visitor: verdicts, never values |
//! | Verdict | true or false for one condition that only the log can answer, and until when that holds |
//! | [`Experiment`](experiment::Experiment), variant, holdout | how a prompt is tried out; a version of it; those who by lot see nothing |
//! | eligible / chosen / shown | the rule holds / won / painted |
//! | Cap, Cooldown, Snooze | how often at most; how long between; ask later |

mod day;
mod decimal;
pub mod event;
pub mod experiment;
pub mod facts;
pub mod frequency;
pub mod id;
pub mod identity;
pub mod journey;
pub mod log;
pub mod nocode;
pub mod page;
pub mod pipe;
pub mod problem;
pub mod prompt;
pub mod rule;
pub mod score;
pub mod source;
pub mod splitmix;
pub mod survey;
pub mod time;
pub mod value;
pub mod why;

pub use day::Day;
pub use id::{Key, Uuid};
pub use problem::Problem;
pub use time::{Span, Timestamp};
pub use value::{Props, Value};
