use std::fs;

use botroster_client::PlatformInfo;

use crate::support::*;

#[test]
fn what_is_wrong_with_a_configuration_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.toml");
    let (config, name) = (file.to_str().unwrap(), platform().name);
    let said = refused(&run(&["sync", "--config", config]));
    assert!(said.contains("b.toml: there is no such file"), "{said}");

    fs::write(
        &file,
        format!("[[account]]\nplatform = \"{name}\"\nstraems = []\n"),
    )
    .unwrap();
    let said = refused(&run(&["sync", "--config", config]));
    assert!(
        said.contains("b.toml:3: unknown key `straems`")
            && said.contains("did you mean `streams`?"),
        "{said}"
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
    let said = refused(&run(&["sync", "--config", config]));
    assert!(
        said.contains(credential.env) && said.contains(":4:") && !said.contains("canary"),
        "{said}"
    );

    fs::write(&file, format!("[[account]]\nplatform = \"{name}\"\n")).unwrap();
    let said = refused(&run(&["sync", "--config", config]));
    assert!(
        said.contains(&format!("account {name}: nothing can be synced")),
        "{said}"
    );
    assert!(!folder.path().join("contacts.db").exists());
}

#[test]
fn addresses_that_would_show_a_secret_are_refused_before_anything_is_sent() {
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
        let said = refused(&output);
        assert!(
            said.contains("base URL") && !said.contains("canary"),
            "{said}"
        );
    }
}

/// An account with every scope value filled.
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
