//! What somebody did, gone through again: page by page, with the draft among what is published.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::event::Action;
use engine::experiment::Unit;
use engine::frequency::{Capped, Exposure, History};
use engine::log::{LogEvent, Origin};
use engine::page::Url;
use engine::prompt::{Page, Reason, Scene, Signal, Signals, What, choose_telling};
use engine::rule::{Answer, Both, Memory, OnPage, Truth, Visit, eval};
use engine::{Key, Span, Timestamp, Uuid, Value};

use super::Loss;
use super::draft::{Draft, Past};
use super::fits::Parts;
use super::sample::{Person, is_view};
use crate::visit::{CONSENTS, Drawn, Log, Opened, Stays, assign, zone};

/// What became of the draft for somebody.
#[derive(Debug, Default)]
pub struct Fate {
    /// How many times it would have been shown.
    pub shown: usize,
    /// Only if what nobody recorded went well.
    pub is_doubtful: bool,
    /// On which pages.
    pub pages: BTreeSet<String>,
    /// What stood against it where it came closest.
    pub closest: Option<Loss>,
    /// Which parts of its rule held on some page.
    pub parts: Parts,
    /// The prompts that could have come at the same moment, and whether one went first.
    pub beside: BTreeMap<Key, bool>,
}

/// A session is a day at most, whatever its name; as where caps are held against it.
const SESSION_MAX: Span = Span::hours(24);

/// After so long without a signal nobody is taken to be on a page any more.
const STAY_MAX: Span = Span(30 * 60_000);

/// What happened between somebody and a prompt.
struct Met {
    prompt: Key,
    action: Action,
    at: Timestamp,
    session: Option<Uuid>,
    interrupts: bool,
    partial: bool,
}

/// A visit so far.
struct VisitSoFar {
    pages: u32,
    since: Timestamp,
    number: u32,
    landing: String,
}

/// A page that is open.
struct Open<'p> {
    view: &'p LogEvent,
    happened: Vec<Signal>,
    /// When to look again though nothing happens.
    due: Option<Timestamp>,
    /// Whether the draft was shown on it.
    is_done: bool,
}

/// Somebody, on the way through their log.
struct Walk<'d, 'p> {
    draft: &'d Draft,
    person: &'p Person,
    unit: Unit,
    memory: Memory,
    account: Option<(Memory, usize)>,
    met: Vec<Met>,
    visits: HashMap<Uuid, VisitSoFar>,
    fate: Fate,
}

impl Draft {
    /// Goes through what somebody did; what was before `from` is remembered only.
    pub fn replay(&self, person: &Person, from: Timestamp) -> Fate {
        let leaves = self.ruleset.questions.leaves();
        let drawn: Vec<Drawn> = person.log.iter().filter_map(|event| drawn(event, person)).collect();
        let mut walk = Walk {
            draft: self,
            person,
            unit: assign(&self.ruleset, &person.subjects, &drawn),
            memory: Memory::new(leaves),
            account: person.account.is_some().then(|| (Memory::new(leaves), 0)),
            met: Vec::new(),
            visits: HashMap::new(),
            fate: Fate::default(),
        };
        let mut open: Option<Open<'_>> = None;
        for event in &person.log {
            walk.wait(open.as_mut(), event.at);
            walk.observe(event);
            if is_view(event) {
                open =
                    (event.at >= from).then(|| Open { view: event, happened: Vec::new(), due: None, is_done: false });
                walk.look(open.as_mut(), event.at);
            } else if let Some(page) = open.as_mut().filter(|page| is_signal(event, page.view)) {
                let what = What::Event(event.name.clone(), event.props.clone());
                page.happened.push(Signal { at: event.at, what });
                walk.look(Some(page), event.at);
            }
        }
        walk.wait(open.as_mut(), Timestamp(i64::MAX));
        walk.fate
    }
}

