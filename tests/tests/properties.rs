//! What must hold of any request.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::sync::Arc;

use botroster_client::{Options, Settings, codegen};
use botroster_contract_tests::{
    clients::{self, Attach as _, PEKI_KEY, PEKI_SECRET},
    generate::{config, run, text},
    network::{Answer, Network},
    parley::{self, Parley},
    runtime::{PATIENCE, Runtime},
    server::{Act, Server},
    signing::{assert_signed, signature},
};
use proptest::prelude::*;
use serde_json::json;

fn id() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        "[a-zA-Z0-9-]{1,12}",
        "(?s).{1,12}",
        "[./\\\\%?#;&=+@: é😀\"'<>{}|^`~]{1,8}"
    ];
    id.prop_filter("refused", |id| !matches!(id.as_str(), "" | "." | ".."))
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn what_peki_s_client_signs_is_what_it_sends(
        bot in id(), user in id(), session in text(), page in 1_u32.., size in proptest::option::of(1_u32..),
    ) {
        let network = Network::always(Answer::json(404, &json!({})));
        let client = clients::peki().once(&network).chatbot(bot);
        run(async {
            let _ = client.users().get(user.clone()).await;
            let list = client.messages().list().user_id(user).session_id(session).page(page);
            let _ = match size {
                Some(size) => list.page_size(size).await,
                None => list.await,
            };
        });
        prop_assert_eq!(network.count(), 2);
        for request in network.sent() {
            assert_signed(&request, PEKI_KEY, PEKI_SECRET);
        }
    }

    #[test]
    fn an_id_is_one_segment_and_decodes_to_itself(user in id()) {
        let network = Network::always(Answer::json(404, &json!({})));
        let _ = run(async { clients::chatbot().once(&network).users().get(user.clone()).await });
        let url = &network.sent()[0].url;
        prop_assert_eq!(url.path().matches('/').count(), 3, "{}", url.path());
        let segment = url.path().rsplit('/').next().unwrap().replace('+', "%2B");
        let pair = format!("x={segment}");
        let decoded = url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1;
        prop_assert_eq!(decoded.as_bytes(), user.as_bytes());
    }

    #[test]
    fn bodies_are_signed_as_they_are_sent(
        target in "/[a-zA-Z0-9/._~%-]{0,12}(\\?[a-zA-Z0-9=&%+ü]{0,12})?", body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let network = Network::always(Answer::json(200, &json!({})));
        let settings = Settings::new().with_http(network.clone()).with_runtime(Arc::new(Runtime::new()));
        let call = Parley::connect(settings).call(&parley::WRITE, &target, body.clone());
        run(codegen::send_raw(call)).unwrap();
        let sent = network.sent();
        prop_assert_eq!(&sent[0].body[..], &body[..]);
        assert_signed(&sent[0], parley::KEY, parley::SECRET);
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn the_bytes_on_the_socket_are_the_signed_ones(
        bot in id(), user in id(), body in prop::collection::vec(any::<u8>(), 1..64),
    ) {
        let (requests, secrets) = run(async {
            let refusal = || Act::answer("404 Not Found", &[], "{}");
            let server = Server::start([refusal(), refusal(), refusal()]).await;
            let runtime = Runtime::on_sockets();
            let client = clients::peki().at(&server, "/api", &runtime).build().unwrap().chatbot(bot);
            let _ = client.users().get(user.clone()).await;
            let _ = client.sessions().list().user_id(user).await;
            let settings = Settings::new().with_base_url(server.base_url("/v1")).with_loopback_http();
            let parley = Parley::connect(settings.with_runtime(Arc::new(runtime)).with_options(patient()));
            let _ = codegen::send_raw(parley.call(&parley::WRITE, "/things?a=b c", body)).await;
            (server.requests(), [PEKI_SECRET, PEKI_SECRET, parley::SECRET])
        });
        prop_assert_eq!(requests.len(), 3);
        for (request, secret) in requests.iter().zip(secrets) {
            let timestamp = request.header("x-timestamp").unwrap();
            let expected = signature(secret, request.method(), request.target(), request.body(), timestamp);
            prop_assert_eq!(request.header("x-signature"), Some(expected.as_str()), "{}", request.line());
        }
    }
}

fn patient() -> Options {
    Options::new().with_attempt_timeout(PATIENCE)
}
