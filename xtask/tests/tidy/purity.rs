//! What a room must not know of: the engine of the world, the view of decisions, the session of elements.

use crate::{Source, assert_clean, repository};

/// A folder or file (a path without its ending), the words that must not stand in its code, and why.
const ROOMS: [(&str, &[&str], &str); 4] = [
    (
        "engine/src/",
        &[
            "SystemTime",
            "std::time::Instant",
            "std::fs",
            "std::net",
            "std::env",
            "std::thread",
            "std::process",
            "async fn",
            "println!",
        ],
        "the engine has no input, no output, no clock and no randomness",
    ),
    (
        "widget/view/src",
        &["engine::choose", "prompt::choose", "engine::rule", "engine::journey", "engine::frequency", "engine::facts"],
        "the view paints what was decided and never decides",
    ),
    (
        "widget/contents/src",
        &["engine::choose", "prompt::choose", "engine::rule", "engine::journey", "engine::frequency", "engine::facts"],
        "contents are painted after the decision and never decide",
    ),
    (
        "widget/src/session",
        &["create_element", "HtmlElement", "ShadowRoot", "append_child", "web_sys::Document", "web_sys::Element"],
        "the session never builds elements",
    ),
];

fn strangers(files: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (room, words, reason) in ROOMS {
        for file in files.iter().filter(|file| file.has_extension(&["rs"]) && file.path.starts_with(room)) {
            for (line, code) in file.code() {
                for word in words.iter().filter(|word| code.contains(**word)) {
                    complaints.push(format!("{}:{line}: `{word}`, but {reason}", file.path));
                }
            }
        }
    }
    complaints
}

#[test]
fn a_stranger_is_found_in_each_room() {
    let found = |path: &str, text: &str| strangers(&[Source::seeded(path, text)]).len();
    assert_eq!(found("engine/src/time.rs", "fn now() { std::time::SystemTime::now(); }"), 1);
    assert_eq!(found("engine/src/time.rs", "/// Unlike `SystemTime` it has no now().\nstruct Timestamp(i64);"), 0);
    assert_eq!(found("widget/view/src/frame.rs", "let prompt = engine::prompt::choose(&facts);"), 1);
    assert_eq!(found("widget/src/session.rs", "document.create_element(\"div\")"), 1);
    assert_eq!(found("widget/view/src/dom.rs", "document.create_element(\"div\")"), 0);
}

#[test]
fn every_room_is_there_and_has_no_stranger() {
    let files = repository();
    for (room, ..) in ROOMS {
        assert!(files.iter().any(|file| file.path.starts_with(room)), "{room} is gone: this rule watches nothing");
    }
    assert_clean(strangers(&files));
}
