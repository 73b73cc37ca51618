//! Search parameters: a composite one has at least two components, its expression is valid, and it has the type of what
//! it is derived from (<https://hl7.org/fhir/R4/search.html#composite>,
//! <https://hl7.org/fhir/R4/searchparameter-definitions.html>).

use super::expression::{self, Ground};
use super::{derived, named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::model::TypeId;

/// Judges a SearchParameter.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if let Some(code) = named(n, "code").find(|c| c.has_value()) {
        self::code(j, code);
    }
    let kind = text(n, "type");
    if kind.as_deref() == Some("composite") && named(n, "component").count() < 2 {
        j.error(RuleId::SEARCH_COMPOSITE, n, &[], || Detail::None);
    }
    let bases: Vec<TypeId> =
        named(n, "base").filter(|b| b.has_value()).map(|b| j.model().find(&b.text()).unwrap_or_default()).collect();
    let bases = if bases.is_empty() { &[TypeId::UNKNOWN] } else { &*bases };
    for node in named(n, "expression").filter(|x| x.has_value()) {
        expression(j, node, bases);
    }
    // A component is evaluated on the items of the main expression, whose types are not worked out here.
    for node in named(n, "component").flat_map(|c| named(c, "expression")).filter(|x| x.has_value()) {
        expression(j, node, &[TypeId::UNKNOWN]);
    }
    derived::check(j, n);
}

/// What separates parts of a query, and so cannot be told from a part of a name there
/// (<https://hl7.org/fhir/R4/search.html#modifiers>).
const SEPARATORS: &[char] = &['$', '|', ',', ':', '.', '?', '&', '=', '#', '/', '\\'];

/// The code can stand in a query.
fn code<'t>(j: &mut Judge<'_, 't>, node: Node<'t>) {
    let code = node.text();
    if let Some(separator) = code.chars().find(|c| SEPARATORS.contains(c)) {
        j.find(RuleId::SEARCH_CODE, Weight::Warning, node, &[], || {
            Detail::Text(format!("`{separator}` in the code `{code}` has a meaning of its own in a query"))
        });
    }
}

/// An expression is valid, and names elements that one of its bases has.
fn expression<'t>(j: &mut Judge<'_, 't>, node: Node<'t>, bases: &[TypeId]) {
    let ground = Ground { contexts: bases, variables: &[], system_names: true };
    expression::check(j, RuleId::SEARCH_EXPRESSION, node, "expression", &ground);
}
