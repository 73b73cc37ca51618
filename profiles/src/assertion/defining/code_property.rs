//! The properties of concepts: they are declared, with a meaning that is known, and have values of their types
//! (<https://hl7.org/fhir/R4/codesystem.html#properties>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::concept::{concepts, loaded};
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Truth, Weight};
use crate::model::is_absolute_uri;

/// The code system of the concept properties of FHIR.
const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties";
/// The value set of a property's codes.
const PROPERTY_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset";

/// The concept properties of FHIR and their types (<https://hl7.org/fhir/R4/codesystem.html#defined-props>).
const DEFINED_PROPERTIES: [(&str, &str); 8] = [
    ("inactive", "boolean"),
    ("deprecated", "dateTime"),
    ("deprecationDate", "dateTime"),
    ("retirementDate", "dateTime"),
    ("notSelectable", "boolean"),
    ("parent", "code"),
    ("child", "code"),
    ("status", "code"),
];

/// Whether FHIR defines a concept property of this name.
pub(super) fn is_standard(j: &Judge<'_, '_>, name: &str) -> Truth {
    if DEFINED_PROPERTIES.iter().any(|(known, _)| *known == name) {
        return Truth::True;
    }
    let Some((handle, row)) = j.code_system(CONCEPT_PROPERTIES).filter(|(_, row)| row.is_complete()) else {
        return Truth::Unknown;
    };
    Truth::of(j.set.layer(handle.layer).concepts_of(row.slots, name.as_bytes()).next().is_some())
}

/// Judges the properties of a code system with this content, as it declares them and as its concepts have them.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, content: &str) {
    let (mut codes, mut uris) = (FxHashSet::default(), FxHashSet::default());
    let mut declared: FxHashMap<Cow<'t, str>, Declared<'t>> = FxHashMap::default();
    for p in named(n, "property") {
        let (code, uri) = (text(p, "code").unwrap_or_default(), text(p, "uri").unwrap_or_default());
        if codes.contains(&code) || (!uri.is_empty() && uris.contains(&uri)) {
            property(j, p, || format!("property `{code}` is declared twice"));
        }
        if !uri.is_empty() && !is_absolute_uri(&uri) {
            property(j, p, || format!("the uri of property `{code}`, `{uri}`, is not absolute"));
        }
        meaning(j, p, &code, &uri);
        declared.entry(code.clone()).or_insert_with(|| Declared::of(p, &uri));
        codes.insert(code);
        uris.insert(uri);
    }
    undeclared(j, n, codes);
    if declared.is_empty() {
        return;
    }
    values(j, n, &mut declared);
    if content == "complete" {
        relatives(j, n, &mut declared);
    }
}

/// A property as a code system declares it.
struct Declared<'t> {
    node: Node<'t>,
    kind: Cow<'t, str>,
    /// Its name where it is one of FHIR's.
    standard: Option<String>,
    /// The value set of its codes.
    value_set: Option<Cow<'t, str>>,
    /// Whether something was said of its codes: the first is enough.
    told: bool,
}

impl<'t> Declared<'t> {
    fn of(p: Node<'t>, uri: &str) -> Declared<'t> {
        let is_value_set = |x: &Node<'_>| x.child_text(NameId::URL).is_some_and(|u| u == PROPERTY_VALUE_SET);
        Declared {
            node: p,
            kind: text(p, "type").unwrap_or_default(),
            standard: standard_name(uri).map(str::to_owned),
            value_set: named(p, "extension").find(is_value_set).and_then(|x| text(x, "valueCanonical")),
            told: false,
        }
    }
}

/// The name of a property of FHIR in its uri.
fn standard_name(uri: &str) -> Option<&str> {
    uri.strip_prefix(CONCEPT_PROPERTIES)?.strip_prefix('#')
}

/// What a property means: its uri names a definition, which agrees with the code and the type.
fn meaning<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, code: &str, uri: &str) {
    if let Some(name) = standard_name(uri) {
        defined(j, p, name);
        if name != code && DEFINED_PROPERTIES.iter().any(|(known, _)| *known == code) {
            unclear(j, p, Weight::Error, || {
                format!("the code `{code}` is that of another standard property than `{uri}`")
            });
        }
    } else if uri.is_empty() {
        without_uri(j, p, code);
    } else if let Some((system, name)) = uri.split_once('#').filter(|(system, _)| is_absolute_uri(system)) {
        of_system(j, p, (system, name), uri);
    } else if is_absolute_uri(uri) {
        let kind = if text(p, "type").is_some_and(|t| t == "code") { ", or what its codes are" } else { "" };
        unclear(j, p, Weight::Note, || format!("nothing that is loaded tells what the property `{uri}` means{kind}"));
    }
}

