//! A module is named after what it knows. These names say nothing, so they collect everything.

use crate::{Source, assert_clean, repository};

const EMPTY: [&str; 8] = ["common", "helper", "helpers", "misc", "services", "types", "util", "utils"];

fn empty_names(files: &[Source]) -> Vec<String> {
    let named = |path: &str| path.split('/').any(|part| EMPTY.contains(&part.split('.').next().unwrap_or(part)));
    let code = files.iter().filter(|file| file.has_extension(&["rs", "js", "css"]) && named(&file.path));
    code.map(|file| format!("{}: a name that says nothing", file.path)).collect()
}

#[test]
fn an_empty_name_is_found_as_file_and_as_folder() {
    let files = ["engine/src/utils.rs", "collector/src/common/ids.rs", "engine/src/event.rs", "docs/types.md"];
    let found = empty_names(&files.map(|path| Source::seeded(path, "")));
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn no_module_has_an_empty_name() {
    assert_clean(empty_names(&repository()));
}
