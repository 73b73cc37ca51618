//! The bindings of a profile's elements: of what has codes, no looser than those of the base
//! (<https://hl7.org/fhir/R4/profiling.html#binding>).

use super::super::{named, text};
use super::base::{Spot, types_of};
use super::home::Home;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Scene, Truth, Weight};
use crate::plan::marks::{CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED};
use crate::plan::rows::{BindingRow, ValueSetRow};
use crate::plan::{BindingStrength, Handle};

/// The types that have no codes, and so no binding (<https://hl7.org/fhir/R4/terminologies.html#binding>).
const WITHOUT_CODES: [&str; 24] = [
    "boolean",
    "integer",
    "decimal",
    "positiveInt",
    "unsignedInt",
    "date",
    "dateTime",
    "instant",
    "time",
    "base64Binary",
    "HumanName",
    "Address",
    "ContactPoint",
    "Identifier",
    "Period",
    "Range",
    "Ratio",
    "SampledData",
    "Attachment",
    "Annotation",
    "Signature",
    "Timing",
    "Reference",
    "Narrative",
];

/// The most codes of a value set that are looked for in that of the base.
const MOST_CODES: usize = 20_000;

/// What of a value set may not be in it.
const UNSURE: u32 = CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED;

/// The value sets of all codes of a terminology, by their urls without versions, and its name.
const WHOLE: [(&str, &str); 4] = [
    ("http://loinc.org/vs", "LOINC"),
    ("http://snomed.info/sct?fhir_vs", "SNOMED CT"),
    ("http://hl7.org/fhir/ValueSet/cpt-all", "CPT"),
    ("http://terminology.hl7.org/ValueSet/cpt-all", "CPT"),
];

/// A required binding stays required, to codes that it allows already, and what has no codes has none.
pub fn check<'t>(j: &mut Judge<'_, 't>, home: Home, spot: Spot<'_>, e: Node<'t>, path: &str) {
    let set = j.set;
    let Some(binding) = named(e, "binding").next() else { return };
    let own: Vec<_> = named(e, "type").filter_map(|t| text(t, "code")).collect();
    let has_none = |code: &str| WITHOUT_CODES.contains(&code);
    let uncoded = if own.is_empty() {
        types_of(j, spot).next().is_some() && types_of(j, spot).all(has_none)
    } else {
        own.iter().all(|c| has_none(c))
    };
    if uncoded {
        j.error(RuleId::STRUCTURE_BINDING, e, &[], || Detail::Text(format!("`{path}` has a binding, but no codes")));
        return;
    }
    let image = set.layer(spot.row.layer);
    let base = set.element(spot.row).and_then(|row| image.binding(row.binding));
    let required = base.filter(|b| b.strength() == BindingStrength::Required);
    let strength = named(binding, "strength").find(|s| s.has_value());
    if let (Some(node), Some(_)) = (strength, required) {
        let strength = node.text();
        if matches!(&*strength, "extensible" | "preferred" | "example") {
            j.error(RuleId::STRUCTURE_BINDING, node, &[], || {
                Detail::Text(format!("the binding of `{path}` is {strength}, but that of the base is required"))
            });
            return;
        }
    }
    let Some(value_set) = named(binding, "valueSet").find(|v| v.has_value()) else { return };
    whole(j, value_set, path);
    if let Some(required) = required {
        subset(j, home, (spot.row.layer, required), value_set, path);
    }
}

/// Advises against all codes of a terminology, which are more than anything is recorded with.
fn whole<'t>(j: &mut Judge<'_, 't>, value_set: Node<'t>, path: &str) {
    let canonical = value_set.text();
    if let Some((_, name)) = WHOLE.iter().find(|(url, _)| canonical.split('|').next() == Some(url)) {
        j.find(RuleId::STRUCTURE_BINDING, Weight::Warning, value_set, &[], || {
            Detail::Text(format!(
                "`{path}` is bound to all codes of {name}, also those that are not meant for recording"
            ))
        });
    }
}

/// A value set, where all its codes are known.
fn complete<'e>(scene: &Scene<'e, '_>, value_set: Option<Handle>) -> Option<(Handle, &'e ValueSetRow)> {
    let set = scene.set;
    let (handle, row) = value_set.and_then(|h| Some((h, set.value_set(h)?)))?;
    (row.incomplete.is_empty() && row.open.len == 0).then_some((handle, row))
}

/// The codes of the value set are among those of the base's, where both are complete here.
fn subset<'t>(j: &mut Judge<'_, 't>, home: Home, (layer, base): (u32, &BindingRow), value_set: Node<'t>, path: &str) {
    let set = j.set;
    let (canonical, wanted) = (value_set.text(), set.str(layer, base.value_set));
    if canonical.split('|').next() == wanted.split('|').next() {
        return;
    }
    let Some((own, row)) = complete(j, home.value_set(j, &canonical)) else { return };
    let Some((allowed, _)) = complete(j, set.find_value_set(wanted, Some(layer))) else { return };
    let image = set.layer(own.layer);
    let all = || image.concepts_in(row.slots);
    let mut codes = all().take(MOST_CODES).filter_map(|at| image.concept(at)).filter(|c| c.flags & UNSURE == 0);
    let outside = codes.find(|c| {
        let (system, code) = (image.str(c.system), image.str(c.code));
        let coded = Coded { system: Some(system.into()), code: code.into(), coding: None };
        j.membership(allowed, &coded, true).certain() == Truth::False
    });
    if let Some(c) = outside {
        j.error(RuleId::STRUCTURE_BINDING, value_set, &[], || {
            Detail::Text(format!(
                "`{path}` is bound to `{canonical}`, which has the code `{}#{}`; the base requires one of `{wanted}`",
                image.str(c.system),
                image.str(c.code)
            ))
        });
    } else if all().nth(MOST_CODES).is_some() {
        j.question(RuleId::STRUCTURE_BINDING, value_set, &[], || {
            Detail::Text(format!("only the first {MOST_CODES} codes of `{canonical}` were compared with the base's"))
        });
    }
}
