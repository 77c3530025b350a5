//! The one seam to the disk: trees of files that can be read and listed.
//!
//! A workspace, a pack folder and an embedded pack are all [`Files`]. Nothing outside [`Disk`] and [`crate::commit`]
//! touches the file system.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::fs::Metadata;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use crate::digest;
use crate::reasons;

/// The largest input file, in bytes. Larger ones are refused before they are read.
pub const MAX_FILE: u64 = 32 * 1024 * 1024;

/// The most files a tree may hold.
pub const MAX_FILES: usize = 10_000;

/// A tree of files. Paths are relative to its root, with `/`, without `.` or `..`.
pub trait Files: Send + Sync {
    /// The bytes of a file of at most [`MAX_FILE`].
    ///
    /// # Errors
    /// When it is not there, not a file, outside the root, too large, or cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// The files below a folder (`""` for all), sorted. An absent folder has none.
    ///
    /// # Errors
    /// When a folder cannot be read, a link leads out of the root, or there are more than [`MAX_FILES`].
    fn list(&self, folder: &str) -> Result<Vec<String>, FileError>;

    /// The digest of a file's bytes, however many they are: see [`digest::of_file`].
    ///
    /// # Errors
    /// As [`Files::read`], but for the size.
    fn digest(&self, path: &str) -> Result<String, FileError> {
        Ok(digest::of_file(&self.read(path)?))
    }

    /// The names of the folders directly in a folder (`""` for the root), sorted. An absent folder has none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn folders(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let paths = self.list(folder)?;
        let name = |path: &String| path.strip_prefix(&prefix)?.split_once('/').map(|(name, _)| name.to_owned());
        Ok(paths.iter().filter_map(name).collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// How to name a file to the user: the path put behind the root as the user knows it.
    fn name(&self, path: &str) -> String;
}

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file, as the user knows it.
    pub name: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It does not exist.
    Missing,
    /// The path leaves its root, by `..`, an absolute path or a link.
    Outside,
    /// The path is written with `\\`.
    Backslash,
    /// It has more bytes than [`MAX_FILE`].
    TooLarge(u64),
    /// The tree has more than [`MAX_FILES`] files.
    TooMany,
    /// It is something else than a file: a folder, a pipe, a socket, a device.
    NotAFile(&'static str),
    /// The system says no.
    Io(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.problem {
            Problem::Missing => write!(f, "`{name}` does not exist"),
            Problem::Outside => write!(f, "`{name}` leads out of its folder"),
            Problem::Backslash => {
                write!(f, "`{name}` is written with `\\`; write `/`: `{}`", name.replace('\\', "/"))
            }
            Problem::TooLarge(bytes) => {
                write!(f, "`{name}` has {} MB; at most {} MB are read", bytes >> 20, MAX_FILE >> 20)
            }
            Problem::TooMany => write!(f, "`{name}` holds more than {MAX_FILES} files"),
            Problem::NotAFile(kind) => write!(f, "`{name}` cannot be read: it is not a file, but {kind}"),
            Problem::Io(problem) => write!(f, "`{name}` cannot be read: {problem}"),
        }
    }
}

impl std::error::Error for FileError {}

impl FileError {
    /// Whether the file does not exist. Any other problem is no reason to do without it.
    pub fn is_missing(&self) -> bool {
        self.problem == Problem::Missing
    }
}

/// Whether a path stays below its root when read as text alone.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('\\')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A path as it is meant: `./a` is `a`.
pub(crate) fn plain(path: &str) -> Cow<'_, str> {
    if !path.starts_with("./") && !path.contains("/./") {
        return Cow::Borrowed(path);
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path.split('/').filter(|part| *part != "." && !part.is_empty()).collect();
    Cow::Owned(root.to_owned() + &parts.join("/"))
}

/// What keeps a path from being one below its root.
fn astray(path: &str) -> Option<Problem> {
    match is_inside(path) {
        true => None,
        false if path.contains('\\') && !path.contains(':') && is_inside(&path.replace('\\', "/")) => {
            Some(Problem::Backslash)
        }
        false => Some(Problem::Outside),
    }
}

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    /// Where the root really is, once somebody asked.
    real: Arc<OnceLock<PathBuf>>,
    prefix: String,
    leaves_out: fn(&str) -> bool,
}

