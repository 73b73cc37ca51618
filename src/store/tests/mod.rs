//! Stores in folders of their own: what they are filled with, and what must hold of them.

mod answers;
mod damage;
mod definitions;
mod memory;
pub(super) mod model;
mod parties;

use std::fs;
use std::path::Path;

use super::*;

fn definition<'a>(id: &'a str, version: &'a str, file: &'a str, text: &'a [u8]) -> NewDefinition<'a> {
    NewDefinition { resource_type: "StructureDefinition", id, url: "http://x.org/p", version, file, text }
}

/// What holds of one holds of both.
const ENGINES: [Engine; 2] = [Engine::Sled, Engine::Redb];

fn open(folder: &Path, engine: Engine) -> Store {
    let opened = Store::open_with(folder, engine).unwrap();
    assert_eq!(opened.warnings, Vec::<String>::new());
    opened.store
}

/// 10 kB of hexadecimal digits that no compression does away with.
fn text(seed: u64) -> String {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut out = String::new();
    while out.len() < 10_000 {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out.push_str(&format!("{x:016x}"));
    }
    out
}

/// Fills a store that is then closed, in order or not.
fn filled(folder: &Path, engine: Engine, in_order: bool) {
    let store = open(folder, engine);
    let files: Vec<(String, String)> = (0..400u64).map(|i| (format!("{i}.json"), text(i))).collect();
    store.fill("a#1", "aa", files.iter().map(|(f, t)| definition(f, "1", f, t.as_bytes()))).unwrap();
    store.keep_negotiation("id", b"{}").unwrap();
    let (sha256, _) = store.put_archive(b"archive").unwrap();
    store.keep_upload(&sha256, "x#1").unwrap();
    if in_order {
        store.close().unwrap();
    }
}

/// What must hold whatever happened to sled's files: nothing acknowledged is lost, what is lost of the cache is known
/// to be lost, and the store is fit for use.
fn check_memory(opened: &Opened) {
    let store = &opened.store;
    assert_eq!(store.negotiation("id").unwrap().as_deref(), Some(&b"{}"[..]));
    assert_eq!(store.uploads().len(), 1);
    if store.is_filled("a#1", "aa").unwrap() {
        assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 400);
    } else {
        assert!(!opened.warnings.is_empty());
    }
    for i in 0..400u64 {
        if let Ok(Some(found)) = store.text("a#1", &format!("{i}.json")) {
            assert_eq!(found, text(i).into_bytes());
        }
    }
    store.fill("a#1", "bb", [definition("p", "1", "p.json", b"text")]).unwrap();
    assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 1);
    store.close().unwrap();
}
