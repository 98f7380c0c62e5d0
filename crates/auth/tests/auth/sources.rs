//! Where secrets come from, and what is refused there.

use botroster_auth::{
    ProvideSecret, Secret, SecretProviderError, SecretSource, SecretSourceError,
    SecretSourceProblem as Problem, SecretSourceWarning,
};
use std::{
    error::Error as _,
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;

const MARK: &str = "canary7Qm2xZ9kLw4";

/// A file of this content that only its owner can read and write.
fn file(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    fs::write(&path, content).unwrap();
    #[cfg(unix)]
    set_mode(&path, 0o600);
    (directory, path)
}

#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn text(source: &SecretSource) -> String {
    source.read().unwrap().secret.expose().to_owned()
}

fn error(source: &SecretSource) -> SecretSourceError {
    source.read().unwrap_err()
}

#[test]
fn a_value_is_its_own_source() {
    for source in [
        SecretSource::value(MARK),
        MARK.into(),
        MARK.to_owned().into(),
        Secret::new(MARK).into(),
    ] {
        let resolved = source.read().unwrap();
        assert_eq!(resolved.secret.expose(), MARK);
        assert_eq!(resolved.warning, None);
        assert!(!source.may_change());
    }
}

#[test]
fn only_one_line_end_is_cut_from_a_file() {
    for (content, expected) in [
        ("s", "s"),
        ("s\n", "s"),
        ("s\r\n", "s"),
        ("s\n\n", "s\n"),
        ("s\r", "s\r"),
        ("s \n", "s "),
        ("\ns", "\ns"),
        (" é\t", " é\t"),
        ("\u{feff}s", "\u{feff}s"),
    ] {
        let (_directory, path) = file(content);
        assert_eq!(text(&SecretSource::file(path)), expected, "{content:?}");
    }
}

#[test]
fn what_is_no_secret_file() {
    for (content, expected) in [
        (&b""[..], Problem::Empty),
        (b"\n", Problem::Empty),
        (b"\r\n", Problem::Empty),
        (b"canary7Qm2xZ9kLw4\xff", Problem::NotText),
        (&[b'x'; 65_537], Problem::TooLong),
    ] {
        let (_directory, path) = file(content);
        assert_eq!(error(&SecretSource::file(path)).problem(), expected);
    }
    let (_directory, path) = file([b'x'; 65_536]);
    assert_eq!(text(&SecretSource::file(path)).len(), 65_536);

    let (directory, path) = file("s");
    assert_eq!(
        error(&SecretSource::file(directory.path())).problem(),
        Problem::NotAFile
    );
    assert_eq!(
        error(&SecretSource::file(path.with_extension("other"))).problem(),
        Problem::NotThere
    );
}

#[test]
fn a_file_that_was_replaced_gives_the_new_secret() {
    let (_directory, path) = file("old");
    let source = SecretSource::file(&path);
    assert!(source.may_change());
    assert_eq!(text(&source), "old");
    fs::write(&path, "new").unwrap();
    assert_eq!(text(&source), "new");
}

#[cfg(unix)]
#[test]
fn who_else_may_read_or_write_a_secret_file() {
    let (_directory, path) = file(MARK);
    for mode in 0..=0o777_u32 {
        // Without the owner's right to read it, only root could.
        let mode = mode | 0o400;
        set_mode(&path, mode);
        let (lax, strict) = (
            SecretSource::file(&path).read(),
            SecretSource::private_file(&path).read(),
        );
        if mode & 0o022 != 0 {
            assert_eq!(
                lax.unwrap_err().problem(),
                Problem::WritableByOthers,
                "{mode:o}"
            );
            assert_eq!(strict.unwrap_err().problem(), Problem::WritableByOthers);
        } else if mode & 0o044 != 0 {
            let warning = lax.unwrap().warning;
            assert_eq!(
                warning,
                Some(SecretSourceWarning::ReadableByOthers(path.clone())),
                "{mode:o}"
            );
            assert_eq!(strict.unwrap_err().problem(), Problem::ReadableByOthers);
        } else {
            assert_eq!(lax.unwrap().warning, None, "{mode:o}");
            assert_eq!(strict.unwrap().warning, None, "{mode:o}");
        }
    }
}

/// Whoever mounts secrets often does it through links, whose own mode says nothing.
#[cfg(unix)]
#[test]
fn a_link_is_as_good_as_what_it_leads_to() {
    let (directory, path) = file("s");
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(text(&SecretSource::private_file(&link)), "s");
    set_mode(&path, 0o644);
    assert!(SecretSource::file(&link).read().unwrap().warning.is_some());
    set_mode(&path, 0o620);
    assert_eq!(
        error(&SecretSource::file(&link)).problem(),
        Problem::WritableByOthers
    );
    fs::remove_file(&path).unwrap();
    assert_eq!(
        error(&SecretSource::file(&link)).problem(),
        Problem::NotThere
    );
}

