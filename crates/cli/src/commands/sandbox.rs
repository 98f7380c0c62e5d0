use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use botroster_sandbox::{Churn, Fault, Running, Sandbox, SandboxOptions};
use serde_json::Value;

use crate::arguments::SandboxArguments;
use crate::failure::Failure;
use crate::{names, output};

pub(super) async fn run(arguments: SandboxArguments) -> Result<ExitCode, Failure> {
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
        // Nobody asks one for anything that only dumps.
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
        Failure::usage(format!("sandbox: {error}{fix}"))
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
            "warning: the sandbox listens on {bind}: whoever reaches this computer can use and change it"
        ));
    }
    output::print(&instructions(&sandbox))?;
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Failure::incomplete(format!("cannot wait for Ctrl-C: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Faults as they are written on the command line.
pub(super) fn read(texts: &[String]) -> Result<Vec<Fault>, Failure> {
    let faults = texts.iter().map(|text| {
        Fault::parse(text).map_err(|error| {
            let fix = "`botroster sandbox --faults` lists all kinds";
            Failure::usage(format!("--fault {text}: {error}; {fix}"))
        })
    });
    faults.collect()
}

pub(super) fn set(sandbox: &Sandbox, faults: Vec<Fault>) -> Result<(), Failure> {
    for fault in faults {
        let text = fault.to_string();
        sandbox
            .add_fault(fault)
            .map_err(|error| Failure::usage(format!("--fault {text}: {error}")))?;
    }
    Ok(())
}

fn churn(rows: Option<f64>) -> Result<Churn, Failure> {
    let rows = rows.unwrap_or(0.0);
    if !(0.0..=1000.0).contains(&rows) {
        let wrong = format!("--churn {rows}: write a number of rows from 0 to 1000");
        return Err(Failure::usage(wrong));
    }
    Ok(Churn {
        inserts: rows,
        deletes: rows,
    })
}

/// The kinds of faults, group by group.
fn kinds() -> String {
    let mut text = String::from(
        "A fault is its kind, what the kind takes, and which requests it is done to:\n  \
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

/// What to put into a shell and into a file to sync from these servers.
fn instructions(sandbox: &Sandbox) -> String {
    let platforms = sandbox.platforms();
    let mut text = format!("# {} shows what happens here\n", sandbox.control_url());
    text.push_str("# Servers with invented people. In another shell:\n");
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
