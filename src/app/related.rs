//! What the engine found out about two profiles, as negotiation has it.

use fhir_accord_capability::relation::{Coverage, Relation, Validity};
use fhir_accord_profiles::generate::Judge;
use fhir_accord_profiles::plan::{Handle, ImageSet};
use fhir_accord_profiles::relation::{self, OpenStep, Proof, Relations, bridge, open_steps};

/// Bound on the open demands of a pair that are told.
const OPEN: usize = 10;
/// Bound on the demands of a bridge that are told.
const BRIDGE: usize = 30;

/// How much of the other profile's use is served, and the conditions that select a part.
pub(super) type Served = (Coverage, Vec<String>);

/// How much of what `wide` selects the instances of `narrow` serve; `None` where the profiles are not of one type.
pub(super) fn served<J: Judge>(relations: &mut Relations<'_, J>, narrow: Handle, wide: Handle) -> Option<Served> {
    let found = relations.coverage(wide, narrow)?;
    let coverage = match found {
        relation::Coverage::All => Coverage::All,
        relation::Coverage::Part(_) => Coverage::Part,
        relation::Coverage::None => Coverage::None,
        relation::Coverage::Unknown => Coverage::Unknown,
    };
    Some((coverage, found.conditions().to_vec()))
}

/// What a proof alone tells of a profile (its root element) with how much of the other's use it serves.
pub(super) fn proven(set: &ImageSet, proof: &Proof, narrow: Handle, served: Served) -> Relation {
    let validity = if proof.holds { Validity::Proven } else { Validity::Unknown };
    let open = if proof.holds { Vec::new() } else { open_steps(proof) };
    Relation { validity, ..told(set, narrow, &open, served) }
}

/// What a search for a witness tells; `None` where the profiles are not of one type.
pub(super) fn related<J: Judge>(
    set: &ImageSet,
    relations: &mut Relations<'_, J>,
    (narrow, wide): (Handle, Handle),
    served: Served,
) -> Option<Relation> {
    let found = relations.compare(narrow, wide)?;
    let validity = match found.validity {
        relation::Validity::Proven => Validity::Proven,
        relation::Validity::Partial => Validity::Partial,
        relation::Validity::Refuted => Validity::Refuted,
        relation::Validity::Unknown => Validity::Unknown,
    };
    let witness = found.witness.map(|w| match validity {
        Validity::Refuted => relations.shrink(narrow, wide, w).instance,
        // A smaller one might be among those that the conditions select.
        _ => w.instance,
    });
    Some(Relation { validity, conditions: found.conditions, witness, ..told(set, narrow, &found.open, served) })
}

fn told(set: &ImageSet, narrow: Handle, open: &[OpenStep], (coverage, covered): Served) -> Relation {
    let mut texts: Vec<String> = Vec::new();
    for text in open.iter().map(|s| s.text(set)) {
        if texts.len() >= OPEN {
            break;
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let demands = bridge(set, set.type_name_of(narrow).unwrap_or_default(), open);
    Relation {
        coverage,
        covered,
        open: texts,
        open_count: open.len(),
        bridge: demands.iter().take(BRIDGE).map(|d| format!("{}: {}", d.path, d.text)).collect(),
        bridge_count: demands.len(),
        ..Relation::default()
    }
}
