//! Unfinished profiles, made by leaving out facts at random from the examples: what `folio check` says of each fits on a
//! screen, names what to do next, and is right. What it names is absent, and recording it takes it off the list.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "tests make and read files, and this one measures")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use folio::diagnostic::{Diagnostic, Kind, Sink, screen};
use folio::files::{Changed, Disk};
use folio::pack::Pack;
use folio::pack::source::Shelf;
use folio::progress::{self, Act, Progress};
use folio::schema::View;
use folio::session::Session;
use folio::workspace::Workspace;
use serde_json::Value as Json;

const TODAY: &str = "2026-11-28";

/// The workspaces that facts are left out of.
fn workspaces() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["examples", "tests/workspaces/clients"].map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let paths = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = paths.filter(|path| path.join("profile.yaml").is_file()).collect();
    found.sort();
    found
}

/// What is left out: a share of what may be absent; of what may not, only where it is unruly. A choice hangs on seed and
/// path alone, so that one fact can be put back and all others stay out.
#[derive(Clone)]
struct Unfinished {
    seed: u64,
    share: u64,
    is_unruly: bool,
    /// The fact that is put back: its path without rows.
    kept: Option<String>,
    /// The lists whose rows others name: where one is left out, most of what is left has faults.
    named: Arc<BTreeSet<String>>,
}

impl Unfinished {
    fn of(seed: u64, named: &Arc<BTreeSet<String>>) -> Unfinished {
        let share = [3, 10, 30, 60][(seed % 4) as usize];
        Unfinished { seed, share, is_unruly: seed % 5 == 4, kept: None, named: named.clone() }
    }

    /// So many times in a thousand.
    fn chance(&self, path: &str, of_thousand: u64) -> bool {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in path.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (hash ^ (hash >> 33)) % 1000 < of_thousand
    }

    fn drops(&self, path: &str, key: &str, is_required: bool) -> bool {
        let kept = self.kept.as_deref();
        let is_named = !self.is_unruly && self.named.contains(key);
        let is_kept = is_named
            || kept.is_some_and(|kept| {
                kept == key || key.starts_with(&format!("{kept}.")) || kept.starts_with(&format!("{key}."))
            });
        let share = match is_required {
            true if self.is_unruly => 8,
            true => 0,
            false => self.share * 10,
        };
        !is_kept && self.chance(path, share)
    }

    /// A value without what is left out.
    fn value(&self, value: &mut Json, view: Option<&View>, path: &str, key: &str) {
        match value {
            Json::Object(keys) => {
                let below = |name: &str| view.and_then(|view| view.property(name));
                let is_required = |name: &str| {
                    let named =
                        view.is_some_and(|view| view.properties().iter().any(|p| p.name == name && p.is_required));
                    named || below(name).is_none()
                };
                let join =
                    |above: &str, name: &str| if above.is_empty() { name.into() } else { format!("{above}.{name}") };
                let names: Vec<String> = keys.keys().cloned().collect();
                for name in names {
                    let (path, key) = (join(path, &name), join(key, &name));
                    if self.drops(&path, &key, is_required(&name)) {
                        keys.remove(&name);
                    } else if let Some(inner) = keys.get_mut(&name) {
                        self.value(inner, below(&name), &path, &key);
                    }
                }
            }
            Json::Array(rows) => {
                let items = view.and_then(View::items);
                let mut at = 0;
                rows.retain_mut(|row| {
                    let path = format!("{path}[{at}]");
                    at += 1;
                    self.value(row, items, &path, key);
                    !(self.is_unruly && self.chance(&path, 30))
                });
            }
            _ => {}
        }
    }

    /// A register without what is left out.
    fn register(&self, text: &str, rows: &View, register: &str) -> String {
        let mut records = records(text);
        let Some(headings) = records.first().cloned() else { return text.to_owned() };
        for (at, record) in records.iter_mut().enumerate().skip(1) {
            for (cell, heading) in record.iter_mut().zip(&headings) {
                let named = rows.properties().iter().find(|property| property.name == heading.trim());
                let is_required = named.is_none_or(|property| property.is_required);
                let key = format!("{register}.{}", heading.trim());
                if self.drops(&format!("{register}[{at}].{heading}"), &key, is_required) {
                    cell.clear();
                }
            }
        }
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |record: &Vec<String>| record.iter().map(quoted).collect::<Vec<_>>().join(",");
        records.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
    }

