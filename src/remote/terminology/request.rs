//! A question as a request: the operation and its Parameters
//! (<https://hl7.org/fhir/R4/terminology-service.html#validation>).

use fhir_accord_profiles::evaluate::{AskedCode, Question};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::whole::code_of;
use crate::packages::hash::sha256_hex;
use crate::settle::Asking;

/// Bound on the definitions that are sent along with a value set: those that it includes.
const SENT_ALONG: usize = 50;
/// Bound on the bytes of the definitions that one request sends along.
const SENT_BYTES: usize = 2 << 20;

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The operation, below the base.
    pub path: &'static str,
    /// Its Parameters.
    pub body: Value,
}

/// The request for a question; `None` for one that is not about a code.
pub(super) fn request(question: &Question, with_display: bool) -> Option<Request> {
    match question {
        Question::Member { value_set, code } => Some(in_value_set(named(value_set), code, with_display)),
        Question::Code(code) => {
            let mut all = vec![json!({"name": "url", "valueUri": code.system})];
            all.push(json!({"name": "coding", "valueCoding": coding(code, with_display)}));
            all.extend(language(code, with_display));
            Some(Request { path: "CodeSystem/$validate-code", body: parameters(all) })
        }
        Question::Reference(_) => None,
    }
}

/// The request for questions about codes of one concept, which are in its order; `None` for others.
pub(super) fn together(questions: &[&Question]) -> Option<Request> {
    let codes: Vec<&AskedCode> = questions.iter().filter_map(|q| code_of(q)).collect();
    let coding: Vec<Value> = codes.iter().map(|code| coding(code, true)).collect();
    let mut all = vec![json!({"name": "codeableConcept", "valueCodeableConcept": {"coding": coding}})];
    all.extend(codes.iter().find_map(|code| language(code, true)));
    let path = match questions.first()? {
        Question::Member { value_set, .. } => {
            all.splice(0..0, named(value_set));
            "ValueSet/$validate-code"
        }
        Question::Code(_) => "CodeSystem/$validate-code",
        Question::Reference(_) => return None,
    };
    Some(Request { path, body: parameters(all) })
}

/// The parameters that name a value set.
fn named(value_set: &str) -> Vec<Value> {
    let (url, version) = parted(value_set);
    let version = version.map(|v| json!({"name": "valueSetVersion", "valueString": v}));
    std::iter::once(json!({"name": "url", "valueUri": url})).chain(version).collect()
}

/// The definitions that are sent along with questions about value sets that a server does not know. Those of the last
/// value set are kept: questions are best sorted by value set.
pub(super) struct SentAlong<'a> {
    asking: &'a dyn Asking,
    last: Option<(String, Option<Vec<Value>>)>,
    hashes: FxHashMap<String, String>,
}

