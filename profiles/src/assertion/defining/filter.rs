//! The filters of a value set: the operator is one that the property has, the value one that the operator can use and
//! of the property's type (<https://hl7.org/fhir/R4/valueset-filter-operator.html>,
//! <https://hl7.org/fhir/R4/codesystem.html#filters>), or an expression over the value set's parameters.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::super::example::{Example, example};
use super::code_property::is_standard;
use super::{named, text};
use crate::fhirpath;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Truth, Weight};
use crate::model::{Primitive, is_absolute_uri};
use crate::plan::Handle;
use crate::plan::marks::CONCEPT_INACTIVE;
use crate::plan::rows::CodeSystemRow;
use crate::terminology::is_expression_constraint;

const SNOMED_CT: &str = "http://snomed.info/sct";
const EXPRESSION: &str = "http://hl7.org/fhir/StructureDefinition/cqf-expression";
const PARAMETER: &str = "http://hl7.org/fhir/tools/StructureDefinition/valueset-parameter";

/// The properties that every code system has, and their types.
const COMMON: [(&str, &str); 8] = [
    ("concept", "code"),
    ("code", "code"),
    ("inactive", "boolean"),
    ("notSelectable", "boolean"),
    ("effectiveDate", "dateTime"),
    ("deprecationDate", "dateTime"),
    ("retirementDate", "dateTime"),
    ("itemWeight", "decimal"),
];

type Known<'e> = Option<(Handle, &'e CodeSystemRow)>;

/// Judges a filter over a code system, which is `known` where it is loaded.
pub fn check<'t>(j: &mut Judge<'_, 't>, parameters: &Parameters<'t>, filter: Node<'t>, system: &str, known: Known<'_>) {
    if let Some(node) = expression(filter) {
        over_parameters(j, parameters, node);
        return;
    }
    let (Some(op), Some(value)) = (text(filter, "op"), text(filter, "value")) else { return };
    let property = text(filter, "property").unwrap_or_default();
    let fault = wrong(j, (&op, &value, &property), (system, known));
    let weight = if fault.is_some() { Weight::Error } else { Weight::Warning };
    if let Some(fault) = fault.or_else(|| doubtful(j, (&op, &value, &property), (system, known))) {
        j.find(RuleId::VALUE_SET_FILTER, weight, filter, &[], || Detail::Text(fault));
    }
}

/// What is wrong with a filter: its operator, its value and its property, in this order.
fn wrong(
    j: &Judge<'_, '_>,
    (op, value, property): (&str, &str, &str),
    (system, known): (&str, Known<'_>),
) -> Option<String> {
    of_operator(j, op, value, property, (system, known)).or_else(|| {
        let (handle, row) = known?;
        let image = j.set.layer(handle.layer);
        let mut allowed =
            image.list(row.filters).filter_map(|f| f.split_once('\t')).filter(|(code, _)| *code == property);
        if let Some((_, allowed)) = allowed.next()
            && !allowed.split('\t').any(|o| o == op)
        {
            return Some(format!(
                "`{system}` allows filters over `{property}` with the operator {}, not `{op}`",
                allowed.replace('\t', ", ")
            ));
        }
        if matches!(op, "exists" | "regex" | "is-a" | "is-not-a" | "descendent-of" | "generalizes") {
            return None;
        }
        let kind = kind_of(image.list(row.properties), property)?;
        values(op, value).find_map(|v| of_type(j, kind, v, property, (system, known)))
    })
}

/// The values of a filter: those of a list, else the one.
fn values<'v>(op: &str, value: &'v str) -> impl Iterator<Item = &'v str> {
    let is_list = matches!(op, "in" | "not-in");
    value.split(move |c| is_list && c == ',').map(str::trim)
}

/// What is allowed in a filter, but may not select what it should.
fn doubtful(
    j: &Judge<'_, '_>,
    (op, value, property): (&str, &str, &str),
    (system, known): (&str, Known<'_>),
) -> Option<String> {
    let (handle, row) = known?;
    let image = j.set.layer(handle.layer);
    let declared = kind_of(image.list(row.properties), property);
    if row.is_complete() && declared.is_none() && !is_usual(j, property) {
        let mut filters = image.list(row.filters).filter_map(|f| f.split_once('\t'));
        if !filters.any(|(code, _)| code == property) {
            return Some(format!("`{system}` declares no property and no filter `{property}`"));
        }
    }
    let is_relative = matches!(op, "is-a" | "is-not-a" | "descendent-of" | "generalizes");
    if is_relative || (matches!(op, "=" | "in" | "not-in") && matches!(property, "concept" | "code")) {
        let mut concepts = values(op, value).filter_map(|v| image.concepts_of(row.slots, v.as_bytes()).next());
        return concepts
            .find(|c| c.flags & CONCEPT_INACTIVE != 0)
            .map(|c| format!("`{}`, by which the filter selects, is inactive in `{system}`", image.str(c.code)));
    }
    let is_search = |v: &&str| !v.contains('#') && v.contains('|');
    if declared == Some("Coding") && matches!(op, "=" | "in" | "not-in") && values(op, value).any(|v| is_search(&v)) {
        return Some(format!("the value of a Coding is written `system|version#code`, not as in a search: `{value}`"));
    }
    None
}

/// Whether a property is one that code systems have without declaring it: what all concepts have, or FHIR defines.
pub(super) fn is_usual(j: &Judge<'_, '_>, property: &str) -> bool {
    matches!(property, "" | "display" | "definition" | "designation" | "descendant" | "constraint" | "expression")
        || COMMON.iter().any(|(code, _)| *code == property)
        || is_standard(j, property) != Truth::False
}

/// The type of a property, as a code system declares it, else as all have it.
fn kind_of<'e>(mut declared: impl Iterator<Item = &'e str>, property: &str) -> Option<&'e str> {
    let own = declared.find_map(|p| p.split_once('\t').filter(|(code, _)| *code == property));
    own.or_else(|| COMMON.into_iter().find(|(code, _)| *code == property)).map(|(_, kind)| kind)
}

