//! The schemes that set one header: what they set, what they refuse, what they accept when checking.

use crate::common::{EVERYTHING, LIST, SENT, TEXT, at, recipe, signer};
use botroster_auth::{
    Authenticator, CredentialError, CredentialProblem as Problem, Secret, Signer, VerifyError,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The one header it sets, checked both ways.
fn set_by(authenticator: &Authenticator) -> (HeaderName, HeaderValue) {
    let mut headers = HeaderMap::new();
    let name = authenticator.header_names()[0].clone();
    headers.append(&name, HeaderValue::from_static("old"));
    headers.append(&name, HeaderValue::from_static("older"));
    assert_eq!(
        authenticator.verify(&LIST, &headers, at(SENT)),
        Err(VerifyError::DuplicateHeader(name.clone()))
    );
    authenticator
        .authenticate(&LIST, at(SENT), &mut headers)
        .unwrap();
    assert_eq!(headers.len(), 1);
    assert_eq!(authenticator.verify(&LIST, &headers, at(0)), Ok(()));
    let value = headers[&name].clone();

    let mismatch = Err(VerifyError::ValueMismatch(name.clone()));
    let mut bytes = value.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    headers.insert(&name, HeaderValue::from_bytes(&bytes).unwrap());
    assert_eq!(authenticator.verify(&LIST, &headers, at(SENT)), mismatch);
    headers.insert(
        &name,
        HeaderValue::from_bytes(&value.as_bytes()[..value.len() - 1]).unwrap(),
    );
    assert_eq!(authenticator.verify(&LIST, &headers, at(SENT)), mismatch);
    headers.remove(&name);
    let missing = Err(VerifyError::MissingHeader(name.clone()));
    assert_eq!(authenticator.verify(&LIST, &headers, at(SENT)), missing);
    (name, value)
}

fn problem<T: std::fmt::Debug>(result: Result<T, CredentialError>) -> Problem {
    result.unwrap_err().problem()
}

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

#[test]
fn basic_of_rfc_7617() {
    for (user, password, expected) in [
        (
            "Aladdin",
            "open sesame",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        ("test", "123£", "Basic dGVzdDoxMjPCow=="),
        ("only-a-user", "", "Basic b25seS1hLXVzZXI6"),
        ("a", "b:c", "Basic YTpiOmM="),
    ] {
        let (name, value) = set_by(&Authenticator::basic(secret(user), secret(password)).unwrap());
        assert_eq!(
            (name.as_str(), value.to_str().unwrap()),
            ("authorization", expected)
        );
        assert!(value.is_sensitive());
    }
    for (user, password, expected) in [
        ("a:b", "c", Problem::ColonInUserName),
        ("", "c", Problem::Empty),
        ("a\u{7f}b", "c", Problem::ControlCharacter),
        ("a", "c\0d", Problem::ControlCharacter),
        ("a", "c\u{85}d", Problem::ControlCharacter),
        ("a", "c\n", Problem::SurroundingWhiteSpace),
        (" a", "c", Problem::SurroundingWhiteSpace),
    ] {
        assert_eq!(
            problem(Authenticator::basic(secret(user), secret(password))),
            expected,
            "{user:?} {password:?}"
        );
    }
}

#[test]
fn bearer_of_rfc_6750() {
    for token in ["a", "eyJhbGciOi.J-_~+/9", "abc=", "abc=="] {
        let (name, value) = set_by(&Authenticator::bearer(secret(token)).unwrap());
        assert_eq!(
            (name.as_str(), value.to_str().unwrap()),
            ("authorization", &*format!("Bearer {token}"))
        );
        assert!(value.is_sensitive());
    }
    for (token, expected) in [
        ("", Problem::Empty),
        ("abc\n", Problem::SurroundingWhiteSpace),
        ("\u{a0}abc", Problem::SurroundingWhiteSpace),
        ("a\r\nb", Problem::ControlCharacter),
        ("Bearer abc", Problem::NotABearerToken),
        ("a=b", Problem::NotABearerToken),
        ("=", Problem::NotABearerToken),
        ("a,b", Problem::NotABearerToken),
        ("tökén", Problem::NotABearerToken),
    ] {
        assert_eq!(
            problem(Authenticator::bearer(secret(token))),
            expected,
            "{token:?}"
        );
    }
}

#[test]
fn a_key_in_a_header() {
    for (name, template, key, expected) in [
        ("X-Bot-Token", "{key}", "bt.9f/=+ x", "bt.9f/=+ x"),
        ("Authorization", "Basic {key}", "abc123", "Basic abc123"),
        (
            "Authorization",
            "Basic {key}",
            "Basic abc123",
            "Basic abc123",
        ),
        (
            "Authorization",
            "Basic {key}",
            "basic abc123",
            "Basic abc123",
        ),
        (
            "Authorization",
            "Basic {key}",
            "Basic Basic a",
            "Basic Basic a",
        ),
        ("Authorization", "Basic {key}", "Basicabc", "Basic Basicabc"),
        ("Authorization", "Key key={key};v=1", "k", "Key key=k;v=1"),
        ("Authorization", "{key};v=1", "k", "k;v=1"),
    ] {
        let (set, value) = set_by(&Authenticator::header(name, template, secret(key)).unwrap());
        assert_eq!(
            (set.as_str(), value.to_str().unwrap()),
            (&*name.to_lowercase(), expected)
        );
        assert!(value.is_sensitive());
    }
    for (name, template, key, expected) in [
        ("X-Key", "{key}", "", Problem::Empty),
        ("X-Key", "v={key}", "v=", Problem::Empty),
        ("X-Key", "{key}", " k", Problem::SurroundingWhiteSpace),
        ("X-Key", "{key}", "k\n", Problem::SurroundingWhiteSpace),
        (
            "X-Key",
            "{key}",
            "k\r\nX-Other: 1",
            Problem::ControlCharacter,
        ),
        ("X-Key", "{key}", "k\tk", Problem::ControlCharacter),
        ("X-Key", "{key}", "clé", Problem::NotVisibleAscii),
        ("X Key", "{key}", "k", Problem::InvalidHeaderName),
        ("", "{key}", "k", Problem::InvalidHeaderName),
        ("X-Key", "", "k", Problem::InvalidTemplate),
        ("X-Key", "Key", "k", Problem::InvalidTemplate),
        ("X-Key", "{key}{key}", "k", Problem::InvalidTemplate),
        ("X-Key", "{token}", "k", Problem::InvalidTemplate),
        ("X-Key", "{key", "k", Problem::InvalidTemplate),
        ("X-Key", "{key}\n", "k", Problem::InvalidTemplate),
        ("X-Key", "é{key}", "k", Problem::InvalidTemplate),
    ] {
        assert_eq!(
            problem(Authenticator::header(name, template, secret(key))),
            expected,
            "{name} {template} {key:?}"
        );
    }
}

#[test]
fn a_constant_needs_no_credential() {
    let (name, value) = set_by(&Authenticator::constant("authtype", "Key").unwrap());
    assert_eq!(
        (name.as_str(), value.to_str().unwrap()),
        ("authtype", "Key")
    );
    assert!(!value.is_sensitive());
    assert_eq!(
        problem(Authenticator::constant("auth type", "Key")),
        Problem::InvalidHeaderName
    );
    assert_eq!(
        problem(Authenticator::constant("authtype", "")),
        Problem::Empty
    );
    assert_eq!(
        problem(Authenticator::constant("authtype", "a\nb")),
        Problem::ControlCharacter
    );
}

#[test]
fn credentials_of_a_signature() {
    let with = |text, key, api_secret| Signer::new(recipe(text), secret(key), secret(api_secret));
    for (key, api_secret, credential, expected) in [
        ("", "s", "API key", Problem::Empty),
        ("k ", "s", "API key", Problem::SurroundingWhiteSpace),
        ("k\nk", "s", "API key", Problem::ControlCharacter),
        ("kéy", "s", "API key", Problem::NotVisibleAscii),
        ("k", "", "API secret", Problem::Empty),
        ("k", "s\n", "API secret", Problem::SurroundingWhiteSpace),
        ("k", "s\ns", "API secret", Problem::ControlCharacter),
    ] {
        let error = with(&TEXT, key, api_secret).unwrap_err();
        assert_eq!(
            (error.credential(), error.problem()),
            (credential, expected)
        );
    }
    // Only a header limits the characters.
    assert!(with(&TEXT, "k", "çilek ✓").is_ok());
    let list = botroster_auth::RecipeText {
        headers: &[("Authorization", "{key};{signature};{timestamp}")],
        ..TEXT
    };
    assert_eq!(
        problem(with(&list, "a;b", "s")),
        Problem::HoldsSeparator(';')
    );
    let keyless = botroster_auth::RecipeText {
        message: "{body}",
        headers: &[("X-Signature", "{signature}")],
        ..TEXT
    };
    assert!(with(&keyless, "", "s").is_ok());
}

#[test]
fn the_error_names_the_credential_and_the_way_out() {
    let shown = |error: CredentialError| error.to_string();
    let key = Authenticator::header("X-Bot-Token", "{key}", secret("k ")).unwrap_err();
    assert_eq!(
        shown(key),
        "the value of the header X-Bot-Token starts or ends with white space: remove it"
    );
    let token = Authenticator::bearer(secret("a b")).unwrap_err();
    assert!(shown(token).starts_with(
        "the bearer token is not a valid bearer token: only letters, digits and -._~+/"
    ));
}

#[test]
fn what_a_client_asks_before_it_authenticates() {
    let signing = Authenticator::signature(signer(&EVERYTHING));
    assert!(signing.needs_nonce());
    assert!(!Authenticator::signature(signer(&TEXT)).needs_nonce());
    let names: Vec<&str> = signing
        .header_names()
        .into_iter()
        .map(HeaderName::as_str)
        .collect();
    assert_eq!(
        names,
        [
            "x-api-key",
            "x-signature",
            "x-timestamp",
            "x-nonce",
            "x-version"
        ]
    );
}
