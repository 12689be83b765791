//! From figures to a section of the document.

use std::path::PathBuf;

/// The middle one. Of an even number, the lower of the two in the middle.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

/// A table in Markdown.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
    text.push_str(&line(&vec!["---".to_owned(); head.len()]));
    text.extend(rows.iter().map(|cells| line(cells)));
    text
}

/// A figure with as many digits as it can bear.
pub fn digits(figure: f64) -> String {
    match figure.abs() {
        large if large >= 1000.0 => {
            let whole = format!("{figure:.0}");
            let split = whole.len() % 3;
            let mut parts: Vec<&str> =
                whole.as_bytes()[split..].chunks(3).filter_map(|part| std::str::from_utf8(part).ok()).collect();
            if split > 0 {
                parts.insert(0, &whole[..split]);
            }
            parts.join(" ")
        }
        medium if medium >= 100.0 => format!("{figure:.0}"),
        small if small >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// A goal that a ratio must keep to.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

impl Goal {
    /// The goal, the figure, and whether it is met, as cells.
    pub fn judge(self, figure: f64) -> [String; 3] {
        let (words, goal, met) = match self {
            Goal::AtMost(goal) => ("at most", goal, figure <= goal),
            Goal::AtLeast(goal) => ("at least", goal, figure >= goal),
        };
        let verdict = match met {
            true => "met".to_owned(),
            // Of nothing there is no share.
            false if goal == 0.0 => "missed".to_owned(),
            false => format!("missed by {:.0} %", (figure / goal - 1.0).abs() * 100.0),
        };
        [format!("{words} {goal}"), digits(figure), verdict]
    }
}

/// What was asked, what was found, and whether that will do, as a table.
pub fn goals(goals: &[(String, Goal, f64)]) -> String {
    let row = |(what, goal, figure): &(String, Goal, f64)| {
        let mut cells = vec![what.clone()];
        cells.extend(goal.judge(*figure));
        cells
    };
    table(&["Goal", "asked", "found", ""], &goals.iter().map(row).collect::<Vec<_>>())
}

/// Prints a section, and leaves it where `cargo xtask bench` collects them.
pub fn publish(name: &str, section: &str) -> Result<(), String> {
    println!("{section}");
    let Some(folder) = std::env::var_os("WAYMARK_BENCH") else {
        return Ok(());
    };
    let file = PathBuf::from(folder).join(format!("{name}.md"));
    std::fs::write(&file, section).map_err(|error| format!("{} cannot be written: {error}", file.display()))
}