#[expect(clippy::disallowed_methods, reason = "the seam itself")]
impl Disk {
    /// The folder at `root`. `prefix` is put before paths when they are named to the user; empty, or ending in `/`.
    pub fn new(root: impl Into<PathBuf>, prefix: impl Into<String>) -> Disk {
        Disk { root: root.into(), real: Arc::default(), prefix: prefix.into(), leaves_out: |_| false }
    }

    /// The same, as if some files and folders were not there.
    pub fn leaving_out(self, leaves_out: fn(&str) -> bool) -> Disk {
        Disk { leaves_out, ..self }
    }

    /// One file that the user names, wherever it lies and however it is linked.
    ///
    /// # Errors
    /// When it is not there, too large, or cannot be read.
    pub fn file(path: &Path) -> Result<Vec<u8>, FileError> {
        let name = path.display().to_string();
        let real = path.canonicalize().map_err(|error| Disk::new("", "").io(&name, &error))?;
        let (Some(folder), Some(file)) = (real.parent(), real.file_name()) else {
            return Err(FileError { name, problem: Problem::NotAFile("a folder") });
        };
        Disk::new(folder, "").read(&file.to_string_lossy()).map_err(|error| FileError { name, ..error })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The names of all that stands directly in a folder, sorted; a folder that is not there holds nothing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn entries(folder: &Path) -> Result<Vec<OsString>, FileError> {
        let failed = |error: std::io::Error| FileError {
            name: folder.display().to_string(),
            problem: Problem::Io(reasons::io(&error)),
        };
        let entries = match std::fs::read_dir(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let names: Result<Vec<OsString>, _> = entries.map(|entry| entry.map(|entry| entry.file_name())).collect();
        let mut names = names.map_err(failed)?;
        names.sort();
        Ok(names)
    }

    /// The folders directly in a folder, sorted; none when it cannot be read.
    pub fn folders(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    }

    fn error(&self, path: &str, problem: Problem) -> FileError {
        FileError { name: self.name(path), problem }
    }

    fn io(&self, path: &str, error: &std::io::Error) -> FileError {
        let problem = match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Problem::Missing,
            _ => Problem::Io(reasons::io(error)),
        };
        self.error(path, problem)
    }

    /// The real path of a file, when it lies below the root after links are followed.
    fn resolve(&self, path: &str) -> Result<PathBuf, FileError> {
        let path = &*plain(path);
        if let Some(problem) = astray(path) {
            return Err(self.error(path, problem));
        }
        if (self.leaves_out)(path) {
            return Err(self.error(path, Problem::Missing));
        }
        let root = self.real_root().map_err(|error| self.io(path, &error))?;
        let (real, is_link) = unlinked(root, path).map_err(|error| self.io(path, &error))?;
        if !is_link {
            return Ok(real);
        }
        let real = real.canonicalize().map_err(|error| self.io(path, &error))?;
        if real.starts_with(root) { Ok(real) } else { Err(self.error(path, Problem::Outside)) }
    }

    /// Where the root is when links are followed: asked of the system once, as every file is looked for below it.
    fn real_root(&self) -> std::io::Result<&Path> {
        if let Some(real) = self.real.get() {
            return Ok(real);
        }
        let real = self.root.canonicalize()?;
        Ok(self.real.get_or_init(|| real))
    }

    /// Collects the files below a folder; `seen` counts them and the folders.
    fn walk(&self, folder: &str, found: &mut Vec<String>, seen: &mut usize, depth: usize) -> Result<(), FileError> {
        let path = if folder.is_empty() { self.root.clone() } else { self.resolve(folder)? };
        let entries = std::fs::read_dir(&path).map_err(|error| self.io(folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| self.io(folder, &error))?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(self.error(folder, Problem::Io("a file name is not UTF-8".into())));
            };
            let child = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if (self.leaves_out)(&child) {
                continue;
            }
            *seen += 1;
            if *seen > MAX_FILES {
                return Err(self.error(folder, Problem::TooMany));
            }
            let own = entry.file_type().map_err(|error| self.io(&child, &error))?;
            let kind = match own.is_symlink() {
                true => std::fs::metadata(entry.path()).map_err(|error| self.io(&child, &error))?.file_type(),
                false => own,
            };
            if kind.is_dir() {
                if depth >= 16 {
                    return Err(self.error(&child, Problem::TooMany));
                }
                self.walk(&child, found, seen, depth + 1)?;
            } else {
                // The folder is below the root, and what is no link stands in it.
                match astray(&child) {
                    Some(problem) => return Err(self.error(&child, problem)),
                    None if own.is_symlink() => drop(self.resolve(&child)?),
                    None => {}
                }
                found.push(child);
            }
        }
        Ok(())
    }

