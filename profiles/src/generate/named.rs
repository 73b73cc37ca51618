//! The elements that an expression names: their ways from its focus, and the values that it compares them with.

use regex::RegexBuilder;
use serde_json::Value;

use crate::fhirpath::{BinaryOp, Expr, ExprKind, parse};

/// How many elements of one expression are looked at.
const NAMED: usize = 24;
/// How large a regular expression may be, compiled.
const PATTERN_BYTES: usize = 1 << 20;
/// Texts of the forms that regular expressions of profiles ask for: numbers of some lengths (one with a check digit by
/// Luhn, with the prefix of national provider identifiers), codes of letters and digits, postal codes, dates.
const SAMPLES: [&str; 16] = [
    "1234567893",
    "12D1234567",
    "12345",
    "12345-6789",
    "123456789",
    "123",
    "1",
    "0",
    "A",
    "AB",
    "A1A 1A1",
    "A1A1A1",
    "2024",
    "2024-01-01",
    "example",
    "http://a.test",
];

/// An element that an expression names.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Named {
    /// The names on the way to it.
    pub names: Vec<String>,
    /// The way begins at the resource, not at the focus.
    pub of_resource: bool,
    /// A value that the expression compares it with.
    pub value: Option<Value>,
}

/// The way to what an expression gives, as far as it is one.
#[derive(Clone, Default)]
struct Way {
    names: Vec<String>,
    of_resource: bool,
    /// It leads out of the tree: into another resource, or to what no name tells.
    is_lost: bool,
}

/// The elements that an expression names, values first; none where it is no expression.
pub(super) fn named(expression: &str) -> Vec<Named> {
    let mut out = Vec::new();
    if let Ok(tree) = parse(expression) {
        walk(&tree, &Way::default(), &mut out);
    }
    // An extension stands for what is not there: it comes last.
    let is_extension = |n: &Named| n.names.first().is_some_and(|name| name == "extension");
    out.sort_by_key(|n: &Named| (is_extension(n), n.value.is_none()));
    out.truncate(NAMED);
    out
}

fn add(way: &Way, value: Option<Value>, out: &mut Vec<Named>) {
    let found = Named { names: way.names.clone(), of_resource: way.of_resource, value };
    if !way.is_lost && !way.names.is_empty() && !out.contains(&found) {
        out.push(found);
    }
}

/// Notes what an expression names, seen from a base, and gives the way to its result.
fn walk(e: &Expr, base: &Way, out: &mut Vec<Named>) -> Way {
    let lost = || Way { is_lost: true, ..Way::default() };
    match &e.kind {
        ExprKind::This => base.clone(),
        ExprKind::Variable(name) => match &**name {
            "resource" | "rootResource" => Way { of_resource: true, ..Way::default() },
            "context" => Way::default(),
            _ => lost(),
        },
        ExprKind::Member { input, name } => {
            let mut way = input.as_ref().map_or_else(|| base.clone(), |i| walk(i, base, out));
            let is_type = way.names.is_empty() && name.starts_with(|c: char| c.is_ascii_uppercase());
            if !is_type {
                way.names.push(name.to_string());
                add(&way, None, out);
            }
            way
        }
        ExprKind::Call { input, name, args } => {
            let way = input.as_ref().map_or_else(|| base.clone(), |i| walk(i, base, out));
            let results: Vec<Way> = args.iter().map(|a| walk(a, &way, out)).collect();
            if let ("matches" | "matchesFull", Some(ExprKind::Text(pattern))) = (&**name, args.first().map(|a| &a.kind))
            {
                matching(pattern).for_each(|v| add(&way, Some(v), out));
            }
            match &**name {
                "resolve" | "extension" | "children" | "descendants" => lost(),
                "select" => results.into_iter().next().unwrap_or_else(lost),
                _ => way,
            }
        }
        ExprKind::Indexer { input, .. } | ExprKind::TypeOp { input, .. } => walk(input, base, out),
        ExprKind::Binary { op, left, right } => {
            let (l, r) = (walk(left, base, out), walk(right, base, out));
            let is_compared = matches!(op, BinaryOp::Equal | BinaryOp::Equivalent | BinaryOp::In);
            if is_compared {
                values(right).into_iter().for_each(|v| add(&l, Some(v), out));
                values(left).into_iter().for_each(|v| add(&r, Some(v), out));
            }
            lost()
        }
        ExprKind::Negate(inner) | ExprKind::Plus(inner) => {
            walk(inner, base, out);
            lost()
        }
        _ => lost(),
    }
}

/// The samples that match a regular expression.
fn matching(pattern: &str) -> impl Iterator<Item = Value> + use<> {
    let compiled = RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().ok();
    SAMPLES
        .iter()
        .filter(move |s| compiled.as_ref().is_some_and(|r| r.is_match(s)))
        .map(|s| Value::String((*s).to_owned()))
}

/// The values that an expression writes: one, or those of a union.
fn values(e: &Expr) -> Vec<Value> {
    match &e.kind {
        ExprKind::Text(text) => vec![Value::String(text.to_string())],
        ExprKind::Bool(b) => vec![Value::Bool(*b)],
        ExprKind::Number(n) => n.parse().map(Value::Number).into_iter().collect(),
        ExprKind::Binary { op: BinaryOp::Union, left, right } => [values(left), values(right)].concat(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ways and values, as texts.
    fn told(expression: &str) -> Vec<String> {
        let value = |n: &Named| n.value.as_ref().map(|v| format!(" = {v}")).unwrap_or_default();
        let root = |n: &Named| if n.of_resource { "%resource." } else { "" };
        named(expression).iter().map(|n| format!("{}{}{}", root(n), n.names.join("."), value(n))).collect()
    }

    #[test]
    fn elements_are_named_from_the_focus() {
        assert_eq!(told("family.exists() or given.exists()"), ["family", "given"]);
        assert_eq!(
            told("telecom.where(system = 'phone').value"),
            ["telecom.system = \"phone\"", "telecom", "telecom.system", "telecom.value"]
        );
        assert_eq!(told("(a | b).exists() and c in (1 | 2)"), ["c = 1", "c = 2", "a", "b", "c"]);
    }

    #[test]
    fn what_leads_out_of_the_resource_is_left() {
        assert_eq!(told("subject.resolve().name.exists()"), ["subject"]);
        assert_eq!(
            told("%resource.status = 'final' implies value.exists()"),
            ["%resource.status = \"final\"", "%resource.status", "value"]
        );
        assert_eq!(told("this is no expression ("), [""; 0]);
    }
}
