//! What has arrived, as server-sent events: the part of the page anew whenever it is another than before.
//!
//! A connection lasts less than a minute and browsers begin another by themselves. So whoever may not look any more soon does not, no
//! proxy ends it first, and a collector that drains waits for nobody.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::news;
use crate::console::access::Here;
use crate::console::arrival::{self, Arrival};
use crate::state::App;

/// Looks at what has arrived, one a second.
const LOOKS: u32 = 50;
/// How long a browser waits before it connects again.
const AGAIN: Duration = Duration::from_secs(1);

/// What was told, and how often is still to be looked.
struct Following {
    app: App,
    here: Here,
    told: String,
    looks: u32,
    seen: Option<Arrival>,
}

/// `GET /s/{site}/settings/install/live`.
pub async fn follow(State(app): State<App>, here: Here) -> Response {
    let following = Following { app, here, told: String::new(), looks: 0, seen: None };
    let told = Sse::new(stream::unfold(following, next));
    // nginx would keep it until there is more of it.
    ([("x-accel-buffering", "no")], told).into_response()
}

/// The next change; `None` ends the connection.
async fn next(mut following: Following) -> Option<(Result<Event, Infallible>, Following)> {
    while following.looks < LOOKS && !following.app.health.is_draining() {
        if following.looks > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        following.looks += 1;
        let (app, here) = (&following.app, &mut following.here);
        // Its list of origins may have grown meanwhile.
        here.site = app.sites.by_id(&here.site.id)?;
        let looked = match following.seen.take() {
            None => arrival::read(app, here).await,
            Some(before) => arrival::read_again(app, here, before).await,
        };
        let arrival = match looked {
            Ok(arrival) => arrival,
            Err(error) => {
                tracing::warn!(error = error.detail(), "what has arrived cannot be read; the browser asks again");
                return None;
            }
        };
        let told = news(app, here, &arrival).into_string();
        following.seen = Some(arrival);
        if told != following.told {
            following.told.clone_from(&told);
            return Some((Ok(Event::default().retry(AGAIN).data(told)), following));
        }
    }
    None
}
