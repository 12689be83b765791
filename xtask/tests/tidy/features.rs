//! The collector's features, a folder each, do not call one another, except along the straight line; the layers below call none.

use crate::{Source, assert_clean, repository};

const COLLECTOR: &str = "collector/src/";

/// Folders that are no features: what every feature stands on. `server` mounts the features, so it alone may name them.
const LAYERS: [&str; 5] = ["agent", "auth", "config", "source", "store"];
const MOUNTS: &str = "server";

/// Who may call whom, and why.
const STRAIGHT_LINE: [(&str, &str, &str); 24] = [
    ("ingest", "journey", "the writer applies each group of events to the journeys, in one transaction"),
    ("ingest", "visit", "a browser's batch is answered with the facts that changed"),
    ("visit", "journey", "facts tell where the subject stands"),
    ("journey", "prompts", "a log is folded by the definitions that the site has published"),
    ("visit", "prompts", "the answer says whether any published prompt can show"),
    ("people", "journey", "a person's page tells the log and the moves of its subject"),
    ("people", "prompts", "a stage and a trigger are shown in the words that the site has published"),
    ("journey", "results", "the numbers of prompts follow in the transaction that stores what they count"),
    ("results", "journey", "whose an event is follows from the edges between visitors and people"),
    ("results", "people", "who answered is called what their page calls them"),
    ("results", "prompts", "beside the numbers of a prompt stands how far it is"),
    ("results", "console", "responses are told in the words and the calendar of the console"),
    ("console", "results", "numbers and responses are drawn in the console's frame"),
    ("console", "people", "the person's page is mounted in the console's frame"),
    ("console", "prompts", "marketers write and publish there"),
    ("console", "visit", "which prompts somebody sees, and why, is said there in the page's own words"),
    ("console", "pictures", "members upload pictures there"),
    ("console", "journey", "a changed journey is tried on the log before it is published"),
    ("console", "reach", "whom a draft would have reached is shown beside it"),
    ("reach", "journey", "a draft is tried on the logs of people, assembled through the identity edges"),
    ("reach", "visit", "what was known of a visitor then is asked as a page asks what is known now"),
    ("reach", "prompts", "a draft is tried among what is published"),
    ("console", "demo", "an owner loads the demo there, and takes it away"),
    ("people", "console", "the person's page is drawn in the console's frame"),
];

/// The demo site and the operator's commands drive the features from outside, as a test would.
const OUTSIDE: [&str; 2] = ["demo", "ops"];

fn forbidden_calls(files: &[Source]) -> Vec<String> {
    let folder = |file: &Source| Some(file.path.strip_prefix(COLLECTOR)?.split_once('/')?.0.to_owned());
    let features: Vec<String> =
        files.iter().filter_map(folder).filter(|name| !LAYERS.contains(&name.as_str()) && name != MOUNTS).collect();
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.has_extension(&["rs"])) {
        let Some(caller) = folder(file) else { continue };
        if caller == MOUNTS || OUTSIDE.contains(&caller.as_str()) {
            continue;
        }
        for called in called_modules(file) {
            let allowed = STRAIGHT_LINE.iter().any(|(from, to, _)| *from == caller && *to == called);
            if called != caller && features.contains(&called) && !allowed {
                complaints
                    .push(format!("{}: `{caller}` calls `{called}`, which is not on the straight line", file.path));
            }
        }
    }
    complaints.sort();
    complaints.dedup();
    complaints
}

/// The first names after `crate::`, those of a group `crate::{a, b::{c, d}}` included.
fn called_modules(file: &Source) -> Vec<String> {
    let code: String = file.code().map(|(_, line)| format!("{line}\n")).collect();
    let mut names = Vec::new();
    for after in code.split("crate::").skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            names.push(first_name(after));
            continue;
        };
        let mut depth = 0;
        let mut expected = true;
        for (index, character) in group.char_indices() {
            match character {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => expected = true,
                character if expected && !character.is_whitespace() => {
                    names.push(first_name(&group[index..]));
                    expected = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_call_across_is_found_however_it_is_written() {
    let found = |path: &str, text: &str| {
        let others =
            ["collector/src/prompts/mod.rs", "collector/src/ingest/mod.rs"].map(|path| Source::seeded(path, ""));
        let [one, other] = others;
        forbidden_calls(&[one, other, Source::seeded(path, text)]).len()
    };
    assert_eq!(found("collector/src/console/home.rs", "use crate::ingest::publish;"), 1);
    assert_eq!(found("collector/src/console/home.rs", "use crate::{\n    store::{a, b},\n    ingest,\n};"), 1);
    assert_eq!(found("collector/src/store/events.rs", "fn f() { crate::prompts::publish() }"), 1);
    assert_eq!(found("collector/src/console/home.rs", "use crate::{store::prompts, error};\n// crate::prompts\n"), 0);
    assert_eq!(found("collector/src/visit/answer.rs", "use crate::prompts::published;"), 0);
    assert_eq!(found("collector/src/server/mod.rs", "use crate::prompts::routes;"), 0);
}

#[test]
fn features_call_one_another_only_along_the_line() {
    assert_clean(forbidden_calls(&repository()));
}
