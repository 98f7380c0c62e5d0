//! The requests of ChatBot's operations, as their bytes go on the wire.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use botroster_chatbot::types::{
    Attributes, CreateUser, ExportByFilter, ExportByUsers, ExportField, Match, SetBan, Sort,
    SortField, SortOrder, UpdateUser,
};
use botroster_contract_tests::{
    album::{AWKWARD, Album, BEARER},
    clients::{self, Attach as _},
    runtime::Runtime,
    server::Server,
};

fn attributes() -> Attributes {
    let mut attributes = Attributes::new();
    attributes.default_email = Some("ada@example.com".to_owned());
    attributes.default_name = Some("Ada Example".to_owned());
    attributes
        .extra_mut()
        .insert("plan".to_owned(), serde_json::json!("gold"));
    attributes
        .extra_mut()
        .insert("trial".to_owned(), serde_json::Value::Null);
    attributes
}

fn create_user() -> CreateUser {
    let mut user = CreateUser::new(attributes());
    user.user_id = Some("crm-7".to_owned());
    user.segments = vec!["s1".to_owned(), "s2".to_owned()];
    user
}

#[tokio::test]
async fn chatbot_users() {
    let mut album = Album::default();
    let users = |server: &Server, runtime: &Runtime| {
        clients::chatbot()
            .at(server, "", runtime)
            .build()
            .unwrap()
            .users()
    };
    album
        .take(
            "chatbot__create_user",
            "full",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime).create(create_user()).await;
            },
        )
        .await;
    album
        .take(
            "chatbot__list_users",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime).list().await;
            },
        )
        .await;
    album
        .take(
            "chatbot__list_users",
            "all_options",
            &BEARER,
            async |server, runtime| {
                let list = users(server, runtime).list().limit(10_u32).after(AWKWARD);
                let sorted = list
                    .sort_field(SortField::LastSeen)
                    .sort_order(SortOrder::Asc);
                let _ = sorted.match_(Match::Any).await;
            },
        )
        .await;
    album
        .take(
            "chatbot__get_user",
            "awkward_id",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime).get(AWKWARD).await;
            },
        )
        .await;
    album
        .take(
            "chatbot__update_user",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime)
                    .update(AWKWARD, UpdateUser::new(attributes()))
                    .await;
            },
        )
        .await;
    album
        .take(
            "chatbot__set_user_ban",
            "ban",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime)
                    .set_ban("u1", SetBan::new(true))
                    .await;
            },
        )
        .await;
    let segments = || vec!["s1".to_owned(), "s \"2\" ü".to_owned()];
    album
        .take(
            "chatbot__add_user_segments",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime)
                    .add_segments(AWKWARD, segments())
                    .await;
            },
        )
        .await;
    album
        .take(
            "chatbot__replace_user_segments",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime)
                    .replace_segments("u1", segments())
                    .await;
            },
        )
        .await;
    album
        .take(
            "chatbot__replace_user_segments",
            "none",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime)
                    .replace_segments("u1", Vec::new())
                    .await;
            },
        )
        .await;
    let request = album
        .take(
            "chatbot__remove_user_segments",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = users(server, runtime)
                    .remove_segments("u1", segments())
                    .await;
            },
        )
        .await;
    assert_eq!(request.method(), "DELETE");
    assert!(!request.body().is_empty());
    chatbot_rest(&mut album).await;
    album.check("chatbot");
}

async fn chatbot_rest(album: &mut Album) {
    let client = |server: &Server, runtime: &Runtime| {
        clients::chatbot().at(server, "", runtime).build().unwrap()
    };
    album
        .take(
            "chatbot__export_users",
            "by_users",
            &BEARER,
            async |server, runtime| {
                let mut request = ExportByUsers::new(vec!["u1".to_owned(), "u2".to_owned()]);
                request.fields = vec![ExportField::DefaultName, ExportField::CreatedAt];
                let mut sort = Sort::new();
                sort.field = Some(SortField::CreatedAt);
                sort.order = Some(SortOrder::Desc);
                request.sort = Some(sort);
                let _ = client(server, runtime)
                    .users()
                    .export(request)
                    .bytes()
                    .await;
            },
        )
        .await;
    album
        .take(
            "chatbot__export_users",
            "by_filter",
            &BEARER,
            async |server, runtime| {
                let mut request = ExportByFilter::new();
                request.match_ = Some(Match::All);
                let filter = serde_json::json!({"name": "default_city", "value": "Köln"});
                request.filters = vec![filter.as_object().unwrap().clone()];
                let _ = client(server, runtime)
                    .users()
                    .export(request)
                    .rows()
                    .try_next()
                    .await;
            },
        )
        .await;
    album
        .take(
            "chatbot__export_users",
            "everybody",
            &BEARER,
            async |server, runtime| {
                let request = ExportByFilter::new();
                let _ = client(server, runtime)
                    .users()
                    .export(request)
                    .send_raw()
                    .await;
            },
        )
        .await;
    album
        .take(
            "chatbot__list_segments",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = client(server, runtime).segments().list().await;
            },
        )
        .await;
}
