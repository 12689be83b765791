//! The ways between the stages of a map, as curves: onwards above the stages, back and out and in again below them, each as wide as
//! often it was gone.
//!
//! Drawn by the server, in px: stages stand [`Grid::step`] apart, which the sheet repeats. The one thing to know: a curve says nothing that
//! the table below the map does not say, so whoever does not see it misses nothing.

use std::collections::BTreeMap;

use engine::Key;
use engine::journey::{Journey, Transition, TransitionKind};
use maud::{Markup, html};

use super::moved::Moved;
use crate::console::words::count;

/// How wide a stage is and how far it is to the next, in px.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Its name in the sheet.
    pub name: &'static str,
    stop: f64,
    step: f64,
}

const WIDE: Grid = Grid { name: "wide-stops", stop: 208.0, step: 224.0 };
const NARROW: Grid = Grid { name: "narrow-stops", stop: 132.0, step: 146.0 };

impl Grid {
    /// For so many stages: as many as a desktop is wide, or more narrow ones.
    pub fn of(stages: usize) -> Grid {
        if stages <= 5 { WIDE } else { NARROW }
    }
}

/// A way from one stage to another.
#[derive(Debug, PartialEq)]
struct Way<'j> {
    from: usize,
    to: usize,
    times: u32,
    /// The transitions that lead along it.
    by: Vec<&'j Transition>,
}

/// Above or below the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Onwards.
    Above,
    /// Back, out, in again.
    Below,
}

/// The widest curve.
const WIDEST: f64 = 9.0;
/// How high a curve to the next stage is, and by how much each further stage raises it.
const LOW: f64 = 44.0;
const RISE: f64 = 18.0;
/// What stands above a curve's highest point.
const HEAD: f64 = 16.0;

/// The stages that a transition leads from.
pub fn origins<'j>(journey: &'j Journey, of: &'j Transition) -> impl Iterator<Item = usize> + 'j {
    journey.stages.iter().enumerate().filter_map(move |(place, stage)| {
        let is_any = of.from.is_empty() && stage.key != of.to && stage.kind != engine::journey::StageKind::Terminal;
        (is_any || of.from.contains(&stage.key)).then_some(place)
    })
}

/// The curves of a side. `is_lost`: whether an event that a transition waits for has never arrived.
pub fn draw(journey: &Journey, moved: &Moved, side: Side, is_lost: &dyn Fn(&Transition) -> bool) -> Markup {
    let grid = Grid::of(journey.stages.len());
    let all = ways(journey, moved);
    let most = all.iter().map(|way| way.times).max().unwrap_or_default().max(1);
    let own: Vec<&Way<'_>> = all.iter().filter(|way| side_of(way) == side).collect();
    let furthest = own.iter().map(|way| way.from.abs_diff(way.to)).max();
    let Some(furthest) = furthest else { return html! {} };
    let height = (apex(furthest) + HEAD).ceil();
    let width = grid.step * journey.stages.len() as f64 - (grid.step - grid.stop);
    html! {
        svg class={ "curves " (if side == Side::Above { "above" } else { "below" }) } width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) }
            role="group" aria-label=(if side == Side::Above { "Ways onwards" } else { "Ways back, out and in again" }) {
            @for way in &own { (curve(journey, grid, way, (side, height), most)) }
            // Above all curves, so that none hides a number.
            @for way in &own { (flag(journey, grid, way, (side, height), is_lost)) }
        }
    }
}

/// All ways, those that were gone least first, so that a wide curve lies over narrow ones and not they over it.
fn ways<'j>(journey: &'j Journey, moved: &Moved) -> Vec<Way<'j>> {
    let mut by: BTreeMap<(usize, usize), Vec<&Transition>> = BTreeMap::new();
    let place = |key: &Key| journey.stages.iter().position(|stage| stage.key == *key);
    for one in &journey.transitions {
        let Some(to) = place(&one.to) else { continue };
        for from in origins(journey, one).filter(|from| *from != to) {
            by.entry((from, to)).or_default().push(one);
        }
    }
    // Somebody may have been put where no transition leads.
    for (from, to, _) in moved.all.keys() {
        if let Some((from, to)) = place(from).zip(place(to)).filter(|(from, to)| from != to) {
            by.entry((from, to)).or_default();
        }
    }
    let stage = |place: usize| &journey.stages[place].key;
    let way = |((from, to), by)| Way { from, to, times: moved.between(stage(from), stage(to)), by };
    let mut ways: Vec<Way<'_>> = by.into_iter().map(way).collect();
    ways.sort_by_key(|way| way.times);
    ways
}

fn side_of(way: &Way<'_>) -> Side {
    let is_onwards = way.by.iter().any(|one| one.kind == TransitionKind::Forward) || way.by.is_empty();
    if way.to > way.from && is_onwards { Side::Above } else { Side::Below }
}

fn is_reentry(way: &Way<'_>) -> bool {
    way.by.iter().any(|one| one.kind == TransitionKind::Reenter)
}

/// How far the middle of a curve over so many stages is from them: three quarters of where its handles are.
fn apex(stages: usize) -> f64 {
    LOW + RISE * (stages.saturating_sub(1)) as f64
}

