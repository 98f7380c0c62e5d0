//! Every common mistake with a signature, made for real, and how the sandbox explains it.

use crate::{
    client::{send_to, start},
    signing::{Peki, hex, hmac, small, table},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

#[tokio::test]
async fn mistakes_with_what_is_signed() {
    let sandbox = start(small()).await;
    let at = sandbox
        .platforms()
        .iter()
        .find(|one| one.name == "peki")
        .unwrap();
    let peki = Peki::new(at);
    let mut body = Peki::new(at);
    body.time = peki.time;
    body.body = r#"{"b": 1, "a": [2]}"#;
    let mut odd = Peki::new(at);
    odd.time = peki.time;
    odd.path = odd.path.replace("/users", "/users/a%20b");
    odd.query = "";
    let time = peki.time.to_string();
    let (target, own) = (peki.target(), peki.path.clone());
    let bare = target.strip_prefix("/api").unwrap();
    let message = |target: &str| peki.message("GET", target, "", &time);
    let odd_path = odd.path.clone();
    let odd_message = |path: &str| odd.message("GET", path, "", &time);
    let with_body = |text: &str| body.message("GET", &target, text, &time);
    let mut rows = String::new();
    let cases: Vec<(&Peki<'_>, String, &str)> = vec![
        (&peki, message(bare), "the path without /api"),
        (
            &peki,
            message(&format!("/api{target}")),
            "the path with /api twice",
        ),
        (&peki, message(&own), "without the query"),
        (
            &peki,
            message(&target.replace("?page=1", "/?page=1")),
            "the path with a slash at its end",
        ),
        (
            &peki,
            message(&format!("http://{}{target}", peki.host)),
            "the whole URL instead of the path",
        ),
        (
            &peki,
            message(&target.replace('?', "")),
            "the query without its question mark",
        ),
        (&peki, message(&target.replace('=', "%3D")), "-"),
        (
            &peki,
            message(bare.split('?').next().unwrap()),
            "the path without /api, and without the query",
        ),
        (
            &odd,
            odd_message(&odd_path.replace("%20", " ")),
            "the path decoded",
        ),
        (
            &odd,
            odd_message(&odd_path.replace('%', "%25")),
            "the path encoded once more",
        ),
        (
            &peki,
            peki.message("get", &target, "", &time),
            "the method in lower case",
        ),
        (
            &peki,
            peki.message("GET", &target, "", &format!("{time}000")),
            "the timestamp in milliseconds",
        ),
        (
            &peki,
            peki.message("GET", &target, "", &(peki.time - 1).to_string()),
            "another time than the header has, taken a moment apart",
        ),
        (
            &peki,
            peki.message("GET", &target, "", ""),
            "without the timestamp",
        ),
        (
            &peki,
            peki.message("GET", &target, "{}", &time),
            "{} for no body",
        ),
        (&body, with_body(""), "without the body"),
        (
            &body,
            with_body(r#"{"b":1,"a":[2]}"#),
            "the body serialized again, not as it was sent",
        ),
        (
            &body,
            with_body(r#"{"a": [2], "b": 1}"#),
            "the body serialized again, not as it was sent",
        ),
        (
            &peki,
            format!("{}\n", peki.right()),
            "a line feed too many at the end",
        ),
        (
            &peki,
            format!("GET\n{target}\n{time}"),
            "the empty line left out",
        ),
        (
            &peki,
            format!("GET{target}\n\n{time}"),
            "a separator missing",
        ),
        (
            &peki,
            peki.right().replace('\n', ""),
            "nothing between the parts",
        ),
        (
            &peki,
            peki.right().replace('\n', "\\n"),
            "a backslash and an n between the lines",
        ),
        (
            &peki,
            peki.right().replace('\n', "|"),
            "| between the parts",
        ),
        (
            &peki,
            peki.right().replace('\n', "\r\n"),
            "carriage return and line feed between the lines",
        ),
        (
            &peki,
            format!("{time}\nGET\n{target}\n"),
            "the parts in another order",
        ),
    ];
    for (request, message, mistake) in &cases {
        let own = request.send(&request.sign(message), &time, &[]).await;
        assert_eq!(own.status, 401, "{mistake}");
        let verdict = own.signature.clone().unwrap();
        assert!(!verdict.ok);
        assert_eq!(verdict.expected_message, request.right());
        assert_eq!(verdict.expected, request.sign(&request.right()));
        match *mistake {
            "-" => assert_eq!(
                (verdict.mistake.as_deref(), verdict.signed_message),
                (None, None)
            ),
            mistake => {
                assert_eq!(verdict.mistake.as_deref(), Some(mistake));
                assert_eq!(verdict.signed_message.as_ref(), Some(message));
            }
        }
        let signature = request.sign(&request.right());
        let other = request.sign(message);
        let earlier = (peki.time - 1).to_string();
        let hidden = [
            (time.as_str(), "<time>"),
            (&earlier, "<a second earlier>"),
            (&at.scope["chatbotId"], "<bot>"),
            (&request.host, "<host>"),
            (&signature, "<signature>"),
            (&format!("{:?}", &other[..4]), "<start>"),
        ];
        table(mistake, &own, &hidden, &mut rows);
    }
    insta::assert_snapshot!(rows);
}

#[tokio::test]
async fn mistakes_with_how_it_is_signed() {
    let sandbox = start(small()).await;
    let at = sandbox
        .platforms()
        .iter()
        .find(|one| one.name == "peki")
        .unwrap();
    let peki = Peki::new(at);
    let time = peki.time.to_string();
    let right = peki.right();
    let (key, secret) = (peki.key.as_bytes(), peki.secret.as_bytes());
    let tag = hmac(secret, &right);
    let other = at.keys.iter().find(|key| key.name == "all").unwrap();
    let long = Hmac::<Sha512>::new_from_slice(secret).unwrap();
    let long = long.chain_update(&right).finalize().into_bytes().to_vec();
    let cases: Vec<(String, &str)> = vec![
        (hex(&tag), "hexadecimal instead of base64"),
        (
            hex(&tag).to_uppercase(),
            "upper-case hexadecimal instead of base64",
        ),
        (URL_SAFE_NO_PAD.encode(&tag), "base64url instead of base64"),
        (
            STANDARD.encode(hex(&tag)),
            "base64 of the hexadecimal text instead of base64",
        ),
        (
            STANDARD.encode(hmac(key, &right)),
            "keyed with the key instead of the secret",
        ),
        (
            STANDARD.encode(hmac(STANDARD.encode(secret).as_bytes(), &right)),
            "keyed with the secret in base64",
        ),
        (
            STANDARD.encode(hmac(&[secret, b"\n"].concat(), &right)),
            "keyed with a line feed after the secret",
        ),
        (
            STANDARD.encode(hmac(other.credentials["api_secret"].as_bytes(), &right)),
            "keyed with the secret of the key \"all\"",
        ),
        (STANDARD.encode(&long), "HMAC-SHA512 instead of HMAC-SHA256"),
        (
            STANDARD.encode(Sha256::digest(&right)),
            "a SHA-256 without the secret instead of an HMAC",
        ),
        (
            STANDARD.encode(Sha256::digest([secret, right.as_bytes()].concat())),
            "a SHA-256 of secret and message instead of an HMAC",
        ),
        (
            hex(&hmac(key, &right)),
            "keyed with the key instead of the secret, and hexadecimal instead of base64",
        ),
    ];
    for (signature, mistake) in cases {
        let own = peki.send(&signature, &time, &[]).await;
        assert_eq!(own.status, 401, "{mistake}");
        let verdict = own.signature.unwrap();
        // A text that means the same without its padding can be base64url too.
        assert_eq!(verdict.mistake.as_deref(), Some(mistake));
        assert_eq!(verdict.signed_message.as_deref(), Some(right.as_str()));
        assert_eq!(
            own.violations[0].message,
            format!("signature differs: {mistake}")
        );
    }
    let right_one = peki.send(&peki.sign(&right), &time, &[]).await;
    assert_eq!(right_one.status, 200);
    let verdict = right_one.signature.unwrap();
    assert!(verdict.ok && verdict.received.as_ref() == Some(&verdict.expected));
    assert_eq!(verdict.expected_message, right);
}

#[tokio::test]
async fn headers_times_and_keys() {
    let sandbox = start(small()).await;
    let at = sandbox
        .platforms()
        .iter()
        .find(|one| one.name == "peki")
        .unwrap();
    let peki = Peki::new(at);
    let mut rows = String::new();
    let now = peki.time;
    let mut told =
        async |title: &str, time: String, signature: Option<String>, more: &[(&str, &str)]| {
            let message = peki.message("GET", &peki.target(), "", &time);
            let signature = signature.unwrap_or_else(|| peki.sign(&message));
            let own = peki.send(&signature, &time, more).await;
            table(
                title,
                &own,
                &[(time.as_str(), "<time>"), (&at.scope["chatbotId"], "<bot>")],
                &mut rows,
            );
            own.status
        };
    assert_eq!(told("old", (now - 412).to_string(), None, &[]).await, 401);
    assert_eq!(
        told("of tomorrow", (now + 86_400).to_string(), None, &[]).await,
        401
    );
    assert_eq!(
        told("milliseconds", format!("{now}000"), None, &[]).await,
        401
    );
    assert_eq!(
        told("a date", "2026-01-01T00:00:00Z".to_owned(), None, &[]).await,
        401
    );
    assert_eq!(
        told("with a fraction", format!("{now}.25"), None, &[]).await,
        401
    );
    assert_eq!(told("no time", "soon".to_owned(), None, &[]).await, 401);
    let sha1 = STANDARD.encode([7; 20]);
    assert_eq!(
        told("as long as a SHA-1", now.to_string(), Some(sha1), &[]).await,
        401
    );
    assert_eq!(
        told(
            "no signature",
            now.to_string(),
            Some("signature".to_owned()),
            &[]
        )
        .await,
        401
    );
    assert_eq!(
        told(
            "a header twice",
            now.to_string(),
            None,
            &[("x-api-key", "other")]
        )
        .await,
        401
    );

    let (host, target) = (peki.host.clone(), peki.target());
    let last = || at.requests().pop().unwrap();
    send_to(
        &host,
        "GET",
        &target,
        &[("content-type", "application/json")],
        "",
    )
    .await;
    table("no headers", &last(), &[], &mut rows);
    let mut foreign = Peki::new(at);
    foreign.time = now;
    foreign.key = "pk_live_0123456789".to_owned();
    let own = foreign
        .send(&foreign.sign(&foreign.right()), &now.to_string(), &[])
        .await;
    table("a foreign key", &own, &[], &mut rows);
    foreign.key = foreign.secret.clone();
    let own = foreign
        .send(&foreign.sign(&foreign.right()), &now.to_string(), &[])
        .await;
    table("the secret for the key", &own, &[], &mut rows);
    insta::assert_snapshot!(rows);
}
