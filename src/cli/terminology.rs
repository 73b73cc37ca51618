//! `accord terminology import|list|remove`: terminology that users hold, and no package may carry.

use std::io::Write;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::exit;
use crate::printable::note;
use crate::terminology::set::{Content, Kind};
use crate::terminology::{Columns, Format, Listed, Options, TerminologyError};
use crate::terminology::{import, remove, scan, terminology_folder};

/// Imports, lists and removes terminology that you hold: SNOMED CT, LOINC, RxNorm, ICD-10-CM, VSAC value sets, CSV.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    Import(Box<Import>),
    List(List),
    Remove(Remove),
}

/// The folder that all subcommands work in.
#[derive(clap::Args, Clone, Debug)]
struct Folder {
    /// Where imported terminology is [default: $ACCORD_TERMINOLOGY, else accord/terminology in the XDG data directory].
    #[arg(long = "terminology", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Folder {
    fn path(&self) -> Result<PathBuf, TerminologyError> {
        let none = || TerminologyError::Ask("no folder for terminology; set ACCORD_TERMINOLOGY".to_owned());
        self.folder.clone().or_else(terminology_folder).ok_or_else(none)
    }
}

/// Reads what publishers hand out, and keeps it for validation.
///
/// Files, folders and zip archives: FHIR ValueSets with expansions (VSAC, PHIN VADS), CodeSystems and Bundles in JSON;
/// snapshots of SNOMED CT's RF2; LOINC's Loinc.csv; RxNorm's RXNCONSO.RRF; ICD-10-CM's order file; any CSV file with
/// --system and --code.
#[derive(clap::Args, Clone, Debug)]
#[command(disable_version_flag = true)]
struct Import {
    /// Files, folders or zip archives.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the files are [default: what they look like].
    #[arg(long, value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(Format::NAMES))]
    format: Option<String>,
    /// The url of the code system.
    #[arg(long, value_name = "URL")]
    system: Option<String>,
    /// The version of the code system, or of the value set [default: what the files, or their names, say].
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// The files have only some codes of the system: whether others exist stays open.
    #[arg(long)]
    fragment: bool,
    /// The language of a CSV file's names, or of the linguistic variants of LOINC to read, as a BCP 47 tag: de, de-AT.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    #[command(flatten)]
    columns: ColumnArgs,
    #[command(flatten)]
    folder: Folder,
}

/// The columns of a CSV file, by their names.
#[derive(clap::Args, Clone, Debug)]
struct ColumnArgs {
    /// CSV: the column of the code.
    #[arg(long, value_name = "COLUMN")]
    code: Option<String>,
    /// CSV: the column of the preferred name.
    #[arg(long, value_name = "COLUMN", requires = "code")]
    display: Option<String>,
    /// CSV: a column of further names; may be repeated.
    #[arg(long, value_name = "COLUMN", requires = "code")]
    synonym: Vec<String>,
    /// CSV: the column of the code above; several codes are separated by `|`.
    #[arg(long, value_name = "COLUMN", requires = "code")]
    parent: Option<String>,
    /// CSV: the value of a column that marks a code as inactive.
    #[arg(long, value_name = "COLUMN=VALUE", requires = "code", value_parser = column_value)]
    inactive: Option<(String, String)>,
    /// CSV: a column that value sets filter by; may be repeated.
    #[arg(long, value_name = "COLUMN", requires = "code")]
    property: Vec<String>,
}

fn column_value(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(column, _)| !column.is_empty());
    parts.map(|(c, v)| (c.to_owned(), v.to_owned())).ok_or_else(|| "expected COLUMN=VALUE".to_owned())
}

impl ColumnArgs {
    fn columns(&self) -> Option<Columns> {
        Some(Columns {
            code: self.code.clone()?,
            display: self.display.clone(),
            synonyms: self.synonym.clone(),
            parent: self.parent.clone(),
            inactive: self.inactive.clone(),
            properties: self.property.clone(),
        })
    }
}

