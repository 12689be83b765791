//! Rules of every kind of leaf, with regular expressions that nobody would write, and somebody to ask them of; as a preview has them.

use engine::Key;
use engine::rule::{Condition, Known, Place, check};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Words with what makes alphabets differ: case that folds to several signs or to another alphabet, signs of two units, ends of lines.
const WORDS: &[&str] = &[
    "pro",
    "PRO",
    "Straße",
    "STRASSE",
    "İstanbul",
    "ſame",
    "K9",
    "K9",
    "émoji 🎉",
    "a\u{2028}b",
    "a\nb",
    "Ωmega",
    "ωMEGA",
    "ς",
    "1/2",
    "x_y-z",
    "",
    " ",
    "\u{a0}",
];

fn word() -> impl Strategy<Value = String> {
    select(WORDS).prop_map(str::to_owned)
}

/// A regular expression of the allowed kind.
fn pattern() -> impl Strategy<Value = String> {
    let atoms = [
        "a",
        "p",
        "r",
        "S",
        "ß",
        "ſ",
        "k",
        "K",
        "ω",
        "Σ",
        "🎉",
        ".",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "\\b",
        "[a-z]",
        "[^a-z]",
        "[ſ-ƀ]",
        "[\\w-]",
        "[\\s🎉]",
        "\\/",
        "\\.",
        "\\-",
        "1",
        "_",
        "e",
        " ",
        "^",
        "$",
        "[^\\d]",
    ];
    let atom = select(atoms.to_vec()).prop_map(str::to_owned);
    let repeats = select(vec!["", "", "", "?", "*", "+", "{2}", "{1,3}", "+?"]);
    let part = (atom, repeats).prop_map(|(atom, repeat)| match atom.as_str() {
        "^" | "$" | "\\b" => atom,
        _ => atom + repeat,
    });
    let row = prop::collection::vec(part, 1..5).prop_map(|parts| parts.concat());
    prop_oneof![
        3 => row.clone(),
        1 => (row.clone(), row.clone()).prop_map(|(one, other)| format!("(?:{one}|{other})")),
        1 => (row.clone(), row).prop_map(|(one, other)| format!("{one}|^{other}")),
    ]
}

/// A test of a text.
fn text_test() -> impl Strategy<Value = Value> {
    let how = select(vec!["is", "contains", "starts_with", "ends_with", "glob"]);
    let words = (how, prop::collection::vec(word(), 1..3)).prop_map(|(how, words)| json!({ (how): words }));
    let patterns = prop::collection::vec(pattern(), 1..3).prop_map(|patterns| json!({ "matches": patterns }));
    prop_oneof![2 => words, 4 => patterns, 1 => Just(json!("exists"))]
}

fn number_test() -> impl Strategy<Value = Value> {
    let bounds = select(vec![0.0, 1.0, 2.0, 2.5, 7.0, 400.0, 1200.0]);
    let how = select(vec!["at_least", "at_most", "above", "below"]);
    prop_oneof![
        3 => (how, bounds.clone()).prop_map(|(how, bound)| json!({ (how): bound })),
        1 => bounds.prop_map(|bound| json!({ "between": [bound, bound + 5.0] })),
    ]
}

