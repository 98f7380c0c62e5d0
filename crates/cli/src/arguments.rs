use std::net::IpAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use clap_complete::Shell;

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  a stream failed or the database stopped accepting records; records fetched before are stored
  2  the command line, configuration or database is invalid; nothing was synced";

const SYNC_EXAMPLES: &str = "\
Examples:
  botroster sync --sandbox                  try it without an account
  botroster sync --config botroster.toml    sync the accounts in a configuration file
  botroster sync --config botroster.toml --json --quiet > report.json

A configuration file has one table for each account (`botroster platforms` lists the names):
  [[account]]
  platform = \"NAME\"
  name = \"support\"                   optional: to tell accounts on one platform apart
  base_url = \"https://example.com\"   required if the platform has no default address
  streams = [\"users\"]                optional: sync only these streams
  seeds = [{ NAME = \"…\" }]           required by streams that need seeds
  [account.scope]
  NAME = \"…\"                         ids that are part of every request, such as a bot's
  [account.credentials]              optional: where secrets are stored
  api_key_file = \"api.key\"           a file, relative to the configuration file
  api_secret_env = \"MY_SECRET\"       or an environment variable other than the default

Secrets are read from files and environment variables, never from the command line or the
configuration file. `botroster sandbox` prints an example configuration.

Query the database:
  sqlite3 contacts.db \"SELECT display_name, email FROM contacts LIMIT 10\"";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  botroster sandbox                     a web page on http://127.0.0.1:4010/, the platforms on the
                                        following ports; stop with Ctrl-C
  botroster sandbox --port 9000         on ports 9000, 9001, …; --port 0 picks free ports
  botroster sandbox --dump | head       print the invented records, one JSON object per line
  botroster sandbox --faults            list the kinds of faults
  botroster sandbox --fault status=503,operation=list,page=3,times=2
                                        the third page of a list fails twice
  botroster sandbox --fault latency=2000,rate=0.1 --fault cut-json,rate=0.01,platform=NAME
                                        10 % of the responses are delayed by two seconds, 1 % of
                                        the responses of a platform are truncated

While the sandbox runs, faults can be set on its web page or over HTTP:
  curl 127.0.0.1:4010/_sandbox/faults -d '\"rate-limited=30,times=1\"'
  curl 127.0.0.1:4010/_sandbox/faults -X DELETE
  curl 127.0.0.1:4010/_sandbox/requests";

/// Collects the people who talk to your chatbots, on all platforms, in one database.
#[derive(Debug, Parser)]
#[command(name = "botroster", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch contacts, conversations and messages into a SQLite database
    ///
    /// Each run reads all streams completely and stores new and changed records; a second run over
    /// unchanged data writes nothing. An interrupted run leaves a consistent database: run again.
    #[command(after_help = EXIT_CODES, after_long_help = format!("{SYNC_EXAMPLES}\n\n{EXIT_CODES}"))]
    Sync(SyncArguments),
    /// Run test servers for the platforms on this computer, with invented people
    ///
    /// Starts one server for each platform on 127.0.0.1, and a web page that shows their requests.
    /// Prints the address of the page, then the addresses and credentials of the servers, ready to
    /// copy into a shell and a configuration file.
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(SandboxArguments),
    /// List the platforms with their streams and credentials
    Platforms,
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  botroster completions bash > ~/.local/share/bash-completion/completions/botroster"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("source").required(true))]
pub(crate) struct SyncArguments {
    /// Sync from a temporary sandbox with invented people
    #[arg(long, group = "source")]
    pub(crate) sandbox: bool,
    /// Sync the accounts in this configuration file
    #[arg(long, value_name = "FILE", group = "source")]
    pub(crate) config: Option<PathBuf>,
    /// The SQLite database; if it does not exist, it is created, accessible only to you
    #[arg(long, value_name = "FILE", default_value = "contacts.db")]
    pub(crate) db: PathBuf,
    /// Restrict to this platform; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) platform: Vec<String>,
    #[command(flatten)]
    pub(crate) people: SandboxPeople,
    /// Print the report as JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Print only errors, and the report with --json
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The options of `sync --sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxPeople {
    /// Number of invented users on each platform
    #[arg(
        long,
        value_name = "N",
        requires = "sandbox",
        default_value_t = 10_000,
        help_heading = "Sandbox"
    )]
    pub(crate) users: u64,
    /// Number of invented chats, on platforms that list them separately [default: as users, at most 1000]
    #[arg(long, value_name = "N", requires = "sandbox", help_heading = "Sandbox")]
    pub(crate) chats: Option<u64>,
    /// Seed of the invented people; the same seed gives the same people
    #[arg(
        long,
        value_name = "N",
        requires = "sandbox",
        default_value_t = 1,
        help_heading = "Sandbox"
    )]
    pub(crate) seed: u64,
    /// Change N records, as if they had been edited since an earlier run
    #[arg(
        long,
        value_name = "N",
        requires = "sandbox",
        default_value_t = 0,
        help_heading = "Sandbox",
        hide_short_help = true
    )]
    pub(crate) edits: u64,
    /// Inject a fault, such as `status=503,rate=0.1`; may be repeated
    #[arg(
        long,
        value_name = "FAULT",
        requires = "sandbox",
        help_heading = "Sandbox",
        hide_short_help = true
    )]
    pub(crate) fault: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// Number of invented users on each platform
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) users: u64,
    /// Number of invented chats, on platforms that list them separately [default: as users, at most 1000]
    #[arg(long, value_name = "N")]
    pub(crate) chats: Option<u64>,
    /// Seed of the invented people; the same seed gives the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Change N records, as if they had been edited since an earlier run
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) edits: u64,
    /// Port of the web page; the platforms use the following ports. 0 picks free ports
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    pub(crate) port: u16,
    /// Listen on this address instead of 127.0.0.1, to be reachable from other computers
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) bind: Option<IpAddr>,
    /// Inject a fault, such as `status=503,page=3,times=2`; may be repeated
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<String>,
    /// List the kinds of faults and exit
    #[arg(long)]
    pub(crate) faults: bool,
    /// Insert and delete this many records on average after each page of a list
    #[arg(long, value_name = "N")]
    pub(crate) churn: Option<f64>,
    /// Give some records undocumented properties and values, as real platforms do
    #[arg(long)]
    pub(crate) surprises: bool,
    /// Restrict to this platform; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) platform: Vec<String>,
    /// Print the invented records, one JSON object per line, and exit
    #[arg(long)]
    pub(crate) dump: bool,
}

#[cfg(test)]
mod tests {
    use super::CommandLine;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_valid() {
        CommandLine::command().debug_assert();
    }
}
