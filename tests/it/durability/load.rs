//! A client that sends as fast as answers come, repeats what was not answered, and keeps its own log.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use harness::{Client, Process, Site, Visitor, event_id, poll};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::random::Random;

/// Connections, each with one request under way: more than the collector can answer at once, so this is its maximum load.
const CONNECTIONS: usize = 16;

/// Accounts that all connections speak of, so that their events meet in one commit.
const ACCOUNTS: u64 = 100;

/// Events that move an account through the example journey, forwards, out and in again.
const MOVING: [&str; 7] = [
    "Trial Started",
    "Subscription Started",
    "Integration Connected",
    "Teammate Invited",
    "Invoice Sent",
    "Subscription Renewed",
    "Subscription Ended",
];

/// What the client knows.
#[derive(Debug, Default, Clone)]
pub(super) struct Log {
    /// Ids of events whose answer was read to its end.
    pub acknowledged: Vec<String>,
    /// Ids of events that were sent and not answered.
    pub unknown: Vec<String>,
    /// All acknowledged requests.
    pub batches: Vec<Batch>,
}

/// One request, to be sent again as it was.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    /// None: a server with the secret key.
    visitor: Option<Visitor>,
    events: Value,
}

/// The running load.
pub(super) struct Load {
    shared: Arc<Shared>,
    workers: JoinSet<()>,
}

struct Shared {
    site: Site,
    log: Mutex<Log>,
    acknowledgements: AtomicUsize,
    /// Microseconds during which the collector was up.
    up_us: AtomicU64,
    phase: watch::Sender<Phase>,
}

/// What the workers are to do.
#[derive(Debug, Clone)]
enum Phase {
    /// Wait.
    Down,
    /// Send.
    Up { client: Client, since: Instant, last: bool },
}

impl Load {
    /// Starts the workers; they wait for [`Load::up`].
    pub(super) fn start(process: &Process, random: &mut Random) -> Self {
        let shared = Arc::new(Shared {
            site: process.site.clone(),
            log: Mutex::default(),
            acknowledgements: AtomicUsize::new(0),
            up_us: AtomicU64::new(0),
            phase: watch::Sender::new(Phase::Down),
        });
        let mut workers = JoinSet::new();
        for number in 0..CONNECTIONS {
            workers.spawn(Worker::new(number, random.fork()).run(Arc::clone(&shared)));
        }
        Self { shared, workers }
    }

    /// The collector is there.
    pub(super) fn up(&self, client: Client) {
        self.shared.phase.send_replace(Phase::Up { client, since: Instant::now(), last: false });
    }

    /// The collector is gone.
    pub(super) fn down(&self) {
        if let Phase::Up { since, .. } = self.shared.phase.send_replace(Phase::Down) {
            let up = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.shared.up_us.fetch_add(up, Ordering::Relaxed);
        }
    }

    /// Waits for that many more requests to be acknowledged.
    pub(super) async fn more_acknowledgements(&self, count: u64) {
        let wanted = self.shared.acknowledgements.load(Ordering::SeqCst) + usize::try_from(count).unwrap();
        let patience = Duration::from_secs(60);
        poll::until_within(patience, "acknowledgements", async || {
            match self.shared.acknowledgements.load(Ordering::SeqCst) {
                got if got >= wanted => Ok(()),
                got => Err(format!("{got} of {wanted}")),
            }
        })
        .await;
    }

    /// Acknowledged requests a second, while the collector was up.
    pub(super) fn rate(&self) -> f64 {
        let seconds = Duration::from_micros(self.shared.up_us.load(Ordering::Relaxed)).as_secs_f64();
        self.shared.acknowledgements.load(Ordering::SeqCst) as f64 / seconds
    }

    /// What the client knows now.
    pub(super) fn log(&self) -> Log {
        self.shared.log.lock().unwrap().clone()
    }

    /// Lets every open request be repeated until it is acknowledged, sends nothing new, and ends.
    pub(super) async fn finish(mut self) -> Log {
        self.shared.phase.send_modify(|phase| {
            if let Phase::Up { last, .. } = phase {
                *last = true;
            }
        });
        while let Some(ended) = self.workers.join_next().await {
            ended.unwrap();
        }
        self.log()
    }
}

