//! `kill -9` under full load: what was acknowledged is there, once, and the stages are what the log gives.
//!
//! Judged against the client's own log of acknowledgements, never against what the collector says of itself.
//! What a killed process cannot show (a power cut) is asserted elsewhere: the writer's `pragma synchronous`.

mod judge;
mod load;
mod random;

use harness::{Backend, Process, event_id};
use load::Load;
use random::Random;
use serde_json::json;

/// Kills in a normal run and in the long one (`WAYMARK_ACCEPT=1`).
const KILLS: (usize, usize) = (20, 200);

/// A kill comes after a random number of acknowledgements below this, so within a second or two of load.
const ACKNOWLEDGEMENTS: u64 = 150;

/// The event ids that are stored, one row an event, the same id twice if it is there twice.
const STORED: &str = "select id from event";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    kill_again_and_again(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_postgres() {
    kill_again_and_again(Backend::Postgres).await;
}

async fn kill_again_and_again(backend: Backend) {
    let kills = if std::env::var_os("WAYMARK_ACCEPT").is_some() { KILLS.1 } else { KILLS.0 };
    let mut random = Random::from_environment();
    let mut process = Process::start(backend).await;
    // So that the load moves stages.
    process.import(&["examples/site.json", "examples/journeys"]);
    let load = Load::start(&process, &mut random);

    for kill in 1..=kills {
        load.up(process.client.clone());
        load.more_acknowledgements(1 + random.below(ACKNOWLEDGEMENTS)).await;
        process.kill();
        load.down();
        process.restart().await;
        judge::holds(&format!("after kill {kill}"), &load.log(), &process.texts(STORED).await);
    }
    let rate = load.rate();
    load.up(process.client.clone());
    let log = load.finish().await;
    assert!(log.unknown.is_empty(), "every request was repeated until it was acknowledged");
    judge::holds("after the last retry", &log, &process.texts(STORED).await);
    judge::complete(&log, &process.texts(STORED).await);
    log.everything_is_a_duplicate(&process.client, &process.site).await;
    judge::complete(&log, &process.texts(STORED).await);
    let replay = process.replay().await;
    assert!(replay.subjects > 100, "the load was about somebody: {replay:?}");
    assert_eq!(replay.different, [], "stages are what folding the log from its beginning gives");
    let moves = process.texts("select id from journey_move").await.len();
    assert!(moves > 100, "the load moved stages: {moves}");
    println!(
        "{kills} kills on {backend:?}: {} events acknowledged, {rate:.0} requests a second, none lost",
        log.acknowledged.len()
    );
}

#[tokio::test]
async fn the_way_down_loses_nothing_either() {
    let mut process = Process::start(Backend::Sqlite).await;
    let event = json!([{ "id": event_id(), "type": "track", "name": "Paid", "user_id": "u1" }]);
    let answer = process.client.server_batch(&process.site.secret, event.clone()).await;
    assert_eq!(answer.results(), ["accepted"]);
    let status = process.terminate().await;
    assert_eq!(status.code(), Some(0), "SIGTERM drains and exits 0");
    process.restart().await;
    assert_eq!(process.client.server_batch(&process.site.secret, event).await.results(), ["duplicate"]);
}
