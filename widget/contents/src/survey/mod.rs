//! Questions, one at a time. Where it goes on and where it ends the engine says; here it is painted, each answer is told at once, and
//! kept, so that a reload costs nobody what they have said.

mod around;
mod kept;

use crate::answered;
use crate::farewell::{Farewell, Room};
use crate::field::{Field, Plan, Touch};
use crate::person::text_of;
use crate::words::refused;
use around::progress;
use engine::Key;
use engine::event::Action;
use engine::prompt::Link;
use engine::survey::{Answer, Answers, Ending, Given, Kind, Question, Step, Survey};
use kept::Kept;
use std::cell::RefCell;
use std::rc::Rc;
use view::clock::after;
use view::frame::{Frame, Slot};
use view::host::guarded;
use view::read::field;
use view::words::own;
use view::{Did, Tell, Word, dom};
use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlElement};

const BACK: &str = "M14.5 6l-6 6 6 6";

/// A survey while it is on the screen.
struct Run {
    survey: Survey,
    kept: Kept,
    answers: RefCell<Answers>,
    /// What of the person its texts may say.
    traits: JsValue,
    seed: u64,
    now: RefCell<Option<Rc<Now>>>,
    tell: Tell,
    timer: Slot,
    panel: HtmlElement,
    words: HtmlElement,
    /// Where the field and the buttons stand.
    stage: HtmlElement,
}

/// The question that is asked.
struct Now {
    id: Key,
    /// A choice goes on by itself.
    is_quick: bool,
    field: Field,
    next: HtmlElement,
    skip: HtmlElement,
}

/// Fills the frame. `key` is the prompt's, `facts` what the page was told.
pub fn fill(frame: &mut Frame, survey: Survey, key: &str, facts: &JsValue) {
    let (kept, mut answers) = Kept::of(key, &survey);
    let linked = survey.prefill.as_ref().and_then(|name| around::param(name.as_str()));
    let is_linked = answers.iter().next().is_none() && linked.is_some();
    if let Some(value) = linked.filter(|_| is_linked) {
        answers = survey.start_with(&value);
    }
    // The frame says the first line when it comes; what stands there is painted below like any other question.
    let heading = match survey.next(&answers) {
        Step::Ask(question) => question.text.as_str(),
        Step::End(ending) => ending.map_or("", |ending| ending.text.as_str()),
    };
    let traits = field(facts, "traits");
    let heading = survey.fill(heading, &answers, &|name| text_of(&traits, name));
    let words = frame.words(&heading, "");
    // What comes next takes the focus, and is said for that reason already.
    dom::say(&words, "aria-live", "off");
    let stage = frame.add("div", "stage", "");
    let run = Rc::new(Run {
        kept,
        answers: RefCell::new(answers),
        traits,
        seed: crate::field::seed(facts),
        now: RefCell::default(),
        tell: frame.tell,
        timer: frame.timer.clone(),
        panel: frame.panel.clone(),
        words,
        stage,
        survey,
    });
    let keys = run.clone();
    frame.on(&frame.panel, "keydown", move |event| keys.key(&event));
    run.go_on(None);
    if is_linked {
        // Once it is on the page: only then is anybody told.
        let begun = run.clone();
        run.timer.replace(Some(after(engine::Span(0), move || begun.tell_all())));
    }
}

impl Run {
    fn fill(&self, text: &str) -> String {
        self.survey.fill(text, &self.answers.borrow(), &|name| text_of(&self.traits, name))
    }

    /// Where a question stands on the way, and how long that is at most.
    fn place(&self, id: &Key) -> (usize, usize) {
        let answers = self.answers.borrow();
        let path = self.survey.path(&answers);
        let at = path.iter().position(|(question, _)| question.id == *id).unwrap_or(path.len());
        let now = self.survey.progress(&answers);
        (at, now.answered + now.left)
    }

    /// Asks what comes after a question, also if that was answered before; without one, what was not answered yet.
    fn go_on(self: &Rc<Self>, after: Option<&Key>) {
        let answers = self.answers.borrow();
        let path = self.survey.path(&answers);
        let at = path.iter().position(|(question, _)| Some(&question.id) == after);
        match at.and_then(|at| path.get(at + 1)) {
            Some((question, _)) => self.ask(question, true),
            None => match self.survey.next(&answers) {
                Step::Ask(question) => self.ask(question, after.is_some()),
                Step::End(ending) => self.end(ending),
            },
        }
    }

    fn go_back(self: &Rc<Self>) {
        let Some(now) = self.now.borrow().clone() else { return };
        let (at, _) = self.place(&now.id);
        let answers = self.answers.borrow();
        let path = self.survey.path(&answers);
        if let Some((question, _)) = at.checked_sub(1).and_then(|at| path.get(at)) {
            self.ask(question, true);
        }
    }

