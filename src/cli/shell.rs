//! `accord completions` and `accord man`: what shells and `man` know of the command line, made from its definition.

use std::io::Write;
use std::path::PathBuf;

use clap::{Command, CommandFactory};

use super::commands::Cli;
use super::exit;

/// Writes a script by which a shell completes subcommands, options and their values to standard output.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "For example: accord completions bash > ~/.local/share/bash-completion/completions/accord")]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Writes the manual page to standard output, or those of all subcommands into a folder.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "For example: accord man | man -l -")]
pub struct ManArgs {
    /// Write one page for the program and one for each subcommand into this folder, such as
    /// `/usr/local/share/man/man1`; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

fn program() -> Command {
    Cli::command().name("accord").bin_name("accord")
}

/// Writes the completion script to `out`.
///
/// # Errors
/// A message where `out` cannot be written to.
pub fn completions(args: &CompletionsArgs, out: &mut dyn Write) -> Result<u8, String> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program(), "accord", &mut script);
    out.write_all(&script).map_err(|e| format!("could not write the completion script: {e}"))?;
    Ok(exit::OK)
}

/// Writes the manual page to `out`, or the pages into the folder.
///
/// # Errors
/// A message where `out` or the folder cannot be written to.
pub fn man(args: &ManArgs, out: &mut dyn Write) -> Result<u8, String> {
    match &args.to {
        None => {
            let page = clap_mangen::Man::new(program()).section("1");
            page.render(out).map_err(|e| format!("could not write the manual page: {e}"))?;
        }
        Some(folder) => {
            let failed = |e: std::io::Error| format!("could not write the manual pages to `{}`: {e}", folder.display());
            std::fs::create_dir_all(folder).map_err(failed)?;
            clap_mangen::generate_to(program(), folder).map_err(failed)?;
        }
    }
    Ok(exit::OK)
}
