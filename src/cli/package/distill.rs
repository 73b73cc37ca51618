//! `accord package distill`: makes the embedded packages.

use std::io::Write;
use std::path::PathBuf;

use super::say;
use crate::packages::PackageError;
use crate::packages::distill::{EMBEDDED_SET, distill_to, source};
use crate::packages::reading::Limits;

/// Makes packages of facts only from official archives: no prose, reproducible.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// The archives [default: those of the embedded packages, in the folder given by --from].
    #[arg(value_name = "ARCHIVE")]
    archives: Vec<PathBuf>,
    /// The folder of the official archives, named ID-VERSION.tgz.
    #[arg(long, value_name = "DIR", default_value = "../shared/packages")]
    from: PathBuf,
    /// The folder of the sources of the project's own packages, one folder per package id.
    #[arg(long, value_name = "DIR", default_value = "profiles/facts")]
    facts: PathBuf,
    /// The folder to write the distilled packages and their index to.
    #[arg(long, value_name = "DIR", default_value = "profiles/data")]
    to: PathBuf,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<u8, PackageError> {
    let embedded = || EMBEDDED_SET.iter().map(|(id, version)| source(id, version, &args.from, &args.facts)).collect();
    let archives: Vec<PathBuf> = if args.archives.is_empty() { embedded() } else { args.archives.clone() };
    let index = distill_to(&archives, &args.to, &Limits::default())?;
    for entry in &index.packages {
        let bytes = std::fs::metadata(args.to.join(&entry.file)).map(|m| m.len()).unwrap_or_default();
        say(out, format_args!("{:>9} bytes  {}  {}", bytes, entry.sha256, entry.file))?;
    }
    Ok(0)
}
