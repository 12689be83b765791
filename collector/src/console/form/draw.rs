//! Fields on a page, with what is there and what is wrong there.

use engine::{Problem, Timestamp};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde_json::Value;

use super::known::Known;
use super::making::{AT, CARRIED, KEEP, LEAVE, Makeable, Making, wanted};
use super::place::{get, join};
use super::read::{count_of, has, tag_of};
use super::{Field, Input, List, length};

/// What is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// What is there.
    pub value: &'a Value,
    /// What is wrong with it.
    pub problems: &'a [Problem],
    /// The clocks that instants are shown on.
    pub zone: &'a TimeZone,
    /// Whether it may be changed.
    pub is_open: bool,
    /// What fields are offered by name.
    pub known: &'a Known,
    /// The place of the list's item whose fields are shown, where a list is told in words.
    pub open: &'a str,
    /// Beside each condition a number may stand that comes later: the id of its element, by the place.
    pub beside: Option<fn(&str) -> String>,
    /// What may be made where it is asked for.
    pub makes: &'a [Makeable],
    /// What is being made.
    pub making: Option<&'a Making>,
    /// The place of the field to go on with; empty for none in particular.
    pub focus: &'a str,
}

/// Lays fields out, relative to a place.
pub fn draw(fields: &[Field], around: &str, filled: &Filled<'_>) -> Markup {
    html! { @for field in fields { (one(field, &join(around, field.at), filled)) } }
}

/// What is wrong that none of these fields shows.
pub fn others<'a>(fields: &[Field], filled: &Filled<'a>) -> Vec<&'a Problem> {
    others_at(fields, "", filled)
}

/// The same with fields that are relative to a place.
fn others_at<'a>(fields: &[Field], around: &str, filled: &Filled<'a>) -> Vec<&'a Problem> {
    let mut shown = Vec::new();
    places(fields, around, filled.value, &mut shown);
    filled.problems.iter().filter(|problem| !shown.contains(&problem.at)).collect()
}

/// Whether something is wrong within these fields.
pub fn is_wrong(fields: &[Field], filled: &Filled<'_>) -> bool {
    let within = |at: &str| fields.iter().any(|field| at.starts_with(field.at));
    filled.problems.iter().any(|problem| within(&problem.at))
}

fn places(fields: &[Field], around: &str, value: &Value, shown: &mut Vec<String>) {
    for field in fields {
        let place = join(around, field.at);
        match &field.input {
            Input::List(list) => {
                for at in 0..count(value, &place) {
                    places(list.fields, &format!("{place}[{at}]"), value, shown);
                }
            }
            Input::Shape(shape) => {
                if let Some(tag) = tag_of(value, &place)
                    && let Some(kind) = shape.kinds.iter().find(|kind| kind.tag == tag)
                {
                    places(kind.fields, &join(&place, &tag), value, shown);
                }
            }
            Input::Group(group) if get(value, &place).is_some() => places(group.fields, &place, value, shown),
            _ => {}
        }
        shown.push(place);
    }
}

/// What the fields of a value are called, by their places: `Questions · question 2 · Text`.
pub fn labels(fields: &[Field], value: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    named(fields, ("", ""), value, &mut all);
    all
}

fn named(fields: &[Field], (around, of): (&str, &str), value: &Value, all: &mut Vec<(String, String)>) {
    for field in fields {
        let place = join(around, field.at);
        let label = match (of, field.label) {
            ("", label) => label.to_owned(),
            (of, "") => of.to_owned(),
            (of, label) => format!("{of} · {label}"),
        };
        match &field.input {
            Input::List(list) => {
                for at in 0..count(value, &place) {
                    let (own, name) = (format!("{place}[{at}]"), format!("{label} · {} {}", list.item, at + 1));
                    named(list.fields, (&own, &name), value, all);
                }
            }
            // What somebody has chosen stands in its fields' names, not the question what to choose.
            Input::Shape(shape) => {
                if let Some(tag) = tag_of(value, &place)
                    && let Some(kind) = shape.kinds.iter().find(|kind| kind.tag == tag)
                {
                    named(kind.fields, (&join(&place, &tag), of), value, all);
                }
            }
            Input::Group(group) if get(value, &place).is_some() => named(group.fields, (&place, &label), value, all),
            _ => {}
        }
        all.push((place, label));
    }
}

