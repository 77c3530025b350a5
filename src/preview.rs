//! A pack as its author changes it: what its documents look like, in PDF, and what is found in it.
//!
//! A [`Preview`] goes round: [`Preview::round`] is told which files have changed, reads what they touch, prints the
//! documents that come out otherwise, and says what is found now and what no longer. What a round cannot make stays as the
//! round before left it. Nothing here waits or watches: whoever calls does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::backend::{Backends, Format, pdf};
use crate::commit::{Held, Manner};
use crate::diagnostic::codes::{output as output_codes, pack as pack_codes};
use crate::diagnostic::{Diagnostic, Sink};
use crate::digest;
use crate::files::{self, Disk, Files, Memory, Stamp, Under};
use crate::kit::fixture;
use crate::ledger::{Action, Bytes, Finished, Ledger, Wishes, real};
use crate::model::stored;
use crate::pack::source::{self, Shelf};
use crate::pack::starter::{self, New};
use crate::pack::{Pack, names};
use crate::parallel;
use crate::session::{Session, common_input};
use crate::workspace;

/// What is to be seen.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The pack.
    pub pack: Place,
    /// Workspaces to see it on, each as the user names it and where it lies; the pack's starter and fixtures when empty.
    pub on: Vec<(String, PathBuf)>,
    /// Only these documents, by id; all when empty.
    pub only: Vec<String>,
    /// The folder that the PDF files go to, a folder for each set below it.
    pub out: PathBuf,
    /// How many threads.
    pub jobs: usize,
    /// Today, ISO 8601: seen by checks alone.
    pub today: String,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// Where a pack is read from.
#[derive(Clone)]
pub enum Place {
    /// A folder, and the packs that it may extend.
    Folder(PathBuf, Shelf),
    /// Files that nobody changes: an archive, or a pack of this program.
    Files(Arc<dyn Files>, Shelf),
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Folder(folder, _) => write!(f, "Folder({})", folder.display()),
            Place::Files(files, _) => write!(f, "Files({})", files.name("")),
        }
    }
}

impl Place {
    fn shelf(&self) -> &Shelf {
        match self {
            Place::Folder(_, shelf) | Place::Files(_, shelf) => shelf,
        }
    }

    fn files(&self) -> Arc<dyn Files> {
        match self {
            Place::Folder(folder, _) => source::folder(folder),
            Place::Files(files, _) => files.clone(),
        }
    }
}

/// A file that is watched: the folder that it lies in, by its number, and its path there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watched {
    /// Of the pack.
    Pack(String),
    /// Of a pack beside that it extends.
    Base(String),
    /// Of one of the workspaces, by its place among them.
    Workspace(usize, String),
}

/// The files that are watched, as they were when somebody looked.
pub type Stamps = BTreeMap<Watched, Stamp>;

/// The files that are other than they were, new, or gone.
pub fn changed(before: &Stamps, now: &Stamps) -> BTreeSet<Watched> {
    let all = before.keys().chain(now.keys());
    all.filter(|file| before.get(*file) != now.get(*file)).cloned().collect()
}

/// What one round did.
#[derive(Debug, Default)]
pub struct Round {
    /// The PDF files that were written.
    pub written: Vec<PathBuf>,
    /// The PDF files that were removed, because their documents are no longer made.
    pub removed: Vec<PathBuf>,
    /// What is found now and was not before.
    pub new: Vec<Diagnostic>,
    /// What was found before and is no longer.
    pub gone: Vec<Diagnostic>,
    /// Everything that is found.
    pub all: Vec<Diagnostic>,
    /// How many documents the sets have.
    pub documents: usize,
    /// Whether something could not be made, and stayed as it was.
    pub is_broken: bool,
}

/// The first part of whatever is found: where it was looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Pack,
    Set(String),
}

/// What goes round.
pub struct Preview {
    asked: Asked,
    backends: Backends,
    /// The folders of sets that are held.
    held: BTreeMap<String, Held>,
    since: String,
    pack: Option<Arc<Pack>>,
    /// What was found when it was looked for last.
    found: BTreeMap<Origin, Vec<Diagnostic>>,
    /// How many documents each set has.
    counts: BTreeMap<String, usize>,
    /// What has changed since the pack was read, and its sets made, without a fault.
    pending: BTreeSet<Watched>,
}

