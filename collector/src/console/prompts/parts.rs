//! The parts of a prompt, as its editor has them beside each other.

use super::audience::RULE;
use super::contents::CONTENTS;
pub use super::contents::IMAGE;
use super::goal;
use crate::console::form::{Field, Group, Input, Kind, List, Shape};

/// One part.
#[derive(Debug)]
pub struct Part {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it is called.
    pub word: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// What there is to fill in.
    pub fields: &'static [Field],
}

const SELECTOR: &str = "A CSS selector, such as #buy or .signup.";

static PLACEMENT: Shape = Shape {
    kinds: &[
        Kind {
            tag: "corner",
            label: "A card in a corner",
            fields: &[Field {
                at: "",
                label: "Corner",
                hint: "On a phone it is a sheet from below.",
                input: Input::Pick(&[
                    ("bottom_end", "Bottom right"),
                    ("bottom_start", "Bottom left"),
                    ("top_end", "Top right"),
                    ("top_start", "Top left"),
                ]),
            }],
            new: "\"bottom_end\"",
        },
        Kind { tag: "modal", label: "A dialog over the page", fields: &[], new: "" },
        Kind {
            tag: "bar",
            label: "A bar along an edge",
            fields: &[Field {
                at: "",
                label: "Edge",
                hint: "",
                input: Input::Pick(&[("bottom", "Bottom"), ("top", "Top")]),
            }],
            new: "\"bottom\"",
        },
        Kind {
            tag: "inline",
            label: "In the page",
            fields: &[Field { at: "", label: "In this element", hint: SELECTOR, input: Input::Needed }],
            new: "\"\"",
        },
    ],
};

static TEASER: Group = Group {
    fields: &[
        Field { at: "label", label: "What the tab says", hint: "", input: Input::Needed },
        Field {
            at: "first",
            label: "Start as the tab",
            hint: "If not, the tab is what stays when somebody closes the prompt.",
            input: Input::Flag,
        },
    ],
    new: r#"{"label": ""}"#,
};

static COLORS: [Field; 4] = [
    Field { at: "accent", label: "Buttons and selection", hint: "A colour such as #0b6b6b.", input: Input::Line },
    Field { at: "paper", label: "Background", hint: "", input: Input::Line },
    Field { at: "ink", label: "Text", hint: "", input: Input::Line },
    Field { at: "soft", label: "Secondary text", hint: "", input: Input::Line },
];

/// A look.
pub static THEME: Group = Group {
    fields: &[
        Field {
            at: "scheme",
            label: "Light or dark",
            hint: "",
            input: Input::Pick(&[("auto", "As the page is"), ("light", "Light"), ("dark", "Dark")]),
        },
        Field {
            at: "light",
            label: "Colours in light mode",
            hint: "",
            input: Input::Group(&Group { fields: &COLORS, new: "{}" }),
        },
        Field {
            at: "dark",
            label: "Colours in dark mode",
            hint: "",
            input: Input::Group(&Group { fields: &COLORS, new: "{}" }),
        },
        Field { at: "font", label: "Font", hint: "Left empty: the page's.", input: Input::Line },
        Field { at: "size", label: "Size of text, in px", hint: "14 to 20.", input: Input::Number(14, 20) },
        Field { at: "radius", label: "Roundness of corners, in px", hint: "0 to 28.", input: Input::Number(0, 28) },
        Field { at: "width", label: "Width of a card, in px", hint: "280 to 520.", input: Input::Number(280, 520) },
        Field { at: "flat", label: "Without a shadow", hint: "", input: Input::Flag },
    ],
    new: "{}",
};

static MOMENT: Shape = Shape {
    kinds: &[
        Kind { tag: "at_once", label: "At once", fields: &[], new: "" },
        Kind {
            tag: "dwell",
            label: "After some time on the page",
            fields: &[Field { at: "", label: "How long", hint: "", input: Input::Length("s") }],
            new: "\"10s\"",
        },
        Kind {
            tag: "time_on_site",
            label: "After some time on the site",
            fields: &[Field { at: "", label: "How long", hint: "", input: Input::Length("s") }],
            new: "\"1m\"",
        },
        Kind {
            tag: "scroll",
            label: "After scrolling",
            fields: &[Field { at: "", label: "Percent of the page", hint: "", input: Input::Number(1, 100) }],
            new: "50",
        },
        Kind {
            tag: "pages_viewed",
            label: "On a later page of the visit",
            fields: &[Field { at: "", label: "From page number", hint: "", input: Input::Number(1, 100) }],
            new: "3",
        },
        Kind {
            tag: "inactivity",
            label: "When nobody moves",
            fields: &[Field { at: "", label: "For how long", hint: "", input: Input::Length("s") }],
            new: "\"30s\"",
        },
        Kind { tag: "exit_intent", label: "When they turn to leave", fields: &[], new: "" },
        Kind {
            tag: "click",
            label: "On a click",
            fields: &[Field { at: "", label: "On this element", hint: SELECTOR, input: Input::Needed }],
            new: "\"\"",
        },
        Kind {
            tag: "element_visible",
            label: "When something comes into view",
            fields: &[Field { at: "", label: "This element", hint: SELECTOR, input: Input::Needed }],
            new: "\"\"",
        },
        Kind {
            tag: "event",
            label: "On an event",
            fields: &[Field {
                at: "name",
                label: "Event",
                hint: "One that the page tracks, or one without code.",
                input: Input::Known("events"),
            }],
            new: r#"{"name": ""}"#,
        },
        Kind { tag: "call", label: "When the page asks for it", fields: &[], new: "" },
    ],
};

