//! A picture for a prompt: chosen in the editor, made anew by the collector, served to every page; what is no picture is refused.

use collector::auth::Role;
use harness::{Browser, Site, TestApp, on_both, workspace};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::host::bar;

/// Sends a file as a form does, and is answered as a script is.
async fn upload(app: &TestApp, site: &Site, cookie: &str, file: &[u8]) -> (StatusCode, serde_json::Value) {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(file);
    body.extend(b"\r\n--x--\r\n");
    let request = app.request(Method::POST, &format!("/s/{}/pictures", site.id));
    let request =
        request.header("cookie", cookie).header("accept", "application/json").header("sec-fetch-site", "same-origin");
    let answer =
        app.try_send(request.header("content-type", "multipart/form-data; boundary=x").body(body)).await.unwrap();
    (answer.status, answer.json())
}

on_both! {
    async fn what_is_uploaded_is_made_anew_and_served_to_all(app: TestApp) {
        let site = app.site().await;
        let cookie = app.signed_in("mia@shop.test", &[(&site, Role::Marketer)]).await;
        let file = std::fs::read(workspace().join("docs/prompt.png")).unwrap();
        let (status, said) = upload(&app, &site, &cookie, &file).await;
        assert_eq!(status, StatusCode::OK, "{said}");
        let url = said["url"].as_str().unwrap();
        let (_, path) = url.split_once("/i/").unwrap();
        let answer = app.get(&format!("/i/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(answer.header("content-type").unwrap().starts_with("image/"));
        let (_, again) = upload(&app, &site, &cookie, &file).await;
        assert_eq!(again["url"], said["url"], "the same picture is one");
        let count = app.texts("select cast(count(*) as text) from picture").await;
        assert_eq!(count, ["1"]);
        for (file, code) in [(b"<svg onload='alert(1)'/>".as_slice(), "not_a_picture"), (b"", "not_a_picture")] {
            let (status, said) = upload(&app, &site, &cookie, file).await;
            assert_eq!((status, said["problems"][0]["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some(code)), "{said}");
        }
        let viewer = app.signed_in("vic@shop.test", &[(&site, Role::Viewer)]).await;
        assert_eq!(upload(&app, &site, &viewer, &file).await.0, StatusCode::FORBIDDEN);
        assert_eq!(app.get("/i/nothing.png").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_editor_uploads_where_a_picture_is_asked_for() {
    let app = TestApp::sqlite().await;
    let site = app.site().await;
    let mut prompt = bar("look", "Look", json!({ "path": "**" }));
    prompt["content"] = json!({ "notice": { "heading": "Look", "image": { "url": "", "alt": "A card" } } });
    prompt["content"]["notice"]["image"]["url"] = json!("/before.png");
    app.import_json(&site, &[("look.json", prompt)]).await;
    let cookie = app.signed_in("mia@shop.test", &[(&site, Role::Marketer)]).await;
    let browser = Browser::desktop().await;
    browser.sign_in(&app.url("/"), &cookie).await;
    browser.goto(app.url(&format!("/s/{}/prompts/look?part=content", site.id))).await;
    browser.attach(&[&workspace().join("docs/prompt.png")]).await;
    browser
        .wait_for("/\\/i\\/[0-9a-f]{32}\\.(png|jpg)$/.test(document.getElementById('content.notice.image.url').value)")
        .await;
    harness::poll::until("the draft to have it", async || {
        let body = app.texts("select body from prompt_work where key = 'look'").await.concat();
        if body.contains("/i/") { Ok(()) } else { Err(body) }
    })
    .await;
    browser.goto(app.url(&format!("/s/{}/pictures", site.id))).await;
    browser.wait_for("document.querySelector('.pictures img')?.naturalWidth > 0").await;
}
