//! A connection that ends by itself when the other side is too slow.
//!
//! hyper has one timer for a request's head, which also runs while a kept-alive connection waits, so "ten seconds for the
//! head" and "a minute between requests" cannot both be said; and it has none for a client that does not read. Here one
//! reused timer watches all three. Whether a request is being served, the service says through [`Pulse`].

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::config::Timeouts;

/// Counts the beginnings and ends of requests on one connection: odd while one is served.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<AtomicU64>);

impl Pulse {
    /// A request begins; it ends when the answer's head is made and this is dropped.
    pub fn begin(&self) -> Beat {
        self.0.fetch_add(1, Ordering::Relaxed);
        Beat(self.clone())
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A request that is being served.
#[derive(Debug)]
pub struct Beat(Pulse);

impl Drop for Beat {
    fn drop(&mut self) {
        (self.0).0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The connection.
#[derive(Debug)]
pub struct Watched<S> {
    stream: S,
    pulse: Pulse,
    header: Duration,
    idle: Duration,
    write: Duration,
    seen: u64,
    waiting: Waiting,
    timer: Pin<Box<Sleep>>,
}

/// What the timer runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Nothing,
    /// The first byte of a request.
    Request,
    /// Bytes of a head have come, the timer does not run yet: most heads come whole.
    HeadBegun,
    /// The rest of the head.
    Head,
    /// The client to read what we wrote.
    Reader,
}

impl<S> Watched<S> {
    /// Watches `stream` with the configured times.
    pub fn new(stream: S, pulse: Pulse, timeouts: &Timeouts) -> Self {
        let (header, idle, write) = (timeouts.header(), timeouts.idle(), timeouts.body());
        Self { stream, pulse, header, idle, write, seen: 0, waiting: Waiting::Nothing, timer: Box::pin(sleep(idle)) }
    }

    /// Keeps the timer running for one thing; ready when its time is over.
    fn watch(&mut self, waiting: Waiting, time: Duration, cx: &mut Context<'_>) -> Poll<()> {
        if self.waiting != waiting {
            self.waiting = waiting;
            self.timer.as_mut().reset(Instant::now() + time);
        }
        self.timer.as_mut().poll(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let count = this.pulse.count();
        if this.seen != count {
            this.seen = count;
            this.waiting = Waiting::Nothing;
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        // While a request is served its handler bounds the body's time.
        if count % 2 == 1 {
            return polled;
        }
        if polled.is_ready() {
            if buf.filled().len() > before && this.waiting != Waiting::Head {
                this.waiting = Waiting::HeadBegun;
            }
            return polled;
        }
        let over = match this.waiting {
            Waiting::Head | Waiting::HeadBegun => this.watch(Waiting::Head, this.header, cx),
            _ => this.watch(Waiting::Request, this.idle, cx),
        };
        over.map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> Watched<S> {
    fn or_over<T>(&mut self, polled: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            if self.waiting == Waiting::Reader {
                self.waiting = Waiting::Nothing;
            }
            return polled;
        }
        self.watch(Waiting::Reader, self.write, cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.or_over(polled, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.or_over(polled, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const TIMES: Timeouts =
        Timeouts { header_seconds: 1, body_seconds: 1, idle_seconds: 3, notice_seconds: 0, drain_seconds: 1 };

    /// How a read ends when the client sends `first` and then nothing, and after how many seconds.
    async fn silence_after(first: &[u8], serving: bool) -> (io::Result<usize>, u64) {
        let (mut client, server) = duplex(1024);
        let pulse = Pulse::default();
        let _beat = serving.then(|| pulse.begin());
        let mut watched = Watched::new(server, pulse, &TIMES);
        let start = Instant::now();
        client.write_all(first).await.unwrap();
        let mut buf = [0; 64];
        if !first.is_empty() {
            assert_eq!(watched.read(&mut buf).await.unwrap(), first.len());
        }
        let ended = tokio::time::timeout(Duration::from_secs(60), watched.read(&mut buf)).await;
        (ended.unwrap_or(Ok(0)), start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn silence_ends_a_connection_by_what_it_waits_for() {
        let is_over = |ended: io::Result<usize>| ended.is_err_and(|e| e.kind() == io::ErrorKind::TimedOut);
        let (ended, seconds) = silence_after(b"", false).await;
        assert!(is_over(ended) && seconds == 3, "between requests: {seconds}");
        let (ended, seconds) = silence_after(b"GET / HT", false).await;
        assert!(is_over(ended) && seconds == 1, "inside a head: {seconds}");
        let (ended, seconds) = silence_after(b"body", true).await;
        assert!(ended.is_ok() && seconds == 60, "a handler bounds its body itself: {seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_trickles_is_cut_all_the_same() {
        let (mut client, server) = duplex(1024);
        let mut watched = Watched::new(server, Pulse::default(), &TIMES);
        tokio::spawn(async move {
            loop {
                if client.write_all(b"x").await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        let start = Instant::now();
        let mut buf = [0; 8];
        while watched.read(&mut buf).await.is_ok() {}
        assert!(start.elapsed() < Duration::from_millis(1_200), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_left() {
        let (_client, server) = duplex(16);
        let mut watched = Watched::new(server, Pulse::default(), &TIMES);
        let ended = watched.write_all(&[0; 64]).await;
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
