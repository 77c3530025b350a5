//! Packs that are given on: built, signed, verified, and installed from a file, a folder or an index.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests make and read files, and serve them")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use folio::diagnostic::Sink;
use folio::digest::of_file as file_digest;
use folio::files::Memory;
use folio::pack::Layer;
use folio::pack::sign::{self, Key, Signed};
use folio::pack::trust::Trust;

/// A folder with what one author or user has.
struct Place {
    folder: tempfile::TempDir,
}

/// What a command said, and its exit code.
struct Said {
    code: i32,
    text: String,
}

impl Said {
    #[track_caller]
    fn is(self, code: i32, words: &str) -> Said {
        assert!(self.code == code && self.text.contains(words), "exit {}: {}", self.code, self.text);
        self
    }
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Place {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.path(path)).unwrap()
    }

    /// The names of the files in a folder.
    fn names(&self, path: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(path)).into_iter().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".tmp"))
            .collect();
        names.sort();
        names
    }

    /// `folio pack` with some arguments.
    #[track_caller]
    fn pack(&self, arguments: &[&str]) -> Said {
        self.folio(&[&["pack"], arguments].concat())
    }

    #[track_caller]
    fn folio(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "FOLIO_TRUST"]
        {
            command.env_remove(name);
        }
        let output = command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("FOLIO_PACKS", self.path("home/packs"))
            .env("FOLIO_KEY_PASSWORD", "open sesame")
            .output()
            .unwrap();
        let text = [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        Said { code: output.status.code().unwrap(), text }
    }

    /// The specimen pack, in `specimen/`, or another that extends it, in a folder of its name.
    fn specimen(&self) -> &Place {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/pack"), &self.path("specimen"));
        self
    }

    fn house(&self, id: &str, extends: &str) -> &Place {
        self.write(
            &format!("{id}/pack.yaml"),
            format!("format: 1\nid: {id}\nversion: \"2.0.0\"\ntitle: House\nstandard: House rules\nlanguage: en-GB\nextends: {extends}\n"),
        )
    }

    /// A key without password, in `keys/`.
    fn key(&self, name: &str) -> &Place {
        self.pack(&["key", "--out", "keys", "--name", name, "--no-password"]).is(0, "verifies");
        self
    }

    /// The archive of a pack's folder, built and signed.
    fn signed(&self, folder: &str, key: &str) -> String {
        let archive = self.built(folder);
        self.pack(&["sign", &archive, "--key", &format!("keys/{key}.key")]).is(0, "signed");
        archive
    }

    fn built(&self, folder: &str) -> String {
        let said = self.pack(&["build", folder]).is(0, "digest").text;
        said.lines().find_map(|line| Some(line.split_once(".zip ")?.0.to_owned() + ".zip")).unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn two_builds_are_the_same_whatever_lies_beside() {
    let place = Place::new();
    place.specimen();
    let first = place.built("specimen");
    assert!(first.starts_with("specimen-1.0.0-"), "{first}");
    // The same files, made in another order and at another time, with what editors leave behind.
    let again = Place::new();
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![place.path("specimen")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort_by_key(|path| std::cmp::Reverse(path.clone()));
    for path in files {
        let name = path.strip_prefix(place.folder.path()).unwrap();
        again.write(name.to_str().unwrap(), std::fs::read(&path).unwrap());
        let file = std::fs::File::options().append(true).open(again.path(name.to_str().unwrap())).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
    }
    for leftover in
        [".git/config", "documents/handbook.md.hbs~", "out/draft/a.docx", "images/.DS_Store", "old-1.0.0-aa.zip"]
    {
        again.write(&format!("specimen/{leftover}"), "x");
    }
    assert_eq!(again.built("specimen"), first);
    assert_eq!(again.read(&first), place.read(&first));
    again.pack(&["show", "specimen"]).is(0, first[15..27].as_ref());
    // From inside the folder too, where the archive itself comes to lie.
    again.folio(&["-C", "specimen", "pack", "build"]).is(0, &first);
    again.folio(&["-C", "specimen", "pack", "build"]).is(0, &first);
}

#[test]
fn what_is_broken_or_could_not_be_unpacked_is_not_built() {
    let place = Place::new();
    place.specimen().write("specimen/data/aux.csv", "id\n");
    place.pack(&["build", "specimen"]).is(1, "error[F370]").is(1, "`aux` is a device of Windows");
    place.house("house", "nobody@^1").pack(&["build", "house"]).is(2, "error[F301]");
    assert!(place.names(".").iter().all(|name| !name.ends_with(".zip")));
}

#[test]
fn a_signature_holds_for_its_archive_alone() {
    let place = Place::new();
    let archive = place.specimen().key("acme").key("other").signed("specimen", "acme");
    let public = "keys/acme.pub";
    place.pack(&["verify", &archive, "--key", public]).is(0, "signed by key");
    let line = String::from_utf8(place.read(public)).unwrap().lines().nth(1).unwrap().to_owned();
    place.pack(&["verify", &archive, "--key", &line]).is(0, "signed by key");
    place.pack(&["verify", &archive, "--key", "keys/other.pub"]).is(1, "error[F372]");
    place.pack(&["verify", &archive, "--key", "keys/acme.key"]).is(2, "error[F378]");
    place.pack(&["verify", "none.zip", "--key", public]).is(2, "`none.zip` does not exist");

    // One byte of the archive: in the time stamp of its first entry, which nobody reads.
    let mut bytes = place.read(&archive);
    bytes[10] ^= 1;
    place.write("copy.zip", bytes).write("copy.zip.minisig", place.read(&format!("{archive}.minisig")));
    place.pack(&["verify", "copy.zip", "--key", public]).is(1, "");
    // One byte of the signature, of its trusted comment, of its comment's signature.
    let signature = String::from_utf8(place.read(&format!("{archive}.minisig"))).unwrap();
    for (from, to) in [("pack:specimen", "pack:specimem"), ("version:1.0.0", "version:1.0.1")] {
        place.write("sig", signature.replace(from, to));
        place.pack(&["verify", &archive, "--sig", "sig", "--key", public]).is(1, "error[F372]");
    }
    for line in [1, 3] {
        let mut lines: Vec<String> = signature.lines().map(str::to_owned).collect();
        let letter = if &lines[line][40..41] == "A" { "B" } else { "A" };
        lines[line].replace_range(40..41, letter);
        place.write("sig", lines.join("\n"));
        place.pack(&["verify", &archive, "--sig", "sig", "--key", public]).is(1, "error[F372]");
    }
    for broken in ["", "untrusted comment: x\n", "untrusted comment: x\nAAAA\ntrusted comment: y\nAAAA\n"] {
        place.write("sig", broken);
        place.pack(&["verify", &archive, "--sig", "sig", "--key", public]).is(1, "no signature of minisign");
    }
    // The signature of another archive by the same author.
    place.write("specimen/data/more.csv", "id\n");
    let later = place.signed("specimen", "acme");
    assert_ne!(later, archive);
    place.pack(&["verify", &archive, "--sig", &format!("{later}.minisig"), "--key", public]).is(1, "error[F372]");
}

#[test]
fn a_key_may_have_a_password_and_is_never_overwritten() {
    let place = Place::new();
    place.specimen().pack(&["key", "--out", "keys", "--name", "own"]).is(0, "keys/own.key signs");
    place.pack(&["key", "--out", "keys", "--name", "own"]).is(2, "is there already");
    let archive = place.signed("specimen", "own");
    place.pack(&["verify", &archive, "--key", "keys/own.pub"]).is(0, "signed by key");
    let secret = String::from_utf8(place.read("keys/own.key")).unwrap();
    let wrong = sign::secret_key(&secret, || Ok("open barley".into())).err().unwrap();
    assert!(wrong.message.contains("the password is wrong"), "{}", wrong.message);
    for none in ["", "untrusted comment: x\n", "untrusted comment: x\nRWQ=\n", secret.lines().next().unwrap()] {
        assert_eq!(sign::secret_key(none, || Ok(String::new())).err().unwrap().code, "F378", "{none:?}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.path("keys/own.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/minisign").join(name)).unwrap()
}

/// What the ordinary minisign tool made, of version 0.11, holds here; `minisign.key` has no password and signs nothing
/// else.
#[test]
fn what_the_minisign_tool_signs_is_verified() {
    let files = Memory::new("").with("pack.yaml", fixture("pack.yaml"));
    let pack = Layer::read(Arc::new(files), &mut Sink::new()).unwrap();
    let archive = fixture("archive");
    let key = Key::read(&String::from_utf8(fixture("minisign.pub")).unwrap()).unwrap();
    for name in ["archive.minisig", "archive.legacy.minisig"] {
        let signed = Signed::read(&fixture(name)).unwrap();
        assert_eq!(signed.number, key.number);
        key.verify(&archive, &signed).unwrap();
        signed.names(&pack).unwrap();
        assert_eq!(key.verify(b"an archivE\n", &signed).unwrap_err().code, "F372");
    }
    let secret =
        sign::secret_key(&String::from_utf8(fixture("minisign.key")).unwrap(), || panic!("no password")).unwrap();
    let signed = Signed::read(&sign::sign(&archive, &pack, &secret).unwrap()).unwrap();
    key.verify(&archive, &signed).unwrap();
    let text = format!("format: 1\nkeys:\n  - {{id: tool, key: {}, packs: [acme]}}\n", key.text);
    let trust = Trust::read("trust.yaml", &text, &mut Sink::new()).unwrap();
    assert_eq!(trust.verify(&archive, &pack, &signed).unwrap().id, "tool");
}

#[test]
fn a_trusted_author_installs_and_nobody_else() {
    let place = Place::new();
    let archive = place.specimen().key("acme").signed("specimen", "acme");
    place.pack(&["install", &archive]).is(1, "error[F373]").is(1, "is not trusted").is(1, "folio pack trust add");
    place.pack(&["verify", &archive]).is(1, "error[F373]");
    assert!(place.names("home/packs").is_empty(), "nothing was written");

    place.pack(&["trust", "add", "keys/acme.pub", "--for", "acme-*"]).is(0, "trusts `acme`");
    place.pack(&["install", &archive]).is(1, "`acme` is trusted for acme-*, not for `specimen`");
    place.pack(&["trust", "add", "keys/acme.pub", "--for", "specimen"]).is(0, "trusts `acme`");
    place.pack(&["trust", "list"]).is(0, "acme-*").is(0, "specimen");
    place.pack(&["verify", &archive]).is(0, "signed by `acme`");
    place.pack(&["install", &archive]).is(0, "signed by `acme`: installed in");
    assert_eq!(place.names("home/packs"), ["", ".minisig", ".sha256"].map(|suffix| archive.clone() + suffix));
    assert_eq!(place.read(&format!("home/packs/{archive}")), place.read(&archive));
    let record = format!("{}  {archive}\n", file_digest(&place.read(&archive)));
    assert_eq!(String::from_utf8(place.read(&format!("home/packs/{archive}.sha256"))).unwrap(), record);
    place.pack(&["install", &archive]).is(0, "was there already");

    // A trust file of one's own, and one with mistakes.
    place.write("none.yaml", "format: 1\nkeys: []\n");
    place.pack(&["install", &archive, "--trust", "none.yaml"]).is(1, "error[F373]");
    place
        .write("bad.yaml", "format: 1\nkeys:\n  - {id: a, key: RWnope, packs: [a]}\n  - {id: b, packs: [b], kee: x}\n");
    place.pack(&["install", &archive, "--trust", "bad.yaml"]).is(2, "error[F379]").is(2, "kee");
    place.pack(&["install", &archive, "--trust", "gone.yaml"]).is(2, "`gone.yaml` does not exist");
}

#[test]
fn what_is_unsigned_or_altered_is_installed_only_when_asked() {
    let place = Place::new();
    let archive = place.specimen().key("acme").built("specimen");
    place.pack(&["trust", "add", "keys/acme.pub", "--for", "*"]).is(0, "");
    place.pack(&["install", &archive]).is(1, "error[F371]").is(1, "--allow-unsigned");
    place.pack(&["install", "specimen"]).is(1, "error[F371]").is(1, "--allow-unsigned");
    // Signed, then altered: what stands in the archive is another document.
    place.pack(&["sign", &archive, "--key", "keys/acme.key"]).is(0, "");
    let signature = place.read(&format!("{archive}.minisig"));
    place.write(
        "specimen/documents/notice.md.hbs",
        "---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n# Altered {#sec-text}\n",
    );
    let altered = place.built("specimen");
    place.write(&format!("{altered}.minisig"), signature);
    place.pack(&["install", &altered]).is(1, "error[F372]");
    assert!(place.names("home/packs").is_empty());
    place.pack(&["install", &altered, "--allow-unsigned"]).is(0, "warning[F372]").is(0, "not signed: installed in");
    let names = |archive: &str, suffixes: &[&str]| suffixes.iter().map(|s| format!("{archive}{s}")).collect::<Vec<_>>();
    let found = place.names("home/packs");
    assert_eq!(found, names(&altered, &["", ".sha256"]), "a signature that does not hold stays out");

    // The same version with other content is another pack.
    place.pack(&["install", &archive]).is(1, "error[F377]");
    place.pack(&["install", &archive, "--replace"]).is(0, "signed by `acme`");
    assert_eq!(place.names("home/packs"), names(&archive, &["", ".minisig", ".sha256"]));
    place.pack(&["install", "specimen", "--allow-unsigned", "--replace"]).is(0, "not signed");
    assert_eq!(place.names("home/packs"), names(&altered, &["", ".sha256"]));
    place.pack(&["install", "nowhere"]).is(2, "there is no file or folder `nowhere`");
}

#[test]
fn an_installed_archive_that_was_altered_is_not_used() {
    let place = Place::new();
    let archive = place.specimen().built("specimen");
    place.pack(&["install", &archive, "--allow-unsigned"]).is(0, "installed");
    place.folio(&["-C", "home", "schema", "--pack", "specimen"]).is(0, "pens");
    std::fs::rename(
        place.path(&format!("home/packs/{archive}")),
        place.path("home/packs/specimen-1.0.0-000000000000.zip"),
    )
    .unwrap();
    place.pack(&["list"]).is(0, "warning[F376]").is(0, &format!("its content is that of `{archive}`"));
    place.folio(&["-C", "home", "schema", "--pack", "specimen"]).is(2, "error[F301]");
    place.write("home/packs/broken-1.0.0-000000000000.zip", "no archive");
    place.pack(&["list"]).is(0, "warning[F370]");
}

#[test]
fn an_installed_archive_is_the_one_that_was_installed_to_the_last_byte() {
    let place = Place::new();
    let archive = place.specimen().key("acme").signed("specimen", "acme");
    let (installed, record) = (format!("home/packs/{archive}"), format!("home/packs/{archive}.sha256"));
    let schema = || place.folio(&["-C", "home", "schema", "--pack", "specimen"]);
    place.pack(&["trust", "add", "keys/acme.pub", "--for", "specimen"]).is(0, "");
    place.pack(&["install", &archive]).is(0, "signed by `acme`");
    place.pack(&["list"]).is(0, "signed by `acme`");
    place.pack(&["trust", "remove", "acme"]).is(0, "no longer trusts `acme`");
    place.pack(&["list"]).is(0, "as it was installed").is(0, "warning[F373]");
    // The stamp of an entry, which is no part of the pack: its digest, of which the name has a piece, stays.
    let whole = place.read(&installed);
    let mut bytes = whole.clone();
    let directory = bytes.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    (bytes[10], bytes[directory + 12]) = (bytes[10] ^ 1, bytes[directory + 12] ^ 1);
    place.write(&installed, &bytes);
    place.pack(&["list"]).is(0, "warning[F376]").is(0, "it is not the file that was installed");
    schema().is(2, "error[F301]").is(2, "it is not the file that was installed");
    // Without the record nothing is known, and that is said.
    std::fs::remove_file(place.path(&record)).unwrap();
    std::fs::remove_file(place.path(&format!("{installed}.minisig"))).unwrap();
    place.pack(&["list"]).is(0, "not verified");
    schema().is(0, "pens");
    place.write(&record, "nonsense");
    schema().is(2, "is no line of `sha256sum`");
    // Installed again, it is whole again.
    place.pack(&["install", &archive, "--allow-unsigned"]).is(0, "installed in");
    assert_eq!(place.read(&installed), whole);
    schema().is(0, "pens");
    std::fs::remove_file(place.path(&record)).unwrap();
    place.pack(&["install", &archive, "--allow-unsigned"]).is(0, "installed in");
    assert!(place.path(&record).exists(), "what was not verified is installed anew");
}

/// An embedded pack, an installed one, and what lies beside it.
#[test]
fn one_odd_thing_hides_no_pack() {
    let place = Place::new();
    let archive = place.specimen().built("specimen");
    place.pack(&["install", &archive, "--allow-unsigned"]).is(0, "installed");
    let found = || place.folio(&["-C", "home", "schema", "--pack", "specimen"]).is(0, "pens");
    place.write("home/packs/folder.zip/deep/er", "").write("home/packs/.folio/state", "");
    place.write("home/packs/.folio-x.tmp", "").write("home/packs/notes.txt", "").write("home/packs/a/b/c/d", "");
    let listed = place.pack(&["list"]).is(0, "specimen").is(0, "warning[F390]").is(0, "note[F390]");
    let listed = listed.is(0, "`folder.zip` cannot be read").is(0, "`a`, `notes.txt` in the packs folder are no packs");
    assert!(!listed.text.contains(".folio"), "{}", listed.text);
    found();
    for number in 0..11_000 {
        std::fs::write(place.path(&format!("home/packs/{number:05}")), "").unwrap();
    }
    place.pack(&["list"]).is(0, "specimen").is(0, "`00004` and 10997 more in the packs folder are no packs");
    found();
    let missing = place.pack(&["show", "specimem"]).is(2, "error[F301]").is(2, "did you mean `specimen`?");
    missing.is(2, "`folder.zip` in the packs folder is passed over");
}

#[cfg(unix)]
#[test]
fn links_and_names_of_any_kind_hide_no_pack() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = Place::new();
    let archive = place.specimen().built("specimen");
    std::fs::create_dir_all(place.path("home/packs")).unwrap();
    // A link to an archive elsewhere is ordinary.
    symlink(place.path(&archive), place.path(&format!("home/packs/{archive}"))).unwrap();
    symlink("/nowhere", place.path("home/packs/gone-1.0.0-0123456789ab.zip")).unwrap();
    symlink("/nowhere", place.path("home/packs/gone")).unwrap();
    symlink("/", place.path("home/packs/root")).unwrap();
    std::fs::write(place.path("home/packs").join(std::ffi::OsStr::from_bytes(b"caf\xE9.zip")), "").unwrap();
    let said = place.pack(&["list"]).is(0, "not verified").is(0, "its name is not UTF-8");
    said.is(0, "it is a link that leads nowhere").is(0, "`gone`, `root` in the packs folder are no packs");
    place.folio(&["-C", "home", "schema", "--pack", "specimen"]).is(0, "pens");

    // A folder that cannot be read is not one without packs. Root may read everything.
    let file = Place::new();
    file.specimen().write("home/packs", "no folder");
    file.pack(&["list"]).is(2, "error[F390]").is(2, "cannot be read");
    file.folio(&["-C", "home", "schema", "--pack", "iso27001-2013"]).is(2, "error[F390]");
    let closed = place.path("home/packs");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read_dir(&closed).is_err() {
        place.pack(&["list"]).is(2, "error[F390]");
        place.folio(&["-C", "home", "schema", "--pack", "specimen"]).is(2, "error[F390]");
    }
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn who_is_trusted_is_said_and_taken_back() {
    let place = Place::new();
    let archive = place.specimen().key("acme").key("other").signed("specimen", "acme");
    place.pack(&["trust", "add", "keys/acme.pub"]).is(2, "error[F109]").is(2, "--for 'acme-*'").is(2, "--for '*'");
    place.pack(&["trust", "add", "keys/acme.pub", "--for", ""]).is(2, "for which packs");
    assert!(!place.path("home/trust.yaml").exists());
    place.write("home/trust.yaml", "# whom we work with\nformat: 1\nkeys: []   # nobody yet\n");
    place.pack(&["trust", "add", "keys/acme.pub", "--for", "acme-*"]).is(0, "trusts `acme`");
    place.pack(&["trust", "add", "keys/acme.pub", "--for", "specimen"]).is(0, "trusts `acme`");
    place.pack(&["trust", "add", "keys/other.pub", "--for", "*"]).is(0, "for the packs *");
    place.pack(&["verify", &archive]).is(0, "signed by `acme`");
    place.pack(&["trust", "remove", "acne"]).is(2, "did you mean `acme`?");
    let said = place.pack(&["trust", "remove", "acme"]).is(0, "for the packs acme-*").is(0, "for the packs specimen");
    assert!(!said.text.contains("`other`"), "{}", said.text);
    place.pack(&["verify", &archive]).is(1, "error[F373]");
    let key = Key::read(&String::from_utf8(place.read("keys/other.pub")).unwrap()).unwrap();
    place.pack(&["trust", "remove", &key.number.to_lowercase()]).is(0, "no longer trusts `other`");
    let text = String::from_utf8(place.read("home/trust.yaml")).unwrap();
    assert!(text.starts_with("# whom we work with\n") && !text.contains("RW"), "{text}");
    place.pack(&["trust", "remove", "acme", "--trust", "none.yaml"]).is(2, "`none.yaml` does not exist");
}

/// A number is eight bytes that whoever makes a key may choose.
#[test]
fn two_keys_with_one_number_are_both_tried() {
    use ct_codecs::{Base64, Decoder as _, Encoder as _};
    let place = Place::new();
    let archive = place.specimen().key("acme").key("other").signed("specimen", "acme");
    let bytes = |name: &str| {
        let text = String::from_utf8(place.read(&format!("keys/{name}.pub"))).unwrap();
        Base64::decode_to_vec(text.lines().nth(1).unwrap(), None).unwrap()
    };
    let mut twin = bytes("other");
    twin[2..10].copy_from_slice(&bytes("acme")[2..10]);
    let twin = Base64::encode_to_string(twin).unwrap();
    place.pack(&["trust", "add", &twin, "--for", "*", "--id", "twin"]).is(0, "trusts `twin`");
    place.pack(&["verify", &archive]).is(1, "error[F372]");
    place.pack(&["trust", "add", "keys/acme.pub", "--for", "*"]).is(0, "");
    place.pack(&["verify", &archive]).is(0, "signed by `acme`");
    place.pack(&["install", &archive]).is(0, "signed by `acme`");
}

#[test]
fn an_installed_pack_makes_a_workspace() {
    let place = Place::new();
    place
        .specimen()
        .write("specimen/starter/folio.yaml", "format: 1\nid: x\npack: specimen@^1\nas_of: \"2026-01-01\"\n");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/registers"),
        &place.path("specimen/starter/registers"),
    );
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/profile.yaml");
    place.write("specimen/starter/profile.yaml", std::fs::read(profile).unwrap());
    place.house("house", "specimen@^1").pack(&["install", "house", "--allow-unsigned"]).is(0, "house 2.0.0");
    // The base is found beside the folder of the house pack; a workspace finds it on the shelf alone.
    place.pack(&["install", "specimen", "--allow-unsigned"]).is(0, "specimen 1.0.0");
    place.folio(&["new", "client", "--pack", "house@^2", "--yes"]).is(0, "is ready");
    assert_eq!(place.names("client/.folio/packs").len(), 2);
}

/// A server on loopback: files by path, or where a path leads instead.
struct Server {
    address: String,
    certificate: String,
}

#[derive(Clone)]
enum Answer {
    File(Vec<u8>),
    Redirect(String),
    Endless,
}

impl Server {
    fn new(answers: impl FnOnce(u16) -> BTreeMap<String, Answer>) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let answers = answers(listener.local_addr().unwrap().port());
        Server::on(listener, move |path| answers.get(path).cloned())
    }

    /// A server that is asked anew for each path.
    fn shown(answer: impl Fn(&str) -> Option<Answer> + Send + 'static) -> Server {
        Server::on(TcpListener::bind(("127.0.0.1", 0)).unwrap(), answer)
    }

    fn on(listener: TcpListener, answer: impl Fn(&str) -> Option<Answer> + Send + 'static) -> Server {
        let port = listener.local_addr().unwrap().port();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        let certificate = made.cert.pem();
        let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let session = rustls::ServerConnection::new(config.clone()).unwrap();
                // A client that hangs up has said what it had to say.
                let _ = serve(rustls::StreamOwned::new(session, connection), &answer);
            }
        });
        Server { address: format!("https://localhost:{port}/packs/"), certificate }
    }
}

