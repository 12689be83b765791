//! The one writer. It takes whatever has queued, in the order it came, puts it into one transaction, commits, and only then
//! lets the answers out: an acknowledged event is on disk. It never waits for more to come; natural batching is enough, and
//! lingering 2 ms halved the throughput.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, mpsc, oneshot, watch};
use tokio::time::Instant;

use super::names::Names;
use crate::error::ApiError;
use crate::journey;
use crate::sites::Site;
use crate::state::App;
use crate::store::{self, events::EventRow};

/// Most events in one transaction.
const GROUP_MAX: usize = 1000;
/// How often a group is tried again when it lost a race for locks.
const RETRIES: u32 = 5;

/// Something to write.
#[derive(Debug)]
pub struct Job {
    /// For which site.
    pub site: Arc<Site>,
    /// Events to store.
    pub rows: Vec<EventRow>,
    /// Subjects to look at again though nothing happened to them.
    pub wake: Vec<String>,
    done: oneshot::Sender<Result<Vec<bool>, ApiError>>,
    /// Its share of the queue, given back when the job is done.
    _share: OwnedSemaphorePermit,
}

/// The way to the writer: bounded, so that a burst is refused and not lost.
#[derive(Debug)]
pub struct Writer {
    jobs: mpsc::UnboundedSender<Job>,
    room: Arc<Semaphore>,
    size: u32,
    closing: watch::Sender<bool>,
    names: Names,
}

/// Where the writer task takes its jobs from.
#[derive(Debug)]
pub struct Queue {
    jobs: mpsc::UnboundedReceiver<Job>,
    closing: watch::Receiver<bool>,
}

impl Writer {
    /// A queue with room for so many events.
    pub fn new(events: usize) -> (Writer, Queue) {
        // The semaphore is the bound: it counts events, where a bounded channel would count requests.
        let (jobs, queue) = mpsc::unbounded_channel();
        let (closing, closed) = watch::channel(false);
        let size = u32::try_from(events.max(engine::event::MAX_EVENTS)).unwrap_or(u32::MAX);
        let room = Arc::new(Semaphore::new(size as usize));
        (Writer { jobs, room, size, closing, names: Names::default() }, Queue { jobs: queue, closing: closed })
    }

    /// Stores rows and tells of each whether it was new. When this returns `Ok`, they are durable.
    ///
    /// # Errors
    /// `queue_full` if there is no room: nothing was taken. Whatever the database failed with: nothing was taken either.
    pub async fn submit(&self, site: Arc<Site>, rows: Vec<EventRow>) -> Result<Vec<bool>, ApiError> {
        self.send(site, rows, Vec::new()).await
    }

    /// Lets deadlines of subjects pass.
    pub async fn wake(&self, site: Arc<Site>, subjects: Vec<String>) -> Result<(), ApiError> {
        self.send(site, Vec::new(), subjects).await.map(drop)
    }

    /// What was written of a site is gone.
    pub fn forget(&self, site_id: &str) {
        self.names.forget(site_id);
    }

