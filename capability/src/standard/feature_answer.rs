//! `$feature-query`: whether a statement tells of features, and with which values
//! (<https://build.fhir.org/ig/HL7/capstmt/specification.html>).

use std::collections::BTreeMap;

use fhir_accord_profiles::model::Primitive;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::element::{is, r4_types};
use super::feature::Feature;
use super::feature_query::{FeatureQuery, Part};
use super::line::{Key, Line, is_placed, lines};
use super::sides::request;
use crate::agreement::{Agreement, Answer, ProfileStatus};
use crate::definitions::Definitions;
use crate::negotiate::negotiate;
use crate::reason::Reason;
use crate::request::NegotiateError;

/// The features that are asked for at once.
pub const FEATURES_LIMIT: usize = 1000;
/// The wishes of one negotiation; what lies beyond is unknown.
const WISHES_LIMIT: usize = 1 << 14;
/// The values of one answer.
const VALUES_LIMIT: usize = 1000;
/// The extension by which a statement declares features.
const DECLARED: &str = "http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature";

/// <https://build.fhir.org/ig/HL7/capstmt/CodeSystem-processing-status-cs.html>
#[derive(Clone, Copy)]
enum Status {
    AllOk,
    Unknown,
    Feature,
    Context,
}

/// What one query comes to.
struct Told {
    status: Status,
    /// What the statement has, where no value was asked about.
    values: Vec<Value>,
    matches: Option<bool>,
}

impl Told {
    fn failed(status: Status) -> Told {
        Told { status, values: Vec::new(), matches: None }
    }
}

/// The Parameters of the answer: a parameter `feature` for each query, in their order. Codes of a CapabilityStatement
/// (`read`, `updateCreate`, `searchParam` …) are answered by a negotiation with a client that wishes for them; urls
/// by the features that the statement declares. A feature without a context holds where it holds for every type of the
/// statement. Beyond [`FEATURES_LIMIT`] queries nothing is answered.
///
/// # Errors
/// [`NegotiateError::NotAStatement`] where the JSON is not a statement.
pub fn feature_query(
    statement: &Value,
    queries: &[FeatureQuery],
    definitions: &dyn Definitions,
) -> Result<Value, NegotiateError> {
    let queries = queries.get(..FEATURES_LIMIT).unwrap_or(queries);
    let asked = Asked::new(statement);
    let agreement = negotiate(&request(asked.client(queries), statement.clone()), definitions)?;
    let rows = by_key(&agreement);
    let parameter: Vec<Value> = queries.iter().map(|q| parameter(q, &asked.tell(q, &rows))).collect();
    Ok(json!({"resourceType": "Parameters", "parameter": parameter}))
}

fn by_key(agreement: &Agreement) -> BTreeMap<Key<'_>, Vec<Line<'_>>> {
    let mut all: BTreeMap<Key<'_>, Vec<Line<'_>>> = BTreeMap::new();
    for line in lines(agreement) {
        all.entry(line.key()).or_default().push(line);
    }
    all
}

/// A statement that is asked.
struct Asked<'s> {
    statement: &'s Value,
    rests: Vec<&'s Value>,
    /// Its entries by type, in the order of the types' names.
    types: BTreeMap<&'s str, Vec<&'s Value>>,
    known: FxHashSet<&'static str>,
}

