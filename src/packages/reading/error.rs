//! Why a package could not be read.

use std::fmt;
use std::path::PathBuf;

/// A package that could not be read; the message names the entry.
#[derive(Debug)]
pub enum ReadError {
    /// The gzip stream or the tar is broken.
    Damaged { why: String },
    /// More than a limit allows.
    Limit { what: &'static str, limit: u64, entry: Option<String> },
    /// An entry would leave the package's folder.
    Path { entry: String },
    /// An entry that is neither a file nor a folder.
    Kind { entry: String, kind: &'static str },
    /// No `package/package.json`.
    NoManifest,
    /// `package.json` lacks what makes a package.
    Manifest { why: String },
    /// A definition in XML that is damaged.
    Xml { file: String, line: u32, column: u32, why: String },
    /// A loose file that is no FHIR resource.
    NotResource { file: PathBuf },
    /// The operating system refused.
    Io { path: PathBuf, source: std::io::Error },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Damaged { why } => write!(f, "the archive is damaged: {why}"),
            ReadError::Limit { what, limit, entry: Some(entry) } => {
                write!(f, "entry `{entry}` exceeds the limit of {limit} {what}")
            }
            ReadError::Limit { what, limit, entry: None } => {
                write!(f, "the package exceeds the limit of {limit} {what}")
            }
            ReadError::Path { entry } => write!(f, "entry `{entry}` would leave the package's folder"),
            ReadError::Kind { entry, kind } => {
                write!(f, "entry `{entry}` is a {kind}, a package holds files and folders only")
            }
            ReadError::NoManifest => f.write_str("no FHIR package: `package/package.json` is missing"),
            ReadError::Manifest { why } => write!(f, "`package.json` cannot be used: {why}"),
            ReadError::Xml { file, line, column, why } => write!(f, "`{file}`, line {line}, column {column}: {why}"),
            ReadError::NotResource { file } => write!(f, "`{}` holds no FHIR resource in JSON or XML", file.display()),
            ReadError::Io { path, source } => write!(f, "`{}`: {source}", path.display()),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
