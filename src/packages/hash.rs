//! Content hashes.

use sha2::{Digest, Sha256};

use super::reading::FileSet;

/// The SHA-256 of these bytes, in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 over the files' names, lengths and bytes, in their order.
pub fn sha256_of_files(files: &FileSet) -> String {
    let mut hash = Sha256::new();
    for file in &files.files {
        hash.update((file.name.len() as u64).to_le_bytes());
        hash.update(file.name.as_bytes());
        hash.update((file.range.len() as u64).to_le_bytes());
        hash.update(files.text.get(file.range.clone()).unwrap_or_default());
    }
    hex(&hash.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
