//! `accord explain RULE`: what a rule of validation or of negotiation says, what to do about it, and where the
//! specification says so.

use std::io::{self, Write};
use std::path::PathBuf;

use fhir_accord_profiles::issue::RULES;

use super::exit;
use crate::capability::rules::rules;
use crate::project;
use crate::scripts;

/// How many ids are proposed for one that has none of them in it.
const PROPOSED: usize = 3;
/// How many ids are named.
const TOLD: usize = 20;

/// Explains a rule id of an issue or of a negotiation; without one lists all rules.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The rule id, such as `slice-min` or `unlisted-scope`.
    pub rule: Option<String>,
    /// Also explain the rules of these Rhai scripts: a file, or a folder of them; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    pub rules: Vec<PathBuf>,
}

/// A rule as it is written out.
struct Known<'r> {
    id: &'r str,
    /// What it says in one sentence, for the list of all rules.
    summary: &'r str,
    /// Labelled lines; an empty text is left out.
    lines: Vec<(&'static str, &'r str)>,
}

/// Writes what is known of the rule to `out`.
///
/// # Errors
/// A message where no rule has this id, a script cannot be used, or `out` cannot be written to.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let library = scripts::load(&args.rules).map_err(|e| e.to_string())?;
    let mut all: Vec<Known<'_>> = validation();
    all.extend(library.iter().flat_map(|l| l.rules()).map(|r| {
        let lines = vec![("demands", &*r.demands), ("code", r.code), ("help", &*r.help), ("source", &*r.file)];
        Known { id: r.id.as_str(), summary: &r.demands, lines }
    }));
    all.extend(negotiation());
    let written = match &args.rule {
        None => all.iter().try_for_each(|r| writeln!(out, "{:30} {}", r.id, r.summary)),
        Some(id) => {
            let found: Vec<&Known<'_>> = all.iter().filter(|r| r.id == id).collect();
            if found.is_empty() {
                return Err(unknown(id, &all));
            }
            found.into_iter().try_for_each(|r| write_rule(r, out))
        }
    };
    written.map(|()| exit::OK).map_err(|e| format!("cannot write the explanation: {e}"))
}

fn validation() -> Vec<Known<'static>> {
    let known = |r: &'static fhir_accord_profiles::issue::Rule| Known {
        id: r.id.as_str(),
        summary: r.meaning,
        lines: vec![
            ("demands", r.meaning),
            ("severity", r.severity.code()),
            ("code", r.code),
            ("help", r.help),
            ("source", r.spec),
        ],
    };
    RULES.iter().map(known).collect()
}

fn negotiation<'r>() -> impl Iterator<Item = Known<'r>> {
    rules().map(|r| Known {
        id: r.id,
        summary: r.meaning,
        lines: vec![("means", r.meaning), ("arises", r.when), ("help", r.help), ("source", r.spec)],
    })
}

fn write_rule(rule: &Known<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", rule.id)?;
    let mut lines = rule.lines.iter().filter(|(_, text)| !text.is_empty());
    lines.try_for_each(|(label, text)| writeln!(out, "  {label:8} {text}"))
}

/// The message for an id that no rule has: with the ids that contain it or that it contains, or else the nearest ones.
fn unknown(id: &str, all: &[Known<'_>]) -> String {
    let ids = || all.iter().map(|r| r.id);
    let mut near: Vec<&str> =
        ids().filter(|known| !id.is_empty() && (known.contains(id) || id.contains(known))).collect();
    if near.is_empty() {
        near = project::near(id, ids(), PROPOSED);
    }
    let more = near.len().saturating_sub(TOLD);
    near.truncate(TOLD);
    let near = near.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    match (near.is_empty(), more) {
        (true, _) => format!("unknown rule `{id}`; `accord explain` lists all rules"),
        (_, 0) => format!("unknown rule `{id}`; did you mean {near}?"),
        (_, more) => format!("unknown rule `{id}`; did you mean {near}, or one of {more} more?"),
    }
}
