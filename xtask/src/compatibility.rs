//! `docs/compatibility.md`: on which pages and in which browsers the widget works, made from the tests that show it.
//!
//! `tests/compatibility.toml` says what is claimed and by which tests; nothing is claimed that did not pass in this run. The one thing to
//! know: a test ran in Firefox where its name begins with `firefox::`, else in Chromium.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::{package, process, report, test};

const CLAIMS: &str = "tests/compatibility.toml";
const LOG: &str = "target/compatibility.log";
const DOCUMENT: &str = "docs/compatibility.md";

#[derive(Deserialize)]
struct Claims {
    part: Vec<Part>,
    untested: Vec<Untested>,
}

#[derive(Deserialize)]
struct Part {
    title: String,
    #[serde(default)]
    intro: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    what: String,
    tests: Vec<String>,
}

#[derive(Deserialize)]
struct Untested {
    what: String,
    why: String,
}

/// What `cargo xtask compatibility` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Take the outcomes from what a whole `cargo xtask test` of this very commit has printed, in place of running the tests
    #[arg(long)]
    log: Option<PathBuf>,
}

/// Runs the tests that are named and writes what they showed; fails after writing if one of them did.
pub fn compatibility(args: &Args) -> Result<()> {
    let claims: Claims = toml::from_str(&fs::read_to_string(CLAIMS)?).with_context(|| CLAIMS.to_owned())?;
    let mut names: Vec<&str> = claims.part.iter().flat_map(|part| &part.rows).flat_map(Row::names).collect();
    names.sort_unstable();
    names.dedup();
    let (ran, log) = match &args.log {
        Some(log) => (Ok(()), fs::read_to_string(log).with_context(|| log.display().to_string())?),
        None => (run(&names), fs::read_to_string(LOG)?),
    };
    ensure!(
        !log.contains("the tests in Firefox did not run"),
        "there is no Firefox: CONTRIBUTING.md says how to have it"
    );
    let outcomes = outcomes(&log);
    if let Some(name) = names.iter().find(|name| !outcomes.contains_key(*name)) {
        ran?;
        bail!("{CLAIMS}: there is no test {name}");
    }
    let results = format!(
        "{}- Browsers: {}\n\n{}",
        report::circumstances("cargo xtask compatibility"),
        browsers(),
        claims.told(&outcomes)
    );
    report::write(Path::new(DOCUMENT), "Compatibility", &results)?;
    let failed: Vec<_> = names.iter().filter(|name| !outcomes[*name]).copied().collect();
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    ran
}

/// Runs these tests and no others; what they print goes to [`LOG`].
fn run(names: &[&str]) -> Result<()> {
    package::build()?;
    test::cases_for_browser()?;
    let mut arguments = vec!["--test", "it", "--", "--exact"];
    arguments.extend(names);
    test::tests_to(Some(&File::create(LOG)?), &arguments, &[("WAYMARK_TEST_FIREFOX", "required")])
}

/// What each test came to, from lines such as `test odd::on_paper_there_is_nothing_of_ours ... ok`.
fn outcomes(log: &str) -> HashMap<&str, bool> {
    log.lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .map(|(name, outcome)| (name, outcome == "ok"))
        .collect()
}

/// The versions that are installed, in the words of the browsers themselves.
fn browsers() -> String {
    let asked = ["chromium", "firefox"].map(|program| {
        let said = process::read(Command::new(program).arg("--version")).unwrap_or_else(|_| program.to_owned());
        // Chromium goes on with what its distributor has built it on.
        said.split(" built on").next().unwrap_or_default().trim().to_owned()
    });
    format!("{}, without windows", asked.join(" and "))
}

impl Row {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().map(String::as_str)
    }

    /// What its tests in one of the browsers came to.
    fn told(&self, outcomes: &HashMap<&str, bool>, in_firefox: bool) -> String {
        let ran: Vec<bool> = self
            .names()
            .filter(|name| name.starts_with("firefox::") == in_firefox)
            .map(|name| outcomes.get(name).copied().unwrap_or(false))
            .collect();
        let failed = ran.iter().filter(|passed| !*passed).count();
        match (ran.len(), failed) {
            (0, _) => "not tested".to_owned(),
            (_, 0) => "yes".to_owned(),
            (all, failed) => format!("**{failed} of {all} failed**"),
        }
    }
}

impl Claims {
    fn told(&self, outcomes: &HashMap<&str, bool>) -> String {
        let mut told = String::new();
        for Part { title, intro, rows } in &self.part {
            told += &format!("## {title}\n\n");
            if !intro.is_empty() {
                told += &format!("{intro}\n\n");
            }
            told += "| What | Chromium | Firefox | Tests |\n|---|---|---|---|\n";
            for row in rows {
                let [chromium, firefox] = [false, true].map(|in_firefox| row.told(outcomes, in_firefox));
                let tests = row.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                told += &format!("| {} | {chromium} | {firefox} | {tests} |\n", row.what);
            }
            told += "\n";
        }
        told += "## Not tested\n\n| What | Why |\n|---|---|\n";
        for Untested { what, why } in &self.untested {
            told += &format!("| {what} | {why} |\n");
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_browser_is_told_of_by_its_own_tests() {
        let log = "running 3 tests\ntest a::one ... ok\ntest firefox::one ... FAILED\ntest firefox::two ... ok\n";
        let outcomes = outcomes(log);
        let row =
            |tests: &[&str]| Row { what: String::new(), tests: tests.iter().map(|&test| test.to_owned()).collect() };
        for (tests, chromium, firefox) in [
            (&["a::one"][..], "yes", "not tested"),
            (&["a::one", "firefox::two"], "yes", "yes"),
            (&["firefox::one", "firefox::two"], "not tested", "**1 of 2 failed**"),
        ] {
            let row = row(tests);
            assert_eq!([row.told(&outcomes, false), row.told(&outcomes, true)], [chromium, firefox], "{tests:?}");
        }
    }
}
