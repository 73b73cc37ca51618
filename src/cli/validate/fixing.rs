//! `--fix`: safe fixes in the files themselves, before they are validated.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::issue::Severity;
use similar::TextDiff;

use super::args::{Args, Format};
use super::by_path::ByPath;
use super::checking::{Checker, Ground};
use super::input::Input;
use super::replaced::replace;
use super::ruling::Ruling;
use crate::app::AppError;
use crate::elements::{Cache, Definitions};
use crate::fixes::{Mended, mend};
use crate::printable::{Printable, note, one_line};

/// The largest file that is fixed, in bytes.
const MOST_BYTES: usize = 64 << 20;
/// The most issues of one file that fixes are looked for.
const MOST_ISSUES: usize = 10_000;
/// The most bytes of a difference that are printed.
const MOST_DIFF: usize = 1 << 20;
/// How long a difference is looked for: what is found by then is right, though longer than it had to be.
const DIFF_TIME: Duration = Duration::from_secs(5);

/// Reads all inputs, and hands them on.
type Inputs<'a> = &'a dyn Fn(&mut dyn FnMut(Input) -> ControlFlow<()>);

/// That no input is read from standard input.
///
/// # Errors
/// [`AppError::File`] where one is: there is no file to be fixed.
pub(super) fn has_files(args: &Args) -> Result<(), AppError> {
    let is_standard = |path: &PathBuf| path.as_path() == Path::new("-");
    match args.fixing.fix && args.files.iter().chain(&args.files_from).any(is_standard) {
        true => Err(AppError::File("--fix: standard input cannot be fixed; name files or folders".to_owned())),
        false => Ok(()),
    }
}

/// Fixes the inputs that are whole files, and writes to `out` what changed.
///
/// # Errors
/// Where definitions cannot be read, a file cannot be replaced, or `out` cannot be written to.
pub(super) fn fix(
    args: &Args,
    (ground, ruling): (&mut Ground<'_>, &Ruling),
    profiles: &[String],
    inputs: Inputs<'_>,
    out: &mut dyn Write,
) -> Result<(), AppError> {
    let all = Policies { level: Severity::Information, issues: MOST_ISSUES, ..ground.policies.clone() };
    let shown = std::mem::replace(&mut ground.policies, all);
    let failed = fixed(args, (&*ground, ruling), profiles, inputs, out);
    ground.policies = shown;
    failed
}

fn fixed(
    args: &Args,
    (ground, ruling): (&Ground<'_>, &Ruling),
    profiles: &[String],
    inputs: Inputs<'_>,
    out: &mut dyn Write,
) -> Result<(), AppError> {
    let graph = ground.app.graph()?;
    let cache = Cache::default();
    let mut fixing = Fixing {
        args,
        definitions: Definitions::new(graph, &cache),
        profiles,
        by_path: ground.by_path.as_ref(),
        ruling,
        checker: Checker::new(ground),
        out,
        failed: None,
    };
    let mut each = |input: Input| match fixing.one(&input) {
        Ok(()) => ControlFlow::Continue(()),
        Err(e) => {
            fixing.failed = Some(e);
            ControlFlow::Break(())
        }
    };
    // What cannot be read is told when the inputs are validated.
    inputs(&mut each);
    fixing.failed.map_or(Ok(()), Err)
}

struct Fixing<'a> {
    args: &'a Args,
    definitions: Definitions<'a>,
    profiles: &'a [String],
    by_path: Option<&'a ByPath>,
    ruling: &'a Ruling,
    checker: Checker<'a>,
    out: &'a mut dyn Write,
    failed: Option<AppError>,
}

impl Fixing<'_> {
    fn one(&mut self, input: &Input) -> Result<(), AppError> {
        let path = Path::new(&input.source);
        // A line of a file, or what was unpacked, is not what the file holds.
        if !std::fs::read(path).is_ok_and(|held| held == input.text) {
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(&input.text) else {
            note(&format!("`{}` is not UTF-8, and was not fixed", input.source));
            return Ok(());
        };
        if text.len() > MOST_BYTES {
            note(&format!("`{}` is larger than {MOST_BYTES} bytes, and was not fixed", input.source));
            return Ok(());
        }
        let of_path = self.by_path.map(|b| b.names(input.file())).unwrap_or_default();
        let asked = [self.profiles, &of_path].concat();
        let Fixing { checker, ruling, .. } = self;
        let mut check = |text: &[u8]| {
            let mut report = checker.report(&Input::whole(input.source.clone(), text.to_vec()));
            // What the project leaves out is left as it is.
            ruling.leave_out(&mut report.issues, input);
            report
        };
        let mended = mend(text.to_owned(), &mut check, Some(&self.definitions), &asked);
        if !mended.applied.is_empty() && !self.args.fixing.dry_run {
            let replaced = replace(path, text, &mended.text);
            let refused = replaced.map_err(|e| AppError::File(format!("could not replace `{}`: {e}", input.source)))?;
            if let Some(why) = refused {
                note(&format!("`{}` {why}, and was not fixed", input.source));
                return Ok(());
            }
        }
        self.tell(&input.source, text, &mended)
    }

    /// Prints the difference, and says on standard error what was done.
    fn tell(&mut self, source: &str, text: &str, mended: &Mended) -> Result<(), AppError> {
        if mended.left_out > 0 {
            let fixes = if mended.left_out == 1 { "fix was" } else { "fixes were" };
            let why = "issues would not have become fewer, or new ones would have come";
            note(&format!("`{source}`: {} {fixes} left out: {why}", mended.left_out));
        }
        if !mended.is_done {
            note(&format!("`{source}`: more fixes may be possible; run it again"));
        }
        if mended.applied.is_empty() {
            return Ok(());
        }
        let diff = difference(&one_line(source), text, &mended.text);
        // Beside a result for programs there is no room for it.
        if self.args.shown.format() == Format::Text || self.args.shown.output.is_some() {
            let written = Printable::new(&mut *self.out).write_all(format!("{diff}\n").as_bytes());
            written.map_err(|e| AppError::File(format!("could not write what changed: {e}")))?;
        } else {
            note(diff.trim_end());
        }
        if !self.args.shown.quiet {
            let done = mended.applied.iter().map(|(rule, title)| format!("{title} ({rule})"));
            let done: Vec<String> = done.take(20).collect();
            let more = mended.applied.len() - done.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let word = if self.args.fixing.dry_run { "would be fixed" } else { "fixed" };
            note(&format!("`{source}` {word}: {}{more}", done.join(", ")));
        }
        Ok(())
    }
}

/// The difference as a unified diff.
fn difference(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(DIFF_TIME).diff_lines(old, new);
    let text = diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    match text.len() > MOST_DIFF {
        false => text,
        true => format!("--- a/{name}\n+++ b/{name}\n(the difference has {} bytes, and is not shown)\n", text.len()),
    }
}
