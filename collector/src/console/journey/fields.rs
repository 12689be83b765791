//! What a journey is made of, as fields to fill in.

use crate::console::form::{Field, Input, List};
use crate::console::prompts::audience::CONDITION;

static MILESTONES: List = List {
    item: "milestone",
    fields: &[
        Field { at: "name", label: "Name", hint: "", input: Input::Needed },
        Field { at: "key", label: "Name in rules", hint: "", input: Input::Name },
        Field { at: "required", label: "Required", hint: "", input: Input::Flag },
        Field { at: "done_when", label: "Done when", hint: "", input: Input::Shape(&CONDITION) },
    ],
    new: r#"{"key": "", "name": "", "done_when": {"event": {"name": ""}}}"#,
    most: 20,
};

static STAGES: List = List {
    item: "stage",
    fields: &[
        Field { at: "name", label: "Name", hint: "", input: Input::Needed },
        Field { at: "key", label: "Name in rules", hint: "", input: Input::Name },
        Field {
            at: "kind",
            label: "Kind of stage",
            hint: "",
            input: Input::Pick(&[
                ("linear", "Yes, in time"),
                ("ongoing", "No time limit"),
                ("terminal", "It is an end"),
            ]),
        },
        Field { at: "delay_after", label: "Delayed after", hint: "", input: Input::Length("d") },
        Field { at: "stuck_after", label: "Stuck after", hint: "", input: Input::Length("d") },
        Field { at: "milestones", label: "Milestones", hint: "", input: Input::List(&MILESTONES) },
    ],
    new: r#"{"key": "", "name": ""}"#,
    most: 20,
};

static TRANSITIONS: List = List {
    item: "transition",
    fields: &[
        Field { at: "key", label: "Its name", hint: "", input: Input::Name },
        Field {
            at: "from",
            label: "From",
            hint: "Left empty: from every stage but the target and the ends.",
            input: Input::Values("stages"),
        },
        Field { at: "to", label: "To", hint: "", input: Input::Known("stages") },
        Field { at: "when", label: "When", hint: "", input: Input::Shape(&CONDITION) },
        Field {
            at: "kind",
            label: "Direction",
            hint: "",
            input: Input::Pick(&[
                ("forward", "Onwards"),
                ("back", "Back"),
                ("interrupt", "Out of the journey"),
                ("reenter", "In again"),
            ]),
        },
        Field {
            at: "priority",
            label: "Priority",
            hint: "Of several that apply at once the lowest number wins.",
            input: Input::Number(0, 10_000),
        },
        Field { at: "min_dwell", label: "Earliest after time in the stage", hint: "", input: Input::Length("d") },
        Field { at: "new_cycle", label: "Begins a new round", hint: "", input: Input::Flag },
    ],
    new: r#"{"key": "", "to": "", "priority": 100, "when": {"event": {"name": ""}}}"#,
    most: 60,
};

/// All of a journey.
pub static FIELDS: [Field; 3] = [
    Field { at: "name", label: "Name", hint: "", input: Input::Needed },
    Field {
        at: "stages",
        label: "Stages",
        hint: "In the order of the map. Everybody starts in the first one.",
        input: Input::List(&STAGES),
    },
    Field {
        at: "transitions",
        label: "Transitions",
        hint: "What moves somebody from a stage to another one.",
        input: Input::List(&TRANSITIONS),
    },
];
