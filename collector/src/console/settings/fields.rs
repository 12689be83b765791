//! What a site's settings are made of, as fields to fill in.

use crate::console::form::making::Makeable;
use crate::console::form::{Field, Input, Kind, List, Shape};
use crate::console::prompts::audience::{CONDITION, TOUCHED};
use crate::console::prompts::parts::{IMAGE, THEME};
use crate::console::prompts::passes::TEXT;

/// One page of settings.
#[derive(Debug)]
pub struct Part {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it is called.
    pub word: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What there is to fill in.
    pub fields: &'static [Field],
}

static GROUPS: List = List {
    item: "group",
    fields: &[
        Field { at: "key", label: "Name in rules", hint: "", input: Input::Name },
        Field {
            at: "paths",
            label: "Paths",
            hint: "** stands for anything: **/pricing*, /docs/**.",
            input: Input::Values("paths"),
        },
    ],
    new: r#"{"key": "", "paths": []}"#,
    most: 100,
    told: None,
};

const SELECTOR: &str = "A CSS selector, such as #buy or .signup.";

static EVENTS: List = List {
    item: "event",
    fields: &[
        Field { at: "name", label: "Name of the event", hint: "Such as Demo Requested.", input: Input::Needed },
        Field {
            at: "when",
            label: "It happens when",
            hint: "",
            input: Input::Shape(&Shape {
                kinds: &[
                    Kind {
                        tag: "page",
                        label: "a page is opened",
                        fields: &[Field {
                            at: "",
                            label: "Path",
                            hint: "/thanks, /docs/**",
                            input: Input::Known("paths"),
                        }],
                        new: "\"\"",
                    },
                    Kind {
                        tag: "click",
                        label: "something is clicked",
                        fields: &[Field { at: "", label: "Element", hint: SELECTOR, input: Input::Needed }],
                        new: "\"\"",
                    },
                    Kind {
                        tag: "submit",
                        label: "a form is sent",
                        fields: &[Field { at: "", label: "Form", hint: SELECTOR, input: Input::Needed }],
                        new: "\"\"",
                    },
                    Kind {
                        tag: "visible",
                        label: "something comes into view",
                        fields: &[Field { at: "", label: "Element", hint: SELECTOR, input: Input::Needed }],
                        new: "\"\"",
                    },
                ],
            }),
        },
    ],
    new: r#"{"name": "", "when": {"page": ""}}"#,
    most: 100,
    told: None,
};

static ENGINES: &[(&str, &str)] = &[
    ("auto", "WebAssembly, JavaScript where it is refused"),
    ("js", "JavaScript alone"),
    ("wasm", "WebAssembly alone"),
];

static CONSENTS: &[(&str, &str)] = &[
    ("page", "The page itself, with waymark('consent', ...)"),
    ("consent_mode", "Google Consent Mode"),
    ("tcf", "A consent banner of IAB Europe (TCF)"),
];

static CATEGORIES: &[(&str, &str)] = &[
    ("survey", "Surveys and NPS"),
    ("offer", "Offers"),
    ("review", "Reviews"),
    ("community", "Community, share, referral"),
    ("form", "Forms"),
    ("guide", "Videos, checklists, walkthroughs"),
    ("notice", "Notices"),
];

static COOLDOWNS: List = List {
    item: "limit",
    fields: &[
        Field {
            at: "of",
            label: "Of",
            hint: "",
            input: Input::Shape(&Shape {
                kinds: &[
                    Kind {
                        tag: "category",
                        label: "all of a kind",
                        fields: &[Field { at: "", label: "Kind", hint: "", input: Input::Pick(CATEGORIES) }],
                        new: "\"survey\"",
                    },
                    Kind {
                        tag: "tag",
                        label: "all with a tag",
                        fields: &[Field { at: "", label: "Tag", hint: "", input: Input::Name }],
                        new: "\"\"",
                    },
                ],
            }),
        },
        Field { at: "at_most", label: "At most so often", hint: "", input: Input::Number(1, 64) },
        Field { at: "within", label: "Within", hint: "", input: Input::Length("d") },
    ],
    new: r#"{"of": {"category": "survey"}, "at_most": 1, "within": "30d"}"#,
    most: 20,
    told: None,
};

static SEGMENTS: List = List {
    item: "segment",
    fields: &[
        Field { at: "key", label: "Name in rules", hint: "", input: Input::Name },
        Field { at: "rule", label: "Match", hint: "", input: Input::Shape(&CONDITION) },
    ],
    new: r#"{"key": "", "rule": {"all": []}}"#,
    most: 100,
    told: None,
};

static CHANNELS: List = List {
    item: "channel",
    fields: &[
        Field {
            at: "channel",
            label: "Channel",
            hint: "A word of your own such as webinar, or one of the usual ones such as paid_search.",
            input: Input::Name,
        },
        Field {
            at: "when",
            label: "When all of these pass",
            hint: "",
            input: Input::List(&List {
                item: "test",
                fields: &[
                    TOUCHED,
                    Field { at: "test", label: "which", hint: "", input: Input::Shape(&TEXT) },
                    Field { at: "not", label: "must not pass", hint: "", input: Input::Flag },
                ],
                new: r#"{"field": "source", "test": {"is": []}}"#,
                most: 10,
                told: None,
            }),
        },
    ],
    new: r#"{"channel": "", "when": [{"field": "source", "test": {"is": []}}]}"#,
    most: 50,
    told: None,
};

