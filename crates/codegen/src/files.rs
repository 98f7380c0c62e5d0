//! Generated files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Path, separated by `/`, and contents of a file.
pub(crate) type GeneratedFile = (String, String);

/// Generated files in memory: paths, separated by `/`, and contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub(crate) Vec<GeneratedFile>);

impl Files {
    /// Iterates over paths and contents, in the order of generation.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter();
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Returns the contents of the file with this path.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.iter()
            .find_map(|(known, text)| (known == path).then_some(text))
    }

    /// Writes all files below a folder, which is created if it does not exist. Files that are up to date keep their modification time.
    ///
    /// Other files in the folder are not removed: a build script empties its folder first, so that no module of an earlier version
    /// of the generator is found twice.
    ///
    /// # Errors
    /// A folder or file cannot be written. The error names its path.
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
