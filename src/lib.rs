//! Folio turns what an organisation *is* into the documents a standard says it must *have*.
//!
//! There is one way through, and [`render::render`] is its table of contents:
//!
//! 1. [`workspace::Workspace::open`] reads a client's folder through [`files::Files`]: settings, [`pack::Pack`],
//!    [`workspace::profile::Profile`] with its registers, [`theme::Theme`], the lock of the last run.
//! 2. [`rules::Rules`] derive values from the profile and check it; [`plan::plan`] says which documents are made.
//! 3. For each document, in parallel: [`expand`] turns its template into Markdown in which values are inert and know
//!    where they came from; [`mod@parse`] turns that into a [`model::ParsedDocument`] with numbered headings.
//! 4. When all are parsed, [`resolve`] gives every reference its words: a [`model::Document`].
//! 5. For each document, in parallel: [`typeset`] lays out its pages, and each [`backend::Backend`] gives the bytes of
//!    one format. Word learns the page of each heading from the layout.
//! 6. [`output`] puts all files in place together, the lock last.
//!
//! Whoever makes packs works with [`kit`], which takes the same way up to step 4.
//! Beside that way, [`migrate`] moves a workspace to another pack: it plans which files change, and [`mod@edit`] changes
//! them in place.
//!
//! Stages do not know one another: `render` passes values between them. What a stage finds wrong is a
//! [`diagnostic::Diagnostic`] in a [`diagnostic::Sink`], with a code that [`diagnostic::codes`] explains. Only
//! [`output`] changes the disk, only [`fetch`] speaks to a network, only [`cli`] prints and reads the clock, and typst
//! lives in [`typeset`] alone. No word of any standard stands in this crate: what a register is and what a document says
//! is data of a pack.

pub mod backend;
mod budget;
pub mod chart;
pub mod cli;
pub mod control;
pub mod coverage;
pub mod decode;
pub mod diagnostic;
pub mod differ;
pub mod edit;
pub mod expand;
pub mod fetch;
pub mod files;
pub mod kit;
pub mod leaks;
pub mod length;
pub mod migrate;
pub mod model;
pub mod output;
pub mod pack;
mod parallel;
pub mod parse;
pub mod plan;
pub mod render;
pub mod resolve;
pub mod rules;
pub mod strings;
#[cfg(test)]
mod testing;
pub mod theme;
pub mod typeset;
pub mod upgrade;
mod wording;
pub mod workspace;
pub mod yaml;