/// What is wrong with a value for its operator.
fn of_operator(
    j: &Judge<'_, '_>,
    op: &str,
    value: &str,
    property: &str,
    (system, known): (&str, Known<'_>),
) -> Option<String> {
    match op {
        "exists" if !matches!(value, "true" | "false") => Some(format!(
            "the filter tests whether a property exists, so its value must be `true` or `false`, not `{value}`"
        )),
        "is-a" | "is-not-a" | "descendent-of" | "generalizes"
            if known.is_some_and(|k| j.has_code(k, value) == Truth::False) =>
        {
            Some(format!("the filter selects relatives of `{value}`, which is not a code in `{system}`"))
        }
        "exists" | "regex" if known.is_some() && property == "concept" => {
            Some(format!("`concept` selects concepts by their relations, so `{op}` does not apply to it"))
        }
        "regex" if is_broken(value) => Some(format!("`{value}` is not a regular expression")),
        "=" if system == SNOMED_CT && property == "constraint" && is_expression_constraint(value) == Some(false) => {
            Some(format!("`{value}` is not a SNOMED CT expression constraint"))
        }
        _ => None,
    }
}

/// What is wrong with a value for a property of this type.
fn of_type(
    j: &Judge<'_, '_>,
    kind: &str,
    value: &str,
    property: &str,
    (system, known): (&str, Known<'_>),
) -> Option<String> {
    // Numbers and times may have the prefix of a search.
    let bare = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"].iter().find_map(|p| value.strip_prefix(p));
    let bare = bare.unwrap_or(value);
    let is_of = match kind {
        "boolean" => matches!(value, "true" | "false"),
        "integer" => Primitive::Integer.check(bare).is_ok(),
        "decimal" => Primitive::Decimal.check(bare).is_ok(),
        "dateTime" => Primitive::DateTime.check(bare).is_ok(),
        // The codes of other properties may be those of other systems, whatever the declaration says.
        "code"
            if matches!(property, "concept" | "code")
                && known.is_some_and(|k| j.has_code(k, value) == Truth::False) =>
        {
            return Some(format!("property `{property}` has codes of `{system}`, and `{value}` is not one"));
        }
        "code" => Primitive::Code.check(value).is_ok(),
        "Coding" => return of_coding(j, value, property),
        _ => true,
    };
    (!is_of).then(|| format!("property `{property}` has values of type {kind}, and `{value}` is not one"))
}

/// A value for a property of type Coding is `system#code` or `system|version#code`, of a code that exists.
fn of_coding(j: &Judge<'_, '_>, value: &str, property: &str) -> Option<String> {
    let (canonical, code) = match value.split_once('#') {
        Some((canonical, code)) if is_absolute_uri(canonical) && !code.is_empty() => (canonical, code),
        // The form of a search, which was usual before.
        _ if value.split_once('|').is_some_and(|(system, code)| is_absolute_uri(system) && !code.is_empty()) => {
            return None;
        }
        _ => {
            return Some(format!(
                "property `{property}` has Codings, so the value must be `system|version#code`, not `{value}`"
            ));
        }
    };
    let known = match canonical.split_once('|') {
        Some((system, version)) => j.code_system_version(system, version),
        None => j.code_system(canonical),
    };
    let is_wrong = known.is_some_and(|k| j.has_code(k, code) == Truth::False);
    is_wrong.then(|| format!("`{code}` is not a code in `{canonical}`"))
}

/// The expression that stands for the value of a filter.
fn expression(filter: Node<'_>) -> Option<Node<'_>> {
    let value = named(filter, "value").next().filter(|v| !v.has_value())?;
    let is_expression = |x: &Node<'_>| x.child_text(NameId::URL).is_some_and(|u| u == EXPRESSION);
    value.children_named(NameId::EXTENSION).find(is_expression)?.children().find(|c| c.name_text() == "valueExpression")
}

/// An expression in FHIRPath names only parameters of the value set.
fn over_parameters<'t>(j: &mut Judge<'_, 't>, parameters: &Parameters<'t>, node: Node<'t>) {
    let Some(expression) =
        text(node, "expression").filter(|_| text(node, "language").is_some_and(|l| l == "text/fhirpath"))
    else {
        return;
    };
    if let Err(e) = fhirpath::parse(&expression) {
        return j.error(RuleId::VALUE_SET_FILTER, node, &[], || {
            Detail::Text(format!("`{expression}` is not valid FHIRPath: {}", e.message))
        });
    }
    let plain = expression.replace("\\'", "");
    // An expression may define variables of its own.
    let defines = plain.contains("defineVariable");
    if let Some(unknown) = variables(&plain).filter(|_| !defines).find(|v| !is_given(v) && !parameters.contains(*v)) {
        j.error(RuleId::VALUE_SET_FILTER, node, &[], || {
            Detail::Text(format!("`%{unknown}` is not a parameter of the value set"))
        });
    }
}

/// The names of a value set's parameters.
pub type Parameters<'t> = FxHashSet<Cow<'t, str>>;

/// The parameters of a value set
/// (<https://build.fhir.org/ig/HL7/fhir-tools-ig/StructureDefinition-valueset-parameter.html>).
pub fn parameters<'t>(value_set: Node<'t>) -> Parameters<'t> {
    let is_parameter = |x: &Node<'_>| x.child_text(NameId::URL).is_some_and(|u| u == PARAMETER);
    let name = |x: Node<'t>| {
        let name = x.children_named(NameId::EXTENSION).find(|n| n.child_text(NameId::URL).is_some_and(|u| u == "name"));
        name.and_then(|n| n.children().find(|c| c.name_text().starts_with("value")))
    };
    value_set.children_named(NameId::EXTENSION).filter(is_parameter).filter_map(name).map(Node::text).collect()
}

