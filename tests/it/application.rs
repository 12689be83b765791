//! Tests of the harness itself: a collector that runs, with its own database and clock.

use harness::{Backend, TestApp, on_both};

on_both! {
    async fn a_collector_answers_on_its_own_database(app: TestApp) {
        assert_eq!(app.get("/healthz").await.status, 200);
        let site = app.site().await;
        let names = app.texts(&format!("select name from site where key = '{}'", site.key)).await;
        assert_eq!(names, ["Test"]);
        assert_eq!(app.texts("select id from site").await, [site.id], "nobody else's sites are there");
    }

    async fn data_survives_a_restart(app: TestApp) {
        let mut app = app;
        let site = app.site().await;
        app.restart().await;
        assert_eq!(app.texts("select id from site").await, [site.id]);
        assert_eq!(app.get("/healthz").await.status, 200);
    }
}

#[tokio::test]
async fn the_clock_stands_until_it_is_moved() {
    let app = TestApp::on(Backend::Sqlite).await;
    let before = app.now();
    app.advance(86_400_000);
    assert_eq!(app.now().0 - before.0, 86_400_000);
    assert_eq!(app.running().app.clock.now(), app.now(), "the collector has the same clock");
}
