use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use serde_json::Value;

use crate::arguments::SandboxArguments;
use crate::failure::Failure;
use crate::{names, output};

pub(super) async fn run(arguments: SandboxArguments) -> Result<ExitCode, Failure> {
    names::check_platforms(&arguments.platform)?;
    let options = SandboxOptions {
        users: arguments.users,
        chats: arguments.chats,
        seed: arguments.seed,
        edits: arguments.edits,
        ports: arguments.port,
        platforms: (!arguments.platform.is_empty()).then_some(arguments.platform),
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start_with(options)
        .await
        .map_err(|error| Failure::usage(format!("sandbox: {error}")))?;
    if arguments.dump {
        let mut out = io::BufWriter::new(io::stdout().lock());
        output::written(
            sandbox
                .dump(&mut out)
                .and_then(|()| io::Write::flush(&mut out)),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&instructions(sandbox.platforms()))?;
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Failure::incomplete(format!("cannot wait for Ctrl-C: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// What to put into a shell and into a file to sync from these servers.
fn instructions(platforms: &[Running]) -> String {
    let mut text = String::from("# Servers with invented people. In another shell:\n");
    // Writing into a String does not fail.
    for (slot, value) in platforms.iter().flat_map(variables) {
        let _ = writeln!(text, "export {slot}={}", quoted_for_shell(value));
    }
    text.push_str("\n# botroster.toml, for: botroster sync --config botroster.toml\n");
    for running in platforms {
        text.push_str(&account(running));
    }
    text.push_str("\n# Ready. Ctrl-C stops the servers.\n");
    text
}

fn variables(running: &Running) -> Vec<(String, &str)> {
    let platform = botroster_platforms::by_name(&running.name);
    let known = platform.map_or(&[][..], |platform| platform.info().credentials);
    let variable = |slot: &str| {
        let known = known.iter().find(|credential| credential.name == slot);
        known.map_or_else(
            || slot.to_uppercase(),
            |credential| credential.env.to_owned(),
        )
    };
    running
        .credentials
        .iter()
        .map(|(slot, value)| (variable(slot), value.as_str()))
        .collect()
}

fn account(running: &Running) -> String {
    let mut text = format!(
        "\n[[account]]\nplatform = {}\nbase_url = {}\n",
        toml(&running.name),
        toml(&running.base_url)
    );
    text.push_str("allow_loopback_http = true\n");
    let rows = running.seeds.values().flatten().map(|row| {
        let pairs = row
            .iter()
            .map(|(name, value)| format!("{name} = {}", toml(value)));
        format!("  {{ {} }},\n", pairs.collect::<Vec<_>>().join(", "))
    });
    let rows: String = rows.collect();
    if !rows.is_empty() {
        let _ = write!(text, "seeds = [\n{rows}]\n");
    }
    if !running.scope.is_empty() {
        text.push_str("[account.scope]\n");
        for (name, value) in &running.scope {
            let _ = writeln!(text, "{name} = {}", toml(value));
        }
    }
    text
}

/// A TOML string. JSON's escapes are all TOML's too, save DEL, which TOML wants escaped.
fn toml(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn quoted_for_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_for_where_they_go() {
        assert_eq!(
            toml("a\"b\\c\u{1}\u{7f}é"),
            "\"a\\\"b\\\\c\\u0001\\u007fé\""
        );
        assert_eq!(quoted_for_shell("a'b $c"), r"'a'\''b $c'");
    }
}