    /// The bytes of what is a file when it is looked at, and still one when it is open: a pipe would wait for somebody
    /// to write, a device never ends. A size is what a file says of itself, so reading has an end of its own.
    fn read_file(&self, path: &str, real: &Path) -> Result<Vec<u8>, FileError> {
        let sound = |metadata: std::io::Result<Metadata>| {
            let metadata = metadata.map_err(|error| self.io(path, &error))?;
            match metadata.len() {
                _ if !metadata.is_file() => Err(self.error(path, Problem::NotAFile(kind(&metadata)))),
                large if large > MAX_FILE => Err(self.error(path, Problem::TooLarge(large))),
                bytes => Ok(bytes),
            }
        };
        sound(std::fs::metadata(real))?;
        let file = std::fs::File::open(real).map_err(|error| self.io(path, &error))?;
        let mut bytes = Vec::with_capacity(sound(file.metadata())? as usize);
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| self.io(path, &error))?;
        match bytes.len() as u64 {
            large if large > MAX_FILE => Err(self.error(path, Problem::TooLarge(large))),
            _ => Ok(bytes),
        }
    }
}

/// A path below a root, and whether a link stands in it: where none does, that is where it really is.
fn unlinked(root: &Path, path: &str) -> std::io::Result<(PathBuf, bool)> {
    let (mut real, mut is_link) = (root.to_owned(), false);
    for part in path.split('/') {
        real.push(part);
        is_link = is_link || std::fs::symlink_metadata(&real)?.is_symlink();
    }
    Ok((real, is_link))
}

/// What a file is known by while nobody looks into it: its size, and when it was changed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// A made-up one.
    pub fn of(bytes: u64) -> Stamp {
        Stamp { bytes, modified: None }
    }
}

/// The stamps of the files below a folder, by path; what cannot be looked at has none. `leaves_out` is as for
/// [`Disk::leaving_out`]. Of more than [`MAX_FILES`], the rest is not looked at.
pub fn stamps(folder: &Path, leaves_out: &dyn Fn(&str) -> bool) -> BTreeMap<String, Stamp> {
    let mut found = BTreeMap::new();
    stamp(folder, "", leaves_out, &mut found, 0);
    found
}

#[expect(clippy::disallowed_methods, reason = "the seam itself")]
fn stamp(
    root: &Path,
    folder: &str,
    leaves_out: &dyn Fn(&str) -> bool,
    found: &mut BTreeMap<String, Stamp>,
    depth: usize,
) {
    let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    for entry in entries {
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if leaves_out(&path) || found.len() >= MAX_FILES {
            continue;
        }
        match std::fs::metadata(entry.path()) {
            Ok(metadata) if metadata.is_dir() && depth < 16 => stamp(root, &path, leaves_out, found, depth + 1),
            Ok(metadata) if metadata.is_file() => {
                found.insert(path, Stamp { bytes: metadata.len(), modified: metadata.modified().ok() });
            }
            _ => {}
        }
    }
}

