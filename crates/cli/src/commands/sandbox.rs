use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use botroster_sandbox::{Churn, Fault, Running, Sandbox, SandboxOptions};
use serde_json::Value;

use crate::arguments::SandboxArguments;
use crate::failure::CommandFailure;
use crate::{names, output};

pub(super) async fn run(arguments: SandboxArguments) -> Result<ExitCode, CommandFailure> {
    if arguments.faults {
        output::print(&kinds())?;
        return Ok(ExitCode::SUCCESS);
    }
    names::check_platforms(&arguments.platform)?;
    let faults = read(&arguments.fault)?;
    let options = SandboxOptions {
        users: arguments.users,
        chats: arguments.chats,
        seed: arguments.seed,
        edits: arguments.edits,
        churn: churn(arguments.churn)?,
        surprises: arguments.surprises,
        // `--dump` receives no requests, so any free ports will do.
        ports: Some(arguments.port).filter(|port| *port > 0 && !arguments.dump),
        bind: arguments.bind.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        platforms: (!arguments.platform.is_empty()).then_some(arguments.platform),
    };
    let bind = options.bind;
    let sandbox = Sandbox::start_with(options).await.map_err(|error| {
        let fix = if error.is_about_ports() {
            " with --port, or any free ones with --port 0"
        } else {
            ""
        };
        CommandFailure::usage(format!("sandbox: {error}{fix}"))
    })?;
    set(&sandbox, faults)?;
    if arguments.dump {
        let mut out = io::BufWriter::new(io::stdout().lock());
        output::written(
            sandbox
                .dump(&mut out)
                .and_then(|()| io::Write::flush(&mut out)),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    if !bind.is_loopback() {
        output::note(&format!(
            "warning: the sandbox listens on {bind}: anybody who can reach this computer can use and change it"
        ));
    }
    output::print(&instructions(&sandbox))?;
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| CommandFailure::incomplete(format!("cannot wait for Ctrl-C: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Parses the values of `--fault`.
pub(super) fn read(texts: &[String]) -> Result<Vec<Fault>, CommandFailure> {
    let faults = texts.iter().map(|text| {
        Fault::parse(text).map_err(|error| {
            let fix = "see `botroster sandbox --faults`";
            CommandFailure::usage(format!("--fault {text}: {error}; {fix}"))
        })
    });
    faults.collect()
}

pub(super) fn set(sandbox: &Sandbox, faults: Vec<Fault>) -> Result<(), CommandFailure> {
    for fault in faults {
        let text = fault.to_string();
        sandbox
            .add_fault(fault)
            .map_err(|error| CommandFailure::usage(format!("--fault {text}: {error}")))?;
    }
    Ok(())
}

fn churn(rows: Option<f64>) -> Result<Churn, CommandFailure> {
    let rows = rows.unwrap_or(0.0);
    if !(0.0..=1000.0).contains(&rows) {
        let wrong = format!("--churn {rows}: expected a number of rows from 0 to 1000");
        return Err(CommandFailure::usage(wrong));
    }
    Ok(Churn {
        inserts: rows,
        deletes: rows,
    })
}

/// Lists the kinds of faults by group.
fn kinds() -> String {
    let mut text = String::from(
        "A fault is a kind, its value if it takes one, and the requests it applies to:\n  \
         KIND[=VALUE][,platform=NAME][,operation=NAME][,method=GET][,page=N][,times=N][,after=N][,rate=0.1][,seed=N]\n",
    );
    let mut group = "";
    for kind in Fault::kinds() {
        if kind.group() != group {
            group = kind.group();
            let _ = write!(text, "\n{group}\n");
        }
        let _ = writeln!(text, "  {:26}{}", kind.usage(), kind.summary());
    }
    text
}

/// Formats the shell commands and the configuration with which to sync from the sandbox.
fn instructions(sandbox: &Sandbox) -> String {
    let platforms = sandbox.platforms();
    let mut text = format!(
        "# {} shows the requests and sets faults\n",
        sandbox.control_url()
    );
    text.push_str("# In another shell:\n");
    // Writing into a String does not fail.
    for (slot, value) in platforms.iter().flat_map(variables) {
        let _ = writeln!(text, "export {slot}={}", quoted_for_shell(value));
    }
    text.push_str("\n# botroster.toml, for `botroster sync --config botroster.toml`:\n");
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

/// Formats a TOML string. JSON's escapes are valid in TOML; TOML also requires DEL to be escaped.
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
    fn strings_are_quoted_for_toml_and_the_shell() {
        assert_eq!(
            toml("a\"b\\c\u{1}\u{7f}é"),
            "\"a\\\"b\\\\c\\u0001\\u007fé\""
        );
        assert_eq!(quoted_for_shell("a'b $c"), r"'a'\''b $c'");
    }
}