fn span() -> impl Strategy<Value = String> {
    select(vec!["1s", "10m", "1d", "7d", "30d", "400d"]).prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Value> {
    let part = select(vec!["url", "path", "host", "hash", "title"]);
    let event = select(vec!["Ordered", "Signed Up", "Left"]);
    prop_oneof![
        4 => (part, text_test()).prop_map(|(part, test)| json!({ "page": { "part": part, "test": test } })),
        2 => text_test().prop_map(|test| json!({ "query": { "param": "plan", "test": test } })),
        1 => select(vec!["/docs/*", "/**", "/*/a", "/Straße", "/"]).prop_map(|path| json!({ "path": path })),
        1 => number_test().prop_map(|test| json!({ "width": test })),
        1 => any::<bool>().prop_map(|touch| json!({ "touch": touch })),
        1 => select(vec!["phone", "tablet", "desktop"]).prop_map(|device| json!({ "device": [device] })),
        1 => select(vec!["de", "pt-BR", "en"]).prop_map(|language| json!({ "language": [language] })),
        2 => text_test().prop_map(|test| json!({ "js": { "path": "app.plan", "test": test } })),
        1 => text_test().prop_map(|test| json!({ "cookie": { "name": "seen", "test": test } })),
        1 => select(vec!["#cart", "#none"]).prop_map(|selector| json!({ "element": selector })),
        1 => number_test().prop_map(|test| json!({ "session": { "pages": test } })),
        1 => span().prop_map(|span| json!({ "session": { "lasting": span } })),
        1 => text_test().prop_map(|test| json!({ "session": { "landing": test } })),
        1 => number_test().prop_map(|test| json!({ "now": { "hour": test } })),
        3 => (event, 1..3u32, span()).prop_map(|(name, count, within)| json!({ "event": { "name": name, "count": count, "within": within } })),
        2 => (event_filter(), span()).prop_map(|(filter, within)| json!({ "event": { "name": "Ordered", "where": [filter], "within": within } })),
        1 => select(vec!["vip", "new", "nobody"]).prop_map(|segment| json!({ "segment": segment })),
        1 => span().prop_map(|span| json!({ "first_seen": { "within_last": span } })),
        1 => text_test().prop_map(|test| json!({ "trait": { "of": "person", "name": "plan", "test": test } })),
        1 => Just(json!("identified")),
    ]
}

fn event_filter() -> impl Strategy<Value = Value> {
    prop_oneof![
        text_test().prop_map(|test| json!({ "prop": "plan", "test": test })),
        number_test().prop_map(|test| json!({ "prop": "n", "test": test })),
    ]
}

/// A rule.
pub fn rule() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 12, 3, |part| {
        prop_oneof![
            3 => prop::collection::vec(part.clone(), 0..4).prop_map(|all| json!({ "all": all })),
            3 => prop::collection::vec(part.clone(), 0..4).prop_map(|any| json!({ "any": any })),
            2 => part.prop_map(|part| json!({ "not": part })),
        ]
    })
}

/// Whether it passes the check that everything passes that is published: what cannot is no rule anywhere.
pub fn can_be_saved(rule: &Value) -> bool {
    let rule: Condition = serde_json::from_value(rule.clone()).unwrap_or_else(|error| panic!("{error}: {rule}"));
    let segment = |name: &str| (Key::parse(name).unwrap(), Condition::Identified);
    let known = Known { segments: ["vip", "new", "nobody"].map(segment).into(), ..Known::default() };
    let mut problems = Vec::new();
    check(&rule, Place::Prompt, &known, "rule", &mut problems);
    // An empty list is a rule all the same.
    problems.iter().all(|problem| problem.code == "empty_any")
}

/// What is known of somebody.
pub fn facts() -> impl Strategy<Value = Value> {
    let ago = select(vec!["1s", "9m", "23h", "7d-1ms", "7d", "29d", "399d"]);
    let name = select(vec!["Ordered", "Signed Up", "Left"]);
    let props = (word(), -3.0..9.0f64).prop_map(|(plan, n)| json!({ "plan": plan, "n": n }));
    let event = (ago, name, props).prop_map(|(ago, name, props)| json!({ "at": ago, "name": name, "props": props }));
    let log = prop::option::weighted(0.8, prop::collection::vec(event, 0..8));
    let escaped = |text: &str| {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect::<String>()
    };
    let url =
        (select(vec!["/", "/docs/a", "/x/a", "/Stra%C3%9Fe"]), word(), word()).prop_map(move |(path, plan, hash)| {
            format!("https://Shop.example{path}?plan={}#{}", escaped(&plan), escaped(&hash))
        });
    let inside = (word(), word()).prop_map(
        |(plan, seen)| json!({ "variables": { "app.plan": plan }, "cookies": { "seen": seen }, "elements": ["#cart"] }),
    );
    let page = (url, word(), select(vec![320.0, 400.0, 1200.0]), any::<bool>(), select(vec!["de-AT", "pt", "en"]), prop::option::weighted(0.8, inside)).prop_map(
        |(url, title, width, touch, language, inside)| {
            json!({ "url": url, "title": title, "width": width, "touch": touch, "language": language, "device": if touch { "phone" } else { "desktop" },
                    "ahead": "2h", "visit": { "pages": 2, "lasted": "11m", "number": 3, "landing": "https://shop.example/docs/a" }, "inside": inside })
        },
    );
    (log, prop::option::weighted(0.9, page), any::<bool>()).prop_map(|(log, page, identified)| {
        let mut facts = json!({ "segments": [["vip", true], ["new", false]], "identified": identified });
        for (name, value) in [("log", json!(log)), ("page", json!(page))] {
            if !value.is_null() {
                facts[name] = value;
            }
        }
        facts
    })
}
