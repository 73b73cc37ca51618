//! The port to definitions: what a negotiation needs to know of profiles, guides and published statements.

use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::difference::BoundElement;
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use crate::relation::Relation;

/// What is known of one version of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileInfo {
    /// The canonical url, without a version.
    pub url: String,
    /// The business version, which need not be the package's.
    pub version: Option<String>,
    /// The resource type that it constrains.
    pub resource_type: String,
    /// What it is derived from, with the version that its own package resolves it to.
    pub base: Option<Canonical>,
    /// True for a constraint on a resource type; false for the core definition of a type, extensions, data types.
    pub is_resource_profile: bool,
    /// The id of the package that holds it.
    pub package_id: String,
    /// The version of that package.
    pub package_version: String,
    /// The FHIR version, as `4.0.1`.
    pub fhir_version: Option<String>,
    /// The extension `imposeProfile`: its instances shall conform to these too.
    pub imposes: Vec<Canonical>,
    /// The extension `compliesWithProfile`: a claim that its instances conform to these.
    pub complies_with: Vec<Canonical>,
}

impl ProfileInfo {
    /// `url|version`.
    pub fn canonical(&self) -> Canonical {
        Canonical { url: self.url.clone(), version: self.version.clone() }
    }
}

/// A loaded implementation guide.
#[derive(Clone, Debug, Default)]
pub struct GuideInfo {
    /// The package's id.
    pub id: String,
    /// The package's version.
    pub version: String,
    /// The ImplementationGuide resource's url.
    pub url: Option<String>,
    /// The FHIR version, as `4.0.1`.
    pub fhir_version: Option<String>,
    /// Its resource profiles.
    pub profiles: Vec<Arc<ProfileInfo>>,
    /// Its CapabilityStatements and Conformances.
    pub statements: Vec<Arc<Value>>,
    /// Its ConceptMaps, with their versions.
    pub concept_maps: Vec<Canonical>,
    /// Its StructureMaps, with their versions.
    pub structure_maps: Vec<Canonical>,
}

/// What is known of a search parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchParameterInfo {
    /// The canonical url, without a version.
    pub url: String,
    /// The name in queries.
    pub code: String,
    /// The type, as `token`.
    pub kind: String,
    /// The types that it can be used on.
    pub base: Vec<String>,
    /// The types that a reference may point to.
    pub targets: Vec<String>,
    /// The FHIRPath expression that says which elements it reads.
    pub expression: String,
    /// The same as an XPath expression, which is all that DSTU2 has.
    pub xpath: String,
    /// The parts of a composite: the canonical of the parameter whose type each has, and its expression.
    pub components: Vec<(String, String)>,
    /// The parameter that it is derived from.
    pub derived_from: Option<String>,
}

impl SearchParameterInfo {
    /// The part of the expression that reads elements of a type, without redundant space; empty where there is none.
    pub fn expression_of(&self, resource_type: &str) -> String {
        let alternatives = self.expression.split('|').map(str::trim);
        let reads = |part: &str| {
            let path = part.trim_start_matches('(');
            path.strip_prefix(resource_type).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ']))
        };
        alternatives.filter(|part| reads(part)).collect::<Vec<_>>().join(" | ")
    }
}

/// What a profile says of the codes at an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodesAt {
    /// It cannot be told.
    Unknown,
    /// It says nothing.
    Any,
    /// Each instance has all of these: system and code.
    Fixed(Vec<(Option<String>, String)>),
    /// Each instance has one of these, where it has the element.
    OneOf(Vec<(Option<String>, String)>),
}

/// What breaks nothing off.
static NEVER: Interrupt = Interrupt::never();

/// Definitions of one locked package set. Answers are the same for the same question, in the same order.
pub trait Definitions {
    /// `id#version` of every package, with its content hash; the same set gives the same list.
    fn packages(&self) -> Vec<String>;

    /// Every loaded version of a StructureDefinition url, in the order in which the package set looks: the newest of
    /// a guide first.
    fn profiles(&self, url: &str) -> Vec<Arc<ProfileInfo>>;

    /// Every version of a StructureDefinition url that a url without a version may mean. They may be more than those
    /// that are loaded for the negotiation: [`Definitions::profiles`] unless it is said otherwise.
    fn versions(&self, url: &str) -> Vec<Arc<ProfileInfo>> {
        self.profiles(url)
    }

    /// What breaks the negotiation off; it is looked at before each type and each pair of profiles.
    fn interrupt(&self) -> &Interrupt {
        &NEVER
    }

    /// How the instances of `narrow` relate to `wide`, both with their versions. Unknown where nothing compares
    /// definitions, and where either is not known.
    fn relation(&self, _narrow: &Canonical, _wide: &Canonical) -> Arc<Relation> {
        Arc::default()
    }

    /// The same without a search for a witness, where that is what takes the time: nothing is refuted then.
    fn proof(&self, narrow: &Canonical, wide: &Canonical) -> Arc<Relation> {
        self.relation(narrow, wide)
    }

    /// The elements that either of two profiles of a type, both with their versions, binds to a value set, `required`
    /// or `extensible`, and how the codes relate. `None` where either definition is not known.
    fn value_sets(&self, _left: &Canonical, _right: &Canonical) -> Option<Vec<BoundElement>> {
        None
    }

    /// The search parameter of the base specification that a name means on a type, in a FHIR release; where the base
    /// has none of this name, that of a guide if there is one only.
    fn search_parameter(
        &self,
        _release: Option<&str>,
        _resource_type: &str,
        _code: &str,
    ) -> Option<Arc<SearchParameterInfo>> {
        None
    }

    /// A search parameter by its canonical.
    fn search_parameter_at(&self, _canonical: &Canonical) -> Option<Arc<SearchParameterInfo>> {
        None
    }

    /// The types of the patient compartment in a FHIR release; `None` where they are not known.
    fn patient_compartment(&self, _release: Option<&str>) -> Option<Arc<Vec<String>>> {
        None
    }

    /// The parameters by whose references a resource of a type is in the patient compartment of a FHIR release, none
    /// where it never is; `None` where that is not known.
    fn patient_compartment_parameters(&self, _release: Option<&str>, _resource_type: &str) -> Option<Arc<[String]>> {
        None
    }

    /// What a profile, with its version, says of the codes at an element, as `Observation.category`.
    fn codes_at(&self, _profile: &Canonical, _element: &str) -> CodesAt {
        CodesAt::Unknown
    }

    /// A guide by package id; without a version the newest that is loaded.
    fn guide(&self, id: &str, version: Option<&str>) -> Option<Arc<GuideInfo>>;

    /// The loaded guides that an ImplementationGuide canonical names, the newest first.
    fn guides(&self, canonical: &Canonical) -> Vec<Arc<GuideInfo>>;

    /// A CapabilityStatement or Conformance by canonical.
    fn statement(&self, canonical: &Canonical) -> Option<Arc<Value>>;

    /// The known canonical that is most similar to this unknown url, if any is similar.
    fn nearest(&self, url: &str) -> Option<String>;
}
