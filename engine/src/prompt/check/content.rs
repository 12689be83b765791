//! What is wrong with what a prompt says.

use super::selector;
use crate::pipe::{self, NOT_EARLIER};
use crate::problem::Problem;
use crate::prompt::{
    Checklist, Content, Image, Link, Links, Notice, Nps, Offer, Plan, Referral, Share, Video, VideoSource, Walkthrough,
};
use crate::rule::Known;
use crate::survey;
use core::ops::RangeInclusive;

/// Longest text in a prompt, in characters.
const MAX_TEXT: usize = 600;

/// All mistakes of a content.
pub fn check(content: &Content, known: &Known, at: &str, problems: &mut Vec<Problem>) {
    let at = format!("{at}.{}", content.name());
    let mut checker = Checker { at, public: Some(&known.public_traits), problems };
    match content {
        Content::Survey(survey) => survey::check(survey, &known.public_traits, &checker.at, checker.problems),
        Content::Nps(nps) => checker.nps(nps),
        Content::Form(form) => {
            checker.words(&form.heading, &form.body);
            checker.optional("button", form.button.as_deref());
            checker.optional("decline", form.decline.as_deref());
            checker.optional("thanks", form.thanks.as_deref());
            checker.count("fields", form.fields.len(), 1..=8, "field_count", "Give one to eight fields.");
            {
                let at = format!("{}.fields", checker.at);
                survey::check_fields(&form.fields, &known.public_traits, &at, checker.problems);
            };
        }
        Content::Review(links) | Content::Community(links) => checker.links(links),
        Content::Offer(offer) => checker.offer(offer),
        Content::Notice(notice) => checker.notice(notice),
        Content::Video(video) => checker.video(video),
        Content::Share(share) => checker.share(share),
        Content::Referral(referral) => checker.referral(referral),
        Content::Checklist(list) => checker.checklist(list, &known.tasks),
        Content::Walkthrough(walkthrough) => checker.walkthrough(walkthrough),
    }
}

/// All mistakes of a picture that is the same for everybody.
pub fn image(image: &Image, at: &str, problems: &mut Vec<Problem>) {
    let mut checker = Checker { at: at.to_owned(), public: None, problems };
    checker.picture("", image);
}

