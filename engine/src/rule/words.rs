//! A rule's leaf as half a sentence that people understand: "the stage is evaluation".

use super::{Acquaintance, Age, Condition, EventCount, NameOf, Names, NowIs, Scalar, SessionIs, Test, Where};
use crate::event::Action;
use crate::value::Value;
use core::fmt::Write;

/// A part of a rule, in words.
pub fn words(condition: &Condition) -> String {
    words_with(condition, &Names::default())
}

/// The same with what people call the things that it asks for.
pub fn words_with(condition: &Condition, names: &Names) -> String {
    match condition {
        Condition::All(parts) => join(parts, " and ", names),
        Condition::Any(parts) => join(parts, " or ", names),
        Condition::Not(part) => format!("not: {}", words_with(part, names)),
        Condition::Path(pattern) => format!("the page is {}", pattern.as_str()),
        Condition::Query(query) => format!("the parameter {} {}", query.param, test(&query.test)),
        Condition::Page(page) => format!("the {} of the page {}", page.part.name(), test(&page.test)),
        Condition::PageGroup(group) => format!("the page is one of \"{group}\""),
        Condition::Device(list) => {
            format!("the device is {}", list_of(list.iter().map(|d| format!("{d:?}").to_lowercase())))
        }
        Condition::Language(list) => format!("the language is {}", list_of(list.iter().cloned())),
        Condition::Width(wanted) => format!("the width of the window {}", test(wanted)),
        Condition::Touch(true) => "the device is touched".into(),
        Condition::Touch(false) => "the device is not touched".into(),
        Condition::Js(js) => format!("the variable {} {}", js.path, test(&js.test)),
        Condition::Cookie(cookie) => format!("the cookie {} {}", cookie.name, test(&cookie.test)),
        Condition::Element(selector) => format!("the page has an element {selector}"),
        Condition::Now(NowIs::Hour(wanted)) => format!("the hour {}", test(wanted)),
        Condition::Now(NowIs::Weekday(days)) => {
            format!("the day is {}", list_of(days.iter().map(|day| day.name().to_owned())))
        }
        Condition::Now(NowIs::Date(from, to)) => format!("the date is from {from} to {to}"),
        Condition::Session(SessionIs::Pages(wanted)) => format!("the number of pages in this visit {}", test(wanted)),
        Condition::Session(SessionIs::Visit(wanted)) => format!("the number of this visit {}", test(wanted)),
        Condition::Session(SessionIs::Landing(wanted)) => format!("the path this visit began with {}", test(wanted)),
        Condition::Session(SessionIs::Lasting(span)) => format!("this visit has lasted {span}"),
        Condition::Consent(consent) => format!("the visitor has consented to {}", consent.name()),
        Condition::Country(list) => format!("the country is {}", list_of(list.iter().cloned())),
        Condition::System(list) => {
            format!("the system is {}", list_of(list.iter().map(|system| system.name().to_owned())))
        }
        Condition::Browser(list) => {
            format!("the browser is {}", list_of(list.iter().map(|browser| browser.name().to_owned())))
        }
        Condition::Identified => "the visitor has said who they are".into(),
        Condition::FirstSeen(wanted) => format!("the person was first seen {}", age(*wanted)),
        Condition::LastSeen(wanted) => format!("the person was last here {}, before this visit", age(*wanted)),
        Condition::Visitor(Acquaintance::New) => "the visitor is new".into(),
        Condition::Visitor(Acquaintance::Returning) => "the visitor was here before".into(),
        Condition::Source(source) => {
            format!("the {} of the visit {}", source.field.name(), test(&source.test))
        }
        Condition::Channel(channel) => {
            let names = channel.is.iter().map(ToString::to_string);
            format!("the channel is {}", list_of(names))
        }
        Condition::Trait(of) => {
            let owner = format!("{:?}", of.of).to_lowercase();
            format!("the {owner}'s {} {}", of.name, test(&of.test))
        }
        Condition::Event(event) => event_words(event),
        Condition::Absent(absent) => format!("\"{}\" has not happened for {}", absent.name, absent.lasting),
        Condition::Prompt(prompt) => {
            let did = match prompt.did {
                Action::Eligible => "eligible",
                Action::Shown => "shown",
                Action::Viewed => "seen",
                Action::Clicked => "clicked",
                Action::Dismissed => "dismissed",
                Action::Snoozed => "put off",
                Action::Declined => "turned down",
                Action::Muted => "muted",
                Action::Answered => "answered",
                Action::Converted => "followed",
            };
            format!("the prompt \"{}\" was {did}", names.of(NameOf::Prompt, prompt.prompt.as_str()))
        }
        Condition::Stage(stage) => format!(
            "the stage is {}",
            list_of(stage.is.iter().map(|key| names.of(NameOf::Stage, key.as_str()).to_owned()))
        ),
        Condition::TimeInStage(time) => {
            format!("the stage was entered at least {} ago", time.at_least)
        }
        Condition::Milestone(key) => {
            format!("the milestone \"{}\" is done", names.of(NameOf::Milestone, key.as_str()))
        }
        Condition::MilestonesDone => "all required milestones are done".into(),
        Condition::Segment(key) => format!("the person belongs to \"{key}\""),
        Condition::Verdict(_) => "what the collector knows of the visitor fits".into(),
        Condition::Here(_) => "what the page knows of itself fits".into(),
    }
}

