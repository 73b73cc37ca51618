//! Where the elements and slices of profiles are in instances: the guide, with a constraint that never holds at every
//! element that is looked at, so that the engine itself says where each is.

use fhir_accord_profiles::issue::Severity;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::assemble::Assembled;
use super::guide::Guide;
use super::judging::Validator;
use super::profile::Profile;
use super::seen::Seen;
use super::snapshots::Structure;

/// The start of the keys of these constraints.
const KEY: &str = "accord-probe-";
/// The most issues of an instance that are read: the places of elements in it.
const MOST: usize = 1_000_000;

/// What is looked for: the place of a profile, and the id of an element.
pub(super) type Target = (usize, String);

/// The constraints, and what each is for.
pub(super) struct Probes {
    targets: Vec<Target>,
    numbers: FxHashMap<Target, usize>,
}

impl Probes {
    /// Those of profiles.
    pub fn new(profiles: &[Profile]) -> Probes {
        let looked =
            profiles.iter().enumerate().flat_map(|(p, profile)| profile.looked_at().into_iter().map(move |id| (p, id)));
        let targets: Vec<Target> = looked.collect();
        let numbers = targets.iter().enumerate().map(|(n, t)| (t.clone(), n)).collect();
        Probes { targets, numbers }
    }

    /// The guide with the constraints.
    ///
    /// # Errors
    /// A message where it cannot be written.
    pub fn package(&self, guide: &Guide, structures: &[Structure], profiles: &[Profile]) -> Result<Assembled, String> {
        let places: FxHashMap<&str, usize> = profiles.iter().enumerate().map(|(i, p)| (p.url.as_str(), i)).collect();
        let mut changed: FxHashMap<&str, Vec<u8>> = FxHashMap::default();
        for structure in structures {
            let url = structure.value.get("url").and_then(Value::as_str).unwrap_or_default();
            let Some(own) = places.get(url) else { continue };
            let above = profiles.get(*own).map(|p| p.ancestors.as_slice()).unwrap_or_default();
            let all: Vec<usize> = above.iter().filter_map(|u| places.get(u.as_str())).chain([own]).copied().collect();
            let mut value = structure.value.clone();
            for elements in ["/snapshot/element", "/differential/element"] {
                let elements = value.pointer_mut(elements).and_then(Value::as_array_mut);
                elements.into_iter().flatten().for_each(|e| self.add(e, &all));
            }
            changed.insert(url, value.to_string().into_bytes());
        }
        let text = |(name, text): &'_ (String, Vec<u8>)| {
            let url = match super::head::held(text) {
                super::head::Held::Resource(head) if head.resource_type == "StructureDefinition" => head.url,
                _ => String::new(),
            };
            let new = changed.get(url.as_str()).cloned();
            // What was XML is JSON now.
            let named = if new.is_some() { format!("{}.json", super::names::stem(name)) } else { name.clone() };
            (named, new.unwrap_or_else(|| text.clone()))
        };
        let texts: Vec<(String, Vec<u8>)> = guide.definitions.iter().map(text).collect();
        Assembled::new(guide, texts.iter().map(|(n, t)| (n.as_str(), t.as_slice())))
    }

    /// Adds the constraints of these profiles to an element.
    fn add(&self, element: &mut Value, profiles: &[usize]) {
        let Some(id) = element.get("id").and_then(Value::as_str).map(str::to_owned) else { return };
        let numbers: Vec<usize> =
            profiles.iter().filter_map(|p| self.numbers.get(&(*p, id.clone()))).copied().collect();
        let Some(members) = element.as_object_mut().filter(|_| !numbers.is_empty()) else { return };
        let constraints = members.entry("constraint").or_insert_with(|| json!([]));
        let Some(constraints) = constraints.as_array_mut() else { return };
        constraints.extend(numbers.into_iter().map(|n| {
            json!({"key": format!("{KEY}{n}"), "severity": "warning", "human": "it is there", "expression": "false"})
        }));
    }

    /// What an issue of the guide with constraints says is there.
    pub fn target(&self, seen: &Seen) -> Option<&Target> {
        let number: usize = seen.constraint.strip_prefix(KEY)?.parse().ok()?;
        self.targets.get(number)
    }
}

/// What issues of the guide with constraints are read with.
pub(super) fn looking(mut validator: Validator<'_>) -> Validator<'_> {
    validator.policies.issues = MOST;
    validator.policies.level = Severity::Warning;
    validator
}
