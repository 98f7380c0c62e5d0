use super::{SourceError, SourceProblem, SourceWarning};
use crate::Secret;
use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::Path,
};
use zeroize::Zeroizing;

/// Bytes; more is no secret but the wrong file.
const LONGEST: usize = 64 * 1024;

pub(super) fn read(
    path: &Path,
    private: bool,
) -> Result<(Secret, Option<SourceWarning>), SourceError> {
    let error = |problem| SourceError::of_file(path, problem);
    let unreadable = |problem: io::Error| match problem.kind() {
        io::ErrorKind::NotFound => error(SourceProblem::NotThere),
        _ => error(SourceProblem::Unreadable),
    };
    // Opening a pipe would wait for its other end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(error(SourceProblem::NotAFile));
    }
    let file = File::open(path).map_err(unreadable)?;
    // Of what was opened, which may not be what was there a moment ago.
    let metadata = file.metadata().map_err(unreadable)?;
    let access = Access::of_others(&metadata);
    if !metadata.is_file() {
        return Err(error(SourceProblem::NotAFile));
    }
    if access.write {
        return Err(error(SourceProblem::WritableByOthers));
    }
    if access.read && private {
        return Err(error(SourceProblem::ReadableByOthers));
    }
    // Never grown, because that would leave a copy of its bytes behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > LONGEST {
        return Err(error(SourceProblem::TooLong));
    }
    let text = str::from_utf8(&bytes).map_err(|_| error(SourceProblem::NotText))?;
    let text = text
        .strip_suffix('\n')
        .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if text.is_empty() {
        return Err(error(SourceProblem::Empty));
    }
    let warning = access
        .read
        .then(|| SourceWarning::ReadableByOthers(path.to_owned()));
    Ok((Secret::new(text), warning))
}

/// What users other than the owner can do with a file.
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

    /// Other systems have no modes.
    #[cfg(not(unix))]
    fn of_others(_: &Metadata) -> Self {
        Self {
            read: false,
            write: false,
        }
    }
}
