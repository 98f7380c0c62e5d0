//! Faults of lists, as they are read.

use crate::client::{chatbot, peki, start};
use botroster_sandbox::{Fault, Running, Sandbox, SandboxOptions};
use serde_json::Value;

async fn sandbox(name: &str, users: u64) -> Sandbox {
    start(SandboxOptions {
        users,
        ..SandboxOptions::only(name)
    })
    .await
}

fn set(sandbox: &Sandbox, fault: &str) -> u64 {
    sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap()
}

async fn page(at: &Running, number: u64) -> Value {
    peki(at, &format!("/users?page={number}&pageSize=20"))
        .await
        .json()
}

fn ids(page: &Value) -> Vec<String> {
    let records = page["data"].as_array().unwrap().iter();
    records
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_same_page_for_ever() {
    let sandbox = sandbox("peki", 100).await;
    let at = &sandbox.platforms()[0];
    let second = page(at, 2).await;
    let id = set(&sandbox, "same-page");
    for number in [2, 1, 3, 3] {
        assert_eq!(page(at, number).await, second);
    }
    // The first one that was asked for is as it should be.
    assert_eq!(sandbox.fired(id), Some(3));
}

#[tokio::test]
async fn cursors_lead_in_a_circle() {
    let sandbox = sandbox("chatbot", 100).await;
    let at = &sandbox.platforms()[0];
    let id = set(&sandbox, "cursor-cycle=3");
    let (mut after, mut firsts) = (String::new(), Vec::new());
    for _ in 0..8 {
        let page = chatbot(at, "GET", &format!("/users?limit=10{after}"), "")
            .await
            .json();
        let ids = ids(&page);
        after = format!("&after={}", ids.last().unwrap());
        firsts.push(ids[0].clone());
    }
    assert_eq!(firsts[..3], firsts[3..6]);
    assert_eq!(firsts[..2], firsts[6..]);
    assert!(firsts[0] != firsts[1] && firsts[1] != firsts[2] && firsts[0] != firsts[2]);
    assert!(sandbox.fired(id) > Some(0), "{:?}", sandbox.fired(id));
}

#[tokio::test]
async fn pages_and_totals_lie() {
    let sandbox = sandbox("peki", 45).await;
    let at = &sandbox.platforms()[0];
    let id = set(&sandbox, "empty-page,page=2,times=1");
    let sizes = |pages: &[Value]| pages.iter().map(|page| ids(page).len()).collect::<Vec<_>>();
    let pages = [
        page(at, 1).await,
        page(at, 2).await,
        page(at, 3).await,
        page(at, 2).await,
    ];
    assert_eq!(sizes(&pages), [20, 0, 5, 20]);
    assert_eq!(
        (sandbox.fired(id), &pages[1]["totalItems"]),
        (Some(1), &Value::from(45))
    );

    for (by, total, count) in [(20, 65, 4), (-30, 15, 1), (-100, 0, 0)] {
        let id = set(&sandbox, &format!("wrong-totals={by}"));
        let page = page(at, 1).await;
        assert_eq!(
            (&page["totalItems"], &page["totalPages"]),
            (&total.into(), &count.into())
        );
        assert_eq!(ids(&page).len(), 20);
        sandbox.remove_fault(id);
    }

    let id = set(&sandbox, "full-last-page");
    let pages = [page(at, 1).await, page(at, 2).await, page(at, 3).await];
    assert_eq!(sizes(&pages), [20, 20, 0]);
    for page in &pages {
        assert_eq!(
            (&page["totalItems"], &page["totalPages"]),
            (&40.into(), &2.into())
        );
    }
    assert_eq!(sandbox.fired(id), Some(3));
}

#[tokio::test]
async fn a_list_without_totals_ends_with_a_full_page() {
    let sandbox = sandbox("chatbot", 25).await;
    let at = &sandbox.platforms()[0];
    let id = set(&sandbox, "full-last-page");
    let (mut after, mut sizes) = (String::new(), Vec::new());
    while sizes.last() != Some(&0) {
        let page = chatbot(at, "GET", &format!("/users?limit=10{after}"), "")
            .await
            .json();
        sizes.push(ids(&page).len());
        after = ids(&page)
            .last()
            .map(|id| format!("&after={id}"))
            .unwrap_or_default();
    }
    assert_eq!(sizes, [10, 10, 0]);
    assert!(sandbox.fired(id) > Some(0));
    // It says no total that could be wrong.
    let id = set(&sandbox, "wrong-totals");
    sandbox.reset();
    assert_eq!(sandbox.fired(id), None);
}

#[tokio::test]
async fn records_come_in_before_a_page_is_read() {
    let sandbox = sandbox("peki", 45).await;
    let at = &sandbox.platforms()[0];
    let first = ids(&page(at, 1).await);
    let id = set(&sandbox, "insert=3,page=2,times=1");
    let second = page(at, 2).await;
    assert_eq!(ids(&second)[..3], first[17..]);
    assert_eq!(
        (sandbox.fired(id), &second["totalItems"]),
        (Some(1), &Value::from(48))
    );
    assert_eq!(ids(&page(at, 1).await)[3..], first[..17]);
}

#[tokio::test]
async fn records_vanish_before_a_page_is_read() {
    let sandbox = sandbox("peki", 45).await;
    let at = &sandbox.platforms()[0];
    let (first, second) = (ids(&page(at, 1).await), ids(&page(at, 2).await));
    let id = set(&sandbox, "delete=3,page=2,times=1");
    let after = page(at, 2).await;
    // A reader that goes on from page 1 has missed three.
    assert_eq!(ids(&after)[..17], second[3..]);
    assert_eq!(
        (sandbox.fired(id), &after["totalItems"]),
        (Some(1), &Value::from(42))
    );
    assert_eq!(ids(&page(at, 1).await)[..17], first[3..]);
    let id = set(&sandbox, "delete=1000,times=2");
    assert_eq!(
        (ids(&page(at, 1).await).len(), ids(&page(at, 1).await).len()),
        (0, 0)
    );
    assert_eq!(sandbox.fired(id), Some(1));
}