fn join(parts: &[Condition], with: &str, names: &Names) -> String {
    let parts: Vec<String> = parts.iter().map(|part| words_with(part, names)).collect();
    parts.join(with)
}

fn list_of(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    items.join(" or ")
}

fn event_words(event: &EventCount) -> String {
    let mut text = format!("\"{}\" happened", event.name);
    if let Some(group) = &event.page_group {
        let _ = write!(text, " on a page of \"{group}\"");
    }
    for Where { prop, test: wanted } in &event.filter {
        let _ = write!(text, " with {prop} {}", test(wanted));
    }
    if event.count > 1 {
        let _ = write!(text, " {} times", event.count);
    }
    if let Some(within) = event.within {
        let _ = write!(text, " within {within}");
    }
    text
}

fn test(test: &Test) -> String {
    let texts = |list: &[String]| list.join(" or ");
    match test {
        Test::Is(list) => format!("is {}", list_of(list.iter().map(scalar))),
        Test::AllOf(list) => {
            let all: Vec<String> = list.iter().map(scalar).collect();
            format!("has all of {}", all.join(" and "))
        }
        Test::Contains(list) => format!("contains {}", texts(list)),
        Test::StartsWith(list) => format!("starts with {}", texts(list)),
        Test::EndsWith(list) => format!("ends with {}", texts(list)),
        Test::AtLeast(n) => format!("is at least {}", n.0),
        Test::Above(n) => format!("is above {}", n.0),
        Test::AtMost(n) => format!("is at most {}", n.0),
        Test::Below(n) => format!("is below {}", n.0),
        Test::Between(low, high) => format!("is from {} to {}", low.0, high.0),
        Test::Glob(list) => format!("is like {}", texts(list)),
        Test::Matches(list) => {
            format!("matches {}", list_of(list.iter().map(|pattern| format!("/{}/", pattern.as_str()))))
        }
        Test::Before(date) => format!("is before {date}"),
        Test::After(date) => format!("is after {date}"),
        Test::WithinLast(span) => format!("is {}", age(Age::WithinLast(*span))),
        Test::OlderThan(span) => format!("is {}", age(Age::OlderThan(*span))),
        Test::Exists => "is there".into(),
    }
}

fn age(age: Age) -> String {
    match age {
        Age::WithinLast(span) => format!("less than {span} ago"),
        Age::OlderThan(span) => format!("at least {span} ago"),
    }
}

/// A value, in words.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(list) => {
            let members: Vec<String> = list.iter().map(self::value).collect();
            format!("[{}]", members.join(", "))
        }
        Value::Null => "nothing".to_owned(),
        Value::Other => "an object".to_owned(),
    }
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Bool(flag) => flag.to_string(),
        Scalar::Number(n) => n.0.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_said_in_one_line() {
        for (rule, said) in [
            (r#"{"all": ["identified", {"path": "/a"}]}"#, "the visitor has said who they are and the page is /a"),
            (r#"{"any": ["identified", {"path": "/a"}]}"#, "the visitor has said who they are or the page is /a"),
            (r#"{"not": "identified"}"#, "not: the visitor has said who they are"),
        ] {
            assert_eq!(words(&serde_json::from_str(rule).unwrap_or_else(|error| panic!("{rule}: {error}"))), said);
        }
    }
}
