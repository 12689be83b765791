//! One-time links by e-mail: to whom they are for and to nobody else.

use collector::auth::Role;
use harness::inbox::Inbox;
use harness::poll::until;
use harness::{Backend, TestApp};

use crate::refusals::form;

const FROM: &str = "Waymark <waymark@shop.test>";

async fn app_with(smtp: String) -> TestApp {
    TestApp::with(Backend::Sqlite, |config| {
        config.mail.smtp = smtp;
        FROM.clone_into(&mut config.mail.from);
    })
    .await
}

/// The path of the link in an e-mail.
fn link(mail: &str) -> String {
    let from = mail.find("/setup?token=").unwrap_or_else(|| panic!("no link in {mail}"));
    mail[from..].split_whitespace().next().unwrap_or_default().to_owned()
}

fn arrived(inbox: &Inbox, address: &str, count: usize) -> Result<(), String> {
    let mails = inbox.of(address);
    if mails.len() == count { Ok(()) } else { Err(format!("{mails:?}")) }
}

/// Gives the first owner a password.
async fn with_a_password(app: &TestApp) {
    let token = link(app.running().first.setup_link.as_deref().unwrap()).replace("/setup?token=", "");
    let typed =
        format!("token={token}&email=root@shop.test&password=four small brown words&again=four small brown words");
    form(app, "POST", "/setup", "", &typed).await;
    assert!(app.get("/login").await.text.contains("Sign in"));
}

#[tokio::test]
async fn who_is_invited_gets_the_link_and_nobody_else_sees_it() {
    let inbox = Inbox::open().await;
    let app = app_with(inbox.url()).await;
    let site = app.site().await;
    let owner = app.signed_in("root@shop.test", &[]).await;
    let team = format!("/s/{}/settings/team", site.id);
    let told = form(&app, "POST", &team, &owner, "email=Mia@shop.test&role=marketer").await;
    assert!(told.text.contains("on its way to") && !told.text.contains("token="), "{told:?}");
    let mails = inbox.of("mia@shop.test");
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains(&format!("From: {FROM}")) && mail.contains("as Marketer"), "{mail}");
    assert_eq!(app.get(&link(mail)).await.status, 200);
}

/// Who is invited on a Friday reads it on Monday; who asked for a link waits for it.
#[tokio::test]
async fn an_invitation_is_good_for_days_and_what_was_asked_for_for_an_hour() {
    const HOUR: i64 = 3_600_000;
    let inbox = Inbox::open().await;
    let app = app_with(inbox.url()).await;
    with_a_password(&app).await;
    let site = app.site().await;
    let owner = app.signed_in("ada@shop.test", &[]).await;
    let team = format!("/s/{}/settings/team", site.id);
    let told = form(&app, "POST", &team, &owner, "email=mia@shop.test&role=marketer").await;
    assert!(told.text.contains("for 3 days"), "{told:?}");
    let invited = link(&inbox.of("mia@shop.test")[0]);
    let opened = async |link: &str| app.get(link).await.status.as_u16();
    app.advance(71 * HOUR);
    assert_eq!(opened(&invited).await, 200);
    app.advance(2 * HOUR);
    assert_eq!(opened(&invited).await, 410);
    // The invitation of a moment ago is no reason to send none.
    let owner = app.signed_in("ada@shop.test", &[]).await;
    form(&app, "POST", &team, &owner, "email=mia@shop.test&role=viewer").await;
    form(&app, "POST", "/forgot", "", "email=mia@shop.test").await;
    until("the third e-mail", async || arrived(&inbox, "mia@shop.test", 3)).await;
    let asked = link(&inbox.of("mia@shop.test")[2]);
    assert_eq!(opened(&asked).await, 200);
    app.advance(HOUR + 1);
    assert_eq!(opened(&asked).await, 410);
}

#[tokio::test]
async fn who_lost_a_password_asks_for_a_link() {
    let inbox = Inbox::open().await;
    let app = app_with(inbox.url()).await;
    let site = app.site().await;
    app.signed_in("mia@shop.test", &[(&site, Role::Marketer)]).await;
    app.signed_in("bo@shop.test", &[(&site, Role::Viewer)]).await;
    with_a_password(&app).await;
    assert!(app.get("/login").await.text.contains("/forgot"));
    let mut said = Vec::new();
    for who in ["Mia@shop.test", "nobody@shop.test", "mia@shop.test", "bo@shop.test"] {
        said.push(form(&app, "POST", "/forgot", "", &format!("email={who}")).await.text);
        if who.starts_with("Mia") {
            until("an e-mail", async || arrived(&inbox, "mia@shop.test", 1)).await;
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "whoever it is, the same is said: {said:?}");
    until("an e-mail", async || arrived(&inbox, "bo@shop.test", 1)).await;
    assert_eq!(
        (inbox.of("mia@shop.test").len(), inbox.of("nobody@shop.test").len()),
        (1, 0),
        "not one after the other"
    );
    app.advance(5 * 60_000);
    form(&app, "POST", "/forgot", "", "email=mia@shop.test").await;
    until("a second e-mail", async || arrived(&inbox, "mia@shop.test", 2)).await;
    let [first, second] = [0, 1].map(|at| link(&inbox.of("mia@shop.test")[at]));
    assert_eq!(app.get(&first).await.status, 410, "the newer one counts");
    assert_eq!(app.get(&second).await.status, 200);
}

#[tokio::test]
async fn a_link_that_cannot_be_sent_is_shown_with_the_reason() {
    // A port that was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let app = app_with(format!("smtp://{nobody}")).await;
    let site = app.site().await;
    let owner = app.signed_in("root@shop.test", &[]).await;
    let told =
        form(&app, "POST", &format!("/s/{}/settings/team", site.id), &owner, "email=mia@shop.test&role=marketer").await;
    assert!(told.text.contains("The e-mail was not sent") && told.text.contains("/setup?token="), "{told:?}");
}

#[tokio::test]
async fn without_a_mail_server_nothing_promises_an_e_mail() {
    let app = TestApp::sqlite().await;
    with_a_password(&app).await;
    assert!(!app.get("/login").await.text.contains("/forgot"));
    assert_eq!(form(&app, "GET", "/forgot", "", "").await.header("location"), Some("/login"));
}