struct Checker<'a> {
    at: String,
    /// The traits that texts may say; `None`: these texts say none.
    public: Option<&'a [String]>,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn report(&mut self, field: &str, code: &'static str, message: &str) {
        self.problems.push(Problem::new(format!("{}.{field}", self.at), code, message));
    }

    fn needed(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.report(field, "empty", "This text is missing.");
        }
        self.optional(field, Some(text));
    }

    fn optional(&mut self, field: &str, text: Option<&str>) {
        if text.is_some_and(|text| text.chars().count() > MAX_TEXT) {
            self.report(field, "too_long", "At most 600 characters; people do not read more.");
        }
        if let (Some(text), Some(public)) = (text, self.public) {
            let at = format!("{}.{field}", self.at);
            let mut report = |code, message: &str| self.problems.push(Problem::new(at.clone(), code, message));
            pipe::check(text, public, &mut report, &mut |_| Some(NOT_EARLIER));
        }
    }

    fn picture(&mut self, at: &str, image: &Image) {
        self.address(&format!("{at}url"), &image.url);
        self.needed(&format!("{at}alt"), &image.alt);
    }

    fn words(&mut self, heading: &str, body: &str) {
        self.needed("heading", heading);
        self.optional("body", Some(body));
    }

    fn count(&mut self, field: &str, count: usize, legal: RangeInclusive<usize>, code: &'static str, message: &str) {
        if !legal.contains(&count) {
            self.report(field, code, message);
        }
    }

    fn link(&mut self, field: &str, link: &Link) {
        self.needed(&format!("{field}.label"), &link.label);
        if !link.is_safe() {
            let message = "A link starts with https://, http://, mailto: or tel:, or is a path on your own site such as /pricing.";
            self.report(&format!("{field}.url"), "unsafe_link", message);
        }
    }

    fn button(&mut self, button: Option<&Link>) {
        if let Some(button) = button {
            self.link("button", button);
        }
    }

    fn address(&mut self, field: &str, url: &str) {
        if !(Link { label: String::new(), url: url.to_owned() }).leads_to_a_page() {
            let message = "An address starts with https:// or http://, or is a path on your own site such as /pricing.";
            self.report(field, "unsafe_link", message);
        }
    }

    fn image(&mut self, field: &str, of: Option<&Image>) {
        if let Some(of) = of {
            self.picture(&format!("{field}."), of);
        }
    }

    fn nps(&mut self, nps: &Nps) {
        self.needed("question", &nps.question);
        for (field, text) in [("low", &nps.low), ("high", &nps.high), ("thanks", &nps.thanks)] {
            self.optional(field, text.as_deref());
        }
        if let Some(follow_up) = &nps.follow_up {
            self.needed("follow_up.question", &follow_up.question);
            self.optional("follow_up.button", follow_up.button.as_deref());
        }
    }

    fn links(&mut self, links: &Links) {
        self.words(&links.heading, &links.body);
        self.optional("decline", links.decline.as_deref());
        self.count("links", links.links.len(), 1..=6, "link_count", "Give one to six links.");
        for (index, link) in links.links.iter().enumerate() {
            self.link(&format!("links[{index}]"), link);
        }
    }

    fn offer(&mut self, offer: &Offer) {
        self.words(&offer.heading, &offer.body);
        self.image("image", offer.image.as_ref());
        self.button(offer.button.as_ref());
        self.optional("decline", offer.decline.as_deref());
        if let Some(coupon) = &offer.coupon {
            self.needed("coupon.code", &coupon.code);
            if coupon.param.as_ref().is_some_and(|param| param.trim().is_empty()) {
                self.report("coupon.param", "empty", "This text is missing.");
            }
            if coupon.countdown && coupon.ends.is_none() {
                let message = "Only what really ends can be counted down: say when the code ends.";
                self.report("coupon.countdown", "countdown_without_end", message);
            }
        }
        self.count("plans", offer.plans.len(), 0..=4, "plan_count", "Give at most four plans.");
        for (index, plan) in offer.plans.iter().enumerate() {
            self.plan(&format!("plans[{index}]"), plan);
        }
        if offer.button.is_none() && offer.plans.iter().all(|plan| plan.button.is_none()) {
            self.report("button", "missing_button", "Say where the offer is taken up.");
        }
    }

    fn plan(&mut self, at: &str, plan: &Plan) {
        self.needed(&format!("{at}.name"), &plan.name);
        self.needed(&format!("{at}.price"), &plan.price);
        self.count(&format!("{at}.points"), plan.points.len(), 0..=6, "point_count", "At most six points.");
        for (index, point) in plan.points.iter().enumerate() {
            self.needed(&format!("{at}.points[{index}]"), point);
        }
        if let Some(button) = &plan.button {
            self.link(&format!("{at}.button"), button);
        }
    }

    fn notice(&mut self, notice: &Notice) {
        self.words(&notice.heading, &notice.body);
        self.image("image", notice.image.as_ref());
        self.button(notice.button.as_ref());
        self.optional("decline", notice.decline.as_deref());
    }

    fn video(&mut self, video: &Video) {
        self.words(&video.heading, &video.body);
        match &video.source {
            VideoSource::Youtube(id) if !is_youtube(id) => {
                let message = "A YouTube id has eleven characters: the part after watch?v= or after youtu.be/.";
                self.report("source.youtube", "wrong_id", message);
            }
            VideoSource::Vimeo(id) if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.report("source.vimeo", "wrong_id", "A Vimeo id is the number at the end of its address.");
            }
            VideoSource::File(url) => self.address("source.file", url),
            VideoSource::Youtube(_) | VideoSource::Vimeo(_) => {}
        }
        self.image("poster", video.poster.as_ref());
        self.optional("length", video.length.as_deref());
        self.button(video.button.as_ref());
        self.optional("decline", video.decline.as_deref());
    }

    fn share(&mut self, share: &Share) {
        self.words(&share.heading, &share.body);
        self.needed("text", &share.text);
        self.address("url", &share.url);
        self.optional("decline", share.decline.as_deref());
        self.count("to", share.to.len(), 1..=4, "share_count", "Give one to four ways to share.");
        self.doubles("to", &share.to);
    }

    fn referral(&mut self, referral: &Referral) {
        self.words(&referral.heading, &referral.body);
        self.address("url", &referral.url);
        self.optional("reward", referral.reward.as_deref());
        self.optional("decline", referral.decline.as_deref());
    }

    fn checklist(&mut self, list: &Checklist, milestones: &[crate::Key]) {
        self.words(&list.heading, &list.body);
        self.optional("done", list.done.as_deref());
        self.count("tasks", list.tasks.len(), 2..=8, "task_count", "Give two to eight tasks.");
        for (index, task) in list.tasks.iter().enumerate() {
            let at = format!("tasks[{index}]");
            self.needed(&format!("{at}.label"), &task.label);
            self.optional(&format!("{at}.help"), task.help.as_deref());
            if let Some(url) = &task.url {
                self.address(&format!("{at}.url"), url);
            }
            if !milestones.contains(&task.milestone) {
                let message = format!("No journey has the milestone \"{}\".", task.milestone);
                self.report(&format!("{at}.milestone"), "unknown_milestone", &message);
            }
        }
        let ticked: Vec<_> = list.tasks.iter().map(|task| &task.milestone).collect();
        self.doubles("tasks", &ticked);
    }

    fn walkthrough(&mut self, walkthrough: &Walkthrough) {
        self.count("steps", walkthrough.steps.len(), 1..=12, "step_count", "Give one to twelve steps.");
        for (index, step) in walkthrough.steps.iter().enumerate() {
            let at = format!("steps[{index}]");
            self.needed(&format!("{at}.heading"), &step.heading);
            self.optional(&format!("{at}.body"), Some(&step.body));
            self.optional(&format!("{at}.button"), step.button.as_deref());
            self.image(&format!("{at}.image"), step.image.as_ref());
            if let Some(element) = &step.at {
                selector(&format!("{}.{at}.at", self.at), element, self.problems);
            }
        }
    }

    /// What was given before in a list.
    fn doubles<T: PartialEq>(&mut self, field: &str, list: &[T]) {
        for index in (1..list.len()).filter(|index| list[..*index].contains(&list[*index])) {
            self.report(&format!("{field}[{index}]"), "twice", "This is there already.");
        }
    }
}

fn is_youtube(id: &str) -> bool {
    id.len() == 11 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
