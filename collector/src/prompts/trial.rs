//! A draft on the site's own pages, before anybody else sees it: for those who have a signed link, it is among what is published.
//!
//! Nothing is kept for it: the link says which draft, and whoever is asked compiles it anew as it is then. So it works on every machine
//! of a site, and shows what was typed a moment ago.

use std::sync::Arc;

use engine::experiment::Experiment;
use engine::frequency::Frequency;
use engine::prompt::{Moment, Prompt, Schedule};
use engine::rule::Condition;
use engine::{Span, Timestamp};

use super::{Ruleset, ruleset};
use crate::auth::debug_token::{self, LASTING, Standing, Trial};
use crate::clock::Clock;
use crate::sites::Site;
use crate::state::App;
use crate::store::{self, Db, Result};

/// The parameter that carries the token, behind the `#`, where no server's log sees it.
const PARAM: &str = "wm_debug";

/// What is published, and the draft. `token` is what it was asked with; it names this state of the draft from now on, so that a page
/// fetches it under that name.
pub async fn with_draft(
    app: &App,
    site: &Site,
    live: Arc<Ruleset>,
    trial: &Trial,
    token: &str,
) -> Result<Arc<Ruleset>> {
    let row = store::work::one(&mut app.db.read().await?.conn(), &site.id, trial.prompt.as_str()).await?;
    let Some((_, _, body, step, ..)) = row else { return Ok(live) };
    let Ok(prompt) = serde_json::from_str::<Prompt>(&body) else { return Ok(live) };
    let prompt = if trial.at_once { at_once(prompt) } else { prompt };
    Ok(Arc::new(live.with(prompt).named(format!("{token}.{step}"))))
}

/// What is published under a name that a token gave it; `None` for any other name.
pub async fn named(app: &App, site: &Site, live: &Arc<Ruleset>, name: &str) -> Result<Option<Arc<Ruleset>>> {
    let Some((token, _)) = name.rsplit_once('.') else { return Ok(None) };
    let pass = debug_token::read(token, &live.salt, &site.id, site.now(&app.clock));
    match pass.filter(|pass| pass.standing == Standing::Good).and_then(|pass| pass.trial) {
        Some(trial) => with_draft(app, site, live.clone(), &trial, token).await.map(Some),
        None => Ok(None),
    }
}

/// The same for everybody, everywhere, as often as one likes.
fn at_once(prompt: Prompt) -> Prompt {
    let often = Frequency {
        per_session: u32::MAX,
        at_most: u32::MAX,
        gap: Some(Span(0)),
        after_dismissal: Span(0),
        windows: Vec::new(),
        snooze: Span(0),
        stop_on: Vec::new(),
        ..prompt.frequency
    };
    Prompt {
        rule: Condition::default(),
        moment: Moment::AtOnce,
        delay: Span(0),
        cancel_on: Vec::new(),
        hold_while: Vec::new(),
        schedule: Schedule::default(),
        experiment: Experiment::default(),
        consent: Vec::new(),
        offer_anyway: Some("It is tried out.".to_owned()),
        mandatory: true,
        priority: i32::MAX,
        frequency: often,
        ..prompt
    }
}

/// Makes a link to a page of a site, good for an hour.
pub async fn link(db: &Db, clock: &Clock, site: &Site, page: &str, trial: Option<&Trial>) -> Result<String> {
    let before = store::lots::salt(&mut db.read().await?.conn(), &site.id).await?;
    let salt = match before {
        Some(salt) => salt,
        None => {
            // The first of its kind: whoever runs on this database has to learn of it.
            let salt = ruleset::salt(db, &site.id).await?;
            let mut tx = db.begin().await?;
            store::sites::bump(&mut tx.conn(), &site.id).await?;
            tx.commit().await?;
            salt
        }
    };
    Ok(with_token(page, &debug_token::make(&salt, &site.id, site.now(clock), trial)))
}

/// Until when a link that is made now is good.
pub fn until(now: Timestamp) -> Timestamp {
    now.after(LASTING)
}

/// A page's address with a token. One that has a fragment keeps it, and takes the token into its query.
fn with_token(page: &str, token: &str) -> String {
    match page.split_once('#') {
        None => format!("{page}#{PARAM}={token}"),
        Some((page, fragment)) => {
            let joint = if page.contains('?') { '&' } else { '?' };
            format!("{page}{joint}{PARAM}={token}#{fragment}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_stands_where_the_page_finds_it() {
        for (page, link) in [
            ("https://shop.example/", "https://shop.example/#wm_debug=t"),
            ("https://shop.example/?a=1", "https://shop.example/?a=1#wm_debug=t"),
            ("https://shop.example/#/cart", "https://shop.example/?wm_debug=t#/cart"),
            ("https://shop.example/?a=1#top", "https://shop.example/?a=1&wm_debug=t#top"),
        ] {
            assert_eq!(with_token(page, "t"), link);
        }
    }
}