static EVENTS: List = List {
    item: "event",
    fields: &[Field { at: "name", label: "Event", hint: "", input: Input::Known("events") }],
    new: r#"{"name": ""}"#,
    most: 8,
    told: None,
};

/// The days of a week.
pub static DAYS: &[(&str, &str)] = &[
    ("monday", "Mon"),
    ("tuesday", "Tue"),
    ("wednesday", "Wed"),
    ("thursday", "Thu"),
    ("friday", "Fri"),
    ("saturday", "Sat"),
    ("sunday", "Sun"),
];

static HOURS: List = List {
    item: "time",
    fields: &[
        Field { at: "days", label: "On these days", hint: "", input: Input::Several(DAYS) },
        Field { at: "from", label: "From", hint: "09:00", input: Input::Needed },
        Field { at: "to", label: "To", hint: "17:00. Earlier than from: on the next day.", input: Input::Needed },
    ],
    new: r#"{"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "from": "09:00", "to": "17:00"}"#,
    most: 7,
    told: None,
};

static WINDOWS: List = List {
    item: "limit",
    fields: &[
        Field { at: "at_most", label: "Times", hint: "", input: Input::Number(1, 64) },
        Field { at: "within", label: "Within", hint: "", input: Input::Length("d") },
    ],
    new: r#"{"at_most": 1, "within": "7d"}"#,
    most: 4,
    told: None,
};

static VARIANTS: List = List {
    item: "variant",
    fields: &[
        Field { at: "key", label: "Its name", hint: "", input: Input::Name },
        Field {
            at: "weight",
            label: "Weight",
            hint: "Of two with 1 and 1 each is seen by half.",
            input: Input::Number(0, 1000),
        },
        Field { at: "content", label: "With other content", hint: "", input: Input::Shape(&CONTENTS) },
    ],
    new: r#"{"key": "a", "weight": 1}"#,
    most: 5,
    told: None,
};

