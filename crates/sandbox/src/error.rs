//! The error of starting a sandbox.

use std::{error::Error, fmt, io};

/// The error when a sandbox cannot start.
#[derive(Debug)]
pub struct SandboxError {
    message: String,
    is_about_ports: bool,
    source: Option<io::Error>,
}

impl SandboxError {
    /// Returns whether other ports may work.
    pub fn is_about_ports(&self) -> bool {
        self.is_about_ports
    }

    fn new(message: String) -> Self {
        Self {
            message,
            is_about_ports: false,
            source: None,
        }
    }

    pub(crate) fn spec(platform: &str, at: &str, why: &str) -> Self {
        Self::new(match at {
            "" => format!("spec of {platform}: {why}"),
            at => format!("spec of {platform}, {at}: {why}"),
        })
    }

    pub(crate) fn platform(name: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        Self::new(format!(
            "platform '{name}' does not exist: choose from {known}"
        ))
    }

    pub(crate) fn bind(address: &str, error: io::Error) -> Self {
        let (is_about_ports, why) = match error.kind() {
            io::ErrorKind::AddrInUse => (true, ", which is in use: choose another port".to_owned()),
            io::ErrorKind::PermissionDenied => {
                let why = ", which requires privileges: choose another port";
                (true, why.to_owned())
            }
            io::ErrorKind::AddrNotAvailable => {
                let why = ": this computer does not have this address";
                (false, why.to_owned())
            }
            _ => (false, format!(": {error}")),
        };
        Self {
            message: format!("cannot listen on {address}{why}"),
            is_about_ports,
            source: Some(error),
        }
    }

    pub(crate) fn ports(first: u16, count: usize) -> Self {
        let message = format!("there are not {count} ports from {first}: choose a lower one");
        Self {
            is_about_ports: true,
            ..Self::new(message)
        }
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source)
    }
}
