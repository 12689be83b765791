//! What was recorded or defined, offered where a rule asks for it by name.

use std::collections::BTreeSet;

use engine::Key;
use engine::journey::Journey;
use maud::Markup;

use crate::console::access::Here;
use crate::console::form::known::Known;
use crate::error::ApiError;
use crate::state::App;
use crate::store;

/// Addresses are taken from so many of the latest events.
const EVENTS: i64 = 500;

/// So many people are offered.
const PEOPLE: i64 = 50;

/// What fields of a rule ask for by name.
pub async fn known(app: &App, here: &Here) -> Result<Known, ApiError> {
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    let mut reader = app.db.read().await?;
    let recent = store::events::recent_pages(&mut reader.conn(), &here.site.id, EVENTS).await?;
    let events = store::events::names(&mut reader.conn(), &here.site.id).await?;
    let traits = store::people::trait_names(&mut reader.conn(), &here.site.id).await?;
    drop(reader);
    let paths: BTreeSet<&str> = recent.iter().filter_map(|url| path_of(url)).take(100).collect();
    let settings = &ruleset.settings;
    let mut known = Known::default();
    // Those without code are asked for before the first of them arrives.
    let events: BTreeSet<String> =
        events.into_iter().chain(settings.events.iter().map(|event| event.name.clone())).collect();
    known.recorded("events", events);
    known.recorded("paths", paths);
    known.recorded("traits", traits);
    known.defined("journeys", ruleset.journeys.iter().map(|(key, journey)| named(key, &journey.latest().name)));
    known.defined("segments", settings.segments.iter().map(|segment| named(&segment.key, "")));
    known.defined("page_groups", settings.page_groups.0.iter().map(|group| named(&group.key, "")));
    known.defined("prompts", ruleset.prompts.iter().map(|prompt| named(&prompt.key, &prompt.name)));
    let journeys: Vec<&Journey> = ruleset.journeys.iter().map(|(_, definitions)| definitions.latest()).collect();
    know_journeys(&mut known, &journeys);
    Ok(known)
}

/// The stages and milestones of journeys; of more than one each with the name of its journey.
pub fn know_journeys(known: &mut Known, journeys: &[&Journey]) {
    let of = |journey: &Journey, name: &str| match journeys.len() {
        1 => name.to_owned(),
        _ => format!("{}: {name}", journey.name),
    };
    let stages = journeys
        .iter()
        .flat_map(|journey| journey.stages.iter().map(|stage| (stage.key.to_string(), of(journey, &stage.name))));
    known.defined("stages", stages);
    let milestones = journeys.iter().flat_map(|journey| {
        let all = journey.stages.iter().flat_map(|stage| &stage.milestones);
        all.map(|milestone| (milestone.key.to_string(), of(journey, &milestone.name)))
    });
    known.defined("milestones", milestones);
}

/// A key with its name, or with itself where it has none.
fn named(key: &Key, name: &str) -> (String, String) {
    let name = if name.is_empty() { key.as_str().replace('_', " ") } else { name.to_owned() };
    (key.to_string(), name)
}

/// The people who were seen last, for the prompt as they would see it.
pub async fn people(app: &App, here: &Here) -> Result<Markup, ApiError> {
    let (mut reader, anybody) = (app.db.read().await?, store::people::Wanted::default());
    let start = (i64::MAX, "");
    let people =
        store::people::list(&mut reader.conn(), &here.site.id, ("person", "p:"), &anybody, start, PEOPLE).await?;
    let mut known = Known::default();
    known.recorded("people", people.iter().filter_map(|row| row.subject.strip_prefix("p:")));
    Ok(known.lists())
}

/// The path of an address.
fn path_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let path = &rest[rest.find('/')?..];
    path.split(['?', '#']).next()
}
