//! What an operator does from a terminal, with the real program: import, back up, restore, ask what is wrong, stop.
//! What the way in and the console refuse stands in `refusals.rs`.

use std::io::{Read, Write};
use std::net::TcpStream;

use harness::{Backend, Ended, Pages, Process, TestApp, event_id, poll, workspace};
use serde_json::{Value, json};

const MISTAKES: &str = "tests/cases/import/mistakes";

#[tokio::test]
async fn an_import_tells_every_mistake_and_loads_nothing() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let process = Process::start(backend).await;
        let folder = workspace().join(MISTAKES).display().to_string();
        let ended = process.run(&["import", "--site", &process.site.key, &folder]).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{ended:?}");
        let told = ended.err.replace(&format!("{folder}/"), "");
        let expected = std::fs::read_to_string(workspace().join("tests/cases/import/mistakes.txt")).unwrap();
        assert_eq!(told, expected, "\n{told}");
        assert_eq!(
            process.texts("select key from document").await,
            [""; 0],
            "nothing is half-loaded, not even the good file"
        );

        let good = format!("{folder}/good.json");
        let ended = process.run(&["import", "--site", &process.site.key, &good]).await;
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
        assert_eq!(process.texts("select key from document").await, ["fine"]);
        let again = process.run(&["import", &good]).await;
        assert!(
            again.code == Some(0) && again.out.contains("nothing changed"),
            "the only site need not be named: {again:?}"
        );
        let stranger = process.run(&["import", "--site", "wk_of_nobody", &good]).await;
        one_sentence(&stranger, "No site has the key wk_of_nobody");
        let nowhere = process.run(&["import", "no/such/folder"]).await;
        one_sentence(&nowhere, "no/such/folder cannot be read");
    }
}

#[tokio::test]
async fn what_is_published_must_go_on_to_fit() {
    let app = TestApp::sqlite().await;
    let site = app.site().await;
    let groups = |key: &str| json!({ "page_groups": [{ "key": key, "paths": ["/pricing"] }] });
    let prompt = json!({ "key": "hello", "placement": "modal", "rule": { "page_group": "prices" },
        "content": { "community": { "heading": "Hello", "links": [{ "label": "Forum", "url": "https://forum.example" }] } } });
    app.import_json(&site, &[("site.json", groups("prices")), ("hello.json", prompt)]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.json");
    std::fs::write(&file, groups("costs").to_string()).unwrap();
    let refused = app.try_import(&site, &[&file.display().to_string()]).await.unwrap_err();
    let expected =
        "The published prompt \"hello\" would not fit any more, at rule: There is no page group called \"prices\".";
    assert!(refused.contains(expected), "{refused}");
}

#[tokio::test]
async fn a_backup_brings_back_what_was_there_and_the_stages_with_it() {
    let mut process = Process::start(Backend::Sqlite).await;
    process.import(&["examples/site.json", "examples/journeys"]);
    // The events come at once, so some before the running collector has noticed the journey.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db").display().to_string();
    let (before, after) = (customers(20), customers(5));
    send(&process, &before).await;
    let ended = process.run(&["backup", &file]).await;
    assert!(ended.code == Some(0) && ended.out.contains("holds everything up to now"), "while it runs: {ended:?}");
    one_sentence(&process.run(&["backup", &file]).await, "exists already");
    send(&process, &after).await;
    assert_eq!(process.texts("select id from event").await.len(), 25 * 2);

    one_sentence(&process.run(&["restore", &file]).await, "stop it first");
    assert_eq!(process.terminate().await.code(), Some(0));
    let stranger = folder.path().join("notes.txt");
    std::fs::write(&stranger, "not a database").unwrap();
    one_sentence(&process.run(&["restore", &stranger.display().to_string()]).await, "not a backup");
    let ended = process.run(&["restore", &file]).await;
    assert!(ended.code == Some(0) && ended.out.contains("is kept as"), "{ended:?}");

    process.restart().await;
    assert_eq!(process.texts("select id from event").await.len(), 20 * 2, "as it was when it was backed up");
    all_folded(&process, 20).await;
    let stages = process.texts("select distinct stage from journey_state").await;
    assert_eq!(stages, ["onboarding"]);
    // Senders that keep what was not acknowledged by this database lose nothing: what came after the backup is new again.
    for (events, expected) in [(&before, "duplicate"), (&after, "accepted")] {
        let answer = process.client.server_batch(&process.site.secret, events.clone()).await;
        assert!(answer.results().iter().all(|result| result == expected), "{}", answer.text);
    }
    all_folded(&process, 25).await;
}

#[tokio::test]
async fn postgres_is_backed_up_by_its_own_tools() {
    let process = Process::start(Backend::Postgres).await;
    for (command, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let ended = process.run(&[command, "waymark.backup"]).await;
        assert_eq!(ended.code, Some(1), "nothing was done, so it must not look as if: {ended:?}");
        assert!(ended.err.contains(tool) && ended.err.contains("waymark.backup"), "{ended:?}");
    }
}

#[tokio::test]
async fn the_doctor_finds_nothing_wrong_where_nothing_is() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let mut process = Process::start(backend).await;
        let ended = process.run(&["doctor"]).await;
        assert!(
            ended.code == Some(0) && ended.out.contains("is ready") && ended.out.contains("Nothing is wrong."),
            "{ended:?}"
        );
        assert_eq!(process.terminate().await.code(), Some(0));
        let stopped = process.run(&["doctor"]).await;
        assert!(stopped.code == Some(0) && stopped.out.contains("Waymark does not run"), "{stopped:?}");
    }
}

