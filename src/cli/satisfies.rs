//! `accord satisfies A B`: is every instance of one profile valid for another?

use std::collections::BTreeMap;
use std::io::Write;

use super::project::ProjectArgs;
use super::within::{Within, write_json};
use crate::app::AppError;
use crate::profiles::relation::Validity;
use crate::relations::{Ask, Matrix, Operand, Pair, compare, exit_code, open};

/// How many open steps of a pair are listed in text.
const LISTED: usize = 10;

/// Tells whether every instance that is valid for one profile is valid for another.
///
/// The answer is `proven` (by a proof over both definitions), `partial` (for the instances that a condition selects),
/// `refuted` (with a witness: an instance that is valid for A and invalid for B) or `unknown` (with the demands that
/// stay open).
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "Exit codes: 0 proven, 1 refuted, 2 partial or unknown, 3 could not run; of several pairs the \
                        worst by 3, 1, 2")]
pub struct Args {
    /// The profile whose instances are looked at: a canonical (`url|version`), the file of a StructureDefinition, or
    /// `ID#VERSION` for all profiles of a package.
    #[arg(value_name = "A")]
    pub left: String,
    /// The profile that they are held against, named in the same ways.
    #[arg(value_name = "B")]
    pub right: String,
    /// Answer the other direction, too.
    #[arg(long)]
    pub both: bool,
    /// Print the proof as a tree.
    #[arg(long)]
    pub explain: bool,
    /// Where profiles are found.
    #[command(flatten)]
    pub within: Within,
    /// The settings of the project.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The form of the answer.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Compares, and writes the answers to `out`. Returns the exit code.
///
/// # Errors
/// A message where a package or a profile is not found, or nothing can be compared.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let (a, b) = (Operand::parse(&args.left)?, Operand::parse(&args.right)?);
    let told = |e: AppError| e.to_string();
    let within = args.within.under(&args.project)?;
    let settings = within.settings()?;
    let app = open(&[&a, &b], &within.packages, &settings).map_err(told)?;
    let (left, right) = (a.find(&app).map_err(told)?, b.find(&app).map_err(told)?);
    let matrix = compare(&app, &left, &right, Ask { both: args.both, explain: args.explain, ..Ask::default() })?;
    let written = match args.format {
        Format::Json => write_json(&matrix, out),
        Format::Text => text(&matrix, out).map_err(|e| e.to_string()),
    };
    written.map_err(|e| format!("cannot write the answer: {e}"))?;
    Ok(exit_code(&matrix.pairs))
}

fn text(matrix: &Matrix, out: &mut dyn Write) -> std::io::Result<()> {
    let several = matrix.pairs.len() > 2;
    if several {
        table(matrix, out)?;
    }
    for pair in &matrix.pairs {
        if several {
            writeln!(out, "{} {} -> {}", pair.validity.name(), pair.left, pair.right)?;
            if let Some(proof) = &pair.proof {
                write!(out, "{proof}")?;
            }
        } else {
            one(pair, out)?;
        }
    }
    Ok(())
}

/// How many pairs of each type are proven, partial, refuted and unknown.
fn table(matrix: &Matrix, out: &mut dyn Write) -> std::io::Result<()> {
    let mut types: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for p in &matrix.pairs {
        let at = match p.validity {
            Validity::Proven => 0,
            Validity::Partial => 1,
            Validity::Refuted => 2,
            Validity::Unknown => 3,
        };
        if let Some(n) = types.entry(&p.type_name).or_default().get_mut(at) {
            *n += 1;
        }
    }
    writeln!(out, "{:<28} proven partial refuted unknown", "type")?;
    for (name, [proven, partial, refuted, unknown]) in types {
        writeln!(out, "{name:<28} {proven:>6} {partial:>7} {refuted:>7} {unknown:>7}")?;
    }
    writeln!(out)
}

/// What users of the right profile must be able to read and makers of the left one need not fill.
fn must_support(pair: &Pair, out: &mut dyn Write) -> std::io::Result<()> {
    let missing = &pair.must_support;
    if missing.missing_count == 0 {
        return writeln!(out, "  must-support of `{}`: all of it is must-support in `{}`", pair.right, pair.left);
    }
    writeln!(out, "  must-support of `{}` that makers of `{}` need not fill:", pair.right, pair.left)?;
    for m in missing.missing.iter().take(LISTED) {
        let obligation = if m.obligation.is_empty() { String::new() } else { format!(" {}", m.obligation) };
        writeln!(out, "    {} ({}{obligation})", m.element, m.why)?;
    }
    match missing.missing_count.saturating_sub(LISTED) {
        0 => Ok(()),
        more => writeln!(out, "    … {more} more"),
    }
}

fn one(pair: &Pair, out: &mut dyn Write) -> std::io::Result<()> {
    let (left, right) = (&pair.left, &pair.right);
    match pair.validity {
        Validity::Proven => writeln!(out, "proven: every instance of `{left}` is valid for `{right}`")?,
        Validity::Partial => {
            writeln!(out, "partial: instances of `{left}` are valid for `{right}` where")?;
            for c in &pair.conditions {
                writeln!(out, "    {c}")?;
            }
        }
        Validity::Refuted => writeln!(out, "refuted: not every instance of `{left}` is valid for `{right}`")?,
        Validity::Unknown => {
            writeln!(out, "unknown: cannot determine whether instances of `{left}` are valid for `{right}`")?
        }
    }
    if let Some(proof) = &pair.proof {
        write!(out, "{proof}")?;
    }
    writeln!(out, "  coverage of the use of `{right}`: {}", pair.coverage)?;
    for c in &pair.covered {
        writeln!(out, "    {c}")?;
    }
    if let Some(why) = &pair.impossible {
        let left = if why.left.is_empty() { String::new() } else { format!("{} and ", why.left) };
        writeln!(out, "  no instance can be valid for both: {left}{}: {}", why.right, why.reason)?;
    }
    must_support(pair, out)?;
    if !pair.open.is_empty() {
        writeln!(out, "  not proven:")?;
        for s in pair.open.iter().take(LISTED) {
            let what = if s.what.is_empty() { String::new() } else { format!(" `{}`", s.what) };
            writeln!(out, "    {}{what} at {} (demanded by {})", s.kind, s.path, s.element)?;
        }
        if pair.open_count > LISTED {
            writeln!(out, "    … {} more", pair.open_count - LISTED)?;
        }
    }
    if let Some(w) = &pair.witness {
        writeln!(out, "  witness, valid for the first and invalid for the second:")?;
        writeln!(out, "    {}", w.instance)?;
        for i in &w.issues {
            writeln!(
                out,
                "    {} at {} (demanded by {})",
                i.rule,
                if i.path.is_empty() { "the resource" } else { &i.path },
                i.element
            )?;
        }
    }
    Ok(())
}