/// Opening a pipe that nobody writes to would wait for ever.
#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_no_file() {
    let (directory, _) = file("s");
    let pipe = directory.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for path in [pipe.as_path(), "/dev/zero".as_ref()] {
        assert_eq!(
            error(&SecretSource::file(path)).problem(),
            Problem::NotAFile
        );
    }
}

/// This process must not change its own environment, so another looks at one made for it.
#[cfg(unix)]
#[test]
fn environment_variables() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    if std::env::var_os("AUTH_TEST_CHILD").is_some() {
        return in_an_environment_of_its_own();
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sources::environment_variables"])
        .env("AUTH_TEST_CHILD", "1")
        .env("AUTH_TEST_SET", MARK)
        .env("AUTH_TEST_EMPTY", "")
        .env("AUTH_TEST_BYTES", OsStr::from_bytes(b"\xff"))
        .env_remove("AUTH_TEST_UNSET")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && printed.contains("1 passed"),
        "{printed}"
    );
}

#[cfg(unix)]
fn in_an_environment_of_its_own() {
    assert_eq!(text(&SecretSource::env("AUTH_TEST_SET")), MARK);
    for (name, expected) in [
        ("AUTH_TEST_EMPTY", Problem::Empty),
        ("AUTH_TEST_BYTES", Problem::NotText),
        ("AUTH_TEST_UNSET", Problem::NotThere),
    ] {
        let error = error(&SecretSource::env(name));
        assert_eq!(error.problem(), expected);
        assert!(error.to_string().contains(name));
    }
}

#[test]
fn a_provider_is_asked_each_time() {
    let count = AtomicU32::new(0);
    let source = SecretSource::provider(move || {
        Ok(Secret::new(format!(
            "secret-{}",
            count.fetch_add(1, Ordering::Relaxed)
        )))
    });
    assert!(source.may_change());
    assert_eq!(text(&source), "secret-0");
    assert_eq!(text(&source.clone()), "secret-1");

    struct Sealed;
    impl ProvideSecret for Sealed {
        fn provide(&self) -> Result<Secret, SecretProviderError> {
            Err("the vault is sealed".into())
        }
    }
    let error = error(&SecretSource::provider(Sealed));
    assert_eq!(error.problem(), Problem::ProviderFailed);
    assert_eq!(error.to_string(), "the secret provider failed");
    assert_eq!(error.source().unwrap().to_string(), "the vault is sealed");
}

#[test]
fn nothing_shows_the_secret() {
    let (_directory, path) = file(format!("{MARK}\u{0}\n"));
    for source in [
        SecretSource::value(MARK),
        SecretSource::file(&path),
        SecretSource::provider(|| Ok(Secret::new(MARK))),
    ] {
        let shown = format!("{source:?} {:?}", source.read().unwrap());
        assert!(!shown.contains(MARK), "{shown}");
    }
    let shown = |source: SecretSource| format!("{source:?}");
    assert_eq!(shown(SecretSource::value(MARK)), "Value(..)");
    assert_eq!(shown(SecretSource::env("NAME")), r#"Variable("NAME")"#);
    assert_eq!(shown(SecretSource::file("/a/b")), r#"File("/a/b")"#);
    assert_eq!(
        shown(SecretSource::provider(|| Ok(MARK.into()))),
        "Provider(..)"
    );

    let (_directory, path) = file([MARK.as_bytes(), b"\xff"].concat());
    let error = error(&SecretSource::file(path));
    assert!(!format!("{error} {error:?}").contains(MARK));
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let shown = |source: SecretSource| error(&source).to_string();
    assert_eq!(
        shown(SecretSource::env("AUTH_TEST_\u{1b}[2J")),
        r#"environment variable "AUTH_TEST_\u{1b}[2J": it is not set"#
    );
    assert_eq!(
        shown(SecretSource::file("/no/such\nfile")),
        r#"secret file "/no/such\nfile": it does not exist"#
    );
    #[cfg(unix)]
    {
        let (_directory, path) = file("s");
        set_mode(&path, 0o666);
        assert_eq!(
            shown(SecretSource::file(&path)),
            format!("secret file {path:?}: other users can write to it: run chmod 600 on it")
        );
        set_mode(&path, 0o604);
        assert_eq!(
            shown(SecretSource::private_file(&path)),
            format!("secret file {path:?}: other users can read it: run chmod 600 on it")
        );
        let warning = SecretSource::file(&path).read().unwrap().warning.unwrap();
        assert_eq!(
            warning.to_string(),
            format!("secret file {path:?}: other users can read it: run chmod 600 on it")
        );
    }
}
