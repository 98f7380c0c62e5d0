//! What signing costs, as a ratio to the least that RustCrypto needs for the same signature.
//!
//! `cargo bench -p botroster-auth` prints the ratios; `-- --check` fails if one misses its bound. The two sides of a pair
//! take turns within one run and the median of the rounds' ratios counts, so that a busy machine slows both. That is why there is
//! no benchmark framework here: they measure one thing after the other.

#![allow(
    clippy::unwrap_used,
    reason = "the exception for tests in clippy.toml does not reach a benchmark"
)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_auth::{MAX_SIGNATURE_LEN, Recipe, RecipeText, Secret, Signer, SigningInput};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use sha2::{Digest as _, Sha256};
use std::{
    hint::black_box,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

const SECRET: &str = "sk_your_api_secret";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Cargo passes `--bench` only to measure; as a test, once through is enough.
    let rounds = match arguments.iter().any(|argument| argument == "--bench") {
        true => 2_000,
        false => 1,
    };
    let pairs = [
        get(rounds),
        ready_message(rounds),
        sign(rounds),
        large_body(rounds),
    ];
    for pair in &pairs {
        println!("{}", pair.line());
    }
    let missed = pairs.iter().any(|pair| pair.ratio > pair.bound);
    if missed && arguments.iter().any(|argument| argument == "--check") {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// The text of the signature of a GET without a body, into a buffer, and the same of the same request by hand.
fn get(rounds: usize) -> Pair {
    let (signer, input, headers) = (signer(), list(b""), HeaderMap::new());
    let keyed = keyed();
    Pair::measure(
        "signature_into, a request",
        "the same request by hand: a keyed HMAC cloned, given the parts of the message, and base64's encode_slice",
        1.15,
        rounds,
        200,
        || {
            let mut out = [0; MAX_SIGNATURE_LEN];
            let text = signer
                .signature_into(black_box(&input), black_box(now()), &headers, &mut out)
                .unwrap();
            black_box(text);
        },
        || {
            let mut out = [0; 44];
            black_box(by_hand(
                &keyed,
                black_box(&input),
                black_box(now()),
                &mut out,
            ));
        },
    )
}

/// What somebody writes who signs this one recipe.
fn by_hand<'out>(
    keyed: &Hmac<Sha256>,
    input: &SigningInput<'_>,
    now: SystemTime,
    out: &'out mut [u8; 44],
) -> &'out str {
    let mut hmac = keyed.clone();
    hmac.update(input.method.as_bytes());
    hmac.update(b"\n");
    hmac.update(input.path.as_bytes());
    if let Some(query) = input.query {
        hmac.update(b"?");
        hmac.update(query.as_bytes());
    }
    hmac.update(b"\n");
    hmac.update(input.body);
    hmac.update(b"\n");
    let seconds = now.duration_since(UNIX_EPOCH).unwrap().as_secs();
    hmac.update(itoa::Buffer::new().format(seconds).as_bytes());
    STANDARD
        .encode_slice(hmac.finalize().into_bytes(), out.as_mut_slice())
        .unwrap();
    str::from_utf8(out).unwrap()
}

/// The same beside a message that is ready: what it has to do beyond is to check the parts of the request line, to put the message
/// together, to write the time and to make the bytes a text.
fn ready_message(rounds: usize) -> Pair {
    let (signer, input, headers) = (signer(), list(b""), HeaderMap::new());
    let message = signer.string_to_sign(&input, now(), &headers).unwrap();
    let keyed = keyed();
    Pair::measure(
        &format!("signature_into, message of {} bytes", message.len()),
        "a keyed HMAC cloned, given the ready message, and base64's encode_slice",
        1.75,
        rounds,
        200,
        || {
            let mut out = [0; MAX_SIGNATURE_LEN];
            let text = signer
                .signature_into(black_box(&input), black_box(now()), &headers, &mut out)
                .unwrap();
            black_box(text);
        },
        || {
            let mut out = [0; 44];
            let mut hmac = keyed.clone();
            hmac.update(black_box(&message));
            let tag = hmac.finalize().into_bytes();
            black_box(STANDARD.encode_slice(tag, &mut out)).unwrap();
            black_box(&out);
        },
    )
}

