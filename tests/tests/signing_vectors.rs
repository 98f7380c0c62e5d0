//! Every stage of every signing vector, and the same signatures from three independent implementations.

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
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A folder of `tests/vectors`.
struct Case {
    directory: PathBuf,
    request: Value,
    body: Vec<u8>,
}

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
        let mut directories: Vec<_> = fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        directories.retain(|path| path.is_dir());
        directories.sort();
        directories.into_iter().map(Self::read).collect()
    }

    fn read(directory: PathBuf) -> Self {
        let text = fs::read(directory.join("request.json")).unwrap();
        let request: Value = serde_json::from_slice(&text).unwrap();
        let body = STANDARD.decode(text_of(&request["body"])).unwrap();
        Self {
            directory,
            request,
            body,
        }
    }

    fn name(&self) -> String {
        self.directory
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned()
    }

    fn expected(&self, file: &str) -> Vec<u8> {
        fs::read(self.directory.join(file)).unwrap()
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
        .unwrap_or_else(|| panic!("{value} is no text"))
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
    assert!(cases.len() >= 12, "only {} cases were found", cases.len());
    for case in cases {
        let (name, input, now) = (case.name(), case.input(), case.now());
        let signer = case.signer();
        let mut headers = case.headers();

        let message = signer.string_to_sign(&input, now, &headers).unwrap();
        assert_eq!(
            message,
            case.expected("string-to-sign.txt"),
            "{name}: string to sign"
        );

        let mut buffer = [0; MAX_SIGNATURE_LEN];
        let signature = signer
            .signature_into(&input, now, &headers, &mut buffer)
            .unwrap();
        assert_eq!(
            signature.as_bytes(),
            case.expected("signature.txt"),
            "{name}: signature"
        );

        let authenticator = Authenticator::signature(signer);
        authenticator
            .authenticate(&input, now, &mut headers)
            .unwrap();
        let signed: BTreeMap<String, String> = headers
            .iter()
            .map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()))
            .collect();
        assert_eq!(signed.len(), headers.len(), "{name}: no header twice");
        let expected = case.expected("signed-headers.json");
        let expected: BTreeMap<String, String> = serde_json::from_slice(&expected).unwrap();
        assert_eq!(signed, expected, "{name}: signed headers");

        assert_eq!(
            authenticator.verify(&input, &headers, now),
            Ok(()),
            "{name}: verify"
        );
    }
}

#[test]
fn python_agrees() {
    if installed(&["python3"]) {
        compare("python3", "sign.py", &[], "signature.txt");
        compare(
            "python3",
            "sign.py",
            &["--string-to-sign"],
            "string-to-sign.txt",
        );
    }
}

#[test]
fn node_agrees() {
    if installed(&["node"]) {
        compare("node", "sign.js", &[], "signature.txt");
    }
}

#[test]
fn openssl_agrees() {
    if installed(&["bash", "openssl"]) {
        compare("bash", "sign.sh", &[], "signature.txt");
    }
}

/// A machine without a program skips its comparison; the continuous integration must have them all.
fn installed(programs: &[&str]) -> bool {
    for program in programs {
        // Each of them knows one of the two.
        let found = ["--version", "version"].iter().any(|argument| {
            let output = Command::new(program).arg(argument).output();
            match output {
                Ok(output) => output.status.success(),
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::NotFound, "{program}: {error}");
                    false
                }
            }
        });
        if !found {
            assert_ne!(
                std::env::var("CI").as_deref(),
                Ok("true"),
                "{program} is not installed"
            );
            eprintln!("note: {program} is not installed, its signatures are not compared");
            return false;
        }
    }
    true
}

fn compare(program: &str, script: &str, options: &[&str], expected: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("oracles")
        .join(script);
    for case in Case::all() {
        let output = Command::new(program)
            .arg(&script)
            .args(options)
            .arg(&case.directory)
            .output()
            .unwrap();
        let name = case.name();
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        // What is printed for people ends in a newline, the string to sign must not.
        let printed = match output.stdout.as_slice() {
            [signature @ .., b'\n'] if options.is_empty() => signature,
            other => other,
        };
        assert_eq!(
            printed,
            case.expected(expected),
            "{name}: {}",
            script.display()
        );
    }
}