    /// Puts a question on the card.
    fn ask(self: &Rc<Self>, question: &Question, takes_focus: bool) {
        self.timer.take();
        self.words.set_text_content(None);
        self.stage.set_text_content(None);
        let (at, of) = self.place(&question.id);
        if of > 1 {
            dom::put(&self.words, &progress(at, of));
        }
        let title = dom::make("h2", "", &self.fill(&question.text));
        title.set_id("t");
        dom::put(&self.words, &title);
        if let Some(help) = &question.help {
            let help = dom::make("p", "", &self.fill(help));
            help.set_id("h");
            dom::put(&self.words, &help);
        }

        let answers = self.answers.borrow();
        let before = answers.get(&question.id);
        let run = self.clone();
        let field = Field::new(&Plan {
            question,
            number: "",
            name: "t",
            before,
            seed: self.seed,
            timer: &self.timer,
            fill: &|text| self.fill(text),
            told: Rc::new(move |touch| run.touched(touch)),
        });
        dom::put(&self.stage, &field.element);

        let is_quick =
            question.button.is_none() && (question.ask.scale().is_some() || matches!(question.ask, Kind::Single(_)));
        let steps = dom::make("div", "onward", "");
        dom::put(&self.stage, &steps);
        if at > 0 {
            let back = self.button(&steps, "back", &own("Back"), |run| run.go_back());
            dom::put(&back, &dom::icon(BACK));
        }
        let skip = self.button(&steps, "quiet", &own("Skip"), |run| run.take(&Given::Null));
        let last = at + 1 == of;
        let label = question.button.as_ref().map(|label| self.fill(label));
        let label = label.unwrap_or_else(|| own(if last { "Send" } else { "Next" }));
        let next = self.button(&steps, "main", &label, |run| run.send());
        next.set_hidden(is_quick && before.is_none());
        // Where an empty field can be sent, that is how it is passed over.
        let is_never_empty = is_quick || matches!(question.ask, Kind::Ranking(_));
        skip.set_hidden(question.is_required() || !is_never_empty || before.is_some());

        let now = Rc::new(Now { id: question.id.clone(), is_quick, field, next, skip });
        if takes_focus {
            self.panel.set_scroll_top(0);
            now.field.focus();
        }
        self.now.replace(Some(now));
    }

    fn button(self: &Rc<Self>, into: &HtmlElement, class: &str, label: &str, pressed: fn(&Rc<Run>)) -> HtmlElement {
        let button = dom::make("button", class, label);
        dom::say(&button, "type", "button");
        let run = self.clone();
        dom::listen(&button, "click", &guarded(move |_| pressed(&run)));
        dom::put(into, &button);
        button
    }

    fn key(&self, event: &Event) {
        let now = self.now.borrow().clone();
        if let Some(now) = now {
            now.field.key(event);
        }
    }

    fn touched(self: &Rc<Self>, touch: Touch) {
        let Some(now) = self.now.borrow().clone() else { return };
        now.next.set_hidden(false);
        now.skip.set_hidden(true);
        match touch {
            Touch::Chosen if now.is_quick => self.send(),
            Touch::Entered => self.send(),
            Touch::Chosen | Touch::Tried => {}
        }
    }

    fn send(self: &Rc<Self>) {
        let now = self.now.borrow().clone();
        if let Some(now) = now {
            self.take(&now.field.given());
        }
    }

    /// Takes an answer, or says what is wrong with it.
    fn take(self: &Rc<Self>, given: &Given) {
        let Some(now) = self.now.borrow().clone() else { return };
        let before = self.answers.borrow().get(&now.id).cloned();
        let taken = self.survey.take(&mut self.answers.borrow_mut(), now.id.as_str(), given);
        if let Err(problem) = taken {
            let question = self.survey.questions.iter().find(|question| question.id == now.id);
            let refusal = question.and_then(|question| question.validate(given).err());
            now.field.complain(&refusal.map_or(problem.message, |refusal| refused(&refusal)));
            return now.field.focus();
        }
        let answers = self.answers.borrow();
        if answers.get(&now.id) != before.as_ref() {
            self.kept.keep(&answers);
            if let (Some(question), Some(answer)) = (self.survey.question(&now.id), answers.get(&now.id)) {
                self.tell(question, answer, &answers);
            }
        }
        self.go_on(Some(&now.id));
    }

    /// Tells what a link has answered.
    fn tell_all(&self) {
        let answers = self.answers.borrow();
        self.kept.keep(&answers);
        for (question, answer) in self.survey.path(&answers) {
            self.tell(question, answer, &answers);
        }
    }

    fn tell(&self, question: &Question, answer: &Answer, answers: &Answers) {
        let is_last = matches!(self.survey.next(answers), Step::End(_));
        answered::tell(self.tell, question, answer, &self.kept.response, is_last);
    }

    fn end(&self, ending: Option<&Ending>) {
        self.now.replace(None);
        self.timer.take();
        self.kept.forget();
        let response = ("response", Word::Text(&self.kept.response));
        let said = [response, ("ending", Word::Text(ending.map_or("", |ending| ending.id.as_str())))];
        let said = if ending.is_some() { &said[..] } else { &said[..1] };
        (self.tell)(Did::named(Action::Converted, Some("Survey Completed"), said));
        self.stage.remove();
        let text = ending.map_or_else(|| own("Thank you."), |ending| self.fill(&ending.text));
        let help = ending.and_then(|ending| ending.help.as_ref()).map(|help| self.fill(help)).unwrap_or_default();
        let button: Option<&Link> = ending.and_then(|ending| ending.button.as_ref());
        let label = button.map(|button| self.fill(&button.label)).unwrap_or_default();
        let room = Room { panel: &self.panel, words: &self.words, timer: &self.timer, tell: self.tell };
        let destination = ending.and_then(Ending::destination);
        Farewell { text: &text, help: &help, button: button.map(|button| (&*label, button)), destination }.say(&room);
    }
}
