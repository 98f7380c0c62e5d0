use std::fmt;
use std::process::ExitCode;

/// Why the command did not do what was asked: one line that names the thing and the fix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    text: String,
    code: u8,
}

/// Some stream is not complete.
pub(crate) const INCOMPLETE: u8 = 1;
/// The command line or the configuration is wrong, or the database cannot be used.
pub(crate) const USAGE: u8 = 2;

impl Failure {
    /// Something the user has to change before running again.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: USAGE,
        }
    }

    /// Something that went wrong under way.
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
