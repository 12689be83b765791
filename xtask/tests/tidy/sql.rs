//! SQL stands only under `collector/src/store/`, and so does the library that runs it.

use crate::{Source, assert_clean, repository};

const STORE: &str = "collector/src/store/";

/// The product's code; a test may ask the database itself what it holds.
const SEARCHED: [&str; 3] = ["collector/src/", "engine/src/", "widget/src/"];

fn stray_sql(files: &[Source]) -> Vec<String> {
    let searched = files.iter().filter(|file| {
        file.has_extension(&["rs"])
            && SEARCHED.iter().any(|folder| file.path.starts_with(folder))
            && !file.path.starts_with(STORE)
    });
    searched.flat_map(in_file).collect()
}

fn in_file(file: &Source) -> Vec<String> {
    let library = file.code().filter(|(_, line)| line.contains("sqlx::") || line.contains("use sqlx"));
    let mut complaints: Vec<String> =
        library.map(|(line, _)| format!("{}:{line}: sqlx outside {STORE}", file.path)).collect();
    let code: String = file.code().map(|(_, line)| format!("{line}\n")).collect();
    // Whatever follows a quotation mark up to the next one: text, or the code between two texts, which never reads as SQL.
    let statements = code.split('"').filter(|text| is_sql(text));
    complaints.extend(statements.map(|text| {
        let start: String = text.trim().chars().take(40).collect();
        format!("{}: SQL outside {STORE}: {start}", file.path)
    }));
    complaints
}

/// Whether a text is a statement. `Select a person from the list` is none: SQL is written in one case.
fn is_sql(text: &str) -> bool {
    let text = text.trim_start_matches(['\\', '\n', ' ']);
    let verb = text.split_whitespace().next().unwrap_or_default();
    if verb != verb.to_lowercase() && verb != verb.to_uppercase() {
        return false;
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase() + " ";
    let starts = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    starts(&["insert into ", "delete from ", "pragma ", "create table ", "create index ", "create unique index "])
        || starts(&["alter table ", "drop table ", "drop index ", "begin immediate "])
        || (text.starts_with("select ") && (text.contains(" from ") || text == "select 1 "))
        || (text.starts_with("update ") && text.contains(" set "))
        || (text.starts_with("with ") && text.contains(" as ("))
}

#[test]
fn sql_is_found_where_it_does_not_belong() {
    let found = |path: &str, text: &str| stray_sql(&[Source::seeded(path, text)]).len();
    let stray = "collector/src/people/mod.rs";
    assert_eq!(found(stray, "query(\"select id from event where site = $1\")"), 1);
    assert_eq!(found(stray, "query(r#\"\n    UPDATE person\n    SET name = $1\"#)"), 1);
    assert_eq!(found(stray, "let sql = \"insert into \\\n event\";"), 1);
    assert_eq!(found(stray, "let rows = sqlx::query(text);"), 1);
    assert_eq!(found("engine/src/rule/mod.rs", "\"pragma synchronous\""), 1);
}

#[test]
fn a_sentence_and_the_store_are_left_in_peace() {
    let found = |path: &str, text: &str| stray_sql(&[Source::seeded(path, text)]);
    assert_clean(found("collector/src/console/mod.rs", "p { \"Select a person from the list\" \"update the page\" }"));
    assert_clean(found("collector/src/console/mod.rs", "// was \"delete from event\"\n"));
    assert_clean(found("collector/src/store/events.rs", "sqlx::query(\"delete from event\")"));
}

#[test]
fn the_repository_has_sql_only_in_the_store() {
    assert_clean(stray_sql(&repository()));
}
