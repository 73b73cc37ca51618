//! A profile of the guide: its elements, and what it is derived from.

use fhir_accord_profiles::definition::bare;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::element_id;
use super::snapshots::Structure;

/// A profile.
#[derive(Debug)]
pub(super) struct Profile {
    pub url: String,
    pub id: String,
    /// The type that it constrains.
    pub kind: String,
    pub is_abstract: bool,
    /// The elements of the snapshot, by id.
    pub snapshot: FxHashMap<String, Value>,
    /// The ids of the snapshot, in its order.
    pub order: Vec<String>,
    /// The elements of the differential, under their ids in the snapshot.
    pub own: Vec<(String, Value)>,
    /// What the types say of these elements, by the ids in the snapshot.
    pub bases: FxHashMap<String, Value>,
    /// Itself, and the guide's profiles that are derived from it.
    pub family: Vec<String>,
    /// The guide's profiles that it is derived from.
    pub ancestors: Vec<String>,
    /// Elements of the differential that the snapshot lacks.
    pub lost: Vec<String>,
}

/// The profiles of structures, in their order.
pub(super) fn profiles(structures: &[Structure]) -> Vec<Profile> {
    let mut all: Vec<Profile> = structures.iter().filter_map(profile).collect();
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let bases: FxHashMap<String, String> = structures
        .iter()
        .map(|s| (text(&s.value, "url"), bare(&text(&s.value, "baseDefinition")).to_owned()))
        .collect();
    for profile in &mut all {
        let (mut at, mut ancestors) = (bases.get(&profile.url), Vec::new());
        while let Some(base) = at.filter(|b| bases.contains_key(*b) && !ancestors.contains(*b) && **b != profile.url) {
            ancestors.push(base.clone());
            at = bases.get(base);
        }
        profile.ancestors = ancestors;
    }
    let lines: Vec<(String, Vec<String>)> = all.iter().map(|p| (p.url.clone(), p.ancestors.clone())).collect();
    for profile in &mut all {
        let derived = lines.iter().filter(|(_, above)| above.contains(&profile.url)).map(|(url, _)| url.clone());
        profile.family = std::iter::once(profile.url.clone()).chain(derived).collect();
    }
    all
}

fn profile(structure: &Structure) -> Option<Profile> {
    let value = &structure.value;
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id_of = |e: &Value| e.get("id").or_else(|| e.get("path")).and_then(Value::as_str).map(str::to_owned);
    let elements = |at: &str| value.pointer(at).and_then(Value::as_array).into_iter().flatten();
    let (mut snapshot, mut order) = (FxHashMap::default(), Vec::new());
    for e in elements("/snapshot/element") {
        let id = id_of(e)?;
        order.push(id.clone());
        snapshot.insert(id, e.clone());
    }
    let (mut own, mut lost, mut bases) = (Vec::new(), Vec::new(), FxHashMap::default());
    for e in elements("/differential/element") {
        let Some(id) = id_of(e) else { continue };
        match element_id::in_snapshot(&id, |id| snapshot.contains_key(id)) {
            Some(id) => {
                if let Some(base) = structure.bases.element(snapshot.get(&id)) {
                    bases.insert(id.clone(), base.clone());
                }
                own.push((id, e.clone()));
            }
            None => lost.push(id),
        }
    }
    Some(Profile {
        url: text("url"),
        id: text("id"),
        kind: text("type"),
        is_abstract: value.get("abstract").and_then(Value::as_bool) == Some(true),
        snapshot,
        order,
        own,
        bases,
        family: Vec::new(),
        ancestors: Vec::new(),
        lost,
    })
}

impl Profile {
    /// An element of the snapshot.
    pub fn element(&self, id: &str) -> Option<&Value> {
        self.snapshot.get(id)
    }

    /// The ids of the elements whose presence in instances is looked at: those that the profile speaks of, slices,
    /// what must be supported, and what holds any of these.
    pub fn looked_at(&self) -> Vec<String> {
        let is_wanted = |id: &&String| {
            let supported = self.element(id).is_some_and(|e| e.get("mustSupport") == Some(&Value::Bool(true)));
            supported || element_id::slice(id).is_some()
        };
        let mut out: Vec<String> = self.order.iter().filter(is_wanted).cloned().collect();
        out.extend(self.own.iter().map(|(id, _)| id.clone()));
        let above: Vec<String> =
            out.iter().flat_map(|id| above(id)).filter(|id| self.snapshot.contains_key(id)).collect();
        out.extend(above);
        out.sort();
        out.dedup();
        out
    }
}

/// The ids of what holds an element, up to the root.
fn above(id: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut at = element_id::parent(id);
    while let Some(id) = at {
        out.push(id.to_owned());
        at = element_id::parent(id);
    }
    out
}
