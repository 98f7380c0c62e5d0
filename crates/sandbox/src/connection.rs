//! Connections: accepted, served, and ended with the listener.

use crate::payload::Payload;
use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use tokio::{net::TcpListener, task::JoinSet};

/// Accepts connections until it is dropped; they end with it.
pub(crate) async fn serve<H, A>(listener: TcpListener, handler: H)
where
    H: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Response<Payload>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        // An accept that fails, as for want of file descriptors, says nothing about the next one.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let handler = handler.clone();
        let service = service_fn(move |request| {
            let answer = handler(request);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        connections.spawn(async move {
            // A client that goes away in the middle is no concern of the sandbox.
            let _ = connection.await;
        });
        while connections.try_join_next().is_some() {}
    }
}
