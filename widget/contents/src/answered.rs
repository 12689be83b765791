//! What is told of answers, the same for surveys and forms: each at once, all of one response under its id.

use engine::Value;
use engine::event::Action;
use engine::survey::{Answer, Question};
use serde::Serialize;
use view::{Did, Gesture, Tell};

/// Says of an answer or a step that more is to come.
pub const PARTIAL: &str = "partial";

/// Tells an answer, and whether it is the last one. What it says of the person goes along as `trait` and `trait_value`.
pub fn tell(tell: Tell, question: &Question, answer: &Answer, response: &str, is_last: bool) {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut props = question.props(answer);
    props.0.push(("response".to_owned(), text(response)));
    if !is_last {
        props.0.push((PARTIAL.to_owned(), Value::Bool(true)));
    }
    if let (Some(name), Some(value)) = (&question.becomes, question.as_trait(answer)) {
        props.0.push(("trait".to_owned(), text(name)));
        props.0.push(("trait_value".to_owned(), value));
    }
    let props = props.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or_default();
    tell(Gesture::Did(Did { action: Action::Answered, name: Some(question.event_name().to_owned()), props }));
}
