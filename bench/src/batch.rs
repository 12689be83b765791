//! Bodies as the widget and servers send them: one visitor, its visit, events of 330 bytes with ids ordered by time.

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use crate::scene::Site;

/// Size of one event as JSON.
pub const EVENT_BYTES: usize = 330;
/// Requests that one visitor sends before the next one comes.
const REQUESTS_A_VISITOR: usize = 20;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A page, with the public key: the answer holds the facts about its visitor.
    Page,
    /// A server, with the secret key: the answer says what became of each event.
    Server,
}

/// How events are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// By the time, as the widget does.
    Ordered,
    /// At random, as other programs may: each lands on another page of the index.
    Random,
}

/// What a batch is like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// To which site it goes.
    pub site: Site,
    /// Who sends it.
    pub sender: Sender,
    /// How its events are named.
    pub ids: Ids,
    /// How many they are.
    pub events: usize,
}

/// Makes the bodies of one connection.
#[derive(Debug)]
pub struct Bodies {
    shape: Shape,
    made: usize,
    visitor: Uuid,
    session: Uuid,
    device: Uuid,
}

impl Bodies {
    /// Bodies of one shape.
    pub fn new(shape: Shape) -> Self {
        Self { shape, made: 0, visitor: Uuid::new_v4(), session: Uuid::new_v4(), device: Uuid::new_v4() }
    }

    /// The next body.
    pub fn make(&mut self) -> String {
        if self.made == REQUESTS_A_VISITOR {
            *self = Self::new(self.shape);
        }
        self.made += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let (key, visitor, session, device) = (self.shape.site.key(), self.visitor, self.session, self.device);
        let mut body = match self.shape.sender {
            Sender::Page => format!(
                r#"{{"key":"{key}","sent_at":{now},"visitor":"{visitor}","device":"{device}","session":"{session}","language":"en-GB","events":["#
            ),
            Sender::Server => format!(r#"{{"sent_at":{now},"events":["#),
        };
        for index in 0..self.shape.events {
            if index > 0 {
                body.push(',');
            }
            self.event(now, index, &mut body);
        }
        body.push_str("]}");
        body
    }

    /// Every fourth is a page view of a pricing page, the others are things that happen in a product: some of them move a
    /// journey, most do not.
    fn event(&self, now: u128, index: usize, body: &mut String) {
        let began = body.len();
        let id = if self.shape.ids == Ids::Ordered { Uuid::now_v7() } else { Uuid::new_v4() };
        let whose = match self.shape.sender {
            Sender::Page => String::new(),
            Sender::Server => format!(r#""user_id":"{}","#, self.visitor),
        };
        let what = match (self.made + index) % 4 {
            0 => {
                r#""type":"page","url":"https://shop.example/pricing?utm_source=letter&utm_campaign=spring","referrer":"https://shop.example/","#
            }
            1 => r#""type":"track","name":"Invoice Sent","url":"https://shop.example/app/invoices/new","#,
            2 => r#""type":"track","name":"Trial Started","url":"https://shop.example/app","#,
            _ => r#""type":"track","name":"Report Opened","url":"https://shop.example/app/reports","#,
        };
        body.push_str(&format!(
            r#"{{"id":"{id}","at":{now},{whose}{what}"props":{{"amount":129.5,"currency":"EUR","note":""#
        ));
        let end = r#""}}"#;
        let padding = EVENT_BYTES.saturating_sub(body.len() - began + end.len());
        body.extend(std::iter::repeat_n('n', padding));
        body.push_str(end);
    }
}
