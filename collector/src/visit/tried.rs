//! What the site's own people do in a visit that they opened by a signed link. Nothing follows from it in the log: no edge, no stage, no
//! cap of anybody. But the page has to answer them as it would answer somebody who did the same, or there is nothing to try out: so
//! for this one visit, and nobody else, it is looked at beside what the log says.
//!
//! Journeys are not among it: who wants to see a stage looks at the page as somebody who is in it.

use engine::event::{Action, name};
use engine::frequency::{Exposure, History};
use engine::log::LogEvent;
use engine::rule::{Memory, Questions};

use super::Caller;
use super::history::{Details, Past};
use super::lots::Drawn;
use super::witness::Subjects;
use crate::journey;
use crate::store::{Conn, Result, visits};

/// What was tried out so far, in the order of time; for whoever has no signed link nothing.
#[derive(Debug, Default)]
pub struct Tried {
    /// Each with its properties as they were sent.
    events: Vec<(LogEvent, String)>,
    /// Who they said to be.
    user: Option<String>,
    /// Which company they said to belong to.
    account: Option<String>,
}

impl Tried {
    /// Reads what was tried out in the visit that asks.
    pub async fn read(conn: &mut Conn<'_>, site_id: &str, caller: &Caller) -> Result<Tried> {
        let mut tried = Tried::default();
        let Some((visitor, session)) = caller.visitor.zip(caller.session).filter(|_| caller.team) else {
            return Ok(tried);
        };
        for row in visits::tried(conn, site_id, &visitor.write(), &session.write()).await? {
            let (id, at, origin, name, props, url, referrer, session, prompt, action, account, user) = row;
            let sent = props.clone();
            let row = (id, at, origin, name, props, url, referrer, session, prompt, action, account);
            let Some((event, account)) = journey::log_event(row) else { continue };
            match event.name.as_str() {
                name::IDENTIFIED => (tried.user, tried.account) = (user, None),
                name::GROUPED => tried.account = account,
                _ => {}
            }
            tried.events.push((LogEvent { anonymous: tried.user.is_none(), ..event }, sent));
        }
        Ok(tried)
    }

    /// Who the visitor is, by what they said in the visit. What a server says of somebody's account goes before that.
    pub async fn subjects(&self, conn: &mut Conn<'_>, site_id: &str, subjects: Subjects) -> Result<Subjects> {
        let named = |kind: &str, name: &str| [kind, name].concat();
        let user = self.user.as_deref().map(|user| named("p:", user));
        let account = self.account.as_deref().map(|account| named("a:", account));
        if user.is_none() && account.is_none() {
            return Ok(subjects);
        }
        let user = user.or(subjects.user);
        let member = user.as_deref().unwrap_or(&subjects.visitor);
        let (known, trusted) = visits::account_of(conn, site_id, member).await?.unzip();
        let known = known.map(|known: String| named("a:", &known));
        let account = if trusted == Some(1) { known } else { account.or(known) };
        Ok(Subjects { visitor: subjects.visitor, user, account })
    }

    /// Adds what rules ask of a log.
    pub fn remember(&self, memory: &mut Memory, questions: &Questions) {
        self.events.iter().for_each(|(event, _)| questions.remember(memory, event));
    }

    /// Adds what happened with prompts. Whoever has set their caps aside looks back no further than that.
    pub fn look_back(&self, mut past: Past, by: &[String; 2]) -> Past {
        for (event, props) in &self.events {
            if event.name == name::CAPS_RESET {
                past.history = History::default();
            }
            let Some((prompt, action)) = &event.prompt else { continue };
            if *action == Action::Eligible {
                past.drawn.extend(Drawn::read(by.clone(), prompt.clone(), event.at, props));
                continue;
            }
            let Details { interrupts, partial } = Details::of(props);
            past.history.observe(&Exposure {
                prompt,
                action: *action,
                at: event.at,
                in_session: true,
                interrupts,
                partial,
            });
        }
        past
    }
}
