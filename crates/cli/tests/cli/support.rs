use std::path::Path;
use std::process::{Command, Output, Stdio};

use botroster_client::PlatformInfo;

pub(crate) fn botroster(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_botroster"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    botroster(arguments).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns the single line that a rejected command prints.
pub(crate) fn refused(output: &Output) -> String {
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.starts_with("error: ") && message.lines().count() == 1,
        "{message}"
    );
    assert!(output.stdout.is_empty());
    message
}

/// Returns a platform with a default address and a credential.
pub(crate) fn platform() -> &'static PlatformInfo {
    let all = botroster_platforms::all()
        .iter()
        .map(|platform| platform.info());
    all.into_iter()
        .find(|info| info.base_url.is_some() && !info.credentials.is_empty())
        .unwrap()
}

pub(crate) fn column(db: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(db).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, rusqlite::types::Value>(0))
        .unwrap();
    rows.map(|value| format!("{:?}", value.unwrap())).collect()
}
