//! Answers made to fill the memory or to keep a client busy for ever.
//!
//! Each is read by a process of its own, whose memory is looked at when it is done.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use botroster_chatbot::types::ExportByFilter;
use botroster_client::{ErrorKind, Options, OutgoingRequest};
use botroster_contract_tests::{
    clients,
    runtime::Runtime,
    sim::{
        canaries::Canaries,
        clock::VirtualTime,
        lists::{Clients, List},
        network::{Answer, Network, Piece},
        sockets::{Act, Rough},
    },
};
use bytes::Bytes;

/// Memory that a process reached at most, in MiB.
const MOST_MEMORY: u64 = 256;
const MOST_TIME: Duration = Duration::from_secs(30);
const MEGABYTE: usize = 1_000_000;

/// What is read: a list of Peki's, or an export of ChatBot's.
#[derive(Clone, Copy, PartialEq)]
enum Read {
    List,
    Export,
}

struct Bomb {
    name: &'static str,
    read: Read,
    /// The kinds in which it may end; none is data.
    ends: &'static [ErrorKind],
    act: fn() -> Act,
}

const fn bomb(
    name: &'static str,
    read: Read,
    ends: &'static [ErrorKind],
    act: fn() -> Act,
) -> Bomb {
    Bomb {
        name,
        read,
        ends,
        act,
    }
}

const DECODE: &[ErrorKind] = &[ErrorKind::Decode];

static BOMBS: [Bomb; 14] = [
    bomb("gzip", Read::List, DECODE, || {
        whole("content-encoding: gzip\r\n", gzip_of_zeros(2_000_000))
    }),
    bomb("br", Read::List, DECODE, || {
        whole("content-encoding: br\r\n", vec![0x5b; 4 * MEGABYTE])
    }),
    bomb("endless_chunks", Read::List, &[ErrorKind::TooLarge], || {
        let chunk = format!("10000\r\n{}\r\n", "[".repeat(0x10000));
        Act::Endless(
            head("transfer-encoding: chunked\r\n"),
            chunk.into(),
            Duration::ZERO,
        )
    }),
    bomb("depth", Read::List, DECODE, || {
        list_of(
            &format!("{{\"id\":\"u1\",\"deep\":{}", "[".repeat(100_000)),
            &format!("{}}}", "]".repeat(100_000)),
        )
    }),
    bomb("keys", Read::List, &[], || {
        let keys: String = (0..1_000_000)
            .map(|number| format!("\"{number:07}\":1,"))
            .collect();
        list_of("{\"id\":\"u1\",", &format!("{keys}\"last\":1}}"))
    }),
    bomb("string", Read::List, &[], || {
        list_of(
            "{\"id\":\"u1\",\"said\":\"",
            &format!("{}\"}}", "x".repeat(60 * MEGABYTE)),
        )
    }),
    bomb("number", Read::List, DECODE, || {
        list_of(
            "{\"id\":\"u1\",\"count\":",
            &format!("{}}}", "9".repeat(20 * MEGABYTE)),
        )
    }),
    bomb("headers", Read::List, &[ErrorKind::Connection], || {
        let line = Bytes::from(format!("x-more: {}\r\n", "y".repeat(4_000)));
        Act::Endless("HTTP/1.1 200 OK\r\n".into(), line, Duration::ZERO)
    }),
    bomb("drip", Read::List, &[ErrorKind::Timeout], || {
        Act::Endless(
            head("content-length: 1000000\r\n"),
            " ".into(),
            Duration::from_millis(20),
        )
    }),
    bomb(
        "records",
        Read::List,
        &[ErrorKind::TooLarge, ErrorKind::Decode],
        || list_of("{\"id\":\"\"}", &",{\"id\":\"\"}".repeat(1_500_000)),
    ),
    bomb(
        "broken_records",
        Read::List,
        &[ErrorKind::TooLarge, ErrorKind::Decode],
        || list_of("0", &",0".repeat(2_000_000)),
    ),
    bomb("quote", Read::Export, DECODE, || {
        let text = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        let head = csv_head("8\r\nName\n\"xy\r\n");
        Act::Endless(head, text.into(), Duration::ZERO)
    }),
    bomb("row", Read::Export, DECODE, || {
        let cells = format!("10000\r\n{}\r\n", "x,".repeat(0x8000));
        Act::Endless(csv_head("5\r\nName\n\r\n"), cells.into(), Duration::ZERO)
    }),
    bomb("retry_after", Read::List, &[ErrorKind::RateLimited], || {
        Act::End("HTTP/1.1 429 Too Many Requests\r\nretry-after: 99999999999999999999999\r\ncontent-length: 0\r\n\r\n".into())
    }),
];

fn head(framing: &str) -> Bytes {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{framing}\r\n").into()
}

fn csv_head(first: &str) -> Bytes {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n{first}"
    )
    .into()
}

fn whole(headers: &str, body: Vec<u8>) -> Act {
    let head = head(&format!("{headers}content-length: {}\r\n", body.len()));
    Act::End([head, body.into()].concat().into())
}

/// A page of Peki's with this for its records.
fn list_of(first: &str, rest: &str) -> Act {
    whole(
        "",
        format!("{{\"error\":null,\"data\":[{first}{rest}]}}").into_bytes(),
    )
}

/// So many bytes of gzip, made of the longest repetitions there are in its fixed code: 158 zeros a byte.
fn gzip_of_zeros(length: usize) -> Vec<u8> {
    let mut out = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    let (mut held, mut count) = (0_u32, 0);
    // A block with the fixed code, a zero, and then "258 times what stands one byte before", over and over. Codes go from their first bit.
    let mut put = |bits: u32, length: u32, out: &mut Vec<u8>| {
        held |= bits << count;
        count += length;
        while count >= 8 {
            out.push(held as u8);
            held >>= 8;
            count -= 8;
        }
    };
    put(0b011, 3, &mut out);
    put(0b0000_1100, 8, &mut out);
    while out.len() < length {
        put(0b1010_0011, 8, &mut out);
        put(0, 5, &mut out);
    }
    out
}

