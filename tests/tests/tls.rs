//! Certificates that do not fit, on a server of openssl's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use botroster_client::Options;
use botroster_contract_tests::{clients, server::with_length};

const ADDRESS: &str = "BOTROSTER_TEST_ADDRESS";

fn openssl(folder: &Path, arguments: &str) {
    let mut command = Command::new("openssl");
    let output = command
        .current_dir(folder)
        .args(arguments.split(' '))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

const NEW_KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

fn authority(folder: &Path, name: &str) {
    openssl(
        folder,
        &format!("req -x509 {NEW_KEY} -keyout {name}.key -out {name}.pem -days 2 -subj /CN={name}"),
    );
}

/// A certificate for a host, of an authority, for so many days.
fn certificate(folder: &Path, name: &str, host: &str, authority: &str, days: i32) {
    fs::write(
        folder.join("extensions"),
        format!("subjectAltName=DNS:{host}\nbasicConstraints=critical,CA:FALSE\n"),
    )
    .unwrap();
    openssl(
        folder,
        &format!("req -new {NEW_KEY} -keyout {name}.key -out {name}.csr -subj /CN={name}"),
    );
    let issuer = format!("-CA {authority}.pem -CAkey {authority}.key -set_serial 7");
    openssl(
        folder,
        &format!(
            "x509 -req -in {name}.csr {issuer} -days {days} -extfile extensions -out {name}.pem"
        ),
    );
}

/// A server with a certificate, its port, and what it says. It answers with the files of the folder, heads and all.
struct Server {
    child: Child,
    port: u16,
    /// Open as long as the server lives, which would end when nobody listens.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(folder: &Path, certificate: &str) -> Self {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-HTTP", "-accept", "127.0.0.1:0"]);
        command.args([
            "-cert",
            &format!("{certificate}.pem"),
            "-key",
            &format!("{certificate}.key"),
        ]);
        let command = command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.starts_with("ACCEPT"))
            .unwrap();
        let port = line.rsplit(':').next().unwrap().trim().parse().unwrap();
        Self {
            child,
            port,
            _said: lines,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Asks for a user in a process that trusts `trusted` alone, and says how that ends.
fn ask(folder: &Path, trusted: &str, port: u16) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([
        "--exact",
        "certificates_that_do_not_fit_are_refused",
        "--nocapture",
    ]);
    child
        .env(ADDRESS, format!("https://localhost:{port}"))
        .env_remove("SSL_CERT_DIR");
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        child.env_remove(name);
    }
    let output = child
        .env("SSL_CERT_FILE", folder.join(trusted))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let ended = said
        .lines()
        .find_map(|line| line.split_once("ended in "))
        .unwrap()
        .1;
    ended.to_owned()
}

#[tokio::test]
async fn certificates_that_do_not_fit_are_refused() {
    if let Ok(base_url) = std::env::var(ADDRESS) {
        let options = Options::new()
            .with_attempts(1)
            .with_attempt_timeout(Duration::from_secs(10));
        let client = clients::peki()
            .with_base_url(base_url)
            .with_options(options)
            .build()
            .unwrap();
        let user = client.chatbot("bot-1").users().get("u1").await;
        println!(
            "\nended in {:?}",
            user.map(|user| user.id).map_err(|error| error.kind())
        );
        return;
    }
    if Command::new("openssl").arg("version").output().is_err() {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "openssl is not installed"
        );
        eprintln!("note: openssl is not installed, certificates are not tried");
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tls");
    fs::create_dir_all(&folder).unwrap();
    authority(&folder, "ours");
    authority(&folder, "theirs");
    certificate(&folder, "good", "localhost", "ours", 1);
    certificate(&folder, "other-name", "other.example", "ours", 1);
    certificate(&folder, "expired", "localhost", "ours", -1);
    certificate(&folder, "unknown-authority", "localhost", "theirs", 1);
    let users = folder.join("Dev/bot-1/users");
    fs::create_dir_all(&users).unwrap();
    let body = r#"{"data":{"id":"u1"}}"#;
    let answer = with_length(
        "200 OK",
        &["content-type: application/json"],
        body,
        body.len(),
    );
    fs::write(users.join("u1"), answer).unwrap();
    let refused = "Err(Connection)";
    for (name, ended) in [
        ("good", "Ok(\"u1\")"),
        ("other-name", refused),
        ("expired", refused),
        ("unknown-authority", refused),
    ] {
        let server = Server::start(&folder, name);
        assert_eq!(ask(&folder, "ours.pem", server.port), ended, "{name}");
    }
}