/// Whether FHIRPath gives a variable its value everywhere (<https://hl7.org/fhir/R4/fhirpath.html#variables>).
fn is_given(name: &str) -> bool {
    matches!(name, "" | "resource" | "rootResource" | "context" | "ucum" | "sct" | "loinc" | "terminologies")
        || name.starts_with("vs-")
        || name.starts_with("ext-")
}

/// The names behind `%` outside of strings; a name may have hyphens.
fn variables(expression: &str) -> impl Iterator<Item = &str> {
    let outside = expression.split('\'').step_by(2);
    outside.flat_map(|part| part.split('%').skip(1)).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}

/// Whether a text is not a regular expression in any dialect: its brackets do not balance.
fn is_broken(text: &str) -> bool {
    let (mut depth, mut escaped, mut class) = (0i64, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0 || escaped || class
}

/// A code system that declares properties and a filter.
const SYSTEM: &str = r#"{"resourceType":"CodeSystem","url":"http://firing.test/CodeSystem/declaring","status":"active",
    "content":"complete","caseSensitive":true,"property":[{"code":"rank","type":"integer"},
    {"code":"of","type":"Coding"},{"code":"way","type":"code"},{"code":"status","type":"code"}],
    "filter":[{"code":"rank","operator":["=","in"],"value":"a number"}],
    "concept":[{"code":"a"},{"code":"b"},{"code":"old","property":[{"code":"status","valueCode":"retired"}]}]}"#;

/// A value set with one filter over that code system.
macro_rules! filtered {
    ($filter:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{
            "system":"http://firing.test/CodeSystem/declaring","filter":[{"#,
            $filter,
            "}]}]}}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"rank","op":"§","value":"1""#), "regex", "in")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"rank","op":"in","value":"1,§""#), "b", "2")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"of","op":"=",
        "value":"http://hl7.org/fhir/administrative-gender§""#), "#man", "#male").with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"of","op":"=","value":"§male""#), "",
        "http://hl7.org/fhir/administrative-gender#").with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"§","op":"regex","value":"a.*""#), "concept", "code")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"inactive","op":"=","value":"§""#), "no", "false")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"§","op":"=","value":"a""#), "nosuch", "way")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"concept","op":"is-a","value":"§""#), "old", "a")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"way","op":"=","value":"a§b""#), "  ", " ")
        .with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, filtered!(r#""property":"of","op":"=",
        "value":"http://hl7.org/fhir/administrative-gender§male""#), "|", "#").with(&[SYSTEM]),
    example(RuleId::VALUE_SET_FILTER, r#"{"resourceType":"ValueSet","status":"draft","extension":[{
        "url":"http://hl7.org/fhir/tools/StructureDefinition/valueset-parameter","extension":[{"url":"name",
        "valueCode":"p-old"}]}],"compose":{"include":[{"system":"http://a.test","filter":[{"property":"inactive",
        "op":"=","_value":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/cqf-expression",
        "valueExpression":{"language":"text/fhirpath","expression":"%p-§"}}]}}]}]}}"#, "new", "old"),
];
