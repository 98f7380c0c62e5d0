//! The forms of shapes through the sandbox, which reads the same spec on its own: what is sent it takes, and numbers as ids lead from lists to
//! records, to their children, to writes, and into the database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{collections::BTreeSet, sync::Arc};

use botroster_client::Settings;
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use botroster_sync::{Job, Sink};
use botroster_test_platforms::{model, probes, shapes};
use futures_util::TryStreamExt as _;
use shapes::{Client, ErrorKind, Number, NumberOrText, Secret, types};

async fn sandbox() -> Sandbox {
    let options = SandboxOptions {
        users: 50,
        surprises: true,
        ..SandboxOptions::default()
    };
    Sandbox::start_models(options, &[model("shapes").unwrap()])
        .await
        .unwrap()
}

fn client(running: &Running) -> Client {
    let credential = |slot: &str| Secret::new(running.credentials[slot].clone());
    let credentials = shapes::Credentials::new()
        .with_api_key(credential("api_key"))
        .with_api_secret(credential("api_secret"));
    Client::builder()
        .with_base_url(running.base_url.clone())
        .with_loopback_http()
        .with_credentials(credentials)
        .build()
        .unwrap()
}

fn account(running: &Running) -> i64 {
    running.scope["accountNumber"].parse().unwrap()
}

#[tokio::test]
async fn what_the_client_writes_the_sandbox_reads() {
    let sandbox = sandbox().await;
    let client = client(&sandbox.platforms()[0]);
    let mut filter = types::Filter::new();
    filter.name = Some("Jo [x].,&=ü".to_owned());
    filter.age = Some(30);
    filter.mood = Some(types::Mood::SoSo);
    filter.born = Some("2001-02-03T00:00:00Z".into());
    filter.cities = vec!["a,b".to_owned(), "c".to_owned()];
    let mut part = types::Box::new();
    part.south = Number::from_f64(-0.5);
    part.corner = vec!["n".to_owned()];
    filter.box_ = Some(part.clone());
    let queries = client.queries();
    let labels = [("plan b".to_owned(), "x".to_owned())];
    queries
        .deep()
        .filter(filter.clone())
        .labels(labels)
        .await
        .unwrap();
    queries.dotted(filter).await.unwrap();
    queries.form().box_(part).ids([1, 2]).await.unwrap();
    let mut corner = types::Corner::new();
    corner.name = Some("n,e".to_owned());
    let call = queries.delimited(["a,b", "c"]).words(["x", "y"]);
    call.tags(["d e", "f"]).box_(corner).await.unwrap();
    client.bodies().note("1").await.unwrap();
    client.bodies().start().body([1, 2]).await.unwrap();
    let mut by_words = types::ExportByWords::new();
    by_words.title = Some("abc".to_owned());
    by_words.parts = vec![types::ExportByIds::new([1]).into()];
    let mut rest = types::OldRest::new();
    rest.before = Some(7.into());
    by_words.but = Some(Box::new(types::ExportOfRest::from(rest).into()));
    client.bodies().export().body(by_words).await.unwrap();
    let patch = types::PersonPatch::new(None, "j@example.com");
    client.people().patch(1, patch).await.unwrap();
    let mut body = types::Limited::new();
    body.title = Some("abc".to_owned());
    client
        .limits()
        .put("ok")
        .x_note("12345")
        .ratio(0.5)
        .body(body)
        .await
        .unwrap();
}

#[tokio::test]
async fn numbers_as_ids() {
    let sandbox = sandbox().await;
    let running = &sandbox.platforms()[0];
    let members = client(running).account_number(account(running)).members();
    let all: Vec<types::Member> = members
        .list(3)
        .limit(20)
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 50);
    let ids: BTreeSet<i64> = all.iter().map(|member| member.id).collect();
    assert_eq!(ids.len(), 50);
    assert_eq!(running.request_count(), 4, "pages of 20, and the empty one");
    let id = u64::try_from(all[7].id).unwrap();
    assert_eq!(members.get(id).await.unwrap().id, all[7].id);
    members
        .add_tags(id, vec!["planted".to_owned()])
        .await
        .unwrap();
    let tags = members.get(id).await.unwrap().tags;
    assert!(tags.contains(&"planted".to_owned()), "{}", tags.len());
    let error = members.get(7).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = members.get(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    // A caller may begin behind any member.
    let rest = members.list(3).after(all[40].id).stream();
    let rest: Vec<types::Member> = rest.try_collect().await.unwrap();
    assert_eq!(rest.len(), 9);
}