impl Walk<'_, '_> {
    fn observe(&mut self, event: &LogEvent) {
        self.draft.ruleset.questions.remember(&mut self.memory, event);
        if let Some((prompt, action)) = &event.prompt {
            // What it did when it was live before is not to stand against a trial; that somebody wants to see none is.
            let counts = *prompt != self.draft.key || *action == Action::Muted || self.draft.past == Past::Lived;
            if counts {
                let is_so = |name| event.props.get(name) == Some(&Value::Bool(true));
                let (interrupts, partial) = (is_so("interrupts"), is_so("partial"));
                let (prompt, action, at, session) = (prompt.clone(), *action, event.at, event.session);
                self.met.push(Met { prompt, action, at, session, interrupts, partial });
            }
        }
        let number = u32::try_from(self.visits.len() + 1).unwrap_or(u32::MAX);
        if let Some(session) = event.session.filter(|_| is_view(event)) {
            let (since, landing) = (event.at, event.url.clone());
            let visit = self.visits.entry(session).or_insert(VisitSoFar { pages: 0, since, number, landing });
            visit.pages += 1;
        }
    }

    /// Looks again at a page where time alone brings something before `next`, as long as somebody may be on it.
    fn wait(&mut self, open: Option<&mut Open<'_>>, next: Timestamp) {
        let Some(page) = open else { return };
        let end = next.min(page.view.at.after(STAY_MAX));
        // Each look sets a later one, or none; one that is not yet due stays set.
        while let Some(due) = page.due.take_if(|due| *due < end) {
            self.look(Some(page), due);
        }
    }

    /// Chooses on a page at an instant.
    fn look(&mut self, open: Option<&mut Open<'_>>, at: Timestamp) {
        let Some(page) = open.filter(|page| !page.is_done) else { return };
        self.follow_account(at);
        let draft = self.draft;
        let unknown = Opened::default();
        let opened = self.person.opened.get(&page.view.id).unwrap_or(&unknown);
        let zone = zone(&draft.timezone, at);
        let (log, history) = (self.log(page.view, opened, at), self.history(page.view.session, at));
        let visit = page.view.session.and_then(|session| self.visits.get(&session));
        let on_page = OnPage {
            device: opened.device,
            language: opened.language.as_deref(),
            consent: Some(&CONSENTS),
            visit: visit.map(|so_far| (so_far.visit(), at)),
            hash: None,
            calendar: zone.and_then(|zone| zone.calendar(at)),
            ..OnPage::new(Some(&page.view.url), &draft.ruleset.settings.page_groups)
        };
        let witness = Both { page: on_page, log: &log };
        let (Answer { truth: rule, .. }, parts) = eval::<Parts, _>(&draft.rule, &witness);
        self.fate.parts.merge(&parts);
        let prompts = if rule == Truth::Unknown { &draft.granted } else { &draft.prompts };
        let signals = Signals {
            since: page.view.at,
            visit_since: visit.map(|visit| visit.since),
            pages: visit.map(|visit| visit.pages),
            active: None,
            happened: &page.happened,
        };
        let scene = Scene {
            history: &history,
            policy: &draft.ruleset.settings.policy,
            unit: &self.unit,
            zone,
            consents: &CONSENTS,
            spare_offers: log.stays.is_behind(&draft.ruleset, at),
            page: Page { signals, ..Page::default() },
            now: at,
        };
        let mut lost = None;
        let mut outranked: Vec<&Key> = Vec::new();
        let choice = choose_telling(prompts, &witness, &scene, &mut |prompt, reason| {
            if prompt.key == draft.key {
                lost = Some(reason);
            } else if reason == Reason::Outranked {
                outranked.push(&prompt.key);
            }
        });
        let others = outranked.into_iter().map(|key| (key, false));
        let winner = choice.winner.map(|winner| &winner.key).filter(|key| **key != draft.key);
        let others: Vec<(Key, bool)> =
            others.chain(winner.map(|key| (key, true))).map(|(key, first)| (key.clone(), first)).collect();
        if matches!(lost, None | Some(Reason::Outranked)) {
            for (key, was_first) in others {
                *self.fate.beside.entry(key).or_default() |= was_first;
            }
        }
        match lost {
            None => {
                let is_doubtful = draft.is_unseen || rule == Truth::Unknown || self.is_last(page.view, at);
                self.show(page, at, is_doubtful);
            }
            Some(reason) => {
                page.due =
                    if let Reason::Moment(then) = reason { Some(then) } else { choice.next }.filter(|then| *then > at);
                self.fate.closest = self.fate.closest.max(Some(loss(reason, rule)));
            }
        }
    }

