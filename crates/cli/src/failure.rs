use std::fmt;
use std::process::ExitCode;

/// An error of the command: one line that names the problem and the fix, and the exit code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandFailure {
    text: String,
    code: u8,
}

/// The exit code if a stream is incomplete.
pub(crate) const INCOMPLETE: u8 = 1;
/// The exit code if the command line, the configuration or the database is invalid.
pub(crate) const USAGE: u8 = 2;

impl CommandFailure {
    /// An error that the user must fix before running again.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: USAGE,
        }
    }

    /// An error that occurred while running.
    pub(crate) fn incomplete(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: INCOMPLETE,
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for CommandFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
