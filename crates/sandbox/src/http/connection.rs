//! Connections: accepted, served within bounds, and closed with their listener.
//!
//! Whatever a client sends or withholds, it occupies a bounded share of memory and time.

use super::exchange::{BodyError, HandlerOutcome, ReceivedRequest, Takeover};
use bytes::{Bytes, BytesMut};
use http::Request;
use http_body_util::BodyExt as _;
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc::UnboundedReceiver},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;

/// Further connections wait until one of these ends.
const MAX_CONNECTIONS: usize = 512;
/// A longer head is refused, as is one of more than a hundred headers.
const MAX_HEAD: usize = 64 * 1024;
/// A longer body is refused.
const MAX_BODY: usize = 1024 * 1024;
/// For a head to arrive, counted from when the connection was ready for it.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// For a whole body to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);
/// A write that makes no progress for this long ends the connection: hyper does not bound the time for a response that the
/// client does not read.
const WRITE_TIME: Duration = Duration::from_secs(60);
/// Before the next attempt to accept a connection or to bind a port.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections until it is dropped; they end with it. Each outage received closes all connections and the port for
/// that long.
pub(crate) async fn serve<H, A>(
    mut listener: TcpListener,
    mut outages: UnboundedReceiver<Duration>,
    handler: H,
) where
    H: Fn(ReceivedRequest) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = HandlerOutcome> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            Some(outage) = outages.recv() => {
                let Ok(address) = listener.local_addr() else { continue };
                drop(listener);
                connections.shutdown().await;
                sleep(outage).await;
                listener = bind_again(address).await;
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, permit)) = accepted else {
            // For lack of file descriptors, for example, which connections return when they end.
            sleep(RETRY_PAUSE).await;
            continue;
        };
        let handler = handler.clone();
        connections.spawn(async move {
            // A client that disconnects midway does not matter to the sandbox.
            let _ = serve_connection(stream, handler).await;
            drop(permit);
        });
    }
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await;
    let permit = permit.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, permit))
}

/// Binds the same port again as soon as it is free.
async fn bind_again(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(RETRY_PAUSE).await,
        }
    }
}

async fn serve_connection<H, A>(stream: TcpStream, handler: H) -> io::Result<()>
where
    H: Fn(ReceivedRequest) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = HandlerOutcome> + Send + 'static,
{
    stream.set_nodelay(true)?;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let slot: Arc<Mutex<Option<Takeover>>> = Arc::default();
    let service = service_fn(|request: Request<Incoming>| {
        let (handler, slot) = (handler.clone(), Arc::clone(&slot));
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = read_body(body).await;
            match handler(Request::from_parts(parts, body)).await {
                HandlerOutcome::Response(response) => Ok(response),
                HandlerOutcome::Takeover(takeover) => {
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(takeover);
                    // An error makes hyper release the connection.
                    Err(io::Error::other("taken over"))
                }
            }
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let served = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let takeover = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    match takeover {
        Some(takeover) => {
            stream.as_mut().set_write_timeout_pinned(None);
            takeover(stream).await
        }
        None if served.is_ok() => tokio::io::AsyncWriteExt::shutdown(&mut stream).await,
        None => Ok(()),
    }
}

async fn read_body(body: Incoming) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(BodyError::TooLong);
    }
    let read = timeout(BODY_TIME, collect(body)).await;
    read.unwrap_or(Err(BodyError::TooSlow))
}

/// Copies the frames together: a client may send thousands of tiny ones.
async fn collect(mut body: Incoming) -> Result<Bytes, BodyError> {
    let mut collected = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else {
            continue;
        };
        if collected.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        if collected.len() + data.len() > MAX_BODY {
            return Err(BodyError::TooLong);
        }
        collected.extend_from_slice(&data);
    }
    Ok(collected.freeze())
}
