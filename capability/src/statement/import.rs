//! `imports`: what another statement says is included
//! (<https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.imports>).
//! The strongest expectation wins, capped by the import's own. `instantiates` never adds anything: a server may
//! implement a subset of what it names.

use fhir_accord_profiles::definition::Canonical;

use super::merge::{merge, merge_rest};
use super::{Rest, Stated, Statement, read_statement};
use crate::definitions::Definitions;
use crate::expectation::Expectation;
use crate::issue::{Issue, Severity};

/// How deeply imports may be nested.
const DEPTH_LIMIT: usize = 16;

/// Merges all imports into the statement. One that is not in the package set leaves the statement open.
pub fn resolve_imports(statement: &mut Statement, definitions: &dyn Definitions, issues: &mut Vec<Issue>) {
    let mut way: Vec<Canonical> = statement.canonical.iter().cloned().collect();
    resolve(statement, definitions, &mut way, "", issues);
    tell_instantiates(statement, definitions, issues);
}

fn resolve(
    statement: &mut Statement,
    definitions: &dyn Definitions,
    way: &mut Vec<Canonical>,
    lead: &str,
    issues: &mut Vec<Issue>,
) {
    for import in statement.imports.clone() {
        let path = format!("{lead}{}", import.path);
        if way.iter().any(|c| c.url == import.value.url) || way.len() > DEPTH_LIMIT {
            issues.push(Issue::information(
                "import-cycle",
                statement.party,
                path,
                format!("`{}` is part of an import cycle, or nested too deeply, and is not followed", import.value),
            ));
            continue;
        }
        let mut inner = Vec::new();
        let found =
            definitions.statement(&import.value).and_then(|value| read_statement(&value, statement.party, &mut inner));
        let Some(mut imported) = found else {
            let text = format!(
                "the import `{}` is not in the package set, so what it adds is unknown{}",
                import.value,
                hint(definitions, &import.value)
            );
            issues.push(Issue {
                severity: Severity::Warning,
                ..Issue::information("unresolved-import", statement.party, path, text)
            });
            statement.open = true;
            continue;
        };
        issues.extend(inner.into_iter().map(|issue| Issue { path: format!("{path}.{}", issue.path), ..issue }));
        way.push(import.value.clone());
        resolve(&mut imported, definitions, way, &format!("{path}."), issues);
        way.pop();
        statement.open |= imported.open && !imported.promises_shall_only;
        statement.usable &= imported.usable;
        adopt(&mut imported.rest, import.expectation, &format!("{path}."));
        merge_rest(&mut statement.rest, imported.rest);
        for profile in imported.top_level_profiles {
            merge(&mut statement.top_level_profiles, profile, |a, b| a == b);
        }
    }
}

fn tell_instantiates(statement: &Statement, definitions: &dyn Definitions, issues: &mut Vec<Issue>) {
    for claim in &statement.instantiates {
        let own = statement.canonical.as_ref().is_some_and(|own| own.url == claim.value.url);
        if own {
            issues.push(Issue::information(
                "self-instantiates",
                statement.party,
                &claim.path,
                "the statement instantiates itself, which adds nothing",
            ));
        } else if definitions.statement(&claim.value).is_none() {
            let text = format!(
                "`{}` is not in the package set; nothing is read from what a statement instantiates in any case{}",
                claim.value,
                hint(definitions, &claim.value)
            );
            issues.push(Issue::information("unresolved-instantiates", statement.party, &claim.path, text));
        }
    }
}

/// `; the nearest known canonical is …`, or nothing.
pub(super) fn hint(definitions: &dyn Definitions, canonical: &Canonical) -> String {
    definitions
        .nearest(&canonical.url)
        .map(|near| format!("; the nearest known canonical is `{near}`"))
        .unwrap_or_default()
}

/// Makes imported items ready to be merged: what they inherit is spelled out, then capped.
fn adopt(rest: &mut Rest, cap: Option<Expectation>, lead: &str) {
    let mut own = Adopt { cap, lead };
    let top = own.expectation(rest.expectation, None);
    rest.expectation = top;
    own.all(&mut rest.interactions, top);
    own.all(&mut rest.search_params, top);
    own.all(&mut rest.operations, top);
    own.all(&mut rest.security, top);
    for resource in &mut rest.resources {
        let of_type = own.expectation(resource.expectation, top);
        resource.expectation = of_type;
        resource.path = format!("{lead}{}", resource.path);
        own.all(&mut resource.profiles, of_type);
        own.all(&mut resource.interactions, of_type);
        own.all(&mut resource.search_params, of_type);
        own.all(&mut resource.combinations, of_type);
        own.all(&mut resource.includes, of_type);
        own.all(&mut resource.rev_includes, of_type);
        own.all(&mut resource.operations, of_type);
        own.all(&mut resource.flags, of_type);
    }
}

struct Adopt<'a> {
    cap: Option<Expectation>,
    lead: &'a str,
}

impl Adopt<'_> {
    fn expectation(&self, own: Option<Expectation>, parent: Option<Expectation>) -> Option<Expectation> {
        match (own.or(parent), self.cap) {
            (Some(e), Some(cap)) => Some(e.capped(cap)),
            (None, Some(cap)) => Some(Expectation::Shall.capped(cap)),
            (e, None) => e,
        }
    }

    fn all<T>(&mut self, items: &mut [Stated<T>], parent: Option<Expectation>) {
        for item in items {
            item.expectation = self.expectation(item.expectation, parent);
            item.path = format!("{}{}", self.lead, item.path);
        }
    }
}