/// Whether standard input can end: it is a terminal, a pipe or a file. Programs that nobody speaks to are given a device
/// that ended before it began.
pub fn input_can_end() -> bool {
    #[cfg(unix)]
    {
        use std::io::IsTerminal as _;
        use std::os::fd::AsFd as _;
        use std::os::unix::fs::FileTypeExt as _;
        let input = std::io::stdin();
        let is_device = input
            .as_fd()
            .try_clone_to_owned()
            .and_then(|input| std::fs::File::from(input).metadata())
            .is_ok_and(|metadata| metadata.file_type().is_char_device());
        input.is_terminal() || !is_device
    }
    #[cfg(not(unix))]
    true
}

/// What something is that is no file.
fn kind(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    if metadata.is_dir() { "a folder" } else { "something else" }
}

#[expect(clippy::disallowed_methods, reason = "the seam itself")]
impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let real = self.resolve(path)?;
        self.read_file(path, &real)
    }

    fn digest(&self, path: &str) -> Result<String, FileError> {
        let real = self.resolve(path)?;
        let metadata = std::fs::metadata(&real).map_err(|error| self.io(path, &error))?;
        if !metadata.is_file() {
            return Err(self.error(path, Problem::Io("it is not a file".into())));
        }
        let opened = std::fs::File::open(&real).and_then(digest::of_reader);
        opened.map_err(|error| self.io(path, &error))
    }

    fn folders(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let path = if folder.is_empty() { self.root.clone() } else { self.resolve(folder)? };
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.io(folder, &error)),
        };
        let names = entries.flatten().filter(|entry| entry.path().is_dir());
        let mut names: Vec<String> = names.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        Ok(names)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let path = self.root.join(folder);
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(self.error(folder, Problem::Io("it is not a folder".into()))),
            // A link that leads nowhere stands there all the same.
            Err(error) if self.io(folder, &error).is_missing() && path.symlink_metadata().is_err() => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(self.io(folder, &error)),
        }
        let mut found = Vec::new();
        self.walk(folder, &mut found, &mut 0, 0)?;
        found.sort();
        Ok(found)
    }

    fn name(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// A folder of another tree.
pub struct Under {
    files: Arc<dyn Files>,
    folder: String,
}

impl Under {
    /// The folder in `files`.
    pub fn new(files: Arc<dyn Files>, folder: impl Into<String>) -> Under {
        Under { files, folder: folder.into() }
    }

    fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.folder)
    }
}

impl Files for Under {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.read(&self.path(path))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let inside = self.path("");
        let found = self.files.list(self.path(folder).trim_end_matches('/'))?;
        Ok(found.into_iter().filter_map(|path| Some(path.strip_prefix(&inside)?.to_owned())).collect())
    }

    fn name(&self, path: &str) -> String {
        self.files.name(&self.path(path))
    }
}

/// A tree in which some files are other than in the one below it, or gone.
pub struct Changed {
    below: Arc<dyn Files>,
    changes: BTreeMap<String, Option<Vec<u8>>>,
}

impl Changed {
    /// The tree `below` with `changes`: the bytes of a file, or nothing for one that is gone.
    pub fn new(below: Arc<dyn Files>, changes: BTreeMap<String, Option<Vec<u8>>>) -> Changed {
        Changed { below, changes }
    }
}

impl Files for Changed {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match self.changes.get(path) {
            None => self.below.read(path),
            Some(Some(bytes)) => Ok(bytes.clone()),
            Some(None) => Err(FileError { name: self.name(path), problem: Problem::Missing }),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut paths: BTreeSet<String> = self.below.list(folder)?.into_iter().collect();
        for (path, bytes) in self.changes.iter().filter(|(path, _)| path.starts_with(&prefix)) {
            if bytes.is_some() {
                paths.insert(path.clone())
            } else {
                paths.remove(path)
            };
        }
        Ok(paths.into_iter().collect())
    }

    fn name(&self, path: &str) -> String {
        self.below.name(path)
    }
}

