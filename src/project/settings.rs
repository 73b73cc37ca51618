//! The settings of a project, read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::issue::{RULES, RuleId, Usual, find_rule};

use super::document::Lines;
use super::element;
use super::fault::ProjectError;
use super::filter::{COLLECTED, Filter, is_limit};
use super::keys::nearest;
use super::known::Known;
use super::levels::{Level, Levels};
use super::paths::Place;
use super::patterns::Patterns;
use super::policies::OwnPolicies;
use super::rows::{ProfileRow, Rows, SuppressionRow};
use super::suppressions::{Row, Suppressions};
use crate::packages::Spec;

/// The most faults of a file that are told.
pub(super) const FAULTS: usize = 20;

/// The settings of a project.
#[derive(Clone, Debug)]
pub struct Project {
    pub(super) file: PathBuf,
    pub(super) place: Place,
    pub(super) rows: Rows,
    pub(super) lines: Lines,
    pub(super) policies: OwnPolicies,
}

impl Project {
    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line of a setting by its JSON pointer; `None` where the file does not have it.
    pub fn line(&self, pointer: &str) -> Option<u32> {
        self.lines.exact(pointer)
    }

    /// The packages, relative paths from the folder of the file.
    pub fn packages(&self) -> Option<Vec<String>> {
        let own = |spec: &String| match Spec::parse(spec) {
            Ok(Spec::Path(path)) => self.place.own(&path.to_string_lossy()).to_string_lossy().into_owned(),
            _ => spec.clone(),
        };
        self.rows.packages.as_ref().map(|all| all.iter().map(own).collect())
    }

    /// The FHIR version, as it is written.
    pub fn fhir_version(&self) -> Option<&str> {
        self.rows.fhir_version.as_deref()
    }

    /// Scripts, and folders of them.
    pub fn rules(&self) -> Option<Vec<PathBuf>> {
        self.rows.rules.as_ref().map(|all| all.iter().map(|path| self.place.own(path)).collect())
    }

    /// The baseline.
    pub fn baseline(&self) -> Option<PathBuf> {
        self.rows.baseline.as_ref().map(|path| self.place.own(path))
    }

    /// Profiles by path, in the order of the file.
    pub fn profiles(&self) -> &[ProfileRow] {
        &self.rows.profiles
    }

    /// Levels by rule id.
    pub fn levels(&self) -> impl Iterator<Item = (&str, Level)> {
        self.rows.levels.iter().map(|(rule, level)| (rule.as_str(), *level))
    }

    /// The suppressions, in the order of the file.
    pub fn suppressions(&self) -> &[SuppressionRow] {
        &self.rows.suppressions
    }

    /// `policies` with what the file says of them.
    pub fn policies(&self, policies: Policies) -> Policies {
        self.policies.over(policies)
    }

    /// Where the globs of the file start.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The globs of profiles by path.
    ///
    /// # Errors
    /// [`ProjectError`] where one is none.
    pub fn profile_globs(&self) -> Result<Patterns, ProjectError> {
        let globs = self.rows.profiles.iter().map(|row| row.path.as_str());
        Patterns::new(globs).map_err(|(at, why)| self.fault("profiles", at, "path", &why))
    }

    fn fault(&self, list: &str, at: Option<usize>, key: &str, why: &str) -> ProjectError {
        let pointer = at.map_or_else(|| format!("/{list}"), |at| format!("/{list}/{at}/{key}"));
        ProjectError::at(&self.file, self.lines.of(&pointer), why)
    }

    /// That the FHIR version is one.
    pub(super) fn check_version(&self) -> Result<(), ProjectError> {
        let Some(text) = self.fhir_version().filter(|text| FhirVersion::parse(text).is_none()) else { return Ok(()) };
        let why = format!("`{text}` is not a FHIR version; expected DSTU2, STU3, R4, R4B, R5, 4.0.1, and the like");
        Err(ProjectError::at(&self.file, self.lines.of("/fhir-version"), &why))
    }