/// Where it begins and ends: those that leave a stage apart from those that reach it.
fn ends(grid: Grid, way: &Way<'_>) -> (f64, f64) {
    let middle = |place: usize| place as f64 * grid.step + grid.stop / 2.0;
    let aside = grid.stop / 5.0;
    let towards = if way.to > way.from { aside } else { -aside };
    (middle(way.from) + towards, middle(way.to) - towards)
}

fn curve(journey: &Journey, grid: Grid, way: &Way<'_>, (side, height): (Side, f64), most: u32) -> Markup {
    let (from, to) = ends(grid, way);
    let rise = apex(way.from.abs_diff(way.to)) / 0.75;
    // The head of the arrow takes the last few px.
    let (at, handle, tip, neck) = match side {
        Side::Above => (height, height - rise, height, height - 7.0),
        Side::Below => (0.0, rise, 0.0, 7.0),
    };
    let stroke = if way.times == 0 { 1.0 } else { (WIDEST * f64::from(way.times) / f64::from(most)).max(2.0) };
    let half = 4.0 + stroke / 3.0;
    let (left, right) = (to - half, to + half);
    let again = if is_reentry(way) { " again" } else { "" };
    html! {
        g class={ "way" (again) @if way.times == 0 { " unused" } } {
            title { (told(journey, way)) }
            path.line d={ "M" (from) " " (at) "C" (from) " " (handle) " " (to) " " (handle) " " (to) " " (neck) } stroke-width=(format!("{stroke:.1}")) {}
            path.head d={ "M" (left) " " (neck) "L" (right) " " (neck) "L" (to) " " (tip) "Z" } {}
        }
    }
}

/// How often it was gone, and whether what it waits for has never come: on the curve, and a link to the line of the table.
fn flag(
    journey: &Journey,
    grid: Grid,
    way: &Way<'_>,
    (side, height): (Side, f64),
    is_lost: &dyn Fn(&Transition) -> bool,
) -> Markup {
    // Where somebody went, something arrived; where nobody did, once for each transition is enough.
    let is_first = |one: &&&Transition| origins(journey, one).next() == Some(way.from);
    let lost = way.by.iter().filter(|_| way.times == 0).filter(is_first).find(|one| is_lost(one));
    let Some(by) = lost.or(way.by.first()).filter(|_| way.times > 0 || lost.is_some()) else { return html! {} };
    let (from, to) = ends(grid, way);
    let apex = apex(way.from.abs_diff(way.to));
    let y = if side == Side::Above { height - apex } else { apex };
    let x = (from + to) / 2.0;
    let mut text = if way.times > 0 { count(i64::from(way.times)) } else { String::new() };
    if lost.is_some() {
        text.push('!');
    }
    let said = told(journey, way) + if lost.is_some() { " Not connected!" } else { "" };
    let width = 14.0 + 8.0 * text.chars().count() as f64;
    html! {
        a.flag.lost[lost.is_some()] href={ "#" (row_id(journey, by)) } aria-label=(said) {
            rect x=(x - width / 2.0) y=(y - 10.0) width=(width) height="20" rx="10" {}
            text x=(x) y=(y + 4.5) text-anchor="middle" { (text) }
        }
    }
}

/// The line of a transition in the table.
pub fn row_id(journey: &Journey, of: &Transition) -> String {
    format!("by-{}-{}", journey.key, of.key)
}

fn told(journey: &Journey, way: &Way<'_>) -> String {
    let name = |place: usize| journey.stages[place].name.as_str();
    let times = match way.times {
        0 => "Nobody went".to_owned(),
        times => format!("{} went", count(i64::from(times))),
    };
    format!("{times} from {} to {} in the last 30 days.", name(way.from), name(way.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_onwards_are_above_and_all_others_below() {
        let journey: Journey = serde_json::from_str(crate::console::journey::USUAL_JOURNEY).unwrap();
        let key = |text: &str| Key::parse(text).unwrap();
        let moved = Moved {
            all: [((key("awareness"), key("evaluation"), None), 7), ((key("churned"), key("onboarding"), None), 2)]
                .into(),
            is_part: false,
        };
        let all = ways(&journey, &moved);
        let name = |place: usize| journey.stages[place].key.as_str();
        for way in &all {
            let is_above = side_of(way) == Side::Above;
            assert!(!is_above || way.to > way.from, "{} to {}", name(way.from), name(way.to));
            assert!(is_above || way.to < way.from || way.by.iter().any(|one| one.kind == TransitionKind::Interrupt));
        }
        assert_eq!(
            all.last().map(|way| (name(way.from), name(way.to), way.times)),
            Some(("awareness", "evaluation", 7))
        );
        for side in [Side::Above, Side::Below] {
            let drawn = draw(&journey, &moved, side, &|_| false).0;
            assert!(drawn.contains("<path") && !drawn.contains("NaN") && !drawn.contains("style="), "{drawn}");
        }
        assert!(draw(&journey, &moved, Side::Below, &|_| false).0.contains("way again"), "a loop");
    }
}