fn count(value: &Value, place: &str) -> usize {
    get(value, place).and_then(Value::as_array).map_or(0, Vec::len)
}

fn one(field: &Field, place: &str, filled: &Filled<'_>) -> Markup {
    match &field.input {
        Input::List(list) => many(field, list, place, filled),
        Input::Shape(shape) => {
            let tag = tag_of(filled.value, place);
            let kind = shape.kinds.iter().find(|kind| tag.as_deref() == Some(kind.tag));
            html! {
                (labelled(field, place, filled, html! {
                    select id=(place) name=(place) disabled[!filled.is_open] aria-describedby=[described(field, place, filled)] data-shape="" {
                        @if kind.is_none() { option value="" selected { "Choose…" } }
                        @for one in shape.kinds {
                            option value=(one.tag) selected[Some(one.tag) == tag.as_deref()] { (one.label) }
                        }
                    }
                }))
                @if let Some(kind) = kind { div.within { (draw(kind.fields, &join(place, kind.tag), filled)) } }
            }
        }
        Input::Group(group) => {
            let is_on = get(filled.value, place).is_some();
            html! {
                (tick(field, place, is_on, filled))
                @if is_on { div.within { (draw(group.fields, place, filled)) } }
            }
        }
        Input::Flag => tick(field, place, get(filled.value, place) == Some(&Value::Bool(true)), filled),
        Input::Several(options) => chips(field, place, options, filled),
        Input::Values(from) => match filled.known.choices(from) {
            Some(choices) => {
                let all = texts(filled.value, place);
                let gone = all.iter().filter(|text| !choices.iter().any(|(key, _)| key == *text));
                let gone: Vec<_> = gone.map(|key| (key.clone(), format!("{key} (there is none)"))).collect();
                let options: Vec<_> =
                    choices.iter().chain(&gone).map(|(key, name)| (key.as_str(), name.as_str())).collect();
                chips(field, place, &options, filled)
            }
            None => values(field, place, from, filled),
        },
        Input::Scalars => values(field, place, "", filled),
        input => html! {
            (labelled(field, place, filled, plain(input, field, place, filled)))
            @if let Some(making) = filled.making.filter(|making| making.place == place) { (made(making, filled)) }
        },
    }
}

fn plain(input: &Input, field: &Field, place: &str, filled: &Filled<'_>) -> Markup {
    let value = shown(input, get(filled.value, place), filled.zone);
    let wrong = wrong_at(place, filled).is_some().then_some("true");
    let described = described(field, place, filled);
    let closed = !filled.is_open;
    html! {
        @match input {
            Input::Text | Input::Lines => {
                textarea id=(place) name=(place) rows="3" disabled[closed] aria-invalid=[wrong] aria-describedby=[described] { (value) }
            }
            Input::Pick(options) => {
                select id=(place) name=(place) disabled[closed] aria-invalid=[wrong] aria-describedby=[described] {
                    @for (one, word) in *options { option value=(one) selected[*one == value] { (word) } }
                }
            }
            Input::Number(least, most) => {
                input.short id=(place) name=(place) type="number" step="any" min=(least) max=(most) value=(value) disabled[closed]
                    aria-invalid=[wrong] aria-describedby=[described];
            }
            Input::Share => {
                span.share { input.short id=(place) name=(place) type="text" inputmode="decimal" value=(value) disabled[closed] aria-invalid=[wrong] aria-describedby=[described]; " %" }
            }
            Input::Instant => {
                input.short id=(place) name=(place) type="datetime-local" value=(value) disabled[closed]
                    aria-invalid=[wrong] aria-describedby=[described];
            }
            Input::Known(from) => (by_name(from, &value, place, filled, (wrong, described.as_deref()))),
            Input::Picture => {
                input id=(place) name=(place) type="text" inputmode="url" value=(value) disabled[closed] aria-invalid=[wrong] aria-describedby=[described];
                @if filled.is_open {
                    label.upload { span { "Upload a picture" } input type="file" accept="image/png,image/jpeg,image/webp" data-upload=(place); }
                    output.hint {}
                }
            }
            Input::Length(usual) => (length::control(place, &value, usual, filled.is_open, wrong, described.as_deref())),
            _ => {
                input id=(place) name=(place) type="text" value=(value) disabled[closed] autofocus[place == filled.focus] aria-invalid=[wrong] aria-describedby=[described];
            }
        }
    }
}