/// The headers of the same request, into a map that has some.
fn sign(rounds: usize) -> Pair {
    let (signer, input) = (signer(), list(b""));
    let message = signer
        .string_to_sign(&input, now(), &HeaderMap::new())
        .unwrap();
    let keyed = keyed();
    let mut headers = HeaderMap::with_capacity(8);
    Pair::measure(
        "sign, three headers",
        "the same HMAC and base64 alone",
        4.0,
        rounds,
        200,
        || {
            headers.clear();
            signer
                .sign(black_box(&input), black_box(now()), &mut headers)
                .unwrap();
            black_box(&headers);
        },
        || {
            let mut out = [0; 44];
            let mut hmac = keyed.clone();
            hmac.update(black_box(&message));
            let tag = hmac.finalize().into_bytes();
            black_box(STANDARD.encode_slice(tag, &mut out)).unwrap();
            black_box(&out);
        },
    )
}

/// A body that is hashed for so long that nothing else should count.
fn large_body(rounds: usize) -> Pair {
    let body = vec![0xa5; 1 << 20];
    let (signer, input, headers) = (signer(), list(&body), HeaderMap::new());
    Pair::measure(
        "signature_into, body of 1 MiB",
        "SHA-256 of the body",
        1.0 / 0.97,
        rounds / 20 + 1,
        1,
        || {
            let mut out = [0; MAX_SIGNATURE_LEN];
            let text = signer
                .signature_into(black_box(&input), black_box(now()), &headers, &mut out)
                .unwrap();
            black_box(text);
        },
        || {
            black_box(Sha256::digest(black_box(&body)));
        },
    )
}

fn signer() -> Signer {
    let recipe = Recipe::parse(&RecipeText {
        algorithm: "hmac-sha256",
        encoding: "base64",
        timestamp: "unix-seconds",
        message: "{method}\n{path_and_query}\n{body}\n{timestamp}",
        headers: &[
            ("X-API-Key", "{key}"),
            ("X-Signature", "{signature}"),
            ("X-Timestamp", "{timestamp}"),
        ],
        tolerance: Duration::from_secs(300),
    });
    let key = Secret::new("pk_your_api_key");
    Signer::new(Arc::new(recipe.unwrap()), key, Secret::new(SECRET)).unwrap()
}

fn list(body: &[u8]) -> SigningInput<'_> {
    SigningInput {
        method: "GET",
        host: "api.example.com",
        path: "/api/Dev/your_chatbot_id/users/segments",
        query: Some("page=1&pageSize=20&sort=asc"),
        body,
        nonce: None,
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_744_113_600)
}

fn keyed() -> Hmac<Sha256> {
    Hmac::new_from_slice(SECRET.as_bytes()).unwrap()
}

/// Two things that were measured in turns.
struct Pair {
    name: String,
    base: String,
    /// Of the time of ours to the time of the base.
    ratio: f64,
    bound: f64,
    ours: Duration,
    theirs: Duration,
}

impl Pair {
    fn measure(
        name: &str,
        base: &str,
        bound: f64,
        rounds: usize,
        calls: u32,
        mut ours: impl FnMut(),
        mut theirs: impl FnMut(),
    ) -> Self {
        let mut times: Vec<(Duration, Duration)> = (0..rounds)
            .map(|round| match round % 2 {
                0 => {
                    let first = time(calls, &mut ours);
                    (first, time(calls, &mut theirs))
                }
                _ => {
                    let first = time(calls, &mut theirs);
                    (time(calls, &mut ours), first)
                }
            })
            .collect();
        let ratio =
            |(ours, theirs): &(Duration, Duration)| ours.as_secs_f64() / theirs.as_secs_f64();
        times.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let middle = times[times.len() / 2];
        Self {
            name: name.to_owned(),
            base: base.to_owned(),
            ratio: ratio(&middle),
            bound,
            ours: middle.0,
            theirs: middle.1,
        }
    }

    fn line(&self) -> String {
        let Self {
            name,
            base,
            ratio,
            bound,
            ours,
            theirs,
        } = self;
        let verdict = if ratio > bound { "MISSED" } else { "met" };
        format!("{name}: {ours:?}, {ratio:.3} of {base} ({theirs:?}); bound {bound:.3} {verdict}")
    }
}

/// The mean time of a call.
fn time(calls: u32, run: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        run();
    }
    start.elapsed() / calls
}
