//! A question's scores: the value with its interval, its change, and how the scores are spread.

use engine::score::{FEW, Interval};
use maud::{Markup, html};

use super::period::Chosen;
use crate::console::words::{count, decimal};
use crate::results::Deed;
use crate::results::figures::Figures;
use crate::results::questions::Questions;
use crate::results::scores::{Measure, Scored};

/// Where fewer than this share of those who were shown it answer, they are not like the others.
const SELF_SELECTED: f64 = 0.10;

/// A recommendation score that is known no better than this is shown, but not as a fact.
const WIDE: f64 = 20.0;

/// One question.
pub fn section(scored: &Scored, figures: &Figures, asked: &Questions, chosen: Chosen) -> Markup {
    let name = name(&scored.kind);
    let id = format!("score-{}-{}", scored.kind, scored.question);
    let answers = figures.line.counts.share(Deed::Engaged);
    let is_self_selected = answers.of >= FEW && answers.value().is_some_and(|value| value < SELF_SELECTED);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (name) }
            p.hint { "“" (asked.text(&scored.question)) "”" }
            div.score {
                @match scored.measure() {
                    Err(n) => p.few { "Not enough data: " (n) " of " (FEW) " answers" },
                    Ok(measure) => {
                        (value(measure))
                        div.about {
                            @if let Some(interval) = measure.interval() { (between(measure, interval)) }
                            p { (change(scored, figures, chosen)) }
                            p.hint { "The latest answer of " (count(scored.n() as i64)) " people in " (chosen.words()) ". " (meaning(measure)) }
                            @if is_self_selected {
                                p.warning { "Self-selected: fewer than 10 % of those who were shown it answered, and they may not be like the others." }
                            }
                        }
                    }
                }
            }
            (spread(scored))
        }
    }
}

fn name(kind: &str) -> &'static str {
    match kind {
        "nps" => "NPS",
        "csat" => "CSAT",
        "ces" => "CES",
        _ => "Rating",
    }
}

fn value(measure: Measure) -> Markup {
    let shown = measure.sample().map(|sample| sample.value).unwrap_or_default();
    let is_wide = matches!(measure, Measure::Nps(nps) if nps.interval().margin() > WIDE);
    html! {
        p.value.wide-interval[is_wide] {
            @match measure {
                Measure::Nps(_) => (decimal(shown, 0)),
                Measure::Csat(_) => { (decimal(shown, 1)) " %" },
                Measure::Ces(..) | Measure::Rating(_) => (decimal(shown, 2)),
            }
        }
    }
}

fn between(measure: Measure, Interval { low, high }: Interval) -> Markup {
    let (places, unit) = match measure {
        Measure::Nps(_) => (0, ""),
        Measure::Csat(_) => (1, " %"),
        Measure::Ces(..) | Measure::Rating(_) => (2, ""),
    };
    html! {
        p { "Between " strong { (decimal(low, places)) } " and " strong { (decimal(high, places)) (unit) }
            " in 95 of 100 such surveys."
            @if let Measure::Nps(nps) = measure {
                " Promoters " (nps.promoters) ", passives " (nps.passives) ", detractors " (nps.detractors) "."
                @if nps.interval().margin() > WIDE { " More than ±20 points: too wide to act on." }
            }
            @if let Measure::Ces(_, share) = measure {
                " " (decimal(100.0 * share.value().unwrap_or_default(), 1)) " % gave 5 or more."
            }
        }
    }
}

/// How it is counted.
fn meaning(measure: Measure) -> &'static str {
    match measure {
        Measure::Nps(_) => "NPS: the share of promoters (9 and 10) less that of detractors (0 to 6), times 100.",
        Measure::Csat(_) => "CSAT: the share of those who gave 4 or 5.",
        Measure::Ces(..) => "CES: the mean on a scale where 7 is very easy.",
        Measure::Rating(_) => "The mean of the scores.",
    }
}

fn change(scored: &Scored, figures: &Figures, chosen: Chosen) -> Markup {
    let length = chosen.period.length();
    let before = format!("the {length} days before");
    let places = if scored.kind == "nps" || scored.kind == "csat" { 1 } else { 2 };
    html! {
        @match scored.change(&figures.scores_before) {
            None => span.few { "Nothing to compare with: under " (FEW) " answers in " (before) "." },
            Some(change) if !change.is_detectable(1) => {
                "No detectable change since " (before)
                " (" (signed(change.by, places)) ", p = " (decimal(change.p, 2)) ")."
            }
            Some(change) => {
                strong { (if change.by > 0.0 { "▲ " } else { "▼ " }) (signed(change.by, places)) }
                " since " (before) " (p " (small(change.p)) ")."
            }
        }
    }
}

fn signed(value: f64, places: usize) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", decimal(value, places))
}

fn small(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("= {}", decimal(p, 3)) }
}

/// How many gave which score: bars, and the same as numbers.
fn spread(scored: &Scored) -> Markup {
    let (least, most) = scored.scale();
    let of = |score: u8| scored.given.get(&score).copied().unwrap_or_default();
    let tallest = (least..=most).map(of).max().unwrap_or_default().max(1);
    html! {
        table.counts.spread {
            caption { "People by score" }
            thead.unseen { tr { th scope="col" { "Score" } th scope="col" { "Share" } th.figure scope="col" { "People" } } }
            tbody { @for score in (least..=most).rev() {
                tr {
                    th scope="row" { (score) @if let Some((sign, word)) = band(&scored.kind, score) { " " span.band title=(word) { span aria-hidden="true" { (sign) } span.unseen { (word) } } } }
                    td { svg class={ "bar " (band(&scored.kind, score).map_or("", |(_, word)| word)) } viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" {
                        rect width=(of(score) * 100 / tallest) height="1" {}
                    } }
                    td.figure.none[of(score) == 0] { (count(of(score) as i64)) }
                }
            } }
        }
    }
}

/// A shape and a word for what a score means.
pub fn band(kind: &str, score: u8) -> Option<(&'static str, &'static str)> {
    Some(match (kind, score) {
        ("nps", 0..=6) => ("▾", "detractor"),
        ("nps", 7 | 8) => ("–", "passive"),
        ("nps", _) => ("▴", "promoter"),
        ("csat", 1 | 2) => ("▾", "dissatisfied"),
        ("csat", 3) | ("ces", 4) => ("–", "neutral"),
        ("csat", _) => ("▴", "satisfied"),
        ("ces", 1..=3) => ("▾", "difficult"),
        ("ces", _) => ("▴", "easy"),
        _ => return None,
    })
}
