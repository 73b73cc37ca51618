//! `accord client`: the CapabilityStatement of an app, from its requests, scopes and profiles.

mod har;
mod input;
mod lines;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{ArgGroup, Args as ClapArgs};

use super::negotiate::{Format, written};
use super::within::write_json;
use crate::app;
use crate::capability::client::{Base, Recorder};
use crate::capability::{Definitions, PackageDefinitions};

/// Writes the CapabilityStatement of an app from its requests, scopes and profiles, for `accord negotiate --client`.
///
/// Only names are written, never values of queries or ids. What is not understood is counted on standard error.
#[derive(ClapArgs, Clone, Debug)]
#[command(group(ArgGroup::new("known").required(true).multiple(true).args(["requests", "scope", "profile", "guide"])))]
pub struct Args {
    /// Requests of the app: a HAR file, an access log, or lines `METHOD URL` or `URL`; `-` is standard input. May be
    /// given several times.
    #[arg(long, value_name = "FILE")]
    requests: Vec<String>,
    /// The scopes that the app requests.
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// A profile that the app works with: a canonical (`url|version`). May be given several times.
    #[arg(long, value_name = "URL")]
    profile: Vec<String>,
    /// A guide whose profiles the app works with. May be given several times.
    #[arg(long, value_name = "ID#VERSION")]
    guide: Vec<String>,
    /// The address of the server: other requests are not read [default: what precedes a resource type in a path].
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// A package to find profiles in, by ID#VERSION or path [default: the embedded guides].
    #[arg(long, value_name = "ID#VERSION|PATH")]
    package: Vec<String>,
    /// Where to write the result [default: standard output].
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// `json`: the statement; `text`: a table of what it lists, and where that was seen.
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

/// Loads the package set where a profile or a guide is asked for, then does as [`run`].
///
/// # Errors
/// A message where a package is not found, and as [`run`].
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let mut told = std::io::stderr().lock();
    if args.profile.is_empty() && args.guide.is_empty() {
        return run(args, &PackageDefinitions::new(Arc::default()), out, &mut told);
    }
    let guides: Vec<String> = args.guide.iter().map(|g| guide_name(g).to_owned()).collect();
    let definitions = app::definitions(&args.package, &guides).map_err(|e| e.to_string())?;
    run(args, &definitions, out, &mut told)
}

/// Writes the statement or the table to `out`, or to the file that is asked for, and to `told` what is not in it;
/// returns the exit code.
///
/// # Errors
/// A message where an input cannot be read, a profile or a guide is unknown, or nothing is to be stated.
pub fn run(
    args: &Args,
    definitions: &dyn Definitions,
    out: &mut dyn Write,
    told: &mut dyn Write,
) -> Result<u8, String> {
    let base = args.base.as_deref().map(base).transpose()?;
    let mut client = Recorder::new(base);
    for name in &args.requests {
        input::read(name, &mut client)?;
    }
    args.scope.iter().for_each(|scope| client.scope(scope));
    for profile in &args.profile {
        client.profile(profile, definitions).map_err(|e| e.to_string())?;
    }
    for guide in &args.guide {
        client.guide(guide_name(guide), definitions).map_err(|e| e.to_string())?;
    }
    for line in client.notices() {
        written(writeln!(told, "note: {line}"))?;
    }
    if client.is_empty() {
        return Err(nothing(args));
    }
    match &args.output {
        Some(path) => {
            let mut text = Vec::new();
            write(&client, args.format, &mut text)?;
            save(path, &text)?;
        }
        None => write(&client, args.format, out)?,
    }
    Ok(super::exit::OK)
}

/// The guide without the prefix that marks it as a side of a negotiation.
fn guide_name(text: &str) -> &str {
    text.strip_prefix("ig:").unwrap_or(text)
}

fn base(text: &str) -> Result<Base, String> {
    Base::parse(text).ok_or_else(|| {
        format!("`{text}` is not a base address: give the address of the server, as `https://ehr.example/fhir`")
    })
}

fn nothing(args: &Args) -> String {
    let base = if args.base.is_some() { "check --base" } else { "give the server's address with --base" };
    format!("found no request, scope or profile that tells what the app needs; {base}, or give another input")
}

fn write(client: &Recorder, format: Format, out: &mut dyn Write) -> Result<(), String> {
    match format {
        Format::Json => write_json(&client.statement(), out),
        Format::Text => written(table::write(client, out)),
    }
}

fn save(path: &Path, text: &[u8]) -> Result<(), String> {
    std::fs::write(path, text).map_err(|e| format!("`{}` could not be written: {e}", path.display()))
}