impl Log {
    /// Sends everything again: each event must be known.
    pub(super) async fn everything_is_a_duplicate(&self, client: &Client, site: &Site) {
        let mut senders = JoinSet::new();
        for part in self.batches.chunks(self.batches.len().div_ceil(CONNECTIONS).max(1)) {
            let (part, client, site) = (part.to_vec(), client.clone(), site.clone());
            senders.spawn(async move {
                for batch in part {
                    let answer = client.try_send(batch.request(&client, &site)).await.unwrap();
                    assert!(answer.results().iter().all(|result| result == "duplicate"), "{}", answer.text);
                }
            });
        }
        while let Some(ended) = senders.join_next().await {
            ended.unwrap();
        }
    }
}

impl Batch {
    fn request(&self, client: &Client, site: &Site) -> reqwest::RequestBuilder {
        match self.visitor {
            Some(visitor) => client.browser_request(site, visitor, self.events.clone()),
            None => client.server_request(&site.secret, self.events.clone()),
        }
    }

    fn ids(&self) -> impl Iterator<Item = String> {
        self.events.as_array().into_iter().flatten().map(|event| event["id"].as_str().unwrap().to_owned())
    }
}

struct Worker {
    number: usize,
    visitor: Visitor,
    random: Random,
}

impl Worker {
    fn new(number: usize, random: Random) -> Self {
        Self { number, visitor: Visitor::random(), random }
    }

    async fn run(mut self, shared: Arc<Shared>) {
        let mut phases = shared.phase.subscribe();
        let mut open: Option<Batch> = None;
        loop {
            let (client, last) = match phases.borrow_and_update().clone() {
                Phase::Up { client, last, .. } => (Some(client), last),
                Phase::Down => (None, false),
            };
            let Some(client) = client else {
                if phases.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let (batch, again) = match open.take() {
                Some(batch) => (batch, true),
                None if last => return,
                None => (self.batch(), false),
            };
            if !again {
                shared.log.lock().unwrap().unknown.extend(batch.ids());
            }
            match client.try_send(batch.request(&client, &shared.site)).await {
                Ok(answer) if answer.status == 200 => {
                    let known = |result: &String| result == "accepted" || (again && result == "duplicate");
                    assert!(answer.results().iter().all(known), "{} for {}", answer.text, batch.events);
                    shared.acknowledge(batch);
                }
                Ok(answer) if answer.status == 503 => open = Some(batch),
                Ok(answer) => panic!("{} {}", answer.status, answer.text),
                Err(_) => {
                    open = Some(batch);
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    /// Mostly what pages send; now and then somebody says who they are, or a server moves an account on.
    fn batch(&mut self) -> Batch {
        let (visitor, mut events) = match self.random.below(10) {
            0 => {
                let traits = json!({ "plan": "pro" });
                let identify = json!({ "type": "identify", "user_id": self.user(), "traits": traits });
                let group = json!({ "type": "group", "account_id": self.account() });
                (Some(self.visitor), vec![identify, group])
            }
            1 => {
                self.visitor = Visitor::random();
                let url = "http://shop.test/pricing?utm_campaign=spring&utm_medium=email";
                (Some(self.visitor), vec![json!({ "type": "page", "url": url })])
            }
            2..=4 => {
                let name = self.random.one_of(&MOVING);
                let props = json!({ "mrr": 10, "adds_features": true });
                (None, vec![json!({ "type": "track", "name": name, "account_id": self.account(), "props": props })])
            }
            _ => {
                let props = json!({ "text": "x".repeat(200) });
                let event = json!({ "type": "track", "name": "Button Pressed", "url": "http://shop.test/docs", "props": props });
                (Some(self.visitor), vec![event; 1 + self.random.index(4)])
            }
        };
        for event in &mut events {
            event["id"] = json!(event_id());
        }
        Batch { visitor, events: json!(events) }
    }

    fn user(&mut self) -> String {
        format!("u{}-{}", self.number, self.random.below(20))
    }

    fn account(&mut self) -> String {
        format!("a{}", self.random.below(ACCOUNTS))
    }
}

impl Shared {
    fn acknowledge(&self, batch: Batch) {
        let mut log = self.log.lock().unwrap();
        let ids: Vec<_> = batch.ids().collect();
        log.unknown.retain(|id| !ids.contains(id));
        log.acknowledged.extend(ids);
        log.batches.push(batch);
        drop(log);
        self.acknowledgements.fetch_add(1, Ordering::SeqCst);
    }
}
