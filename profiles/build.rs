//! Tells the engine a hash over its own sources, so that images of another build are not used.

use std::error::Error;
use std::path::Path;

fn sources(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|e| e.file_name());
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut add =
        |bytes: &[u8]| bytes.iter().for_each(|b| hash = (hash ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
    for e in entries {
        if e.file_type()?.is_dir() { add(&sources(&e.path())?.to_le_bytes()) } else { add(&std::fs::read(e.path())?) }
    }
    Ok(hash)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-env=ACCORD_ENGINE_SOURCES={:016x}", sources(Path::new("src"))?);
    Ok(())
}
