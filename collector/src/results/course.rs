//! How numbers went: the same counts of distinct people, by day or by week.
//!
//! The one thing to know: each step is a period of its own, so whoever came on two days counts in both, and steps do not add up to the whole.

use engine::score::FEW;

use super::acts::Deed;
use super::days::Period;
use super::scores::{Scored, scored};
use crate::error::ApiError;
use crate::sites::Site;
use crate::state::App;
use crate::store::{Conn, results};

/// Days in a week.
const WEEK: i64 = 7;

/// The day 0, 1 January 1970, was a Thursday; weeks begin on Mondays.
const MONDAY: i64 = -3;

/// A trend of scores has at least so many weeks: a quarter of a year.
const WEEKS: i64 = 13;

/// And at most so many.
const MOST_WEEKS: i64 = 53;

/// From so many days on weeks are told instead, and then four of them at once.
const MOST_DAYS: [(i64, i64); 2] = [(92, 1), (736, WEEK)];

/// What people did, step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// How many days a step has: 1, 7 or 28.
    pub step: i64,
    /// Each step: its first day, and how many people did each of what was asked for.
    pub steps: Vec<(i64, Vec<i64>)>,
}

impl Course {
    /// Whether its last step is not over on a day.
    pub fn is_open(&self, today: i64) -> bool {
        self.steps.last().is_some_and(|(day, _)| day + self.step > today)
    }
}

/// What a question's scores came to, week by week.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The first day of each week, and the latest answers that people gave in it.
    pub weeks: Vec<(i64, Scored)>,
}

impl Course {
    /// Of a prompt, or of all (empty). A person counts once in a step for each prompt.
    pub async fn of(app: &App, site: &Site, prompt: &str, deeds: &[Deed], period: Period) -> Result<Course, ApiError> {
        let length = period.length();
        let step = MOST_DAYS.into_iter().find(|(most, _)| length <= *most).map_or(4 * WEEK, |(_, step)| step);
        let from = if step == 1 { period.from } else { monday(period.from) };
        let count = (period.to - from) / step + 1;
        // Whole weeks: who came again on a day of the last one that is not asked for would be missing else.
        let to = from + count * step - 1;
        let mut steps: Vec<(i64, Vec<i64>)> = (0..count).map(|at| (from + at * step, vec![0; deeds.len()])).collect();
        let mut reader = app.db.read().await?;
        for (what, at, people) in rows(&mut reader.conn(), site, prompt, (from, to, step)).await? {
            let step = usize::try_from(at).ok().and_then(|at| steps.get_mut(at));
            if let Some(((_, numbers), deed)) = step.zip(deeds.iter().position(|deed| deed.name() == what)) {
                numbers[deed] += people;
            }
        }
        Ok(Course { step, steps })
    }
}

impl Trend {
    /// Of each question of a prompt that has enough answers in one of the weeks up to the end of a period.
    pub async fn all(app: &App, site: &Site, prompt: &str, period: Period) -> Result<Vec<Trend>, ApiError> {
        let last = monday(period.to);
        let weeks = ((last - monday(period.from)) / WEEK + 1).clamp(WEEKS, MOST_WEEKS);
        let from = last - (weeks - 1) * WEEK;
        let mut reader = app.db.read().await?;
        let rows = rows(&mut reader.conn(), site, prompt, (from, last + WEEK - 1, WEEK)).await?;
        let of_week = |week: i64| -> Vec<(String, i64)> {
            let its = rows.iter().filter(|(_, at, _)| *at == week);
            its.map(|(what, _, people)| (what.clone(), *people)).collect()
        };
        let all: Vec<(String, i64)> = rows.iter().map(|(what, _, people)| (what.clone(), *people)).collect();
        let trends = scored(&all).into_iter().map(|question| {
            let week = |at: i64| {
                let here = scored(&of_week(at)).into_iter().find(|one| one.is_of(&question));
                (from + at * WEEK, here.unwrap_or_else(|| question.without_answers()))
            };
            Trend { weeks: (0..weeks).map(week).collect() }
        });
        Ok(trends.filter(|trend| trend.weeks.iter().any(|(_, scored)| scored.n() >= FEW)).collect())
    }

    /// Whether it is that of this question.
    pub fn is_of(&self, scored: &Scored) -> bool {
        self.weeks.iter().any(|(_, week)| week.is_of(scored))
    }
}

async fn rows(
    conn: &mut Conn<'_>,
    site: &Site,
    prompt: &str,
    within: (i64, i64, i64),
) -> Result<Vec<(String, i64, i64)>, ApiError> {
    Ok(results::tallied_by(conn, &site.id, prompt, within).await?)
}

/// The first day of the week of a day.
fn monday(day: i64) -> i64 {
    day - (day - MONDAY).rem_euclid(WEEK)
}

#[cfg(test)]
mod tests {
    use super::super::days::{read, written};
    use super::*;

    #[test]
    fn weeks_begin_on_mondays() {
        for (day, begins) in [
            ("2026-11-22", "2026-11-16"),
            ("2026-11-23", "2026-11-23"),
            ("1970-01-01", "1969-12-29"),
            ("1969-12-28", "1969-12-22"),
        ] {
            assert_eq!(written(monday(read(day).unwrap())), begins, "{day}");
        }
    }
}