fn serve(
    mut stream: rustls::StreamOwned<rustls::ServerConnection, std::net::TcpStream>,
    answer: &dyn Fn(&str) -> Option<Answer>,
) -> std::io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(&mut stream);
    while !request.ends_with("\r\n\r\n") && reader.read_line(&mut request)? > 0 {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    match answer(path.trim_start_matches("/packs/")) {
        Some(Answer::File(bytes)) => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len())?;
            stream.write_all(&bytes)?;
        }
        Some(Answer::Redirect(to)) => {
            write!(stream, "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
        }
        Some(Answer::Endless) => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b' '; 65536])?;
            }
        }
        None => write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?,
    }
    stream.conn.send_close_notify();
    stream.flush()
}

/// An index of archives, as `index.json` has it.
fn index(place: &Place, archives: &[&str]) -> BTreeMap<String, Answer> {
    let mut answers = BTreeMap::new();
    let mut offers = Vec::new();
    for archive in archives {
        let bytes = place.read(archive);
        let (id, rest) = archive.split_once("-").unwrap();
        let signature = format!("{archive}.minisig");
        let mut offer = serde_json::json!({"id": id, "version": rest.split('-').next().unwrap(), "file": archive, "sha256": file_digest(&bytes)});
        if place.path(&signature).exists() {
            offer["sig"] = signature.clone().into();
            answers.insert(signature.clone(), Answer::File(place.read(&signature)));
        }
        answers.insert((*archive).to_owned(), Answer::File(bytes));
        offers.push(offer);
    }
    let text = serde_json::json!({"format": 1, "packs": offers}).to_string();
    answers.insert("index.json".into(), Answer::File(text.into_bytes()));
    answers
}

