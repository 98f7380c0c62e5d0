use std::fmt::Write as _;
use std::process::ExitCode;

use botroster_client::{PlatformInfo, StreamInfo};

use crate::failure::CommandFailure;
use crate::output::{self, human_duration};

pub(super) fn run() -> Result<ExitCode, CommandFailure> {
    let described = botroster_platforms::all()
        .iter()
        .map(|platform| describe(platform.info()));
    output::print(&described.collect::<Vec<_>>().join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn describe(info: &PlatformInfo) -> String {
    let mut text = format!("{} ({})\n", info.name, info.title);
    // Writing into a String does not fail.
    let _ = writeln!(
        text,
        "  address      {}",
        info.base_url.unwrap_or("none; set base_url")
    );
    if !info.scope.is_empty() {
        let _ = writeln!(text, "  scope        {}", info.scope.join(", "));
    }
    for (index, credential) in info.credentials.iter().enumerate() {
        let head = if index == 0 { "credentials" } else { "" };
        let _ = writeln!(text, "  {head:12} {} ({})", credential.name, credential.env);
    }
    for (index, stream) in info.streams.iter().enumerate() {
        let head = if index == 0 { "streams" } else { "" };
        let _ = writeln!(text, "  {head:12} {}{}", stream.name, conditions(stream));
    }
    text
}

fn conditions(stream: &StreamInfo) -> String {
    let mut conditions = Vec::new();
    if !stream.credentials.is_empty() {
        let sets = stream.credentials.iter().map(|slots| slots.join(" and "));
        let sets: Vec<String> = sets.collect();
        conditions.push(format!("needs {}", sets.join(", or ")));
    }
    if let Some(parent) = &stream.parent {
        conditions.push(format!("one list for each record of {}", parent.stream));
    }
    if !stream.seeds.is_empty() {
        conditions.push(format!("needs seeds with {}", stream.seeds.join(", ")));
    }
    if let Some(limit) = stream.rate_limit {
        conditions.push(format!(
            "at most {} requests per {}",
            limit.requests,
            human_duration(limit.per)
        ));
    }
    if conditions.is_empty() {
        String::new()
    } else {
        format!(": {}", conditions.join("; "))
    }
}
