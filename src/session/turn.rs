//! What comes into force because its day came.

use std::path::Path;

use jiff::civil::Date;

use super::Session;
use crate::diagnostic::Sink;
use crate::files::Disk;
use crate::history::{History, Turned};
use crate::ledger;
use crate::verify;
use crate::workspace;

impl Session {
    /// Prepares that what was approved for today or a day before stands where what is in force does. It is a step of its own,
    /// before whatever a command does besides, and says what came into force. Nothing is done by a history that was altered or is missed;
    /// that is said by whoever adds to it.
    pub fn turn(&self, root: &Path, sink: &mut Sink) -> Turned {
        let files = Disk::new(root, "");
        let prepared = || {
            let day: Date = self.today.parse().ok()?;
            let output = workspace::output(root)?;
            let places = ledger::places(root, &output)?;
            let history = History::read(&files, &mut Sink::new())?;
            let turned = history.turn(&files, &places, day);
            let is_idle = turned.said.is_empty() && turned.commit.is_empty();
            let is_sound = is_idle || verify::unsound(root, &output, &history).is_empty();
            is_sound.then_some(turned)
        };
        let mut turned = prepared().unwrap_or_default();
        turned.said.drain(..).for_each(|problem| sink.push(problem));
        turned
    }
}