/// What is asked for by name: a list of what was defined, or a text with what was recorded; and a way to make a new one, where one may.
fn by_name(
    from: &str,
    value: &str,
    place: &str,
    filled: &Filled<'_>,
    (wrong, described): (Option<&str>, Option<&str>),
) -> Markup {
    let make = filled.makes.iter().find(|one| one.kind == from).filter(|_| filled.is_open);
    let choices = choices(from, filled);
    let is_made = filled.making.is_some_and(|making| making.place == place);
    let (closed, focus) = (!filled.is_open, place == filled.focus);
    html! {
        @if let Some(choices) = choices {
            select id=(place) name=(place) disabled[closed] autofocus[focus] aria-invalid=[wrong] aria-describedby=[described] data-shape=[make.map(|_| "")] {
                @if value.is_empty() { @if !is_made { option value="" selected { "Choose…" } } }
                @else if !choices.iter().any(|(key, _)| key == value) { option value=(value) selected[!is_made] { (value) " (there is none)" } }
                @for (key, name) in choices { option value=(key) selected[key == value && !is_made] { (name) } }
                @if let Some(make) = make { option value=(wanted(from)) selected[is_made] { (make.offer) } }
            }
        } @else {
            input id=(place) name=(place) type="text" list={ "known-" (from) } autocomplete="off" value=(value) disabled[closed] autofocus[focus]
                aria-invalid=[wrong] aria-describedby=[described];
            @if let Some(make) = make.filter(|_| !is_made) { button.offer type="submit" name="do" value={ "make " (from) " " (place) } { (make.offer) } }
        }
    }
}

/// What is chosen from, where a name is chosen and not typed; it may be that there is none yet but the one to be made.
fn choices<'a>(from: &str, filled: &Filled<'a>) -> Option<&'a [(String, String)]> {
    let is_made = filled.makes.iter().any(|make| make.kind == from && make.is_chosen);
    filled.known.choices(from).or(is_made.then_some(&[]))
}

/// The fields of what is being made.
fn made(making: &Making, filled: &Filled<'_>) -> Markup {
    let (value, problems) = (&making.value, making.problems.as_slice());
    let own = Filled { value, problems, open: "", beside: None, makes: &[], making: None, ..*filled };
    html! {
        fieldset.make {
            legend { "New " (making.what.word) }
            input type="hidden" name=(CARRIED) value={ (making.what.kind) " " (making.place) };
            div.fields { (draw(making.what.list.fields, AT, &own)) }
            @for problem in others_at(making.what.list.fields, AT, &own) { p.wrong { (problem.message) } }
            p.hint { "It is saved to the site's settings, for all rules to use." }
            div.actions {
                button.quiet type="submit" name="do" value=(KEEP) { "Save and use it" }
                button.quiet type="submit" name="do" value=(LEAVE) { "Cancel" }
            }
        }
    }
}

