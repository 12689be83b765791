//! Events that a site gets without anybody writing code: a page that is opened, an element that is clicked, a form that is sent, an
//! element that comes into view gets a name in the site's settings.
//!
//! Pages are named by the collector, when it accepts their view; the rest only the page itself can see. All of them are claims of a
//! browser, like every other event that it sends.

use crate::event::{MAX_NAME, is_reserved};
use crate::page::{PathPattern, Url};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// Most of them on a site: each page with any of them is sent all that it must look for.
pub const MAX_NAMED: usize = 100;
/// Longest selector, in bytes.
const MAX_SELECTOR: usize = 256;

/// Something that gets a name.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct NamedEvent {
    /// The event's name. Several may share one.
    pub name: String,
    /// What it stands for.
    pub when: When,
}

/// What gets a name.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// A page with such a path is opened.
    Page(PathPattern),
    /// Something that matches this selector, or stands in something that does, is clicked.
    Click(String),
    /// A form that matches this selector, or stands in something that does, is sent.
    Submit(String),
    /// The first element that matches this selector comes into view, for the first time since the page was loaded.
    Visible(String),
}

impl When {
    /// What the page itself has to look for: the kind, and the selector.
    pub fn on_page(&self) -> Option<(&'static str, &str)> {
        match self {
            When::Page(_) => None,
            When::Click(selector) => Some(("click", selector)),
            When::Submit(selector) => Some(("submit", selector)),
            When::Visible(selector) => Some(("visible", selector)),
        }
    }
}

/// The names of a page that is opened, by its address; each once.
pub fn names_of_page<'a>(events: &'a [NamedEvent], address: &str) -> Vec<&'a str> {
    let path = Url::parse(address).path;
    let mut names: Vec<&str> = Vec::new();
    for event in events {
        if matches!(&event.when, When::Page(pattern) if pattern.matches(path)) && !names.contains(&event.name.as_str())
        {
            names.push(&event.name);
        }
    }
    names
}

/// What is wrong with a site's list.
pub fn check(events: &[NamedEvent]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if events.len() > MAX_NAMED {
        problems.push(Problem::new("events", "too_many_named", "A site may name at most 100 events."));
    }
    for (index, event) in events.iter().enumerate() {
        let mut report = |field: &str, code, message: &str| {
            problems.push(Problem::new(format!("events[{index}].{field}"), code, message))
        };
        if event.name.trim().is_empty() {
            report("name", "name_empty", "Say what the event is called.");
        } else if event.name.len() > MAX_NAME {
            report("name", "name_too_long", "The name of an event has at most 128 bytes.");
        } else if is_reserved(&event.name) {
            report(
                "name",
                "name_reserved",
                "This name belongs to events that no browser may send. Choose another one.",
            );
        }
        if let Some((kind, selector)) = event.when.on_page() {
            let field = format!("when.{kind}");
            if selector.trim().is_empty() {
                report(&field, "selector_empty", "Say which element: a CSS selector such as #buy or .menu a.");
            } else if selector.len() > MAX_SELECTOR {
                report(&field, "selector_too_long", "A selector has at most 256 bytes.");
            }
        }
        if events[..index].contains(event) {
            report("when", "named_twice", "This is in the list already, under the same name.");
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<NamedEvent> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_page_has_the_names_whose_patterns_it_matches() {
        let events = read(
            r##"[{"name": "Pricing Seen", "when": {"page": "/pricing*"}}, {"name": "Docs Read", "when": {"page": "/docs/**"}},
                {"name": "Pricing Seen", "when": {"page": "/pric*"}}, {"name": "Bought", "when": {"click": "#buy"}},
                {"name": "Seen", "when": {"page": "/pricing"}}]"##,
        );
        for (address, names) in [
            ("https://shop.example/pricing?a=1#b", &["Pricing Seen", "Seen"][..]),
            ("https://shop.example/docs/a/b", &["Docs Read"]),
            ("https://shop.example/", &[]),
            ("", &[]),
        ] {
            assert_eq!(names_of_page(&events, address), names, "{address}");
        }
        let on_page: Vec<_> = events.iter().filter_map(|event| event.when.on_page()).collect();
        assert_eq!(on_page, [("click", "#buy")]);
    }

    #[test]
    fn each_mistake_of_a_list_is_found() {
        let long = "x".repeat(300);
        for (json, expected) in [
            (
                r##"[{"name": "A", "when": {"click": "#a"}}, {"name": "A", "when": {"submit": "#a"}}]"##.to_owned(),
                &[][..],
            ),
            (
                r##"[{"name": " ", "when": {"click": " "}}]"##.to_owned(),
                &["events[0].name name_empty", "events[0].when.click selector_empty"],
            ),
            (
                format!(r#"[{{"name": "{long}", "when": {{"visible": "{long}"}}}}]"#),
                &["events[0].name name_too_long", "events[0].when.visible selector_too_long"],
            ),
            (r##"[{"name": "Stage Set", "when": {"page": "/"}}]"##.to_owned(), &["events[0].name name_reserved"]),
            (
                r##"[{"name": "A", "when": {"page": "/"}}, {"name": "A", "when": {"page": "/"}}]"##.to_owned(),
                &["events[1].when named_twice"],
            ),
        ] {
            let found: Vec<String> =
                check(&read(&json)).into_iter().map(|problem| format!("{} {}", problem.at, problem.code)).collect();
            assert_eq!(found, expected, "{json}");
        }
        let many = vec![NamedEvent { name: "A".into(), when: When::Click("#a".into()) }; 101];
        assert_eq!(check(&many)[0].code, "too_many_named");
    }
}
