//! A package's files as a `.tgz` that is the same, byte for byte, whenever its files are.

use std::io::Write;

use flate2::{Compression, GzBuilder};

/// The gzipped tar of these files (name below `package/`, text) in this order: no owner, no time, best compression.
///
/// # Errors
/// None that memory does not make.
pub fn pack(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        tar.append_data(&mut header, format!("package/{name}"), text.as_slice())?;
    }
    // 255: unknown operating system.
    let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    gzip.write_all(&tar.into_inner()?)?;
    gzip.finish()
}