/// Trees laid over one another: the first that has a file gives it.
pub struct Layered {
    layers: Vec<Arc<dyn Files>>,
    places: BTreeMap<String, usize>,
}

impl Layered {
    /// Lays trees over one another, the outermost first.
    ///
    /// # Errors
    /// When one cannot be listed.
    pub fn new(layers: Vec<Arc<dyn Files>>) -> Result<Layered, FileError> {
        let mut places = BTreeMap::new();
        for (layer, files) in layers.iter().enumerate() {
            for path in files.list("")? {
                places.entry(path).or_insert(layer);
            }
        }
        Ok(Layered { layers, places })
    }

    /// The trees, the outermost first.
    pub fn layers(&self) -> &[Arc<dyn Files>] {
        &self.layers
    }

    /// The tree that gives a file, counted from the outermost.
    pub fn layer_of(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    fn giver(&self, path: &str) -> &dyn Files {
        &*self.layers[self.layer_of(path).unwrap_or_default()]
    }
}

impl Files for Layered {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.giver(path).read(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(self.places.keys().filter(|path| path.starts_with(&prefix)).cloned().collect())
    }

    fn name(&self, path: &str) -> String {
        self.giver(path).name(path)
    }
}

/// Files in memory: an embedded pack, or a test.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    prefix: String,
}

impl Memory {
    /// No files; `prefix` as for [`Disk::new`].
    pub fn new(prefix: impl Into<String>) -> Memory {
        Memory { files: BTreeMap::new(), prefix: prefix.into() }
    }

    /// The same files, named to the user behind another prefix.
    #[must_use]
    pub fn named(self, prefix: impl Into<String>) -> Memory {
        Memory { prefix: prefix.into(), ..self }
    }

