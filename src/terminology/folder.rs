//! Where code sets are kept: a file each, named by its canonical.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::set::{Head, Kind, Meta, Refused, START, head, head_length};
use super::systems::compare_releases;
use crate::packages::hash::sha256_hex;

/// How files of code sets end.
const ENDING: &str = ".accord-codes";

/// Why terminology could not be imported, found or removed.
#[derive(Debug, thiserror::Error)]
pub enum TerminologyError {
    /// The operating system refused.
    #[error("`{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// A file that cannot be read as what it should be.
    #[error("`{file}`: {why}")]
    Read {
        /// Its name.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A code set that is refused.
    #[error("`{}`: {why}", path.display())]
    Refused {
        /// Its path.
        path: PathBuf,
        /// Why.
        why: Refused,
    },
    /// What was asked for cannot be done.
    #[error("{0}")]
    Ask(String),
}

impl TerminologyError {
    /// The error of an operation on a path.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> TerminologyError + '_ {
        move |source| TerminologyError::Io { path: path.to_owned(), source }
    }
}

/// A code set in the folder.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its file.
    pub path: PathBuf,
    /// What it says of itself.
    pub meta: Meta,
    /// The bytes of its file.
    pub bytes: u64,
}

/// Where code sets are by default: `$ACCORD_TERMINOLOGY`, else `$XDG_DATA_HOME/accord/terminology`, else
/// `~/.local/share/accord/terminology`; `None` without a home.
pub fn terminology_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("ACCORD_TERMINOLOGY").filter(|f| !f.is_empty()) {
        return Some(PathBuf::from(folder));
    }
    etcetera::base_strategy::Xdg::new().ok().map(|base| base.data_dir().join("accord").join("terminology"))
}

/// The name of a set's file: what people recognise, and a hash of the canonical.
pub fn file_name(meta: &Meta) -> String {
    let kind = if meta.kind == Kind::CodeSystem { "cs" } else { "vs" };
    let plain = |text: &str, most: usize| -> String {
        let last = text.trim_end_matches('/').rsplit("//").next().unwrap_or(text);
        let kept: String = last.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
        let skipped = kept.len().saturating_sub(most);
        kept.get(skipped..).unwrap_or(&kept).trim_matches(['-', '.']).to_owned()
    };
    let hash = sha256_hex(format!("{}|{}", meta.url, meta.version).as_bytes());
    format!("{kind}-{}-{}{ENDING}", plain(&meta.url, 60), hash.get(..16).unwrap_or(&hash))
}

/// The head of a file.
///
/// # Errors
/// A file that cannot be read, or is no code set.
pub fn read_head(path: &Path) -> Result<(Head, u64), TerminologyError> {
    let io = |source| TerminologyError::Io { path: path.to_owned(), source };
    let refused = |why| TerminologyError::Refused { path: path.to_owned(), why };
    let mut file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let mut start = Vec::new();
    file.by_ref().take(START as u64).read_to_end(&mut start).map_err(io)?;
    let whole = head_length(&start).map_err(refused)?;
    file.take((whole - START.min(whole)) as u64).read_to_end(&mut start).map_err(io)?;
    head(&start, length).map_err(refused).map(|head| (head, length))
}

/// The code sets of a folder, by url, the newest version first; none where the folder is missing.
///
/// # Errors
/// A folder that cannot be read, or a code set that is refused.
pub fn list(folder: &Path) -> Result<Vec<Listed>, TerminologyError> {
    let (out, refused) = scan(folder)?;
    refused.into_iter().next().map_or(Ok(out), Err)
}

/// The code sets of a folder, as [`list`] gives them, and why others are refused.
///
/// # Errors
/// A folder that cannot be read.
pub fn scan(folder: &Path) -> Result<(Vec<Listed>, Vec<TerminologyError>), TerminologyError> {
    let io = |source| TerminologyError::Io { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
        Err(e) => return Err(io(e)),
    };
    let (mut out, mut refused) = (Vec::new(), Vec::new());
    for entry in entries {
        let path = entry.map_err(io)?.path();
        let is_set = path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.ends_with(ENDING));
        if is_set {
            match read_head(&path) {
                Ok((head, bytes)) => out.push(Listed { path, meta: head.meta, bytes }),
                Err(e) => refused.push(e),
            }
        }
    }
    refused.sort_by_key(ToString::to_string);
    out.sort_by(|a, b| {
        a.meta
            .url
            .cmp(&b.meta.url)
            .then_with(|| compare_releases(&a.meta.url, &b.meta.version, &a.meta.version))
            .then_with(|| a.path.cmp(&b.path))
    });
    Ok((out, refused))
}

/// Removes the code sets of a canonical: without a version all of them. Gives what was removed.
///
/// # Errors
/// Nothing of this name, or a file that cannot be removed.
pub fn remove(folder: &Path, canonical: &str) -> Result<Vec<Listed>, TerminologyError> {
    let (url, version) = canonical.split_once('|').map_or((canonical, None), |(url, version)| (url, Some(version)));
    let (mut found, _) = scan(folder)?;
    found.retain(|l| l.meta.url == url && version.is_none_or(|v| l.meta.version == v));
    if found.is_empty() {
        let shown = folder.display();
        return Err(TerminologyError::Ask(format!(
            "`{canonical}` is not among the imported terminology in `{shown}`; see `accord terminology list`"
        )));
    }
    for listed in &found {
        fs::remove_file(&listed.path).map_err(TerminologyError::io(&listed.path))?;
    }
    Ok(found)
}

/// Writes a set's file: beside its name, then renamed.
///
/// # Errors
/// A folder that cannot be written to; the error names the path.
pub fn store(folder: &Path, meta: &Meta, bytes: &[u8]) -> Result<Listed, TerminologyError> {
    let path = folder.join(file_name(meta));
    crate::images::write_bytes(&path, bytes).map_err(TerminologyError::io(&path))?;
    let (head, bytes) = read_head(&path)?;
    Ok(Listed { path, meta: head.meta, bytes })
}
