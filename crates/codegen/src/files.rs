//! Generated files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A path with `/` between its parts, and the text of the file.
pub(crate) type File = (String, String);

/// Generated files, each with its path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub(crate) Vec<File>);

impl Files {
    /// Iterates over paths and texts, in the order in which they were generated.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter();
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Returns the text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.iter()
            .find_map(|(known, text)| (known == path).then_some(text))
    }

    /// Writes all files below a folder, and leaves those untouched that have their text already.
    ///
    /// # Errors
    /// A folder cannot be created or a file not be written; the error names it.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        self.iter().try_for_each(|(path, text)| {
            let path = folder.join(path);
            write(&path, text).map_err(|error| named(&path, &error))
        })
    }
}

fn write(path: &PathBuf, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
