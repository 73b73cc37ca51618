//! The archive of a release: downloaded whole, with the checksum that the registry tells.

use sha1::{Digest, Sha1};

use super::{Registry, Release};
use crate::packages::hash::{hex, sha256_hex};
use crate::packages::install::check;
use crate::remote::download::{Download, Part, fetch};
use crate::remote::http::Refusal;

impl Registry {
    /// The archive's bytes, with the right checksum. What was resumed and has a wrong one, or none and does not read,
    /// is fetched once more from the start.
    pub(super) fn whole(&self, release: &Release, part: &mut Part) -> Result<Vec<u8>, Refusal> {
        let disk = |error: std::io::Error| Refusal::Failed(format!("the download cannot be written: {error}"));
        let name = release.name();
        let download = Download {
            url: &release.url,
            name: &name,
            limit_bytes: self.settings.limits.archive_bytes,
            progress: self.settings.progress,
        };
        loop {
            let resumed = !part.is_empty();
            fetch(&self.client, &self.settings.patience, &download, part)?;
            let bytes = part.bytes().map_err(disk)?;
            let unread = || {
                (resumed && release.checksum.is_none())
                    .then(|| check(&bytes, &name, &self.settings.limits).err())
                    .flatten()
                    .map(|e| e.to_string())
            };
            match wrong_checksum(&bytes, release.checksum.as_deref()).or_else(unread) {
                None => return Ok(bytes),
                Some(why) => {
                    part.clear().map_err(disk)?;
                    if !resumed {
                        return Err(Refusal::Failed(why));
                    }
                }
            }
        }
    }
}

/// What is wrong with the checksum; nothing where none is given.
fn wrong_checksum(bytes: &[u8], told: Option<&str>) -> Option<String> {
    let told = told?;
    let found = match told.len() {
        64 => sha256_hex(bytes),
        _ => hex(&Sha1::digest(bytes)),
    };
    (found != told).then(|| format!("its checksum is {found}, the registry says {told}"))
}
