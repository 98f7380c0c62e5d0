use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

use botroster_client::PlatformInfo;

use crate::support::*;

#[test]
fn a_configuration_error_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.toml");
    let (config, name) = (file.to_str().unwrap(), platform().name);
    let message = refused(&run(&["sync", "--config", config]));
    assert!(
        message.contains("b.toml: the file does not exist"),
        "{message}"
    );

    fs::write(
        &file,
        format!("[[account]]\nplatform = \"{name}\"\nstraems = []\n"),
    )
    .unwrap();
    let message = refused(&run(&["sync", "--config", config]));
    assert!(
        message.contains("b.toml:3: unknown key `straems`")
            && message.contains("did you mean `streams`?"),
        "{message}"
    );

    let credential = &platform().credentials[0];
    fs::write(
        &file,
        format!(
            "[[account]]\nplatform = \"{name}\"\n[account.credentials]\n{} = \"canary\"\n",
            credential.name
        ),
    )
    .unwrap();
    let message = refused(&run(&["sync", "--config", config]));
    assert!(
        message.contains(credential.env) && message.contains(":4:") && !message.contains("canary"),
        "{message}"
    );

    fs::write(&file, format!("[[account]]\nplatform = \"{name}\"\n")).unwrap();
    let message = refused(&run(&["sync", "--config", config]));
    assert!(
        message.contains(&format!("account {name}: nothing can be synced")),
        "{message}"
    );
    assert!(!folder.path().join("contacts.db").exists());
}

#[test]
fn addresses_that_would_expose_a_secret_are_rejected_before_any_request() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.toml");
    for url in [
        "http://api.example.com",
        "http://127.0.0.1:9",
        "https://u:canary@api.example.com",
        "https://api.example.com?x=1",
    ] {
        fs::write(&file, account(platform(), url)).unwrap();
        let mut command = botroster(&[
            "sync",
            "--config",
            file.to_str().unwrap(),
            "--db",
            "/nonexistent/x.db",
        ]);
        let output = command
            .envs(
                platform()
                    .credentials
                    .iter()
                    .map(|slot| (slot.env, "canary-secret")),
            )
            .output()
            .unwrap();
        let message = refused(&output);
        assert!(
            message.contains("base URL") && !message.contains("canary"),
            "{message}"
        );
    }
}

/// Formats an account with all scope values set.
fn account(info: &PlatformInfo, url: &str) -> String {
    let scope: String = info
        .scope
        .iter()
        .map(|name| format!("{name} = \"x\"\n"))
        .collect();
    format!(
        "[[account]]\nplatform = \"{}\"\nbase_url = \"{url}\"\n[account.scope]\n{scope}",
        info.name
    )
}

/// Renews a token during a sync: when the platform rejects the old one, the file already contains the new one.
#[test]
fn a_token_file_is_read_again_when_the_platform_rejects_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("token"), "old").unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = format!(
        "[[account]]\nplatform = \"chatbot\"\nbase_url = \"http://{}\"\nallow_loopback_http = true\nstreams = [\"users\"]\n[account.credentials]\naccess_token_file = \"token\"\n",
        server.local_addr().unwrap()
    );
    fs::write(path("botroster.toml"), config).unwrap();
    let token = path("token");
    let platform = thread::spawn(move || {
        ["401 Unauthorized", "404 Not Found"].map(|status| {
            let (mut connection, _) = server.accept().unwrap();
            let mut request = BufReader::new(connection.try_clone().unwrap()).lines();
            let head: Vec<_> = request
                .by_ref()
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            fs::write(&token, "new").unwrap();
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            connection.write_all(answer.as_bytes()).unwrap();
            head.into_iter()
                .find_map(|line| line.strip_prefix("authorization: ").map(str::to_owned))
        })
    });
    let output = run(&[
        "sync",
        "--config",
        path("botroster.toml").to_str().unwrap(),
        "--db",
        path("x.db").to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let sent = platform.join().unwrap();
    assert_eq!(
        sent,
        ["Bearer old", "Bearer new"].map(|token| Some(token.to_owned()))
    );
}
