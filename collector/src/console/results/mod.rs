//! The room where prompts are judged: how many people did what, what scores come to, what was answered.
//!
//! Every number says what it counts, and under ten people or answers there is none.

mod lift;
mod missed;
pub mod overview;
mod period;
mod prompt;
mod responses;
mod scores;
mod tag;
mod trend;
mod variants;

use axum::routing::{get, post};
use maud::{Markup, html};

use super::access::{Here, Need, Pages};
use super::words::{count, decimal};
use crate::auth::May;
use crate::results::Deed;
use crate::results::figures::Line;

use engine::score::{FEW, Share};

/// The pages of this room.
pub fn pages() -> Pages {
    let see = Need::Site(May::See);
    Pages::default()
        .add(see, "GET", "/s/{site}/results", get(overview::show))
        .add(see, "GET", "/s/{site}/results/responses", get(responses::show_all))
        .add(see, "GET", "/s/{site}/results/responses/export", get(responses::export_all))
        .add(see, "GET", "/s/{site}/results/prompts/{key}", get(prompt::show))
        .add(see, "GET", "/s/{site}/results/prompts/{key}/missed", get(missed::show))
        .add(see, "GET", "/s/{site}/results/prompts/{key}/responses", get(responses::show))
        .add(see, "GET", "/s/{site}/results/prompts/{key}/responses/export", get(responses::export))
        .add(Need::Site(May::Note), "POST", "/s/{site}/results/tags", post(tag::change))
}

/// The parts of the room, one of them open.
fn tabs(here: &Here, open: &str, query: &str) -> Markup {
    html! {
        nav.tabs aria-label="Results" {
            @for (address, word) in [("/results", "Prompts"), ("/results/responses", "Responses")] {
                a href={ (here.to(address)) (query) } aria-current=[(address == open).then_some("page")] { (word) }
            }
        }
    }
}

/// The share of those who were shown it; a dash where there can be none.
fn rate(line: &Line, deed: Deed) -> Markup {
    if line.counts.of(deed) == 0 && line.cannot(deed) {
        return html! { span.none title="Nobody can do that with this prompt." { "–" } };
    }
    share(line.counts.share(deed))
}

/// A share in percent, or how many are missing to say one.
fn share(share: Share) -> Markup {
    match share.value().filter(|_| share.of >= FEW) {
        Some(value) => {
            let interval = share.interval();
            let between = format!(
                "Between {} and {} %, as far as {} people say.",
                decimal(100.0 * interval.low, 0),
                decimal(100.0 * interval.high, 0),
                count(share.of as i64)
            );
            html! { span title=(between) { (decimal(100.0 * value, 0)) " %" } }
        }
        None => html! { span.few { "Not enough data: " (share.of) " of " (FEW) } },
    }
}

/// What each number counts, folded at the end of each page with numbers.
fn definitions(deeds: &[Deed]) -> Markup {
    html! {
        details.definitions {
            summary { "What these numbers count" }
            dl {
                div { dt { "A person" } dd {
                    "Somebody known by a user id, whatever browsers they came by; or a visitor as long as nobody has said who that is. What a visitor did in the 90 days before counts for whom it turned out to be, and only there. "
                    "Each person counts once in each column, however often they did it in these days. The team's own previews and crawlers never count."
                } }
                @for deed in deeds { div { dt { (word(*deed)) } dd { (deed.meaning()) } } }
                div { dt { "Rates" } dd { "Of the people who were shown it in these days. Said from " (FEW) " people on." } }
                div { dt { "Days" } dd { "Days in the site's time zone, today included." } }
            }
        }
    }
}

/// The heading of a column.
fn word(deed: Deed) -> &'static str {
    match deed {
        Deed::Eligible => "Eligible",
        Deed::Shown => "Shown",
        Deed::Viewed => "Viewed",
        Deed::Engaged => "Engaged",
        Deed::Answered => "Answered",
        Deed::Converted => "Converted",
        Deed::Dismissed => "Dismissed",
        Deed::Snoozed => "Snoozed",
    }
}
