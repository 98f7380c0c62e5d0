//! Faults of the connection, as they arrive.

use crate::client::{answer, chatbot, exchange, host, peki, peki_bytes, platform, start};
use botroster_sandbox::{Fault, Sandbox, SandboxOptions};
use std::{
    io::ErrorKind::{self, ConnectionRefused, ConnectionReset},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

const PAGE: &str = "/users?page=2&pageSize=20";

async fn sandbox() -> Sandbox {
    start(SandboxOptions {
        users: 45,
        ..SandboxOptions::only("peki")
    })
    .await
}

/// What arrives.
struct Arrived {
    bytes: Vec<u8>,
    end: Option<ErrorKind>,
    took: Duration,
    /// What arrives without the fault.
    sound: Vec<u8>,
}

impl Arrived {
    fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    fn head_and_body(&self) -> (String, String) {
        let text = self.text();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.to_ascii_lowercase(), body.to_owned())
    }
}

/// Asks for a page that suffers the fault.
async fn suffer(fault: &str) -> Arrived {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let sound = peki(at, PAGE).await.body;
    let id = sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap();
    let begin = Instant::now();
    let (bytes, end) = exchange(host(&at.base_url), peki_bytes(at, PAGE).as_bytes()).await;
    let took = begin.elapsed();
    assert_eq!(sandbox.fired(id), Some(1), "{fault}");
    let requests = at.requests();
    let faults: Vec<_> = requests
        .iter()
        .map(|request| request.fault.as_deref())
        .collect();
    assert_eq!(faults, [None, Some(fault)]);
    // And nobody else.
    assert!(sandbox.remove_fault(id));
    assert_eq!(peki(at, PAGE).await.body, sound);
    Arrived {
        bytes,
        end,
        took,
        sound,
    }
}

