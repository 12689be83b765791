//! The words that are ours, in one table: what a prompt says itself comes with it.

/// Everything that contents say unasked.
pub struct Words {
    pub copy: &'static str,
    pub copied: &'static str,
    /// It could not be copied, so it is marked for the visitor to copy.
    pub selected: &'static str,
    /// `{}`: the last day.
    pub valid_until: &'static str,
    pub expired: &'static str,
    /// Under the numbers of a countdown.
    pub units: [&'static str; 4],
    pub recommended: &'static str,
    pub current_plan: &'static str,
    pub got_it: &'static str,
    pub play: &'static str,
    pub share_on: [&'static str; 3],
    pub copy_text: &'static str,
    pub your_link: &'static str,
    pub your_code: &'static str,
    /// `{}`: how many, of how many.
    pub tasks_done: &'static str,
    pub done_task: &'static str,
    pub open_task: &'static str,
    pub all_done: &'static str,
    pub close: &'static str,
    pub back: &'static str,
    pub next: &'static str,
    pub done: &'static str,
    /// `{}`: which, of how many.
    pub step: &'static str,
    pub send: &'static str,
    pub skip: &'static str,
    /// In a list that opens, before something is chosen.
    pub choose: &'static str,
    pub progress: &'static str,
    /// Behind the name of a field that may stay empty.
    pub optional: &'static str,
    /// Before the name of what is moved.
    pub move_up: &'static str,
    pub move_down: &'static str,
    pub thanks: &'static str,
    /// What the ends of a scale mean, unless that is said.
    pub satisfied: [&'static str; 2],
    pub easy: [&'static str; 2],
    pub likely: [&'static str; 2],
}

const ENGLISH: Words = Words {
    copy: "Copy",
    copied: "Copied",
    selected: "Selected",
    valid_until: "Valid until {}",
    expired: "This code is no longer valid.",
    units: ["days", "hours", "minutes", "seconds"],
    recommended: "Recommended",
    current_plan: "Your plan",
    got_it: "Got it",
    play: "Play",
    share_on: ["X", "LinkedIn", "Facebook"],
    copy_text: "Copy the text",
    your_link: "Your link",
    your_code: "Your code",
    tasks_done: "{} of {} done",
    done_task: "Done",
    open_task: "To do",
    all_done: "All done.",
    close: "Close",
    back: "Back",
    next: "Next",
    done: "Done",
    step: "{} of {}",
    send: "Send",
    skip: "Skip",
    choose: "Choose…",
    progress: "Progress",
    optional: "(optional)",
    move_up: "Move up: {}",
    move_down: "Move down: {}",
    thanks: "Thank you.",
    satisfied: ["Very dissatisfied", "Very satisfied"],
    easy: ["Very difficult", "Very easy"],
    likely: ["Not at all likely", "Extremely likely"],
};

/// The words of the page's language.
pub fn words() -> &'static Words {
    &ENGLISH
}

/// A template with its gaps filled, in their order.
pub fn filled(template: &str, parts: &[&str]) -> String {
    let mut text = String::new();
    for (at, piece) in template.split('{').enumerate() {
        if let Some(part) = at.checked_sub(1).and_then(|gap| parts.get(gap)) {
            text += part;
        }
        text += if at > 0 { piece.trim_start_matches('}') } else { piece };
    }
    text
}

/// A number as people read it, without the machinery that formats every kind of number.
pub fn decimal(number: u32) -> String {
    let mut digits = String::new();
    let mut rest = number;
    loop {
        digits.insert(0, char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            return digits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_in_order() {
        for (template, parts, expected) in [
            ("{} of {} done", &["2", "5"][..], "2 of 5 done"),
            ("Valid until {}", &["31 May"], "Valid until 31 May"),
            ("{}まで有効", &["5月31日"], "5月31日まで有効"),
            ("no gap", &["2"], "no gap"),
            ("{} and {}", &["one"], "one and "),
        ] {
            assert_eq!(filled(template, parts), expected);
        }
    }

    #[test]
    fn numbers_are_written_in_digits() {
        for number in [0, 7, 10, 99, 365, u32::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
