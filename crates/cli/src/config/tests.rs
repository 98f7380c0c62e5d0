use std::path::Path;
use std::sync::Arc;

use botroster_client::{
    Connection, CredentialInfo, Error, ErrorKind, Platform, PlatformInfo, Settings, StreamInfo,
};

use super::Account;
use super::secret::SecretOrigin;

const STREAM: StreamInfo = StreamInfo {
    name: "people",
    operation: "list_people",
    key: None,
    updated: None,
    credentials: &[&["api_key"]],
    scope: &["botId"],
    maps_to: "{}",
    seeds: &[],
    parent: None,
    rate_limit: None,
    page_size: None,
};

static OPEN: PlatformInfo = PlatformInfo {
    name: "open",
    title: "Open",
    base_url: Some("https://api.example.com"),
    scope: &["botId"],
    credentials: &[
        CredentialInfo {
            name: "api_key",
            env: "OPEN_API_KEY",
            scheme: "s",
        },
        CredentialInfo {
            name: "api_secret",
            env: "OPEN_API_SECRET",
            scheme: "s",
        },
    ],
    streams: &[
        STREAM,
        StreamInfo {
            name: "messages",
            ..STREAM
        },
    ],
};

static SEEDED: PlatformInfo = PlatformInfo {
    name: "seeded",
    title: "Seeded",
    base_url: None,
    scope: &[],
    credentials: &[],
    streams: &[StreamInfo {
        seeds: &["key", "value"],
        ..STREAM
    }],
};

struct StubPlatform(&'static PlatformInfo);

impl Platform for StubPlatform {
    fn info(&self) -> &'static PlatformInfo {
        self.0
    }

    fn connect(&self, _: Settings) -> Result<Arc<dyn Connection>, Error> {
        Err(Error::new(ErrorKind::Configuration, "no test connects"))
    }
}

