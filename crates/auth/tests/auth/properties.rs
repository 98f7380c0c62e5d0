//! What holds for every request and every credential.

use crate::common::{EVERYTHING, LIST, SENT, TEXT, at, recipe};
use botroster_auth::{Authenticator, RecipeText, Secret, Signer, SigningInput, Verifier};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

prop_compose! {
    fn requests()(
        method in "[A-Z]{1,9}",
        host in "[a-z0-9.-]{1,40}(:[0-9]{1,5})?",
        path in "(/[a-zA-Z0-9._~%!$&'()*+,;=:@-]{0,30}){1,4}",
        query in prop::option::of("[a-zA-Z0-9._~%!$&'()*+,;=:@/?-]{0,60}"),
        body in prop::collection::vec(any::<u8>(), 0..300),
        nonce in "[!-~]{1,40}",
    ) -> Request {
        Request { method, host, path, query, body, nonce }
    }
}

#[derive(Clone, Debug)]
struct Request {
    method: String,
    host: String,
    path: String,
    query: Option<String>,
    body: Vec<u8>,
    nonce: String,
}

impl Request {
    fn input(&self) -> SigningInput<'_> {
        SigningInput {
            method: &self.method,
            host: &self.host,
            path: &self.path,
            query: self.query.as_deref(),
            body: &self.body,
            nonce: Some(&self.nonce),
        }
    }

    /// The same with one bit of one part turned over; `None` if that is no text any more.
    fn flipped(&self, part: usize, position: usize, bit: u8) -> Option<Self> {
        let flip = |text: &[u8]| {
            let mut bytes = text.to_vec();
            let index = position.checked_rem(bytes.len())?;
            bytes[index] ^= 1 << (bit % 8);
            Some(bytes)
        };
        let flip_text = |text: &str| String::from_utf8(flip(text.as_bytes())?).ok();
        let mut other = self.clone();
        match part % 5 {
            0 => other.method = flip_text(&self.method)?,
            1 => other.host = flip_text(&self.host)?,
            2 => other.path = flip_text(&self.path)?,
            3 => other.query = Some(flip_text(self.query.as_deref()?)?),
            _ => other.body = flip(&self.body)?,
        }
        Some(other)
    }
}

fn keys() -> impl Strategy<Value = String> {
    "[!-~]{1,60}"
}

/// Secrets of any letters that are no white space at the ends and no control characters.
fn secrets() -> impl Strategy<Value = String> {
    "[^\\p{C}\\p{Z}]{1,100}"
}

fn texts() -> impl Strategy<Value = RecipeText<'static>> {
    let encodings = prop::sample::select(vec!["base64", "base64url", "hex"]);
    let timestamps = prop::sample::select(vec!["unix-seconds", "unix-millis", "rfc3339"]);
    (encodings, timestamps).prop_map(|(encoding, timestamp)| RecipeText {
        encoding,
        timestamp,
        ..EVERYTHING
    })
}

fn tenant() -> HeaderMap {
    [(
        http::HeaderName::from_static("x-tenant"),
        HeaderValue::from_static("north"),
    )]
    .into_iter()
    .collect()
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_one_flipped_bit_does_not(
        request in requests(),
        text in texts(),
        key in keys(),
        secret in secrets(),
        seconds in 0_u64..4_102_444_800,
        part in any::<usize>(),
        position in any::<usize>(),
        bit in any::<u8>(),
    ) {
        let signer = Signer::new(recipe(&text), Secret::new(key), Secret::new(secret)).unwrap();
        let mut headers = tenant();
        signer.sign(&request.input(), at(seconds), &mut headers).unwrap();
        let verifier = Verifier::from(signer);
        prop_assert_eq!(verifier.verify(&request.input(), &headers, at(seconds)), Ok(()));

        if let Some(other) = request.flipped(part, position, bit) {
            prop_assert!(verifier.verify(&other.input(), &headers, at(seconds)).is_err());
        }
        let names: Vec<_> = headers.keys().cloned().collect();
        let name = &names[part % names.len()];
        let mut bytes = headers[name].as_bytes().to_vec();
        let index = position % bytes.len();
        bytes[index] ^= 1 << (bit % 8);
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            // A blank at the end of a signed header is not part of the value.
            let same = value.as_bytes().trim_ascii() == headers[name].as_bytes();
            headers.insert(name, value);
            prop_assert_eq!(verifier.verify(&request.input(), &headers, at(seconds)).is_ok(), same);
        }
    }

    #[test]
    fn another_secret_never_verifies(request in requests(), secret in secrets(), other in secrets()) {
        prop_assume!(secret != other);
        let sign = |secret: &str| Signer::new(recipe(&TEXT), Secret::new("key"), Secret::new(secret)).unwrap();
        let mut headers = HeaderMap::new();
        sign(&secret).sign(&request.input(), at(SENT), &mut headers).unwrap();
        let verifier = Verifier::from(sign(&other));
        prop_assert!(verifier.verify(&request.input(), &headers, at(SENT)).is_err());
    }

    #[test]
    fn hostile_credentials_are_refused_or_fit_in_a_header(first in any::<String>(), second in any::<String>()) {
        let secret = |text: &String| Secret::new(text.as_str());
        let authenticators = [
            Authenticator::bearer(secret(&first)),
            Authenticator::basic(secret(&first), secret(&second)),
            Authenticator::header("X-Token", "{key}", secret(&first)),
            Authenticator::header("X-Token", "Basic {key}", secret(&first)),
            Authenticator::header("X-Token", &second, secret(&first)),
            Authenticator::header(&first, &second, secret(&first)),
            Authenticator::constant(&first, &second),
            Signer::new(recipe(&TEXT), secret(&first), secret(&second)).map(Authenticator::signature),
        ];
        for authenticator in authenticators.into_iter().flatten() {
            let mut headers = HeaderMap::new();
            authenticator.authenticate(&LIST, at(SENT), &mut headers).unwrap();
            for value in headers.values() {
                prop_assert!(value.as_bytes().iter().all(|b| (b' '..=b'~').contains(b)));
                prop_assert_eq!(value.as_bytes().trim_ascii(), value.as_bytes());
            }
            prop_assert_eq!(authenticator.verify(&LIST, &headers, at(SENT)), Ok(()));
        }
    }

    #[test]
    fn hostile_requests_and_recipes_never_panic(
        fields in prop::collection::vec(any::<String>(), 8),
        body in prop::collection::vec(any::<u8>(), 0..40),
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 3),
        seconds in any::<u32>(),
    ) {
        let message = ["{", &fields[0], "}{path}", &fields[1]].concat();
        let headers = [(fields[2].as_str(), fields[3].as_str()), ("x-signature", "{signature}")];
        drop(botroster_auth::Recipe::parse(&RecipeText { message: &message, headers: &headers, ..TEXT }));

        let signer = Signer::new(recipe(&EVERYTHING), Secret::new("k"), Secret::new("s")).unwrap();
        let input = SigningInput {
            method: &fields[4],
            host: &fields[5],
            path: &fields[6],
            query: Some(&fields[7]),
            body: &body,
            nonce: Some(&fields[0]),
        };
        let mut headers = tenant();
        let signed = signer.sign(&input, at(seconds.into()), &mut headers);
        if signed.is_err() {
            prop_assert_eq!(&headers, &tenant());
        }
        for (name, value) in ["x-signature", "x-timestamp", "x-nonce"].into_iter().zip(&values) {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.insert(name, value);
            }
        }
        prop_assert!(Verifier::from(signer).verify(&input, &headers, at(SENT)).is_err());
    }
}
