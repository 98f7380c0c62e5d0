//! Every stage of every signing vector. `tests/oracles/test_vectors.py` holds the vectors against three independent implementations.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the exception for tests in clippy.toml does not reach the helpers of an integration test"
)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_auth::{
    Authenticator, MAX_SIGNATURE_LEN, Recipe, RecipeText, Secret, Signer, SigningInput,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A folder of `tests/vectors`, or a line of one of its `.jsonl` files.
struct Case {
    name: String,
    request: Value,
    body: Vec<u8>,
    string_to_sign: Vec<u8>,
    signature: String,
    signed_headers: Value,
}

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
        let mut paths: Vec<_> = fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        let (directories, files): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.is_dir());
        let lines: Vec<String> = files
            .iter()
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "jsonl")
            })
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let generated = lines.iter().flat_map(|text| text.lines()).map(Self::parse);
        directories
            .into_iter()
            .map(|path| Self::read(path))
            .chain(generated)
            .collect()
    }

    fn read(directory: &Path) -> Self {
        let file = |name| fs::read(directory.join(name)).unwrap();
        Self {
            name: directory
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned(),
            string_to_sign: file("string-to-sign.txt"),
            signature: String::from_utf8(file("signature.txt")).unwrap(),
            signed_headers: serde_json::from_slice(&file("signed-headers.json")).unwrap(),
            ..Self::of(serde_json::from_slice(&file("request.json")).unwrap())
        }
    }

    fn parse(line: &str) -> Self {
        let request: Value = serde_json::from_str(line).unwrap();
        let expected = request["expected"].clone();
        Self {
            name: text_of(&request["name"]).to_owned(),
            string_to_sign: STANDARD
                .decode(text_of(&expected["string_to_sign"]))
                .unwrap(),
            signature: text_of(&expected["signature"]).to_owned(),
            signed_headers: expected["signed_headers"].clone(),
            ..Self::of(request)
        }
    }

    fn of(request: Value) -> Self {
        Self {
            name: String::new(),
            body: STANDARD.decode(text_of(&request["body"])).unwrap(),
            request,
            string_to_sign: Vec::new(),
            signature: String::new(),
            signed_headers: Value::Null,
        }
    }

    fn signer(&self) -> Signer {
        let recipe = &self.request["recipe"];
        let headers: Vec<(&str, &str)> = pairs(&recipe["headers"]);
        let recipe = Recipe::parse(&RecipeText {
            algorithm: text_of(&recipe["algorithm"]),
            encoding: text_of(&recipe["encoding"]),
            timestamp: text_of(&recipe["timestamp"]),
            message: text_of(&recipe["message"]),
            headers: &headers,
            tolerance: Duration::from_secs(recipe["tolerance_seconds"].as_u64().unwrap()),
        });
        let credential = |slot| Secret::new(text_of(&self.request["credentials"][slot]));
        Signer::new(
            Arc::new(recipe.unwrap()),
            credential("key"),
            credential("secret"),
        )
        .unwrap()
    }

    fn input(&self) -> SigningInput<'_> {
        SigningInput {
            method: text_of(&self.request["method"]),
            host: text_of(&self.request["host"]),
            path: text_of(&self.request["path"]),
            query: self.request["query"].as_str(),
            body: &self.body,
            nonce: self.request["nonce"].as_str(),
        }
    }

    fn headers(&self) -> HeaderMap {
        let name = |name: &str| HeaderName::from_bytes(name.as_bytes()).unwrap();
        pairs(&self.request["headers"])
            .into_iter()
            .map(|(n, v)| (name(n), HeaderValue::from_str(v).unwrap()))
            .collect()
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.request["unix_millis"].as_u64().unwrap())
    }
}

fn text_of(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not a string"))
}

fn pairs(object: &Value) -> Vec<(&str, &str)> {
    object
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), text_of(value)))
        .collect()
}

#[test]
fn every_stage_of_every_case() {
    let cases = Case::all();
    assert!(cases.len() >= 250, "only {} cases were found", cases.len());
    for case in cases {
        let (name, input, now) = (&case.name, case.input(), case.now());
        let signer = case.signer();
        let mut headers = case.headers();

        let message = signer.string_to_sign(&input, now, &headers).unwrap();
        assert_eq!(message, case.string_to_sign, "{name}: string to sign");

        let mut buffer = [0; MAX_SIGNATURE_LEN];
        let signature = signer
            .signature_into(&input, now, &headers, &mut buffer)
            .unwrap();
        assert_eq!(signature, case.signature, "{name}: signature");

        let authenticator = Authenticator::signature(signer);
        authenticator
            .authenticate(&input, now, &mut headers)
            .unwrap();
        let signed: BTreeMap<&str, &str> = headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.to_str().unwrap()))
            .collect();
        assert_eq!(signed.len(), headers.len(), "{name}: no header twice");
        let expected: BTreeMap<&str, &str> = pairs(&case.signed_headers).into_iter().collect();
        assert_eq!(signed, expected, "{name}: signed headers");

        assert_eq!(
            authenticator.verify(&input, &headers, now),
            Ok(()),
            "{name}: verify"
        );
    }
}
