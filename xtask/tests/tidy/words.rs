//! The repository speaks of itself alone: no place on somebody's disk, no host that packages happened to come from.

use crate::{Source, assert_clean, repository};

/// First folders of paths that exist on one machine only. Put together here, so that this file does not hold them.
const PLACES: [&str; 3] = ["home", "root", "Users"];

fn strange_places(files: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if PLACES.iter().any(|place| has_absolute(line, &format!("/{place}/"))) {
                complaints.push(format!("{}:{}: a path of somebody's machine", file.path, index + 1));
            }
        }
        let is_lock = file.path.ends_with("package-lock.json");
        if is_lock && file.text.contains("\"resolved\": \"http") {
            complaints.push(format!("{}: names the host its packages came from (see widget/.npmrc)", file.path));
        }
    }
    complaints
}

/// Whether `path` begins a path: what stands before is no part of a longer one, nor of an address.
fn has_absolute(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '*')))
    })
}

#[test]
fn a_path_of_one_machine_is_found_and_an_address_is_none() {
    let found = |text: String| strange_places(&[Source::seeded("README.md", &text)]).len();
    assert_eq!(found(format!("cd /{}/me/waymark", "home")), 1);
    assert_eq!(found(format!("`/{}/.config`", "root")), 1);
    assert_eq!(found(format!("https://example.com/{0}/ and docs/{0}/plan.md", "home")), 0);
}

#[test]
fn a_lock_file_with_hosts_is_found() {
    let lock = Source::seeded("widget/package-lock.json", "\"resolved\": \"https://registry.example/x.tgz\"");
    assert_eq!(strange_places(&[lock]).len(), 1);
}

#[test]
fn the_repository_names_no_place_outside_itself() {
    assert_clean(strange_places(&repository()));
}
