//! The operation that one constrains
//! (<https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.base>).

use rustc_hash::FxHashSet;

use super::super::{find_operation, named, text};
use crate::definition::bare;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};

/// An operation does not constrain itself, by way of others neither.
pub(super) fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(base) = named(n, "base").find(|b| b.has_value()) else { return };
    let Some(own) = text(n, "url") else { return };
    let canonical = base.text();
    if bare(&canonical) == own {
        return j.error(RuleId::OPERATION_PARAMETER, base, &[], || {
            Detail::Text(format!("`{canonical}` is the operation itself, not one that it constrains"))
        });
    }
    let mut at: &str = &canonical;
    let mut seen = FxHashSet::default();
    for _ in 0..MAX_BASES {
        // A circle of others does not lead here.
        if !seen.insert(bare(at)) {
            return;
        }
        match find_operation(j, at).map(|known| known.base) {
            None | Some("") => return,
            Some(next) if bare(next) == own => {
                return j.error(RuleId::OPERATION_PARAMETER, base, &[], || {
                    Detail::Text(format!("`{at}` constrains the operation itself, so there is nothing to constrain"))
                });
            }
            Some(next) => at = next,
        }
    }
    j.question(RuleId::OPERATION_PARAMETER, base, &[], || {
        Detail::Text(format!(
            "more than {MAX_BASES} operations lie between this one and what `{canonical}` constrains, so whether they \
             lead back to it was not checked"
        ))
    });
}

/// The most operations between one and that which it constrains.
const MAX_BASES: usize = 64;
