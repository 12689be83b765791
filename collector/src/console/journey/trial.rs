//! A changed journey beside the one that is published, on the recorded log.

use engine::journey::Journey;
use maud::{Markup, html};

use crate::console::access::Here;
use crate::console::people::subject_link;
use crate::console::words::count;
use crate::error::ApiError;
use crate::journey::simulation::{Pair, Reading, Simulation, simulate};
use crate::state::App;

/// What the draft would have made of the log, beside what is published.
pub async fn beside(app: &App, here: &Here, live: Option<Journey>, draft: &Journey) -> Result<Markup, ApiError> {
    let Some(live) = live else {
        return Ok(html! { p.hint { "Nothing is published yet, so there is nothing to compare with." } });
    };
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    let sources = crate::source::sources(ruleset.settings.sources.clone());
    let reading = Reading { groups: ruleset.settings.page_groups.clone(), sources };
    let now = here.site.now(&app.clock);
    let told = simulate(&app.db, &here.site.id, [live.clone(), draft.clone()], reading, now).await?;
    Ok(shown(here, &told, [&live, draft]))
}

fn shown(here: &Here, told: &Simulation, journeys: [&Journey; 2]) -> Markup {
    html! {
        section.reach aria-label="Tried on the log" {
            h2 { "Tried on the log" }
            p {
                strong { (number(told.elsewhere)) " of " (number(told.looked_at)) }
                " would be in another stage now, had it been like this all along. Nothing is changed yet."
            }
            @if told.looked_at < told.of { p.hint { "Looked at " (number(told.looked_at)) " of " (number(told.of)) ", accounts and people before visitors." } }
            div.two {
                (table("Stage", "Who would be there now", stages(told, journeys)))
                (table("Transition", "How often in the last 30 days", transitions(told, journeys)))
            }
            @if !told.named.is_empty() {
                h3 { "Who would be elsewhere" }
                ul.flags { @for (subject, from, to) in &told.named {
                    li { (subject_link(&here.site, subject)) ": " (stage_name(journeys, from.as_str())) " → " (stage_name(journeys, to.as_str())) }
                } }
            }
        }
    }
}

fn table(what: &str, about: &str, lines: Vec<(String, Pair)>) -> Markup {
    html! {
        section {
            h3 { (about) }
            table.list {
                thead { tr { th { (what) } th.figure { "Published" } th.figure { "Below" } th.figure { "Change" } } }
                tbody { @for (name, [before, after]) in lines { tr {
                    td { (name) }
                    td.figure { (number(before)) }
                    td.figure { (number(after)) }
                    td.figure.none[before == after] { (change(before, after)) }
                } } }
            }
        }
    }
}

/// All stages of both, in the order of the draft.
fn stages(told: &Simulation, journeys: [&Journey; 2]) -> Vec<(String, Pair)> {
    let [live, draft] = journeys;
    let gone = live.stages.iter().filter(|stage| !draft.stages.iter().any(|one| one.key == stage.key));
    let all = draft.stages.iter().chain(gone);
    all.map(|stage| (stage.name.clone(), told.stages.get(&stage.key).copied().unwrap_or_default())).collect()
}

/// All transitions of both, in the order of the draft.
fn transitions(told: &Simulation, journeys: [&Journey; 2]) -> Vec<(String, Pair)> {
    let [live, draft] = journeys;
    let gone = live.transitions.iter().filter(|one| !draft.transitions.iter().any(|other| other.key == one.key));
    let all = draft.transitions.iter().chain(gone);
    let line = |key: &engine::Key, to: &str| {
        let name = format!("{} → {}", key.as_str().replace('_', " "), stage_name(journeys, to));
        (name, told.moves.get(key).copied().unwrap_or_default())
    };
    all.map(|one| line(&one.key, one.to.as_str())).collect()
}

fn stage_name<'a>(journeys: [&'a Journey; 2], key: &'a str) -> &'a str {
    let [live, draft] = journeys;
    let found = draft.stages.iter().chain(&live.stages).find(|stage| stage.key.as_str() == key);
    found.map_or(key, |stage| stage.name.as_str())
}

fn change(before: usize, after: usize) -> String {
    match (before, after) {
        (before, after) if before == after => "none".to_owned(),
        (before, after) if after > before => format!("+{}", number(after - before)),
        (before, after) => format!("−{}", number(before - after)),
    }
}

fn number(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX))
}