/// A box for each that may be chosen.
fn chips(field: &Field, place: &str, options: &[(&str, &str)], filled: &Filled<'_>) -> Markup {
    let chosen = texts(filled.value, place);
    let is_chosen = |value: &str| chosen.iter().any(|one| one == value);
    html! {
        fieldset {
            legend { (field.label) }
            input type="hidden" name=(has(place)) value="1";
            div.chips { @for (value, word) in options {
                label.chip { input type="checkbox" name=(place) value=(value) checked[is_chosen(value)] disabled[!filled.is_open]; span { (word) } }
            } }
            (below(field, place, filled))
        }
    }
}

/// The values of a list, as texts.
fn texts(value: &Value, place: &str) -> Vec<String> {
    let all = get(value, place).and_then(Value::as_array).into_iter().flatten();
    all.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

/// A line for each value, and an empty one for the next.
fn values(field: &Field, place: &str, from: &str, filled: &Filled<'_>) -> Markup {
    let all = texts(filled.value, place);
    let list = (!from.is_empty()).then(|| format!("known-{from}"));
    let line = |at: usize, text: &str| {
        html! { input id=(format!("{place}~{at}")) name=(place) type="text" value=(text) list=[list.as_ref()] autocomplete="off" disabled[!filled.is_open]
        aria-label={ (field.label) " " (at + 1) } aria-invalid=[wrong_at(place, filled).map(|_| "true")]; }
    };
    html! {
        fieldset.values {
            legend { (field.label) }
            input type="hidden" name=(has(place)) value="1";
            @for (at, value) in all.iter().enumerate() { (line(at, value)) }
            @if filled.is_open { (line(all.len(), "")) }
            (below(field, place, filled))
        }
    }
}

/// A value as somebody would type it.
fn shown(input: &Input, value: Option<&Value>, zone: &TimeZone) -> String {
    match (input, value) {
        (Input::Instant, Some(Value::Number(at))) => {
            let at = jiff::Timestamp::from_millisecond(at.as_i64().unwrap_or(Timestamp(0).0));
            at.map(|at| at.to_zoned(zone.clone()).datetime().strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
        }
        (Input::Share, Some(Value::Number(share))) => {
            let percent = (share.as_f64().unwrap_or_default() * 10_000.0).round() / 100.0;
            percent.to_string()
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(Value::Array(lines))) => {
            let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
            lines.join("\n")
        }
        (_, None | Some(Value::Null)) => String::new(),
        (_, Some(other)) => other.to_string(),
    }
}

fn tick(field: &Field, place: &str, is_on: bool, filled: &Filled<'_>) -> Markup {
    html! {
        div.field {
            input type="hidden" name=(has(place)) value="1";
            label.tick {
                input type="checkbox" id=(place) name=(place) value="1" checked[is_on] disabled[!filled.is_open]
                    aria-describedby=[described(field, place, filled)] data-shape=[matches!(field.input, Input::Group(_)).then_some("")];
                span { (field.label) }
            }
            (below(field, place, filled))
        }
    }
}

fn labelled(field: &Field, place: &str, filled: &Filled<'_>, control: Markup) -> Markup {
    html! {
        div.field {
            label for=(place) { (field.label) }
            (control)
            (below(field, place, filled))
        }
    }
}

/// The hint, and what is wrong.
fn below(field: &Field, place: &str, filled: &Filled<'_>) -> Markup {
    html! {
        @if !field.hint.is_empty() { p.hint id=(id("hint", place)) { (field.hint) } }
        @if let Some(problem) = wrong_at(place, filled) { p.wrong id=(id("wrong", place)) { (told(field, place, filled, problem)) } }
    }
}

/// What is wrong, as whoever fills it in can mend it: where a name is to be chosen it is not what names are made of.
fn told<'p>(field: &Field, place: &str, filled: &Filled<'_>, problem: &'p Problem) -> &'p str {
    let is_empty = get(filled.value, place).and_then(Value::as_str).is_some_and(str::is_empty);
    match field.input {
        Input::Known(from) if is_empty && choices(from, filled).is_some() => "Choose one.",
        _ => &problem.message,
    }
}

fn wrong_at<'a>(place: &str, filled: &Filled<'a>) -> Option<&'a Problem> {
    filled.problems.iter().find(|problem| problem.at == place)
}

