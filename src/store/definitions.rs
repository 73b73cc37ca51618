//! The cache of definitions and generated snapshots; all of it can be rebuilt from packages.

use super::database::{Change, Table};
use super::record::{key, pack, parts, prefix, unpack};
use super::{Store, StoreError};

/// How many definitions go into one write.
const BATCH: usize = 256;

/// A definition to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewDefinition<'a> {
    /// The resource type.
    pub resource_type: &'a str,
    /// The resource id.
    pub id: &'a str,
    /// The canonical url; empty where there is none.
    pub url: &'a str,
    /// The business version; empty where there is none.
    pub version: &'a str,
    /// The file inside its package; unique there.
    pub file: &'a str,
    /// The JSON text.
    pub text: &'a [u8],
}

/// What names a stored definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The resource type.
    pub resource_type: String,
    /// The resource id.
    pub id: String,
    /// The canonical url; empty where it has none.
    pub url: String,
    /// The business version, empty where it has none.
    pub version: String,
    /// `id#version` of the package.
    pub package: String,
    /// The file inside its package.
    pub file: String,
}

impl Store {
    /// Whether the definitions of this very package (`id#version` with this content) are all here.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn is_filled(&self, package: &str, sha256: &str) -> Result<bool, StoreError> {
        Ok(self.database.get(Table::Packages, package.as_bytes())?.is_some_and(|s| s == sha256.as_bytes()))
    }

    /// Stores the definitions of a package, in place of those that a package of the same name had. The package
    /// counts as filled only when all of it is on disk.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails; what was written until then is written again the next time.
    pub fn fill<'a>(
        &self,
        package: &str,
        sha256: &str,
        definitions: impl IntoIterator<Item = NewDefinition<'a>>,
    ) -> Result<usize, StoreError> {
        self.forget_definitions(package)?;
        let mut count = 0;
        let mut changes = Vec::new();
        for d in definitions {
            changes.push(Change::put(Table::Definitions, key(&[package, d.file]), pack(d.text)?));
            if !d.url.is_empty() {
                let canonical = key(&[d.resource_type, d.url, d.version, package, d.file]);
                changes.push(Change::put(Table::Canonicals, canonical, d.id));
            }
            let id = key(&[d.resource_type, d.id, package, d.file]);
            changes.push(Change::put(Table::Ids, id, key(&[d.url, d.version])));
            count += 1;
            if count % BATCH == 0 {
                self.database.write(std::mem::take(&mut changes))?;
            }
        }
        self.database.write(changes)?;
        self.database.flush()?;
        self.database.write(vec![Change::put(Table::Packages, package, sha256)])?;
        self.database.flush()?;
        Ok(count)
    }

    /// Removes what is stored of a package (`id#version`).
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn forget_definitions(&self, package: &str) -> Result<(), StoreError> {
        let mut changes = vec![Change::remove(Table::Packages, package)];
        let mine = prefix(&[package]);
        for table in [Table::Definitions, Table::Snapshots] {
            self.database.scan(table, &mine, &mut |k, _| changes.push(Change::remove(table, k)))?;
        }
        for (table, at) in [(Table::Canonicals, 3), (Table::Ids, 2)] {
            self.database.scan(table, &[], &mut |k, _| {
                if k.split(|b| *b == 0).nth(at) == Some(package.as_bytes()) {
                    changes.push(Change::remove(table, k));
                }
            })?;
        }
        self.database.write(changes)
    }

    /// Removes the snapshots of all packages.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn forget_snapshots(&self) -> Result<(), StoreError> {
        let mut changes = Vec::new();
        let table = Table::Snapshots;
        self.database.scan(table, &[], &mut |k, _| changes.push(Change::remove(table, k)))?;
        self.database.write(changes)
    }

    /// The definitions of this type and url, in the order of version, package and file.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn by_canonical(&self, resource_type: &str, url: &str) -> Result<Vec<Entry>, StoreError> {
        let mut out = Vec::new();
        self.database.scan(Table::Canonicals, &prefix(&[resource_type, url]), &mut |k, id| {
            if let [resource_type, url, version, package, file] = &parts(k)[..] {
                out.push(Entry {
                    resource_type: resource_type.clone(),
                    id: String::from_utf8_lossy(id).into_owned(),
                    url: url.clone(),
                    version: version.clone(),
                    package: package.clone(),
                    file: file.clone(),
                });
            }
        })?;
        Ok(out)
    }

    /// The definitions of this type and id, in the order of package and file.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn by_id(&self, resource_type: &str, id: &str) -> Result<Vec<Entry>, StoreError> {
        self.scan_ids(&prefix(&[resource_type, id]))
    }

    /// All definitions of this type, in the order of id, package and file.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn by_type(&self, resource_type: &str) -> Result<Vec<Entry>, StoreError> {
        self.scan_ids(&prefix(&[resource_type]))
    }

    fn scan_ids(&self, prefix: &[u8]) -> Result<Vec<Entry>, StoreError> {
        let mut out = Vec::new();
        self.database.scan(Table::Ids, prefix, &mut |k, v| {
            if let ([resource_type, id, package, file], [url, version]) = (&parts(k)[..], &parts(v)[..]) {
                out.push(Entry {
                    resource_type: resource_type.clone(),
                    id: id.clone(),
                    url: url.clone(),
                    version: version.clone(),
                    package: package.clone(),
                    file: file.clone(),
                });
            }
        })?;
        Ok(out)
    }

    /// The text of a definition as its package holds it; `None` where it is not here.
    ///
    /// # Errors
    /// [`StoreError::Record`] where the text is damaged.
    pub fn text(&self, package: &str, file: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.database.get(Table::Definitions, &key(&[package, file]))?.map(|v| unpack(&v)).transpose()
    }

    /// The text of a definition with the snapshot that was generated for it; `None` where none was.
    ///
    /// # Errors
    /// [`StoreError::Record`] where the text is damaged.
    pub fn snapshot(&self, package: &str, file: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.database.get(Table::Snapshots, &key(&[package, file]))?.map(|v| unpack(&v)).transpose()
    }

    /// Puts the text of a definition in place of a damaged one.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn mend(&self, package: &str, file: &str, text: &[u8]) -> Result<(), StoreError> {
        self.database.write(vec![Change::put(Table::Definitions, key(&[package, file]), pack(text)?)])
    }

    /// Keeps a definition with its generated snapshot.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn keep_snapshot(&self, package: &str, file: &str, text: &[u8]) -> Result<(), StoreError> {
        self.database.write(vec![Change::put(Table::Snapshots, key(&[package, file]), pack(text)?)])
    }
}
