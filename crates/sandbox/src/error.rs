use std::{error::Error, fmt, io};

/// The error when a sandbox cannot start.
#[derive(Debug)]
pub struct SandboxError(StartProblem);

#[derive(Debug)]
enum StartProblem {
    Spec {
        platform: String,
        at: String,
        why: String,
    },
    Platform {
        name: String,
        known: Vec<String>,
    },
    Bind {
        address: String,
        error: io::Error,
    },
    Ports {
        first: u16,
        platforms: usize,
    },
}

impl SandboxError {
    /// Returns whether other ports may work.
    pub fn is_about_ports(&self) -> bool {
        use io::ErrorKind::{AddrInUse, PermissionDenied};
        match &self.0 {
            StartProblem::Ports { .. } => true,
            StartProblem::Bind { error, .. } => {
                matches!(error.kind(), AddrInUse | PermissionDenied)
            }
            _ => false,
        }
    }

    pub(crate) fn spec(platform: &str, at: &str, why: &str) -> Self {
        Self(StartProblem::Spec {
            platform: platform.to_owned(),
            at: at.to_owned(),
            why: why.to_owned(),
        })
    }

    pub(crate) fn platform(name: &str, known: Vec<String>) -> Self {
        Self(StartProblem::Platform {
            name: name.to_owned(),
            known,
        })
    }

    pub(crate) fn bind(address: String, error: io::Error) -> Self {
        Self(StartProblem::Bind { address, error })
    }

    pub(crate) fn ports(first: u16, platforms: usize) -> Self {
        Self(StartProblem::Ports { first, platforms })
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            StartProblem::Spec { platform, at, why } if at.is_empty() => {
                write!(f, "spec of {platform}: {why}")
            }
            StartProblem::Spec { platform, at, why } => {
                write!(f, "spec of {platform}, {at}: {why}")
            }
            StartProblem::Platform { name, known } => {
                write!(
                    f,
                    "platform '{name}' does not exist: choose from {}",
                    known.join(", ")
                )
            }
            StartProblem::Bind { address, error } => match error.kind() {
                io::ErrorKind::AddrInUse => write!(
                    f,
                    "cannot listen on {address}, which is in use: choose another port"
                ),
                io::ErrorKind::AddrNotAvailable => write!(
                    f,
                    "cannot listen on {address}: this computer does not have this address"
                ),
                io::ErrorKind::PermissionDenied => write!(
                    f,
                    "cannot listen on {address}, which requires privileges: choose another port"
                ),
                _ => write!(f, "cannot listen on {address}: {error}"),
            },
            StartProblem::Ports { first, platforms } => {
                write!(
                    f,
                    "there are not {platforms} ports from {first}: choose a lower one"
                )
            }
        }
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            StartProblem::Bind { error, .. } => Some(error),
            _ => None,
        }
    }
}
