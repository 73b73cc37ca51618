//! `accord package add|list|lock|distill`: fetching, listing and locking packages, and making the embedded ones.

use std::io::Write;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::packages::distill::{EMBEDDED_SET, distill_to, source};
use crate::packages::install::{Installed, install};
use crate::packages::reading::{Limits, archive_manifest, folder_manifest};
use crate::packages::{Copy, LOCK_FILE, Lock, PackageError, PackageIndex, Sources, Spec, installed_folder, resolve};
use crate::profiles::definition::FhirVersion;
use crate::remote::fetch::{Added, add, add_dependencies};
use crate::remote::registry::{REGISTRIES, Registry, Settings};

/// Fetches, lists and locks FHIR packages.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    Add(AddArgs),
    List(ListArgs),
    Lock(LockArgs),
    Distill(DistillArgs),
}

/// Installs packages from a registry or from archives, with what they depend on.
#[derive(clap::Args, Clone, Debug)]
struct AddArgs {
    /// ID#VERSION (6.1.0, 6.1.x, latest), ID for the newest, or the path of an archive.
    #[arg(required = true, value_name = "ID#VERSION|PATH")]
    specs: Vec<Spec>,
    /// Where packages are installed [default: $ACCORD_PACKAGES, else accord/packages in the XDG data directory].
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// A registry's base URL; several are asked in their order.
    #[arg(long = "registry", value_name = "URL", default_values = REGISTRIES)]
    registries: Vec<String>,
    /// Leave out what the packages depend on.
    #[arg(long)]
    no_dependencies: bool,
    /// Show no progress bar.
    #[arg(long)]
    quiet: bool,
}

/// Lists the packages that are here, in the order in which they are looked for.
#[derive(clap::Args, Clone, Debug)]
struct ListArgs {
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

/// Writes a package set down: versions, hashes, what stands in for what, and what is absent.
#[derive(clap::Args, Clone, Debug)]
struct LockArgs {
    /// The packages; none: all embedded guides. May be given several times.
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    specs: Vec<Spec>,
    /// The FHIR version, where the packages do not tell it: R4, 4.0.1, and the like.
    #[arg(long, value_name = "VERSION", value_parser = fhir_version)]
    fhir_version: Option<FhirVersion>,
    /// Where packages are installed [default: $ACCORD_PACKAGES, else accord/packages in the XDG data directory].
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// The lock's file.
    #[arg(long, short, value_name = "FILE", default_value = LOCK_FILE)]
    output: PathBuf,
    /// Write nothing; exit with 1 where the file is not what would be written.
    #[arg(long)]
    check: bool,
}

/// Makes packages of facts only from official archives: no prose, reproducible.
#[derive(clap::Args, Clone, Debug)]
struct DistillArgs {
    /// The archives; none: those of the embedded packages, from the folder that `--from` names.
    #[arg(value_name = "ARCHIVE")]
    archives: Vec<PathBuf>,
    /// Where the official archives lie, as ID-VERSION.tgz.
    #[arg(long, value_name = "DIR", default_value = "../shared/packages")]
    from: PathBuf,
    /// Where the sources of the project's own packages lie, as folders named by their id.
    #[arg(long, value_name = "DIR", default_value = "profiles/facts")]
    facts: PathBuf,
    /// Where the distilled packages and their index go.
    #[arg(long, value_name = "DIR", default_value = "profiles/data")]
    to: PathBuf,
}

fn fhir_version(text: &str) -> Result<FhirVersion, String> {
    FhirVersion::parse(text)
        .ok_or_else(|| format!("`{text}` is no FHIR version known here; write R4, 4.0.1, R5, and the like"))
}

/// Runs the subcommand; what it did goes to `out`.
///
/// Returns the exit code: 0, or 1 where `lock --check` finds another lock.
///
/// # Errors
/// The command could not run: a package not found (the message tells the way out), unreadable, or not to be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, PackageError> {
    match &args.command {
        Command::Add(args) => run_add(args, out),
        Command::List(args) => run_list(args, out),
        Command::Lock(args) => run_lock(args, out),
        Command::Distill(args) => run_distill(args, out),
    }
}

fn say(out: &mut dyn Write, line: std::fmt::Arguments) -> Result<(), PackageError> {
    writeln!(out, "{line}").map_err(PackageError::io("standard output"))
}

fn run_add(args: &AddArgs, out: &mut dyn Write) -> Result<u8, PackageError> {
    let folder = args
        .packages
        .clone()
        .or_else(installed_folder)
        .ok_or_else(|| PackageError::NoPath { path: PathBuf::from("~/.local/share/accord/packages") })?;
    let sources = Sources::standard(Some(&folder));
    let registry =
        Registry::new(Settings { registries: args.registries.clone(), progress: !args.quiet, ..Settings::default() })?;
    for spec in &args.specs {
        let added = match (spec, args.no_dependencies) {
            (Spec::Package { id, range }, false) => add(&registry, id, range, &folder, &sources)?,
            (Spec::Package { id, range }, true) => alone(registry.install(id, range, &folder)?),
            (Spec::Path(path), without) => {
                let bytes = std::fs::read(path).map_err(PackageError::io(path))?;
                let installed = install(&bytes, &path.display().to_string(), &folder, &sources.limits)?;
                if without { alone(installed) } else { add_dependencies(&registry, installed, &folder, &sources) }
            }
        };
        for package in &added.installed {
            let what = if package.new { "installed" } else { "here already" };
            say(out, format_args!("{what}: {} ({})", package.manifest.name(), package.path.display()))?;
        }
        for (dependency, why) in &added.missing {
            say(out, format_args!("absent: {dependency}: {why}"))?;
        }
    }
    Ok(0)
}