#[tokio::test]
async fn the_doctor_says_what_a_page_lacks() {
    let process = Process::start(Backend::Sqlite).await;
    let key = &process.site.key;
    let snippet = |key: &str| {
        format!("<script async fetchpriority='high' src='{}'></script>", process.client.url(&format!("/w/{key}.js")))
    };
    let policy = |text: &str| format!("<meta http-equiv='Content-Security-Policy' content=\"{text}\">{}", snippet(key));
    let host = process.client.url("");
    let pages = Pages::serve([
        ("/", snippet(key)),
        ("/other", snippet("wk_of_nobody")),
        ("/bare", "<p>nothing</p>".to_owned()),
        ("/strict", policy("default-src 'self'")),
        ("/wasm", policy(&format!("script-src {host}; connect-src {host}"))),
        ("/fine", policy(&format!("default-src 'self'; script-src {host} 'wasm-unsafe-eval'; connect-src {host}"))),
    ])
    .await;
    let unlisted = process.run(&["doctor", &pages.url("/")]).await;
    assert_eq!(
        wrong(&unlisted),
        [format!("Origin: {} is not in the list of Test: allow it on the console's first page.", pages.origin())]
    );

    allow(&process, &pages.origin()).await;
    for (path, expected) in [
        ("/", vec![]),
        ("/fine", vec![]),
        ("/other", vec!["no site has the key wk_of_nobody"]),
        ("/bare", vec!["not in the page's source: paste the line"]),
        ("/wasm", vec![]),
        ("/strict", vec!["to script-src, or the browser does not load", "to connect-src"]),
        ("/nowhere", vec!["answers 404"]),
    ] {
        let ended = process.run(&["doctor", &pages.url(path)]).await;
        let wrong = wrong(&ended);
        assert_eq!(wrong.len(), expected.len(), "{path}: {ended:?}");
        for (sentence, part) in wrong.iter().zip(&expected) {
            assert!(sentence.contains(part) && sentence.ends_with(['.', ')']), "{path}: {sentence}");
        }
        assert_eq!(ended.code, Some(i32::from(!expected.is_empty())), "{path}");
    }
    let unreachable = process.run(&["doctor", "http://127.0.0.1:9/"]).await;
    assert!(wrong(&unreachable)[0].contains("cannot be fetched"), "{unreachable:?}");
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_start_is_said_in_one_sentence() {
    let process = Process::start(Backend::Sqlite).await;
    one_sentence(&process.run(&["serve"]).await, "already taken by another program");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a_file");
    std::fs::write(&file, "").unwrap();
    // A file is a folder that nobody can write to, root included.
    let inside = file.join("data").display().to_string();
    let url = format!("sqlite:{inside}/waymark.db");
    let free = ["--listen", "127.0.0.1:0"];
    let ended = process.run(&[&["serve", "--data-dir", &inside, "--database", &url], free.as_slice()].concat()).await;
    one_sentence(&ended, "make it writable for this user, or choose another folder with --data-dir");

    let config = folder.path().join("waymark.toml");
    std::fs::write(&config, "[limits]\nqueue_event = 5\n").unwrap();
    let ended = process.run(&["serve", "--config", &config.display().to_string()]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for part in [config.display().to_string().as_str(), "line 2", "queue_event", "queue_events"] {
        assert!(ended.err.contains(part), "{part} is missing: {}", ended.err);
    }
    one_sentence(&process.run(&["serve", "--set", "limits.queue_event=5"]).await, "--set limits.queue_event=5");
    one_sentence(&process.run(&["serve", "--set", "limits.queue_events=many"]).await, "--set limits.queue_events=many");
    one_sentence(&process.run(&["serve", "--listen", "nowhere"]).await, "--listen");
    let newer = process.run(&["serve", "--database", "mysql://x"]).await;
    assert_eq!(newer.code, Some(1));
    assert_eq!(process.run(&["swerve"]).await.code, Some(2), "no such command");
    let help = process.run(&["--help"]).await;
    for command in ["serve", "import", "backup", "restore", "doctor"] {
        assert!(help.code == Some(0) && help.out.contains(command), "{help:?}");
    }
}

#[tokio::test]
async fn what_is_under_way_is_answered_before_the_end() {
    let mut process = Process::start(Backend::Sqlite).await;
    let body =
        json!({ "events": [{ "id": event_id(), "type": "track", "name": "Paid", "user_id": "u1" }] }).to_string();
    let (first, rest) = body.split_at(20);
    let address = process.client.url("").replace("http://", "");
    let mut connection = TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{first}",
        process.site.secret,
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    // The request is known to be under way once its own connection has been served a whole round trip elsewhere.
    assert_eq!(process.client.get("/healthz").await.status, 200);
    let rest = rest.to_owned();
    let answer = std::thread::spawn(move || {
        // Once nobody is let in any more, the signal has arrived and the end has begun.
        while TcpStream::connect(&address).is_ok() {
            std::thread::yield_now();
        }
        connection.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    });
    assert_eq!(process.terminate().await.code(), Some(0));
    let answer = answer.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("accepted"), "{answer}");
    process.restart().await;
    assert_eq!(process.texts("select id from event").await.len(), 1);
}

/// It failed, and said why and what to do in a line.
fn one_sentence(ended: &Ended, part: &str) {
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    assert!(ended.err.contains(part), "{}", ended.err);
    assert!(!ended.err.contains("Error {") && !ended.err.contains("panicked"), "{}", ended.err);
}

/// What the doctor calls wrong.
fn wrong(ended: &Ended) -> Vec<String> {
    let lines = ended.out.lines().filter_map(|line| line.strip_prefix("WRONG "));
    lines.map(str::to_owned).collect()
}

/// Two events each: a trial and its payment.
fn customers(count: usize) -> Value {
    let event = |account: &str, name| json!({ "id": event_id(), "type": "track", "name": name, "account_id": account, "props": { "mrr": 9 } });
    let accounts: Vec<String> = (0..count).map(|_| event_id().to_string()).collect();
    let events =
        accounts.iter().flat_map(|account| ["Trial Started", "Subscription Started"].map(|name| event(account, name)));
    events.collect()
}

async fn send(process: &Process, events: &Value) {
    process.client.server_batch(&process.site.secret, events.clone()).await.accepted();
}

/// The stages are what the log gives; at once, unless a journey was published in the very moment of an event.
async fn all_folded(process: &Process, subjects: u64) {
    poll::until("the stages to be those of the log", async || {
        let report = process.replay().await;
        assert_eq!(report.subjects, subjects);
        if report.different.is_empty() { Ok(()) } else { Err(format!("{:?}", report.different)) }
    })
    .await;
}

/// Puts an origin into the site's list, as the console does.
async fn allow(process: &Process, origin: &str) {
    let db = collector::store::Db::open(&process.database_url(), 1).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    collector::store::sites::insert_origin(&mut tx.conn(), &process.site.id, origin).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}