    /// The id of a rule that a setting may name. `site` tells whether scripts have a rule of that id.
    fn rule(&self, id: &str, pointer: &str, site: &dyn Fn(&str) -> bool) -> Result<RuleId, ProjectError> {
        let refused = |why: String| Err(ProjectError::at(&self.file, self.lines.of(pointer), &why));
        if is_limit(id) && find_rule(id).is_some() {
            return refused(format!(
                "`{id}` says that an instance was not examined, which no setting can change; raise the limit"
            ));
        }
        if let Some(row) = find_rule(id) {
            return Ok(row.id);
        }
        if site(id) {
            return Ok(RuleId::of_site(id));
        }
        let near = nearest(id, RULES.iter().map(|r| r.id.as_str()));
        let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        refused(format!("unknown rule `{id}`{near}"))
    }

    fn level(&self, id: &str, level: Level, site: &dyn Fn(&str) -> bool) -> Result<RuleId, ProjectError> {
        let pointer = format!("/levels/{}", crate::schema::escape(id));
        let rule = self.rule(id, &pointer, site)?;
        let is_question = find_rule(id).is_some_and(|r| r.severity == Usual::Question);
        if is_question && matches!(level, Level::Error | Level::Warning) {
            let why = format!(
                "`{id}` is an open question, which a level does not decide: give `information` or `off`, or run with \
                 --fail-on undetermined"
            );
            return Err(ProjectError::at(&self.file, self.lines.of(&pointer), &why));
        }
        Ok(rule)
    }

    fn suppression(
        &self,
        number: usize,
        row: &SuppressionRow,
        site: &dyn Fn(&str) -> bool,
    ) -> Result<Row, ProjectError> {
        let pointer = format!("/suppressions/{number}");
        let rule = self.rule(&row.rule, &format!("{pointer}/rule"), site)?;
        let parts = row.element.as_deref().map(element::parts).transpose();
        let element = parts.map_err(|why| self.fault("suppressions", Some(number), "element", &why))?;
        let reason = Arc::from(row.reason.as_str());
        Ok(Row { rule, element, path: row.path.clone(), reason, line: self.lines.of(&format!("{pointer}/rule")) })
    }

    /// What applies the file and a baseline to reports; `None` where neither has anything to apply. `site` tells
    /// whether scripts have a rule of an id.
    ///
    /// # Errors
    /// [`ProjectError`] where a rule is unknown, or an element or a glob is none.
    pub fn filter(
        project: Option<&Project>,
        known: Option<Known>,
        site: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Filter>, ProjectError> {
        let (mut levels, mut suppressions) = (Levels::default(), Suppressions::default());
        if let Some(project) = project {
            let mut faults = Vec::new();
            for (id, level) in project.levels() {
                match project.level(id, level, site) {
                    Ok(rule) => {
                        let pointer = format!("/levels/{}", crate::schema::escape(id));
                        levels.0.insert(rule, (level, project.lines.of(&pointer)));
                    }
                    Err(e) => faults.push(e),
                }
            }
            let mut rows = Vec::new();
            for (number, row) in project.rows.suppressions.iter().enumerate() {
                match project.suppression(number, row, site) {
                    Ok(row) => rows.push(row),
                    Err(e) => faults.push(e),
                }
            }
            faults.truncate(FAULTS);
            ProjectError::all(faults).map_or(Ok(()), Err)?;
            suppressions = project.suppressed(rows)?;
        }
        if levels.0.is_empty() && suppressions.is_empty() && known.is_none() {
            return Ok(None);
        }
        Ok(Some(Filter { bound: COLLECTED, levels, suppressions, place: project.map(|p| p.place.clone()), known }))
    }

    fn suppressed(&self, rows: Vec<Row>) -> Result<Suppressions, ProjectError> {
        let with_path: Vec<usize> = rows.iter().enumerate().filter(|(_, r)| r.path.is_some()).map(|(i, _)| i).collect();
        let globs = Patterns::new(rows.iter().filter_map(|row| row.path.as_deref())).map_err(|(at, why)| {
            self.fault("suppressions", at.and_then(|at| with_path.get(at).copied()), "path", &why)
        })?;
        Ok(Suppressions::new(rows, globs))
    }
}
