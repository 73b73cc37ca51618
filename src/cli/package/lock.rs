//! `accord package lock`: writes or checks a lock file.

use std::io::Write;
use std::path::PathBuf;

use super::say;
use crate::packages::{LOCK_FILE, PackageError, Sources, Spec, resolve};
use crate::profiles::definition::FhirVersion;

/// Writes a lock file for a package set: versions, hashes, substitutes, and what is missing.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// A package; may be repeated [default: all embedded guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    specs: Vec<Spec>,
    /// The FHIR version, if the packages do not say it: R4, 4.0.1, and the like.
    #[arg(long, value_name = "VERSION", value_parser = fhir_version)]
    fhir_version: Option<FhirVersion>,
    /// Where packages are installed [default: $ACCORD_PACKAGES, else accord/packages in the XDG data directory].
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// The lock file.
    #[arg(long, short, value_name = "FILE", default_value = LOCK_FILE)]
    output: PathBuf,
    /// Write nothing; exit with 1 if the file differs from what would be written.
    #[arg(long)]
    check: bool,
}

fn fhir_version(text: &str) -> Result<FhirVersion, String> {
    FhirVersion::parse(text)
        .ok_or_else(|| format!("`{text}` is not a known FHIR version; expected R4, 4.0.1, R5, and the like"))
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<u8, PackageError> {
    let sources = Sources { fhir_version: args.fhir_version, ..Sources::standard(args.packages.as_deref()) };
    let lock = resolve(&args.specs, &sources)?.lock();
    let text = lock.to_json();
    if args.check {
        let same = std::fs::read_to_string(&args.output).is_ok_and(|there| there == text);
        if !same {
            say(
                out,
                format_args!(
                    "`{}` does not match the packages; `accord package lock` writes a new one",
                    args.output.display()
                ),
            )?;
        }
        return Ok(u8::from(!same));
    }
    std::fs::write(&args.output, &text).map_err(PackageError::io(&args.output))?;
    say(out, format_args!("locked {} packages in {}", lock.packages.len(), args.output.display()))?;
    for stand_in in &lock.overrides {
        say(out, format_args!("{} stands in for {}", stand_in.with, stand_in.dependency))?;
    }
    for absent in &lock.absent {
        say(out, format_args!("absent: {absent}"))?;
    }
    Ok(0)
}
