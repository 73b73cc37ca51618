//! Search parameters and compartments of a package graph, read at their first use.

use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::registry::{Package, PackageGraph};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use crate::definitions::SearchParameterInfo;
use crate::statement::release_of;

/// Urls of the base specification's own parameters begin with this.
const BASE: &str = "http://hl7.org/fhir/SearchParameter/";

/// The base specification's own definition of the compartment of patients.
const BASE_COMPARTMENT: &str = "http://hl7.org/fhir/CompartmentDefinition/patient";

/// A parameter with its business version.
type Versioned = (Option<String>, Arc<SearchParameterInfo>);

/// FHIR release, type and name.
type Key = (String, String, String);

/// What the packages define for searches.
#[derive(Default)]
pub(crate) struct PackageSearch {
    by_name: FxHashMap<Key, Vec<Arc<SearchParameterInfo>>>,
    by_url: FxHashMap<String, Vec<Versioned>>,
    /// The patient compartment, by FHIR release.
    compartments: FxHashMap<String, Compartment>,
}

/// A compartment as its definition says.
struct Compartment {
    /// The types that it has parameters for.
    types: Arc<Vec<String>>,
    /// The parameters of each of them.
    parameters: FxHashMap<String, Arc<[String]>>,
}

impl PackageSearch {
    /// Reads all definitions of a graph.
    pub fn of(graph: &PackageGraph) -> PackageSearch {
        let mut all = PackageSearch::default();
        for package in graph.packages() {
            all.read(package);
        }
        all
    }

    fn read(&mut self, package: &Package) {
        let release = package.fhir_version.and_then(|v| release_of(v.number())).unwrap_or_default();
        for definition in &package.definitions {
            match definition.resource_type.as_str() {
                "SearchParameter" => {
                    let info = Arc::new(parameter(definition.text()));
                    for base in &info.base {
                        let key = (release.clone(), base.clone(), info.code.clone());
                        self.by_name.entry(key).or_default().push(info.clone());
                    }
                    let version = definition.version.clone();
                    self.by_url.entry(info.url.clone()).or_default().push((version, info));
                }
                // A guide does not say anew who is in it.
                "CompartmentDefinition"
                    if text(definition.value(), "code") == "Patient"
                        && (definition.url == BASE_COMPARTMENT || !self.compartments.contains_key(&release)) =>
                {
                    self.compartments.insert(release.clone(), compartment(definition.value()));
                }
                _ => {}
            }
        }
    }

    /// See [`crate::Definitions::search_parameter`].
    pub fn by_name(&self, release: Option<&str>, resource_type: &str, code: &str) -> Option<Arc<SearchParameterInfo>> {
        let release = release.unwrap_or("4.0");
        let find = |base: &str| {
            let key = (release.to_owned(), base.to_owned(), code.to_owned());
            let all = self.by_name.get(&key)?;
            let of_base = all.iter().find(|p| p.url.starts_with(BASE));
            of_base.or(all.first().filter(|first| all.iter().all(|p| p.url == first.url))).cloned()
        };
        [resource_type, "DomainResource", "Resource"].into_iter().find_map(find)
    }

    /// See [`crate::Definitions::search_parameter_at`].
    pub fn at(&self, canonical: &Canonical) -> Option<Arc<SearchParameterInfo>> {
        let all = self.by_url.get(&canonical.url)?;
        let named = all.iter().find(|(version, _)| canonical.version.is_some() && *version == canonical.version);
        named.or(all.first()).map(|(_, info)| info.clone())
    }

    /// See [`crate::Definitions::patient_compartment`].
    pub fn compartment(&self, release: Option<&str>) -> Option<Arc<Vec<String>>> {
        self.compartments.get(release.unwrap_or("4.0")).map(|c| c.types.clone())
    }

    /// See [`crate::Definitions::patient_compartment_parameters`].
    pub fn compartment_parameters(&self, release: Option<&str>, resource_type: &str) -> Option<Arc<[String]>> {
        let compartment = self.compartments.get(release.unwrap_or("4.0"))?;
        Some(compartment.parameters.get(resource_type).cloned().unwrap_or_default())
    }
}

/// The members of a SearchParameter that are read; what is missing or has the wrong shape stays empty.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Parameter {
    url: String,
    code: String,
    #[serde(rename = "type")]
    kind: String,
    base: Texts,
    target: Texts,
    expression: String,
    xpath: String,
    component: Vec<Component>,
    derived_from: String,
}

/// A part of a composite parameter.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Component {
    definition: Canonically,
    expression: String,
}

/// A canonical, or before R4 a Reference.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Canonically {
    Canonical(String),
    Reference {
        reference: String,
    },
    #[default]
    None,
}

impl From<Component> for (String, String) {
    fn from(component: Component) -> (String, String) {
        let (Canonically::Canonical(definition) | Canonically::Reference { reference: definition }) =
            component.definition
        else {
            return (String::new(), component.expression);
        };
        (definition, component.expression)
    }
}

/// A list, or before STU3 one text.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Texts {
    Many(Vec<String>),
    One(String),
    #[default]
    None,
}

impl From<Texts> for Vec<String> {
    fn from(texts: Texts) -> Vec<String> {
        match texts {
            Texts::Many(all) => all,
            Texts::One(one) => vec![one],
            Texts::None => Vec::new(),
        }
    }
}

fn parameter(json: &[u8]) -> SearchParameterInfo {
    let read: Parameter = serde_json::from_slice(json).unwrap_or_default();
    SearchParameterInfo {
        url: read.url,
        code: read.code,
        kind: read.kind,
        base: read.base.into(),
        targets: read.target.into(),
        expression: read.expression,
        xpath: read.xpath,
        components: read.component.into_iter().map(Into::into).collect(),
        derived_from: Some(read.derived_from).filter(|d| !d.is_empty()),
    }
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn compartment(value: &Value) -> Compartment {
    let resources = value.get("resource").and_then(Value::as_array).into_iter().flatten();
    let mut compartment = Compartment { types: Arc::default(), parameters: FxHashMap::default() };
    let mut types = Vec::new();
    for resource in resources {
        let all = resource.get("param").and_then(Value::as_array).into_iter().flatten();
        let all: Arc<[String]> = all.filter_map(|p| p.as_str().map(str::to_owned)).collect();
        if !all.is_empty() {
            types.push(text(resource, "code"));
            compartment.parameters.insert(text(resource, "code"), all);
        }
    }
    compartment.types = Arc::new(types);
    compartment
}
