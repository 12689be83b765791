//! What most pages never show: every content but the recommendation question. The widget fetches this module when a page may show one of
//! them, hands it the prompt as it was published, and is told what people do with it. It decides nothing and records nothing.
//!
//! One prompt stands on a page at a time, so there is one at a time here.

mod address;
mod answered;
mod checklist;
mod copy;
mod countdown;
mod farewell;
mod field;
mod form;
mod icons;
mod inline;
mod links;
mod notice;
mod offer;
mod person;
mod picture;
mod plans;
mod referral;
mod share;
mod survey;
mod teaser;
mod video;
mod walk;
mod words;

use engine::Timestamp;
use engine::event::Action;
use engine::prompt::{Content, Placement, Teaser};
use js_sys::{Array, Function};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::cell::RefCell;
use view::clock::Clock;
use view::frame::{Frame, Open};
use view::host::Host;
use view::nps;
use view::read::{field, read};
use view::watch::Watch;
use view::{Gesture, Setting, Word, dom};
use wasm_bindgen::prelude::*;

/// Made of the stylesheets beside this file by `build.rs`.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

thread_local! {
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
}

/// What a content needs for as long as it is on the screen.
type Kept = Box<dyn Any>;

/// The prompt on the screen.
struct Shown {
    kept: Option<Kept>,
    /// Keeps it in its element.
    _stay: Option<Watch>,
    _open: Open,
    /// Who is told, in a list: what, its name, its properties.
    told: Function,
    /// Something was answered, and more was to come.
    is_begun: bool,
}

/// What of a prompt its place depends on.
#[derive(Deserialize)]
struct Placed {
    placement: Placement,
    #[serde(default)]
    mandatory: bool,
    #[serde(default)]
    later: bool,
    #[serde(default)]
    teaser: Option<Teaser>,
}

/// The module has been loaded. Called once.
#[wasm_bindgen]
pub fn start(host: Host) {
    view::host::set(host);
}

/// Puts a prompt on the screen in place of the one that stands there. `setting` is the prompt, `content` what it says in the version
/// that was chosen, `look` how the site's prompts look, `facts` what the page was told. False: it cannot be shown here, and nothing is.
#[wasm_bindgen]
pub fn mount(setting: &JsValue, content: &JsValue, look: &JsValue, facts: &JsValue, told: Function) -> bool {
    unmount();
    let key = field(setting, "key").as_string().unwrap_or_default();
    let (Some(prompt), Some(mut content)) = (read::<Placed>(setting), read::<Content>(content)) else {
        return false;
    };
    person::fill(&mut content, facts);
    let mut setting = Setting {
        placement: prompt.placement.clone(),
        mandatory: prompt.mandatory,
        later: prompt.later,
        look: look.clone(),
    };
    if let Content::Walkthrough(walkthrough) = &content {
        walk::place(&mut setting, walkthrough);
    }
    let place = match &setting.placement {
        Placement::Inline(selector) => match dom::find_in_page(selector) {
            Some(place) => Some((selector.clone(), place)),
            None => return false,
        },
        _ => None,
    };
    let teaser = prompt.teaser.filter(|_| place.is_none());
    let mut frame = Frame::new(setting, if teaser.is_some() { teaser::overhear(tell) } else { tell });
    let tab = teaser.as_ref().map(|teaser| teaser::add(&mut frame, teaser));
    frame.style = STYLE;
    let (mut kept, mut walk, mut gesture): (Option<Kept>, _, _) = (None, None, None);
    match &content {
        Content::Review(links) => links::fill(&mut frame, &content, links, icons::of_platform),
        Content::Community(links) => links::fill(&mut frame, &content, links, icons::of_place),
        Content::Offer(offer) => {
            kept = offer::fill(&mut frame, &content, offer, clock(facts)).map(|it| Box::new(it) as Kept)
        }
        Content::Notice(notice) => notice::fill(&mut frame, &content, notice),
        Content::Video(video) => video::fill(&mut frame, &content, video),
        Content::Share(share) => share::fill(&mut frame, &content, share),
        Content::Referral(referral) => match field(facts, "referral").as_string() {
            Some(code) => referral::fill(&mut frame, &content, referral, &code),
            // Nobody whose link it could be.
            None => return false,
        },
        Content::Checklist(_) => {
            let board = checklist::fill(&mut frame, &content);
            gesture = board.as_ref().and_then(|board| board.tick(facts));
            kept = board.map(|board| Box::new(board) as Kept);
        }
        Content::Walkthrough(walkthrough) => walk = Some(walk::fill(&mut frame, &content, walkthrough, &key)),
        Content::Survey(_) | Content::Form(_) => {}
        Content::Nps(nps) => {
            let nps = nps.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
            nps::fill(&mut frame, &nps.unwrap_or_default());
        }
    }
    // These keep their content for as long as they are there.
    match content {
        Content::Survey(asked) => survey::fill(&mut frame, asked, &key, facts),
        Content::Form(asked) => form::fill(&mut frame, asked, facts),
        _ => {}
    }
    let open = match &place {
        Some((_, place)) => Some(frame.open_in(place, place.clone().into())),
        None => frame.open(),
    };
    let Some(open) = open else { return false };
    if let Some(tab) = tab.filter(|_| teaser.is_some_and(|teaser| teaser.first)) {
        tab.show();
    }
    let stay = place.and_then(|(selector, _)| inline::stay(&selector, &open.host));
    SHOWN.set(Some(Shown { kept, _stay: stay, _open: open, told, is_begun: false }));
    // What is told before the prompt is on the screen is told to nobody.
    gesture.into_iter().for_each(tell);
    if let Some(walk) = walk {
        let kept = walk.begin();
        SHOWN.with_borrow_mut(|shown| {
            if let Some(shown) = shown {
                shown.kept = Some(kept);
            }
        });
    }
    true
}

