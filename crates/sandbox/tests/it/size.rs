//! A million people cost no more than a hundred.

use crate::client::peki;
use allocation_counter::{AllocationInfo, measure};
use botroster_sandbox::{Sandbox, SandboxOptions};
use std::time::{Duration, Instant};

fn options(users: u64) -> SandboxOptions {
    SandboxOptions {
        users,
        ..SandboxOptions::default()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

fn start(users: u64) -> AllocationInfo {
    measure(|| {
        let sandbox = runtime().block_on(Sandbox::start_with(options(users)));
        assert!(!sandbox.unwrap().platforms().is_empty());
    })
}

#[test]
fn starting_takes_as_much_memory_with_a_million() {
    let (few, many) = (start(100), start(1_000_000));
    let more = many.bytes_max.abs_diff(few.bytes_max);
    assert!(
        more < 20_000,
        "{} and {} bytes",
        few.bytes_max,
        many.bytes_max
    );
}

#[test]
fn reading_anywhere_takes_as_much_memory() {
    let read = |users: u64| {
        runtime().block_on(async {
            let sandbox = Sandbox::start_with(options(users)).await.unwrap();
            let peki_at = |sandbox: &Sandbox| {
                let mut all = sandbox.platforms().iter();
                all.position(|platform| platform.name == "peki").unwrap()
            };
            let at = &sandbox.platforms()[peki_at(&sandbox)];
            let pages = users / 100;
            let mut largest = 0;
            for part in 1..=8 {
                let page = peki(
                    at,
                    &format!("/users?page={}&pageSize=100", pages * part / 8),
                )
                .await;
                assert_eq!(page.json()["data"].as_array().unwrap().len(), 100);
                largest = largest.max(page.body.len());
            }
            largest
        })
    };
    let (few, many) = (measure(|| _ = read(800)), measure(|| _ = read(1_000_000)));
    assert!(
        many.bytes_max < few.bytes_max * 5 / 4,
        "{} and {} bytes",
        few.bytes_max,
        many.bytes_max
    );
}

/// The quickest of some starts, so that what else this machine does does not count.
#[test]
fn starting_is_quick() {
    let took = (0..10).map(|_| {
        let runtime = runtime();
        let began = Instant::now();
        let sandbox = runtime
            .block_on(Sandbox::start_with(options(1_000_000)))
            .unwrap();
        let took = began.elapsed();
        drop(sandbox);
        took
    });
    let took = took.min().unwrap();
    println!("started in {took:?}");
    let allowed = Duration::from_millis(if cfg!(debug_assertions) { 400 } else { 100 });
    assert!(took < allowed, "{took:?}");
}
