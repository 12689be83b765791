//! How numbers went, as plots: what people did by day, what scores came to by week.

use engine::score::FEW;
use maud::{Markup, html};

use super::word;
use crate::console::plot::{Line, Plot, Step};
use crate::console::words::{count, decimal};
use crate::results::Deed;
use crate::results::course::{Course, Trend};
use crate::results::days::short;
use crate::results::scores::{Measure, Scored};

/// What is drawn: whom it reached, and what it came to.
pub const DRAWN: [Deed; 3] = [Deed::Shown, Deed::Answered, Deed::Converted];

/// Fewer weeks are no trend to look at.
const LEAST: usize = 4;

/// What people did. Nothing where nobody did anything.
pub fn course(course: &Course, deeds: &[Deed], today: i64) -> Markup {
    if course.steps.len() < 2 || course.steps.iter().all(|(_, numbers)| numbers.iter().all(|people| *people == 0)) {
        return html! {};
    }
    let (title, head, unit) = match course.step {
        1 => ("By day", "Day", "day"),
        7 => ("By week", "Week of", "week"),
        _ => ("By four weeks", "Four weeks from", "step of four weeks"),
    };
    let of = |place: usize| course.steps.iter().map(move |(_, numbers)| numbers[place]);
    let range = |(place, deed): (usize, &Deed)| {
        let (least, most) = (of(place).min().unwrap_or_default(), of(place).max().unwrap_or_default());
        let numbers = if least == most { count(most) } else { format!("{} to {}", count(least), count(most)) };
        format!("{} {numbers}", word(*deed).to_lowercase())
    };
    let ranges: Vec<String> = deeds.iter().enumerate().map(range).collect();
    let plot = Plot {
        id: "course",
        title,
        says: format!("People in one {unit}: {}.", ranges.join(", ")),
        steps: course
            .steps
            .iter()
            .map(|(day, numbers)| Step {
                label: short(*day),
                cells: numbers.iter().map(|people| count(*people)).collect(),
            })
            .collect(),
        head: [head].into_iter().chain(deeds.iter().map(|deed| word(*deed))).collect(),
        lines: deeds
            .iter()
            .enumerate()
            .map(|(place, deed)| Line {
                name: word(*deed),
                look: DRAWN.iter().position(|one| one == deed).unwrap_or_default(),
                values: of(place).map(|people| Some(people as f64)).collect(),
                between: Vec::new(),
            })
            .collect(),
        open: course.is_open(today).then_some(if course.step == 1 {
            "Today is not over yet."
        } else {
            "The last of them is not over yet."
        }),
        range: None,
    };
    plot.draw()
}

/// The trend of a question's scores. Where no week has enough answers that is said, if it is not said of all of them.
pub fn of(scored: &Scored, trends: &[Trend], today: i64) -> Markup {
    match trends.iter().find(|trend| trend.is_of(scored)) {
        Some(trend) => scores(trend, today),
        None if scored.n() >= FEW => html! { p.hint { "By week: not enough data. No week has " (FEW) " answers." } },
        None => html! {},
    }
}

/// What a question's scores came to. Weeks with too few answers are left out, and that is said.
fn scores(trend: &Trend, today: i64) -> Markup {
    let Some((_, first)) = trend.weeks.first() else { return html! {} };
    let (name, places, unit, range) = match first.kind.as_str() {
        "nps" => ("NPS", 0, "", Some((-100.0, 100.0))),
        "csat" => ("CSAT", 0, " %", Some((0.0, 100.0))),
        "ces" => ("CES", 1, "", Some((1.0, 7.0))),
        _ => ("Mean", 1, "", None),
    };
    // Weeks before the first answer are none of its course; a few steps are left to see one.
    let before = trend.weeks.iter().take_while(|(_, week)| week.n() == 0).count();
    let weeks = &trend.weeks[before.min(trend.weeks.len().saturating_sub(LEAST))..];
    let measured: Vec<(i64, u64, Option<Measure>)> =
        weeks.iter().map(|(day, week)| (*day, week.n(), week.measure().ok())).collect();
    let value = |measure: Measure| measure.sample().map(|sample| sample.value);
    let rounded = |number: f64| {
        let by = 10_f64.powi(places);
        (number * by).round() / by
    };
    let step = |(day, n, measure): &(i64, u64, Option<Measure>)| {
        let told = measure.and_then(|measure| value(measure).zip(measure.interval()));
        let (value, between) = match told {
            Some((value, it)) => (
                format!("{}{unit}", decimal(value, places as usize)),
                format!("{} to {}{unit}", decimal(it.low, places as usize), decimal(it.high, places as usize)),
            ),
            None => (format!("{n} of {FEW} answers"), "not enough data".to_owned()),
        };
        Step { label: short(*day), cells: vec![value, between, count(i64::try_from(*n).unwrap_or(i64::MAX))] }
    };
    let few = measured.iter().filter(|(_, n, _)| *n < FEW).count();
    let values: Vec<f64> = measured.iter().filter_map(|(.., measure)| measure.and_then(value)).collect();
    let ends = values.first().zip(values.last());
    let course = ends.map(|(first, last)| match values.len() {
        1 => format!("{name} of one week: {}{unit}.", decimal(*last, places as usize)),
        weeks => format!(
            "{name} in {weeks} weeks, from {} to {}{unit}; the band is where the truth lies 95 times of 100.",
            decimal(*first, places as usize),
            decimal(*last, places as usize)
        ),
    });
    let left_out = match few {
        0 => String::new(),
        1 => format!(" One week with under {FEW} answers is left out."),
        few => format!(" {few} weeks with under {FEW} answers are left out."),
    };
    let id = format!("trend-{}-{}", first.kind, first.question);
    let plot = Plot {
        id: &id,
        title: &format!("{name} by week"),
        says: format!("{}{left_out}", course.unwrap_or_default()),
        steps: measured.iter().map(step).collect(),
        head: vec!["Week of", name, "Between", "Answers"],
        lines: vec![Line {
            name,
            look: 0,
            values: measured.iter().map(|(.., measure)| measure.and_then(value).map(rounded)).collect(),
            between: measured.iter().map(|(.., measure)| measure.and_then(Measure::interval)).collect(),
        }],
        open: trend.weeks.last().is_some_and(|(day, _)| day + 7 > today).then_some("This week is not over yet."),
        range,
    };
    plot.draw()
}