    fn show(&mut self, page: &mut Open<'_>, at: Timestamp, is_doubtful: bool) {
        page.is_done = true;
        self.fate.is_doubtful = is_doubtful && (self.fate.shown == 0 || self.fate.is_doubtful);
        self.fate.shown += 1;
        self.fate.pages.insert(Url::parse(&page.view.url).path.to_owned());
        if self.draft.past == Past::Lived {
            return;
        }
        self.met.push(Met {
            prompt: self.draft.key.clone(),
            action: Action::Shown,
            at,
            session: page.view.session,
            interrupts: self.draft.interrupts,
            partial: false,
        });
    }

    /// Whether nothing shows that somebody was still on a page at an instant that is later than they came to it.
    fn is_last(&self, view: &LogEvent, at: Timestamp) -> bool {
        let later = self.person.log.iter().rev().take_while(|event| event.at >= at);
        at > view.at && !later.into_iter().any(|event| event.session.is_some() && event.session == view.session)
    }

    fn follow_account(&mut self, at: Timestamp) {
        let (Some(account), Some((memory, next))) = (&self.person.account, &mut self.account) else { return };
        while let Some(event) = account.log.get(*next).filter(|event| event.at <= at) {
            self.draft.ruleset.questions.remember(memory, event);
            *next += 1;
        }
    }

    /// What the log said then.
    fn log(&self, view: &LogEvent, opened: &Opened, at: Timestamp) -> Log {
        let (subjects, ruleset) = (&self.person.subjects, self.draft.ruleset.clone());
        let memory = match &self.account {
            Some((account, _)) => self.memory.clone().beside(ruleset.questions.leaves(), account),
            None => self.memory.clone(),
        };
        let account = self.person.account.as_ref().map(|account| (account.moves.as_slice(), true));
        let own = (self.person.moves.as_slice(), subjects.user.is_some());
        let stays = Stays::at(account.into_iter().chain([own]), at);
        Log::past(subjects.clone(), stays, ruleset, memory, (at, view.session), opened.request())
    }

    /// What caps are held against then.
    fn history(&self, session: Option<Uuid>, at: Timestamp) -> History {
        let mut history = History::default();
        for met in &self.met {
            history.observe(&Exposure {
                prompt: &met.prompt,
                action: met.action,
                at: met.at,
                in_session: met.session.is_some() && met.session == session && met.at.after(SESSION_MAX) > at,
                interrupts: met.interrupts,
                partial: met.partial,
            });
        }
        history
    }
}

impl VisitSoFar {
    fn visit(&self) -> Visit<'_> {
        Visit { pages: self.pages, since: self.since, number: Some(self.number), landing: Some(&self.landing) }
    }
}

/// Whether this happened on that page, and pages hear of it.
fn is_signal(event: &LogEvent, view: &LogEvent) -> bool {
    event.origin == Origin::Web && event.prompt.is_none() && event.session.is_some() && event.session == view.session
}

/// A lot that was drawn then.
fn drawn(event: &LogEvent, person: &Person) -> Option<Drawn> {
    let (prompt, _) = event.prompt.as_ref().filter(|(_, action)| *action == Action::Eligible)?;
    let props = serde_json::to_string(&event.props).ok()?;
    let subjects = &person.subjects;
    Drawn::read([subjects.visitor.clone(), subjects.person().to_owned()], prompt.clone(), event.at, &props)
}

/// In which group of reasons one is counted. Moments are looked at before rules, so that of a page that it is not for they say nothing.
fn loss(reason: Reason, rule: Truth) -> Loss {
    match reason {
        Reason::Moment(_) | Reason::Waiting | Reason::Cancelled if rule == Truth::No => Loss::Rule,
        Reason::Ended | Reason::NotBefore(_) | Reason::Hours(_) => Loss::Hours,
        Reason::Moment(_) | Reason::Waiting | Reason::Cancelled => Loss::Moment,
        Reason::Rule | Reason::Unknown(_) | Reason::Consent(_) | Reason::Held | Reason::Absent => Loss::Rule,
        Reason::Guarded => Loss::Guarded,
        Reason::Capped(Capped::Muted) => Loss::Muted,
        Reason::Capped(
            Capped::Interruptions
            | Capped::InterruptionGap(_)
            | Capped::SitePerPage
            | Capped::SitePerSession
            | Capped::Group(..),
        ) => Loss::SiteCap,
        Reason::Capped(_) => Loss::OwnCap,
        Reason::Uncovered | Reason::HeldOut { .. } => Loss::Lot,
        Reason::Outranked | Reason::Taken => Loss::Outranked,
    }
}
