//! Folio turns what an organisation *is* into the documents a standard says it must *have*.

pub mod backend;
pub mod diagnostic;
pub mod files;
pub mod length;
pub mod model;
pub mod strings;
pub mod theme;
