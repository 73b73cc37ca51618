//! Answers about the profiles of a package set, kept beside the images: what a proof or a search found out once is read
//! back by the next process. Nothing depends on them: a file that is missing, cut off or changed is as good as none.

use std::path::PathBuf;

use super::files::{BUILD, write_bytes};
use crate::packages::hash::sha256_hex;

/// Bound on the bytes of a file of answers; a longer one is not written.
const BYTES: usize = 64 << 20;

/// The file with the answers about a package set.
#[derive(Clone, Debug)]
pub struct AnswerFile {
    path: PathBuf,
}

impl AnswerFile {
    /// The file in a folder for packages, which are named with their hashes; `form` is that of the text.
    pub fn new(folder: PathBuf, packages: &[String], form: &str) -> AnswerFile {
        let key = sha256_hex(format!("{BUILD} {form}\n{}\n", packages.join("\n")).as_bytes());
        AnswerFile { path: folder.join(format!("{key}.answers")) }
    }

    /// The text that was kept.
    pub fn read(&self) -> Option<String> {
        let text = std::fs::read_to_string(&self.path).ok()?;
        let (sum, body) = text.split_once('\n')?;
        (sha256_hex(body.as_bytes()) == sum).then(|| body.to_owned())
    }

    /// Keeps a text: written to a temporary file and renamed; false where it is too long. A folder that cannot be
    /// written to is ignored.
    pub fn write(&self, body: &str) -> bool {
        if body.len() > BYTES {
            return false;
        }
        let text = format!("{}\n{body}", sha256_hex(body.as_bytes()));
        if let Err(e) = write_bytes(&self.path, text.as_bytes()) {
            tracing::debug!(path = %self.path.display(), error = %e, "the answers were not kept");
        }
        true
    }
}