impl<'s> Asked<'s> {
    fn new(statement: &'s Value) -> Asked<'s> {
        let list = |value: &'s Value, name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten();
        let is_server = |r: &&Value| r.get("mode").is_some_and(|m| m == "server");
        let mut rests: Vec<&Value> = list(statement, "rest").filter(is_server).collect();
        if rests.is_empty() {
            rests = list(statement, "rest").collect();
        }
        let mut types: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for entry in rests.iter().flat_map(|r| list(r, "resource")) {
            if let Some(name) = entry.get("type").and_then(Value::as_str) {
                types.entry(name).or_default().push(entry);
            }
        }
        Asked { statement, rests, types, known: r4_types() }
    }

    /// The client that wishes for all that is asked.
    fn client(&self, queries: &[FeatureQuery]) -> Value {
        let (mut resources, mut system) = (Vec::new(), Vec::new());
        let mut seen = FxHashSet::default();
        for query in queries {
            let Some((feature, value)) = known(query) else { continue };
            if feature_is_system(feature) {
                system.push(json!({"code": feature.name()}));
                continue;
            }
            for name in self.contexts(query) {
                let key = (name.to_owned(), feature.name(), value.clone());
                if resources.len() < WISHES_LIMIT && seen.insert(key) {
                    let mut wish = feature.wish(value.as_deref());
                    if let Some(members) = wish.as_object_mut() {
                        members.insert("type".to_owned(), name.into());
                    }
                    resources.push(wish);
                }
            }
        }
        json!({
            "resourceType": "CapabilityStatement", "kind": "instance",
            "fhirVersion": self.statement.get("fhirVersion"),
            "rest": [{"mode": "client", "resource": resources, "interaction": system}],
        })
    }

    /// The types that a query is about.
    fn contexts<'q>(&'q self, query: &'q FeatureQuery) -> Vec<&'q str> {
        match query.context.as_ref().map(|c| c.value.as_str().unwrap_or_default()) {
            Some(name) => vec![name],
            None => self.types.keys().copied().collect(),
        }
    }

    fn tell(&self, query: &FeatureQuery, rows: &BTreeMap<Key<'_>, Vec<Line<'_>>>) -> Told {
        let Some(name) = &query.name else { return Told::failed(Status::Feature) };
        let Some(feature) = Feature::named(&name.text()) else { return self.declared(query, &name.text()) };
        let is_list = matches!(feature, Feature::List(_));
        if query.context.is_none() && is_list {
            return Told::failed(Status::Context);
        }
        let contexts = if feature_is_system(feature) { vec![None] } else { self.types_of(query) };
        if contexts.iter().flatten().any(|t| !self.known.contains(t) && !self.types.contains_key(t)) {
            return Told::failed(Status::Unknown);
        }
        if query.value.is_none() && matches!(feature, Feature::List(_) | Feature::Scale(..)) {
            let entries = contexts.iter().flatten().filter_map(|t| self.types.get(t)).flatten();
            let values = distinct(entries.flat_map(|entry| feature.listed(entry)));
            return Told { status: Status::AllOk, values, matches: None };
        }
        let Some((_, value)) = known(query) else { return Told::failed(Status::Unknown) };
        let off = query.value.as_ref().is_some_and(|v| feature.is_off(&v.value) == Some(true));
        let answers: Vec<Option<bool>> = contexts
            .iter()
            .map(|t| {
                rows.get(&feature.key(*t, value.as_deref()))?.iter().find_map(|line| supports(line, value.as_deref()))
            })
            .collect();
        if query.value.is_none() {
            let is_told = answers.iter().all(Option::is_some);
            let values = distinct(answers.into_iter().flatten().map(Value::from));
            return if is_told {
                Told { status: Status::AllOk, values, matches: None }
            } else {
                Told::failed(Status::Unknown)
            };
        }
        match answers.contains(&Some(off)) {
            true => Told { status: Status::AllOk, values: Vec::new(), matches: Some(false) },
            false if answers.is_empty() || answers.contains(&None) => Told::failed(Status::Unknown),
            false => Told { status: Status::AllOk, values: Vec::new(), matches: Some(true) },
        }
    }

    fn types_of<'q>(&'q self, query: &'q FeatureQuery) -> Vec<Option<&'q str>> {
        self.contexts(query).into_iter().map(Some).collect()
    }

    /// A feature that the statement declares by its url.
    fn declared(&self, query: &FeatureQuery, url: &str) -> Told {
        let context = query.context.as_ref().map(Part::text);
        let places: Vec<&Value> = match &context {
            Some(name) => self.types.get(name.as_str()).into_iter().flatten().copied().collect(),
            None => std::iter::once(self.statement).chain(self.rests.iter().copied()).collect(),
        };
        let values = distinct(places.into_iter().flat_map(|place| declarations(place, url)));
        if values.is_empty() {
            return Told::failed(Status::Unknown);
        }
        match &query.value {
            Some(value) => {
                Told { status: Status::AllOk, values: Vec::new(), matches: Some(values.contains(&value.value)) }
            }
            None => Told { status: Status::AllOk, values, matches: None },
        }
    }
}

fn feature_is_system(feature: Feature) -> bool {
    matches!(feature, Feature::System(_))
}

/// The feature of a query and the value that it wishes for; `None` where it cannot be wished for.
fn known(query: &FeatureQuery) -> Option<(Feature, Option<String>)> {
    let feature = Feature::named(&query.name.as_ref()?.text())?;
    let Some(value) = &query.value else {
        return (!matches!(feature, Feature::List(_))).then_some((feature, None));
    };
    feature.is_off(&value.value)?;
    let is_switch = matches!(feature, Feature::Interaction(_) | Feature::System(_) | Feature::Switch(_));
    Some((feature, (!is_switch).then(|| value.text())))
}

/// Whether the statement has what a row is about; `None` where it says neither yes nor no.
fn supports(line: &Line<'_>, value: Option<&str>) -> Option<bool> {
    let row = line.row;
    if let crate::agreement::Item::Operation { name, definition } = &row.item
        && name.is_empty()
        && definition.as_deref() != value
    {
        return None;
    }
    if let Some(profile) = row.profile() {
        let is_refused = profile.status == ProfileStatus::Refuted || row.why.contains(&Reason::Undeclared);
        return if profile.status.passes() { Some(true) } else { is_refused.then_some(false) };
    }
    match row.server {
        Answer::Yes => Some(true),
        Answer::No => Some(false),
        // The name is asked for, not a definition.
        Answer::Unknown => (row.why.first() == Some(&Reason::DefinitionMissing) && is_placed(row)).then_some(true),
    }
}

/// The values of the declarations of a feature on an element.
fn declarations(element: &Value, url: &str) -> Vec<Value> {
    let extensions = |v: &Value| v.get("extension").and_then(Value::as_array).cloned().unwrap_or_default();
    let value =
        |e: &Value| e.as_object().and_then(|m| m.iter().find(|(n, _)| n.starts_with("value")).map(|m| m.1.clone()));
    let mut out = Vec::new();
    for feature in extensions(element).iter().filter(|e| e.get("url").is_some_and(|u| u == DECLARED)) {
        let parts = extensions(feature);
        let of = |name: &'static str| parts.iter().filter(move |p| p.get("url").is_some_and(|u| u == name));
        if of("definition").filter_map(value).any(|d| d == url) {
            out.extend(of("value").filter_map(value));
        }
    }
    out
}

fn distinct(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut seen = FxHashSet::default();
    values.filter(|v| seen.insert(v.to_string())).take(VALUES_LIMIT).collect()
}

/// The parameter of an answer, in the words of the question.
fn parameter(query: &FeatureQuery, told: &Told) -> Value {
    let (name, answer) = if query.is_definition { ("definition", "answer") } else { ("name", "matches") };
    let mut parts: Vec<Value> = query.name.iter().map(|p| p.named(name)).collect();
    parts.extend(query.context.iter().map(|p| p.named("context")));
    parts.extend(query.value.iter().map(|p| p.named("value")));
    parts.extend(told.values.iter().filter_map(value_part));
    parts.extend(told.matches.map(|m| json!({"name": answer, "valueBoolean": m})));
    let status = match told.status {
        Status::AllOk => "all-ok",
        Status::Unknown => "unknown",
        Status::Feature => "feature",
        Status::Context => "context",
    };
    parts.push(json!({"name": "processing-status", "valueCode": status}));
    json!({"name": "feature", "part": parts})
}

/// A value that the statement has, as a part; `None` where a part cannot carry it.
fn value_part(value: &Value) -> Option<Value> {
    let member = match value {
        Value::Bool(_) => "valueBoolean",
        Value::String(text) if is(Primitive::Code, text) => "valueCode",
        Value::String(text) if is(Primitive::String, text) => "valueString",
        _ => return None,
    };
    Some(Value::Object(Map::from_iter([("name".to_owned(), "value".into()), (member.to_owned(), value.clone())])))
}
