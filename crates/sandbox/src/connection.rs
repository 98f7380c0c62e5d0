//! Connections: accepted, served within bounds, and ended with the listener.
//!
//! Whatever a client sends or leaves out, it takes a bounded share of memory and time, and none of what others need.

use crate::{faults::wire::Takeover, payload::Payload, stream::Stream};
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::BTreeMap,
    fmt, io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    task::{AbortHandle, JoinSet},
    time::{sleep, timeout},
};

/// One more, and the oldest that waits for a request is closed.
const MAX_CONNECTIONS: usize = 512;
/// A head that is longer is refused, as is one of more than a hundred headers.
const MAX_HEAD: usize = 64 * 1024;
/// A longer body is refused.
const MAX_BODY: usize = 1024 * 1024;
/// All bodies that are being read; one that does not fit in is refused.
const MAX_BODIES: usize = 64 * 1024 * 1024;
/// For a head to come, counted from when the connection was ready for it.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// For the whole body.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Before the next try where no connection can be accepted or no port be had.
const PAUSE: Duration = Duration::from_millis(50);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    TooLong,
    TooSlow,
    /// Others take all the memory for bodies.
    Busy,
    Broken,
}

/// A body, as far as there is one.
pub(crate) type Received = Result<Bytes, Unread>;

/// What a request leads to.
pub(crate) enum Outcome {
    Response(Response<Payload>),
    /// The connection is no longer HTTP's.
    Takeover(Box<Takeover>),
}

/// Makes a listener refuse connections for a while.
#[derive(Debug)]
pub(crate) struct Down {
    pub(crate) listener: UnboundedSender<Duration>,
    pub(crate) time: Duration,
}

/// What the connections of a listener share.
#[derive(Debug, Default)]
struct Shared {
    /// Bytes of bodies that are being read.
    reading: AtomicUsize,
    open: Mutex<BTreeMap<u64, Open>>,
}

#[derive(Debug)]
struct Open {
    abort: Option<AbortHandle>,
    /// Whether it has something to answer.
    busy: Arc<AtomicBool>,
}

impl Shared {
    fn open(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the oldest connection that waits for a request, so that a new one has room; false where all are answered.
    fn make_room(&self) -> bool {
        let mut open = self.open();
        if open.len() < MAX_CONNECTIONS {
            return true;
        }
        let idle = open
            .iter()
            .find(|(_, open)| !open.busy.load(Ordering::Relaxed));
        let Some((&number, _)) = idle else {
            return false;
        };
        if let Some(abort) = open.remove(&number).and_then(|open| open.abort) {
            abort.abort();
        }
        true
    }
}

/// Takes a connection off the list when it ends.
struct Leave {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.shared.open().remove(&self.number);
    }
}

/// Accepts connections until it is dropped; they end with it.
pub(crate) async fn serve<H, A>(
    mut listener: TcpListener,
    mut down: UnboundedReceiver<Duration>,
    handler: H,
) where
    H: Fn(Request<Received>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Outcome> + Send + 'static,
{
    let shared = Arc::new(Shared::default());
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(time) = down.recv() => {
                let Ok(address) = listener.local_addr() else { continue };
                drop(listener);
                connections.shutdown().await;
                sleep(time).await;
                listener = bound(address).await;
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else {
            // As for want of file descriptors, which come back when connections end.
            sleep(PAUSE).await;
            continue;
        };
        while !shared.make_room() {
            connections.join_next().await;
        }
        number += 1;
        let busy = Arc::new(AtomicBool::new(false));
        let open = Open {
            abort: None,
            busy: Arc::clone(&busy),
        };
        shared.open().insert(number, open);
        let leave = Leave {
            shared: Arc::clone(&shared),
            number,
        };
        let handler = handler.clone();
        let abort = connections.spawn(async move {
            // A client that goes away in the middle is no concern of the sandbox.
            let _ = connection(stream, &leave.shared, &busy, handler).await;
        });
        if let Some(open) = shared.open().get_mut(&number) {
            open.abort = Some(abort);
        }
    }
}

/// The same port again, as soon as it can be had.
async fn bound(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// The connection is taken over; the reason for hyper to let it go.
#[derive(Debug)]
struct TakenOver;

impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("taken over")
    }
}

impl std::error::Error for TakenOver {}

async fn connection<H, A>(
    stream: TcpStream,
    shared: &Arc<Shared>,
    busy: &Arc<AtomicBool>,
    handler: H,
) -> io::Result<()>
where
    H: Fn(Request<Received>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Outcome> + Send + 'static,
{
    stream.set_nodelay(true)?;
    let slot: Arc<Mutex<Option<Box<Takeover>>>> = Arc::default();
    let service = service_fn(|request: Request<Incoming>| {
        let (handler, slot) = (handler.clone(), Arc::clone(&slot));
        let (shared, busy) = (Arc::clone(shared), Arc::clone(busy));
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let received = received(&shared, body).await;
            let working = Working::new(busy);
            match handler(Request::from_parts(parts, received)).await {
                Outcome::Response(mut response) => {
                    response.body_mut().keep(working);
                    Ok(response)
                }
                Outcome::Takeover(takeover) => {
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(takeover);
                    Err(TakenOver)
                }
            }
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Stream::new(stream)), service);
    let served = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner().into_inner();
    let takeover = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(takeover) = takeover else {
        if served.is_ok() {
            tokio::io::AsyncWriteExt::shutdown(&mut stream).await?;
        }
        return Ok(());
    };
    busy.store(true, Ordering::Relaxed);
    let down = takeover.play(stream).await?;
    if let Some(down) = down {
        let _ = down.listener.send(down.time);
    }
    Ok(())
}

/// Marks a connection as busy until it is dropped.
pub(crate) struct Working(Arc<AtomicBool>);

impl Working {
    fn new(busy: Arc<AtomicBool>) -> Self {
        busy.store(true, Ordering::Relaxed);
        Self(busy)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Bytes that count as being read until this is dropped.
struct Reading<'a> {
    shared: &'a Shared,
    bytes: usize,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.shared.reading.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

async fn received(shared: &Shared, body: Incoming) -> Received {
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(Unread::TooLong);
    }
    match timeout(BODY_TIME, read(shared, body)).await {
        Ok(read) => read,
        Err(_) => Err(Unread::TooSlow),
    }
}

async fn read(shared: &Shared, mut body: Incoming) -> Received {
    let mut reading = Reading { shared, bytes: 0 };
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue;
        };
        if all.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        reading.bytes += data.len();
        let before = shared.reading.fetch_add(data.len(), Ordering::Relaxed);
        if before + data.len() > MAX_BODIES {
            return Err(Unread::Busy);
        }
        if all.len() + data.len() > MAX_BODY {
            return Err(Unread::TooLong);
        }
        all.extend_from_slice(&data);
    }
    Ok(all.freeze())
}