/// A set that is seen: a workspace of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Set {
    Starter,
    Fixture(String),
    Workspace(usize),
}

impl Preview {
    /// Begins, without looking at anything yet. `since` is the time, for those who wait for the output folder.
    ///
    /// # Errors
    /// When the output folder lies in the pack.
    pub fn new(asked: Asked, since: impl Into<String>) -> Result<Preview, Diagnostic> {
        if let Place::Folder(pack, _) = &asked.pack
            && real(&asked.out).starts_with(real(pack))
        {
            let message = format!("the output folder `{}` lies in the pack", asked.out.display());
            let problem = Diagnostic::fault(&output_codes::OUTPUT_TARGET, message);
            return Err(problem.help("what is made of a pack is no part of it: name a folder elsewhere with `--out`"));
        }
        Ok(Preview {
            asked,
            backends: Backends::bundled(),
            held: BTreeMap::new(),
            since: since.into(),
            pack: None,
            found: BTreeMap::new(),
            counts: BTreeMap::new(),
            pending: BTreeSet::new(),
        })
    }

    /// Whether there is a folder that may change.
    pub fn can_change(&self) -> bool {
        matches!(self.asked.pack, Place::Folder(..)) || !self.asked.on.is_empty()
    }

    /// The files of the pack, of packs beside that it extends, and of the workspaces, as they are now. What is rendered and
    /// what programs keep for themselves is passed over.
    pub fn stamps(&self) -> Stamps {
        let mut all = Stamps::new();
        if let Place::Folder(folder, shelf) = &self.asked.pack {
            let own = files::stamps(folder, &names::is_left_out);
            all.extend(own.into_iter().map(|(path, stamp)| (Watched::Pack(path), stamp)));
            for base in self.bases(folder, shelf) {
                let name = base.display().to_string();
                let own = files::stamps(&base, &names::is_left_out);
                all.extend(own.into_iter().map(|(path, stamp)| (Watched::Base(format!("{name}/{path}")), stamp)));
            }
        }
        for (at, (_, root)) in self.asked.on.iter().enumerate() {
            let output = workspace::output(root).unwrap_or_default();
            let own = real(&self.asked.out).strip_prefix(real(root)).map(Path::to_owned).unwrap_or_default();
            let is_apart = |path: &str| {
                let is_made = path == output || (!own.as_os_str().is_empty() && Path::new(path) == own);
                path.starts_with('.') || is_made || path == crate::lock::FILE
            };
            let own = files::stamps(root, &is_apart);
            all.extend(own.into_iter().map(|(path, stamp)| (Watched::Workspace(at, path), stamp)));
        }
        all
    }

    /// The folders beside the pack that hold packs which it extends.
    fn bases(&self, own: &Path, shelf: &Shelf) -> Vec<PathBuf> {
        let Some(pack) = &self.pack else { return Vec::new() };
        let is_base = |folder: &PathBuf| {
            let name = source::folder(folder).name("");
            pack.layers.iter().skip(1).any(|layer| layer.files.name("") == name)
        };
        let beside = shelf.folders.iter().flat_map(|folder| Disk::folders(folder));
        beside.filter(|folder| real(folder) != real(own) && is_base(folder)).collect()
    }

