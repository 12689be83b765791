//! `GET /w/{key}.json`: the published prompts, as pages get them. Cached by browsers for a minute; a page that was told of a
//! newer version asks with `?v=`, which is another address to a cache.

use axum::http::HeaderMap;
use axum::response::Response;
use engine::facts::{Here, publish};
use engine::frequency::Frequency;
use engine::prompt::{Content, Prompt, Says};

use crate::error::ApiError;
use crate::state::App;

/// The bundle of the site with this key; 304 where the browser has it already.
pub async fn serve(app: &App, key: &str, version: Option<&str>, headers: &HeaderMap) -> Result<Response, ApiError> {
    let site = app.sites.by_key(key).ok_or(ApiError::NotFound("site"))?;
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    // Another collector may have noticed a publication a second before this one: nobody is to keep the old one under the new name.
    let is_asked_for = version.is_none_or(|version| version == ruleset.bundle.version);
    let caching = if is_asked_for { "public, max-age=60" } else { "no-store" };
    Ok(ruleset.json.respond(headers, "application/json", caching))
}

/// A prompt as pages get it: with verdicts in place of what the collector knows, and without what was written for colleagues. How long
/// its content rests is said, so that a page need not know the custom of each.
pub fn published(prompt: &Prompt, here: &mut Here) -> Prompt {
    let gap = prompt.frequency.gap.unwrap_or(prompt.content.usual_gap());
    let mut published = Prompt {
        rule: publish(&prompt.rule, here),
        frequency: Frequency { gap: Some(gap), ..prompt.frequency.clone() },
        // That there is a reason is enough.
        offer_anyway: prompt.offer_anyway.as_ref().map(|_| String::new()),
        ..prompt.clone()
    };
    mark(&mut published.content);
    for variant in &mut published.experiment.variants {
        // Said once is enough too.
        variant.content = variant.content.take().filter(|content| *content != prompt.content);
        variant.content.iter_mut().for_each(mark);
    }
    published
}

/// Says of a recommendation question whether it says something of the person.
fn mark(content: &mut Content) {
    if let Content::Nps(nps) = content {
        nps.piped = nps.says_something_of_the_person();
    }
}
