//! What sled kept in earlier versions besides the cache: negotiated sets, now in the journal alone, and the names of
//! uploads, now beside their archives.

use std::collections::BTreeSet;

use super::StoreError;
use super::memory::{Memory, Names};

const NEGOTIATIONS: &str = "negotiations";
const UPLOADS: &str = "uploads";

/// The tables of earlier versions.
#[derive(Debug, Default)]
pub(super) struct OldTables {
    db: Option<sled::Db>,
    /// The names of uploads by the hashes of their archives.
    pub uploads: Names,
}

impl OldTables {
    /// The old tables of a database.
    ///
    /// # Errors
    /// [`StoreError::Database`] where they cannot be read.
    pub fn of(db: &sled::Db) -> Result<OldTables, StoreError> {
        let mut out = OldTables::default();
        for name in db.tree_names() {
            if *name == *NEGOTIATIONS.as_bytes() {
                out.db = Some(db.clone());
            } else if *name == *UPLOADS.as_bytes() {
                out.db = Some(db.clone());
                for record in &db.open_tree(name)? {
                    let (sha256, name) = record?;
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    out.uploads.insert(text(&sha256), text(&name));
                }
            }
        }
        Ok(out)
    }

    /// Puts the old sets into `memory`, where it has none of their ids, and drops the old tables. Where the disk is
    /// full they stay for the next start.
    ///
    /// # Errors
    /// [`StoreError::Database`] where sled fails.
    pub fn hand_over(self, memory: &dyn Memory, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        let Some(db) = self.db else { return Ok(()) };
        let known: BTreeSet<String> = memory.ids().into_iter().collect();
        let tree = db.open_tree(NEGOTIATIONS)?;
        let mut missing = tree.iter().filter_map(|record| match record {
            Ok((id, packed)) => {
                let id = String::from_utf8_lossy(&id).into_owned();
                (!known.contains(&id) && !packed.is_empty()).then(|| Ok((id, packed.to_vec())))
            }
            Err(error) => Some(Err(error.into())),
        });
        let taken = match memory.keep_all(&mut missing) {
            Ok(taken) => taken,
            Err(error @ StoreError::File { .. }) => {
                warnings.push(format!("the negotiations of an earlier version could not be taken over: {error}"));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if taken > 0 {
            warnings.push(format!("{taken} negotiations were missing in the journal; they were put back into it"));
        }
        db.drop_tree(NEGOTIATIONS)?;
        db.drop_tree(UPLOADS)?;
        Ok(())
    }
}