/// A property with a code only.
fn without_uri<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, code: &str) {
    let kind = text(p, "type").unwrap_or_default();
    match DEFINED_PROPERTIES.iter().find(|(known, _)| *known == code) {
        Some((_, wanted)) if *wanted != kind => unclear(j, p, Weight::Warning, || {
            format!("`{code}` is the code of a standard property of type {wanted}, not `{kind}`")
        }),
        None if is_standard(j, code) != Truth::True => unclear(j, p, Weight::Note, || {
            format!("property `{code}` has no uri, so nobody else can tell what it means")
        }),
        _ => unclear(j, p, Weight::Warning, || {
            format!(
                "property `{code}` has the code of a standard property, but not its uri `{CONCEPT_PROPERTIES}#{code}`"
            )
        }),
    }
}

/// A property that is defined by another code system, as a property or a concept there.
fn of_system<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, (system, name): (&str, &str), uri: &str) {
    let Some(known) = j.code_system(system) else {
        return unclear(j, p, Weight::Note, || {
            format!("nothing that is loaded tells what the property `{uri}` means: `{system}` is not loaded")
        });
    };
    let image = j.set.layer(known.0.layer);
    let is_property = image.list(known.1.properties).any(|d| d.split_once('\t').is_some_and(|(own, _)| own == name));
    if !is_property && j.has_code(known, name) == Truth::False {
        unclear(j, p, Weight::Warning, || {
            format!("the uri of the property is `{uri}`, but `{system}` has no property and no code `{name}`")
        });
    }
}

fn unclear<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, weight: Weight, told: impl FnOnce() -> String) {
    j.find(RuleId::CODE_SYSTEM_PROPERTY_MEANING, weight, p, &[], || Detail::Text(told()));
}

/// A property declared as one of FHIR's.
fn defined<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, name: &str) {
    if let Some((_, wanted)) = DEFINED_PROPERTIES.iter().find(|(known, _)| *known == name) {
        let found = text(p, "type").unwrap_or_default();
        if *wanted != found {
            property(j, p, || format!("the standard property `{name}` has type {wanted}, not `{found}`"));
        }
        return;
    }
    match is_standard(j, name) {
        Truth::True => {}
        Truth::False => property(j, p, || {
            format!("FHIR defines no property `{name}`: a property of one's own has a uri of one's own")
        }),
        Truth::Unknown => j.question(RuleId::CODE_SYSTEM_PROPERTY, p, &[], || {
            Detail::Text(format!(
                "cannot determine whether FHIR defines the property `{name}`: `{CONCEPT_PROPERTIES}` is not loaded"
            ))
        }),
    }
}

fn property<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, told: impl FnOnce() -> String) {
    j.error(RuleId::CODE_SYSTEM_PROPERTY, p, &[], || Detail::Text(told()));
}

/// The properties of concepts are declared: each that is not is told once. A supplement may use those of the code
/// system that it supplements.
fn undeclared<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, mut known: FxHashSet<Cow<'t, str>>) {
    if let Some(base) = text(n, "supplements") {
        let Some((handle, row)) = loaded(j, &base) else { return };
        let own = j.set.layer(handle.layer).list(row.properties).filter_map(|p| p.split_once('\t'));
        known.extend(own.map(|(code, _)| Cow::Owned(code.to_owned())));
    }
    for p in concepts(n).flat_map(|c| named(c, "property")) {
        let Some(code) = text(p, "code").filter(|c| !known.contains(c)) else { continue };
        unclear(j, p, Weight::Warning, || format!("property `{code}` is not declared in `CodeSystem.property`"));
        known.insert(code);
    }
}

/// Concept properties have their declared types, and codes of their value sets.
fn values<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, declared: &mut FxHashMap<Cow<'t, str>, Declared<'t>>) {
    for p in concepts(n).flat_map(|c| named(c, "property")) {
        let Some(code) = text(p, "code") else { continue };
        let Some(own) = declared.get_mut(&code) else { continue };
        let Some((kind, value)) = p.children().find_map(|c| Some((c.name_text().strip_prefix("value")?, c))) else {
            continue;
        };
        if !kind.is_empty() && !kind.eq_ignore_ascii_case(&own.kind) {
            let wanted = &own.kind;
            property(j, p, || format!("property `{code}` is declared with type {wanted}"));
        } else if let Some(canonical) = &own.value_set {
            in_value_set(j, (p, value), kind, canonical, (own.node, &mut own.told));
        }
    }
}