fn alone(package: Installed) -> Added {
    Added { installed: vec![package], missing: Vec::new() }
}

fn run_list(args: &ListArgs, out: &mut dyn Write) -> Result<u8, PackageError> {
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
            let list: Vec<_> = described.map(|(copy, fhir_version, place)| json!({ "name": copy.id, "version": copy.version, "fhirVersion": fhir_version, "place": place })).collect();
            say(out, format_args!("{}", serde_json::to_string_pretty(&list).unwrap_or_default()))?;
        }
    }
    Ok(0)
}

/// The published FHIR version number of a copy; `None` where its manifest tells none or does not read.
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

fn run_lock(args: &LockArgs, out: &mut dyn Write) -> Result<u8, PackageError> {
    let sources = Sources { fhir_version: args.fhir_version, ..Sources::standard(args.packages.as_deref()) };
    let lock = Lock::of(&resolve(&args.specs, &sources)?);
    let text = lock.to_json();
    if args.check {
        let same = std::fs::read_to_string(&args.output).is_ok_and(|there| there == text);
        if !same {
            say(
                out,
                format_args!(
                    "`{}` is not what the packages give; `accord package lock` writes it anew",
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

fn run_distill(args: &DistillArgs, out: &mut dyn Write) -> Result<u8, PackageError> {
    let embedded = || EMBEDDED_SET.iter().map(|(id, version)| source(id, version, &args.from, &args.facts)).collect();
    let archives: Vec<PathBuf> = if args.archives.is_empty() { embedded() } else { args.archives.clone() };
    let index = distill_to(&archives, &args.to, &Limits::default())?;
    for entry in &index.packages {
        let bytes = std::fs::metadata(args.to.join(&entry.file)).map(|m| m.len()).unwrap_or_default();
        say(out, format_args!("{:>9} bytes  {}  {}", bytes, entry.sha256, entry.file))?;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use crate::packages::distill::pack;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn accord(words: &[&str]) -> (Result<u8, PackageError>, String) {
        let cli = Cli::try_parse_from([&["package"], words].concat()).unwrap_or_else(|e| panic!("{e}"));
        let mut out = Vec::new();
        let result = run(&cli.args, &mut out);
        (result, String::from_utf8(out).unwrap())
    }

    #[test]
    fn adds_an_archive_and_lists_it() {
        let folder = tempfile::tempdir().unwrap();
        let packages = folder.path().join("packages");
        let archive = folder.path().join("a.tgz");
        let manifest = br#"{"name":"a.guide","version":"1.0.0","fhirVersions":["4.0.1"],"dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#;
        std::fs::write(&archive, pack(&[("package.json".to_owned(), manifest.to_vec())]).unwrap()).unwrap();
        let (archive, packages) = (archive.to_str().unwrap(), packages.to_str().unwrap());
        let (result, said) = accord(&["add", archive, "--packages", packages]);
        assert_eq!(result.unwrap(), 0);
        assert_eq!(said, format!("installed: a.guide#1.0.0 ({packages}/a.guide#1.0.0.tgz)\n"));
        assert!(accord(&["add", archive, "--packages", packages]).1.starts_with("here already: a.guide#1.0.0"));
        let (_, list) = accord(&["list", "--packages", packages]);
        assert!(
            list.lines().any(|l| l.starts_with("hl7.fhir.us.core#6.1.0 ") && l.ends_with("  4.0.1   embedded")),
            "{list}"
        );
        assert!(list.lines().any(|l| l.starts_with("a.guide#1.0.0 ") && l.contains("  4.0.1   ")), "{list}");
        let (_, list) = accord(&["list", "--packages", packages, "--format", "json"]);
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        assert!(list.as_array().unwrap().iter().any(|p| p["name"] == "a.guide" && p["fhirVersion"] == "4.0.1"));
    }

    #[test]
    fn locks_and_checks() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accord.lock");
        let (file, none) = (file.to_str().unwrap(), folder.path().to_str().unwrap());
        let words = ["lock", "--package", "hl7.fhir.us.core#6.1.0", "--packages", none, "--output", file];
        assert_eq!(accord(&[&words[..], &["--check"]].concat()).0.unwrap(), 1);
        let (result, said) = accord(&words);
        assert_eq!(result.unwrap(), 0);
        assert!(
            said.contains("hl7.terminology.r4#7.3.0 stands in for hl7.terminology.r4#5.0.0\n")
                && said.contains("absent: us.cdc.phinvads#0.12.0\n"),
            "{said}"
        );
        assert_eq!(accord(&[&words[..], &["--check"]].concat()).0.unwrap(), 0);
        let (result, _) = accord(&["lock", "--package", "no.such#1", "--packages", none, "--output", file]);
        assert!(result.unwrap_err().to_string().contains("`accord package add no.such#1"));
    }

    #[test]
    fn refuses_what_names_no_package() {
        for words in [&["package", "add"][..], &["package", "add", "a b"], &["package", "lock", "--fhir-version", "R9"]]
        {
            assert!(Cli::try_parse_from(words).is_err());
        }
    }
}