/// The page was told something new while a prompt is on the screen.
#[wasm_bindgen]
pub fn hear(facts: &JsValue) {
    let gesture = SHOWN.with_borrow(|shown| {
        let board = shown.as_ref()?.kept.as_ref()?.downcast_ref::<checklist::Board>()?;
        board.tick(facts)
    });
    gesture.into_iter().for_each(tell);
}

/// The site's clock. The page was told the time when it came, and the one who shows it adds when that is.
fn clock(facts: &JsValue) -> Clock {
    let said = ["at", "now"].into_iter().find_map(|name| field(facts, name).as_f64());
    said.map_or_else(Clock::default, |now| Clock::set(Timestamp(now as i64)))
}

/// Takes it off the screen.
#[wasm_bindgen]
pub fn unmount() {
    SHOWN.take();
}

/// Tells the widget what somebody did.
fn tell(gesture: Gesture) {
    let told = SHOWN.with_borrow_mut(|shown| {
        let shown = shown.as_mut()?;
        if let Gesture::Did(did) = &gesture
            && did.action == Action::Answered
        {
            shown.is_begun = field(&did.props, answered::PARTIAL).is_truthy();
        }
        Some((shown.told.clone(), shown.is_begun))
    });
    let Some((told, is_begun)) = told else { return };
    let say = |what: &str, name: Option<String>, props: &JsValue| {
        let _ = told.call1(&JsValue::NULL, &Array::of3(&what.into(), &name.into(), props));
    };
    // Whoever shows it takes an answer for the end of it. Here it was not, and must not be gone on with.
    if is_begun && matches!(gesture, Gesture::Dismissed) {
        say(Action::Dismissed.as_str(), None, &view::say(&[(answered::PARTIAL, Word::Flag(true))]));
    }
    let (what, name, props) = match gesture {
        Gesture::Did(did) => (did.action.as_str(), did.name, did.props),
        Gesture::Dismissed => ("close", None, JsValue::UNDEFINED),
        Gesture::Finished => ("finish", None, JsValue::UNDEFINED),
    };
    say(what, name, &props);
}
