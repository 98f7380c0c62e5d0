//! Formats the results of a sync.

use std::path::Path;

use botroster_sync::{StreamId, StreamReport, SyncReport};
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::json;

use crate::output::{grouped, human_duration, safe};

/// Formats the name of a stream, with the account if it is not named after the platform.
pub(crate) fn label(id: &StreamId) -> String {
    let account = if id.account == id.platform {
        String::new()
    } else {
        format!("/{}", id.account)
    };
    safe(&format!("{}{account} {}", id.platform, id.stream))
}

/// Formats the result of a stream as one line.
pub(crate) fn line(report: &StreamReport) -> String {
    let label = label(&report.id);
    if let Some(reason) = &report.skipped {
        return format!("{label}: skipped: {reason}");
    }
    let counts = format!(
        "{} fetched, {} new, {} changed, {} unchanged{} in {}",
        grouped(report.fetched),
        grouped(report.new),
        grouped(report.changed),
        grouped(report.unchanged),
        losses(report),
        human_duration(report.elapsed),
    );
    match &report.error {
        Some(error) => format!("{label}: failed: {error}; {counts}"),
        None => format!("{label}: {counts}"),
    }
}

/// Formats the counts of records that are not in the database, if there are any.
fn losses(report: &StreamReport) -> String {
    let rejected = match report.rejected {
        0 => String::new(),
        rejected => format!(", {} rejected", grouped(rejected)),
    };
    match report.gone {
        0 => rejected,
        gone => format!("{rejected}, {} lists of deleted records", grouped(gone)),
    }
}

/// Formats the report as a table with a row for each stream that ran, followed by the skipped streams.
pub(crate) fn table(report: &SyncReport, database: &Path) -> String {
    let ran: Vec<_> = report
        .streams
        .iter()
        .filter(|stream| stream.skipped.is_none())
        .collect();
    let accounts = ran
        .iter()
        .any(|stream| stream.id.account != stream.id.platform);
    let rejects = ran.iter().any(|stream| stream.rejected > 0);

    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let mut header = vec!["platform"];
    header.extend(accounts.then_some("account"));
    header.extend(["stream", "fetched", "new", "changed", "unchanged"]);
    header.extend(rejects.then_some("rejected"));
    header.extend(["requests", "retries", "time"]);
    let texts = if accounts { 3 } else { 2 };
    table.set_header(header);
    for stream in ran {
        let mut row = vec![stream.id.platform.to_owned()];
        row.extend(accounts.then(|| safe(&stream.id.account)));
        row.push(stream.id.stream.to_owned());
        row.extend([stream.fetched, stream.new, stream.changed, stream.unchanged].map(grouped));
        row.extend(rejects.then(|| grouped(stream.rejected)));
        row.extend([stream.requests, stream.retries].map(grouped));
        row.push(human_duration(stream.elapsed));
        let cells = row
            .into_iter()
            .enumerate()
            .map(|(column, text)| match column {
                column if column < texts => Cell::new(text),
                _ => Cell::new(text).set_alignment(CellAlignment::Right),
            });
        table.add_row(cells);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    for stream in report
        .streams
        .iter()
        .filter(|stream| stream.skipped.is_some())
    {
        text.push_str(&safe(&line(stream)));
        text.push('\n');
    }
    text.push_str(&format!(
        "database: {}\n",
        safe(&database.display().to_string())
    ));
    text
}

/// Formats the report as JSON.
pub(crate) fn json(report: &SyncReport, database: &Path) -> String {
    let report = json!({
        "complete": report.is_complete(),
        "database": database.display().to_string(),
        "failure": report.failure.as_ref().map(ToString::to_string),
        "streams": report.streams,
    });
    format!("{report:#}\n")
}

/// Returns the errors, one line each.
pub(crate) fn errors(report: &SyncReport) -> Vec<String> {
    if let Some(failure) = &report.failure {
        return vec![failure.to_string()];
    }
    let failed = report
        .streams
        .iter()
        .filter_map(|stream| Some((stream, stream.error.as_ref()?)));
    failed
        .map(|(stream, error)| format!("{}: {error}", label(&stream.id)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_the_account_if_it_differs_from_the_platform() {
        let id = StreamId {
            platform: "fake",
            account: "\u{1b}[31m".to_owned(),
            stream: "users",
        };
        assert_eq!(label(&id), "fake/\\u{1b}[31m users");
        let default = StreamId {
            account: "fake".to_owned(),
            ..id
        };
        assert_eq!(label(&default), "fake users");
    }
}
