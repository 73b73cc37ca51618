//! `accord scope explain|normalise|covers|minimum`: SMART scope strings by themselves, and the least that a client
//! needs.

mod minimum;

use std::io::Write;

use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;

use crate::capability::scope::{Coverage, Explanation, Normalised, covers, explain, normalise};

use super::exit;
use super::negotiate::Format;

/// SMART scope strings by themselves: what they mean, their normal form, what covers what.
#[derive(ClapArgs, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// What each token means, and what is wrong with it
    Explain {
        /// The scope string
        scope: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// The normal form, and the fewest tokens that grant the same
    Normalise {
        /// The scope string
        scope: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Whether granted scopes cover requested ones; the exit code is 1 where they do not
    Covers {
        /// The scope string that was granted
        #[arg(long, value_name = "SCOPES")]
        granted: String,
        /// The scope string that has to be covered
        #[arg(long, value_name = "SCOPES")]
        requested: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// Exit with 0 also where they do not cover them
        #[arg(long)]
        exit_zero: bool,
    },
    /// The scope string that serves what a client's statement needs, and no more
    Minimum(minimum::Args),
}

/// Runs the subcommand and writes its result; the exit code is 0 whenever there is one, but 1 where `covers` answers
/// that something is not covered.
///
/// # Errors
/// A message where an input cannot be read, or the result cannot be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let mut code = exit::OK;
    let outcome = match &args.command {
        Command::Explain { scope, format } => render(&explain(scope), *format, out, explain_text),
        Command::Normalise { scope, format } => render(&normalise(scope), *format, out, normalise_text),
        Command::Covers { granted, requested, format, exit_zero } => {
            let coverage = covers(granted, requested);
            if !coverage.covers && !exit_zero {
                code = exit::INVALID;
            }
            render(&coverage, *format, out, covers_text)
        }
        Command::Minimum(args) => render(&minimum::minimum(args)?, args.format, out, minimum::text),
    };
    super::negotiate::written(outcome).map(|()| code)
}

type Text<T> = fn(&T, &mut dyn Write) -> std::io::Result<()>;

fn render<T: Serialize>(result: &T, format: Format, out: &mut dyn Write, text: Text<T>) -> std::io::Result<()> {
    match format {
        Format::Text => text(result, out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, result)?;
            out.write_all(b"\n")
        }
    }
}

fn explain_text(result: &Explanation, out: &mut dyn Write) -> std::io::Result<()> {
    for token in &result.tokens {
        writeln!(out, "{}\n  {}: {}", token.token, token.kind, token.meaning)?;
        if let Some(rule) = token.fault {
            writeln!(out, "  fault at byte {}: {rule}", token.at)?;
        }
        if let Some(hint) = &token.hint {
            writeln!(out, "  hint: {hint}")?;
        }
    }
    Ok(())
}

fn normalise_text(result: &Normalised, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "normalised: {}\nminimal:    {}", result.normalised, result.minimal)?;
    for fault in &result.faults {
        writeln!(out, "fault: `{}` at byte {}: {}; {}", fault.token, fault.at, fault.rule, fault.hint)?;
    }
    Ok(())
}

fn covers_text(result: &Coverage, out: &mut dyn Write) -> std::io::Result<()> {
    if result.covers {
        return writeln!(out, "covered");
    }
    writeln!(out, "not covered:")?;
    result.missing.iter().try_for_each(|token| writeln!(out, "  {token}"))
}
