//! What the prompts of a page wait for, in the words of the module that notices it (`widget/page`).

use crate::bundle::Prompt;
use engine::facts::{Asked, Named};
use engine::prompt::{Moment, Placement, Reason};

/// What is waited for; see `Wants` there.
#[derive(Default)]
pub struct Wants(pub Vec<String>);

impl Wants {
    /// What a prompt waits for that was not chosen for this reason.
    pub fn add(&mut self, prompt: &Prompt, reason: Reason) {
        match reason {
            Reason::Waiting | Reason::Cancelled | Reason::Moment(_) => {
                self.moment(&prompt.moment);
                prompt.cancel_on.iter().for_each(|named| self.event(named));
            }
            Reason::Held => prompt.hold_while.iter().for_each(|selector| self.put("e", selector)),
            Reason::Absent => {
                if let Placement::Inline(selector) = &prompt.placement {
                    self.put("e", selector);
                }
            }
            _ => self.rule(&prompt.rule),
        }
    }

    /// The elements that a rule asks for.
    pub fn rule(&mut self, rule: &Asked) {
        rule.each_here(&mut |id| self.put("r", &decimal(id.number())));
    }

    /// Time alone brings some, what the page says others; and what a play sends will come with the facts.
    fn moment(&mut self, moment: &Moment<Named>) {
        match moment {
            Moment::Scroll(depth) => self.put("d", &decimal((*depth).into())),
            Moment::Inactivity(_) => self.put("a", ""),
            Moment::ExitIntent => self.put("x", ""),
            Moment::Click(selector) => self.put("c", selector),
            Moment::ElementVisible(selector) => self.put("v", selector),
            Moment::AtOnce
            | Moment::Dwell(_)
            | Moment::TimeOnSite(_)
            | Moment::PagesViewed(_)
            | Moment::Call
            | Moment::Push => {}
            Moment::Event(named) => self.event(named),
        }
    }

    /// An event that is asked for with more than its name is told by that module.
    fn event(&mut self, named: &Named) {
        if named.is_told {
            self.put("n", "");
        }
    }

    fn put(&mut self, what: &str, about: &str) {
        self.0.push([what, about].concat());
    }
}

/// By hand: the library's own brings along how all other things are written.
fn decimal(mut number: u32) -> String {
    let mut digits = String::new();
    loop {
        digits.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return digits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimals() {
        for (number, text) in [(0, "0"), (7, "7"), (100, "100"), (u32::MAX, "4294967295")] {
            assert_eq!(decimal(number), text);
        }
    }
}