/// A code of a property is in the property's value set; where that cannot be told, the declaration says so, once.
fn in_value_set<'t>(
    j: &mut Judge<'_, 't>,
    (p, value): (Node<'t>, Node<'t>),
    kind: &str,
    canonical: &str,
    (declaration, told): (Node<'t>, &mut bool),
) {
    let coded = match kind.to_ascii_lowercase().as_str() {
        "code" if value.has_value() => Coded { system: None, code: value.text(), coding: None },
        "coding" => match value.child_text(NameId::CODE) {
            Some(code) => Coded { system: value.child_text(NameId::SYSTEM), code, coding: Some(value) },
            None => return,
        },
        _ => return,
    };
    let truth = match j.set.find_value_set(canonical, None) {
        Some(value_set) => j.membership(value_set, &coded, coded.coding.is_some()).truth,
        None => Truth::Unknown,
    };
    match truth {
        Truth::True => {}
        Truth::False => {
            property(j, p, || format!("`{}` is not in `{canonical}`, the property's value set", coded.code))
        }
        Truth::Unknown if *told => {}
        Truth::Unknown => {
            *told = true;
            j.question(RuleId::CODE_SYSTEM_PROPERTY, declaration, &[], || {
                Detail::Text(format!("cannot determine whether the property's codes are in `{canonical}`"))
            });
        }
    }
}

/// The parents and children of a concept, and what other properties refer to, are concepts of a complete code system.
fn relatives<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, declared: &mut FxHashMap<Cow<'t, str>, Declared<'t>>) {
    if !declared.values().any(|own| own.kind == "code") {
        return;
    }
    let any_case = text(n, "caseSensitive").is_none_or(|c| c != "true");
    let folded = |code: Cow<'t, str>| if any_case { Cow::Owned(code.to_lowercase()) } else { code };
    let codes: FxHashSet<Cow<'t, str>> = concepts(n).filter_map(|c| text(c, "code")).map(folded).collect();
    for p in concepts(n).flat_map(|c| named(c, "property")) {
        let Some(value) = text(p, "valueCode").filter(|v| !codes.contains(&folded(v.clone()))) else { continue };
        let Some(own) = text(p, "code").and_then(|code| declared.get_mut(&code)) else { continue };
        let told = || format!("`{value}` is not a concept of this code system");
        match own.standard.as_deref() {
            Some("parent" | "child") => property(j, p, told),
            Some(_) => {}
            // The codes of other properties may be those of other systems, whatever the declaration says.
            None if own.kind == "code" && own.value_set.is_none() && !own.told => {
                own.told = true;
                unclear(j, p, Weight::Warning, || {
                    format!("{}, as the codes of a property of type code without a value set are", told())
                });
            }
            None => {}
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::CODE_SYSTEM_PROPERTY_MEANING, |t| t.given().into())];

/// A complete code system with one declared property and two concepts.
macro_rules! declaring {
    ($property:literal, $concept:literal) => {
        concat!(
            r#"{"resourceType":"CodeSystem","status":"active","content":"complete","property":[{"#,
            $property,
            r#"}],"concept":[{"code":"a"},{"code":"b""#,
            $concept,
            "}]}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODE_SYSTEM_PROPERTY, declaring!(r#""code":"p","uri":"http://a.test/p","type":"code","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset",
        "valueCanonical":"http://hl7.org/fhir/ValueSet/administrative-gender"}]"#,
        r#","property":[{"code":"p","valueCode":"§"}]"#), "man", "male"),
    example(RuleId::CODE_SYSTEM_PROPERTY, declaring!(r#""code":"p","uri":"http://a.test/p","type":"code","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/codesystem-property-valueset",
        "valueCanonical":"http://hl7.org/fhir/ValueSet/§administrative-gender"}]"#,
        r#","property":[{"code":"p","valueCode":"male"}]"#), "no-", ""),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"p",
        "uri":"http://hl7.org/fhir/administrative-gender#§","type":"string""#, ""), "man", "male"),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"p",
        "uri":"http://hl7.org/fhir/concept-properties#comment","type":"string""#,
        r#","property":[{"code":"§","valueString":"x"}]"#), "q", "p"),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"p",
        "uri":"http://hl7.org/fhir/administrative-gender#male","type":"code""#,
        r#","property":[{"code":"p","valueCode":"§"}]"#), "c", "a"),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"status"§,"type":"code""#, ""), "",
        r#","uri":"http://hl7.org/fhir/concept-properties#status""#),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"status"§"#, ""), r#","type":"boolean""#,
        r#","type":"code","uri":"http://hl7.org/fhir/concept-properties#status""#),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"§",
        "uri":"http://hl7.org/fhir/concept-properties#status","type":"code""#, ""), "parent", "status"),
    example(RuleId::CODE_SYSTEM_PROPERTY_MEANING, declaring!(r#""code":"zz","type":"string"§"#, ""), "",
        r#","uri":"http://hl7.org/fhir/concept-properties#comment""#),
];