impl<'a> SentAlong<'a> {
    pub fn new(asking: &'a dyn Asking) -> SentAlong<'a> {
        SentAlong { asking, last: None, hashes: FxHashMap::default() }
    }

    /// Whether anything can be sent along with a question.
    pub fn has(&mut self, question: &Question) -> bool {
        matches!(question, Question::Member { value_set, .. } if self.of(value_set).is_some())
    }

    /// The request for a question, with the value set and those that it includes; `None` where it is not loaded, or too
    /// large.
    pub fn request(&mut self, question: &Question, with_display: bool) -> Option<Request> {
        let Question::Member { value_set, code } = question else { return None };
        Some(in_value_set(self.of(value_set)?.to_vec(), code, with_display))
    }

    /// A hash of what can be sent along with a question, or of nothing; `None` for one that is about no value set.
    pub fn hash(&mut self, question: &Question) -> Option<String> {
        let Question::Member { value_set, .. } = question else { return None };
        if let Some(known) = self.hashes.get(value_set) {
            return Some(known.clone());
        }
        let hash = sha256_hex(&serde_json::to_vec(&self.of(value_set)).ok()?);
        self.hashes.insert(value_set.clone(), hash.clone());
        Some(hash)
    }

    fn of(&mut self, canonical: &str) -> Option<&[Value]> {
        if self.last.as_ref().is_none_or(|(known, _)| known != canonical) {
            self.last = Some((canonical.to_owned(), definitions(canonical, self.asking)));
        }
        self.last.as_ref()?.1.as_deref()
    }
}

/// The parameters with a value set and those that it includes; `None` where it is not loaded, or they are too large.
fn definitions(canonical: &str, asking: &dyn Asking) -> Option<Vec<Value>> {
    let own = lean(asking.value_set(canonical)?);
    let mut queue = included(&own);
    let mut bytes = own.to_string().len();
    let mut all = vec![json!({"name": "valueSet", "resource": own})];
    let mut next = 0;
    while let Some(canonical) = queue.get(next).cloned().filter(|_| bytes <= SENT_BYTES) {
        next += 1;
        let Some(definition) = asking.value_set(&canonical).map(lean) else { continue };
        bytes += definition.to_string().len();
        let more: Vec<String> = included(&definition).into_iter().filter(|c| !queue.contains(c)).collect();
        queue.extend(more.into_iter().take(SENT_ALONG.saturating_sub(queue.len())));
        all.push(json!({"name": "tx-resource", "resource": definition}));
    }
    (bytes <= SENT_BYTES).then_some(all)
}

fn in_value_set(mut all: Vec<Value>, code: &AskedCode, with_display: bool) -> Request {
    if code.system.is_some() {
        all.push(json!({"name": "coding", "valueCoding": coding(code, with_display)}));
    } else {
        all.push(json!({"name": "code", "valueCode": code.code}));
        all.push(json!({"name": "inferSystem", "valueBoolean": true}));
    }
    all.extend(language(code, with_display));
    Request { path: "ValueSet/$validate-code", body: parameters(all) }
}

fn parameters(all: Vec<Value>) -> Value {
    json!({"resourceType": "Parameters", "parameter": all})
}

fn coding(code: &AskedCode, with_display: bool) -> Value {
    let members = [
        ("system", code.system.as_deref()),
        ("version", code.version.as_deref()),
        ("code", Some(code.code.as_str())),
        ("display", code.display.as_deref().filter(|_| with_display)),
    ];
    let some = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))));
    Value::Object(some.collect::<Map<_, _>>())
}

fn language(code: &AskedCode, with_display: bool) -> Option<Value> {
    let language = code.language.as_deref().filter(|_| with_display)?;
    Some(json!({"name": "displayLanguage", "valueCode": language}))
}

/// The url and the version of a canonical.
fn parted(canonical: &str) -> (&str, Option<&str>) {
    canonical.split_once('|').map_or((canonical, None), |(url, version)| (url, Some(version)))
}

/// A value set without what decides nothing; its expansion only where it says nothing else.
fn lean(mut value_set: Value) -> Value {
    if let Some(members) = value_set.as_object_mut() {
        for name in ["text", "meta", "contact", "extension", "description", "purpose", "copyright", "useContext"] {
            members.remove(name);
        }
        if members.contains_key("compose") {
            members.remove("expansion");
        }
    }
    value_set
}

/// The canonicals of the value sets that one includes or excludes, each once.
fn included(value_set: &Value) -> Vec<String> {
    let parts = ["/compose/include", "/compose/exclude"];
    let parts = parts.iter().filter_map(|p| value_set.pointer(p)?.as_array()).flatten();
    let named = parts.filter_map(|p| p.get("valueSet")?.as_array()).flatten().filter_map(Value::as_str);
    let mut all: Vec<String> = Vec::new();
    for canonical in named {
        if all.len() < SENT_ALONG && !all.iter().any(|c| c == canonical) {
            all.push(canonical.to_owned());
        }
    }
    all
}