#[tokio::test(start_paused = true)]
async fn connections_are_reset_or_end_before_their_time() {
    for (fault, end) in [("reset", Some(ConnectionReset)), ("close", None)] {
        let before = suffer(&format!("{fault}-before-head")).await;
        assert_eq!((before.bytes.len(), before.end), (0, end));

        let within = suffer(&format!("{fault}-in-head")).await;
        assert_eq!(within.end, end);
        let text = within.text();
        assert!(
            text.starts_with("HTTP/1.1 200 OK\r\n") && !text.contains("\r\n\r\n"),
            "{text}"
        );

        let behind = suffer(&format!("{fault}-in-body")).await;
        assert_eq!(behind.end, end);
        let (head, body) = behind.head_and_body();
        assert!(
            head.contains(&format!("content-length: {}", behind.sound.len())),
            "{head}"
        );
        assert_eq!(body.as_bytes(), &behind.sound[..behind.sound.len() / 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn lengths_that_are_not_told() {
    let unfinished = suffer("missing-last-chunk").await;
    let (head, body) = unfinished.head_and_body();
    assert!(head.contains("transfer-encoding: chunked"));
    let size = format!("{:x}\r\n", unfinished.sound.len());
    assert_eq!(
        body.as_bytes(),
        [size.as_bytes(), &unfinished.sound, b"\r\n"].concat()
    );

    let whole = suffer("close-delimited").await;
    let (head, body) = whole.head_and_body();
    assert!(
        !head.contains("content-length") && !head.contains("transfer-encoding"),
        "{head}"
    );
    assert_eq!(body.as_bytes(), whole.sound);

    let cut = suffer("close-delimited-cut").await;
    let (head, body) = cut.head_and_body();
    assert!(
        !head.contains("content-length") && !head.contains("transfer-encoding"),
        "{head}"
    );
    assert_eq!(body.as_bytes(), &cut.sound[..cut.sound.len() / 2]);
    assert_eq!((unfinished.end, whole.end, cut.end), (None, None, None));
}

#[tokio::test(start_paused = true)]
async fn nothing_comes_for_a_while() {
    let silent = suffer("silence=90").await;
    assert_eq!(
        (silent.bytes.len(), silent.end, silent.took.as_secs()),
        (0, None, 90)
    );
    let stalled = suffer("stalled-body=90").await;
    let (_, body) = stalled.head_and_body();
    assert_eq!(
        (body.len(), stalled.took.as_secs()),
        (stalled.sound.len() / 2, 90)
    );
}

#[tokio::test(start_paused = true)]
async fn everything_comes_but_slowly() {
    let head = suffer("slow-head=250").await;
    let whole = answer(&head.bytes);
    assert_eq!(whole.body, head.sound);
    let bytes = whole.head.len() + 4;
    assert_eq!(head.took.as_millis(), bytes as u128 * 250);

    let body = suffer("slow-body").await;
    assert_eq!(answer(&body.bytes).body, body.sound);
    assert_eq!(body.took.as_secs(), body.sound.len() as u64);

    let late = suffer("latency=20000").await;
    assert_eq!(answer(&late.bytes).body, late.sound);
    assert_eq!(late.took.as_secs(), 20);

    let narrow = suffer("bandwidth=100").await;
    assert_eq!(answer(&narrow.bytes).body, narrow.sound);
    let expected = narrow.bytes.len() as u64 / 100;
    assert!(
        (expected..expected + 2).contains(&narrow.took.as_secs()),
        "{:?}",
        narrow.took
    );

    let sliced = suffer("slices=7").await;
    assert_eq!(answer(&sliced.bytes).body, sliced.sound);
}

#[tokio::test]
async fn slices_come_one_by_one() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let mut reads = Vec::new();
    for fault in ["date=0", "slices=7"] {
        let id = sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap();
        let mut stream = TcpStream::connect(host(&at.base_url)).await.unwrap();
        stream
            .write_all(peki_bytes(at, PAGE).as_bytes())
            .await
            .unwrap();
        let (mut buffer, mut count) = (vec![0; 1 << 20], 0);
        while stream.read(&mut buffer).await.unwrap() > 0 {
            count += 1;
        }
        reads.push(count);
        sandbox.remove_fault(id);
    }
    assert!(reads[1] > 10 * reads[0], "{reads:?}");
}

/// Bytes that have come when the clock is stopped are all that was sent by then.
#[tokio::test(start_paused = true)]
async fn slow_bytes_come_one_by_one() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    sandbox
        .add_fault(Fault::parse("slow-head").unwrap())
        .unwrap();
    let mut stream = TcpStream::connect(host(&at.base_url)).await.unwrap();
    stream
        .write_all(peki_bytes(at, PAGE).as_bytes())
        .await
        .unwrap();
    let begin = Instant::now();
    for (number, expected) in (1..).zip(b"HTTP/1.1 200") {
        let mut byte = [0; 64];
        assert_eq!(stream.read(&mut byte).await.unwrap(), 1);
        assert_eq!((byte[0], begin.elapsed().as_secs()), (*expected, number));
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_listens_for_a_while() {
    for fault in ["down=7", "refused=7"] {
        let sandbox = sandbox().await;
        let at = &sandbox.platforms()[0];
        let address = host(&at.base_url).to_owned();
        // An open connection is not spared.
        let mut other = TcpStream::connect(&address).await.unwrap();
        let id = sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap();
        if fault.starts_with("down") {
            let (bytes, end) = exchange(&address, peki_bytes(at, PAGE).as_bytes()).await;
            assert_eq!((bytes.len(), end), (0, Some(ConnectionReset)));
        }
        let mut byte = [0];
        assert!(matches!(other.read(&mut byte).await, Ok(0) | Err(_)));
        assert_eq!(sandbox.fired(id), Some(1));
        sandbox.remove_fault(id);
        let begin = Instant::now();
        let mut refused = 0;
        while let Err(error) = TcpStream::connect(&address).await {
            assert_eq!(error.kind(), ConnectionRefused);
            refused += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert!(
            (6..=8).contains(&refused) && begin.elapsed().as_secs() <= 8,
            "{refused}"
        );
        assert_eq!(peki(at, PAGE).await.status, 200);
    }
}

#[tokio::test(start_paused = true)]
async fn an_export_is_cut_too() {
    let sandbox = start(SandboxOptions {
        users: 2000,
        ..SandboxOptions::only("chatbot")
    })
    .await;
    let at = platform(&sandbox, "chatbot");
    let whole = chatbot(at, "POST", "/users/export", "{}").await.body;
    let address = host(&at.base_url);
    let base = at.base_url.split_once(address).unwrap().1;
    let token = &at.credentials["access_token"];
    let request = format!(
        "POST {base}/users/export HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    for (fault, end) in [
        ("reset-in-body", Some(ConnectionReset)),
        ("missing-last-chunk", None),
    ] {
        let id = sandbox
            .add_fault(Fault::parse(&format!("{fault},operation=export")).unwrap())
            .unwrap();
        let (bytes, ended) = exchange(address, request.as_bytes()).await;
        assert_eq!(ended, end, "{fault}");
        assert!(!bytes.ends_with(b"0\r\n\r\n"), "{fault}");
        let cut = fault.starts_with("reset");
        assert_eq!(bytes.len() < whole.len(), cut, "{fault}");
        assert_eq!(sandbox.fired(id), Some(1));
        sandbox.remove_fault(id);
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_done() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let id = sandbox
        .add_fault(Fault::parse("status=503,operation=list_users,page=3,times=2").unwrap())
        .unwrap();
    let mut seen = Vec::new();
    for page in [1, 2, 3, 3, 3, 1] {
        seen.push(
            peki(at, &format!("/users?page={page}&pageSize=20"))
                .await
                .status,
        );
    }
    assert_eq!(seen, [200, 200, 503, 503, 200, 200]);
    assert_eq!(sandbox.fired(id), Some(2));
    for (fault, message) in [
        (
            "html,platform=pekki",
            "platform 'pekki' does not exist; did you mean peki?",
        ),
        (
            "html,operation=list_user",
            "operation 'list_user' does not exist; did you mean list_users?",
        ),
    ] {
        let error = sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
