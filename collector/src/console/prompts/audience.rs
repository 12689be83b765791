//! Who sees a prompt, and where: a rule as fields to fill in. Groups nest; each part is one of the fields of a rule.

use super::passes::{A_PATTERN, ANY, LONG, NUMBERS, TEXT, known, length, several};
use crate::console::form::{Field, Input, Kind, List, Shape};

const TEXT_TEST: Field = Field { at: "test", label: "which", hint: "", input: Input::Shape(&TEXT) };
const NUMBER_TEST: Field = Field { at: "", label: "which", hint: "", input: Input::Shape(&NUMBERS) };
const ANY_TEST: Field = Field { at: "test", label: "which", hint: "", input: Input::Shape(&ANY) };

const TOUCH: Field = Field {
    at: "touch",
    label: "of",
    hint: "",
    input: Input::Pick(&[
        ("session", "this visit"),
        ("first", "the first visit ever"),
        ("last", "the last visit that came from somewhere"),
    ]),
};

/// A field of where a visit came from.
pub const TOUCHED: Field = Field {
    at: "field",
    label: "Field",
    hint: "",
    input: Input::Pick(&[
        ("campaign", "utm_campaign"),
        ("source", "utm_source"),
        ("medium", "utm_medium"),
        ("term", "utm_term"),
        ("content", "utm_content"),
        ("id", "utm_id"),
        ("click_id", "Kind of click id"),
        ("referrer", "Referring host"),
        ("place", "Where from, by name"),
        ("class", "Where from, by class"),
        ("source_platform", "utm_source_platform"),
        ("creative_format", "utm_creative_format"),
        ("marketing_tactic", "utm_marketing_tactic"),
    ]),
};

static WHERE: List = List {
    item: "property",
    fields: &[Field { at: "prop", label: "Property", hint: "", input: Input::Needed }, ANY_TEST],
    new: r#"{"prop": "", "test": {"is": []}}"#,
    most: 8,
    told: None,
};

static AGE: Shape = Shape {
    kinds: &[
        Kind { tag: "within_last", label: "less than", fields: &[LONG], new: "\"7d\"" },
        Kind { tag: "older_than", label: "at least", fields: &[LONG], new: "\"30d\"" },
    ],
};

static PARTS: [Field; 1] = [Field { at: "", label: "", hint: "", input: Input::List(&CONDITIONS) }];

static CONDITIONS: List = List {
    item: "condition",
    fields: &[Field { at: "", label: "What", hint: "", input: Input::Shape(&CONDITION) }],
    new: r#"{"path": ""}"#,
    most: 30,
    told: None,
};

static CHANNELS: &[(&str, &str)] = &[
    ("direct", "Direct"),
    ("organic_search", "Organic Search"),
    ("paid_search", "Paid Search"),
    ("organic_social", "Organic Social"),
    ("paid_social", "Paid Social"),
    ("email", "Email"),
    ("referral", "Referral"),
    ("ai_assistant", "AI Assistant"),
    ("affiliates", "Affiliates"),
    ("display", "Display"),
    ("organic_video", "Organic Video"),
    ("paid_video", "Paid Video"),
    ("organic_shopping", "Organic Shopping"),
    ("paid_shopping", "Paid Shopping"),
    ("paid_other", "Paid Other"),
    ("cross_network", "Cross-network"),
    ("audio", "Audio"),
    ("sms", "SMS"),
    ("mobile_push_notifications", "Push"),
    ("unassigned", "Unassigned"),
];

