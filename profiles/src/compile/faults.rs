//! What is wrong with a structure and matters to those who validate against it, as rows.

use serde_json::Value;

use super::compiler::Compiler;
use super::json::text;
use super::writer::Writer;
use crate::definition::Canonical;
use crate::plan::Section;
use crate::plan::rows::{FaultRow, Run};
use crate::snapshot::{DefinitionIssue, Problem, SnapshotError};

/// Bound on the faults of one structure that are kept; what matters is that there are any.
const FAULTS: usize = 20;

impl Compiler<'_> {
    /// Notes a fault of the structure that is being compiled, or of one that it is derived from.
    pub(super) fn fault(&self, issue: DefinitionIssue) {
        self.problem(issue.clone());
        let mut faults = self.faults.borrow_mut();
        if !faults.contains(&issue) {
            faults.push(issue);
        }
    }

    /// Notes that an element of the structure that is being compiled cannot be used as it stands.
    pub(super) fn element_fault(&self, element: &str, problem: Problem, message: String) {
        let profile = text(&self.current.borrow(), "url").to_owned();
        self.fault(DefinitionIssue { profile, element: element.to_owned(), problem, message });
    }

    /// Notes why a structure has no snapshot, and gives the elements of its type instead: what every instance of the
    /// type must keep, and so every instance of the structure.
    pub(super) fn without_snapshot(&self, sd: &Value, error: &SnapshotError) -> Vec<Value> {
        let type_name = text(sd, "type").rsplit('/').next().unwrap_or_default();
        let profile = error.profile(text(sd, "url")).to_owned();
        self.fault(DefinitionIssue {
            profile,
            element: type_name.to_owned(),
            problem: Problem::Base,
            message: error.fault(),
        });
        let canonical = Canonical::parse(&format!("http://hl7.org/fhir/StructureDefinition/{type_name}"));
        let of_type = self.graph.resolve(&canonical, Some(self.package), &["StructureDefinition"]);
        let elements =
            of_type.and_then(|f| f.definition.value().pointer("/snapshot/element").and_then(Value::as_array).cloned());
        elements
            .filter(|e| !e.is_empty())
            .unwrap_or_else(|| vec![serde_json::json!({ "id": type_name, "path": type_name })])
    }

    /// Writes the faults of the structure that was compiled.
    pub(super) fn write_faults(&self, w: &mut Writer) -> Run {
        let mut faults = self.faults.take();
        // What leaves something open comes first, and so stays where there are too many.
        faults.sort_by_key(|f| f.problem.is_overruled());
        faults.truncate(FAULTS);
        let mut row = |f: &DefinitionIssue| FaultRow {
            profile: w.str(&f.profile),
            element: w.str(&f.element),
            message: w.str(&f.message),
            overruled: u32::from(f.problem.is_overruled()),
        };
        let rows: Vec<FaultRow> = faults.iter().map(&mut row).collect();
        w.run(Section::Faults, &rows)
    }
}
