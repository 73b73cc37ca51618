//! [`Definitions`] over a package graph. Only the heads of StructureDefinitions are read, each at its first use.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock};

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::registry::{Definition, Found, PackageGraph};
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::definition_head::{DefinitionHead, read_head};
use crate::definitions::{Definitions, GuideInfo, ProfileInfo, SearchParameterInfo};
use crate::nearest::Nearest;
use crate::package_search::PackageSearch;

const STATEMENTS: [&str; 2] = ["CapabilityStatement", "Conformance"];

/// The urls whose profiles are kept once they were asked for: beyond them heads are read again. What the packages do
/// not define is not kept at all.
const URLS_LIMIT: usize = 1 << 16;
/// The packages whose guides are kept in the same way.
const GUIDES_LIMIT: usize = 1024;

/// What was asked for, up to a number of entries.
struct Cache<K, V> {
    entries: Mutex<FxHashMap<K, V>>,
    limit: usize,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    fn new(limit: usize) -> Cache<K, V> {
        Cache { entries: Mutex::default(), limit }
    }

    fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.entries.lock().ok().and_then(|entries| entries.get(key).cloned())
    }

    fn keep(&self, key: K, value: &V) {
        if let Ok(mut entries) = self.entries.lock()
            && entries.len() < self.limit
        {
            entries.insert(key, value.clone());
        }
    }
}

/// The definitions of a package graph.
pub struct PackageDefinitions {
    graph: Arc<PackageGraph>,
    profiles: Cache<String, Vec<Arc<ProfileInfo>>>,
    guides: Cache<usize, Arc<GuideInfo>>,
    nearest: OnceLock<Nearest>,
    search: OnceLock<PackageSearch>,
}

impl PackageDefinitions {
    /// The definitions of `graph`; with an empty graph nothing is known.
    pub fn new(graph: Arc<PackageGraph>) -> PackageDefinitions {
        let (profiles, guides) = (Cache::new(URLS_LIMIT), Cache::new(GUIDES_LIMIT));
        PackageDefinitions { graph, profiles, guides, nearest: OnceLock::new(), search: OnceLock::new() }
    }

    fn search(&self) -> &PackageSearch {
        self.search.get_or_init(|| PackageSearch::of(&self.graph))
    }

    fn info(&self, found: Found<'_>) -> Option<ProfileInfo> {
        let package = self.graph.packages().get(found.package)?;
        let head = read_head(found.definition.text());
        let base = head.base.as_deref().map(|base| self.resolved(Canonical::parse(base), found.package));
        Some(ProfileInfo {
            url: found.definition.url.clone(),
            version: found.definition.version.clone(),
            resource_type: resource_type(&head, found.definition),
            base,
            is_resource_profile: is_resource_profile(&head),
            package_id: package.id.clone(),
            package_version: package.version.clone(),
            fhir_version: head.fhir_version.clone().or_else(|| package.fhir_version.map(|v| v.number().to_owned())),
            imposes: head.imposes.iter().map(|c| self.resolved(Canonical::parse(c), found.package)).collect(),
            complies_with: head
                .complies_with
                .iter()
                .map(|c| self.resolved(Canonical::parse(c), found.package))
                .collect(),
        })
    }

    /// The canonical with the version that the asking package resolves it to, where it names none.
    fn resolved(&self, canonical: Canonical, asking: usize) -> Canonical {
        if canonical.version.is_some() {
            return canonical;
        }
        let version = self
            .graph
            .resolve(&canonical, Some(asking), &["StructureDefinition"])
            .and_then(|f| f.definition.version.clone());
        Canonical { version, ..canonical }
    }

    fn guide_at(&self, package: usize) -> Option<Arc<GuideInfo>> {
        if let Some(known) = self.guides.get(&package) {
            return Some(known);
        }
        let guide = Arc::new(self.read_guide(package)?);
        self.guides.keep(package, &guide);
        Some(guide)
    }

    fn read_guide(&self, at: usize) -> Option<GuideInfo> {
        let package = self.graph.packages().get(at)?;
        let of_type =
            |name: &str| package.definitions.iter().filter(|d| d.resource_type == name).collect::<Vec<&Definition>>();
        let profiles = of_type("StructureDefinition")
            .into_iter()
            .filter_map(|definition| self.info(Found { package: at, definition }))
            .filter(|p| p.is_resource_profile)
            .map(Arc::new);
        let statements = STATEMENTS.iter().flat_map(|name| of_type(name)).map(|d| d.value().clone());
        let named = |name: &str| {
            let all = of_type(name).into_iter().filter(|d| !d.url.is_empty());
            all.map(|d| Canonical { url: d.url.clone(), version: d.version.clone() }).collect()
        };
        Some(GuideInfo {
            id: package.id.clone(),
            version: package.version.clone(),
            url: of_type("ImplementationGuide").first().map(|d| d.url.clone()).filter(|u| !u.is_empty()),
            fhir_version: package.fhir_version.map(|v| v.number().to_owned()),
            profiles: profiles.collect(),
            statements: statements.collect(),
            concept_maps: named("ConceptMap"),
            structure_maps: named("StructureMap"),
        })
    }

