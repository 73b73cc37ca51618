//! Search parameters that are derived from others: what they find is a part of what those find
//! (<https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.derivedFrom>).

use super::{Parameter, named, parameter, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::Model;

/// Judges a search parameter by the one from which it is derived.
pub(super) fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(derived) = named(n, "derivedFrom").find(|d| d.has_value()) else { return };
    let canonical = derived.text();
    let Some(parameter) = parameter(j, &canonical) else {
        if j.kinds(&canonical).is_empty() {
            j.question(RuleId::SEARCH_DERIVED, derived, &[], || {
                Detail::Text(format!("`{canonical}`, from which it is derived, is not loaded"))
            });
        }
        return;
    };
    bases(j, n, &canonical, &parameter);
    expressions(j, n, &canonical, &parameter);
    if let Some(kind) = text(n, "type").filter(|kind| *kind != parameter.kind) {
        let other = parameter.kind;
        j.error(RuleId::SEARCH_DERIVED, n, &[], || {
            Detail::Text(format!(
                "the search parameter has type `{kind}`, but `{canonical}`, from which it is derived, has type \
                 `{other}`"
            ))
        });
    }
}

/// The bases are among those of the search parameter from which it is derived.
fn bases<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, derived: &str, parameter: &Parameter<'_>) {
    let model = j.model();
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

/// What the expression names is what that of the other one names, or lies in it.
fn expressions<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, derived: &str, parameter: &Parameter<'_>) {
    let model = j.model();
    let wanted: Vec<String> = alternatives(parameter.expression).iter().map(|part| plain(part)).collect();
    let Some(node) = named(n, "expression").find(|x| x.has_value()).filter(|_| !wanted.is_empty()) else { return };
    let own = node.text();
    let other = alternatives(&own).into_iter().find(|part| {
        let own = plain(part);
        // What does not begin with a type may mean anything.
        let first = own.split('.').next().filter(|t| t.starts_with(char::is_uppercase));
        let begins = first.and_then(|t| model.find(t)).is_some();
        begins && !wanted.iter().any(|wanted| is_within(model, &own, wanted))
    });
    if let Some(other) = other {
        j.find(RuleId::SEARCH_DERIVED, Weight::Warning, node, &[], || {
            let wanted = parameter.expression;
            Detail::Text(format!("`{other}` lies outside of `{wanted}`, the expression of `{derived}`"))
        });
    }
}

/// The parts of an expression between its outermost `|`.
fn alternatives(expression: &str) -> Vec<&str> {
    let (mut depth, mut from, mut out) = (0_i32, 0, Vec::new());
    for (i, c) in expression.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                out.extend(expression.get(from..i));
                from = i + 1;
            }
            _ => {}
        }
    }
    out.extend(expression.get(from..));
    out.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A part without parentheses and blanks, and with one way to name a type of a choice.
fn plain(part: &str) -> String {
    let cast = part.replace(".ofType(", "\u{1}").replace(".as(", "\u{1}").replace(" as ", "\u{1}");
    cast.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect()
}

/// Whether one path is another, or begins with it; the other may name a type that the first one's is derived from.
fn is_within(model: &Model, own: &str, wanted: &str) -> bool {
    let (own_type, own_rest) = own.split_once('.').unwrap_or((own, ""));
    let (wanted_type, wanted_rest) = wanted.split_once('.').unwrap_or((wanted, ""));
    let types = model.find(own_type).zip(model.find(wanted_type));
    let rest = own_rest.strip_prefix(wanted_rest);
    types.is_some_and(|(own, wanted)| model.is_a(own, wanted))
        && rest.is_some_and(|rest| rest.is_empty() || wanted_rest.is_empty() || rest.starts_with(['.', '[', '\u{1}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_split_outside_of_parentheses() {
        assert_eq!(alternatives("A.b | (B.c | B.d).where(x) | "), ["A.b", "(B.c | B.d).where(x)"]);
        assert_eq!(plain("(Observation.value as Quantity)"), plain("Observation.value.ofType(Quantity)"));
    }
}