    /// The files of a workspace that are others now.
    fn changes(&self, root: &Path, pack: &Pack) -> BTreeMap<String, Option<Vec<u8>>> {
        let text = std::fs::read_to_string(root.join("profile.yaml")).unwrap();
        let mut profile = folio::yaml::read_str("profile.yaml", &text, &mut Sink::new()).unwrap().to_json();
        let registers = profile.as_object().unwrap().iter();
        let registers: Vec<(String, String)> = registers
            .filter_map(|(key, value)| Some((key.clone(), value["from"].as_str()?.to_owned())))
            .filter(|(_, file)| file.ends_with(".csv"))
            .collect();
        let view = pack.schema.view();
        self.value(&mut profile, Some(view), "", "");
        let mut changes = BTreeMap::from([("profile.yaml".to_owned(), Some(format!("{profile:#}").into_bytes()))]);
        for (key, file) in registers {
            let Some(rows) = view.property(&key).and_then(View::rows) else { continue };
            let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
            changes.insert(file, Some(self.register(&text, rows, &key).into_bytes()));
        }
        changes
    }
}

/// The records of a CSV file.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut signs = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            sign => cell.push(sign),
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}

/// What `folio check` knows of a workspace, but for what laying out finds.
struct Checked {
    workspace: Option<Workspace>,
    progress: Option<Progress>,
    found: Vec<Diagnostic>,
}

fn checked(session: &Session, root: &Path, pack: &Arc<Pack>, changes: BTreeMap<String, Option<Vec<u8>>>) -> Checked {
    let mut sink = Sink::new();
    let files = Arc::new(Changed::new(Arc::new(Disk::new(root, "")), changes));
    let workspace = session.workspace_with(root, files, pack.clone(), &mut sink);
    let mut made = None;
    if let Some(workspace) = &workspace {
        let plan = session.plan(workspace, &mut sink);
        session.report(workspace, &plan, &mut sink);
        let documents = session.documents(workspace, &plan, &mut sink).documents;
        session.leaks(workspace, documents.as_deref().unwrap_or_default(), &mut sink);
        made = documents.filter(|_| !sink.has_faults()).map(|documents| Progress::of(workspace, &documents));
    }
    Checked { workspace, progress: made, found: sink.into_vec() }
}

/// The paths that some document lacks.
fn missing(progress: &Progress) -> BTreeSet<String> {
    let gaps = progress.documents.iter().flat_map(|document| &document.gaps);
    gaps.flat_map(|(gap, _)| &gap.paths).map(ToString::to_string).collect()
}

