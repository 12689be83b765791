//! A file wants 60 to 200 lines; above 500 it is several things.

use crate::{Source, assert_clean, repository};

const MOST: usize = 500;

fn too_long(files: &[Source]) -> Vec<String> {
    let code = files.iter().filter(|file| file.has_extension(&["rs", "js", "css", "sql"]));
    let lengths = code.map(|file| (file.text.lines().count(), &file.path));
    lengths
        .filter(|(lines, _)| *lines > MOST)
        .map(|(lines, path)| format!("{path}: {lines} lines, at most {MOST}"))
        .collect()
}

#[test]
fn a_long_file_is_found() {
    let lines = |count| "x\n".repeat(count);
    let files = [
        Source::seeded("engine/src/long.rs", &lines(MOST + 1)),
        Source::seeded("engine/src/enough.rs", &lines(MOST)),
        Source::seeded("widget/package-lock.json", &lines(9000)),
    ];
    assert_eq!(too_long(&files), ["engine/src/long.rs: 501 lines, at most 500"]);
}

#[test]
fn no_file_is_too_long() {
    assert_clean(too_long(&repository()));
}
