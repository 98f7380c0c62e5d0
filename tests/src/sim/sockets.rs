//! Servers on loopback that break off, crawl, or never stop.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};

use crate::wire::is_complete;

/// What the server does about a request, after it was read. The connection is over then.
#[derive(Clone, Debug)]
pub enum Act {
    /// Writes these bytes and ends in order.
    End(Bytes),
    /// Writes these bytes and resets the connection.
    Reset(Bytes),
    /// Writes these bytes, and nothing more.
    Stall(Bytes),
    /// Writes these bytes one at a time.
    Slices(Bytes),
    /// Writes the first bytes, and then the second ones over and over, with a pause between.
    Endless(Bytes, Bytes, Duration),
}

/// The server. It is gone when dropped.
pub struct Rough {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl Rough {
    /// A server that does one after the other, and the last one for every request after.
    pub async fn start(acts: Vec<Act>) -> Self {
        Self::answering(|_| acts).await
    }

    /// The same, where the acts depend on the server's own base URL.
    pub async fn answering(acts: impl FnOnce(&str) -> Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let acts = Arc::new(Mutex::new(acts(&format!("http://{address}"))));
        let count = requests.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acts.clone(), count.clone()));
            }
        });
        Self {
            address,
            requests,
            accepting,
        }
    }

    /// The base URL.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Rough {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut stream: TcpStream, acts: Arc<Mutex<Vec<Act>>>, count: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    while !is_complete(&request) {
        let mut piece = [0; 4096];
        let Ok(read @ 1..) = stream.read(&mut piece).await else {
            return;
        };
        request.extend_from_slice(&piece[..read]);
    }
    count.fetch_add(1, Ordering::SeqCst);
    let act = {
        let mut acts = acts.lock().unwrap();
        if acts.len() > 1 {
            acts.remove(0)
        } else {
            acts[0].clone()
        }
    };
    let _ = run(stream, act).await;
}

async fn run(mut stream: TcpStream, act: Act) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    match act {
        Act::End(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await?;
        }
        Act::Reset(bytes) => {
            stream.write_all(&bytes).await?;
            stream.set_zero_linger()?;
        }
        Act::Stall(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
        Act::Slices(bytes) => {
            for byte in bytes {
                stream.write_all(&[byte]).await?;
            }
            stream.shutdown().await?;
        }
        Act::Endless(first, over_and_over, pause) => {
            stream.write_all(&first).await?;
            loop {
                stream.write_all(&over_and_over).await?;
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
    Ok(())
}

/// A port that takes no more connections, as long as this lives: its queue is full, and the next one waits for ever.
pub struct Hole {
    address: SocketAddr,
    _queue: Vec<TcpStream>,
    _listener: TcpListener,
}

impl Hole {
    /// Fills the queue of a new port.
    pub async fn dig() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        let patience = Duration::from_millis(100);
        while let Ok(Ok(stream)) = tokio::time::timeout(patience, TcpStream::connect(address)).await
        {
            queue.push(stream);
            assert!(queue.len() < 100, "the queue has no end");
        }
        Self {
            address,
            _queue: queue,
            _listener: listener,
        }
    }

    /// The base URL.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}
