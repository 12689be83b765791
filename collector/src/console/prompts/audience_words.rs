//! Who sees a prompt and where, as it is said in its sentence.

use engine::rule::{Acquaintance, Condition, Test, words};
use engine::source::{SourceField, Touch};

/// An audience: "people who are in trial or adoption", and the pages, if there are any that it is about.
#[derive(PartialEq, Debug)]
pub struct Said {
    /// Who.
    pub who: String,
    /// Where: "on /pricing". Empty for everywhere.
    pub place: String,
}

/// Says a rule. What stands side by side in it is told apart into who and where; what nests is told as the rule tells it.
pub fn said(rule: &Condition) -> Said {
    let parts = match rule {
        Condition::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let (mut who, mut on, mut off) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        match (page(part), part) {
            (Some(page), _) => on.push(page),
            (None, Condition::Not(inner)) => match page(inner) {
                Some(page) => off.push(page),
                None => who.push(format!("for whom it does not hold that {}", words(inner))),
            },
            (None, part) => who.push(person(part)),
        }
    }
    let who = match who.len() {
        0 => "everybody".to_owned(),
        _ => format!("people {}", who.join(" and ")),
    };
    let place = match (on.is_empty(), off.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("on {}", on.join(" and ")),
        (true, false) => format!("on every page but {}", off.join(" and ")),
        (false, false) => format!("on {} but not on {}", on.join(" and "), off.join(" and ")),
    };
    Said { who, place }
}

/// A page, if it is all about one.
fn page(part: &Condition) -> Option<String> {
    match part {
        Condition::Path(pattern) => Some(pages(pattern.as_str())),
        Condition::PageGroup(group) => Some(format!("pages of \u{201c}{}\u{201d}", spaced(group.as_str()))),
        Condition::Any(parts) if !parts.is_empty() => {
            let all: Option<Vec<String>> = parts.iter().map(page).collect();
            Some(all?.join(" or "))
        }
        _ => None,
    }
}

/// A pattern: "pages like …/pricing…".
fn pages(pattern: &str) -> String {
    let like = pattern.replace("**", "*").replace('*', "…");
    match like.trim_start_matches('/') {
        "…" => "every page".to_owned(),
        _ if like == pattern => like,
        _ => format!("pages like {like}"),
    }
}

fn person(part: &Condition) -> String {
    match part {
        Condition::Stage(stage) => {
            let names: Vec<String> = stage.is.iter().map(|key| spaced(key.as_str())).collect();
            format!("in {}", names.join(" or "))
        }
        Condition::Source(source) if source.touch == Touch::Session && source.field == SourceField::Campaign => {
            match &source.test {
                Test::Is(_) => {
                    format!("who came from the campaign {}", words(part).split_once(" is ").map_or("", |said| said.1))
                }
                _ => format!(
                    "who came from a campaign that {}",
                    words(part).trim_start_matches("the campaign of the visit ")
                ),
            }
        }
        Condition::Channel(channel) if channel.touch == Touch::Session => {
            let names: Vec<String> = channel.is.iter().map(ToString::to_string).collect();
            format!("who came by {}", names.join(" or "))
        }
        Condition::Segment(key) => format!("of the segment {}", spaced(key.as_str())),
        Condition::Identified => "who have said who they are".to_owned(),
        Condition::Visitor(Acquaintance::New) => "who are here for the first time".to_owned(),
        Condition::Visitor(Acquaintance::Returning) => "who have been here before".to_owned(),
        Condition::Trait(of) => {
            let said = words(part);
            let owner = if said.starts_with("the account") { "whose account's" } else { "whose" };
            format!("{owner} {}", said.split_once("'s ").map_or(of.name.as_str(), |said| said.1))
        }
        Condition::Device(devices) => {
            let names: Vec<String> = devices.iter().map(|device| format!("{device:?}s").to_lowercase()).collect();
            format!("on {}", names.join(" or "))
        }
        other => format!("for whom {}", words(other)),
    }
}

fn spaced(key: &str) -> String {
    key.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn audiences_are_said_as_people_say_them() {
        for (rule, who, place) in [
            (json!({"all": []}), "everybody", ""),
            (json!({"path": "/pricing"}), "everybody", "on /pricing"),
            (
                json!({"all": [{"stage": {"journey": "saas", "is": ["trial", "first_value"]}}, {"path": "/pricing"}]}),
                "people in trial or first value",
                "on /pricing",
            ),
            (
                json!({"all": [{"source": {"field": "campaign", "test": {"is": ["spring"]}}}, {"channel": {"is": ["email"]}}]}),
                "people who came from the campaign spring and who came by Email",
                "",
            ),
            (
                json!({"source": {"field": "campaign", "test": {"starts_with": ["spring"]}}}),
                "people who came from a campaign that starts with spring",
                "",
            ),
            (
                json!({"all": [{"any": [{"path": "/a"}, {"page_group": "the_docs"}]}, {"not": {"path": "/a/b"}}]}),
                "everybody",
                "on /a or pages of \u{201c}the docs\u{201d} but not on /a/b",
            ),
            (json!({"path": "**/pricing*"}), "everybody", "on pages like …/pricing…"),
            (json!({"path": "**"}), "everybody", "on every page"),
            (json!({"any": [{"path": "/docs/**"}, {"path": "/a"}]}), "everybody", "on pages like /docs/… or /a"),
            (json!({"not": {"path": "/checkout"}}), "everybody", "on every page but /checkout"),
            (
                json!({"all": [{"trait": {"of": "account", "name": "plan", "test": {"is": ["free"]}}}, {"device": ["phone"]}]}),
                "people whose account's plan is free and on phones",
                "",
            ),
            (
                json!({"not": "identified"}),
                "people for whom it does not hold that the visitor has said who they are",
                "",
            ),
            (
                json!({"any": ["identified", {"path": "/a"}]}),
                "people for whom the visitor has said who they are or the page is /a",
                "",
            ),
        ] {
            let expected = Said { who: who.to_owned(), place: place.to_owned() };
            assert_eq!(said(&serde_json::from_value(rule.clone()).unwrap()), expected, "{rule}");
        }
    }
}
