use crate::support::*;

#[test]
fn usage_errors_exit_with_2_and_help_with_0() {
    for arguments in [
        &[][..],
        &["sync"],
        &["sync", "--sandbox", "--config", "x.toml"],
        &["sync", "--config", "x.toml", "--users", "5"],
        &["sync", "--sandbox", "--users", "many"],
        &["completions", "tcl"],
        &["snyc"],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    for arguments in [
        &["--help"][..],
        &["sync", "--help"],
        &["sandbox", "-h"],
        &["--version"],
    ] {
        assert_eq!(run(arguments).status.code(), Some(0), "{arguments:?}");
    }
    assert!(text(&run(&["--help"]).stdout).contains("Exit codes:"));
    let help = text(&run(&["sync", "--help"]).stdout);
    assert!(
        help.contains("Examples:") && help.contains("Exit codes:") && help.contains("[[account]]"),
        "{help}"
    );
}

#[test]
fn unknown_platforms_get_a_suggestion() {
    let name = platform().name;
    let message = refused(&run(&[
        "sync",
        "--sandbox",
        "--platform",
        &format!("{name}x"),
    ]));
    assert!(
        message.contains(&format!("did you mean `{name}`?")),
        "{message}"
    );
}

#[test]
fn completions_and_platforms_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            text(&run(&["completions", shell]).stdout).contains("botroster"),
            "{shell}"
        );
    }
    let listed = text(&run(&["platforms"]).stdout);
    for info in botroster_platforms::all()
        .iter()
        .map(|platform| platform.info())
    {
        assert!(
            listed.contains(info.name)
                && info
                    .credentials
                    .iter()
                    .all(|slot| listed.contains(slot.env)),
            "{listed}"
        );
        assert!(
            info.streams
                .iter()
                .all(|stream| listed.contains(stream.name)),
            "{listed}"
        );
    }
}
