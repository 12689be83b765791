//! Files on disk, read for [`super::import`]: folders are walked, every `.json` in them is taken, in one order everywhere.

use std::path::{Path, PathBuf};

/// Larger files are not prompts.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A file as it was found.
#[derive(Debug)]
pub struct File {
    /// Its path, as it is shown in problems.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Reads files and folders. The sentence in `Err` says which path failed, and why.
pub fn read(paths: &[PathBuf]) -> Result<Vec<File>, String> {
    let mut names = Vec::new();
    for path in paths {
        walk(path, true, &mut names)?;
    }
    names.sort();
    names.dedup();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        Ok(File { path: path.display().to_string(), text })
    };
    names.into_iter().map(read).collect()
}

/// A file that was named is read whatever it is called; of a folder only what ends in `.json`.
fn walk(path: &Path, named: bool, names: &mut Vec<PathBuf>) -> Result<(), String> {
    let meta = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if meta.is_dir() {
        for entry in std::fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
            walk(&entry.map_err(|error| unreadable(path, &error))?.path(), false, names)?;
        }
    } else if named || path.extension().is_some_and(|ending| ending == "json") {
        if meta.len() > FILE_BYTES_MAX {
            return Err(format!("{} is larger than 1 MB, so it is no prompt and no journey.", path.display()));
        }
        names.push(path.to_owned());
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be read: {error}.", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_its_json_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::create_dir(path("b")).unwrap();
        for name in ["z.json", "a.json", "b/c.json", "notes.txt"] {
            std::fs::write(path(name), "{}").unwrap();
        }
        let names = |paths: &[PathBuf]| {
            read(paths).map(|files| files.into_iter().map(|f| PathBuf::from(f.path)).collect::<Vec<_>>())
        };
        assert_eq!(names(&[dir.path().to_owned()]).unwrap(), [path("a.json"), path("b/c.json"), path("z.json")]);
        assert_eq!(names(&[path("a.json"), dir.path().to_owned()]).unwrap().len(), 3, "named twice, read once");
        assert_eq!(names(&[path("notes.txt")]).unwrap(), [path("notes.txt")], "a file that is named is read");
        assert!(names(&[path("nowhere")]).unwrap_err().contains("cannot be read"));
    }
}
