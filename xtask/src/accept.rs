//! The long run before a release: every check with many more seeds and kills, then the benchmarks. It goes on after a
//! failure, so that one run shows all there is, and keeps the outcome of each step in `docs/acceptance.md`.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::{bench, dist, mutants, package, report, size, test};

/// What tells the tests that time does not matter: `WAYMARK_ACCEPT` multiplies the kills, `PROPTEST_CASES` the seeds.
const LONG: [(&str, &str); 2] = [("WAYMARK_ACCEPT", "1"), ("PROPTEST_CASES", "20000")];

struct Outcome {
    step: &'static str,
    took: Duration,
    result: Result<String>,
}

/// Runs everything; fails if anything did, after writing it down.
pub fn accept() -> Result<()> {
    let outcomes = [
        attempt("Format, lints, file sizes", || test::check_code().map(|()| "passed".to_owned())),
        attempt("The shared cases in wasm", || test::cases_in_wasm().map(|()| "passed".to_owned())),
        attempt("Every test, 200 kills, 20,000 cases a property", every_test),
        attempt("Mutants of rules, caps and choosing", mutants::run),
        attempt("Bytes to show one NPS prompt", || {
            size::transfer_within_budget()?;
            size::transfer()
        }),
        attempt("Release binary", || dist::dist().map(|bytes| format!("{:.1} MB", bytes as f64 / 1e6))),
        attempt("Benchmarks", || bench::run("*").map(|_| "passed; figures: docs/benchmarks.md".to_owned())),
    ];
    let results = format!("{}\n{}", report::circumstances("cargo xtask accept"), table(&outcomes));
    report::write(Path::new("docs/acceptance.md"), "Acceptance", &results)?;
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    ensure!(failed == 0, "{failed} of {} steps failed, see docs/acceptance.md", outcomes.len());
    Ok(())
}

fn attempt(step: &'static str, work: impl FnOnce() -> Result<String>) -> Outcome {
    eprintln!("== {step}");
    let begun = Instant::now();
    let result = work();
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    Outcome { step, took: begun.elapsed(), result }
}

fn every_test() -> Result<String> {
    package::build()?;
    size::forget_transfer();
    let log = std::fs::File::create("target/accept.log")?;
    let outcome = test::tests_to(Some(&log), &[], &LONG);
    let counts = Counts::read(&std::fs::read_to_string("target/accept.log")?);
    outcome.with_context(|| counts.to_string())?;
    Ok(counts.to_string())
}

/// The sums over the closing lines of all test programs.
#[derive(Default, PartialEq, Debug)]
struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Counts {
    /// Reads lines such as `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`.
    fn read(log: &str) -> Self {
        let mut counts = Self::default();
        for line in log.lines().filter_map(|line| line.strip_prefix("test result: ")) {
            for part in line.split(['.', ';']) {
                let (number, what) = part.trim().split_once(' ').unwrap_or_default();
                let number = number.parse().unwrap_or(0);
                match what {
                    "passed" => counts.passed += number,
                    "failed" => counts.failed += number,
                    "ignored" => counts.ignored += number,
                    _ => {}
                }
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} ignored", self.passed, self.failed, self.ignored)
    }
}

fn table(outcomes: &[Outcome]) -> String {
    let mut table = "| Step | Result | Minutes |\n|---|---|---|\n".to_owned();
    for Outcome { step, took, result } in outcomes {
        let result = match result {
            Ok(detail) => detail.clone(),
            Err(error) => format!("**failed**: {}", format!("{error:#}").replace('|', "/").replace('\n', " ")),
        };
        table += &format!("| {step} | {result} | {:.1} |\n", took.as_secs_f64() / 60.0);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_are_added_up() {
        let log = "test a ... ok\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.1s\n\
                   test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(Counts::read(log), Counts { passed: 14, failed: 3, ignored: 1 });
    }

    #[test]
    fn a_failure_stays_on_its_line_of_the_table() {
        let result = Err(anyhow::anyhow!("one\ntwo | three"));
        let outcome = Outcome { step: "Step", took: Duration::from_secs(90), result };
        assert!(table(&[outcome]).ends_with("| Step | **failed**: one two / three | 1.5 |\n"));
    }
}
