//! The texts of contents, which may say something of the person: `{{trait.first_name | there}}`. One list, so that what is checked when
//! it is saved and what is filled before it is painted are the same. A survey fills its own, one question after the other.

use super::{Content, Image, Link, Nps, Offer};
use crate::pipe::{self, Field, Piece};

/// What sees a text, and may change it.
type See<'s> = &'s mut dyn FnMut(&mut String);

impl Content {
    /// Each of its texts, as far as people read them; of a survey none.
    pub fn each_text(&mut self, see: See<'_>) {
        match self {
            Content::Survey(_) => {}
            Content::Nps(nps) => nps.each_text(see),
            Content::Form(form) => {
                words(&mut form.heading, &mut form.body, [&mut form.button, &mut form.decline, &mut form.thanks], see);
                form.fields.iter_mut().for_each(|field| field.each_text(see));
            }
            Content::Review(links) | Content::Community(links) => {
                words(&mut links.heading, &mut links.body, [&mut links.decline], see);
                links.links.iter_mut().for_each(|link| see(&mut link.label));
            }
            Content::Offer(offer) => of_offer(offer, see),
            Content::Notice(notice) => {
                words(&mut notice.heading, &mut notice.body, [&mut notice.decline], see);
                image(&mut notice.image, see);
                label(&mut notice.button, see);
            }
            Content::Video(video) => {
                words(&mut video.heading, &mut video.body, [&mut video.length, &mut video.decline], see);
                image(&mut video.poster, see);
                label(&mut video.button, see);
            }
            Content::Share(share) => {
                words(&mut share.heading, &mut share.body, [&mut share.decline], see);
                see(&mut share.text);
            }
            Content::Referral(referral) => {
                let (reward, decline) = (&mut referral.reward, &mut referral.decline);
                words(&mut referral.heading, &mut referral.body, [reward, decline], see);
            }
            Content::Checklist(list) => {
                words(&mut list.heading, &mut list.body, [&mut list.done], see);
                for task in &mut list.tasks {
                    see(&mut task.label);
                    task.help.iter_mut().for_each(&mut *see);
                }
            }
            Content::Walkthrough(walkthrough) => {
                for step in &mut walkthrough.steps {
                    words(&mut step.heading, &mut step.body, [&mut step.button], see);
                    image(&mut step.image, see);
                }
            }
        }
    }

    /// Puts values into each of its texts. `of_person` gives what is known.
    pub fn fill(&mut self, of_person: &dyn Fn(&str) -> Option<String>) {
        self.each_text(&mut |text| *text = filled(text, of_person));
    }
}

/// A text with what is known of the person in it.
pub fn filled(text: &str, of_person: &dyn Fn(&str) -> Option<String>) -> String {
    pipe::fill(text, &|field| match field {
        Field::Trait(name) => of_person(name),
        Field::Answer(_) => None,
    })
}

impl Nps {
    fn each_text(&mut self, see: See<'_>) {
        see(&mut self.question);
        [&mut self.low, &mut self.high, &mut self.thanks].into_iter().flatten().for_each(&mut *see);
        if let Some(follow_up) = &mut self.follow_up {
            see(&mut follow_up.question);
            follow_up.button.iter_mut().for_each(see);
        }
    }

    /// Whether a text of it says something of the person.
    pub fn says_something_of_the_person(&self) -> bool {
        let mut found = false;
        let has_value = |text: &str| pipe::pieces(text).any(|piece| matches!(piece, Piece::Value(..)));
        self.clone().each_text(&mut |text| found |= has_value(text));
        found
    }
}

fn of_offer(offer: &mut Offer, see: See<'_>) {
    words(&mut offer.heading, &mut offer.body, [&mut offer.decline], see);
    image(&mut offer.image, see);
    label(&mut offer.button, see);
    if let Some(coupon) = &mut offer.coupon {
        see(&mut coupon.code);
    }
    for plan in &mut offer.plans {
        see(&mut plan.name);
        see(&mut plan.price);
        plan.points.iter_mut().for_each(&mut *see);
        label(&mut plan.button, see);
    }
}

fn words<const N: usize>(heading: &mut String, body: &mut String, more: [&mut Option<String>; N], see: See<'_>) {
    see(heading);
    see(body);
    more.into_iter().flatten().for_each(see);
}

fn image(image: &mut Option<Image>, see: See<'_>) {
    image.iter_mut().for_each(|image| see(&mut image.alt));
}

fn label(link: &mut Option<Link>, see: See<'_>) {
    link.iter_mut().for_each(|link| see(&mut link.label));
}