#[tokio::test]
async fn ids_that_are_numbers_or_texts() {
    let sandbox = sandbox().await;
    let guests = client(&sandbox.platforms()[0]).guests();
    let all: Vec<types::Guest> = guests.list().stream().try_collect().await.unwrap();
    let (numbers, texts): (Vec<_>, Vec<_>) =
        all.iter().partition(|guest| guest.guest_id.is_number());
    assert!(numbers.len() > 5 && texts.len() > 5);
    for guest in [numbers[0], texts[0]] {
        let one = guests.get(guest.guest_id.clone()).await.unwrap();
        assert_eq!(one.guest_id, guest.guest_id);
        assert_eq!(one.guest_id.is_number(), guest.guest_id.is_number());
        let near = guests.list().near(guest.guest_id.clone()).x_host(7).await;
        assert!(near.is_ok());
    }
    let error = guests.get("nobody").await.unwrap_err();
    assert!(
        error.code().is_some_and(|code| code == "guest_gone"),
        "{error}"
    );
    assert_eq!(error.name(), Some("GUEST_GONE"));
    let content_type = error.headers().get("content-type").unwrap();
    assert_eq!(content_type, "application/problem+json");
    let body = shapes::errors::GetGuestError::of(&error);
    assert!(matches!(
        body,
        Some(shapes::errors::GetGuestError::Status404(_))
    ));
    assert!(
        all.iter()
            .any(|guest| guest.room.as_ref().is_some_and(NumberOrText::is_number))
    );
}

#[tokio::test]
async fn into_the_database() {
    let sandbox = sandbox().await;
    let running = &sandbox.platforms()[0];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shapes.sqlite");
    let settings = Settings::new()
        .with_base_url(running.base_url.clone())
        .with_loopback_http();
    let mut job = Job::new(&shapes::ShapesPlatform, settings);
    for (slot, secret) in &running.credentials {
        job = job.with_credential(slot, Secret::new(secret.clone()));
    }
    for (name, value) in &running.scope {
        job = job.with_scope(name, value);
    }
    let sink = Sink::open(&path).unwrap();
    let report = botroster_sync::sync(vec![job], sink, Arc::new(())).await;
    assert!(report.is_complete(), "{report:?}");
    let fetched = |stream: &str| {
        let mut streams = report.streams.iter();
        let found = streams.find(|one| one.id.stream == stream).unwrap();
        assert_eq!((found.rejected, found.new), (0, found.fetched), "{stream}");
        found.fetched
    };
    assert_eq!((fetched("members"), fetched("guests")), (50, 50));
    let (visits, remarks) = (fetched("visits"), fetched("remarks"));
    assert!(visits > 50 && remarks > 50, "{visits} {remarks}");
    let database = rusqlite::Connection::open(&path).unwrap();
    let count = |query: &str| -> i64 { database.query_row(query, [], |row| row.get(0)).unwrap() };
    assert_eq!(
        count("SELECT count(*) FROM contacts WHERE id GLOB '[0-9]*' AND id NOT GLOB '*[^0-9]*'"),
        100
    );
    for (stream, parent, expected) in [
        ("visits", "members", visits),
        ("remarks", "guests", remarks),
    ] {
        let joined = format!(
            "SELECT count(*) FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE m.stream = '{stream}' AND c.stream = '{parent}'"
        );
        assert_eq!(u64::try_from(count(&joined)), Ok(expected), "{stream}");
    }
}

/// There is nobody whose records could be its rows.
#[tokio::test]
async fn a_table_of_what_no_list_has_is_made_of_its_schema() {
    let sandbox = Sandbox::start_models(SandboxOptions::default(), &[model("probes").unwrap()])
        .await
        .unwrap();
    let running = &sandbox.platforms()[0];
    let token = Secret::new(running.credentials["token"].clone());
    let client = probes::Client::builder()
        .with_base_url(running.base_url.clone())
        .with_loopback_http()
        .with_credentials(probes::Credentials::new().with_token(token))
        .build()
        .unwrap();
    let rows = client.answers().table().rows();
    let rows: Vec<_> = rows.try_collect().await.unwrap();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().any(|row| row.name.is_some()));
    assert!(rows.iter().all(|row| row.extra().is_empty()), "{rows:?}");
}

/// Generator and sandbox take the slot of a scheme from the same model.
#[tokio::test]
async fn a_scheme_has_the_same_slot_everywhere() {
    let sandbox = Sandbox::start_models(SandboxOptions::default(), &[model("probes").unwrap()])
        .await
        .unwrap();
    let running = &sandbox.platforms()[0];
    let slots = ["api_key", "jwt_bearer", "o_auth2_token", "bot_api_token"];
    for slot in slots {
        assert!(running.credentials.contains_key(slot), "{slot}");
    }
    let info = probes::Platform::info(&probes::ProbesPlatform);
    let generated: BTreeSet<&str> = info.credentials.iter().map(|slot| slot.name).collect();
    let served: BTreeSet<&str> = running.credentials.keys().map(String::as_str).collect();
    assert_eq!(generated, served);
    let secret = |slot: &str| Secret::new(running.credentials[slot].clone());
    let credentials = probes::Credentials::new()
        .with_api_key(secret("api_key"))
        .with_jwt_bearer(secret("jwt_bearer"))
        .with_o_auth2_token(secret("o_auth2_token"))
        .with_bot_api_token(secret("bot_api_token"));
    let client = probes::Client::builder()
        .with_base_url(running.base_url.clone())
        .with_loopback_http()
        .with_credentials(credentials)
        .build()
        .unwrap();
    client.access().acronyms().await.unwrap();
}
