//! What is done to a disk, a step at a time, so that a test can stop after any of them as a kill would.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::path::Path;

/// Does steps until it is told to stop; every later one fails and does nothing.
#[derive(Debug, Default)]
pub(super) struct Hands {
    /// How many steps are left; as many as there are when none.
    left: Option<usize>,
    done: usize,
}

impl Hands {
    /// Hands that stop after so many steps.
    pub(super) fn stopping_after(steps: usize) -> Hands {
        Hands { left: Some(steps), done: 0 }
    }

    /// How many steps were done.
    pub(super) fn done(&self) -> usize {
        self.done
    }

    /// Whether a further step would be done.
    pub(super) fn may_go_on(&self) -> bool {
        self.left != Some(0)
    }

    fn step(&mut self) -> Result<()> {
        match &mut self.left {
            Some(0) => return Err(Error::other("stopped")),
            Some(left) => *left -= 1,
            None => {}
        }
        self.done += 1;
        Ok(())
    }

    pub(super) fn make_folder(&mut self, path: &Path) -> Result<()> {
        self.step()?;
        std::fs::create_dir(path)
    }

    pub(super) fn remove_folder(&mut self, path: &Path) -> Result<()> {
        self.step()?;
        std::fs::remove_dir(path)
    }

    /// Writes and syncs a file that is not there yet; it gets the permissions of the one that it will replace.
    pub(super) fn make_file(&mut self, path: &Path, bytes: &[u8], target: &Path, is_private: bool) -> Result<()> {
        self.step()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_private { 0o600 } else { 0o644 });
        #[cfg(not(unix))]
        let _ = is_private;
        let mut file = options.open(path)?;
        self.step()?;
        file.write_all(bytes)?;
        match std::fs::symlink_metadata(target) {
            Ok(there) if there.is_file() && !is_private => file.set_permissions(there.permissions())?,
            _ => {}
        }
        self.step()?;
        file.sync_data()
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Result<()> {
        self.step()?;
        std::fs::rename(from, to)
    }

    /// Removes a file; one that is gone already is no problem.
    pub(super) fn remove_file(&mut self, path: &Path) -> Result<()> {
        self.step()?;
        match std::fs::remove_file(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Makes sure that a folder's entries outlast a power cut, where the system can do that.
    pub(super) fn sync_folder(&mut self, path: &Path) -> Result<()> {
        self.step()?;
        if cfg!(unix) {
            match File::open(path)?.sync_all() {
                Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
                other => other,
            }
        } else {
            Ok(())
        }
    }
}
