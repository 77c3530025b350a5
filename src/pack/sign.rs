//! Signatures of archives in the format of minisign (<https://jedisct1.github.io/minisign/>): the ordinary `minisign`
//! tool verifies them, and what it signs is verified here.
//!
//! A signature stands beside its archive as `<archive>.minisig`. Its trusted comment, which is signed too, names the
//! pack, and has no time: who signs what is all that it says.

use ct_codecs::{Base64, Decoder as _};
pub use minisign::SecretKey;
use minisign::{KeyPair, SecretKeyBox, SignatureBox};
use minisign_verify::{Error, PublicKey, Signature};

use super::Layer;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::pack as codes;

/// What a signature's file ends in, after the archive's whole name.
pub const SUFFIX: &str = ".minisig";

/// The most bytes of a signature or key file.
pub const MAX_SIGNATURE: u64 = 4 << 10;

/// A public key, as `minisign.pub` holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The key in base64: the second line of `minisign.pub`.
    pub text: String,
    /// Its number, as minisign prints it.
    pub number: String,
    key: PublicKey,
}

impl Key {
    /// Reads a public key: the file, or its second line.
    ///
    /// # Errors
    /// A fault when it is neither.
    pub fn read(text: &str) -> Result<Key, Diagnostic> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
        match (PublicKey::from_base64(line), minisign::PublicKey::from_base64(line)) {
            (Ok(key), Ok(same)) => Ok(Key { text: line.to_owned(), number: number(same.keynum()), key }),
            _ => Err(Diagnostic::fault(&codes::KEY, format!("`{line}` is no public key of minisign"))
                .help("a public key is the second line of a `.pub` file: 56 letters that begin with `RW`")),
        }
    }

    /// Verifies that a signature was made with this key, of these bytes.
    ///
    /// # Errors
    /// A fault when it was not.
    pub fn verify(&self, archive: &[u8], signature: &Signed) -> Result<(), Diagnostic> {
        // Also signatures without prehashing, as minisign made before 2021: they cover the same bytes.
        self.key.verify(archive, &signature.signature, true).map_err(|error| {
            let problem = match error {
                Error::UnexpectedKeyId => "it was made with another key",
                Error::UnsupportedAlgorithm | Error::UnexpectedAlgorithm => {
                    "it was made in a way that minisign has not"
                }
                _ => "it was not made of these bytes",
            };
            let message = format!("the signature of key {} does not hold: {problem}", signature.number);
            Diagnostic::fault(&codes::PACK_SIGNATURE, message)
                .help("the archive or the signature was altered, or they do not belong together")
        })
    }
}

/// A signature that was read, and is not verified yet.
pub struct Signed {
    /// The number of the key that it says it was made with.
    pub number: String,
    signature: Signature,
}

impl Signed {
    /// Reads a `.minisig` file.
    ///
    /// # Errors
    /// A fault when it is none.
    pub fn read(bytes: &[u8]) -> Result<Signed, Diagnostic> {
        let fault = |problem: &str| {
            Diagnostic::fault(&codes::PACK_SIGNATURE, format!("this is no signature of minisign: {problem}"))
        };
        let text = std::str::from_utf8(bytes).map_err(|_| fault("it is not UTF-8"))?;
        // The crate that verifies is the stricter reader, so it comes first.
        let broken = "its lines are not those of one";
        let signature = Signature::decode(text).map_err(|_| fault(broken))?;
        let same = SignatureBox::from_string(text).map_err(|_| fault(broken))?;
        Ok(Signed { number: number(same.keynum()), signature })
    }

    /// Compares what its trusted comment says with a pack; to be asked once it is verified.
    ///
    /// # Errors
    /// A fault when it was made of another pack.
    pub fn names(&self, pack: &Layer) -> Result<(), Diagnostic> {
        let (given, wanted) = (self.signature.trusted_comment(), comment(pack));
        if given == wanted {
            return Ok(());
        }
        let message = format!("the signature says `{}`, the archive holds `{}`", shown(given), shown(&wanted));
        Err(Diagnostic::fault(&codes::PACK_SIGNATURE, message)
            .help(format!("with the minisign tool, sign with `-t \"$(printf '{}')\"`", wanted.replace('\t', "\\t"))))
    }
}

/// The trusted comment of a pack's signature: its id, version and digest.
pub fn comment(pack: &Layer) -> String {
    format!("pack:{}\tversion:{}\tdigest:{}", pack.manifest.id, pack.manifest.version, pack.digest)
}

fn shown(comment: &str) -> String {
    comment.replace('\t', " ")
}

/// Signs an archive that holds a pack; the bytes of its `.minisig`. Each signature of the same bytes is another one,
/// because Ed25519 is given fresh random bytes against faulty machines; all of them verify.
///
/// # Errors
/// When the system has no random bytes to give.
pub fn sign(archive: &[u8], pack: &Layer, key: &SecretKey) -> Result<Vec<u8>, Diagnostic> {
    sign_as(archive, &comment(pack), &format!("signature of {}", pack.label()), key)
}

/// Signs bytes; the bytes of a `.minisig`. The trusted comment is signed too; the label is not.
///
/// # Errors
/// When the key is damaged, or the system has no random bytes to give.
pub fn sign_as(bytes: &[u8], comment: &str, label: &str, key: &SecretKey) -> Result<Vec<u8>, Diagnostic> {
    // With its public part, the crate verifies what it signed: a damaged key is found.
    let signature = minisign::PublicKey::from_secret_key(key)
        .and_then(|public| minisign::sign(Some(&public), key, bytes, Some(comment), Some(label)));
    signature.map(|signature| signature.to_bytes()).map_err(|_| unusable(DAMAGED))
}

/// A new key: the secret file, encrypted when there is a password, and the public one.
///
/// # Errors
/// When the system has no random bytes to give.
pub fn new_key(password: Option<String>) -> Result<(String, String), Diagnostic> {
    let made = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
        None => KeyPair::generate_unencrypted_keypair(),
    };
    let files = made.and_then(|pair| Ok((pair.sk.to_box(Some("minisign secret key"))?, pair.pk.to_box()?)));
    let said = "the system has no random bytes to give";
    files.map(|(secret, public)| (secret.to_string(), public.to_string())).map_err(|_| unusable(said))
}

/// Reads a secret key; the password is asked for when it has one.
///
/// # Errors
/// When it is none, or its password is wrong.
pub fn secret_key(text: &str, password: impl FnOnce() -> Result<String, Diagnostic>) -> Result<SecretKey, Diagnostic> {
    const BYTES: usize = 158;
    let decoded = text.lines().nth(1).and_then(|line| Base64::decode_to_vec(line.trim(), None).ok());
    let Some(bytes) = decoded.filter(|bytes| bytes.len() == BYTES) else {
        return Err(Diagnostic::fault(&codes::KEY, "this is no secret key of minisign").help(codes::KEY.fix));
    };
    let key = match &bytes[2..4] {
        // `minisign -G -W` writes no checksum into a key without password, and the crate would miss it.
        [0, 0] => SecretKey::from_bytes(&bytes).map_err(|_| DAMAGED),
        _ => {
            let key = SecretKeyBox::from(text.to_owned()).into_secret_key(Some(password()?));
            key.map_err(|_| "the password is wrong, or the key is damaged")
        }
    };
    key.map_err(unusable)
}

const DAMAGED: &str = "it is damaged";

fn unusable(problem: &str) -> Diagnostic {
    Diagnostic::fault(&codes::KEY, format!("the key cannot be used: {problem}"))
}

/// The number of a key as minisign prints it.
fn number(bytes: &[u8]) -> String {
    bytes.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}
