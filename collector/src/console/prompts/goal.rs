//! What there is to fill in of what a prompt is for.

use crate::console::form::{Field, Group, Input};

static GOAL: Group = Group {
    fields: &[
        Field {
            at: "event",
            label: "They do this event",
            hint: "Whatever your pages track or your servers send, such as Subscription Started.",
            input: Input::Known("events"),
        },
        Field {
            at: "within",
            label: "Within",
            hint: "Counted from the first time they are shown it; at most 90 days.",
            input: Input::Length("d"),
        },
    ],
    new: r#"{"event": "", "within": "7d"}"#,
};

/// The fields of the part.
pub static FIELDS: [Field; 1] = [Field {
    at: "experiment.goal",
    label: "It is for something that people do later",
    hint: "If not, it is for what it offers: its link, its form, its questions. Results counts who did it.",
    input: Input::Group(&GOAL),
}];
