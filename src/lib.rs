//! Folio turns what an organisation *is* into the documents a standard says it must *have*.
pub mod backend;
pub mod cli;
pub mod control;
pub mod decode;
pub mod diagnostic;
pub mod expand;
pub mod files;
pub mod length;
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
mod words;
pub mod workspace;
pub mod yaml;
