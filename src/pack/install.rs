//! Installing packs: what may come onto the shelf, and what is put there.
//!
//! A pack comes in as a [`Delivery`], from a file, a folder or an [`Index`]. It is admitted when a key of the [`Trust`]
//! file signed it, and installed when it holds together with the packs that it extends; of an index, those come along.
//! Nothing here touches disk or network.

use std::sync::Arc;

use semver::Version;

use super::index::{Delivery, Index, Store};
use super::installed::{self, RECORD};
use super::seen::Seen;
use super::sign::{SUFFIX, Signed};
use super::source::{Bases, Shelf, Wanted};
use super::trust::Trust;
use super::{Layer, Pack, archive, unchecked};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::Files;

/// By what packs are admitted.
pub struct Installer<'a> {
    /// The packs that there are.
    pub shelf: &'a Shelf,
    /// Whose packs may be installed.
    pub trust: &'a Trust,
    /// Whether what nobody trusted signed is admitted, with a warning.
    pub allow_unsigned: bool,
    /// Whether a version may take the place of the same version with other content.
    pub replace: bool,
    /// What indexes had before.
    pub seen: &'a Seen,
    /// Today, ISO 8601: an index may have expired.
    pub today: &'a str,
    /// Whether an index is believed that has expired, with a warning.
    pub allow_expired: bool,
    /// Whether an older version than the index had before is admitted, with a warning.
    pub allow_older: bool,
}

/// A pack that may be installed.
pub struct Install {
    /// The pack's id.
    pub id: String,
    /// Its version.
    pub version: Version,
    /// The digest of its files.
    pub digest: String,
    /// Who signed it, as the trust file calls them.
    pub signed_by: Option<String>,
    /// The files to write into the folder of installed packs; none, when the pack is there already.
    pub files: Vec<(String, Vec<u8>)>,
    /// The files there whose place it takes.
    pub obsolete: Vec<String>,
}

/// A pack whose signature was looked at.
struct Admitted {
    layer: Layer,
    delivery: Delivery,
    signed_by: Option<String>,
}

