//! Search parameters: a composite one has at least two components, its expression is valid, and it has the type of what
//! it is derived from (<https://hl7.org/fhir/R4/search.html#composite>,
//! <https://hl7.org/fhir/R4/searchparameter-definitions.html>).

use super::{named, text};
use crate::fhirpath::{self, Options};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges a SearchParameter.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
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
    let (Some(kind), Some(derived)) = (kind, named(n, "derivedFrom").find(|d| d.has_value())) else { return };
    self::bases(j, n, &derived.text());
    if let Some(parameter) = super::parameter(j, &derived.text())
        && parameter.kind != kind
    {
        let other = parameter.kind;
        j.error(RuleId::SEARCH_DERIVED, n, &[], || {
            Detail::Text(format!(
                "the search parameter has type `{kind}`, but `{}`, from which it is derived, has type `{other}`",
                derived.text()
            ))
        });
    }
}

/// The bases are among those of the search parameter from which it is derived.
fn bases<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, derived: &str) {
    let (model, Some(parameter)) = (j.model(), super::parameter(j, derived)) else { return };
    let of: Vec<_> = parameter.bases.split(' ').filter_map(|b| model.find(b)).collect();
    let is_other = |b: &Node<'t>| {
        let own = model.find(&b.text());
        own.is_some_and(|own| !of.is_empty() && !of.iter().any(|wanted| model.is_a(own, *wanted)))
    };
    for base in named(n, "base").filter(|b| b.has_value()).filter(is_other) {
        j.error(RuleId::SEARCH_DERIVED, n, &[], || {
            Detail::Text(format!("`{}` is not a base of `{derived}`, from which it is derived", base.text()))
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