fn described(field: &Field, place: &str, filled: &Filled<'_>) -> Option<String> {
    // Ids in this attribute are apart by spaces, so the names have none of their own.
    let hint = (!field.hint.is_empty()).then(|| id("hint", place));
    let wrong = wrong_at(place, filled).map(|_| id("wrong", place));
    match (hint, wrong) {
        (None, None) => None,
        (one, other) => Some([one, other].into_iter().flatten().collect::<Vec<_>>().join(" ")),
    }
}

fn id(what: &str, place: &str) -> String {
    format!("{what}-{place}")
}

fn many(field: &Field, list: &List, place: &str, filled: &Filled<'_>) -> Markup {
    let count = count(filled.value, place);
    html! {
        fieldset.many {
            @if !field.label.is_empty() { legend { (field.label) } }
            (below(field, place, filled))
            input type="hidden" name=(count_of(place)) value=(count);
            ol {
                @for at in 0..count {
                    @let own = format!("{place}[{at}]");
                    @let name = format!("{} {}", list.item, at + 1);
                    @let told = list.told.filter(|_| !is_within(filled.open, &own));
                    li.one.folded[told.is_some()] draggable=[(filled.is_open && count > 1).then_some("true")] data-place=(own) {
                        div.head {
                            @match told {
                                Some(told) => div.told id=(id("name", &own)) { (told(get(filled.value, &own).unwrap_or(&Value::Null), filled.known)) },
                                None => strong id=(id("name", &own)) { (capital(&name)) },
                            }
                            @if let Some(beside) = filled.beside { output.fit id=(beside(&own)) {} }
                            @if filled.is_open {
                                span.tools {
                                    @if told.is_some() { button.quiet type="submit" name="do" value={ "open " (own) } aria-label={ "Edit " (name) } { "Edit" } }
                                    @else if list.told.is_some() { button.quiet type="submit" name="do" value={ "open " (place) } aria-label={ "Close " (name) } { "Close" } }
                                    (tool("up", &own, UP, &format!("Move {name} up"), at == 0))
                                    (tool("down", &own, DOWN, &format!("Move {name} down"), at + 1 == count))
                                    (tool("copy", &own, COPY, &format!("Copy {name}"), count >= list.most))
                                    (tool("remove", &own, REMOVE, &format!("Remove {name}"), false))
                                }
                            }
                        }
                        @if told.is_some() {
                            @for problem in filled.problems.iter().filter(|problem| is_within(&problem.at, &own)) { p.wrong { (problem.message) } }
                        } @else {
                            div.fields role="group" aria-labelledby=(id("name", &own)) { (draw(list.fields, &own, filled)) }
                        }
                    }
                }
            }
            @if filled.is_open && count < list.most {
                button.quiet type="submit" name="do" value={ "add " (place) } { "Add " (a(list.item)) " " (list.item) }
            }
        }
    }
}

/// Whether a place is another, or in it.
pub fn is_within(place: &str, around: &str) -> bool {
    place.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Signs of buttons, drawn in a box of 24.
const UP: &str = "M12 19V5M6 11l6-6 6 6";
const DOWN: &str = "M12 5v14M6 13l6 6 6-6";
const COPY: &str = "M9 9h10v10H9zM5 15V5h10";
const REMOVE: &str = "M6 6l12 12M18 6 6 18";

fn tool(verb: &str, place: &str, sign: &str, label: &str, is_off: bool) -> Markup {
    html! { button.tool type="submit" name="do" value={ (verb) " " (place) } aria-label=(label) title=(label) disabled[is_off] {
        svg viewBox="0 0 24 24" aria-hidden="true" { path d=(sign) {} }
    } }
}

/// `a` or `an`, by how a word is written.
fn a(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
