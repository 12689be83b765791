//! What a question is made of, as fields to fill in.

use crate::console::form::{Field, Input, Kind, List, Shape};

const fn line(at: &'static str, label: &'static str, hint: &'static str) -> Field {
    Field { at, label, hint, input: Input::Line }
}

static LABELS: [Field; 2] =
    [line("low", "What the lowest score means", ""), line("high", "What the highest score means", "")];

static RATING: [Field; 4] = [
    Field { at: "points", label: "Highest score", hint: "3, 5, 7 or 10.", input: Input::Number(3, 10) },
    Field {
        at: "face",
        label: "What a point looks like",
        hint: "",
        input: Input::Pick(&[("number", "A number"), ("star", "A star"), ("emoji", "A face")]),
    },
    line("low", "What 1 means", ""),
    line("high", "What the highest score means", ""),
];

static OPTIONS: List = List {
    item: "option",
    fields: &[
        Field { at: "label", label: "What it says", hint: "", input: Input::Needed },
        Field { at: "id", label: "Its name in reports", hint: "", input: Input::Name },
        Field { at: "fixed", label: "Keep its place when the others are shuffled", hint: "", input: Input::Flag },
    ],
    new: r#"{"id": "option", "label": ""}"#,
    most: 30,
    told: None,
};

const THE_OPTIONS: Field = Field { at: "options", label: "Options", hint: "", input: Input::List(&OPTIONS) };
const SHUFFLE: Field = Field { at: "shuffle", label: "Shuffle the options", hint: "", input: Input::Flag };
const OTHER: Field =
    line("other", "One more option that asks for words", "Such as Something else. Left empty: there is none.");

static ONE: [Field; 3] = [THE_OPTIONS, OTHER, SHUFFLE];
static SEVERAL: [Field; 5] = [
    THE_OPTIONS,
    OTHER,
    SHUFFLE,
    Field { at: "min", label: "At least", hint: "", input: Input::Number(1, 30) },
    Field { at: "max", label: "At most", hint: "", input: Input::Number(1, 30) },
];
static RANKING: [Field; 2] = [THE_OPTIONS, SHUFFLE];

static TEXT: [Field; 3] = [
    line("placeholder", "An example in the empty field", ""),
    Field { at: "min", label: "At least, in characters", hint: "", input: Input::Number(1, 5000) },
    Field { at: "max", label: "At most, in characters", hint: "", input: Input::Number(1, 5000) },
];

static NUMBER: [Field; 3] = [
    Field { at: "min", label: "Lowest value", hint: "", input: Input::Number(-1_000_000_000, 1_000_000_000) },
    Field { at: "max", label: "Highest value", hint: "", input: Input::Number(-1_000_000_000, 1_000_000_000) },
    Field { at: "step", label: "Step", hint: "", input: Input::Number(0, 1_000_000_000) },
];

static DATE: [Field; 2] = [line("min", "The first day", "2026-01-31"), line("max", "The last day", "2026-12-31")];

const CHOICE: &str = r#"{"options": [{"id": "one", "label": ""}, {"id": "two", "label": ""}]}"#;