#[test]
fn a_pack_of_an_index_brings_what_it_extends() {
    let author = Place::new();
    author.specimen().house("house", "specimen@^1").house("outer", "house@^2").key("acme");
    let archives: Vec<String> = ["specimen", "house", "outer"].map(|folder| author.signed(folder, "acme")).into();
    let names: Vec<&str> = archives.iter().map(String::as_str).collect();
    let server = Server::new(|_| index(&author, &names));

    let user = Place::new();
    user.write("ca.pem", &server.certificate).write("acme.pub", author.read("keys/acme.pub"));
    let install = |pack: &str| user.pack(&["install", pack, "--index", &server.address, "--ca", "ca.pem"]);
    install("outer").is(1, "error[F373]");
    user.pack(&["trust", "add", "acme.pub", "--for", "specimen,house"]).is(0, "");
    // One of the chain is not trusted: none is installed.
    install("outer").is(1, "`acme` is trusted for specimen, house, not for `outer`");
    assert!(user.names("home/packs").is_empty());
    install("house@^2").is(0, "specimen 1.0.0").is(0, "house 2.0.0");
    assert_eq!(user.names("home/packs").len(), 6);
    user.pack(&["trust", "add", "acme.pub", "--for", "outer"]).is(0, "");
    let said = install("outer").is(0, "outer 2.0.0").text;
    assert!(!said.contains("specimen"), "what is there is not fetched again: {said}");
    install("house").is(0, "was there already");
    install("house@^3").is(1, "no version of `house` in the index fits `^3`; there is 2.0.0");
    install("hose").is(2, "did you mean `house`?");
    install("house@one").is(2, "is not a range");
    // Without the authority, the server is nobody.
    user.pack(&["install", "house", "--index", &server.address]).is(2, "error[F375]");
    let http = server.address.replace("https", "http");
    user.pack(&["install", "house", "--index", &http]).is(2, "is not the address of an index");
}