    /// Goes round once: `changed` are the files that changed since the round before, none at the first one.
    pub fn round(&mut self, changed: &BTreeSet<Watched>) -> Round {
        let is_first = self.found.is_empty();
        let before = self.known();
        let mut round = Round::default();
        let in_pack = |file: &Watched| matches!(file, Watched::Pack(_) | Watched::Base(_));
        self.pending.extend(changed.iter().cloned());
        if is_first || self.pack.is_none() || changed.iter().any(in_pack) {
            self.read_pack();
        }
        match self.pack.clone().filter(|_| !self.is_broken(&Origin::Pack)) {
            None => round.is_broken = true,
            Some(pack) => {
                let changed = std::mem::take(&mut self.pending);
                let sets = self.sets(&pack);
                let named: Vec<(String, Set)> = sets.into_iter().map(|set| (self.name(&set, &pack), set)).collect();
                self.found.retain(|origin, _| match origin {
                    Origin::Pack => true,
                    Origin::Set(name) => named.iter().any(|(known, _)| known == name),
                });
                self.counts.retain(|name, _| named.iter().any(|(known, _)| known == name));
                for (name, set) in named {
                    let origin = Origin::Set(name.clone());
                    if !self.found.contains_key(&origin) || self.is_broken(&origin) || touches(&set, &changed) {
                        self.go(&pack, &name, &set, &mut round);
                    }
                }
            }
        }
        round.documents = self.counts.values().sum();
        let after = self.known();
        let lacks = |there: &BTreeMap<Key, Diagnostic>, key: &Key| !there.contains_key(key);
        round.new = after.iter().filter(|(key, _)| lacks(&before, key)).map(|(_, found)| found.clone()).collect();
        round.gone = before.into_iter().filter(|(key, _)| lacks(&after, key)).map(|(_, found)| found).collect();
        round.all = after.into_values().collect();
        round
    }

    /// Everything that is found, once each, the worst first.
    fn known(&self) -> BTreeMap<Key, Diagnostic> {
        self.found.values().flatten().map(|found| (Key::of(found), found.clone())).collect()
    }

    fn is_broken(&self, origin: &Origin) -> bool {
        self.found.get(origin).is_some_and(|found| found.iter().any(Diagnostic::is_fault))
    }

    /// Reads the pack anew; what was compiled of it stays as far as nothing that changed has a part in it.
    fn read_pack(&mut self) {
        let mut sink = Sink::new();
        let place = &self.asked.pack;
        let pack = Pack::load(place.files(), place.shelf(), &mut sink).map(Arc::new);
        if let (Some(pack), Some(before)) = (&pack, &self.pack) {
            let paths = self.pending.iter().filter_map(|file| match file {
                Watched::Pack(path) => Some(path.clone()),
                Watched::Base(_) | Watched::Workspace(..) => None,
            });
            pack.keep_compiled(before, &paths.collect());
        }
        if let Some(pack) = &pack {
            pack.check_asked(&self.asked.only, &mut sink);
            if pack.manifest.is_base {
                let message = format!("`{}` is a base for other packs; it has no set of its own", pack.manifest.id);
                let problem = Diagnostic::fault(&pack_codes::PACK_MISSING, message);
                sink.push(problem.help("preview a pack that extends it: a base in a folder beside it is watched too"));
            }
        }
        self.pack = pack.or(self.pack.take());
        self.found.insert(Origin::Pack, sink.into_vec());
    }

    fn sets(&self, pack: &Arc<Pack>) -> Vec<Set> {
        if !self.asked.on.is_empty() {
            return (0..self.asked.on.len()).map(Set::Workspace).collect();
        }
        let has_starter = !pack.files().list("starter").unwrap_or_default().is_empty();
        let own = pack.layers.first().map(|layer| layer.files.list(fixture::FOLDER).unwrap_or_default());
        let names: BTreeSet<String> = own
            .iter()
            .flatten()
            .filter_map(|path| path.strip_prefix(fixture::FOLDER)?.strip_prefix('/')?.split_once('/'))
            .map(|(name, _)| name.to_owned())
            .collect();
        has_starter.then_some(Set::Starter).into_iter().chain(names.into_iter().map(Set::Fixture)).collect()
    }

