//! Members who publish at the same moment: of those who saw the same version one is heard, the others are told, and the log says who.

use collector::auth::Role;
use harness::{Site, TestApp, on_both};

use crate::refusals::form;

/// So many at once.
const MEMBERS: usize = 4;

on_both! {
    /// The list of sites is read every second too, and whoever began to read before a site was made may end after it was.
    async fn a_site_that_was_made_is_there(app: TestApp) {
        let mut polls = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let running = app.running().app.clone();
            polls.spawn(async move { while running.sites.refresh(&running.db).await.is_ok() {} });
        }
        for _ in 0..40 {
            let site = app.site().await;
            for _ in 0..3 {
                assert!(app.running().app.sites.by_id(&site.id).is_some(), "{}", site.id);
                tokio::task::yield_now().await;
            }
        }
        polls.shutdown().await;
    }

    async fn of_those_who_publish_settings_at_once_one_is_heard(app: TestApp) {
        let site = app.site().await;
        let answers = all_at_once(&app, &site, "/settings/rules/limits", |member| {
            format!("version=&policy.per_page={}", member + 1)
        });
        assert_eq!(answers.await, (1, MEMBERS - 1));
        let kept = app.texts(&format!("select body from document where site_id = '{}'", site.id)).await;
        assert_eq!(kept.len(), 1);
        assert_eq!(log(&app, &site).await, ["settings.changed"]);
    }

    async fn of_those_who_publish_a_journey_at_once_one_is_heard(app: TestApp) {
        let site = app.site().await;
        let journey = |name: &str| {
            let stages = r#"[{"key":"first","name":"First"},{"key":"gone","name":"Gone","kind":"terminal"}]"#;
            let move_on = r#"[{"key":"on","from":["first"],"to":"gone","priority":1,"when":{"event":{"name":"Left"}}}]"#;
            format!(r#"{{"key":"steps","name":"{name}","stages":{stages},"transitions":{move_on}}}"#)
        };
        let answers = all_at_once(&app, &site, "/journey/steps/edit", |member| {
            format!("version=&name=Steps{member}&draft={}", journey("Steps"))
        });
        assert_eq!(answers.await, (1, MEMBERS - 1));
        assert_eq!(app.texts(&format!("select journey from journey_version where site_id = '{}'", site.id)).await, ["steps"]);
        assert_eq!(log(&app, &site).await, ["journey.published"]);
    }
}

/// How many were heard, and how many were told that somebody was faster.
async fn all_at_once(app: &TestApp, site: &Site, page: &str, typed: impl Fn(usize) -> String) -> (usize, usize) {
    let mut cookies = Vec::new();
    for member in 0..MEMBERS {
        cookies.push(app.signed_in(&format!("m{member}@shop.test"), &[(site, Role::Marketer)]).await);
    }
    let page = format!("/s/{}{page}", site.id);
    let send = async |member: usize| form(app, "POST", &page, &cookies[member], &typed(member)).await.status.as_u16();
    let statuses: [u16; MEMBERS] = tokio::join!(send(0), send(1), send(2), send(3)).into();
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!(count(303) + count(412), MEMBERS, "{statuses:?}");
    (count(303), count(412))
}

async fn log(app: &TestApp, site: &Site) -> Vec<String> {
    app.texts(&format!("select did from audit where site_id = '{}' order by id", site.id)).await
}
