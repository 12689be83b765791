//! `waymark doctor`: looks at everything that has to be right, and says in plain words what is not.
//!
//! It changes nothing: an old database is not migrated, a missing one not made.

mod csp;
mod fetch;
mod install;
mod page;

use std::fmt;
use std::net::TcpListener;

use engine::Span;
use tokio::runtime::Runtime;

use crate::addresses::Addresses;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::inspect::{self, Inspected};
use fetch::fetch;

/// What was looked at, in order.
#[derive(Debug, Default)]
pub struct Report(Vec<Finding>);

/// One thing that was looked at.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    weight: Weight,
    sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Good,
    /// Works, but somebody should know.
    Note,
    /// Does not work.
    Wrong,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_well(&self) -> bool {
        self.0.iter().all(|finding| finding.weight != Weight::Wrong)
    }

    fn good(&mut self, sentence: impl Into<String>) {
        self.0.push(Finding { weight: Weight::Good, sentence: sentence.into() });
    }

    fn note(&mut self, sentence: impl Into<String>) {
        self.0.push(Finding { weight: Weight::Note, sentence: sentence.into() });
    }

    fn wrong(&mut self, sentence: impl Into<String>) {
        self.0.push(Finding { weight: Weight::Wrong, sentence: sentence.into() });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.0 {
            let sign = match finding.weight {
                Weight::Good => "ok    ",
                Weight::Note => "note  ",
                Weight::Wrong => "WRONG ",
            };
            writeln!(f, "{sign}{}", finding.sentence)?;
        }
        let wrong = self.0.iter().filter(|finding| finding.weight == Weight::Wrong).count();
        match wrong {
            0 => writeln!(f, "\nNothing is wrong."),
            1 => writeln!(f, "\nOne thing is wrong."),
            many => writeln!(f, "\n{many} things are wrong."),
        }
    }
}

/// Looks at this installation, and at `page` if one is given.
pub fn doctor(runtime: &Runtime, config: &Config, page: Option<&str>) -> Report {
    let mut report = Report::default();
    let now = Clock::System.now();
    let inspected = runtime.block_on(inspect::inspect(&config.database_url()));
    database(&mut report, config, &inspected, now);
    let running = port(&mut report, config);
    let public_url = config.public_url(config.listen);
    if running || !config.public_url.is_empty() {
        public_address(&mut report, &public_url, now);
    } else {
        report.note(format!("The public address {public_url} was not tried, since Waymark does not run."));
    }
    if let Some(page) = page {
        let scripts = Addresses::new(&public_url, &config.public_path).script_path();
        install::check(
            &mut report,
            page,
            &public_url,
            &scripts,
            inspected.as_ref().map_or(&[], |i| i.sites.as_slice()),
            now,
        );
    }
    report
}

fn database(
    report: &mut Report,
    config: &Config,
    inspected: &Result<Inspected, inspect::Unfit>,
    now: engine::Timestamp,
) {
    match inspected {
        Ok(found) => {
            report.good(format!("Database: {} opens and is whole.", found.name));
            if found.pending > 0 {
                report.note(format!(
                    "Database: {} changes of this release are not made yet; the next `waymark serve` makes them.",
                    found.pending
                ));
            }
            if let Some(theirs) = found.clock {
                let apart = now.since(theirs);
                if apart.0.abs() > Span(60_000).0 {
                    report.wrong(format!(
                        "Clock: this machine and the database are {} seconds apart: run NTP on both.",
                        apart.0.abs() / 1_000
                    ));
                }
            }
            if found.sites.is_empty() {
                report.note("Sites: there is none yet; the console makes one.".to_owned());
            }
        }
        Err(inspect::Unfit::Missing(path)) => {
            report.note(format!("Database: {} is not there yet; the first `waymark serve` makes it.", path.display()));
            writable(report, &config.data_dir);
        }
        Err(unfit) => report.wrong(format!("Database: {unfit}")),
    }
}

