//! Who may depend on what: checked on the resolved tree, not on what a manifest seems to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::{Source, assert_clean, repository, root};

/// What no module that visitors fetch may link: large, for the little that a page needs of it.
const TOO_DEAR: [&str; 8] = ["chrono", "jiff", "regex", "regex-lite", "serde_json", "tokio", "url", "uuid"];

/// What Waymark has chosen to be built on, and by which crate each is used: its folder, its package, the list.
const CHOSEN: [(&str, &str, &[&str]); 3] = [
    ("engine", "waymark-engine", &["serde"]),
    ("widget/view", "waymark-view", &["wasm-bindgen", "web-sys", "serde", "serde-wasm-bindgen", "gloo-timers"]),
    ("collector", "waymark-collector", &["axum", "tokio", "sqlx", "serde"]),
];

/// The modules that visitors fetch.
const MODULES: [&str; 4] = ["waymark-widget", "waymark-contents", "waymark-page", "waymark-overlay"];

fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml"));
    // Of the browser's tree; what the collector needs besides is not of interest here.
    command.other_options(vec!["--filter-platform".to_owned(), "wasm32-unknown-unknown".to_owned()]);
    command.exec().unwrap()
}

/// The names of all that ends up in the product of `package`: normal dependencies all the way, macros' own left out.
fn linked(metadata: &Metadata, package: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().unwrap();
    let edges: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, &node.deps)).collect();
    let mut open = vec![&metadata.packages.iter().find(|other| other.name == package).unwrap().id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) || metadata[id].targets.iter().any(|target| target.is_proc_macro()) {
            continue;
        }
        let normal =
            edges[id].iter().filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        open.extend(normal.map(|dep| &dep.pkg));
    }
    seen.into_iter().map(|id| metadata[id].name.to_string()).collect()
}

fn too_dear(tree: &BTreeSet<String>) -> Vec<String> {
    let dear = TOO_DEAR.iter().filter(|name| tree.contains(**name));
    dear.map(|name| format!("the widget links {name}: cargo tree -p waymark-widget -i {name} says why")).collect()
}

#[test]
fn the_walk_through_the_tree_finds_what_is_linked() {
    // The collector links what the widget must not; if the walk missed it there, it would miss it in the widget too.
    let tree = linked(&metadata(), "waymark-collector");
    assert!(too_dear(&tree).len() >= 3, "{tree:?}");
}

#[test]
fn the_widget_links_nothing_too_dear() {
    let metadata = metadata();
    for module in MODULES {
        let tree = linked(&metadata, module);
        assert!(tree.contains("web-sys"), "{tree:?}");
        assert_clean(too_dear(&tree));
    }
}

#[test]
fn the_engine_depends_on_serde_only() {
    let metadata = metadata();
    let engine = metadata.packages.iter().find(|package| package.name == "waymark-engine").unwrap();
    let normal = engine.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    assert_eq!(normal.map(|dependency| dependency.name.as_str()).collect::<Vec<_>>(), ["serde"]);
}

/// Chosen packages that a crate does not list itself, or lists and does not use.
fn not_used(folder: &str, chosen: &[&str], listed: &BTreeSet<String>, files: &[Source]) -> Vec<String> {
    let source = format!("{folder}/src/");
    let code: Vec<&Source> =
        files.iter().filter(|file| file.path.starts_with(&source) && file.has_extension(&["rs"])).collect();
    let used = |package: &str| {
        let path = format!("{}::", package.replace('-', "_"));
        code.iter().any(|file| file.code().any(|(_, line)| line.contains(&path)))
    };
    let mut complaints = Vec::new();
    for package in chosen {
        if !listed.contains(*package) {
            complaints.push(format!("{folder} does not depend on {package}"));
        } else if !used(package) {
            complaints.push(format!("{folder} depends on {package} and does not use it"));
        }
    }
    complaints
}

#[test]
fn a_package_that_is_absent_or_idle_is_found() {
    let listed = BTreeSet::from(["web-sys".to_owned(), "serde".to_owned()]);
    let files = [Source::seeded("widget/src/lib.rs", "use serde::Serialize;\n// web_sys::Window\n")];
    let found = not_used("widget", &["web-sys", "serde", "gloo-timers"], &listed, &files);
    assert_eq!(found, ["widget depends on web-sys and does not use it", "widget does not depend on gloo-timers"]);
}

#[test]
fn every_chosen_package_is_used_by_its_crate() {
    let (metadata, files) = (metadata(), repository());
    let complaints = CHOSEN.iter().flat_map(|(folder, name, chosen)| {
        let package = metadata.packages.iter().find(|package| package.name == *name).unwrap();
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        let listed = normal.map(|dependency| dependency.name.clone()).collect();
        not_used(folder, chosen, &listed, &files)
    });
    assert_clean(complaints.collect());
}

/// Dependencies that `document` does not name in backticks.
fn without_reason(dependencies: &BTreeSet<String>, document: &str) -> Vec<String> {
    let missing = dependencies.iter().filter(|name| !document.contains(&format!("`{name}`")));
    missing.map(|name| format!("CONTRIBUTING.md does not say why we depend on `{name}`")).collect()
}

#[test]
fn a_dependency_without_reason_is_found() {
    let dependencies = BTreeSet::from(["axum".to_owned(), "sqlx".to_owned()]);
    assert_eq!(
        without_reason(&dependencies, "- `axum`: the way in"),
        ["CONTRIBUTING.md does not say why we depend on `sqlx`"]
    );
}

#[test]
fn every_direct_dependency_has_a_reason() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    let direct =
        members.iter().flat_map(|package| &package.dependencies).filter(|dependency| dependency.path.is_none());
    let mut names: BTreeSet<String> = direct.map(|dependency| dependency.name.clone()).collect();
    for (file, list) in [("widget/package.json", "devDependencies"), ("collector/web/package.json", "dependencies")] {
        let npm: serde_json::Value = serde_json::from_slice(&fs::read(root().join(file)).unwrap()).unwrap();
        names.extend(npm[list].as_object().unwrap().keys().cloned());
    }
    let document = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap_or_default();
    assert_clean(without_reason(&names, &document));
}
