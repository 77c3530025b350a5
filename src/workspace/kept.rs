//! What documents are made from, as it is kept beside them.

use std::collections::BTreeMap;

use super::Workspace;
use crate::digest;
use crate::history::Facts;
use crate::lock::LockedPack;

impl Workspace {
    /// What its documents are made from now: what a run keeps, so that a later one can tell what has changed since.
    pub fn kept_facts(&self) -> Facts {
        let mut facts = Facts::new(self.settings.as_of.clone(), self.profile.facts());
        facts.overrides = self.override_digests();
        facts.look = self.look();
        facts.packs = self
            .pack
            .layers
            .iter()
            .map(|layer| LockedPack {
                id: layer.manifest.id.clone(),
                version: layer.manifest.version.to_string(),
                digest: layer.digest.clone(),
            })
            .collect();
        facts.program = env!("FOLIO_SOURCE").to_owned();
        facts
    }

    /// The blocks that it puts in place of the pack's, `document/block`, and the digest of each text.
    fn override_digests(&self) -> BTreeMap<String, String> {
        let blocks = self.overrides.iter().flat_map(|(document, blocks)| {
            blocks.iter().map(move |(block, path)| (format!("{document}/{block}"), path))
        });
        // What cannot be read is said when documents are made of it.
        blocks.filter_map(|(name, path)| Some((name, self.files.digest(path).ok()?))).collect()
    }

    /// The digest of its look: theme, pictures, own fonts.
    fn look(&self) -> String {
        let mut look = serde_json::to_vec(&self.theme).unwrap_or_default();
        for (name, image) in &self.images.0 {
            look.extend(digest::of_parts([name.as_bytes(), &image.bytes, image.alt.as_bytes()]).into_bytes());
        }
        for font in &self.fonts {
            look.extend(font.digest().bytes());
        }
        digest::of_file(&look)
    }
}
