//! What each content is made of, as fields to fill in.

use super::questions::{QUESTION, QUESTIONS};
use crate::console::form::{Field, Group, Input, Kind, List, Shape};

const fn line(at: &'static str, label: &'static str, hint: &'static str) -> Field {
    Field { at, label, hint, input: Input::Line }
}

const HEADING: Field = Field { at: "heading", label: "First line", hint: "", input: Input::Needed };
const BODY: Field = Field {
    at: "body",
    label: "Text below it",
    hint: "A sentence or two. {{trait.first_name | there}} says a trait of the person, or what stands after the bar.",
    input: Input::Text,
};
const DECLINE: Field = line("decline", "The quiet way out", "Left empty: No thanks.");

static LINK: [Field; 2] = [
    Field { at: "label", label: "Label", hint: "", input: Input::Needed },
    Field {
        at: "url",
        label: "Address",
        hint: "https://… or a path on the site, such as /pricing.",
        input: Input::Needed,
    },
];
static BUTTON: Group = Group { fields: &LINK, new: r#"{"label": "Go", "url": "/"}"# };
static LINKS: List = List { item: "link", fields: &LINK, new: r#"{"label": "", "url": ""}"#, most: 6, told: None };
/// A picture.
pub static IMAGE: Group = Group {
    fields: &[
        Field { at: "url", label: "Address of the picture", hint: "", input: Input::Picture },
        Field {
            at: "alt",
            label: "What it shows",
            hint: "In a few words, for those who do not see it.",
            input: Input::Needed,
        },
    ],
    new: r#"{"url": "", "alt": ""}"#,
};
const PICTURE: Field = Field { at: "image", label: "A picture above the words", hint: "", input: Input::Group(&IMAGE) };
const A_BUTTON: Field = Field { at: "button", label: "A button", hint: "", input: Input::Group(&BUTTON) };

static PLACES: [Field; 4] =
    [HEADING, BODY, Field { at: "links", label: "Places to go", hint: "", input: Input::List(&LINKS) }, DECLINE];

static NPS: [Field; 5] = [
    Field {
        at: "question",
        label: "Question",
        hint: "How likely are you to recommend us to a colleague?",
        input: Input::Needed,
    },
    line("low", "What 0 means", "Left empty: Not at all likely."),
    line("high", "What 10 means", "Left empty: Extremely likely."),
    Field {
        at: "follow_up",
        label: "Ask why",
        hint: "",
        input: Input::Group(&Group {
            fields: &[
                Field { at: "question", label: "Second question", hint: "", input: Input::Needed },
                line("button", "Its button", "Left empty: Send."),
            ],
            new: r#"{"question": "What is the main reason for your score?"}"#,
        }),
    },
    line("thanks", "The last line", "Left empty: Thank you for your answer."),
];

static SURVEY: [Field; 3] = [
    Field { at: "questions", label: "Questions", hint: "", input: Input::List(&QUESTIONS) },
    Field {
        at: "endings",
        label: "Endings",
        hint: "Shown at the end. The first one follows the last question.",
        input: Input::List(&List {
            item: "ending",
            fields: &[
                Field { at: "id", label: "Name in branches", hint: "", input: Input::Name },
                Field { at: "text", label: "Last line", hint: "", input: Input::Needed },
                Field { at: "help", label: "Text below it", hint: "", input: Input::Text },
                A_BUTTON,
                line("redirect", "Go on to this address by itself", ""),
            ],
            new: r#"{"id": "end", "text": "Thank you."}"#,
            most: 8,
            told: None,
        }),
    },
    Field {
        at: "prefill",
        label: "Answered by a link",
        hint: "The name of a parameter: with wm_nps, a link in a letter that ends in ?wm_nps=9 answers the first question.",
        input: Input::Name,
    },
];

static FORM: [Field; 7] = [
    Field {
        at: "wish",
        label: "What for",
        hint: "",
        input: Input::Pick(&[
            ("lead", "To be contacted"),
            ("testimonial", "To say something nice in public"),
            ("help", "To be helped"),
        ]),
    },
    HEADING,
    BODY,
    Field {
        at: "fields",
        label: "Fields",
        hint: "",
        input: Input::List(&List {
            item: "field",
            fields: &QUESTION,
            new: r#"{"id": "field", "text": "", "ask": {"text": {}}}"#,
            most: 8,
            told: None,
        }),
    },
    line("button", "The button", "Left empty: Send."),
    DECLINE,
    line("thanks", "The last line", "Left empty: Thank you."),
];

static OFFER: [Field; 7] = [
    HEADING,
    BODY,
    PICTURE,
    A_BUTTON,
    Field {
        at: "coupon",
        label: "A code to copy",
        hint: "",
        input: Input::Group(&Group {
            fields: &[
                Field { at: "code", label: "Code", hint: "", input: Input::Needed },
                Field {
                    at: "ends",
                    label: "Valid until",
                    hint: "Its real end. The prompt is not shown after it.",
                    input: Input::Instant,
                },
                Field { at: "countdown", label: "Count down the time that is left", hint: "", input: Input::Flag },
                line("param", "Parameter that carries the code", "With coupon, the button leads to …?coupon=CODE."),
            ],
            new: r#"{"code": ""}"#,
        }),
    },
    Field {
        at: "plans",
        label: "Plans beside each other",
        hint: "",
        input: Input::List(&List {
            item: "plan",
            fields: &[
                Field { at: "name", label: "Name", hint: "", input: Input::Needed },
                Field { at: "price", label: "Price", hint: "As people read it: €29 a month.", input: Input::Needed },
                Field { at: "points", label: "What it brings", hint: "One a line, at most six.", input: Input::Lines },
                Field { at: "featured", label: "The one that is recommended", hint: "", input: Input::Flag },
                Field { at: "button", label: "Where it is bought", hint: "", input: Input::Group(&BUTTON) },
            ],
            new: r#"{"name": "", "price": ""}"#,
            most: 4,
            told: None,
        }),
    },
    DECLINE,
];

static NOTICE: [Field; 7] = [
    Field {
        at: "purpose",
        label: "What it is about",
        hint: "",
        input: Input::Pick(&[
            ("announcement", "News"),
            ("tip", "A feature they have not used yet"),
            ("renewal", "A renewal: what it costs, and when"),
            ("help", "Help for somebody who is stuck"),
            ("booking", "A call to book"),
            ("beta", "Something unfinished to try"),
            ("launch", "A launch elsewhere"),
            ("webinar", "A webinar or another event"),
        ]),
    },
    HEADING,
    BODY,
    PICTURE,
    A_BUTTON,
    line("decline", "The quiet way out", "Left empty: No thanks, or Got it where there is nothing else to press."),
    Field { at: "ends", label: "Not shown from", hint: "When it is no news any more.", input: Input::Instant },
];

static VIDEO: [Field; 7] = [
    HEADING,
    BODY,
    Field {
        at: "source",
        label: "Where the video is",
        hint: "Nothing of it is loaded before somebody presses play.",
        input: Input::Shape(&Shape {
            kinds: &[
                Kind {
                    tag: "youtube",
                    label: "On YouTube",
                    fields: &[Field {
                        at: "",
                        label: "Its id",
                        hint: "The eleven characters after watch?v=.",
                        input: Input::Needed,
                    }],
                    new: "\"\"",
                },
                Kind {
                    tag: "vimeo",
                    label: "On Vimeo",
                    fields: &[Field { at: "", label: "Its number", hint: "", input: Input::Needed }],
                    new: "\"\"",
                },
                Kind {
                    tag: "file",
                    label: "A file",
                    fields: &[Field { at: "", label: "Its address", hint: "", input: Input::Needed }],
                    new: "\"\"",
                },
            ],
        }),
    },
    line("length", "How long it is", "As people read it: 2:40."),
    Field { at: "poster", label: "A picture of your own before it plays", hint: "", input: Input::Group(&IMAGE) },
    A_BUTTON,
    DECLINE,
];

static SHARE: [Field; 6] = [
    HEADING,
    BODY,
    Field { at: "text", label: "What is passed on", hint: "They can read it before.", input: Input::Text },
    Field { at: "url", label: "The address that goes with it", hint: "", input: Input::Needed },
    Field {
        at: "to",
        label: "Where to",
        hint: "",
        input: Input::Several(&[("x", "X"), ("linked_in", "LinkedIn"), ("facebook", "Facebook"), ("copy", "Copy")]),
    },
    DECLINE,
];

static REFERRAL: [Field; 5] = [
    HEADING,
    Field { at: "body", label: "Text below it", hint: "What both sides get.", input: Input::Text },
    Field {
        at: "url",
        label: "Where the link leads",
        hint: "The person's own code is added to it.",
        input: Input::Needed,
    },
    line("reward", "A code that they can pass on", "The same for everybody."),
    DECLINE,
];

static CHECKLIST: [Field; 4] = [
    HEADING,
    BODY,
    Field {
        at: "tasks",
        label: "Tasks",
        hint: "Two to eight. Each is ticked by a milestone of a journey.",
        input: Input::List(&List {
            item: "task",
            fields: &[
                Field { at: "label", label: "What it says", hint: "", input: Input::Needed },
                Field { at: "milestone", label: "Milestone that ticks it", hint: "", input: Input::Name },
                line("help", "A sentence below it", ""),
                line("url", "Where it is done", ""),
            ],
            new: r#"{"milestone": "", "label": ""}"#,
            most: 8,
            told: None,
        }),
    },
    line("done", "The last line, once all are done", "Left empty: All done."),
];

static WALKTHROUGH: [Field; 1] = [Field {
    at: "steps",
    label: "Steps",
    hint: "One to twelve. A step whose element is not on the page is skipped.",
    input: Input::List(&List {
        item: "step",
        fields: &[
            line(
                "at",
                "The element that it is about",
                "A CSS selector, such as #new-invoice. Left empty: it is about the page.",
            ),
            HEADING,
            BODY,
            PICTURE,
            line("button", "The button", "Left empty: Next, and Done at the last one."),
        ],
        new: r#"{"heading": ""}"#,
        most: 12,
        told: None,
    }),
}];

/// All contents, in the order in which people think of them.
pub static CONTENTS: Shape = Shape {
    kinds: &[
        Kind {
            tag: "nps",
            label: "NPS: would you recommend us?",
            fields: &NPS,
            new: r#"{"question": "How likely are you to recommend us to a colleague?", "follow_up": {"question": "What is the main reason for your score?"}}"#,
        },
        Kind {
            tag: "survey",
            label: "Survey",
            fields: &SURVEY,
            new: r#"{"questions": [{"id": "q1", "text": "", "ask": {"csat": {}}}]}"#,
        },
        Kind {
            tag: "review",
            label: "Review on a platform",
            fields: &PLACES,
            new: r#"{"heading": "", "links": [{"label": "", "url": ""}]}"#,
        },
        Kind {
            tag: "offer",
            label: "Offer",
            fields: &OFFER,
            new: r#"{"heading": "", "button": {"label": "", "url": ""}}"#,
        },
        Kind {
            tag: "community",
            label: "Community",
            fields: &PLACES,
            new: r#"{"heading": "", "links": [{"label": "", "url": ""}]}"#,
        },
        Kind {
            tag: "share",
            label: "Share",
            fields: &SHARE,
            new: r#"{"heading": "", "text": "", "url": "/", "to": ["copy"]}"#,
        },
        Kind { tag: "referral", label: "Referral", fields: &REFERRAL, new: r#"{"heading": "", "url": "/"}"# },
        Kind { tag: "notice", label: "Notice", fields: &NOTICE, new: r#"{"heading": ""}"# },
        Kind { tag: "video", label: "Video", fields: &VIDEO, new: r#"{"heading": "", "source": {"youtube": ""}}"# },
        Kind {
            tag: "form",
            label: "Form",
            fields: &FORM,
            new: r#"{"wish": "lead", "heading": "", "fields": [{"id": "email", "text": "Your e-mail address", "ask": {"email": {}}, "required": true}]}"#,
        },
        Kind {
            tag: "checklist",
            label: "Checklist",
            fields: &CHECKLIST,
            new: r#"{"heading": "", "tasks": [{"milestone": "", "label": ""}, {"milestone": "", "label": ""}]}"#,
        },
        Kind { tag: "walkthrough", label: "Walkthrough", fields: &WALKTHROUGH, new: r#"{"steps": [{"heading": ""}]}"# },
    ],
};
