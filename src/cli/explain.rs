//! `accord explain RULE`: what a rule demands, what to do about it, where the specification says so.

use std::io::Write;

use fhir_accord_profiles::issue::{RULES, rule};

use super::exit;

/// Explains a rule id, as issues carry it; without one lists all.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The rule id, as `slice-min`.
    pub rule: Option<String>,
}

/// Writes what is known of the rule to `out`.
///
/// # Errors
/// A message where no rule has this id.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let written = match &args.rule {
        None => RULES.iter().try_for_each(|r| writeln!(out, "{:30} {}", r.id.0, r.meaning)),
        Some(id) => {
            let Some(r) = rule(id) else {
                let near = RULES.iter().filter(|r| r.id.0.contains(id.as_str()) || id.contains(r.id.0)).map(|r| r.id.0).collect::<Vec<_>>();
                let hint = if near.is_empty() { "`accord explain` lists all".to_owned() } else { format!("did you mean {}?", near.join(", ")) };
                return Err(format!("there is no rule `{id}`; {hint}"));
            };
            writeln!(out, "{}\n\n  demands  {}\n  code     {}", r.id.0, r.meaning, r.code)
                .and_then(|()| if r.help.is_empty() { Ok(()) } else { writeln!(out, "  help     {}", r.help) })
                .and_then(|()| if r.spec.is_empty() { Ok(()) } else { writeln!(out, "  source   {}", r.spec) })
        }
    };
    written.map(|()| exit::OK).map_err(|e| format!("cannot write the explanation: {e}"))
}
