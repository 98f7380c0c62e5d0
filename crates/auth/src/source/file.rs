use super::{SecretSourceError, SecretSourceProblem, SecretSourceWarning};
use crate::Secret;
use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::Path,
};
use zeroize::Zeroizing;

/// Maximum size of a secret file in bytes.
const LONGEST: usize = 64 * 1024;

pub(super) fn read(
    path: &Path,
    private: bool,
) -> Result<(Secret, Option<SecretSourceWarning>), SecretSourceError> {
    let error = |problem| SecretSourceError::of_file(path, problem);
    let unreadable = |problem: io::Error| match problem.kind() {
        io::ErrorKind::NotFound => error(SecretSourceProblem::NotThere),
        _ => error(SecretSourceProblem::Unreadable),
    };
    // Opening a pipe would wait for its other end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(error(SecretSourceProblem::NotAFile));
    }
    let file = File::open(path).map_err(unreadable)?;
    // Of the opened file, which may differ from the one checked above.
    let metadata = file.metadata().map_err(unreadable)?;
    let access = Access::of_others(&metadata);
    if !metadata.is_file() {
        return Err(error(SecretSourceProblem::NotAFile));
    }
    if access.write {
        return Err(error(SecretSourceProblem::WritableByOthers));
    }
    if access.read && private {
        return Err(error(SecretSourceProblem::ReadableByOthers));
    }
    // Never reallocated, which would leave a copy of the bytes behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > LONGEST {
        return Err(error(SecretSourceProblem::TooLong));
    }
    let text = str::from_utf8(&bytes).map_err(|_| error(SecretSourceProblem::NotText))?;
    let text = text
        .strip_suffix('\n')
        .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if text.is_empty() {
        return Err(error(SecretSourceProblem::Empty));
    }
    let warning = access
        .read
        .then(|| SecretSourceWarning::ReadableByOthers(path.to_owned()));
    Ok((Secret::new(text), warning))
}

/// Access of users other than the owner.
struct Access {
    read: bool,
    write: bool,
}

impl Access {
    #[cfg(unix)]
    fn of_others(metadata: &Metadata) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode();
        Self {
            read: mode & 0o044 != 0,
            write: mode & 0o022 != 0,
        }
    }

    /// Other systems have no file modes.
    #[cfg(not(unix))]
    fn of_others(_: &Metadata) -> Self {
        Self {
            read: false,
            write: false,
        }
    }
}
