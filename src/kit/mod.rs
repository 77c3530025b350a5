//! The kit of somebody who makes a pack: [`scaffold`] lays one down, [`check`] reads it without and with profiles,
//! [`mod@test`] compares what it gives for its fixtures with what it is to give, [`translation`] a pack with one in another
//! language that it stands over.
//!
//! A fixture is a workspace inside the pack, `fixtures/<name>/`: `folio.yaml` (without `pack`), a profile, registers, and
//! in `expected/<document>.txt` the model dump of each document. Fixtures are laid over one another as all files of a
//! chain are, so that an edition brings its own register and takes the profile from its base.

pub mod check;
pub mod fields;
pub mod fixture;
pub mod junit;
pub mod scaffold;
pub mod test;
pub mod translation;
