//! `accord explain RULE`: what a rule demands, what to do about it, where the specification says so.

use std::io::Write;
use std::path::PathBuf;

use fhir_accord_profiles::issue::RULES;

use super::exit;
use crate::scripts;

/// Explains a rule id, as issues carry it; without one lists all.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The rule id, for example `slice-min`.
    rule: Option<String>,
    /// Also list the rules of these Rhai scripts: a file, or a folder of scripts; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    rules: Vec<PathBuf>,
}

/// What is written of a rule.
struct Known<'r> {
    id: &'r str,
    demands: &'r str,
    /// The usual severity of its findings; empty where only its script decides.
    severity: &'r str,
    code: &'r str,
    help: &'r str,
    source: &'r str,
}

/// Writes what is known of the rule to `out`.
///
/// # Errors
/// A message where no rule has this id, or a script cannot be used.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let library = scripts::load(&args.rules).map_err(|e| e.to_string())?;
    let mut all: Vec<Known<'_>> = RULES
        .iter()
        .map(|r| Known {
            id: r.id.as_str(),
            demands: r.meaning,
            severity: r.severity.code(),
            code: r.code,
            help: r.help,
            source: r.spec,
        })
        .collect();
    all.extend(library.iter().flat_map(|l| l.rules()).map(|r| Known {
        id: r.id.as_str(),
        demands: &r.demands,
        severity: "",
        code: r.code,
        help: &r.help,
        source: &r.file,
    }));
    let written = match &args.rule {
        None => all.iter().try_for_each(|r| writeln!(out, "{:30} {}", r.id, r.demands)),
        Some(id) => {
            let Some(r) = all.iter().find(|r| r.id == id) else {
                let near = all
                    .iter()
                    .filter(|r| r.id.contains(id.as_str()) || id.contains(r.id))
                    .map(|r| r.id)
                    .collect::<Vec<_>>();
                let hint = if near.is_empty() {
                    "`accord explain` lists all".to_owned()
                } else {
                    format!("did you mean {}?", near.join(", "))
                };
                return Err(format!("unknown rule `{id}`; {hint}"));
            };
            writeln!(out, "{}\n\n  demands  {}", r.id, r.demands)
                .and_then(|()| if r.severity.is_empty() { Ok(()) } else { writeln!(out, "  severity {}", r.severity) })
                .and_then(|()| writeln!(out, "  code     {}", r.code))
                .and_then(|()| if r.help.is_empty() { Ok(()) } else { writeln!(out, "  help     {}", r.help) })
                .and_then(|()| if r.source.is_empty() { Ok(()) } else { writeln!(out, "  source   {}", r.source) })
        }
    };
    written.map(|()| exit::OK).map_err(|e| format!("cannot write the explanation: {e}"))
}