static KINDS: Shape = Shape {
    kinds: &[
        Kind { tag: "nps", label: "Would you recommend us? 0 to 10", fields: &LABELS, new: "{}" },
        Kind { tag: "csat", label: "How satisfied are you? 1 to 5", fields: &LABELS, new: "{}" },
        Kind { tag: "ces", label: "How easy was it? 1 to 7", fields: &LABELS, new: "{}" },
        Kind { tag: "rating", label: "A scale", fields: &RATING, new: r#"{"points": 5, "face": "star"}"# },
        Kind { tag: "single", label: "One of several options", fields: &ONE, new: CHOICE },
        Kind { tag: "multiple", label: "Any of several options", fields: &SEVERAL, new: CHOICE },
        Kind { tag: "dropdown", label: "One of many, in a list that opens", fields: &ONE, new: CHOICE },
        Kind { tag: "ranking", label: "All options, the best first", fields: &RANKING, new: CHOICE },
        Kind { tag: "text", label: "A line of text", fields: &TEXT, new: "{}" },
        Kind { tag: "long_text", label: "A few lines of text", fields: &TEXT, new: "{}" },
        Kind { tag: "email", label: "An e-mail address", fields: &TEXT, new: "{}" },
        Kind { tag: "url", label: "A web address", fields: &TEXT, new: "{}" },
        Kind { tag: "number", label: "A number", fields: &NUMBER, new: "{}" },
        Kind { tag: "date", label: "A day", fields: &DATE, new: "{}" },
        Kind {
            tag: "consent",
            label: "A box that must be ticked",
            fields: &[Field { at: "label", label: "What is agreed to", hint: "", input: Input::Needed }],
            new: r#"{"label": ""}"#,
        },
    ],
};

static TARGET: Shape = Shape {
    kinds: &[
        Kind {
            tag: "question",
            label: "the question",
            fields: &[Field { at: "", label: "Its name", hint: "", input: Input::Name }],
            new: "\"\"",
        },
        Kind {
            tag: "ending",
            label: "the ending",
            fields: &[Field { at: "", label: "Its name", hint: "", input: Input::Name }],
            new: "\"\"",
        },
    ],
};

const BANDS: &[(&str, &str)] = &[
    ("detractor", "0 to 6: a detractor"),
    ("passive", "7 or 8: a passive"),
    ("promoter", "9 or 10: a promoter"),
    ("dissatisfied", "1 or 2: dissatisfied"),
    ("neutral", "in the middle"),
    ("satisfied", "4 or 5: satisfied"),
    ("difficult", "1 to 3: difficult"),
    ("easy", "5 to 7: easy"),
];

/// What a branch may look at. What else a file may say stays as it is, and is changed in the file.
static WHEN: Shape = Shape {
    kinds: &[
        Kind {
            tag: "band",
            label: "the score is",
            fields: &[Field { at: "is", label: "Band", hint: "", input: Input::Pick(BANDS) }],
            new: r#"{"is": "detractor"}"#,
        },
        Kind {
            tag: "answer",
            label: "the answer is",
            fields: &[Field {
                at: "test.is",
                label: "Answer",
                hint: "The name of an option; several, one a line.",
                input: Input::Lines,
            }],
            new: r#"{"test": {"is": []}}"#,
        },
    ],
};

/// What there is to a question.
pub static QUESTION: [Field; 8] = [
    Field { at: "text", label: "Question", hint: "", input: Input::Needed },
    Field { at: "ask", label: "Kind of answer", hint: "", input: Input::Shape(&KINDS) },
    line("help", "A sentence below it", ""),
    Field { at: "required", label: "Required", hint: "", input: Input::Flag },
    Field { at: "id", label: "Its name in reports and branches", hint: "", input: Input::Name },
    line(
        "becomes",
        "The trait that the answer becomes",
        "Such as role or plan_wanted: rules and people can see it then.",
    ),
    Field {
        at: "branches",
        label: "Where to go after it",
        hint: "The first that holds. If none does, the next question follows.",
        input: Input::List(&List {
            item: "branch",
            fields: &[
                Field { at: "when", label: "If", hint: "", input: Input::Shape(&WHEN) },
                Field { at: "to", label: "Go to", hint: "", input: Input::Shape(&TARGET) },
            ],
            new: r#"{"when": {"band": {"is": "detractor"}}, "to": {"question": ""}}"#,
            most: 8,
            told: None,
        }),
    },
    line("button", "The button", "Left empty: the usual word."),
];

/// Questions of a survey.
pub static QUESTIONS: List = List {
    item: "question",
    fields: &QUESTION,
    new: r#"{"id": "q", "text": "", "ask": {"single": {"options": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]}}}"#,
    most: 30,
    told: None,
};