/// Checks one unfinished profile; gives how many rows its check takes.
fn look(session: &Session, root: &Path, pack: &Arc<Pack>, whole: &Workspace, unfinished: &Unfinished) -> usize {
    let name = format!("{} with seed {}", root.file_name().unwrap().display(), unfinished.seed);
    let Checked { workspace, progress, found } = checked(session, root, pack, unfinished.changes(root, pack));
    let own: Vec<&Diagnostic> = found.iter().collect();
    let next = progress::text(progress.as_ref(), &own, ".", false);
    let said = screen::above(&found, &next, false);
    // One row counts what was found.
    let rows = screen::rows(&said.text) + 1 + screen::rows(&next);
    assert!(rows <= screen::ROWS, "{name}: {rows} rows\n{}{next}", said.text);
    assert!(next.lines().all(|line| line.chars().count() <= screen::COLUMNS), "{name}:\n{next}");
    let faults = found.iter().filter(|problem| problem.is_fault()).count();
    // The exit code is 2 only where something could not be read or written; and no template may lean on what may be absent.
    let is_content = |problem: &&Diagnostic| problem.code.kind() == Kind::Content;
    let other: Vec<&Diagnostic> = found.iter().filter(|problem| problem.is_fault() && !is_content(problem)).collect();
    assert!(other.is_empty(), "{name}: {other:?}");
    let lean = found.iter().find(|problem| problem.code.as_str() == "F322");
    if let Some(lean) = lean.filter(|_| !unfinished.is_unruly) {
        LEAN.lock().unwrap().insert(format!("{name}: {:?}: {}", lean.span, lean.message));
    }
    assert_eq!(next.contains("mend the "), faults > 0, "{name}:\n{next}");
    for fault in found.iter().filter(|problem| problem.is_fault()) {
        assert!(said.text.contains(fault.code.as_str()), "{name}: {} is not said\n{}", fault.code, said.text);
    }
    let (Some(workspace), Some(progress)) = (&workspace, &progress) else {
        assert!(faults > 0, "{name}: nothing was made, and nothing is wrong");
        return rows;
    };
    MADE.fetch_add(1, Ordering::Relaxed);
    let is_open = progress.unrecorded + progress.proposed + progress.samples.len() > 0;
    assert_eq!(is_open, !progress.next.is_empty(), "{name}:\n{next}");
    assert!(!is_open || next.contains("Next:\n"), "{name}:\n{next}");
    let absent = missing(progress);
    let facts: Vec<_> = progress.next.iter().filter(|step| step.act == Act::Record).collect();
    assert_eq!(facts.is_empty(), progress.unrecorded == 0, "{name}:\n{next}");
    assert!(facts.is_sorted_by_key(|step| std::cmp::Reverse(step.documents)), "{name}:\n{next}");
    for step in &facts {
        for path in &step.paths {
            let is_empty = path.split('.').try_fold(&workspace.profile.value, |value, key| value.get(key));
            let is_empty = is_empty.and_then(Json::as_array).is_some_and(Vec::is_empty);
            let is_absent = is_empty || workspace.profile.stands_at(path).is_none();
            assert!(is_absent, "{name}: `{path}` is recorded\n{next}");
            assert!(absent.contains(path.as_str()), "{name}: no document lacks `{path}`");
        }
        let waiting = |document: &&progress::Standing| document.gaps.iter().any(|(gap, _)| gap.key == step.keys[0]);
        assert_eq!(progress.documents.iter().filter(waiting).count(), step.documents, "{name}: {}", step.what);
    }
    // The first that somebody had recorded is put back.
    let recorded = |path: &str| whole.profile.stands_at(path).is_some();
    let Some(step) = facts.iter().find(|step| step.paths.iter().any(|path| recorded(path))) else { return rows };
    let again = Unfinished { kept: Some(step.keys[0].clone()), ..unfinished.clone() };
    let Some(after) = checked(session, root, pack, again.changes(root, pack)).progress else { return rows };
    let left = missing(&after);
    for path in step.paths.iter().filter(|path| recorded(path)) {
        assert!(!left.contains(path.as_str()), "{name}: `{path}` was recorded, and still counts as missing");
    }
    // What is recorded now may ask further: for the rows of a register, for what goes with an answer.
    let asks_further = left.difference(&absent).next().is_some();
    assert!(
        asks_further || after.unrecorded < progress.unrecorded,
        "{name}: recording `{}` did not help",
        step.keys[0]
    );
    rows
}

/// Where a template prints what may be absent.
static LEAN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// How many sets could be made.
static MADE: AtomicUsize = AtomicUsize::new(0);

/// Looks at so many unfinished profiles, on two threads; gives the rows of each.
fn many(count: usize) -> Vec<usize> {
    let roots = workspaces();
    let session = || Session::new(Shelf::default(), 1, TODAY);
    let next = AtomicUsize::new(0);
    let work = || {
        let session = session();
        let mut rows = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            // All that is left out of one workspace is looked at together, so that its pack is read once.
            let Some(root) = roots.get(at) else { return rows };
            let whole = session.workspace(root, &mut Sink::new()).unwrap();
            let mut named = BTreeSet::new();
            whole
                .pack
                .schema
                .view()
                .visit("", &mut |_, view| named.extend(view.asks.references.iter().flatten().cloned()));
            let named = Arc::new(named);
            for seed in (0..count).filter(|seed| seed % roots.len() == at) {
                rows.push(look(&session, root, &whole.pack.clone(), &whole, &Unfinished::of(seed as u64, &named)));
            }
        }
    };
    let mut rows: Vec<usize> = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    rows.sort_unstable();
    let lean = LEAN.lock().unwrap();
    assert!(lean.is_empty(), "a pack leans on what may be absent:\n{lean:#?}");
    rows
}

#[test]
fn a_check_of_an_unfinished_profile_fits_on_a_screen_and_says_what_to_do_next() {
    assert_eq!(many(14).len(), 14);
    assert!(MADE.load(Ordering::Relaxed) > 3, "most sets have faults");
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_unfinished_profiles() {
    let rows = many(100);
    println!("rows of each check: {rows:?}, {} of them of sets that can be made", MADE.load(Ordering::Relaxed));
    assert_eq!(rows.len(), 100);
}