impl Installer<'_> {
    /// Installs one pack that was delivered; the packs that it extends must be there.
    pub fn install(&self, delivery: Delivery, sink: &mut Sink) -> Option<Vec<Install>> {
        let admitted = vec![self.admit(delivery, sink)?];
        self.settle(admitted, sink)
    }

    /// Installs a pack of an index, and from the same index the packs that it extends and that are not there.
    pub fn install_from(&self, store: &dyn Store, wanted: &Wanted, sink: &mut Sink) -> Option<Vec<Install>> {
        let index = Index::read(store).map_err(|problem| sink.push(problem)).ok()?;
        if let Some(problem) = index.expired(self.today) {
            allowed(problem, self.allow_expired, "--allow-expired", sink)?;
        }
        let mut admitted: Vec<Admitted> = Vec::new();
        let mut next = Some(wanted.clone());
        while let Some(wanted) = next.take() {
            let fetched = index.find(&wanted).and_then(|offer| Ok((offer, offer.fetch(store)?)));
            let (offer, delivery) = fetched.map_err(|problem| sink.push(problem)).ok()?;
            if let Some(problem) = self.older(&index, store.address(), &wanted, &offer.version) {
                allowed(problem, self.allow_older, "--allow-older", sink)?;
            }
            let one = self.admit(delivery, sink)?;
            let Layer { manifest, .. } = &one.layer;
            if (&manifest.id, &manifest.version) != (&offer.id, &offer.version) {
                let (file, promised) = (&offer.file, format!("{} {}", offer.id, offer.version));
                let message = format!("`{file}` holds {}, the index promises {promised}", one.layer.label());
                sink.push(Diagnostic::fault(&codes::PACK_INDEX, message));
                return None;
            }
            // A circle is found when the chain is read, below.
            let base = manifest.extends.clone().filter(|base| self.shelf.find(base).is_err());
            next = base.filter(|base| admitted.iter().all(|known| known.layer.manifest.id != base.id));
            admitted.push(one);
        }
        self.settle(admitted, sink)
    }

    /// Unpacks an archive and looks at its signature.
    fn admit(&self, delivery: Delivery, sink: &mut Sink) -> Option<Admitted> {
        let files = archive::unpack(&delivery.name, &delivery.archive, sink)?;
        let layer = Layer::read(Arc::new(files), sink)?;
        match self.signer(&delivery, &layer) {
            Ok(signer) => Some(Admitted { layer, delivery, signed_by: Some(signer) }),
            Err(problem) => {
                allowed(problem, self.allow_unsigned, "--allow-unsigned", sink)?;
                let delivery = Delivery { signature: None, ..delivery };
                Some(Admitted { layer, delivery, signed_by: None })
            }
        }
    }

    /// A fault when an index has only older versions of a pack than it had before, or than it had before of those that
    /// are wanted.
    fn older(&self, index: &Index, address: &str, wanted: &Wanted, found: &Version) -> Option<Diagnostic> {
        let seen = self.seen.newest(address, &wanted.id).filter(|seen| found < seen)?;
        let is_gone = index.newest(&wanted.id).is_none_or(|newest| *newest < seen);
        (is_gone || wanted.range.matches(&seen)).then(|| {
            let message = format!("the index offers `{}` {found}; it had {seen} before", wanted.id);
            Diagnostic::fault(&codes::PACK_OLDER, message).help("ask whoever keeps the index what became of it")
        })
    }

    fn signer(&self, delivery: &Delivery, layer: &Layer) -> Result<String, Diagnostic> {
        let Some(bytes) = &delivery.signature else {
            let message = format!("{} is not signed: `{}` has no `{SUFFIX}` beside it", layer.label(), delivery.name);
            return Err(Diagnostic::fault(&codes::PACK_UNSIGNED, message)
                .help("get the signature from where the pack came from, or have its author sign it"));
        };
        let signature = Signed::read(bytes)?;
        self.trust.verify(&delivery.archive, layer, &signature).map(|trusted| trusted.id.clone())
    }

    /// Reads the chain whole, and says what is to be written.
    fn settle(&self, admitted: Vec<Admitted>, sink: &mut Sink) -> Option<Vec<Install>> {
        let layers: Vec<&Layer> = admitted.iter().map(|one| &one.layer).collect();
        let together = Together { layers: &layers, shelf: self.shelf };
        Pack::load(layers.first()?.files.clone(), &together, sink)?;
        sink.extend(layers.iter().filter_map(|layer| unchecked::warning(layer)));
        let installs: Vec<Install> = admitted.into_iter().filter_map(|one| self.place(one, sink)).collect();
        (!sink.has_faults()).then_some(installs)
    }

    fn place(&self, one: Admitted, sink: &mut Sink) -> Option<Install> {
        let Admitted { layer, delivery, signed_by } = one;
        let name = |digest: &str| archive::file_name(&layer.manifest.id, &layer.manifest.version.to_string(), digest);
        let own = name(&layer.digest);
        let mut install = Install {
            id: layer.manifest.id.clone(),
            version: layer.manifest.version.clone(),
            digest: layer.digest.clone(),
            signed_by,
            files: Vec::new(),
            obsolete: Vec::new(),
        };
        let same = |id: &str, version: &semver::Version| *id == layer.manifest.id && *version == layer.manifest.version;
        for known in self.shelf.all().map_err(|problem| sink.push(problem)).ok()? {
            if !same(&known.manifest.id, &known.manifest.version) {
                continue;
            }
            let digest = super::digest(&*known.files, sink)?;
            if digest == layer.digest {
                if known.is_verified {
                    return Some(install);
                }
                continue;
            }
            if !self.replace || known.origin != super::source::INSTALLED {
                let message = format!("{} is {} already, with other content", layer.label(), known.origin);
                sink.push(Diagnostic::fault(&codes::PACK_INSTALLED, message).help(codes::PACK_INSTALLED.fix));
                return None;
            }
            install.obsolete.extend(["", SUFFIX, RECORD].map(|suffix| name(&digest) + suffix));
        }
        match delivery.signature {
            Some(signature) => install.files.push((own.clone() + SUFFIX, signature)),
            None => install.obsolete.push(own.clone() + SUFFIX),
        }
        install.files.push((own.clone() + RECORD, installed::record(&own, &delivery.archive)));
        install.files.push((own, delivery.archive));
        Some(install)
    }
}

/// Passes over a problem, with a warning, when it may be passed over; else says how it could.
fn allowed(problem: Diagnostic, is_allowed: bool, option: &str, sink: &mut Sink) -> Option<()> {
    if is_allowed {
        sink.push(Diagnostic { severity: Severity::Warning, help: Vec::new(), ..problem });
        return Some(());
    }
    sink.push(problem.help(format!("`{option}` installs it all the same")));
    None
}

/// Packs that come together find one another, before those that are there.
struct Together<'a> {
    layers: &'a [&'a Layer],
    shelf: &'a Shelf,
}

impl Bases for Together<'_> {
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic> {
        match self.layers.iter().find(|layer| wanted.matches(&layer.manifest)) {
            Some(layer) => Ok(layer.files.clone()),
            None => self.shelf.find(wanted),
        }
    }
}