const BOMB: &str = "BOTROSTER_TEST_BOMB";
const ADDRESS: &str = "BOTROSTER_TEST_ADDRESS";

/// Reads in this process, and says how it ended.
async fn read(bomb: &Bomb, base_url: &str) -> Result<(), ErrorKind> {
    let options = Options::new()
        .with_attempts(1)
        .with_attempt_timeout(Duration::from_secs(10));
    let options = if bomb.name == "drip" {
        options.with_attempt_timeout(Duration::from_secs(1))
    } else {
        options
    };
    if bomb.read == Read::List {
        let builder = clients::peki()
            .with_base_url(base_url)
            .with_loopback_http()
            .with_options(options);
        let page = builder
            .build()
            .unwrap()
            .chatbot("bot-1")
            .users()
            .list()
            .await;
        return page.map(drop).map_err(|error| error.kind());
    }
    let builder = clients::chatbot()
        .with_base_url(base_url)
        .with_loopback_http()
        .with_options(options);
    let mut rows = builder
        .build()
        .unwrap()
        .users()
        .export(ExportByFilter::new())
        .rows();
    loop {
        match rows.try_next().await {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(error) => return Err(error.kind()),
        }
    }
}

/// MiB that this process reached at most.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// In the parent: serves one bomb to a child that runs the test `name`. In the child: reads it.
async fn defuse(name: &str) {
    let bomb = BOMBS.iter().find(|bomb| bomb.name == name).unwrap();
    if std::env::var(BOMB).is_ok_and(|wanted| wanted == name) {
        let ended = read(bomb, &std::env::var(ADDRESS).unwrap()).await;
        let peak = peak();
        println!("{name}: {ended:?}, {peak} MiB");
        match ended {
            Ok(()) => assert!(bomb.ends.is_empty(), "ended well"),
            Err(kind) => assert!(bomb.ends.contains(&kind), "ended in {kind:?}"),
        }
        assert!(peak < MOST_MEMORY, "took {peak} MiB");
        return;
    }
    let server = Rough::start(vec![(bomb.act)()]).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", name, "--nocapture"])
        .env(BOMB, name)
        .env(ADDRESS, server.base_url());
    let started = Instant::now();
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(
        started.elapsed() < MOST_TIME,
        "{name} took {:?}",
        started.elapsed()
    );
    assert!(output.status.success(), "{said}");
    assert!(server.requests() > 0, "{name}: nothing was asked for");
    print!(
        "{}",
        said.lines()
            .filter(|line| line.contains("MiB"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

macro_rules! defused {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                defuse(stringify!($name)).await;
            }
        )*

        #[test]
        fn every_bomb_is_defused() {
            let names: Vec<&str> = BOMBS.iter().map(|bomb| bomb.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

defused!(
    gzip,
    br,
    endless_chunks,
    depth,
    keys,
    string,
    number,
    headers,
    drip,
    records,
    broken_records,
    quote,
    row,
    retry_after,
);

#[test]
fn the_gzip_bomb_is_one() {
    let path = std::env::temp_dir().join(format!("botroster-bomb-{}.gz", std::process::id()));
    fs::write(&path, gzip_of_zeros(20_000)).unwrap();
    let output = Command::new("gzip").arg("-dc").arg(&path).output();
    fs::remove_file(&path).unwrap();
    // It has no end, which gzip says after what it unpacked.
    let unpacked = output.unwrap().stdout;
    assert!(unpacked.len() > 2_000_000, "{}", unpacked.len());
    assert!(unpacked.iter().all(|byte| *byte == 0));
}

#[tokio::test]
async fn endless_pages_end_at_the_page_limit() {
    let canaries = Canaries::new(3);
    let network = Network(move |request: &OutgoingRequest| {
        let mut pairs = request.url.query_pairs();
        let (_, page) = pairs.find(|(name, _)| name == "page").unwrap();
        let records = [List::BotpenguinChats.record(&canaries, page.parse().unwrap())];
        Answer::json(200, &List::BotpenguinChats.answer(&records, 0, 1)).into()
    });
    let runtime = Arc::new(Runtime::new());
    let options = Options::new().with_page_limit(500);
    let walked = List::BotpenguinChats
        .walk(&Clients::new(Arc::new(network), runtime, options))
        .await;
    assert_eq!(walked.items.len(), 500);
    assert_eq!(walked.error.unwrap().kind(), ErrorKind::Paging);
}

#[tokio::test(start_paused = true)]
async fn a_refused_export_does_not_wait_for_the_end_of_an_endless_answer() {
    let drip = [
        Piece::Wait(Duration::from_secs(20)),
        Piece::Bytes(" ".into()),
    ];
    let network = Network(move |_: &OutgoingRequest| {
        let pieces = std::iter::repeat_n(drip.clone(), 100_000)
            .flatten()
            .collect();
        Answer {
            pieces,
            ..Answer::new(400, "application/json", "")
        }
        .into()
    });
    let clock = Arc::new(VirtualTime::new(1));
    let builder = clients::chatbot()
        .with_http(Arc::new(network))
        .with_runtime(clock.clone());
    let mut rows = builder
        .build()
        .unwrap()
        .users()
        .export(ExportByFilter::new())
        .rows();
    let error = rows.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(
        clock.elapsed() < Duration::from_secs(301),
        "{:?}",
        clock.elapsed()
    );
}
