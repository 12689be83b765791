//! What the values that a rule asks for can be tested for, as fields to fill in.

use crate::console::form::{Field, Input, Kind, Shape};

/// A text that is best one of those that were recorded.
pub const fn known(at: &'static str, label: &'static str, from: &'static str, hint: &'static str) -> Field {
    Field { at, label, hint, input: Input::Known(from) }
}

/// Several of them.
pub const fn several(at: &'static str, label: &'static str, from: &'static str, hint: &'static str) -> Field {
    Field { at, label, hint, input: Input::Values(from) }
}

/// A length of time, named.
pub const fn length(at: &'static str, label: &'static str, hint: &'static str) -> Field {
    Field { at, label, hint, input: Input::Length("d") }
}

/// How paths are written.
pub const PATTERN: &str = "* stands for anything within a part, ** for anything: /docs/**, **/pricing*.";
/// A path.
pub const A_PATTERN: Field = known("", "Path", "paths", PATTERN);
/// A number.
pub const NUMBER: Field =
    Field { at: "", label: "Number", hint: "", input: Input::Number(-1_000_000_000, 1_000_000_000) };
/// A length of time.
pub const LONG: Field = length("", "How long", "");

static TEXT_TESTS: [Kind; 8] = [
    Kind { tag: "is", label: "is", fields: &[several("", "One of", "", "")], new: "[]" },
    Kind { tag: "contains", label: "contains", fields: &[several("", "One of", "", "")], new: "[]" },
    Kind { tag: "starts_with", label: "starts with", fields: &[several("", "One of", "", "")], new: "[]" },
    Kind { tag: "ends_with", label: "ends with", fields: &[several("", "One of", "", "")], new: "[]" },
    Kind { tag: "glob", label: "is like", fields: &[several("", "One of", "", PATTERN)], new: "[]" },
    Kind {
        tag: "matches",
        label: "matches the expression",
        fields: &[several("", "One of", "", "A regular expression, without look-around and back-references.")],
        new: "[]",
    },
    Kind { tag: "exists", label: "is there", fields: &[], new: "" },
    Kind { tag: "all_of", label: "has all of", fields: &[several("", "Each of", "", "")], new: "[]" },
];

/// What texts can be tested for.
pub static TEXT: Shape = Shape { kinds: &TEXT_TESTS };

/// What numbers can be tested for.
pub static NUMBERS: Shape = Shape {
    kinds: &[
        Kind { tag: "at_least", label: "is at least", fields: &[NUMBER], new: "1" },
        Kind { tag: "at_most", label: "is at most", fields: &[NUMBER], new: "1" },
        Kind { tag: "above", label: "is above", fields: &[NUMBER], new: "1" },
        Kind { tag: "below", label: "is below", fields: &[NUMBER], new: "1" },
        Kind {
            tag: "between",
            label: "is from … to …",
            fields: &[
                Field { at: "[0]", label: "From", hint: "", input: Input::Number(-1_000_000_000, 1_000_000_000) },
                Field { at: "[1]", label: "To", hint: "", input: Input::Number(-1_000_000_000, 1_000_000_000) },
            ],
            new: "[0, 10]",
        },
    ],
};

/// What anything can be tested for.
pub static ANY: Shape = Shape {
    kinds: &[
        Kind {
            tag: "is",
            label: "is",
            fields: &[Field { at: "", label: "One of", hint: "", input: Input::Scalars }],
            new: "[]",
        },
        Kind { tag: "contains", label: "contains", fields: &[several("", "One of", "", "")], new: "[]" },
        Kind { tag: "starts_with", label: "starts with", fields: &[several("", "One of", "", "")], new: "[]" },
        Kind { tag: "at_least", label: "is at least", fields: &[NUMBER], new: "1" },
        Kind { tag: "at_most", label: "is at most", fields: &[NUMBER], new: "1" },
        Kind { tag: "above", label: "is above", fields: &[NUMBER], new: "1" },
        Kind { tag: "below", label: "is below", fields: &[NUMBER], new: "1" },
        Kind { tag: "within_last", label: "is a day within the last", fields: &[LONG], new: "\"30d\"" },
        Kind { tag: "older_than", label: "is a day longer ago than", fields: &[LONG], new: "\"30d\"" },
        Kind { tag: "exists", label: "is there", fields: &[], new: "" },
    ],
};