/// All parts.
pub static PARTS: [Part; 10] = [
    Part {
        name: "content",
        word: "Content",
        about: "What it says and asks.",
        fields: &[
            Field {
                at: "name",
                label: "Name",
                hint: "What your team calls it; visitors never see it.",
                input: Input::Line,
            },
            Field { at: "content", label: "Kind", hint: "", input: Input::Shape(&CONTENTS) },
        ],
    },
    Part {
        name: "look",
        word: "Look",
        about: "Position and style.",
        fields: &[
            Field { at: "placement", label: "Position", hint: "", input: Input::Shape(&PLACEMENT) },
            Field {
                at: "teaser",
                label: "Teaser: a small tab at the edge of the window that opens it",
                hint: "",
                input: Input::Group(&TEASER),
            },
            Field { at: "theme", label: "A style of its own", hint: "", input: Input::Group(&THEME) },
        ],
    },
    Part {
        name: "languages",
        word: "Languages",
        about: "What it says to people who speak another one.",
        // One for each text and language: see `languages`.
        fields: &[],
    },
    Part {
        name: "audience",
        word: "Audience",
        about: "Who sees it, and on which pages. With no condition everybody does, everywhere.",
        fields: &[Field { at: "rule", label: "Match", hint: "", input: Input::Shape(&RULE) }],
    },
    Part {
        name: "moment",
        word: "Moment",
        about: "When within a visit it comes.",
        fields: &[
            Field { at: "moment", label: "Show it", hint: "", input: Input::Shape(&MOMENT) },
            Field { at: "delay", label: "Delay", hint: "Left empty: none.", input: Input::Length("s") },
            Field {
                at: "cancel_on",
                label: "Cancel it if one of these events happens first",
                hint: "",
                input: Input::List(&EVENTS),
            },
            Field {
                at: "hold_while",
                label: "Hold it while one of these is on the page",
                hint: "CSS selectors, one a line: a cookie banner, an open dialog.",
                input: Input::Lines,
            },
        ],
    },
    Part {
        name: "frequency",
        word: "Frequency",
        about: "How often somebody may see it.",
        fields: &[
            Field {
                at: "frequency.per_session",
                label: "Times per visit",
                hint: "Left empty: once.",
                input: Input::Number(1, 100),
            },
            Field {
                at: "frequency.at_most",
                label: "Times per person",
                hint: "Left empty: three times.",
                input: Input::Number(1, 1000),
            },
            Field {
                at: "frequency.gap",
                label: "Wait after it was shown",
                hint: "Left empty: the default of its content.",
                input: Input::Length("d"),
            },
            Field {
                at: "frequency.after_dismissal",
                label: "Wait after it was closed",
                hint: "Left empty: 30 days.",
                input: Input::Length("d"),
            },
            Field { at: "frequency.windows", label: "Other limits", hint: "", input: Input::List(&WINDOWS) },
            Field {
                at: "frequency.stop_on",
                label: "Stop for good once it was",
                hint: "",
                input: Input::Several(&[
                    ("closed", "closed"),
                    ("declined", "declined"),
                    ("answered", "answered"),
                    ("converted", "converted"),
                ]),
            },
            Field {
                at: "frequency.again_after",
                label: "Ask again after that in",
                hint: "Such as 90 days for a quarterly NPS. Left empty: never.",
                input: Input::Length("d"),
            },
            Field {
                at: "frequency.repeat_every",
                label: "Start over every",
                hint: "Counts anew from then on, whatever stopped it. Left empty: never.",
                input: Input::Length("d"),
            },
            Field { at: "later", label: "Offer “Later”", hint: "", input: Input::Flag },
            Field {
                at: "frequency.snooze",
                label: "Remind again after",
                hint: "Left empty: a day.",
                input: Input::Length("d"),
            },
            Field {
                at: "priority",
                label: "Priority",
                hint: "Of several that are due the highest number is shown.",
                input: Input::Number(-1000, 1000),
            },
            Field {
                at: "mandatory",
                label: "Mandatory notice",
                hint: "Such as a notice about billing: the site's limits do not hold for it, its own do.",
                input: Input::Flag,
            },
            Field {
                at: "tags",
                label: "Tags",
                hint: "One a line. The site's limits may go by them.",
                input: Input::Lines,
            },
        ],
    },
    Part {
        name: "schedule",
        word: "Schedule",
        about: "On which days and hours, on the site's clocks.",
        fields: &[
            Field { at: "schedule.start", label: "From", hint: "", input: Input::Instant },
            Field { at: "schedule.end", label: "Until", hint: "", input: Input::Instant },
            Field { at: "schedule.hours", label: "Only at these times", hint: "", input: Input::List(&HOURS) },
        ],
    },
    Part {
        name: "experiment",
        word: "Experiment",
        about: "A random split of people, so that you can tell what the prompt brings.",
        fields: &[
            Field {
                at: "experiment.coverage",
                label: "Share of people included",
                hint: "Left empty: all of them.",
                input: Input::Share,
            },
            Field {
                at: "experiment.holdout",
                label: "Control group, which sees nothing",
                hint: "Such as 10 %. What they do is what would have happened without the prompt.",
                input: Input::Share,
            },
            Field { at: "experiment.variants", label: "Variants", hint: "", input: Input::List(&VARIANTS) },
        ],
    },
    Part {
        name: "goal",
        word: "Goal",
        about: "What it is for, and so what counts as success in Results.",
        fields: &goal::FIELDS,
    },
    Part {
        name: "consent",
        word: "Consent",
        about: "What the visitor must have agreed to.",
        fields: &[
            Field {
                at: "consent",
                label: "Only for visitors who agreed that",
                hint: "",
                input: Input::Several(&[
                    ("store", "something is kept in the browser"),
                    ("profile", "it is known who they are"),
                    ("answer", "answers are kept"),
                ]),
            },
            Field {
                at: "offer_anyway",
                label: "Reason to show this offer to accounts in trouble too",
                hint: "Offers are not shown to accounts that are stuck or delayed, unless a reason stands here.",
                input: Input::Line,
            },
        ],
    },
];

/// The part of a name, or the first.
pub fn part(name: &str) -> &'static Part {
    PARTS.iter().find(|part| part.name == name).unwrap_or(&PARTS[0])
}