#[test]
fn what_an_index_does_not_keep_is_refused() {
    let author = Place::new();
    let archive = author.specimen().key("acme").signed("specimen", "acme");
    let user = Place::new();
    user.write("acme.pub", author.read("keys/acme.pub")).pack(&["trust", "add", "acme.pub", "--for", "*"]).is(0, "");
    let install = |change: &dyn Fn(&mut BTreeMap<String, Answer>, u16)| {
        let server = Server::new(|port| {
            let mut answers = index(&author, &[&archive]);
            change(&mut answers, port);
            answers
        });
        user.write("ca.pem", &server.certificate);
        user.pack(&["install", "specimen", "--index", &format!("{}index.json", server.address), "--ca", "ca.pem"])
    };
    let offers = |text: &str| Answer::File(format!("{{\"format\": 1, \"packs\": [{text}]}}").into_bytes());
    let put =
        |answers: &mut BTreeMap<String, Answer>, path: &str, answer: Answer| drop(answers.insert(path.into(), answer));
    let digest = file_digest(&author.read(&archive));

    install(&|answers, _| put(answers, "index.json", Answer::File(b"{}".to_vec()))).is(1, "error[F374]");
    install(&|answers, _| put(answers, "index.json", Answer::File(b"{\"format\": 2, \"packs\": []}".to_vec())))
        .is(1, "format 2");
    install(&|answers, _| {
        put(answers, "index.json", offers(r#"{"id": "specimen", "version": "1.0.0", "file": "../x", "sha256": ""}"#))
    })
    .is(1, "leads out");
    let promise = format!(
        r#"{{"id": "specimen", "version": "1.1.0", "file": "{archive}", "sig": "{archive}.minisig", "sha256": "{digest}"}}"#
    );
    install(&|answers, _| put(answers, "index.json", offers(&promise))).is(1, "the index promises specimen 1.1.0");
    let unsigned = format!(r#"{{"id": "specimen", "version": "1.0.0", "file": "{archive}", "sha256": "{digest}"}}"#);
    install(&|answers, _| put(answers, "index.json", offers(&unsigned))).is(1, "error[F371]");
    install(&|answers, _| put(answers, &archive, Answer::File(b"other".to_vec())))
        .is(1, "is not the file of the index");
    install(&|answers, _| drop(answers.remove(&archive))).is(2, "there is no such file");
    install(&|answers, _| put(answers, "index.json", Answer::Endless)).is(2, "it has more than 4096 KB");
    install(&|answers, _| put(answers, &format!("{archive}.minisig"), Answer::Endless)).is(2, "it has more than 4 KB");
    install(&|answers, port| put(answers, &archive, Answer::Redirect(format!("http://localhost:{port}/packs/x"))))
        .is(2, "an address without https");
    install(&|answers, _| put(answers, &archive, Answer::Redirect(archive.clone()))).is(2, "error[F375]");
    assert!(user.names("home/packs").is_empty());
    install(&|answers, port| {
        if let Some(real) = answers.remove(&archive) {
            put(answers, "moved.zip", real);
        }
        put(answers, &archive, Answer::Redirect(format!("https://localhost:{port}/packs/moved.zip")));
    })
    .is(0, "installed in");
}

#[test]
fn an_index_holds_until_its_day() {
    let author = Place::new();
    let archive = author.specimen().key("acme").signed("specimen", "acme");
    let server = |expires: &str| {
        let mut answers = index(&author, &[&archive]);
        if let Some(Answer::File(bytes)) = answers.get_mut("index.json") {
            let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            json["expires"] = expires.into();
            *bytes = json.to_string().into_bytes();
        }
        Server::new(|_| answers)
    };
    let install = |expires: &str, today: &str, more: &[&str]| {
        let (server, user) = (server(expires), Place::new());
        user.write("ca.pem", &server.certificate).write("acme.pub", author.read("keys/acme.pub"));
        user.pack(&["trust", "add", "acme.pub", "--for", "*"]).is(0, "");
        let own = ["install", "specimen", "--index", &server.address, "--ca", "ca.pem", "--date", today];
        user.pack(&[&own, more].concat())
    };
    install("2026-03-31", "2026-03-31", &[]).is(0, "installed in");
    let said = install("2026-03-31", "2026-04-01", &[]).is(1, "error[F391]").is(1, "holds until 2026-03-31");
    said.is(1, "--allow-expired");
    install("2026-03-31", "2026-04-01", &["--allow-expired"]).is(0, "warning[F391]").is(0, "installed in");
    install("31.3.2026", "2026-03-31", &[]).is(1, "which is not a date YYYY-MM-DD");
    install("2026-03-31T00:00", "2026-03-31", &[]).is(1, "which is not a date YYYY-MM-DD");
}

#[test]
fn an_index_that_goes_back_is_not_believed() {
    let author = Place::new();
    let version = |version: &str| {
        let manifest = String::from_utf8(author.specimen().read("specimen/pack.yaml")).unwrap();
        author.write("specimen/pack.yaml", manifest.replace("1.0.0", version));
        author.signed("specimen", "acme")
    };
    author.key("acme");
    let [old, new] = ["1.0.0", "1.2.0"].map(version);
    // One address with another index every time.
    let state = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (all, shown) = (index(&author, &[&old, &new]), state.clone());
    let server = Server::shown(move |path| match path {
        "index.json" => Some(Answer::File(shown.lock().unwrap().clone())),
        path => all.get(path).cloned(),
    });
    let user = Place::new();
    user.write("ca.pem", &server.certificate).write("acme.pub", author.read("keys/acme.pub"));
    user.pack(&["trust", "add", "acme.pub", "--for", "*"]).is(0, "");
    let install = |offered: &[&str], pack: &str, more: &[&str]| {
        if let Some(Answer::File(bytes)) = index(&author, offered).remove("index.json") {
            *state.lock().unwrap() = bytes;
        }
        user.pack(&[&["install", pack, "--index", &server.address, "--ca", "ca.pem"], more].concat())
    };
    install(&[&old], "specimen", &[]).is(0, "specimen 1.0.0");
    install(&[&old, &new], "specimen", &[]).is(0, "specimen 1.2.0");
    let said = String::from_utf8(user.read("home/seen.json")).unwrap();
    assert!(said.contains(&server.address) && said.contains(r#""specimen": "1.2.0""#), "{said}");
    // It is not asked what is installed, but what was offered.
    std::fs::remove_dir_all(user.path("home/packs")).unwrap();
    let said = install(&[&old], "specimen", &[]).is(1, "error[F392]").is(1, "1.0.0; it had 1.2.0 before");
    said.is(1, "--allow-older");
    install(&[&old], "specimen@^1.0", &[]).is(1, "error[F392]");
    assert!(user.names("home/packs").is_empty());
    // An older one that is asked for by its version is no way back while the newer one is offered too.
    install(&[&old, &new], "specimen@=1.0.0", &[]).is(0, "specimen 1.0.0");
    std::fs::remove_dir_all(user.path("home/packs")).unwrap();
    install(&[&old], "specimen", &["--allow-older"]).is(0, "warning[F392]").is(0, "specimen 1.0.0");
    user.write("home/seen.json", "{");
    install(&[&old, &new], "specimen", &[]).is(2, "seen.json` cannot be used");
}