/// Tries what a first start would do, and takes it back.
fn writable(report: &mut Report, folder: &std::path::Path) {
    let existing = folder.ancestors().find(|path| path.is_dir()).unwrap_or(std::path::Path::new("."));
    let probe = existing.join(format!(".waymark-probe-{}", std::process::id()));
    match std::fs::write(&probe, b"") {
        Ok(()) => {
            let _ = std::fs::remove_file(&probe);
            report.good(format!("Folder: {} can be written.", existing.display()));
        }
        Err(error) => report.wrong(format!(
            "Folder: {} cannot be written ({}): make it writable for this user, or choose another with --data-dir.",
            existing.display(),
            error.kind()
        )),
    }
}

/// Whether a collector runs here. A taken port is right if it is ours.
fn port(report: &mut Report, config: &Config) -> bool {
    let address = config.listen;
    match TcpListener::bind(address) {
        Ok(_) => {
            report.good(format!("Port: {address} is free; Waymark does not run on it now."));
            false
        }
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let reachable = if address.ip().is_unspecified() {
                format!("127.0.0.1:{}", address.port())
            } else {
                address.to_string()
            };
            match fetch(&format!("http://{reachable}/readyz")) {
                Ok(answer) if answer.body.starts_with("ready") => {
                    report.good(format!("Port: Waymark runs on {address} and is ready."));
                    true
                }
                Ok(answer) if answer.body.starts_with("not ready") => {
                    report.wrong(format!(
                        "Port: Waymark runs on {address} but is {}: look at its log.",
                        answer.body.trim()
                    ));
                    true
                }
                _ => {
                    report.wrong(format!(
                        "Port: another program uses {address}: stop it, or choose another port with --listen."
                    ));
                    false
                }
            }
        }
        Err(error) => {
            report.wrong(format!(
                "Port: this user cannot listen on {address} ({}): choose another with --listen.",
                error.kind()
            ));
            false
        }
    }
}

fn public_address(report: &mut Report, public_url: &str, now: engine::Timestamp) {
    let local = ["http://127.", "http://localhost", "http://[::1]"].iter().any(|start| public_url.starts_with(start));
    if public_url.starts_with("http://") && !local {
        report.wrong(format!("Public address: {public_url} is not https, so browsers refuse it on every https page: put a proxy with a certificate in front and set --public-url."));
    }
    if local {
        report.note(format!("Public address: {public_url} reaches this machine only; set --public-url before other people's browsers shall use it."));
    }
    match fetch(&format!("{public_url}/healthz")) {
        Ok(answer) if answer.status == 200 && answer.body.trim() == "ok" => {
            report.good(format!("Public address: {public_url} leads to Waymark."));
            if let Some(sentence) = answer.header("date").and_then(|date| clock_apart(date, now)) {
                report.wrong(format!("Clock: {sentence}"));
            } else {
                report.good("Clock: as the public address says.".to_owned());
            }
        }
        Ok(answer) => report.wrong(format!(
            "Public address: {public_url}/healthz answers {} and is not Waymark: look at the proxy's settings.",
            answer.status
        )),
        Err(why) => report
            .wrong(format!("Public address: {public_url} cannot be reached ({why}): look at DNS, firewall and proxy.")),
    }
}

/// A sentence when a server's `Date` header and this machine are more than two minutes apart.
fn clock_apart(date: &str, now: engine::Timestamp) -> Option<String> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp().as_millisecond();
    let seconds = (now.0 - theirs) / 1_000;
    (seconds.abs() > 120).then(|| {
        format!(
            "this machine is {} minutes {} a server on the network: run NTP.",
            seconds.abs() / 60,
            if seconds > 0 { "ahead of" } else { "behind" }
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Timestamp;

    #[test]
    fn a_wrong_clock_is_noticed() {
        let date = "Sat, 21 Nov 2026 20:00:00 GMT";
        let at = 1_795_291_200_000;
        assert_eq!(clock_apart(date, Timestamp(at + 90_000)), None);
        assert!(clock_apart(date, Timestamp(at + 600_000)).unwrap().contains("10 minutes ahead"));
        assert!(clock_apart(date, Timestamp(at - 600_000)).unwrap().contains("10 minutes behind"));
        assert_eq!(clock_apart("nonsense", Timestamp(at)), None);
    }

    #[test]
    fn a_note_is_no_fault() {
        let mut report = Report::default();
        report.good("a");
        report.note("b");
        assert!(report.is_well());
        report.wrong("c");
        assert!(!report.is_well());
        assert!(report.to_string().contains("One thing is wrong"));
    }
}
