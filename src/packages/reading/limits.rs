//! What a package may cost at most.

/// Bounds on a package; each is named in the error when it is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the packed archive.
    pub archive_bytes: u64,
    /// Entries of the archive or files of the folder.
    pub entries: u64,
    /// Bytes of one unpacked entry.
    pub entry_bytes: u64,
    /// Bytes of all that is unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked bytes per packed byte, looked at from 16 MiB on. Real packages stay under 40.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            archive_bytes: 256 << 20,
            entries: 200_000,
            entry_bytes: 64 << 20,
            unpacked_bytes: 1 << 30,
            ratio: 150,
        }
    }
}

impl Limits {
    /// The bytes that an archive of `packed` bytes may unpack to, and the name of the limit that says so.
    pub(super) fn unpacked(&self, packed: u64) -> (u64, &'static str, u64) {
        let by_ratio = packed.saturating_mul(self.ratio).max(16 << 20);
        match by_ratio < self.unpacked_bytes {
            true => (by_ratio, "unpacked bytes for each packed one", self.ratio),
            false => (self.unpacked_bytes, "unpacked bytes", self.unpacked_bytes),
        }
    }
}
