//! A server on loopback that writes down every byte and answers with the bytes it was given.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::wire::{Recorded, is_complete};

/// What the server does about one request, after it was read.
#[derive(Clone, Debug)]
pub enum Act {
    /// Writes these bytes and waits for the next request on the connection.
    Answer(Vec<u8>),
    /// Writes these bytes and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Writes these bytes and no more, with the connection open.
    AnswerAndStall(Vec<u8>),
}

impl Act {
    /// A whole answer with a length.
    pub fn answer(status: &str, headers: &[&str], body: &str) -> Self {
        Self::Answer(with_length(status, headers, body, body.len()))
    }

    /// A JSON answer.
    pub fn json(body: &str) -> Self {
        Self::answer("200 OK", &["content-type: application/json"], body)
    }

    /// Closes the connection without a word.
    pub fn hang_up() -> Self {
        Self::AnswerAndClose(Vec::new())
    }
}

/// The bytes of an answer that announces `length` bytes, whatever it has.
pub fn with_length(status: &str, headers: &[&str], body: &str, length: usize) -> Vec<u8> {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes()
}

/// The server. It is gone when dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<VecDeque<Act>>,
    requests: Mutex<Vec<Recorded>>,
    connections: AtomicUsize,
    bytes: AtomicUsize,
}

impl Server {
    /// A server that answers one request after the other, on whichever connection. Past the script it hangs up.
    pub async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            ..Shared::default()
        });
        let accepting = tokio::spawn(accept(listener, shared.clone()));
        Self {
            address,
            shared,
            accepting,
        }
    }

    /// The base URL, with this path.
    pub fn base_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, complete ones.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Bytes that arrived so far.
    pub fn bytes(&self) -> usize {
        self.shared.bytes.load(Ordering::SeqCst)
    }

    /// The one request that came.
    pub fn only_request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "requests");
        requests.remove(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(serve(stream, shared.clone()));
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let Ok(read @ 1..) = stream.read(&mut chunk).await else {
            return;
        };
        shared.bytes.fetch_add(read, Ordering::SeqCst);
        bytes.extend_from_slice(&chunk[..read]);
        if !is_complete(&bytes) {
            continue;
        }
        let request = Recorded::new(std::mem::take(&mut bytes));
        shared.requests.lock().unwrap().push(request);
        let act = shared.script.lock().unwrap().pop_front();
        match act.unwrap_or_else(Act::hang_up) {
            Act::Answer(answer) => {
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
            Act::AnswerAndClose(answer) => {
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
                return;
            }
            Act::AnswerAndStall(answer) => {
                let _ = stream.write_all(&answer).await;
                std::future::pending::<()>().await;
            }
        }
    }
}
