//! Stamps the program with a digest of what outputs are made from besides their input: the engine's sources and fonts.
//! A new engine then writes a set anew, and an unchanged one does not.

#![allow(clippy::disallowed_methods, reason = "reads what is there when a program is built")]

use std::path::Path;

fn main() {
    let mut files = Vec::new();
    for folder in ["src", "fonts", "template-packs"] {
        println!("cargo::rerun-if-changed={folder}");
        if folder != "template-packs" {
            collect(Path::new(folder), &mut files);
        }
    }
    files.push("Cargo.lock".into());
    println!("cargo::rerun-if-changed=Cargo.lock");
    files.sort();
    // FNV-1a: a stamp against staleness, not against forgery.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        for byte in std::fs::read(file).unwrap_or_default() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=FOLIO_SOURCE={hash:016x}");
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
