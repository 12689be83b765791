//! Plots over time: lines drawn by a script, and the same numbers as a table in the same place, by one click or where no script runs.
//!
//! Not how ECharts is told ([`options`]). The one thing to know: a plot and its table are made of the same [`Step`]s, so that they cannot
//! say two things.

mod options;

use engine::score::Interval;
use maud::{Markup, html};

/// The file that draws them.
pub const SCRIPT: &str = "plots.js";

/// What a page with a plot has in it.
const MARK: &str = " data-plot=\"";

/// Lines over time.
#[derive(Debug)]
pub struct Plot<'a> {
    /// The id of its section.
    pub id: &'a str,
    /// What is drawn, in a few words.
    pub title: &'a str,
    /// What can be seen in it, in a sentence or two: all that whoever cannot see it is told before the table.
    pub says: String,
    /// The days or weeks from left to right.
    pub steps: Vec<Step>,
    /// What the first column of the table is called, then one word for each cell of a step.
    pub head: Vec<&'static str>,
    /// At most three: each is named where it ends.
    pub lines: Vec<Line>,
    /// What is said where the last step is not over yet; it is drawn dashed.
    pub open: Option<&'static str>,
    /// The least and the most there can be, where that is known; the least is 0 otherwise.
    pub range: Option<(f64, f64)>,
}

/// A day or a week.
#[derive(Debug)]
pub struct Step {
    /// As it stands below the lines.
    pub label: String,
    /// Its numbers in words, as the table has them.
    pub cells: Vec<String>,
}

/// One line.
#[derive(Debug)]
pub struct Line {
    /// What it counts.
    pub name: &'static str,
    /// Which of the three looks it has: the same number has the same one everywhere.
    pub look: usize,
    /// Its value in each step; none where there is none.
    pub values: Vec<Option<f64>>,
    /// Where the truth lies in each step; empty where it is known.
    pub between: Vec<Option<Interval>>,
}

/// Whether there is a plot in a page.
pub fn is_in(page: &Markup) -> bool {
    page.0.contains(MARK)
}

impl Plot<'_> {
    /// The section with both.
    pub fn draw(&self) -> Markup {
        // Without the script the table is all there is.
        let is_drawn = crate::assets::console(SCRIPT).is_some();
        let (picture, table) = (format!("{}-plot", self.id), format!("{}-table", self.id));
        html! {
            section.plot aria-labelledby=(self.id) {
                header {
                    h2 id=(self.id) { (self.title) }
                    @if is_drawn {
                        fieldset.sides {
                            legend.unseen { (self.title) ": show it as" }
                            label { input id=(picture) type="radio" name=(self.id) checked; span { "Plot" } }
                            label { input id=(table) type="radio" name=(self.id); span { "Table" } }
                        }
                    }
                }
                p.hint { (self.says) @if let Some(open) = self.open { " " (open) } }
                @if is_drawn { div.canvas role="img" aria-label=(self.says) data-plot=(options::json(self)) {} }
                (self.table())
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            div.numbers-of tabindex="0" role="region" aria-label={ (self.title) ", as a table" } {
                table.figures {
                    thead { tr { @for (place, word) in self.head.iter().enumerate() { th.figure[place > 0] scope="col" { (word) } } } }
                    tbody { @for (place, step) in self.steps.iter().enumerate() {
                        tr {
                            th scope="row" { (step.label) @if self.open.is_some() && place + 1 == self.steps.len() { " " span.hint { "not over yet" } } }
                            @for cell in &step.cells { td.figure { (cell) } }
                        }
                    } }
                }
            }
        }
    }

    /// What is said of a step where one points at it.
    fn tips(&self) -> Vec<String> {
        let tip = |step: &Step| {
            let numbers = self.head.iter().skip(1).zip(&step.cells).map(|(word, cell)| format!("{word}: {cell}"));
            [step.label.clone()].into_iter().chain(numbers).collect::<Vec<_>>().join("\n")
        };
        self.steps.iter().map(tip).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plot_and_table_say_the_same_and_gaps_stay_gaps() {
        let steps = ["1 Nov", "2 Nov", "3 Nov"]
            .map(|label| Step { label: label.to_owned(), cells: vec![format!("of {label}")] });
        let line = Line { name: "Shown", look: 0, values: vec![Some(4.0), None, Some(7.0)], between: Vec::new() };
        let mut plot = Plot {
            id: "days",
            title: "By day",
            says: "Three days.".to_owned(),
            steps: steps.into(),
            head: vec!["Day", "Shown"],
            lines: vec![line],
            open: Some("Today is not over yet."),
            range: None,
        };
        let json = options::json(&plot);
        let told: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(told["tips"][1], "2 Nov\nShown: of 2 Nov");
        let series = told["options"]["series"].as_array().unwrap();
        assert_eq!(series.len(), 2, "what is over, and what is not: {json}");
        assert_eq!(series[0]["data"], serde_json::json!([4.0, null]));
        assert_eq!(series[1]["data"], serde_json::json!([null, null, 7.0]));
        assert_eq!(series[1]["lineStyle"]["type"], "dashed");
        plot.open = None;
        plot.lines[0].between = vec![Some(Interval { low: -2.0, high: 9.0 }), None, None];
        let told: serde_json::Value = serde_json::from_str(&options::json(&plot)).unwrap();
        let series = told["options"]["series"].as_array().unwrap();
        assert_eq!([&series[0]["data"][0], &series[1]["data"][0]], [-2.0, 11.0], "from the least up by the width");
        assert_eq!(series[2]["data"], serde_json::json!([4.0, null, 7.0]));
        assert!(is_in(&html! { div data-plot="{}" {} }) && !is_in(&html! { p { "data-plot" } }));
    }
}
