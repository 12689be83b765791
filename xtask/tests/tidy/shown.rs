//! `tests/README.md` says which test shows what in a browser. A test that is renamed must be renamed there.

use crate::{Source, assert_clean, repository};

const README: &str = "tests/README.md";

/// Names such as `surveys::form` or `moments::nobody_moves` in its tables that are neither a file of tests nor a test in one.
fn gone(files: &[Source]) -> Vec<String> {
    let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let module = |name: &str| text(&format!("tests/it/{}.rs", name.replace("::", "/")));
    let is_test = |name: &str| {
        let (file, test) = name.rsplit_once("::").unwrap_or_default();
        module(file).is_some_and(|text| text.contains(&format!("async fn {test}(")))
    };
    let rows = text(README).unwrap_or_default().lines().filter(|line| line.starts_with("| "));
    let names = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let gone = names.filter(|name| module(name).is_none() && !is_test(name));
    gone.map(|name| format!("{README}: there is no test {name}")).collect()
}

#[test]
fn a_test_that_is_gone_is_found() {
    let readme =
        "`nothing`\n| What | Tests |\n| a | `lots`, `lots::drawn`, `lots::shown`, `contents::walk` |\n| b | `luck` |";
    let files = [
        (README, readme),
        ("tests/it/lots.rs", "async fn drawn() {}"),
        ("tests/it/contents/walk.rs", ""),
        ("tests/it/other.rs", "async fn shown() {}"),
    ];
    let found = gone(&files.map(|(path, text)| Source::seeded(path, text)));
    assert_eq!(found, ["lots::shown", "luck"].map(|name| format!("{README}: there is no test {name}")));
}

#[test]
fn each_test_that_is_named_is_there() {
    let files = repository();
    assert!(files.iter().any(|file| file.path == README && file.text.contains("| `overlay` |")), "the table is there");
    assert_clean(gone(&files));
}
