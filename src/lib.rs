//! Folio turns what an organisation *is* into the documents a standard says it must *have*.
//!
//! There is one way through, and [`session::Session`] has its stages:
//!
//! 1. [`workspace::Workspace`] is a client's folder, read through [`files::Files`]: settings, [`pack::Pack`],
//!    [`workspace::profile::Profile`] with its registers, [`theme::Theme`], the [`lock::Lock`] of the last run.
//! 2. [`plan::Plan`] is what [`rules::Rules`] derive from the profile and find in it, and which documents are made.
//! 3. For each document, in parallel: [`expand`] turns its template into Markdown in which values are inert and know
//!    where they came from; [`mod@parse`] turns that into a [`model::ParsedDocument`] with numbered headings.
//! 4. When all are parsed, [`resolve`] gives every reference its words: a [`model::Document`]. What was issued of a closed
//!    record keeps its words: [`closed`].
//! 5. For each document, in parallel: [`typeset`] lays out its pages, and each [`backend::Format`] gives the bytes of
//!    one file. Word learns the page of each heading from the layout.
//! 6. [`ledger::Ledger`] decides what becomes of each output, and [`commit::Commit`] puts all files in place in one step.
//!
//! What the engine and a chain of packs ask of a profile is merged once into a [`schema::Schema`]; whoever wants to know a
//! default, a title or a row's key asks its view.
//!
//! [`render`] is all of it, for one workspace or many. Whoever wants less stops earlier: [`coverage`] after the plan, the
//! author's [`kit`] and [`upgrade`] after the documents. [`migrate`] moves a workspace to another pack: it plans which
//! files change, and [`mod@edit`] changes them in place. [`preview`] shows an author
//! what a pack gives while it is written. [`trace`] says of each part of a document where it comes from; [`decisions`] which figures
//! the pack proposes and nobody has decided, [`propose`] what its rules give for registers, [`intake`] how a list that
//! somebody else made fills a register, [`progress`] how far one is; [`changes`] what two versions of a document differ in
//! and why, [`status`] how every document stands.
//!
//! Stages do not know one another: values pass between them. What a stage finds wrong is a
//! [`diagnostic::Diagnostic`] in a [`diagnostic::Sink`], with a code that [`diagnostic::codes`] explains. Only
//! [`mod@commit`] changes the disk, only [`fetch`] speaks to a network, only [`cli`] prints and reads the clock, and typst
//! lives in [`typeset`] alone. No word of any standard stands in this crate: what a register is and what a document says
//! is data of a pack.
//!
//! A whole set can be made without a disk:
//!
//! ```
//! use std::sync::Arc;
//! use folio::diagnostic::Sink;
//! use folio::files::Memory;
//! use folio::pack::{Pack, source::{Bases, Shelf, Wanted}, starter::New};
//! use folio::session::Session;
//! use folio::workspace;
//!
//! let mut sink = Sink::new();
//! let session = Session::new(Shelf::default(), 2, "2026-11-23");
//! let wanted: Wanted = "iso27001-2022@^2".parse().unwrap();
//! let pack = Pack::load(session.shelf.find(&wanted).unwrap(), &session.shelf, &mut sink).unwrap();
//! let new = New { id: "acme", as_of: "2026-11-23", wanted: Some(&wanted), answers: &Default::default(), like: None };
//! let starter = workspace::laid_down(&pack, &new, &mut sink).unwrap();
//! let files = starter.files().fold(Memory::new(""), |files, (path, bytes)| files.with(path, bytes));
//!
//! let workspace = session.workspace_in(Arc::new(files), &mut sink).unwrap();
//! let plan = session.plan(&workspace, &mut sink);
//! let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap();
//! let press = session.press(&workspace, &documents, &plan.jobs[0].formats, &mut sink).unwrap();
//! for (document, job) in documents.iter().zip(&plan.jobs) {
//!     let printed = session.print(&press, &workspace, document, &job.formats, &mut sink).unwrap();
//!     assert_eq!(printed.outputs.len(), 2, "{} in Word and PDF", document.control.title.text);
//! }
//! assert!(!sink.has_faults() && documents.len() > 25);
//! ```

pub mod align;
pub mod appended;
pub mod articles;
pub mod backend;
mod budget;
pub mod changes;
mod characters;
pub mod chart;
pub mod cli;
pub mod closed;
pub mod commit;
pub mod compare;
pub mod coverage;
pub mod decisions;
pub mod decode;
pub mod diagnostic;
pub mod differ;
pub mod digest;
pub mod dump;
pub mod edit;
pub mod expand;
pub mod fetch;
pub mod files;
pub mod history;
mod holders;
pub mod intake;
pub mod issue;
pub mod kit;
pub mod language;
pub mod lead;
pub mod leaks;
pub mod ledger;
pub mod length;
pub mod lock;
pub mod messages;
pub mod migrate;
pub mod model;
pub mod names;
pub mod pack;
mod parallel;
pub mod parse;
pub mod plan;
pub mod preview;
pub mod progress;
pub mod propose;
pub mod reader;
mod reasons;
pub mod redline;
pub mod render;
pub mod resolve;
pub mod rules;
pub mod schema;
pub mod session;
pub mod status;
pub mod strings;
#[cfg(test)]
mod testing;
pub mod theme;
pub mod time;
pub mod trace;
pub mod typeset;
pub mod unrecorded;
pub mod upgrade;
mod uri;
pub mod verify;
mod wording;
pub mod workspace;
pub mod yaml;
