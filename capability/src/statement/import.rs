//! `imports`: what another statement says is included
//! (<https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.imports>).
//! The strongest expectation wins, capped by the import's own. `instantiates` never adds anything: a server may
//! implement a subset of what it names.

use fhir_accord_profiles::definition::Canonical;

use super::limits::Left;
use super::merge::{Keys, Merger};
use super::read::read_within;
use super::{Rest, Stated, Statement};
use crate::definitions::Definitions;
use crate::expectation::Expectation;
use crate::issue::Issue;
use crate::reason::Reason;

/// How deeply imports may be nested.
const DEPTH_LIMIT: usize = 16;

/// Merges all imports into the statement. One that is not in the package set, and those beyond a bound, leave the
/// statement open.
pub fn resolve_imports(statement: &mut Statement, definitions: &dyn Definitions, issues: &mut Vec<Issue>) {
    let mut way: Vec<Canonical> = statement.canonical.iter().cloned().collect();
    resolve(statement, definitions, &mut way, "", issues);
    statement.tell_short(issues);
    tell_instantiates(statement, definitions, issues);
}

fn resolve(
    statement: &mut Statement,
    definitions: &dyn Definitions,
    way: &mut Vec<Canonical>,
    lead: &str,
    issues: &mut Vec<Issue>,
) {
    let (mut merger, mut profiles) = (Merger::default(), Keys::default());
    for import in statement.imports.clone() {
        let path = format!("{lead}{}", import.path);
        if way.iter().any(|c| c.url == import.value.url) || way.len() > DEPTH_LIMIT {
            issues.push(Issue::information(
                Reason::ImportCycle,
                statement.party,
                path,
                format!("`{}` is part of an import cycle, or nested too deeply, and is not followed", import.value),
            ));
            continue;
        }
        let Some(value) = definitions.statement(&import.value) else {
            tell_unresolved(statement, definitions, &import.value, path, issues);
            continue;
        };
        if !statement.left.import(&path) {
            break;
        }
        let mut inner = Vec::new();
        let Some(mut imported) = read_within(&value, statement.party, statement.left.clone(), &mut inner) else {
            tell_unresolved(statement, definitions, &import.value, path, issues);
            continue;
        };
        issues.extend(inner.into_iter().map(|issue| Issue { path: format!("{path}.{}", issue.path), ..issue }));
        way.push(import.value.clone());
        resolve(&mut imported, definitions, way, &format!("{path}."), issues);
        way.pop();
        statement.left = imported.left;
        statement.open |= imported.open && !imported.promises_shall_only;
        statement.usable &= imported.usable;
        adopt(&mut imported.rest, import.expectation, &format!("{path}."));
        merger.rest(&mut statement.rest, imported.rest);
        for profile in imported.top_level_profiles {
            profiles.merge(&mut statement.top_level_profiles, profile, Clone::clone);
        }
    }
}

fn tell_unresolved(
    statement: &mut Statement,
    definitions: &dyn Definitions,
    import: &Canonical,
    path: String,
    issues: &mut Vec<Issue>,
) {
    let text = format!(
        "the import `{import}` is not in the package set, so what it adds is unknown{}",
        hint(&mut statement.left, definitions, import)
    );
    issues.push(Issue::warning(Reason::UnresolvedImport, statement.party, path, text));
    statement.open = true;
}

fn tell_instantiates(statement: &mut Statement, definitions: &dyn Definitions, issues: &mut Vec<Issue>) {
    for claim in &statement.instantiates {
        let own = statement.canonical.as_ref().is_some_and(|own| own.url == claim.value.url);
        if own {
            issues.push(Issue::information(
                Reason::SelfInstantiates,
                statement.party,
                &claim.path,
                "the statement instantiates itself, which adds nothing",
            ));
        } else if definitions.statement(&claim.value).is_none() {
            let text = format!(
                "`{}` is not in the package set; nothing is read from what a statement instantiates in any case{}",
                claim.value,
                hint(&mut statement.left, definitions, &claim.value)
            );
            issues.push(Issue::information(Reason::UnresolvedInstantiates, statement.party, &claim.path, text));
        }
    }
}

/// `; the nearest known canonical is …`, or nothing.
pub(super) fn hint(left: &mut Left, definitions: &dyn Definitions, canonical: &Canonical) -> String {
    left.hint(|| definitions.nearest(&canonical.url))
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
