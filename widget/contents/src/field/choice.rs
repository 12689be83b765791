//! Options: the browser's own radio buttons, boxes and lists, each option as large as a card of its own.

use super::{Parts, Plan, Touch, digit, input};
use engine::survey::{Answer, Choice, Given, Pick, Tick};
use std::cell::Cell;
use std::rc::Rc;
use view::dom;
use view::host::{guarded, hearing};
use view::words::own;
use web_sys::{Event, HtmlElement};

/// The id of the option that asks for words.
const OTHER: &str = "other";

/// Paints options below each other; `kind` is `radio` or `checkbox`.
pub fn paint(plan: &Plan<'_>, choice: &Choice, kind: &'static str) -> Parts {
    let is_one = kind == "radio";
    let control = dom::make("fieldset", "options", "");
    dom::say(&control, "aria-labelledby", plan.name);
    dom::say(&control, "aria-describedby", &plan.more());
    if is_one {
        dom::say(&control, "role", "radiogroup");
        if plan.question.is_required() {
            dom::say(&control, "aria-required", "true");
        }
    }
    let before = picks(plan.before);
    let options = offered(plan, choice);
    let boxes: Vec<(String, HtmlElement)> = options
        .map(|(id, label)| {
            let tick = option(&control, kind, &label);
            dom::say(&tick, "name", &["n", plan.number].concat());
            if !is_one {
                dom::say(&tick, "aria-describedby", &["x", plan.number].concat());
            }
            input(&tick).set_checked(before.iter().any(|pick| pick.id() == id));
            (id, tick)
        })
        .collect();
    let own = own_words(plan, choice, before);
    if let Some(own) = &own {
        dom::put(&control, own);
    }
    let by_pointer = Rc::new(Cell::new(false));
    for (kind, is_pointer) in [("pointerdown", true), ("keydown", false)] {
        let by_pointer = by_pointer.clone();
        dom::listen(&control, kind, &guarded(move |_| by_pointer.set(is_pointer)));
    }
    let other = boxes.iter().find(|(id, _)| id == OTHER).map(|(_, tick)| tick.clone());
    let (told, field, last) = (plan.told.clone(), own.clone(), other.clone());
    let changed = Rc::new(move |is_meant: bool| {
        let is_other = last.as_ref().is_some_and(|tick| input(tick).checked());
        if let Some(field) = &field {
            field.set_hidden(!is_other);
            // There is something to write before it goes on.
            if is_other && is_meant && is_one {
                dom::focus(field);
                return told(Touch::Tried);
            }
        }
        told(if is_meant { Touch::Chosen } else { Touch::Tried });
    });
    let (change, meant) = (changed.clone(), by_pointer);
    dom::listen(
        &control,
        "change",
        &hearing(move |event| {
            if !super::is_typing(&event) {
                change(meant.get());
            }
        }),
    );
    let ticks: Vec<_> = boxes.iter().map(|(_, tick)| tick.clone()).collect();
    let inputs = if is_one { vec![control.clone()] } else { ticks.clone() };
    let keys = move |event: &Event| {
        let Some(tick) = digit(event).and_then(|at| ticks.get(at)) else { return };
        event.prevent_default();
        dom::focus(tick);
        input(tick).set_checked(is_one || !input(tick).checked());
        changed(true);
    };
    let read = move || {
        let given = |(id, _): &(String, HtmlElement)| match &own {
            Some(own) if id == OTHER => Given::Other(input(own).value()),
            _ => Given::Text(id.clone()),
        };
        let mut chosen = boxes.iter().filter(|(_, tick)| input(tick).checked()).map(given);
        if is_one { chosen.next().unwrap_or(Given::Null) } else { Given::List(chosen.collect()) }
    };
    Parts { control, inputs, read: Box::new(read), keys: Some(Box::new(keys)) }
}

/// Paints a list that opens.
pub fn paint_list(plan: &Plan<'_>, choice: &Choice) -> Parts {
    let control = dom::make("div", "options", "");
    let list = dom::make("select", "entry", "");
    plan.describe(&list);
    let put = |id: &str, label: &str| {
        let option = dom::make("option", "", label);
        dom::say(&option, "value", id);
        dom::put(&list, &option);
    };
    put("", &own("Choose…"));
    for (id, label) in offered(plan, choice) {
        put(&id, &label);
    }
    dom::put(&control, &list);
    let before = picks(plan.before);
    input(&list).set_value(before.first().map_or("", Pick::id));
    let own = own_words(plan, choice, before);
    if let Some(own) = &own {
        dom::put(&control, own);
        let (own, opened) = (own.clone(), list.clone());
        dom::listen(&list, "change", &guarded(move |_| own.set_hidden(input(&opened).value() != OTHER)));
    }
    let inputs = vec![list.clone()];
    let read = move || match (input(&list).value(), &own) {
        (id, Some(own)) if id == OTHER => Given::Other(input(own).value()),
        (id, _) => Given::Text(id),
    };
    Parts { control, inputs, read: Box::new(read), keys: None }
}

/// Paints a box to tick.
pub fn paint_tick(plan: &Plan<'_>, tick: &Tick) -> Parts {
    let control = dom::make("div", "options", "");
    let box_ = option(&control, "checkbox", &(plan.fill)(&tick.label));
    dom::say(&box_, "aria-describedby", &plan.more());
    dom::say(&box_, "aria-required", "true");
    input(&box_).set_checked(plan.before == Some(&Answer::Consent));
    let inputs = vec![box_.clone()];
    Parts { control, inputs, read: Box::new(move || Given::Bool(input(&box_).checked())), keys: None }
}

/// The ids and labels of what there is to choose from, in the order to show them.
fn offered<'a>(plan: &'a Plan<'_>, choice: &'a Choice) -> impl Iterator<Item = (String, String)> + 'a {
    let options = plan.question.order(plan.seed).into_iter().map(|at| &choice.options[at]);
    let options = options.map(|option| (option.id.as_str().to_owned(), (plan.fill)(&option.label)));
    options.chain(choice.other.iter().map(|label| (OTHER.to_owned(), (plan.fill)(label))))
}

fn picks(before: Option<&Answer>) -> &[Pick] {
    match before {
        Some(Answer::One(pick)) => std::slice::from_ref(pick),
        Some(Answer::Many(picks)) => picks,
        _ => &[],
    }
}

/// One option: its label is as wide as the card, and all of it can be pressed.
fn option(into: &HtmlElement, kind: &str, label: &str) -> HtmlElement {
    let row = dom::make("label", "option", "");
    let tick = dom::make("input", "", "");
    dom::say(&tick, "type", kind);
    dom::put(&row, &tick);
    dom::put(&row, &dom::make("span", "", label));
    dom::put(into, &row);
    tick
}

/// The field for "other", hidden until that is chosen.
fn own_words(plan: &Plan<'_>, choice: &Choice, before: &[Pick]) -> Option<HtmlElement> {
    let label = choice.other.as_ref()?;
    let field = dom::make("input", "entry", "");
    dom::say(&field, "type", "text");
    dom::say(&field, "aria-label", &(plan.fill)(label));
    dom::say(&field, "aria-describedby", &["x", plan.number].concat());
    dom::say(&field, "autocomplete", "off");
    let words = before.iter().find_map(Pick::words);
    input(&field).set_value(words.unwrap_or_default());
    field.set_hidden(words.is_none());
    Some(field)
}
