//! Writing: the one module that changes the disk.
//!
//! A [`Batch`] is prepared whole before anything is replaced: every file is written beside its target, then all are
//! renamed in order. When preparing fails, nothing has changed; when the run is killed while renaming, each file is old
//! or new.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::output as codes;

/// Files to be written together.
#[derive(Default)]
pub struct Batch {
    prepared: Vec<(NamedTempFile, PathBuf)>,
    obsolete: Vec<PathBuf>,
}

impl Batch {
    /// Writes a file beside its target; the folder is made when it is not there.
    ///
    /// # Errors
    /// When the folder or file cannot be written.
    pub fn prepare(&mut self, target: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.prepare_with(&temporary(0o644), target, bytes)
    }

    /// The same, for a file that on Unix nobody but its owner may read: a secret key.
    ///
    /// # Errors
    /// When the folder or file cannot be written.
    pub fn prepare_private(&mut self, target: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.prepare_with(&temporary(0o600), target, bytes)
    }

    fn prepare_with(
        &mut self,
        temporary: &tempfile::Builder<'_, '_>,
        target: &Path,
        bytes: &[u8],
    ) -> Result<(), Diagnostic> {
        let folder = target.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        if target.is_dir() {
            let problem = format!("`{}` cannot be written: a folder of that name is in its place", target.display());
            return Err(Diagnostic::fault(&codes::OUTPUT_UNWRITABLE, problem));
        }
        let mut file = temporary.tempfile_in(folder).map_err(|error| unwritable(target, &error))?;
        file.write_all(bytes).map_err(|error| unwritable(target, &error))?;
        self.prepared.push((file, target.to_owned()));
        Ok(())
    }

    /// Marks a file to be removed once the others are in place.
    pub fn remove(&mut self, target: PathBuf) {
        self.obsolete.push(target);
    }

    /// Puts all prepared files in place, in order.
    ///
    /// # Errors
    /// When a file cannot be renamed; those before it are in place.
    pub fn commit(self) -> Result<(), Diagnostic> {
        for (file, _) in &self.prepared {
            file.as_file().sync_data().map_err(|error| unwritable(file.path(), &error))?;
        }
        for (file, target) in self.prepared {
            file.persist(&target).map_err(|error| unwritable(&target, &error.error))?;
        }
        for target in self.obsolete {
            match std::fs::remove_file(&target) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unwritable(&target, &error)),
                _ => {}
            }
        }
        Ok(())
    }
}

const PREFIX: &str = ".folio-";
const SUFFIX: &str = ".tmp";

/// Removes what a run that was killed left in a folder; to be called before anything is prepared. What cannot be
/// removed does no harm.
#[expect(clippy::disallowed_methods, reason = "outputs lie outside the trees that Files reads")]
pub fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Names of temporary files, on Unix with the permissions that the file will have.
#[cfg_attr(not(unix), expect(unused_variables, reason = "permissions are Unix's"))]
fn temporary(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder
}

/// Whether a folder can be filled: it is not there, or is empty.
#[expect(
    clippy::disallowed_methods,
    reason = "a folder that is about to be made lies outside the trees that Files reads"
)]
pub fn is_free(folder: &Path) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// The bytes of an output that is in place; `None` when there is none, or it cannot be read.
#[expect(clippy::disallowed_methods, reason = "outputs lie outside the trees that Files reads")]
pub fn read(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

fn unwritable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::fault(&codes::OUTPUT_UNWRITABLE, format!("`{}` cannot be written: {error}", path.display()))
        .help("nothing was changed; free space or change the permission, and run again")
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make and read files")]
mod tests {
    use super::*;

    fn read(path: &Path) -> String {
        String::from_utf8(std::fs::read(path).unwrap()).unwrap()
    }

    #[test]
    fn a_batch_that_cannot_be_prepared_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&a, "old").unwrap();
        std::fs::create_dir(&b).unwrap();
        let mut batch = Batch::default();
        batch.prepare(&a, b"new").unwrap();
        assert!(batch.prepare(&b, b"new").is_err());
        drop(batch);
        assert_eq!(read(&a), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn a_batch_is_put_in_place_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (a, old) = (folder.path().join("sub/a"), folder.path().join("old"));
        std::fs::write(&old, "old").unwrap();
        let mut batch = Batch::default();
        batch.prepare(&a, b"new").unwrap();
        batch.remove(old.clone());
        assert!(!a.exists());
        batch.commit().unwrap();
        assert_eq!(read(&a), "new");
        assert!(!old.exists());
    }
}
