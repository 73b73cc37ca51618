//! The settings of the project in force: a baseline and the filter of reports, and what is said of them at the end.

use std::path::Path;

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::issue::{Issue, Report};
use fhir_accord_profiles::script::Library;

use super::input::Input;
use super::ruling_args::RulingArgs;
use crate::app::AppError;
use crate::cli::exit;
use crate::printable::{note, one_line};
use crate::project::{Applied, Filter, Gone, Known, Project, Unused, Wanted};

/// The most lines about one kind of thing; with `--verbose` all are told.
const MOST_TOLD: usize = 10;

/// What is in force.
pub(super) struct Ruling {
    filter: Option<Filter>,
    wanted: Wanted,
}

impl Ruling {
    /// The settings of the project and of the options; `policies` say what is to be listed.
    ///
    /// # Errors
    /// [`AppError::File`] where they cannot be used.
    pub fn of(
        args: &RulingArgs,
        project: Option<&Project>,
        policies: &Policies,
        rules: Option<&Library>,
    ) -> Result<Ruling, AppError> {
        let refused = |e: crate::project::ProjectError| AppError::File(e.to_string());
        let from = std::env::current_dir().unwrap_or_default();
        let baseline = args.baseline.clone().or_else(|| project.and_then(Project::baseline));
        if baseline.is_none() && args.update_baseline {
            let why =
                "--update-baseline: there is no baseline; name one with --baseline, or as `baseline` in accord.toml";
            return Err(AppError::File(why.to_owned()));
        }
        let known =
            baseline.map(|path| Known::open(&path, &from, args.update_baseline)).transpose().map_err(refused)?;
        let site = |id: &str| rules.is_some_and(|library| library.rules().any(|r| r.id.as_str() == id));
        let filter = Project::filter(project, known, &site).map_err(refused)?;
        Ok(Ruling { filter, wanted: Wanted { level: policies.level, issues: policies.issues } })
    }

    /// The baseline that is in force.
    pub fn baseline(&self) -> Option<&Path> {
        self.filter.as_ref().and_then(Filter::baseline)
    }

    /// The policies to validate under.
    pub fn policies(&self, policies: Policies) -> Policies {
        match &self.filter {
            Some(filter) => filter.collecting(policies),
            None => policies,
        }
    }

    /// Takes the issues of an input out that a level or a suppression leaves out.
    pub fn leave_out(&self, issues: &mut Vec<Issue>, input: &Input) {
        self.filter.iter().for_each(|filter| filter.leave_out(issues, input.file()));
    }

    /// What is in force of the report on an input.
    pub fn apply(&self, report: Report, input: &Input) -> Applied {
        match &self.filter {
            Some(filter) => filter.apply(report, (input.file(), input.within().as_deref()), self.wanted),
            None => Applied::plain(report),
        }
    }

    /// Writes the baseline, where that is asked for, and tells what had nothing to do. Gives the exit code that this
    /// calls for; with `strict` unused suppressions do. `is_whole`: all inputs could be read.
    pub fn finish(&self, is_whole: bool, strict: bool, (quiet, verbose): (bool, bool)) -> u8 {
        let Some(filter) = &self.filter else { return exit::OK };
        let remarks = filter.remarks();
        let most = if verbose { usize::MAX } else { MOST_TOLD };
        if !quiet || strict {
            tell(&remarks.unused.iter().map(unused).collect::<Vec<_>>(), most);
        }
        let code = if strict && !remarks.unused.is_empty() { exit::INVALID } else { exit::OK };
        if !is_whole && filter.keep_baseline() {
            note("the baseline was not written: not all inputs could be read");
            return code;
        }
        match filter.update_baseline() {
            Err(e) => {
                note(&format!("error: {e}"));
                return exit::COULD_NOT_RUN;
            }
            Ok(_) if quiet => {}
            Ok(Some(1)) => note("baseline: 1 issue is known now"),
            Ok(Some(n)) => note(&format!("baseline: {n} issues are known now")),
            Ok(None) => tell(&remarks.gone.iter().map(gone).collect::<Vec<_>>(), most),
        }
        code
    }
}

fn unused(row: &Unused) -> String {
    let Unused { line, rule, path } = row;
    match path {
        None => format!("unused suppression: accord.toml, line {line} (`{}`)", one_line(rule)),
        Some(path) => {
            let (rule, path) = (one_line(rule), one_line(path));
            format!("unused suppression: accord.toml, line {line} (`{rule}`): no input matches `{path}`")
        }
    }
}

fn gone(gone: &Gone) -> String {
    let Gone { input, key, issues } = gone;
    format!("gone since the baseline: {}: {} ({issues})", one_line(input), one_line(key))
}

fn tell(lines: &[String], most: usize) {
    lines.iter().take(most).for_each(|line| note(line));
    if lines.len() > most {
        note(&format!("… and {} more; --verbose tells all", lines.len() - most));
    }
}
