//! The port to the database under the cache: ordered tables of bytes. Whatever is in it can be had again.

use super::StoreError;

/// The tables.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Table {
    /// `id#version` to the SHA-256 of the package whose definitions are complete.
    Packages,
    /// (package, file) to the text.
    Definitions,
    /// (type, url, version, package, file) to the id.
    Canonicals,
    /// (type, id, package, file) to (url, version).
    Ids,
    /// (package, file) to the text with its generated snapshot.
    Snapshots,
    /// SHA-256 of a question to the answer of others.
    Answers,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 6] =
        [Table::Packages, Table::Definitions, Table::Canonicals, Table::Ids, Table::Snapshots, Table::Answers];

    /// The name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Table::Packages => "packages",
            Table::Definitions => "definitions",
            Table::Canonicals => "canonicals",
            Table::Ids => "ids",
            Table::Snapshots => "snapshots",
            Table::Answers => "answers",
        }
    }
}

/// A value put under a key, or a key removed.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub table: Table,
    pub key: Vec<u8>,
    /// `None` removes the key.
    pub value: Option<Vec<u8>>,
}

impl Change {
    pub fn put(table: Table, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Change {
        Change { table, key: key.into(), value: Some(value.into()) }
    }

    pub fn remove(table: Table, key: impl Into<Vec<u8>>) -> Change {
        Change { table, key: key.into(), value: None }
    }
}

/// A database. Where one of its calls failed by the disk, or by damage, it may have to be renewed.
pub(super) trait Database: Send + Sync {
    /// The value of a key.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Gives each key that begins with `prefix` to `each`, with its value, in the order of the keys.
    fn scan(&self, table: Table, prefix: &[u8], each: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), StoreError>;

    /// Makes changes, in their order; those of one table all or none.
    fn write(&self, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Brings to disk what was written.
    fn flush(&self) -> Result<(), StoreError>;

    /// Whether a call failed since the database was opened or renewed.
    fn is_failed(&self) -> bool;

    /// Throws everything away, gives its room back to the disk, and begins anew.
    fn renew(&self) -> Result<(), StoreError>;

    /// Brings everything to disk for the next start, which takes it up again once this was dropped.
    fn close(&self) -> Result<(), StoreError>;
}