    /// The packages of this id, the newest first.
    fn packages_of(&self, id: &str) -> Vec<usize> {
        let mut found: Vec<usize> =
            self.graph.packages().iter().enumerate().filter(|(_, p)| p.id == id).map(|(i, _)| i).collect();
        let version = |i: usize| self.graph.packages().get(i).map_or("", |p| p.version.as_str());
        found.sort_by(|a, b| fhir_accord_profiles::definition::compare_versions(version(*b), version(*a)));
        found
    }
}

impl Definitions for PackageDefinitions {
    fn packages(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.graph.packages().iter().map(|p| format!("{} {}", p.name(), p.sha256)).collect();
        names.sort();
        names
    }

    fn profiles(&self, url: &str) -> Vec<Arc<ProfileInfo>> {
        if let Some(known) = self.profiles.get(url) {
            return known;
        }
        let found = self.graph.versions(url).filter(|f| f.definition.resource_type == "StructureDefinition");
        let infos: Vec<Arc<ProfileInfo>> = found.filter_map(|f| self.info(f)).map(Arc::new).collect();
        if !infos.is_empty() {
            self.profiles.keep(url.to_owned(), &infos);
        }
        infos
    }

    fn guide(&self, id: &str, version: Option<&str>) -> Option<Arc<GuideInfo>> {
        let named =
            |i: &usize| version.is_none() || self.graph.packages().get(*i).map(|p| p.version.as_str()) == version;
        let at = self.packages_of(id).into_iter().find(named)?;
        self.guide_at(at)
    }

    fn guides(&self, canonical: &Canonical) -> Vec<Arc<GuideInfo>> {
        let resources =
            self.graph.versions(&canonical.url).filter(|f| f.definition.resource_type == "ImplementationGuide");
        let named = |f: &Found<'_>| {
            let package = self.graph.packages().get(f.package).map(|p| p.version.as_str());
            canonical.version.is_none()
                || canonical.version == f.definition.version
                || canonical.version.as_deref() == package
        };
        let mut at: Vec<usize> = resources.filter(named).map(|f| f.package).collect();
        if at.is_empty() {
            let id = canonical.url.rsplit('/').next().unwrap_or_default();
            let version = |i: &usize| self.graph.packages().get(*i).map(|p| p.version.clone());
            at = self
                .packages_of(id)
                .into_iter()
                .filter(|i| canonical.version.is_none() || canonical.version == version(i))
                .collect();
        }
        at.into_iter().filter_map(|i| self.guide_at(i)).collect()
    }

    fn statement(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.graph.resolve(canonical, None, &STATEMENTS).map(|f| f.definition.value().clone())
    }

    fn search_parameter(
        &self,
        release: Option<&str>,
        resource_type: &str,
        code: &str,
    ) -> Option<Arc<SearchParameterInfo>> {
        self.search().by_name(release, resource_type, code)
    }

    fn search_parameter_at(&self, canonical: &Canonical) -> Option<Arc<SearchParameterInfo>> {
        self.search().at(canonical)
    }

    fn patient_compartment(&self, release: Option<&str>) -> Option<Arc<Vec<String>>> {
        self.search().compartment(release)
    }

    fn patient_compartment_parameters(&self, release: Option<&str>, resource_type: &str) -> Option<Arc<[String]>> {
        self.search().compartment_parameters(release, resource_type)
    }

    fn nearest(&self, url: &str) -> Option<String> {
        let index = self.nearest.get_or_init(|| {
            let kinds = ["StructureDefinition", "CapabilityStatement", "Conformance", "ImplementationGuide"];
            let definitions = self.graph.packages().iter().flat_map(|p| &p.definitions);
            Nearest::new(definitions.filter(|d| kinds.contains(&d.resource_type.as_str())).map(|d| d.url.as_str()))
        });
        index.find(url)
    }
}

/// The constrained type; a DSTU2 definition of a type itself names it nowhere but in its url.
fn resource_type(head: &DefinitionHead, definition: &Definition) -> String {
    let named = head.resource_type.clone().or_else(|| head.constrained_type.clone());
    named.unwrap_or_else(|| definition.url.rsplit('/').next().unwrap_or_default().to_owned())
}

fn is_resource_profile(head: &DefinitionHead) -> bool {
    let constraint = head.derivation.as_deref() == Some("constraint")
        || (head.derivation.is_none() && head.constrained_type.is_some());
    head.kind.as_deref() == Some("resource") && constraint && !head.is_abstract
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_has_a_bound() {
        let cache = Cache::new(2);
        for i in 0..3 {
            cache.keep(i, &(i * i));
        }
        assert_eq!([cache.get(&0), cache.get(&1), cache.get(&2)], [Some(0), Some(1), None]);
    }

    #[test]
    fn what_is_not_defined_is_not_kept() {
        let definitions = PackageDefinitions::new(Arc::default());
        for i in 0..1000 {
            let canonical = Canonical { url: format!("http://test.example/{i}"), version: None };
            assert!(definitions.profiles(&canonical.url).is_empty() && definitions.guides(&canonical).is_empty());
        }
        assert_eq!(definitions.profiles.entries.lock().map(|all| all.len()).ok(), Some(0));
        assert_eq!(definitions.guides.entries.lock().map(|all| all.len()).ok(), Some(0));
    }
}