    /// The folder of a set below the output folder.
    fn name(&self, set: &Set, pack: &Pack) -> String {
        match set {
            Set::Starter => "starter".to_owned(),
            // A fixture may be called as the starter is.
            Set::Fixture(name) if name == "starter" && pack.files().layer_of("starter/folio.yaml").is_some() => {
                "starter-fixture".to_owned()
            }
            Set::Fixture(name) => name.clone(),
            Set::Workspace(at) => {
                let (shown, root) = &self.asked.on[*at];
                let name = real(root).file_name().map(|name| name.to_string_lossy().into_owned());
                let name = name.unwrap_or_else(|| shown.clone());
                let is_same = |(_, other): &(String, PathBuf)| real(other).file_name() == real(root).file_name();
                let same = self.asked.on[..*at].iter().filter(|other| is_same(other)).count();
                if same == 0 { name } else { format!("{name}-{}", same + 1) }
            }
        }
    }

    /// Makes one set anew.
    fn go(&mut self, pack: &Arc<Pack>, name: &str, set: &Set, round: &mut Round) {
        let mut sink = Sink::new();
        let made = self.made(pack, name, set, round, &mut sink);
        if made.is_none() {
            round.is_broken = true;
        }
        let mut found = sink.into_vec();
        if let Set::Workspace(at) = set {
            let shown = &self.asked.on[*at].0;
            found.iter_mut().for_each(|found| found.workspace = Some(shown.as_str().into()));
        }
        self.counts.entry(name.to_owned()).or_default();
        self.found.insert(Origin::Set(name.to_owned()), found);
    }

    fn made(&mut self, pack: &Arc<Pack>, name: &str, set: &Set, round: &mut Round, sink: &mut Sink) -> Option<()> {
        let session = Session::new(self.asked.pack.shelf().clone(), self.asked.jobs, self.asked.today.clone());
        let (root, files) = self.tree(pack, set, sink)?;
        let workspace = session.workspace_with(&root, files, pack.clone(), sink)?;
        let session = match set {
            Set::Workspace(_) => session,
            // What a pack brings is read on the day of its facts.
            Set::Starter | Set::Fixture(_) => Session { today: workspace.settings.as_of.clone(), ..session },
        };
        let mut plan = session.plan(&workspace, sink);
        plan.jobs.iter_mut().for_each(|job| job.formats = vec![pdf::FORMAT]);
        if matches!(set, Set::Workspace(_)) {
            // What the pack's checks find in an invented profile is no affair of its author.
            session.report(&workspace, &plan, sink);
        }
        let documents = session.documents(&workspace, &plan, sink).documents;
        let documents = documents.filter(|_| !sink.has_faults())?;
        session.leaks(&workspace, &documents, sink);
        let out = self.asked.out.join(name);
        if !self.asked.dry_run {
            self.hold(name, &out, sink)?;
        }
        let wishes = Wishes { prune: true, ..Wishes::default() };
        let ledger = Ledger::open(&workspace, &self.backends, Some(&out), wishes, sink)?;
        let press = session.press(&workspace, &documents, &[pdf::FORMAT], sink)?;
        let common = common_input(&workspace);
        let is_wanted = |id: &String| self.asked.only.is_empty() || self.asked.only.contains(id);
        let wanted: Vec<usize> = (0..documents.len()).filter(|at| is_wanted(&plan.jobs[*at].control.id)).collect();
        let formats: &[Format] = &[pdf::FORMAT];
        let printed: Vec<Option<Finished>> = parallel::map(wanted.len(), session.jobs, sink, |index, sink| {
            let start = Instant::now();
            let (job, document) = (wanted[index], &documents[wanted[index]]);
            let input = digest::of_parts([stored::bytes(document).as_slice(), &common]);
            if let Some((pages, outputs)) = ledger.known(&plan.jobs[job], formats, &input) {
                return Some(Finished { job, input, model: None, pages, outputs, time: start.elapsed() });
            }
            let printed = session.print(&press, &workspace, document, formats, sink)?;
            let outputs: Vec<Bytes> =
                printed.outputs.into_iter().map(|(format, bytes)| Bytes::New(format, bytes)).collect();
            // Without its only output, the document stays as it was.
            (!outputs.is_empty()).then(|| Finished {
                job,
                input,
                model: None,
                pages: printed.pages,
                outputs,
                time: start.elapsed(),
            })
        });
        let is_whole = printed.iter().all(Option::is_some);
        crate::decode::show_lines(&workspace.trees(), sink);
        let mut settled = ledger.settle(
            &workspace,
            &plan,
            printed.into_iter().flatten().collect(),
            None,
            &Default::default(),
            wishes,
            sink,
        );
        if !self.asked.dry_run {
            self.held.get_mut(name)?.apply(&settled.elsewhere).map_err(|problem| sink.push(problem)).ok()?;
        }
        let outputs = std::mem::take(&mut settled.outputs).into_values().flatten();
        round.written.extend(outputs.filter(|output| output.action == Action::Written).map(|output| output.path));
        round.removed.extend(settled.left_behind.into_iter().filter(|left| left.is_removed).map(|left| left.path));
        self.counts.insert(name.to_owned(), wanted.len());
        is_whole.then_some(())
    }

