//! Why a package could not be read.

use std::path::PathBuf;

/// A package that could not be read; the message names the entry.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The gzip stream or the tar is broken.
    #[error("the archive is damaged: {why}")]
    Damaged {
        /// What the reader of the archive said.
        why: String,
    },
    /// More than a limit allows.
    #[error("{} exceeds the limit of {limit} {what}", whole(entry.as_deref()))]
    Limit {
        /// What is counted: `packed bytes`, `entries` …
        what: &'static str,
        /// The most that is allowed.
        limit: u64,
        /// The entry at fault; `None`: the package as a whole.
        entry: Option<String>,
    },
    /// An entry would leave the package's folder.
    #[error("entry `{entry}` would leave the package's folder")]
    Path {
        /// The path of the entry.
        entry: String,
    },
    /// An entry that is neither a file nor a folder.
    #[error("entry `{entry}` is a {kind}; a package contains only files and folders")]
    Kind {
        /// The path of the entry.
        entry: String,
        /// What it is: `symbolic link`, `device` …
        kind: &'static str,
    },
    /// No `package/package.json`.
    #[error("not a FHIR package: `package/package.json` is missing")]
    NoManifest,
    /// `package.json` lacks what makes a package.
    #[error("`package.json` cannot be used: {why}")]
    Manifest {
        /// What is missing or wrong.
        why: String,
    },
    /// A definition in XML that is damaged.
    #[error("`{file}`, line {line}, column {column}: {why}")]
    Xml {
        /// Its name inside the package.
        file: String,
        /// From 1.
        line: u32,
        /// In characters, from 1.
        column: u32,
        /// What is wrong there.
        why: String,
    },
    /// A loose file that is no FHIR resource.
    #[error("`{}` is not a FHIR resource in JSON or XML", file.display())]
    NotResource {
        /// Its path.
        file: PathBuf,
    },
    /// The operating system refused.
    #[error("`{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

/// An entry, or the package as a whole.
fn whole(entry: Option<&str>) -> String {
    entry.map_or_else(|| "the package".to_owned(), |e| format!("entry `{e}`"))
}