static PLATFORMS: &[&'static dyn Platform] = &[&StubPlatform(&OPEN), &StubPlatform(&SEEDED)];

fn parse(text: &str) -> Result<Vec<Account>, String> {
    super::parse(Path::new("etc/b.toml"), text, PLATFORMS).map_err(|failure| failure.to_string())
}

/// Returns the error for a configuration, without the path.
fn error(text: &str) -> String {
    let message = parse(text)
        .err()
        .unwrap_or_else(|| panic!("accepted: {text}"));
    message
        .strip_prefix("etc/b.toml:")
        .unwrap_or_else(|| panic!("no path: {message}"))
        .to_owned()
}

#[test]
fn a_whole_account_is_read() {
    let accounts = parse(
        r#"
[[account]]
platform = "open"

[[account]]
platform = "open"
name = "support"
base_url = "https://other.example.com"
streams = ["messages"]
[account.scope]
botId = "b-1"
[account.credentials]
api_key_env = "MY_KEY"
api_secret_file = "keys/secret"

[[account]]
platform = "seeded"
base_url = "http://127.0.0.1:9"
allow_loopback_http = true
seeds = [{ key = "city", value = "Oslo" }, { key = "city", value = "Bergen" }]
"#,
    )
    .unwrap();
    let [plain, support, seeded] = accounts.as_slice() else {
        panic!("{}", accounts.len())
    };
    assert_eq!(
        (
            plain.name.as_str(),
            support.name.as_str(),
            seeded.name.as_str()
        ),
        ("open", "support", "seeded")
    );
    assert_eq!(
        plain.credentials["api_key"],
        SecretOrigin::DefaultVariable("OPEN_API_KEY")
    );
    assert_eq!(
        support.credentials["api_key"],
        SecretOrigin::Variable("MY_KEY".to_owned())
    );
    // Relative to the configuration, not to the working directory.
    assert_eq!(
        support.credentials["api_secret"],
        SecretOrigin::File("etc/keys/secret".into())
    );
    assert_eq!(seeded.seeds["people"].len(), 2);
    assert_eq!(seeded.seeds["people"][1]["value"], "Bergen");
}

#[test]
fn typos_are_reported_with_line_and_suggestion() {
    for (text, expected) in [
        (
            "[[acount]]\nplatform = \"open\"",
            "1: unknown key `acount` in the configuration; did you mean `account`?",
        ),
        (
            "[[account]]\nplattform = \"open\"",
            "2: unknown key `plattform` in [[account]]; did you mean `platform`?",
        ),
        (
            "[[account]]\nplatform = \"opn\"",
            "2: unknown platform `opn`; did you mean `open`?",
        ),
        (
            "[[account]]\nplatform = \"x-yz-w\"",
            "2: unknown platform `x-yz-w`; known names: open, seeded",
        ),
        (
            "[[account]]\nplatform = \"open\"\n\n[account.scope]\nbotID = \"1\"",
            "5: unknown key `botID` in [account.scope]; did you mean `botId`?",
        ),
        (
            "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_key_flie = \"x\"",
            "4: unknown key `api_key_flie` in [account.credentials]; did you mean `api_key_file`?",
        ),
        (
            "[[account]]\nplatform = \"open\"\nstreams = [\n  \"people\",\n  \"mesages\",\n]",
            "5: unknown stream `mesages`; did you mean `messages`?",
        ),
        (
            "[[account]]\nplatform = \"seeded\"\nbase_url = \"x\"\nseeds = [{ key = \"a\", valeu = \"b\" }]",
            "4: unknown key `valeu` in seeds = [{ … }]; did you mean `value`?",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
}

#[test]
fn missing_and_mistyped_keys_are_reported() {
    for (text, expected) in [
        ("", "1: no [[account]]; add"),
        (
            "[[account]]\nname = \"x\"",
            "1: [[account]] needs `platform",
        ),
        (
            "[account]\nplatform = \"open\"",
            "1: `account` must be a list of tables",
        ),
        (
            "[[account]]\nplatform = 7",
            "2: `platform` must be a string",
        ),
        (
            "[[account]]\nplatform = \"open\"\nallow_loopback_http = \"yes\"",
            "3: `allow_loopback_http` must be true or false",
        ),
        (
            "[[account]]\nplatform = \"open\"\nstreams = \"people\"",
            "3: `streams` must be a list of strings",
        ),
        (
            "[[account]]\nplatform = \"open\"\nstreams = []",
            "3: `streams` is empty",
        ),
        (
            "[[account]]\nplatform = \"open\"\nscope = \"b\"",
            "3: `scope` must be a table",
        ),
        (
            "[[account]]\nplatform = \"open\"\n[account.scope]\nbotId = 5",
            "4: `botId` must be a string",
        ),
        (
            "[[account]]\nplatform = \"open\"\nname = \" \"",
            "3: `name` is empty",
        ),
        (
            "[[account]]\nplatform = \"open\"\nseeds = [{ key = \"a\" }]",
            "3: open takes no seeds",
        ),
        (
            "[[account]]\nplatform = \"seeded\"",
            "1: seeded has no default address",
        ),
        (
            "[[account]]\nplatform = \"seeded\"\nbase_url = \"x\"\nseeds = [{ key = \"a\" }]",
            "4: a row of seeds must have all of key, value",
        ),
        (
            "[[account]]\nplatform = \"open\"\n[[account]]\nplatform = \"open\"",
            "3: duplicate account `open`",
        ),
        (
            "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_key_file = \"a\"\napi_key_env = \"B\"",
            "5: `api_key_file` and `api_key_env` both set",
        ),
        ("[[account]]\nplatform = \"open", "2: "),
    ] {
        let message = error(text);
        assert!(message.starts_with(expected), "{message}\n  for {text}");
    }
}

#[test]
fn a_secret_in_the_file_is_rejected_and_never_shown() {
    for text in [
        "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_secret = \"canary\"",
        "[[account]]\nplatform = \"open\"\napi_secret = \"canary\"\nzzz = 1",
        "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_secret = [\"canary\"]",
    ] {
        let message = error(text);
        assert!(
            message.contains("`api_secret_file = \"…\"`") && message.contains("OPEN_API_SECRET"),
            "{message}"
        );
        assert!(!message.contains("canary"), "{message}");
    }
    // No error shows a value, whatever else is wrong with the file.
    for text in [
        "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_key_file = canary",
        "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_key_file = [\"canary\"]",
        "[[account]]\nplatform = \"open\"\n[account.credentials]\nkey = \"canary\"",
        "[[account]]\nplatform = \"open\"\n[account.credentials]\napi_secret = \"canary\napi_key = 'canary'",
        "[[account]]\nplatform = \"open\"\napi_secret = \"\"\"canary",
        "canary",
        "canary = canary",
    ] {
        let message = error(text);
        assert!(
            !message
                .replace("unknown key `canary`", "")
                .contains("canary"),
            "{message}"
        );
    }
}

#[test]
fn secrets_are_read_from_files_and_loose_permissions_give_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let source = SecretOrigin::File(path.clone());
    let mut warnings = Vec::new();
    let mut read = || source.open(&mut |warning| warnings.push(warning));
    assert!(
        read()
            .unwrap_err()
            .to_string()
            .contains("it does not exist")
    );
    std::fs::write(&path, "canary\r\n").unwrap();
    let opened = read().unwrap().unwrap();
    assert_eq!(opened.read().unwrap().secret.expose(), "canary");
    assert!(opened.may_change(), "a file may be replaced");
    std::fs::write(&path, "\n").unwrap();
    assert!(read().unwrap_err().to_string().contains("it is empty"));
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(read().unwrap_err().to_string().contains("not UTF-8"));
    std::fs::write(&path, "x".repeat(70_000)).unwrap();
    assert!(read().unwrap_err().to_string().contains("longer than 64 KiB"));
    assert!(
        SecretOrigin::File(folder.path().into())
            .open(&mut |_| ())
            .is_err()
    );

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(&path, "canary").unwrap();
        let warnings_for = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let mut warnings = Vec::new();
            source.open(&mut |warning| warnings.push(warning)).unwrap();
            warnings
        };
        assert_eq!(warnings_for(0o600), Vec::<String>::new());
        for loose in [0o640, 0o604] {
            let warnings = warnings_for(loose);
            assert!(
                warnings.len() == 1 && warnings[0].contains("chmod 600"),
                "{warnings:?}"
            );
        }
        // A file that others can write may contain somebody else's secret.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o602)).unwrap();
        let refused = source.open(&mut |_| ()).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }
}

#[test]
fn a_named_variable_must_be_set_and_the_default_one_need_not() {
    let unset = "BOTROSTER_TEST_VARIABLE_THAT_NOBODY_SETS";
    let failure = SecretOrigin::Variable(unset.to_owned())
        .open(&mut |_| ())
        .unwrap_err();
    assert!(failure.to_string().contains(unset));
    assert!(
        SecretOrigin::DefaultVariable(unset)
            .open(&mut |_| ())
            .unwrap()
            .is_none()
    );
}
