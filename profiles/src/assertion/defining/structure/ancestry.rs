//! The definitions that a definition is derived from: an unbroken line that does not lead back to it
//! (<https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.baseDefinition>).

use rustc_hash::FxHashSet;

use super::super::text;
use super::specialized::CORE;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};
use crate::plan::Handle;
use crate::plan::rows::{STRUCTURE_CONSTRAINT, STRUCTURE_LOGICAL};

fn bare(canonical: &str) -> &str {
    canonical.split(['|', '#']).next().unwrap_or(canonical)
}

/// Judges the line of bases, the nearest of which is given; whether the elements can be compared with it.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, base: Node<'t>, nearest: Handle) -> bool {
    if let Some(way) = circle(j, n, &base.text(), nearest) {
        j.error(RuleId::STRUCTURE_BASE, base, &[], || {
            Detail::Text(format!("the base definitions lead back to `{way}`, so there is nothing to constrain"))
        });
        return false;
    }
    let set = j.set;
    let Some(row) = set.structure(nearest) else { return false };
    let name = set.str(nearest.layer, row.type_name);
    let is_own = set.str(nearest.layer, row.url).strip_prefix(CORE) == Some(name);
    let has_base = !row.base.is_empty() && row.flags & (STRUCTURE_CONSTRAINT | STRUCTURE_LOGICAL) == 0;
    // Only a constraint may have the type of another definition.
    if has_base && !is_own && j.model().find(name).is_some() {
        j.error(RuleId::STRUCTURE_BASE, base, &[], || {
            Detail::Text(format!(
                "`{}` has a base of type `{name}`, but does not say that it constrains it: its derivation has to be \
                 `constraint`",
                set.canonical(nearest)
            ))
        });
        return false;
    }
    true
}

/// Whether a loaded definition is derived from the one of this url, in any version.
pub fn is_base(j: &Judge<'_, '_>, url: &str) -> bool {
    j.set.layers().iter().any(|image| image.structures().iter().any(|s| bare(image.str(s.base)) == url))
}

/// The definition that a line of bases leads back to.
fn circle(j: &Judge<'_, '_>, n: Node<'_>, base: &str, nearest: Handle) -> Option<String> {
    let set = j.set;
    let own = text(n, "url")?;
    // A version of a definition may be derived from an earlier one that it names.
    if bare(base) == own && !base.contains('|') {
        return Some(own.into_owned());
    }
    let mut seen = FxHashSet::from_iter([nearest]);
    let mut at = nearest;
    loop {
        let row = set.structure(at)?;
        let next = set.str(at.layer, row.base);
        if next.is_empty() {
            return None;
        }
        if bare(next) == own && !next.contains('|') {
            return Some(own.into_owned());
        }
        at = set.find_structure(next, Some(at.layer))?;
        if !seen.insert(at) {
            return Some(bare(next).to_owned());
        }
    }
}
