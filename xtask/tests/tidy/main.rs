//! Those rules of `ARCHITECTURE.md` and `CONTRIBUTING.md` that a program can check and neither the compiler nor clippy knows, as tests.
//!
//! Each rule is a function from files to complaints, in a module of its own with two tests: a seeded fault is found (a rule
//! that cannot fail protects nothing), and the repository has none.

#![expect(clippy::unwrap_used, reason = "a rule that cannot look at the files fails, and says where")]

mod dependencies;
mod features;
mod length;
mod names;
mod purity;
mod shown;
mod sql;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the repository.
struct Source {
    /// From the root, with forward slashes.
    path: String,
    text: String,
}

impl Source {
    /// A file that is nowhere, to seed a fault.
    fn seeded(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn has_extension(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension))
    }

    /// The lines that are not comments, with their numbers from 1 on.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Neither ours nor kept: what tools make, and what version control keeps for itself.
const NOT_OURS: [&str; 4] = [".git", "node_modules", "target", "waymark-data"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every text file of the repository.
fn repository() -> Vec<Source> {
    let mut files = Vec::new();
    walk(&root(), &mut files);
    assert!(files.len() > 50, "the repository has only {} files: this looked in the wrong place", files.len());
    files
}

fn walk(folder: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if NOT_OURS.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        if path.is_dir() {
            walk(&path, into);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            into.push(Source { path, text });
        }
    }
}

/// Fails with every complaint at once.
#[track_caller]
fn assert_clean(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