    /// Puts a file in, or replaces it.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// The same, with a file put in.
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Memory {
        self.insert(path, bytes);
        self
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let path = &*plain(path);
        let problem = astray(path).unwrap_or(Problem::Missing);
        let bytes = self.files.get(path).ok_or(FileError { name: self.name(path), problem })?;
        match bytes.len() as u64 {
            large if large > MAX_FILE => Err(FileError { name: self.name(path), problem: Problem::TooLarge(large) }),
            _ => Ok(bytes.clone()),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(self.files.keys().filter(|path| path.starts_with(&prefix)).cloned().collect())
    }

    fn name(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_its_root_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        std::fs::write(root.join("here"), "h").unwrap();
        let disk = Disk::new(&root, "ws/");
        assert_eq!(disk.read("here").unwrap(), b"h");
        for path in ["../secret", "/etc/passwd", "a/../../secret", "..\\secret"] {
            assert_eq!(disk.read(path).unwrap_err().problem, Problem::Outside, "{path}");
        }
        assert_eq!(disk.read("./here").unwrap(), b"h");
        for path in ["./../secret", "/./etc/passwd", "C:\\here", "\\here"] {
            assert_eq!(disk.read(path).unwrap_err().problem, Problem::Outside, "{path}");
        }
        let said = disk.read("a\\here").unwrap_err().to_string();
        assert_eq!(said, "`ws/a\\here` is written with `\\`; write `/`: `ws/a/here`");
        assert_eq!(disk.read("absent").unwrap_err().to_string(), "`ws/absent` does not exist");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret"), root.join("link")).unwrap();
            assert_eq!(disk.read("link").unwrap_err().problem, Problem::Outside);
            assert_eq!(disk.list("").unwrap_err().problem, Problem::Outside);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_on_the_way_is_followed_as_far_as_it_stays_inside() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (root, other) = (folder.path().join("root"), folder.path().join("other"));
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir_all(other.join("b")).unwrap();
        std::fs::write(root.join("a/b/file"), "in").unwrap();
        std::fs::write(other.join("b/file"), "out").unwrap();
        symlink(root.join("a"), root.join("inside")).unwrap();
        symlink(&root, folder.path().join("called")).unwrap();
        // The root itself may be called by a link.
        for disk in [Disk::new(&root, ""), Disk::new(folder.path().join("called"), "")] {
            for path in ["a/b/file", "inside/b/file", "a//b/file"] {
                assert_eq!(disk.read(path).unwrap(), b"in", "{path}");
            }
            assert_eq!(disk.list("").unwrap(), ["a/b/file", "inside/b/file"]);
        }
        symlink(&other, root.join("outside")).unwrap();
        for disk in [Disk::new(&root, ""), Disk::new(folder.path().join("called"), "")] {
            assert_eq!(disk.read("outside/b/file").unwrap_err().problem, Problem::Outside);
            assert_eq!(disk.read("outside/b/none").unwrap_err().problem, Problem::Missing);
            assert_eq!(disk.list("").unwrap_err().problem, Problem::Outside);
        }
    }

    #[test]
    fn the_outermost_tree_that_has_a_file_gives_it() {
        let tree = |name: &str, paths: &[&str]| -> Arc<dyn Files> {
            let files = Memory::new(format!("{name}/"));
            Arc::new(paths.iter().fold(files, |files, path| files.with(*path, name)))
        };
        let files = Layered::new(vec![tree("house", &["a", "x/b"]), tree("base", &["a", "x/c"])]).unwrap();
        assert_eq!(files.read("a").unwrap(), b"house");
        assert_eq!((files.read("x/c").unwrap(), files.name("x/c")), (b"base".to_vec(), "base/x/c".into()));
        assert_eq!(files.list("x").unwrap(), ["x/b", "x/c"]);
        assert_eq!((files.layer_of("x/b"), files.layer_of("x/c"), files.layer_of("none")), (Some(0), Some(1), None));
        assert_eq!(files.read("none").unwrap_err().problem, Problem::Missing);
    }

    #[test]
    fn a_changed_tree_has_other_files() {
        let below: Arc<dyn Files> = Arc::new(Memory::new("ws/").with("a", "1").with("x/b", "2").with("x/c", "3"));
        let changes = [("a", Some("new")), ("x/b", None), ("x/d", Some("4"))];
        let changes = changes.map(|(path, text)| (path.to_owned(), text.map(|text| text.as_bytes().to_vec())));
        let files = Changed::new(below, changes.into());
        assert_eq!(files.read("a").unwrap(), b"new");
        assert_eq!(files.read("x/b").unwrap_err().to_string(), "`ws/x/b` does not exist");
        assert_eq!((files.list("x").unwrap(), files.list("").unwrap().len()), (vec!["x/c".into(), "x/d".into()], 3));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("folder")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
        let disk = Disk::new(root, "");
        for (path, kind) in [("folder", "a folder"), ("socket", "a socket"), ("pipe", "a pipe")] {
            assert_eq!(disk.read(path).unwrap_err().problem, Problem::NotAFile(kind));
            assert_eq!(Disk::file(&root.join(path)).unwrap_err().problem, Problem::NotAFile(kind));
        }
        assert_eq!(Disk::file(Path::new("/dev/zero")).unwrap_err().problem, Problem::NotAFile("a device"));
        std::os::unix::fs::symlink("/dev/zero", root.join("zero")).unwrap();
        assert_eq!(disk.read("zero").unwrap_err().problem, Problem::Outside);
        // Files that say that they are empty, and are not.
        assert!(!Disk::file(Path::new("/proc/self/status")).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_listed_is_not_empty() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
        let disk = Disk::new(folder.path(), "");
        assert_eq!(disk.list("absent").unwrap(), [""; 0]);
        assert_eq!(disk.list("file/below").unwrap(), [""; 0]);
        assert!(disk.list("file").is_err());
        assert!(disk.list("link").is_err());
    }

    #[test]
    fn a_file_of_100_mb_is_refused_unread() {
        let folder = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(folder.path().join("big")).unwrap();
        file.set_len(100 << 20).unwrap();
        let error = Disk::new(folder.path(), "").read("big").unwrap_err();
        assert_eq!(error.to_string(), "`big` has 100 MB; at most 32 MB are read");
    }
}
