//! What a definition says of an extension: its contexts, and its url
//! (<https://hl7.org/fhir/R4/defining-extensions.html>).

use super::super::{named, text};
use super::base::{Base, Found};
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::release;
use rustc_hash::FxHashMap;

/// The definition of all extensions.
const EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/Extension";

/// Judges the contexts of a definition, and the url that an extension fixes.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let is_extension = text(n, "type").is_some_and(|t| t == "Extension");
    for context in named(n, "context") {
        if !is_extension {
            told(j, context, || "only extensions have contexts".to_owned());
        } else if text(context, "type").is_some_and(|t| t == "element") && context.child(NameId::EXTENSION).is_none() {
            // An extension may say that the context is one of other FHIR versions.
            element(j, context);
            if text(context, "expression").is_some_and(|x| x == "Element") {
                advised(j, context, || {
                    "the extension may be used at every element; name the elements that it is for".to_owned()
                });
            }
        } else if text(context, "type").is_some_and(|t| t == "fhirpath") {
            expression(j, context);
        }
    }
    let constrains = text(n, "derivation").is_some_and(|d| d == "constraint");
    if let Some(url) = text(n, "url").filter(|_| is_extension && constrains) {
        // A snapshot is generated from the differential: what is wrong there is reported once.
        let list = named(n, "differential").next().or_else(|| named(n, "snapshot").next());
        let of_core = text(n, "baseDefinition").is_some_and(|b| b.split('|').next() == Some(EXTENSION));
        let lists = || ["differential", "snapshot"].into_iter().flat_map(|l| named(n, l));
        if of_core && lists().next().is_some() && lists().all(|l| fixed_url(l).next().is_none()) {
            told(j, n, || format!("the extension does not fix its url to its canonical url, `{url}`"));
        }
        for fixed in list.into_iter().flat_map(fixed_url) {
            let value = fixed.text();
            if *value != *url {
                told(j, fixed, || {
                    format!("the extension fixes its url as `{value}`, but its canonical url is `{url}`")
                });
            }
        }
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::STRUCTURE_EXTENSION, at, &[], || Detail::Text(text()));
}

fn advised<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: impl FnOnce() -> String) {
    j.find(RuleId::STRUCTURE_CONTEXT, Weight::Warning, at, &[], || Detail::Text(text()));
}

/// A context that names an element is one of type `element`: as an expression it is looked for in the whole resource.
fn expression<'t>(j: &mut Judge<'_, 't>, context: Node<'t>) {
    let Some(path) = text(context, "expression") else { return };
    let is_plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    let root = path.split('.').next().filter(|_| is_plain).and_then(|name| j.set.core_type(name));
    let Some(root) = root.and_then(|s| j.set.root(s)) else { return };
    if matches!(Base::new(root, FxHashMap::default()).find(j, &path), Found::Spot(_)) {
        advised(j, context, || format!("`{path}` is the path of an element: the type of the context is `element`"));
    }
}

/// What is fixed as the url of the extension itself.
fn fixed_url<'t>(list: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let own = named(list, "element").filter(|e| text(*e, "path").is_some_and(|p| p == "Extension.url"));
    own.flat_map(|e| named(e, "fixedUri")).filter(|f| f.has_value())
}

/// Names in contexts that stand for several types, and data types of versions whose definitions are not embedded.
const OTHERS: [&str; 18] = [
    "CanonicalResource",
    "MetadataResource",
    "Definition",
    "Request",
    "Event",
    "FiveWs",
    "Base",
    "DataType",
    "BackboneType",
    "PrimitiveType",
    "CodeableReference",
    "RatioRange",
    "integer64",
    "Availability",
    "ExtendedContactDetail",
    "MonetaryComponent",
    "VirtualServiceDetail",
    "ProductShelfLife",
];

/// Whether no FHIR version has a type of this name, as far as they are known here.
fn is_unknown(j: &Judge<'_, '_>, name: &str) -> bool {
    let is_type = |v: FhirVersion| j.set.core_of(v).is_some_and(|core| j.set.type_in(core, name).is_some());
    let is_known = |v: &FhirVersion| is_type(*v) || release::resource_types(*v).any(|t| t == name);
    !OTHERS.contains(&name) && !FhirVersion::ALL.iter().any(is_known)
}

/// A context that names an element names one that exists.
fn element<'t>(j: &mut Judge<'_, 't>, context: Node<'t>) {
    let Some(node) = named(context, "expression").find(|x| x.has_value()) else { return };
    let path = node.text();
    // A profile may precede the path, and an element's id may be one of a profile.
    if path.contains(['#', ':', '/']) {
        return;
    }
    let name = path.split('.').next().unwrap_or(&path);
    let Some(root) = j.set.core_type(name).and_then(|s| j.set.root(s)) else {
        if is_unknown(j, name) {
            j.question(RuleId::STRUCTURE_EXTENSION, context, &[], || {
                Detail::Text(format!("`{name}` is not a type of the FHIR versions that are known here"))
            });
        }
        return;
    };
    let mut base = Base::new(root, FxHashMap::default());
    let mut is_missing = |path: &str| matches!(base.find(j, path), Found::Missing | Found::Nowhere);
    // A choice may be named without its mark.
    if is_missing(&path) && is_missing(&format!("{path}[x]")) {
        told(j, node, || format!("`{path}` is not an element of this FHIR version"));
    }
}