/// Lists the imported terminology.
#[derive(clap::Args, Clone, Debug)]
struct List {
    #[command(flatten)]
    folder: Folder,
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

/// Removes imported terminology.
#[derive(clap::Args, Clone, Debug)]
struct Remove {
    /// The url of a code system or value set, with or without its version.
    #[arg(required = true, value_name = "URL[|VERSION]")]
    canonicals: Vec<String>,
    #[command(flatten)]
    folder: Folder,
}

/// Runs the subcommand; what it did goes to `out`, what is wrong with files to standard error.
///
/// Returns the exit code: 0, or 1 where something that the files have is not in what was imported.
///
/// # Errors
/// The command could not run: a path unreadable, nothing that can be imported, a folder not to be written to.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, TerminologyError> {
    match &args.command {
        Command::Import(args) => run_import(args, out),
        Command::List(args) => run_list(args, out),
        Command::Remove(args) => {
            let folder = args.folder.path()?;
            for canonical in &args.canonicals {
                for listed in remove(&folder, canonical)? {
                    say(out, format_args!("removed: {} ({})", listed.meta.canonical(), listed.path.display()))?;
                }
            }
            Ok(exit::OK)
        }
    }
}

fn say(out: &mut dyn Write, line: std::fmt::Arguments) -> Result<(), TerminologyError> {
    writeln!(out, "{line}").map_err(|source| TerminologyError::Io { path: PathBuf::from("standard output"), source })
}

fn run_import(args: &Import, out: &mut dyn Write) -> Result<u8, TerminologyError> {
    let format = args.format.as_deref().map(str::parse::<Format>).transpose().map_err(TerminologyError::Ask)?;
    let options = Options {
        format,
        system: args.system.clone(),
        version: args.version.clone(),
        fragment: args.fragment,
        language: args.language.clone(),
        columns: args.columns.columns(),
    };
    let imported = import(&args.paths, &options, &args.folder.path()?)?;
    for line in imported.told.lines() {
        note(&line);
    }
    for listed in &imported.sets {
        say(out, format_args!("imported: {} ({})", described(listed), listed.path.display()))?;
    }
    Ok(if imported.told.is_loss() { exit::INVALID } else { exit::OK })
}

/// A set in words: canonical, what it is, how many codes and names, its size.
fn described(listed: &Listed) -> String {
    let meta = &listed.meta;
    let kind = if meta.kind == Kind::CodeSystem { "code system" } else { "value set" };
    let part = if meta.content == Content::Fragment { ", in part" } else { "" };
    let inactive = if meta.inactive > 0 { format!(", {} inactive", meta.inactive) } else { String::new() };
    let (codes, names) = (counted(meta.concepts, "code"), counted(meta.names, "name"));
    format!("{}: {kind}{part}, {codes}{inactive}, {names}, {} bytes", meta.canonical(), listed.bytes)
}

/// So many of something, in words.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn run_list(args: &List, out: &mut dyn Write) -> Result<u8, TerminologyError> {
    let folder = args.folder.path()?;
    let (found, refused) = scan(&folder)?;
    match args.format {
        Form::Text => {
            for listed in &found {
                say(out, format_args!("{}", described(listed)))?;
            }
        }
        Form::Json => {
            let list: Vec<_> = found.iter().map(entry).collect();
            say(out, format_args!("{}", serde_json::to_string_pretty(&list).unwrap_or_default()))?;
        }
    }
    for refused in &refused {
        note(&format!("error: {refused}"));
    }
    Ok(if refused.is_empty() { exit::OK } else { exit::COULD_NOT_RUN })
}

/// A set as JSON.
fn entry(listed: &Listed) -> serde_json::Value {
    let meta = &listed.meta;
    json!({
        "kind": if meta.kind == Kind::CodeSystem { "CodeSystem" } else { "ValueSet" },
        "url": meta.url,
        "version": meta.version,
        "content": if meta.content == Content::Complete { "complete" } else { "fragment" },
        "codes": meta.concepts,
        "inactive": meta.inactive,
        "names": meta.names,
        "bytes": listed.bytes,
        "sources": meta.sources,
        "place": listed.path.display().to_string(),
    })
}