    async fn send(&self, site: Arc<Site>, rows: Vec<EventRow>, wake: Vec<String>) -> Result<Vec<bool>, ApiError> {
        let weight = u32::try_from(rows.len().max(wake.len()).max(1)).unwrap_or(u32::MAX).min(self.size);
        let gone = || ApiError::Draining(Duration::from_secs(1));
        let share = self.room.clone().try_acquire_many_owned(weight).map_err(|error| match error {
            TryAcquireError::Closed => gone(),
            TryAcquireError::NoPermits => {
                metrics::counter!("waymark_queue_full_total").increment(1);
                ApiError::QueueFull(jitter())
            }
        })?;
        let (done, answer) = oneshot::channel();
        self.jobs.send(Job { site, rows, wake, done, _share: share }).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Takes nothing more; what has queued is still written.
    pub fn close(&self) {
        self.closing.send_replace(true);
        self.room.close();
    }

    /// Events that wait.
    pub fn waiting(&self) -> usize {
        self.size as usize - self.room.available_permits()
    }
}

/// One to three seconds, so that those who were refused together do not come back together.
fn jitter() -> Duration {
    Duration::from_millis(1000 + u64::from(crate::id::chance()) * 8)
}

/// Writes until the queue is closed and empty.
pub async fn run(app: App, mut queue: Queue) {
    let mut jobs = Vec::new();
    while let Some(first) = queue.next().await {
        let mut size = first.rows.len().max(1);
        jobs.push(first);
        while size < GROUP_MAX {
            let Ok(next) = queue.jobs.try_recv() else { break };
            size += next.rows.len().max(1);
            jobs.push(next);
        }
        app.metrics.ingest.queue_events.set(app.writer.waiting() as f64);
        write_group(&app, std::mem::take(&mut jobs)).await;
    }
}

impl Queue {
    /// The next job; `None` when the queue is closed and empty.
    pub async fn next(&mut self) -> Option<Job> {
        tokio::select! {
            biased;
            job = self.jobs.recv() => job,
            // The guard that `wait_for` answers must not live across the next await.
            () = async { drop(self.closing.wait_for(|closing| *closing).await) } => {
                self.jobs.close();
                self.jobs.recv().await
            }
        }
    }
}

/// Commits a group, or, if it fails, each of its jobs by itself, so that one bad request harms nobody else.
pub async fn write_group(app: &App, mut jobs: Vec<Job>) {
    let mut rows: Vec<EventRow> = Vec::with_capacity(jobs.iter().map(|job| job.rows.len()).sum());
    let parts: Vec<Part> = jobs.iter_mut().map(|job| Part::of(job, &mut rows)).collect();
    let failed = |error: store::Error| ApiError::Unavailable(error.to_string());
    match commit(app, &parts, &rows).await {
        Ok(new) => {
            let mut new = new.into_iter();
            for (job, part) in jobs.into_iter().zip(parts) {
                job.answer(Ok(new.by_ref().take(part.events).collect()));
            }
        }
        Err(error) if jobs.len() == 1 => {
            for job in jobs {
                job.answer(Err(ApiError::Unavailable(error.to_string())));
            }
        }
        Err(error) => {
            tracing::warn!(%error, jobs = jobs.len(), "a group could not be committed; its requests are tried one by one");
            let mut rest = rows.as_slice();
            for (job, part) in jobs.into_iter().zip(&parts) {
                let (rows, others) = rest.split_at(part.events);
                rest = others;
                job.answer(commit(app, std::slice::from_ref(part), rows).await.map_err(failed));
            }
        }
    }
}

/// What a job adds to a group: so many events, which stand in the group's rows one job after the other.
struct Part {
    site: Arc<Site>,
    events: usize,
    wake: Vec<String>,
}

impl Part {
    /// Moves what a job holds into a group.
    fn of(job: &mut Job, rows: &mut Vec<EventRow>) -> Part {
        let events = job.rows.len();
        rows.append(&mut job.rows);
        Part { site: job.site.clone(), events, wake: std::mem::take(&mut job.wake) }
    }
}

impl Job {
    /// Lets its sender go on: of each row whether it was new, or why nothing was stored.
    pub fn answer(self, answer: Result<Vec<bool>, ApiError>) {
        // A sender that hung up is no reason to stop.
        let _ = self.done.send(answer);
    }
}

async fn commit(app: &App, parts: &[Part], rows: &[EventRow]) -> store::Result<Vec<bool>> {
    let began = Instant::now();
    let mut tries = 0;
    let new = loop {
        match transact(app, parts, rows).await {
            Err(error) if store::is_retryable(&error) && tries < RETRIES => tries += 1,
            result => break result?,
        }
    };
    app.health.committed();
    app.metrics.ingest.commit_seconds.record(began.elapsed().as_secs_f64());
    app.metrics.ingest.group_events.record(rows.len() as f64);
    Ok(new)
}

/// One transaction: the events, then what follows from those that were new. Answers of each row whether it was new.
async fn transact(app: &App, parts: &[Part], rows: &[EventRow]) -> store::Result<Vec<bool>> {
    let mut rulesets = Vec::with_capacity(parts.len());
    for part in parts {
        rulesets.push(app.rulesets.of(&app.db, &part.site).await?);
    }
    let mut tx = app.db.begin().await?;
    let new = store::events::insert(&mut tx.conn(), rows).await?;
    let names = app.writer.names.unknown(rows);
    store::events::keep_names(&mut tx.conn(), &names).await?;
    let mut work = journey::Work::of(rows, &new);
    for (part, ruleset) in parts.iter().zip(&rulesets) {
        work.site(&part.site, ruleset, part.site.now(&app.clock), &part.wake);
    }
    journey::apply(&mut tx, work).await?;
    tx.commit().await?;
    app.writer.names.learn(names);
    Ok(new)
}
