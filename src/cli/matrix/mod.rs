//! `accord matrix`: clients beside many servers.

mod members;
mod run;
mod smart;
mod text;

use std::io::Write;
use std::path::PathBuf;

use self::members::{Members, Mode};
use super::negotiate::{ReportFormat, written};
use super::side::{self, Fetching};
use super::terms::TermsArgs;
use super::within::write_json;
use crate::app::Known;
use crate::capability::matrix::Matrix;
use crate::page;

/// Compares what clients need with what many servers offer: who has what, what all have in common, who lacks what, and
/// the one change that unlocks most servers.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The clients: CapabilityStatements or Conformances (JSON), folders of them, guides, or with --fetch URLs
    #[arg(long, value_name = "FILE|DIR|ig:ID#VERSION|URL", required = true, num_args = 1..)]
    client: Vec<String>,
    /// The servers: the same. Of a folder, the files that are a server's statement
    #[arg(long, value_name = "FILE|DIR|ig:ID#VERSION|URL", required = true, num_args = 1..)]
    server: Vec<String>,
    /// The servers' SMART configurations: each is the one of the server whose file has the same name, else of the
    /// server whose statement names its endpoints
    #[arg(long, value_name = "DIR")]
    smart: Option<PathBuf>,
    #[command(flatten)]
    terms: TermsArgs,
    /// text, json (the whole result), or html (one page for people, which loads nothing)
    #[arg(long, value_enum, default_value = "text")]
    format: ReportFormat,
    #[command(flatten)]
    fetching: Fetching,
}

/// Loads the package set, then does as [`run`].
///
/// # Errors
/// A message where a package is not found, and as [`run`].
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let guides = side::guides(args.client.iter().chain(&args.server));
    let known = Known::open(&args.terms.package, &guides).map_err(|e| e.to_string())?;
    let code = run(args, &known, out);
    known.save();
    code
}

/// Negotiates each client with each server, and writes what it comes to; returns the exit code: 0 where a result was
/// computed, 1 where `--fail-on` asks for it.
///
/// # Errors
/// A message where an input cannot be read or is no statement, or there are too many pairs.
pub fn run(args: &Args, known: &Known, out: &mut dyn Write) -> Result<u8, String> {
    let documents = args.fetching.documents()?;
    let clients = Members::read(&args.client, Mode::Client, documents.as_ref())?;
    let mut servers = Members::read(&args.server, Mode::Server, documents.as_ref())?;
    if let Some(folder) = &args.smart {
        smart::assign(folder, &mut servers)?;
    }
    let matrix = run::negotiate(&clients, &servers, &args.terms, known)?;
    write(&matrix, args.format, out)?;
    Ok(u8::from(matrix.cells.iter().any(|cell| args.terms.fails(cell.verdict))))
}

fn write(matrix: &Matrix, format: ReportFormat, out: &mut dyn Write) -> Result<(), String> {
    match format {
        ReportFormat::Json => write_json(matrix, out),
        ReportFormat::Html => written(page::matrix(matrix, out)),
        ReportFormat::Text => written(text::write(matrix, out)),
    }
}