    /// Takes hold of the folder of a set, until the preview ends.
    fn hold(&mut self, name: &str, out: &Path, sink: &mut Sink) -> Option<()> {
        if !self.held.contains_key(name) {
            let manner = Manner { command: "pack preview", since: &self.since, waiting: None };
            let held = Held::take(out, manner).map_err(|problem| sink.push(problem)).ok()?;
            self.held.insert(name.to_owned(), held);
        }
        Some(())
    }

    /// Where a set lies, and its files.
    fn tree(&self, pack: &Arc<Pack>, set: &Set, sink: &mut Sink) -> Option<(PathBuf, Arc<dyn Files>)> {
        let own = match &self.asked.pack {
            Place::Folder(folder, _) => folder.clone(),
            Place::Files(..) => PathBuf::from(pack.manifest.id.clone()),
        };
        match set {
            Set::Workspace(at) => {
                let root = &self.asked.on[*at].1;
                Some((root.clone(), Arc::new(Disk::new(root, ""))))
            }
            Set::Fixture(name) => {
                let folder = format!("{}/{name}", fixture::FOLDER);
                let files: Arc<dyn Files> = Arc::new(Under::new(pack.files().clone(), folder.clone()));
                Some((own.join(folder), files))
            }
            Set::Starter => {
                let answers = BTreeMap::new();
                let new = New { id: "starter", as_of: &self.asked.today, wanted: None, answers: &answers, like: None };
                let mut said = Sink::new();
                let laid = starter::lay_down(pack, &new, &mut said);
                let has_faults = said.has_faults();
                sink.merge(said);
                let prefix = pack.files().name("starter/folio.yaml");
                let prefix = prefix.strip_suffix("folio.yaml").unwrap_or_default();
                let files = laid.into_iter().fold(Memory::new(prefix), |files, (path, bytes)| files.with(path, bytes));
                (!has_faults).then(|| (own.join("starter"), Arc::new(files) as Arc<dyn Files>))
            }
        }
    }
}

/// What a diagnostic is known by, wherever its line has moved to: two that are the same but for their line are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The worst first.
    severity: std::cmp::Reverse<crate::diagnostic::Severity>,
    file: String,
    code: String,
    message: String,
    path: Option<String>,
}

impl Key {
    fn of(found: &Diagnostic) -> Key {
        Key {
            severity: std::cmp::Reverse(found.severity),
            file: found.span.as_ref().map(|span| span.file.to_string()).unwrap_or_default(),
            code: found.code.as_str().to_owned(),
            message: found.message.clone(),
            path: found.path.clone(),
        }
    }
}

/// Whether a set may come out otherwise when these files have changed.
fn touches(set: &Set, changed: &BTreeSet<Watched>) -> bool {
    changed.iter().any(|file| match file {
        Watched::Base(_) => true,
        Watched::Workspace(at, _) => *set == Set::Workspace(*at),
        Watched::Pack(path) => match path.split('/').collect::<Vec<_>>().as_slice() {
            ["starter", ..] => *set == Set::Starter,
            ["fixtures", _, "expected", ..] => false,
            ["fixtures", name, ..] => matches!(set, Set::Fixture(own) if own == name),
            ["checklists" | "migrations", ..] | ["CHANGELOG.md" | "LICENSE" | "README.md"] => false,
            _ => true,
        },
    })
}
