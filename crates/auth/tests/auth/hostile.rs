//! Every character that must not get into a request, in every place, and credentials at random.

use crate::common::{EVERYTHING, KEY, LIST, SECRET, SENT, TEXT, at, recipe, signer};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_auth::{
    AuthError, Authenticator, CredentialError, Recipe, RecipeText, Secret, Signer, SigningInput,
};
use http::{HeaderMap, HeaderValue};

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// A character at the start, in the middle and at the end of something harmless, and alone.
fn places(c: char) -> [String; 4] {
    ["*aa", "a*a", "aa*", "*"].map(|form| form.replace('*', &c.to_string()))
}

/// C0, DEL and C1.
fn controls() -> impl Iterator<Item = char> {
    ('\0'..='\u{9f}').filter(|c| c.is_control())
}

/// The one header it sets.
fn value(authenticator: &Authenticator) -> HeaderValue {
    let mut headers = HeaderMap::new();
    authenticator
        .authenticate(&LIST, at(SENT), &mut headers)
        .unwrap();
    headers.into_iter().next().unwrap().1
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`, as a machine of three states.
fn is_b64token(text: &str) -> bool {
    let mut state = 0;
    for c in text.chars() {
        state = match (state, c) {
            (0 | 1, 'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' | '+' | '/') => 1,
            (1 | 2, '=') => 2,
            _ => return false,
        };
    }
    state > 0
}

#[test]
fn a_bearer_token_is_what_rfc_6750_allows_and_nothing_else() {
    let characters = || ('\0'..='\u{ff}').chain(['\u{2028}', '\u{feff}', '鍵', '\u{10ffff}']);
    let pairs = characters().flat_map(|a| characters().map(move |b| String::from_iter([a, b])));
    let mut allowed = 0;
    for token in pairs.chain(characters().flat_map(places)) {
        let authenticator = Authenticator::bearer(secret(&token));
        assert_eq!(authenticator.is_ok(), is_b64token(&token), "{token:?}");
        if let Ok(authenticator) = authenticator {
            assert_eq!(value(&authenticator), format!("Bearer {token}"));
            allowed += 1;
        }
    }
    // Of two characters 68 by 69; in each of the four places 68, and the = at the end.
    assert_eq!(allowed, 68 * 69 + 4 * 68 + 1);
}

#[test]
fn basic_authentication_in_both_forms() {
    for c in '\0'..='\u{ff}' {
        for text in places(c) {
            let fits = !c.is_control() && text.trim() == text;
            // RFC 7617: encoded, and the first colon ends the user name.
            let user = Authenticator::basic(secret(&text), secret("p"));
            assert_eq!(user.is_ok(), fits && c != ':', "user {text:?}");
            let password = Authenticator::basic(secret("u"), secret(&text));
            assert_eq!(password.is_ok(), fits, "password {text:?}");
            if let Ok(password) = password {
                let value = value(&password);
                let encoded = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
                let pair = STANDARD.decode(encoded).unwrap();
                assert_eq!(pair, format!("u:{text}").as_bytes());
            }
            // A key behind the word: as it is.
            let key = Authenticator::header("Authorization", "Basic {key}", secret(&text));
            assert_eq!(key.is_ok(), fits && c.is_ascii(), "key {text:?}");
            if let Ok(key) = key {
                assert_eq!(value(&key), format!("Basic {text}"));
            }
        }
    }
}

#[test]
fn no_control_character_gets_into_a_credential() {
    for c in controls() {
        for text in &places(c) {
            let made: [Result<(), CredentialError>; 10] = [
                Authenticator::bearer(secret(text)).map(drop),
                Authenticator::basic(secret(text), secret("p")).map(drop),
                Authenticator::basic(secret("u"), secret(text)).map(drop),
                Authenticator::header("X-Key", "{key}", secret(text)).map(drop),
                Authenticator::header("X-Key", "Key {key}", secret(text)).map(drop),
                Authenticator::header("X-Key", &format!("{text}{{key}}"), secret("k")).map(drop),
                Authenticator::header(text, "{key}", secret("k")).map(drop),
                Authenticator::constant("X-Key", text).map(drop),
                Signer::new(recipe(&TEXT), secret(text), secret(SECRET)).map(drop),
                Signer::new(recipe(&TEXT), secret(KEY), secret(text)).map(drop),
            ];
            let accepted = made.iter().position(Result::is_ok);
            assert_eq!(accepted, None, "{text:?}");
        }
    }
}

#[test]
fn no_control_character_gets_into_a_header_of_a_recipe() {
    for c in controls() {
        for text in &places(c) {
            for header in [(text.as_str(), "{signature}"), ("X-Signature", text)] {
                let headers = [header, ("X-Other", "v1={signature}")];
                let recipe = Recipe::parse(&RecipeText {
                    message: "{path}",
                    headers: &headers,
                    ..TEXT
                });
                assert!(recipe.is_err(), "{header:?}");
            }
        }
    }
}

#[test]
fn no_control_character_gets_into_what_is_signed() {
    let mut headers = HeaderMap::new();
    headers.insert("x-tenant", HeaderValue::from_static("t"));
    let fine = SigningInput {
        nonce: Some("n-1"),
        ..LIST
    };
    let signer = signer(&EVERYTHING);
    for c in controls().filter(char::is_ascii) {
        for text in &places(c) {
            let path = format!("/{text}");
            for (input, expected) in [
                (
                    SigningInput {
                        method: text,
                        ..fine
                    },
                    AuthError::InvalidInput("method"),
                ),
                (
                    SigningInput { host: text, ..fine },
                    AuthError::InvalidInput("host"),
                ),
                (
                    SigningInput {
                        path: &path,
                        ..fine
                    },
                    AuthError::InvalidInput("path"),
                ),
                (
                    SigningInput {
                        query: Some(text),
                        ..fine
                    },
                    AuthError::InvalidInput("query"),
                ),
                (
                    SigningInput {
                        nonce: Some(text),
                        ..fine
                    },
                    AuthError::InvalidNonce,
                ),
            ] {
                let mut signed = headers.clone();
                let result = signer.sign(&input, at(SENT), &mut signed);
                assert_eq!(result, Err(expected), "{text:?}");
                assert_eq!(signed, headers);
            }
        }
    }
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.next() % choices.len() as u64).unwrap()]
    }
}

/// Set `AUTH_HOSTILE_KEYS` for another number than 3,000.
#[test]
fn no_error_repeats_a_hostile_credential() {
    let number = std::env::var("AUTH_HOSTILE_KEYS").map_or(3_000, |text| text.parse().unwrap());
    let letters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').collect();
    let spoilers: Vec<char> = controls()
        .chain([
            ' ', '\u{a0}', ':', ';', '=', '{', '}', '"', '\\', 'é', '鍵', '\u{202e}', '😀',
        ])
        .collect();
    let mut random = Random(7617);
    let mut refused = 0_u32;
    for _ in 0..number {
        let mut key: Vec<char> = (0..12).map(|_| random.of(&letters)).collect();
        for _ in 0..=random.next() % 3 {
            let place = random.of(&[0, 1, 6, key.len()]);
            key.insert(place, random.of(&spoilers));
        }
        // What no error says by chance.
        let traces: Vec<String> = key
            .windows(5)
            .filter(|window| window.iter().all(char::is_ascii_alphanumeric))
            .map(String::from_iter)
            .collect();
        let key = String::from_iter(key);
        let errors = [
            Authenticator::bearer(secret(&key)).err(),
            Authenticator::basic(secret(&key), secret(&key)).err(),
            Authenticator::basic(secret("u"), secret(&key)).err(),
            Authenticator::header("X-Key", "{key}", secret(&key)).err(),
            Authenticator::header("X-Key", "v={key};", secret(&key)).err(),
            Authenticator::constant("X-Key", &key).err(),
            Signer::new(recipe(&TEXT), secret(&key), secret(SECRET)).err(),
            Signer::new(recipe(&TEXT), secret(KEY), secret(&key)).err(),
        ];
        for error in errors.into_iter().flatten() {
            let shown = format!("{error} {error:?} {error:#?}");
            for trace in &traces {
                assert!(
                    !shown.contains(trace.as_str()),
                    "{trace:?} of {key:?} is in {shown}"
                );
            }
            refused += 1;
        }
    }
    // Most of them are tested at all.
    assert!(refused > 4 * number, "{refused} refusals of {number} keys");
}
