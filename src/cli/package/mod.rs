//! `accord package add|list|lock|distill`: fetching, listing and locking packages, and making the embedded ones.

mod add;
mod distill;
mod list;
mod lock;

use std::io::Write;

use clap::Subcommand;

use crate::packages::PackageError;

/// Fetches, lists and locks FHIR packages.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    Add(add::Args),
    List(list::Args),
    Lock(lock::Args),
    Distill(distill::Args),
}

/// Runs the subcommand; what it did goes to `out`.
///
/// Returns the exit code: 0, or 1 where `lock --check` finds another lock.
///
/// # Errors
/// The command could not run: a package not found (the message says what to do), unreadable, or not to be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, PackageError> {
    match &args.command {
        Command::Add(args) => add::run(args, out),
        Command::List(args) => list::run(args, out),
        Command::Lock(args) => lock::run(args, out),
        Command::Distill(args) => distill::run(args, out),
    }
}

fn say(out: &mut dyn Write, line: std::fmt::Arguments) -> Result<(), PackageError> {
    writeln!(out, "{line}").map_err(PackageError::io("standard output"))
}

#[cfg(test)]
mod tests {
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
        let manifest = br#"{"name":"a.guide","version":"1.0.0","fhirVersions":["4.0.1"],
            "dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#;
        std::fs::write(&archive, pack(&[("package.json".to_owned(), manifest.to_vec())]).unwrap()).unwrap();
        let (archive, packages) = (archive.to_str().unwrap(), packages.to_str().unwrap());
        let (result, said) = accord(&["add", archive, "--packages", packages]);
        assert_eq!(result.unwrap(), 0);
        assert_eq!(said, format!("installed: a.guide#1.0.0 ({packages}/a.guide#1.0.0.tgz)\n"));
        assert!(accord(&["add", archive, "--packages", packages]).1.starts_with("already installed: a.guide#1.0.0"));
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
