//! Scales: numbers, stars, faces.

use super::{Parts, Plan, Touch};
use engine::survey::{Answer, Face, Given, Kind};
use std::cell::Cell;
use std::rc::Rc;
use view::clock::after;
use view::dom;
use view::frame::add_class;
use view::host::guarded;
use view::scale::{Heard, SECOND_DIGIT, Scale};
use view::words::own;
use wasm_bindgen::JsCast;

const STAR: &str = "M12 2.8l2.8 5.9 6.4.9-4.6 4.5 1.1 6.4-5.7-3-5.7 3 1.1-6.4L2.8 9.6l6.4-.9z";
/// The round of a face and its eyes.
const FACE: &str = "M21 12a9 9 0 1 1-18 0a9 9 0 1 1 18 0M9 9.5v.4M15 9.5v.4M8 ";
/// Mouths, from sad to happy: where they begin and end, and how they bend.
const MOUTHS: [&str; 7] = [
    "17Q12 11.5 16 17",
    "16.5Q12 12.5 16 16.5",
    "16Q12 13.5 16 16",
    "15.5H16",
    "15Q12 17.5 16 15",
    "14.5Q12 19 16 14.5",
    "14Q12 20.5 16 14",
];

/// Paints it.
pub fn paint(plan: &Plan<'_>) -> Parts {
    let kind = &plan.question.ask;
    let (low, high) = kind.scale().unwrap_or_default();
    let (low, high) = (usize::from(low), usize::from(high));
    let (face, ends, usual) = match kind {
        Kind::Csat(labels) => (Face::Number, [&labels.low, &labels.high], ["Very dissatisfied", "Very satisfied"]),
        Kind::Ces(labels) => (Face::Number, [&labels.low, &labels.high], ["Very difficult", "Very easy"]),
        Kind::Nps(labels) => (Face::Number, [&labels.low, &labels.high], ["Not at all likely", "Extremely likely"]),
        Kind::Rating(rating) => (rating.face, [&rating.low, &rating.high], ["", ""]),
        _ => (Face::Number, [&None, &None], ["", ""]),
    };
    let picked = Rc::new(Cell::new(match plan.before {
        Some(Answer::Score(score)) => Some(usize::from(*score)),
        _ => None,
    }));
    let more = [&plan.more(), " e", plan.number].concat();
    let scale = Rc::new(Scale::new((low, high), [plan.name, &more], plan.timer));
    scale.mark(picked.get());
    if plan.question.is_required() {
        dom::say(&scale.row, "aria-required", "true");
    }
    let count = scale.points.len();
    dom::set(&scale.row, "--n", count as u32);
    dom::set(&scale.row, "--half", count.div_ceil(2) as u32);
    add_class(
        &scale.row,
        match face {
            Face::Number => "numbers",
            Face::Star => "stars",
            Face::Emoji => "faces",
        },
    );
    if count > 7 {
        add_class(&scale.row, "long");
    }
    for (at, point) in scale.points.iter().enumerate().filter(|_| face != Face::Number) {
        dom::say(point, "aria-label", &point.text_content().unwrap_or_default());
        point.set_text_content(None);
        let mouth = MOUTHS[at * (MOUTHS.len() - 1) / (count - 1).max(1)];
        let path = if face == Face::Star { STAR.to_owned() } else { [FACE, mouth].concat() };
        dom::put(point, &dom::icon(&path));
    }
    let control = dom::make("div", "", "");
    dom::put(&control, &scale.row);
    let words = [0, 1].map(|end| ends[end].as_deref().map_or_else(|| own(usual[end]), |text| (plan.fill)(text)));
    if words.iter().any(|text| !text.is_empty()) {
        let ends = dom::make("div", "ends", "");
        ends.set_id(&["e", plan.number].concat());
        for text in &words {
            dom::put(&ends, &dom::make("span", "", text));
        }
        dom::put(&control, &ends);
    }
    let inputs = vec![scale.row.clone()];
    let (told, chosen, timer) = (plan.told.clone(), picked.clone(), plan.timer.clone());
    let choose = Rc::new(move |heard| {
        if let Heard::Chosen(score) = heard {
            chosen.set(Some(score));
            told(Touch::Chosen);
        }
    });
    let (clicked, pressed) = (scale.clone(), choose.clone());
    let click = guarded(move |event| pressed(clicked.hear(event.unchecked_ref())));
    dom::listen(&scale.row, "click", &click);
    let keys = Box::new(move |event: &web_sys::Event| match scale.hear(event) {
        Heard::Perhaps(score) => {
            let (scale, choose) = (scale.clone(), choose.clone());
            timer.replace(Some(after(SECOND_DIGIT, move || choose(scale.choose(score)))));
        }
        heard => choose(heard),
    });
    let read = move || picked.get().map_or(Given::Null, |score| Given::Number(score as f64));
    Parts { control, inputs, read: Box::new(read), keys: Some(keys) }
}
