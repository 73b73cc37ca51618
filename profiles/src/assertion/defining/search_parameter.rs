//! Search parameters: a composite one has at least two components, its expression is valid, and it has the type of what
//! it is derived from (<https://hl7.org/fhir/R4/search.html#composite>,
//! <https://hl7.org/fhir/R4/searchparameter-definitions.html>).

use super::{derived, named, text};
use crate::fhirpath::{self, Options};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

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
    let mut bases = named(n, "base").filter(|b| b.has_value()).map(|b| b.text());
    let base = bases.next().filter(|_| bases.next().is_none());
    for expression in named(n, "expression").filter(|x| x.has_value()) {
        self::expression(j, expression, base.as_deref());
    }
    // A component is evaluated on the items of the main expression: only its syntax is checked.
    for expression in named(n, "component").flat_map(|c| named(c, "expression")).filter(|x| x.has_value()) {
        self::expression(j, expression, None);
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

/// An expression is valid, and on a single base names elements that exist. With several bases a part may belong to any
/// of them.
fn expression<'t>(j: &mut Judge<'_, 't>, node: Node<'t>, base: Option<&str>) {
    let text = node.text();
    let fault = match fhirpath::parse(&text) {
        Err(e) => Some(e.message),
        Ok(tree) => match fhirpath::Compiler::new(j.typing)
            .with_outside(&|name| name.contains('.'))
            .compile(&tree, &mut String::new())
        {
            Err(e) => Some(e.message),
            Ok(_) => base.and_then(|b| j.model().find(b)).and_then(|context| {
                let options = Options { system_names: true, ..Options::default() };
                fhirpath::check(&tree, j.typing, context, &options, false)
                    .into_iter()
                    .find(|d| d.is_error)
                    .map(|d| d.message)
            }),
        },
    };
    if let Some(fault) = fault {
        j.error(RuleId::SEARCH_EXPRESSION, node, &[], || {
            Detail::Text(format!("expression `{text}` is not valid: {fault}"))
        });
    }
}
