//! `folio pack schema`: what the files of a pack may hold.

use super::{Done, done};
use crate::cli::args::PackSchema;
use crate::cli::done::usage;
use crate::decode::Kind;
use crate::diagnostic::nearest;
use crate::pack::reference;

pub(super) fn schema(options: &PackSchema) -> Done {
    let Some(name) = &options.kind else { return done(reference::markdown()) };
    match Kind::ALL.into_iter().find(|kind| kind.name() == name) {
        Some(kind) => done(kind.schema().to_owned()),
        None => {
            let names: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
            let near = nearest(name, names.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            usage(format!("there is no kind `{name}`; there are {}{}", names.join(", "), near.unwrap_or_default()))
        }
    }
}
