//! The table of docs/adr/store.md: what the engines of the store take of the disk and of time.
//!
//! `cargo bench --bench store -- [SETS] [FOLDER]` makes the stores in FOLDER (default: the folder of temporary files).

use std::path::{Path, PathBuf};
use std::time::Instant;

use fhir_accord::store::{Engine, NewDefinition, Store};

/// Definitions of a package that is filled in.
const DEFINITIONS: usize = 2_000;

/// Text that compresses to about a third, as JSON of negotiations does.
fn text(seed: u64, bytes: usize) -> String {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut out = String::new();
    while out.len() < bytes {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out.push_str(&format!("{{\"code\":\"{x:08x}\",\"weight\":\"SHALL\",\"usable\":true}},"));
    }
    out
}

fn size(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| size(&entry.path())).sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |m| m.len()),
    }
}

fn measure(engine: Engine, folder: &Path, sets: usize) -> Result<(), Box<dyn std::error::Error>> {
    let millis = |from: Instant| from.elapsed().as_secs_f64() * 1000.0;
    let store = Store::open_with(folder, engine)?.store;
    let texts: Vec<String> = (0..100).map(|i| text(i, 20_000)).collect();
    let from = Instant::now();
    for i in 0..sets {
        let text = format!("{i}{}", texts.get(i % 100).map_or("", |t| t));
        store.keep_negotiation(&format!("{i:064x}"), text.as_bytes())?;
    }
    let writes = sets as f64 / from.elapsed().as_secs_f64();
    let memory = size(&folder.join("negotiations.log")) + size(&folder.join("negotiations.redb"));
    let from = Instant::now();
    for i in 0..sets {
        store.negotiation(&format!("{i:064x}"))?;
    }
    let reads = sets as f64 / from.elapsed().as_secs_f64();
    let files: Vec<(String, String)> =
        (0..DEFINITIONS).map(|i| (format!("{i}.json"), text(i as u64, 15_000))).collect();
    let from = Instant::now();
    let definitions = files.iter().map(|(file, text)| NewDefinition {
        resource_type: "StructureDefinition",
        id: file,
        url: file,
        version: "1",
        file,
        text: text.as_bytes(),
    });
    store.fill("a#1", "aa", definitions)?;
    let filled = millis(from);
    let cache = size(&folder.join("store")) + size(&folder.join("store.redb"));
    // Not closed in order: what the next process finds after a kill.
    drop(store);
    let from = Instant::now();
    let store = Store::open_with(folder, engine)?.store;
    let (after_kill, is_filled) = (millis(from), store.is_filled("a#1", "aa")?);
    store.close()?;
    drop(store);
    let from = Instant::now();
    let store = Store::open_with(folder, engine)?.store;
    let after_close = millis(from);
    drop(store);
    let (memory, cache, kept) = (memory as f64 / 1e6, cache as f64 / 1e6, if is_filled { "yes" } else { "no" });
    print!("{engine:>5} {writes:>10.0} {reads:>10.0} {memory:>12.1} {filled:>10.0} {cache:>12.1} ");
    println!("{after_close:>12.0} {after_kill:>12.0} {kept}");
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let sets = given.next().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let base = given.next().map_or_else(std::env::temp_dir, PathBuf::from);
    println!(
        "{:>5} {:>10} {:>10} {:>12} {:>10} {:>12} {:>12} {:>12} cache kept after a kill",
        "", "writes/s", "reads/s", "memory MB", "fill ms", "cache MB", "open ms", "after kill"
    );
    for engine in [Engine::Sled, Engine::Redb] {
        let folder = tempfile::tempdir_in(&base)?;
        measure(engine, folder.path(), sets)?;
    }
    Ok(())
}
