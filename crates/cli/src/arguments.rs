use std::net::IpAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use clap_complete::Shell;

const EXIT_CODES: &str = "\
Exit codes:
  0  everything that was asked for is done
  1  a stream failed or the database took no more; what came is stored
  2  the command line, configuration or database is wrong; nothing was synced";

const SYNC_EXAMPLES: &str = "\
Examples:
  botroster sync --sandbox                  try it without an account
  botroster sync --config botroster.toml    the accounts of a configuration file
  botroster sync --config botroster.toml --json --quiet > report.json

A configuration file has one table an account (`botroster platforms` has names):
  [[account]]
  platform = \"NAME\"
  name = \"support\"                   optional, for a second account there
  base_url = \"https://example.com\"   where the platform has no address of its own
  streams = [\"users\"]                optional: only these
  seeds = [{ NAME = \"…\" }]           where a stream starts from seeds
  [account.scope]
  NAME = \"…\"                         ids that every address holds, such as a bot's
  [account.credentials]              optional: where the secrets are
  api_key_file = \"api.key\"           a file, by its place beside the configuration
  api_secret_env = \"MY_SECRET\"       or a variable other than the usual one

Secrets come from files and environment variables only, never from the command
line or the configuration. `botroster sandbox` prints a configuration to try.

Afterwards:
  sqlite3 contacts.db \"SELECT display_name, email FROM contacts LIMIT 10\"";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  botroster sandbox                     a page on http://127.0.0.1:4010/, the platforms on the ports
                                        after it; stop with Ctrl-C
  botroster sandbox --port 9000         on 9000, 9001, …; --port 0 for any free ports
  botroster sandbox --dump | head       the invented records, one JSON line each
  botroster sandbox --faults            the kinds of faults there are
  botroster sandbox --fault status=503,operation=list,page=3,times=2
                                        the third page of a list fails twice
  botroster sandbox --fault latency=2000,rate=0.1 --fault cut-json,rate=0.01,platform=NAME
                                        one answer in ten is late, one in a hundred of a platform's
                                        is cut

While it runs, faults are set on its page, and by any program:
  curl 127.0.0.1:4010/_sandbox/faults -d '\"rate-limited=30,times=1\"'
  curl 127.0.0.1:4010/_sandbox/faults -X DELETE
  curl 127.0.0.1:4010/_sandbox/requests";

/// Brings everybody who talks to your chatbots, from every platform, into one database.
#[derive(Debug, Parser)]
#[command(name = "botroster", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch contacts, conversations and messages into a SQLite database, once
    ///
    /// Every run walks the streams whole and stores what is new or changed: the second run over
    /// unchanged data writes nothing. A run that is interrupted leaves a sound database; run again.
    #[command(after_help = EXIT_CODES, after_long_help = format!("{SYNC_EXAMPLES}\n\n{EXIT_CODES}"))]
    Sync(SyncArguments),
    /// Run the platforms on this computer, with invented people
    ///
    /// Starts one server a platform on 127.0.0.1, and a page that shows what they do. Prints the
    /// page's address first, then addresses and credentials, ready to copy into a shell and a
    /// configuration file.
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(SandboxArguments),
    /// List the platforms, their streams and the credentials they take
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
    /// Sync from platforms run on this computer for the occasion, with invented people
    #[arg(long, group = "source")]
    pub(crate) sandbox: bool,
    /// Sync the accounts of this configuration file
    #[arg(long, value_name = "FILE", group = "source")]
    pub(crate) config: Option<PathBuf>,
    /// The SQLite database; made, readable by you alone, if there is none
    #[arg(long, value_name = "FILE", default_value = "contacts.db")]
    pub(crate) db: PathBuf,
    /// Only this platform; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) platform: Vec<String>,
    #[command(flatten)]
    pub(crate) people: SandboxPeople,
    /// Print the report as JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no progress and no table, only errors (and the report, with --json)
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The invented people of `sync --sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxPeople {
    /// Invented users a platform
    #[arg(
        long,
        value_name = "N",
        requires = "sandbox",
        default_value_t = 10_000,
        help_heading = "Sandbox"
    )]
    pub(crate) users: u64,
    /// Invented chats, where a platform has them apart [default: as users, at most 1000]
    #[arg(long, value_name = "N", requires = "sandbox", help_heading = "Sandbox")]
    pub(crate) chats: Option<u64>,
    /// The same seed gives the same people
    #[arg(
        long,
        value_name = "N",
        requires = "sandbox",
        default_value_t = 1,
        help_heading = "Sandbox"
    )]
    pub(crate) seed: u64,
    /// Pretend that N records have changed since
    #[arg(
        long,
        value_name = "N",
        requires = "sandbox",
        default_value_t = 0,
        help_heading = "Sandbox",
        hide_short_help = true
    )]
    pub(crate) edits: u64,
    /// Let something go wrong, as `status=503,rate=0.1`; may be repeated
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
    /// Invented users a platform
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) users: u64,
    /// Invented chats, where a platform has them apart [default: as users, at most 1000]
    #[arg(long, value_name = "N")]
    pub(crate) chats: Option<u64>,
    /// The same seed gives the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Pretend that N records have changed since
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) edits: u64,
    /// The port of the page; the platforms are on those after it. 0 for any free ports
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    pub(crate) port: u16,
    /// Listen on this address instead of 127.0.0.1, for other computers too
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) bind: Option<IpAddr>,
    /// Let something go wrong, as `status=503,page=3,times=2`; may be repeated
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<String>,
    /// List the kinds of faults and exit
    #[arg(long)]
    pub(crate) faults: bool,
    /// After each page of a list, so many rows come in and so many vanish, on average
    #[arg(long, value_name = "N")]
    pub(crate) churn: Option<f64>,
    /// Give some records properties and words that no document names, as platforms do
    #[arg(long)]
    pub(crate) surprises: bool,
    /// Only this platform; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) platform: Vec<String>,
    /// Write the invented records to standard output, one JSON line each, and exit
    #[arg(long)]
    pub(crate) dump: bool,
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }
}
