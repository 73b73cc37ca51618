//! `accord hl7 …`: the command line of HL7's validator (hapifhir/org.hl7.fhir.core), its options and what it prints.

mod asked;
mod flagged;
mod flags;
mod modes;
mod opened;
mod parsed;
mod resource;
mod run;
mod sources;
mod written;

use std::io::Write;

use crate::printable::note;

/// Validates as HL7's validator does: its options, its output, its exit codes.
///
/// Put `accord hl7` in place of `java -jar validator_cli.jar`. Nothing goes online but for `-tx URL`. Options that
/// would change a verdict and are not supported are refused by name.
#[derive(clap::Args, Clone, Debug)]
#[command(disable_help_flag = true, disable_version_flag = true)]
pub struct Args {
    /// Options and files as HL7's validator takes them; `-help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION|FILE")]
    arguments: Vec<String>,
}

/// Validates, and gives the exit code: 0, 1 where an error was found, 3 where it could not run.
///
/// # Errors
/// An option that is not known or not supported, a package or profile that is not here, a result that cannot be
/// written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    if let Some(help) = modes::help(&args.arguments) {
        out.write_all(help.as_bytes()).map_err(|e| e.to_string())?;
        return Ok(super::exit::OK);
    }
    let asked = parsed::parse(&args.arguments)?;
    asked.notes.iter().for_each(|text| note(text));
    run::run(&asked, out)
}
