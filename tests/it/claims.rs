//! `tests/compatibility.toml` claims nothing without a test: each that it names is one of this program.

use std::collections::BTreeSet;
use std::process::Command;

use harness::workspace;

#[test]
fn each_test_that_is_named_is_there() {
    let listed = Command::new(std::env::current_exe().unwrap()).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let there: BTreeSet<_> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let claims = std::fs::read_to_string(workspace().join("tests/compatibility.toml")).unwrap();
    let named = claims.split('"').filter(|text| text.contains("::") && !text.contains(' '));
    let named: BTreeSet<_> = named.collect();
    assert!(named.len() > 50, "{named:?}");
    assert_eq!(named.difference(&there).collect::<Vec<_>>(), [&""; 0]);
}
