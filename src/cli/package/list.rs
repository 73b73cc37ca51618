//! `accord package list`: what is installed.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::say;
use crate::packages::reading::{Limits, archive_manifest, folder_manifest};
use crate::packages::{Copy, PackageError, PackageIndex, Sources};

/// Lists the packages that are here, in the order in which they are looked for.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// Where packages are installed [default: $ACCORD_PACKAGES, else accord/packages in the XDG data directory].
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<u8, PackageError> {
    let sources = Sources::standard(args.packages.as_deref());
    let copies = PackageIndex::open(&sources).all();
    let described = copies.iter().map(|copy| {
        (
            copy,
            fhir_version_of(copy, &sources.limits),
            copy.path.as_ref().map_or_else(|| "embedded".to_owned(), |p| p.display().to_string()),
        )
    });
    match args.format {
        Format::Text => {
            let width = copies.iter().map(|c| c.name().len()).max().unwrap_or_default();
            for (copy, fhir_version, place) in described {
                say(
                    out,
                    format_args!(
                        "{:width$}  {:6}  {place}",
                        copy.name(),
                        fhir_version.unwrap_or_else(|| "-".to_owned())
                    ),
                )?;
            }
        }
        Format::Json => {
            let list: Vec<_> = described.map(|(copy, fhir_version, place)| entry(copy, fhir_version, &place)).collect();
            say(out, format_args!("{}", serde_json::to_string_pretty(&list).unwrap_or_default()))?;
        }
    }
    Ok(0)
}

/// A copy as JSON.
fn entry(copy: &Copy, fhir_version: Option<String>, place: &str) -> Value {
    json!({
        "name": copy.id,
        "version": copy.version,
        "fhirVersion": fhir_version,
        "place": place,
    })
}

/// The published FHIR version number of a copy; `None` where its manifest names none or could not be read.
fn fhir_version_of(copy: &Copy, limits: &Limits) -> Option<String> {
    let manifest = match &copy.path {
        None => {
            return crate::packages::embedded::find(&copy.id, &copy.version)?
                .manifest
                .fhir_version
                .map(|v| v.number().to_owned());
        }
        Some(path) if path.is_dir() => folder_manifest(path, limits).ok()?,
        Some(path) => archive_manifest(&std::fs::read(path).ok()?, limits).ok()?,
    };
    manifest.fhir_version.map(|v| v.number().to_owned())
}
