//! An acknowledgement comes after the disk: seen from outside, in what the process asks of the kernel.
//!
//! `kill -9` cannot show this (the kernel keeps what a dead process wrote), a power cut would. So every request is followed in a
//! trace: it is read, the write-ahead log is written, the log is synchronised, and only then the answer goes out.

use harness::{Backend, Process, event_id};
use serde_json::json;

/// Requests, one after the other, so that no commit can serve two of them.
const REQUESTS: usize = 50;

#[tokio::test]
async fn between_each_request_and_its_acknowledgement_lies_a_sync_of_the_log() {
    let mut process = Process::start_traced(Backend::Sqlite).await;
    process.import(&["examples/site.json", "examples/journeys"]);
    for _ in 0..REQUESTS {
        let event = json!([{ "id": event_id(), "type": "track", "name": "Trial Started", "user_id": "u1" }]);
        let answer = process.client.server_batch(&process.site.secret, event).await;
        assert_eq!(answer.results(), ["accepted"]);
    }
    assert_eq!(process.terminate().await.code(), Some(0));
    let acknowledged = judge(&process.trace()).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(acknowledged, REQUESTS, "each request is found in the trace");
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Received,
    Written,
    Synced,
}

/// Counts acknowledged requests; `Err` names the first that was acknowledged before its sync.
fn judge(trace: &str) -> Result<usize, String> {
    let mut acknowledged = 0;
    let mut step: Option<Step> = None;
    // Of calls that are interrupted in the trace by others: whose they are, and whether the log had been written by then.
    let mut syncing: Vec<(&str, bool)> = Vec::new();
    for line in trace.lines() {
        let (thread, call) = line.trim_start().split_once(char::is_whitespace).unwrap_or_default();
        let call = call.trim_start();
        let is_sync = call.starts_with("fdatasync(") || call.starts_with("fsync(");
        if call.contains("\"POST /v1/") {
            step = Some(Step::Received);
        } else if call.starts_with("pwrite64(") && call.contains("-wal>") && step.is_some() {
            step = Some(Step::Written);
        } else if is_sync && call.contains("-wal>") {
            let covers = step == Some(Step::Written);
            if call.ends_with("<unfinished ...>") {
                syncing.push((thread, covers));
            } else if covers && call.ends_with("= 0") {
                step = Some(Step::Synced);
            }
        } else if call.contains("sync resumed>") {
            let begun = syncing.iter().position(|(by, _)| *by == thread).map(|at| syncing.swap_remove(at));
            if begun.is_some_and(|(_, covers)| covers) && step == Some(Step::Written) && call.ends_with("= 0") {
                step = Some(Step::Synced);
            }
        } else if call.contains("\"HTTP/1.1 200") {
            match step.take() {
                Some(Step::Synced) => acknowledged += 1,
                // An answer to something else, such as a probe.
                None => {}
                Some(step) => return Err(format!("acknowledged when it was only {step:?}: {line}")),
            }
        }
    }
    Ok(acknowledged)
}

#[test]
fn a_missing_sync_is_found() {
    let post = r#"7 recvfrom(12<socket:[1]>, "POST /v1/events HTTP/1.1\r\nautho"..., 8192, 0, NULL, NULL) = 300"#;
    let write = "8 pwrite64(5</tmp/w/waymark.db-wal>, \"\\0\"..., 4096, 56) = 4096";
    let sync = "8 fdatasync(5</tmp/w/waymark.db-wal>) = 0";
    let split = "8 fdatasync(5</tmp/w/waymark.db-wal> <unfinished ...>";
    let resumed = "8 <... fdatasync resumed>) = 0";
    let answer =
        r#"7 sendto(12<socket:[1]>, "HTTP/1.1 200 OK\r\ncontent-type: ap"..., 200, MSG_NOSIGNAL, NULL, 0) = 200"#;
    let judged = |lines: &[&str]| judge(&lines.join("\n")).ok();
    assert_eq!(judged(&[post, write, sync, answer]), Some(1));
    assert_eq!(judged(&[post, write, split, resumed, answer]), Some(1));
    assert_eq!(judged(&[answer]), Some(0), "an answer to a probe");
    for lines in [
        [post, write, answer, sync].as_slice(),
        &[post, sync, answer],
        &[post, sync, write, answer],
        &[post, write, split, answer, resumed],
        &[post, split, write, resumed, answer],
        &[post, write, "8 fdatasync(5</tmp/w/waymark.db-wal>) = -1 EIO (Input/output error)", answer],
        &[post, write, "8 fdatasync(5</tmp/w/waymark.db>) = 0", answer],
    ] {
        assert_eq!(judged(lines), None, "{lines:#?}");
    }
}
