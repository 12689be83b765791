//! A rule's leaf as half a sentence that people understand: "the stage is evaluation".

use super::{Acquaintance, Condition, EventCount, Scalar, Test, Where};
use crate::event::Action;
use core::fmt::Write;

/// A part of a rule, in words.
pub fn words(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => join(parts, " and "),
        Condition::Any(parts) => join(parts, " or "),
        Condition::Not(part) => format!("not: {}", words(part)),
        Condition::Path(pattern) => format!("the page is {}", pattern.as_str()),
        Condition::Query(query) => format!("the parameter {} {}", query.param, test(&query.test)),
        Condition::PageGroup(group) => format!("the page is one of \"{group}\""),
        Condition::Device(list) => {
            format!("the device is {}", list_of(list.iter().map(|d| format!("{d:?}").to_lowercase())))
        }
        Condition::Language(list) => format!("the language is {}", list_of(list.iter().cloned())),
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
                Action::Shown => "shown",
                Action::Clicked => "clicked",
                Action::Dismissed => "dismissed",
                Action::Answered => "answered",
                Action::Converted => "followed",
            };
            format!("the prompt \"{}\" was {did}", prompt.prompt)
        }
        Condition::Stage(stage) => format!("the stage is {}", list_of(stage.is.iter().map(ToString::to_string))),
        Condition::TimeInStage(time) => {
            format!("the stage was entered at least {} ago", time.at_least)
        }
        Condition::Milestone(key) => format!("the milestone \"{key}\" is done"),
        Condition::MilestonesDone => "all required milestones are done".into(),
        Condition::Segment(key) => format!("the person belongs to \"{key}\""),
        Condition::Verdict(_) => "what only the log knows holds".into(),
    }
}

fn join(parts: &[Condition], with: &str) -> String {
    let parts: Vec<String> = parts.iter().map(words).collect();
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
        Test::Contains(list) => format!("contains {}", texts(list)),
        Test::StartsWith(list) => format!("starts with {}", texts(list)),
        Test::EndsWith(list) => format!("ends with {}", texts(list)),
        Test::AtLeast(n) => format!("is at least {}", n.0),
        Test::Above(n) => format!("is above {}", n.0),
        Test::AtMost(n) => format!("is at most {}", n.0),
        Test::Below(n) => format!("is below {}", n.0),
        Test::Exists => "is there".into(),
    }
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Bool(flag) => flag.to_string(),
        Scalar::Number(n) => n.0.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}