/// What rules ask for by name, and what can be made where they do.
pub static MAKEABLE: [Makeable; 3] = [
    Makeable {
        kind: "page_groups",
        word: "page group",
        offer: "New page group…",
        list: &GROUPS,
        name: "key",
        is_chosen: true,
    },
    Makeable {
        kind: "segments",
        word: "segment",
        offer: "New segment…",
        list: &SEGMENTS,
        name: "key",
        is_chosen: true,
    },
    Makeable {
        kind: "events",
        word: "event",
        offer: "Mark a new event…",
        list: &EVENTS,
        name: "name",
        is_chosen: false,
    },
];

/// All pages of settings that are kept as one document.
pub static PARTS: [Part; 5] = [
    Part {
        name: "pages",
        word: "Pages and events",
        about: "Names for groups of pages, and for things that happen on them, without code.",
        fields: &[
            Field { at: "page_groups", label: "Page groups", hint: "", input: Input::List(&GROUPS) },
            Field {
                at: "events",
                label: "Events without code",
                hint: "Use them as triggers, milestones and moments. They come from browsers, so they cannot prove a payment.",
                input: Input::List(&EVENTS),
            },
            Field {
                at: "public_traits",
                label: "Traits that texts may use",
                hint: "A prompt can greet people by these traits. Other traits are never sent to browsers.",
                input: Input::Values("traits"),
            },
            Field {
                at: "referral.event",
                label: "Event that counts as a sign-up of a referred visitor",
                hint: "Left empty: Signed Up.",
                input: Input::Line,
            },
            Field {
                at: "cookie",
                label: "Recognise visitors by an HTTP cookie, too",
                hint: "Needs the collector on a sub-domain of the site. It lasts longer than what browsers keep for scripts.",
                input: Input::Flag,
            },
            Field {
                at: "data_layer",
                label: "Name of the data layer",
                hint: "It hears what visitors do with prompts, without texts. Left empty: dataLayer. none: nothing is told.",
                input: Input::Line,
            },
            Field {
                at: "engine",
                label: "What prompts run as in pages",
                hint: "A page's policy can refuse WebAssembly. As JavaScript they are the same, larger and slower.",
                input: Input::Pick(ENGINES),
            },
            Field {
                at: "consent",
                label: "Who says what visitors have agreed to",
                hint: "With Consent Mode or TCF nothing is kept in the browser and no profile is made before the visitor has agreed.",
                input: Input::Pick(CONSENTS),
            },
        ],
    },
    Part {
        name: "limits",
        word: "Limits",
        about: "How many prompts a visitor gets, all together.",
        fields: &[
            Field {
                at: "policy.interruptions_per_session",
                label: "Interrupting prompts in one visit",
                hint: "Left empty: one.",
                input: Input::Number(0, 100),
            },
            Field {
                at: "policy.interruption_gap",
                label: "Not another one for",
                hint: "Left empty: a day.",
                input: Input::Length("d"),
            },
            Field {
                at: "policy.per_page",
                label: "Prompts on one page",
                hint: "Left empty: as many as their own limits allow.",
                input: Input::Number(1, 100),
            },
            Field {
                at: "policy.per_session",
                label: "Prompts in one visit",
                hint: "Left empty: as many as their own limits allow.",
                input: Input::Number(1, 100),
            },
            Field {
                at: "policy.groups",
                label: "Limits of their own",
                hint: "Each has its own clock: a small survey does not starve the quarterly NPS.",
                input: Input::List(&COOLDOWNS),
            },
            Field {
                at: "policy.holdout",
                label: "Control group of the whole site, which sees no prompt at all",
                hint: "Such as 5 %, to see what all prompts together bring.",
                input: Input::Share,
            },
        ],
    },
    Part {
        name: "look",
        word: "Look and language",
        about: "The style of all prompts, and the language they are written in.",
        fields: &[
            Field {
                at: "language",
                label: "Language that prompts are written in",
                hint: "A tag such as en, de or pt-BR. Left empty: en. Each prompt may say the same in others.",
                input: Input::Line,
            },
            Field {
                at: "theme",
                label: "A look of your own",
                hint: "If not, prompts take after the page.",
                input: Input::Group(&THEME),
            },
            Field { at: "theme.logo", label: "A logo above the words", hint: "", input: Input::Group(&IMAGE) },
            Field { at: "theme.powered_by", label: "Show “Powered by Waymark”", hint: "", input: Input::Flag },
        ],
    },
    Part {
        name: "segments",
        word: "Segments",
        about: "Named conditions to use in the audience of prompts.",
        fields: &[Field { at: "segments", label: "Segments", hint: "", input: Input::List(&SEGMENTS) }],
    },
    Part {
        name: "sources",
        word: "Sources",
        about: "How Waymark tells where a visit came from.",
        fields: &[
            Field {
                at: "sources.channels",
                label: "Channels of your own",
                hint: "Tried from the top, before the built-in ones.",
                input: Input::List(&CHANNELS),
            },
            Field {
                at: "sources.own_hosts",
                label: "Further hosts of the site",
                hint: "Who comes from there was here already.",
                input: Input::Values(""),
            },
            Field {
                at: "sources.ignored_referrers",
                label: "Hosts that are not a source",
                hint: "Such as a payment page or a login.",
                input: Input::Values(""),
            },
            Field {
                at: "sources.kept_referrers",
                label: "Well-known hosts that count as a source all the same",
                hint: "",
                input: Input::Values(""),
            },
            Field {
                at: "sources.source_params",
                label: "Parameters used like utm_source",
                hint: "Such as ref or via.",
                input: Input::Values(""),
            },
        ],
    },
];

/// The page of a name.
pub fn part(name: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.name == name)
}
