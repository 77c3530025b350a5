//! Histories for tests: entries with their chain, and what is kept of each version, as `folio issue` leaves them.

use folio::diagnostic::Sink;
use folio::digest;
use folio::history::{Approval, Entry, Event, FILE, FORMAT, Facts, GivenOut, Issued, MODEL, NOTHING, folder};
use folio::model::control::Version;
use folio::model::{Document, State, Text, content, stored};

use super::{Workspace, request};

/// Writes a history into a workspace, entry by entry.
pub(crate) struct Past<'w> {
    workspace: &'w Workspace,
    documents: Vec<Document>,
    lines: Vec<String>,
}

impl<'w> Past<'w> {
    /// A past of a workspace that renders; its documents are those that would be rendered now.
    pub(crate) fn of(workspace: &'w Workspace) -> Past<'w> {
        let mut sink = Sink::new();
        let session = request().session();
        let documents = session.workspace(workspace.path(), &mut sink).and_then(|opened| {
            let plan = session.plan(&opened, &mut sink);
            session.documents(&opened, &plan, &mut sink).documents
        });
        Past { workspace, documents: documents.unwrap_or_else(|| panic!("{sink:#?}")), lines: Vec::new() }
    }

    /// Issues documents on a day: each is `(id, version)`. Files and models are kept, and put into force.
    pub(crate) fn issue(&mut self, day: &str, documents: &[(&str, &str)]) -> &mut Self {
        let issued = documents.iter().map(|(id, version)| self.keep(id, version)).collect();
        self.entry(Event::Issue, day, issued)
    }

    /// Keeps a version and puts its files into force; what the history says of it.
    pub(crate) fn keep(&self, id: &str, version: &str) -> Issued {
        let document = self.documents.iter().find(|document| document.control.id == id).unwrap();
        let mut document = document.clone();
        document.control.version = Version::Number(Text::literal(version));
        document.control.state = State::Issued;
        let bytes = stored::bytes(&document);
        let model = stored::digest(&bytes);
        let folder = folder(id, version);
        self.workspace.write(&format!("{folder}/{MODEL}"), bytes);
        let (name, file) = (format!("{id}.docx"), format!("{id} {version}"));
        self.workspace.write(&format!("{folder}/{name}"), &file);
        self.workspace.write(&format!("out/issued/{name}"), &file);
        let sha256 = digest::of_file(file.as_bytes());
        Issued {
            id: id.into(),
            version: version.into(),
            model: Some(model),
            content: Some(content::digest(&document)),
            files: [("docx".into(), GivenOut { name: name.as_str().into(), sha256 })].into(),
            author: String::new(),
            change: format!("What {version} changes"),
            effective: None,
            next_review: None,
            number: String::new(),
            title: String::new(),
            approvals: Vec::new(),
            awaits: Vec::new(),
        }
    }

    /// Adds an entry about versions; an issue keeps what it was made from.
    pub(crate) fn entry(&mut self, event: Event, day: &str, documents: Vec<Issued>) -> &mut Self {
        let day = day.parse().unwrap();
        let facts = (event == Event::Issue).then(|| {
            let bytes = Facts::new(day_text(day), serde_json::Map::new()).to_bytes();
            let digest = digest::of_file(&bytes);
            self.workspace.write(&Facts::path(&digest), bytes);
            digest
        });
        let by = Approval {
            key: Some("ada".into()),
            name: "Ada Byron".into(),
            role: Some("head".into()),
            post: "Head".into(),
            day,
        };
        let entry = Entry {
            format: FORMAT,
            number: u32::try_from(self.lines.len()).unwrap() + 1,
            previous: self.lines.last().map_or(NOTHING.to_owned(), |line| digest::of_file(line.as_bytes())),
            event,
            day,
            reason: "Because".into(),
            by: Some(by),
            documents,
            packs: Vec::new(),
            facts,
            program: "folio".into(),
            lost: None,
        };
        self.lines.push(serde_json::to_string(&entry).unwrap());
        self.write();
        self
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.clone()
    }

    fn write(&self) {
        write(self.workspace, &self.lines);
    }
}

fn day_text(day: jiff::civil::Date) -> String {
    day.to_string()
}

/// Puts lines into the history of a workspace, as they are.
pub(crate) fn write(workspace: &Workspace, lines: &[String]) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    workspace.write(FILE, text);
}

/// A version that an entry only names: of a withdrawal, or a further approval.
pub(crate) fn named(id: &str, version: &str) -> Issued {
    Issued {
        id: id.into(),
        version: version.into(),
        model: None,
        content: None,
        files: Default::default(),
        author: String::new(),
        change: String::new(),
        effective: None,
        next_review: None,
        number: String::new(),
        title: String::new(),
        approvals: Vec::new(),
        awaits: Vec::new(),
    }
}

/// The lines chained anew from a place on, as somebody would who rewrites a history.
pub(crate) fn chained(lines: &[String]) -> Vec<String> {
    let mut chained: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut entry: Entry = serde_json::from_str(line).unwrap();
        entry.number = u32::try_from(at).unwrap() + 1;
        entry.previous = chained.last().map_or(NOTHING.to_owned(), |line| digest::of_file(line.as_bytes()));
        chained.push(serde_json::to_string(&entry).unwrap());
    }
    chained
}
