//! Clients that mean harm: they take bounded memory and time, and nobody else notices.

use crate::client::{answer, exchange, host, peki, peki_bytes, start};
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

const PAGE: &str = "/users?page=1&pageSize=20";

async fn sandbox() -> Sandbox {
    start(SandboxOptions::only("peki")).await
}

async fn open(at: &Running) -> TcpStream {
    TcpStream::connect(host(&at.base_url)).await.unwrap()
}

async fn is_well(at: &Running) {
    assert_eq!(peki(at, PAGE).await.status, 200);
}

/// Waits until the other side ends the connection.
async fn ended(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    bytes
}

#[tokio::test(start_paused = true)]
async fn heads_that_come_too_slowly() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let mut stream = open(at).await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n")
        .await
        .unwrap();
    let begin = Instant::now();
    // A header now and then does not help.
    loop {
        is_well(at).await;
        if stream.write_all(b"x: y\r\n").await.is_err() || begin.elapsed().as_secs() > 60 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    let took = begin.elapsed().as_secs();
    assert!((25..=45).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn bodies_that_come_too_slowly() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let mut stream = open(at).await;
    let head = b"POST /api/ HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{";
    stream.write_all(head).await.unwrap();
    let begin = Instant::now();
    let refused = answer(&ended(&mut stream).await);
    assert_eq!((refused.status, begin.elapsed().as_secs()), (408, 30));
    let recorded = at.requests().pop().unwrap();
    assert_eq!((recorded.status, recorded.violations.len()), (408, 1));
    is_well(at).await;
}

#[tokio::test(start_paused = true)]
async fn connections_that_are_silent_or_half_open() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let mut silent = open(at).await;
    let begin = Instant::now();
    assert!(ended(&mut silent).await.is_empty());
    assert_eq!(begin.elapsed().as_secs(), 30);
    // One that has had an answer, and is kept.
    let mut kept = open(at).await;
    let request = peki_bytes(at, PAGE).replace("connection: close\r\n", "");
    kept.write_all(request.as_bytes()).await.unwrap();
    let begin = Instant::now();
    let bytes = ended(&mut kept).await;
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK"));
    assert!(
        (29..=31).contains(&begin.elapsed().as_secs()),
        "{:?}",
        begin.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn answers_that_nobody_takes() {
    let sandbox = start(SandboxOptions {
        users: 1_000_000,
        ..SandboxOptions::only("chatbot")
    })
    .await;
    let at = &sandbox.platforms()[0];
    let (address, token) = (host(&at.base_url), &at.credentials["access_token"]);
    let base = at.base_url.split_once(address).unwrap().1;
    let request = format!(
        "POST {base}/users/export HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    let mut stream = open(at).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    // Long enough for the sandbox to give up; what it has sent by then is all there is.
    tokio::time::sleep(Duration::from_secs(100)).await;
    let bytes = ended(&mut stream).await;
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK"));
    assert!(
        !bytes.ends_with(b"0\r\n\r\n") && bytes.len() < 64 << 20,
        "{}",
        bytes.len()
    );
}

#[tokio::test(start_paused = true)]
async fn more_connections_than_the_limit() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let begin = Instant::now();
    let mut silent = Vec::new();
    for _ in 0..700 {
        silent.push(open(at).await);
    }
    // Those beyond the limit wait until the silent ones have timed out.
    let answered = timeout(Duration::from_secs(100), peki(at, PAGE)).await;
    assert_eq!(answered.unwrap().status, 200);
    let took = begin.elapsed().as_secs();
    assert!((29..=61).contains(&took), "{took}");
    assert!(ended(&mut silent[0]).await.is_empty());
}

#[tokio::test]
async fn bodies_that_are_too_long() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let gibibyte = 1_u64 << 30;
    // Told, it is refused before a byte of it comes.
    let mut stream = open(at).await;
    let head = format!("POST /api/ HTTP/1.1\r\nhost: x\r\ncontent-length: {gibibyte}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let refused = answer(&ended(&mut stream).await);
    assert_eq!(
        (refused.status, refused.header("connection")),
        (413, Some("close"))
    );
    // Not told, it is refused when it has become too long.
    let mut stream = open(at).await;
    stream
        .write_all(b"POST /api/ HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        .await
        .unwrap();
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    let mut sent = 0;
    while sent < gibibyte && stream.write_all(&chunk).await.is_ok() {
        sent += 0x10000;
    }
    assert!(sent < 64 << 20, "{sent}");
    is_well(at).await;
}

#[tokio::test]
async fn heads_that_are_too_long() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let flood: String = (0..100_000)
        .map(|number| format!("x-{number}: y\r\n"))
        .collect();
    let long = format!("x: {}\r\n", "y".repeat(10 << 20));
    let path = "x".repeat(1 << 20);
    for request in [
        format!("GET / HTTP/1.1\r\nhost: x\r\n{flood}\r\n"),
        format!("GET / HTTP/1.1\r\nhost: x\r\n{long}\r\n"),
        format!("GET /{path} HTTP/1.1\r\nhost: x\r\n\r\n"),
    ] {
        let mut stream = open(at).await;
        // The answer may come, and the connection end, before all is written.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut first = vec![0; 64];
        if let Ok(read) = stream.read(&mut first).await
            && read > 0
        {
            let status = std::str::from_utf8(&first[9..12]).unwrap();
            assert!(["400", "414", "431"].contains(&status), "{status}");
        }
        is_well(at).await;
    }
    assert_eq!(at.request_count(), 3);
}

#[tokio::test]
async fn what_is_no_http() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let noise: Vec<u8> = (0..200_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for request in [
        b"\r\n\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nhost: x\r\nno colon here\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n"
            .to_vec(),
        noise,
    ] {
        let mut stream = open(at).await;
        let _ = stream.write_all(&request).await;
        let _ = stream.shutdown().await;
        let bytes = ended(&mut stream).await;
        assert!(
            bytes.is_empty() || bytes.starts_with(b"HTTP/1.1 4"),
            "{:?}",
            String::from_utf8_lossy(&bytes)
        );
        is_well(at).await;
    }
}

#[tokio::test]
async fn garbage_behind_a_request() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let request = peki_bytes(at, PAGE).replace("connection: close\r\n", "");
    let both = [request.as_bytes(), &[0xff; 100_000]].concat();
    let (bytes, _) = exchange(host(&at.base_url), &both).await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    // And many good ones in a row are all answered.
    let many = request.repeat(20) + &peki_bytes(at, PAGE);
    let (bytes, end) = exchange(host(&at.base_url), many.as_bytes()).await;
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!((text.matches("HTTP/1.1 200 OK").count(), end), (21, None));
}