/// What a rule may ask.
pub static CONDITION: Shape = Shape {
    kinds: &[
        Kind { tag: "path", label: "Page: path", fields: &[A_PATTERN], new: "\"\"" },
        Kind {
            tag: "page_group",
            label: "Page: one of a group",
            fields: &[known("", "Group", "page_groups", "")],
            new: "\"\"",
        },
        Kind {
            tag: "page",
            label: "Page: another part of the address",
            fields: &[
                Field {
                    at: "part",
                    label: "Part",
                    hint: "",
                    input: Input::Pick(&[
                        ("url", "Whole address"),
                        ("host", "Host"),
                        ("hash", "After the #"),
                        ("title", "Title"),
                        ("path", "Path"),
                    ]),
                },
                TEXT_TEST,
            ],
            new: r#"{"part": "url", "test": {"contains": []}}"#,
        },
        Kind {
            tag: "query",
            label: "Page: a parameter",
            fields: &[Field { at: "param", label: "Parameter", hint: "", input: Input::Needed }, TEXT_TEST],
            new: r#"{"param": "", "test": {"is": []}}"#,
        },
        Kind {
            tag: "source",
            label: "Source: campaign, utm, referrer",
            fields: &[TOUCHED, Field { at: "test", label: "which", hint: "", input: Input::Shape(&TEXT) }, TOUCH],
            new: r#"{"field": "campaign", "test": {"is": []}, "touch": "session"}"#,
        },
        Kind {
            tag: "channel",
            label: "Source: channel",
            fields: &[Field { at: "is", label: "One of", hint: "", input: Input::Several(CHANNELS) }, TOUCH],
            new: r#"{"is": ["email"], "touch": "session"}"#,
        },
        Kind {
            tag: "stage",
            label: "Journey: stage",
            fields: &[known("journey", "Journey", "journeys", ""), several("is", "One of these stages", "stages", "")],
            new: r#"{"journey": "", "is": []}"#,
        },
        Kind {
            tag: "time_in_stage",
            label: "Journey: time in the stage",
            fields: &[known("journey", "Journey", "journeys", ""), length("at_least", "For at least", "")],
            new: r#"{"journey": "", "at_least": "14d"}"#,
        },
        Kind {
            tag: "milestone",
            label: "Journey: a milestone is done",
            fields: &[known("", "Milestone", "milestones", "")],
            new: "\"\"",
        },
        Kind { tag: "milestones_done", label: "Journey: all milestones of the stage are done", fields: &[], new: "" },
        Kind {
            tag: "event",
            label: "History: has done",
            fields: &[
                known("name", "Event", "events", ""),
                Field {
                    at: "count",
                    label: "At least so often",
                    hint: "Left empty: once.",
                    input: Input::Number(1, 100),
                },
                length("within", "Within", "Left empty: ever."),
                Field { at: "where", label: "Where", hint: "", input: Input::List(&WHERE) },
                Field { at: "trusted", label: "Only what our servers have said", hint: "", input: Input::Flag },
            ],
            new: r#"{"name": ""}"#,
        },
        Kind {
            tag: "absent",
            label: "History: has not done",
            fields: &[
                known("name", "Event", "events", ""),
                length("for", "For so long", ""),
                Field { at: "where", label: "Where", hint: "", input: Input::List(&WHERE) },
            ],
            new: r#"{"name": "", "for": "14d"}"#,
        },
        Kind {
            tag: "prompt",
            label: "History: another prompt",
            fields: &[
                known("prompt", "Prompt", "prompts", ""),
                Field {
                    at: "did",
                    label: "Was",
                    hint: "",
                    input: Input::Pick(&[
                        ("shown", "shown"),
                        ("answered", "answered"),
                        ("converted", "done"),
                        ("clicked", "clicked"),
                        ("dismissed", "closed"),
                        ("declined", "turned down"),
                        ("snoozed", "put off"),
                        ("viewed", "seen"),
                    ]),
                },
                Field { at: "score", label: "With a score that", hint: "", input: Input::Shape(&NUMBERS) },
                length("within", "Within", "Left empty: ever."),
            ],
            new: r#"{"prompt": "", "did": "answered"}"#,
        },
        Kind {
            tag: "trait",
            label: "Trait of the person or account",
            fields: &[
                Field {
                    at: "of",
                    label: "Of the",
                    hint: "",
                    input: Input::Pick(&[("person", "person"), ("account", "account")]),
                },
                known("name", "Trait", "traits", ""),
                ANY_TEST,
                Field { at: "trusted", label: "Only what our servers have said", hint: "", input: Input::Flag },
            ],
            new: r#"{"of": "person", "name": "", "test": {"is": []}}"#,
        },
        Kind { tag: "segment", label: "Segment", fields: &[known("", "Segment", "segments", "")], new: "\"\"" },
        Kind { tag: "identified", label: "Visitor: has said who they are", fields: &[], new: "" },
        Kind {
            tag: "visitor",
            label: "Visitor: new or returning",
            fields: &[Field {
                at: "",
                label: "Is",
                hint: "",
                input: Input::Pick(&[("new", "new"), ("returning", "returning")]),
            }],
            new: "\"new\"",
        },
        Kind {
            tag: "first_seen",
            label: "Visitor: first seen … ago",
            fields: &[Field { at: "", label: "Was that", hint: "", input: Input::Shape(&AGE) }],
            new: r#"{"older_than": "30d"}"#,
        },
        Kind {
            tag: "last_seen",
            label: "Visitor: last seen … ago",
            fields: &[Field { at: "", label: "Was that", hint: "", input: Input::Shape(&AGE) }],
            new: r#"{"older_than": "30d"}"#,
        },
        Kind {
            tag: "session",
            label: "Visit",
            fields: &[Field {
                at: "",
                label: "What of it",
                hint: "",
                input: Input::Shape(&Shape {
                    kinds: &[
                        Kind { tag: "pages", label: "pages viewed", fields: &[NUMBER_TEST], new: r#"{"at_least": 3}"# },
                        Kind { tag: "lasting", label: "has lasted at least", fields: &[LONG], new: "\"5m\"" },
                        Kind {
                            tag: "visit",
                            label: "number of the visit",
                            fields: &[NUMBER_TEST],
                            new: r#"{"at_least": 2}"#,
                        },
                        Kind {
                            tag: "landing",
                            label: "path it began with",
                            fields: &[Field { at: "", label: "which", hint: "", input: Input::Shape(&TEXT) }],
                            new: r#"{"starts_with": []}"#,
                        },
                    ],
                }),
            }],
            new: r#"{"pages": {"at_least": 3}}"#,
        },
        Kind {
            tag: "now",
            label: "Time: hour, weekday, date",
            fields: &[Field {
                at: "",
                label: "What of it",
                hint: "On the site's clocks.",
                input: Input::Shape(&Shape {
                    kinds: &[
                        Kind {
                            tag: "weekday",
                            label: "weekday",
                            fields: &[Field {
                                at: "",
                                label: "One of",
                                hint: "",
                                input: Input::Several(super::parts::DAYS),
                            }],
                            new: r#"["monday"]"#,
                        },
                        Kind { tag: "hour", label: "hour", fields: &[NUMBER_TEST], new: r#"{"between": [9, 16]}"# },
                        Kind {
                            tag: "date",
                            label: "date",
                            fields: &[
                                Field { at: "[0]", label: "From", hint: "2026-01-31", input: Input::Needed },
                                Field { at: "[1]", label: "To", hint: "", input: Input::Needed },
                            ],
                            new: r#"["2026-01-01", "2026-12-31"]"#,
                        },
                    ],
                }),
            }],
            new: r#"{"weekday": ["monday"]}"#,
        },
        Kind {
            tag: "device",
            label: "Device: kind",
            fields: &[Field {
                at: "",
                label: "One of",
                hint: "",
                input: Input::Several(&[("desktop", "Desktop"), ("tablet", "Tablet"), ("phone", "Phone")]),
            }],
            new: r#"["desktop"]"#,
        },
        Kind {
            tag: "system",
            label: "Device: system",
            fields: &[Field {
                at: "",
                label: "One of",
                hint: "",
                input: Input::Several(&[
                    ("windows", "Windows"),
                    ("macos", "macOS"),
                    ("ios", "iOS"),
                    ("android", "Android"),
                    ("chromeos", "ChromeOS"),
                    ("linux", "Linux"),
                    ("other", "Other"),
                ]),
            }],
            new: r#"["windows"]"#,
        },
        Kind {
            tag: "browser",
            label: "Device: browser",
            fields: &[Field {
                at: "",
                label: "One of",
                hint: "",
                input: Input::Several(&[
                    ("chrome", "Chrome"),
                    ("safari", "Safari"),
                    ("firefox", "Firefox"),
                    ("edge", "Edge"),
                    ("opera", "Opera"),
                    ("samsung", "Samsung"),
                    ("brave", "Brave"),
                    ("in_app", "Inside an app"),
                    ("other", "Other"),
                ]),
            }],
            new: r#"["chrome"]"#,
        },
        Kind {
            tag: "width",
            label: "Device: width of the window",
            fields: &[NUMBER_TEST],
            new: r#"{"at_least": 1024}"#,
        },
        Kind {
            tag: "language",
            label: "Language",
            fields: &[several("", "One of", "", "de stands for de-AT too.")],
            new: "[]",
        },
        Kind {
            tag: "country",
            label: "Country",
            fields: &[several("", "One of", "", "Two letters: DE. Known only where your proxy says it.")],
            new: "[]",
        },
        Kind {
            tag: "js",
            label: "Page: a variable of its script",
            fields: &[
                Field {
                    at: "path",
                    label: "Variable",
                    hint: "Names joined by dots: app.user.plan.",
                    input: Input::Needed,
                },
                ANY_TEST,
            ],
            new: r#"{"path": "", "test": "exists"}"#,
        },
        Kind {
            tag: "cookie",
            label: "Page: a cookie",
            fields: &[Field { at: "name", label: "Cookie", hint: "", input: Input::Needed }, TEXT_TEST],
            new: r#"{"name": "", "test": "exists"}"#,
        },
        Kind {
            tag: "element",
            label: "Page: an element is there",
            fields: &[Field {
                at: "",
                label: "Element",
                hint: "A CSS selector, such as #paywall.",
                input: Input::Needed,
            }],
            new: "\"\"",
        },
        Kind { tag: "all", label: "All of these …", fields: &PARTS, new: "[]" },
        Kind { tag: "any", label: "Any of these …", fields: &PARTS, new: "[]" },
        Kind {
            tag: "not",
            label: "Not …",
            fields: &[Field { at: "", label: "What", hint: "", input: Input::Shape(&CONDITION) }],
            new: r#"{"path": ""}"#,
        },
    ],
};

/// The groups that a whole rule may be.
pub static RULE: Shape = Shape {
    kinds: &[
        Kind { tag: "all", label: "All of these conditions", fields: &PARTS, new: "[]" },
        Kind { tag: "any", label: "Any of these conditions", fields: &PARTS, new: "[]" },
    ],
};
