//! The room's port over embedded packages.

use std::io::Read;
use std::sync::Arc;

use fhir_accord_profiles::embedded::FILES;
use fhir_accord_profiles::fhirpath::{Tables, Typing};
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::model::{self, Model};
use fhir_accord_profiles::search::{Answer, Component, Kind, Membership, Parameter, Parameters, Programs, Search};
use serde_json::Value;

/// Urls of the base specification's own parameters begin with this.
const BASE: &str = "http://hl7.org/fhir/SearchParameter/";

/// A model with the definitions of its searches.
pub struct Engine {
    model: Model,
    tables: Arc<Tables>,
    programs: Programs,
    system_names: bool,
    pub parameters: Vec<Value>,
    pub compartment: Value,
}

/// The definitions of an embedded package.
fn definitions(name: &str) -> Vec<Value> {
    let (_, archive) = FILES.iter().find(|(file, _)| *file == format!("{name}.tgz")).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(*archive));
    let mut out = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut text = Vec::new();
        entry.unwrap().read_to_end(&mut text).unwrap();
        out.extend(serde_json::from_slice::<Value>(&text).ok());
    }
    out
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

impl Engine {
    pub fn open(system_names: bool, packages: &[&str]) -> Engine {
        let all: Vec<Value> = packages.iter().flat_map(|p| definitions(p)).collect();
        let of = |kind: &str| all.iter().filter(move |d| d["resourceType"] == kind).cloned().collect::<Vec<_>>();
        let model = model::build(of("StructureDefinition").iter());
        let is_patients = |c: &Value| c["url"] == "http://hl7.org/fhir/CompartmentDefinition/patient";
        Engine {
            tables: Arc::new(Tables::new(&model)),
            model,
            programs: Programs::default(),
            system_names,
            parameters: of("SearchParameter"),
            compartment: of("CompartmentDefinition").into_iter().find(is_patients).unwrap(),
        }
    }

    pub fn programs(&self) -> usize {
        self.programs.len()
    }

    fn asked(&self, interrupt: &Interrupt, ask: impl FnOnce(&Search<'_>) -> Answer) -> Answer {
        let typing = Typing::with(&self.model, Arc::clone(&self.tables));
        let search = Search::new(&typing, self, &self.programs).with_system_names(self.system_names);
        ask(&search.under(interrupt))
    }

    pub fn meets(&self, resource: &[u8], query: &str, interrupt: &Interrupt) -> Answer {
        self.asked(interrupt, |search| search.meets(resource, query))
    }

    pub fn in_patient_compartment(&self, resource: &[u8], patient: &str, interrupt: &Interrupt) -> Answer {
        self.asked(interrupt, |search| search.in_patient_compartment(resource, patient))
    }

    /// The definition of a name on a type: that of the base specification first.
    pub fn definition(&self, resource_type: &str, code: &str) -> Option<&Value> {
        let find = |base: &str| {
            let is = |p: &&Value| p["code"] == code && strings(&p["base"]).any(|b| b == base);
            let of_base = self.parameters.iter().filter(is).find(|p| p["url"].as_str().unwrap().starts_with(BASE));
            of_base.or_else(|| self.parameters.iter().find(is))
        };
        [resource_type, "DomainResource", "Resource"].into_iter().find_map(find)
    }
}

fn parameter(definition: &Value) -> Option<Parameter> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let components = definition["component"].as_array().into_iter().flatten();
    Some(Parameter {
        kind: Kind::parse(definition["type"].as_str()?)?,
        expression: text(&definition["expression"]),
        components: components
            .map(|c| Component { definition: text(&c["definition"]), expression: text(&c["expression"]) })
            .collect(),
    })
}

impl Parameters for Engine {
    fn named(&self, resource_type: &str, code: &str) -> Option<Parameter> {
        self.definition(resource_type, code).and_then(parameter)
    }

    fn at(&self, canonical: &str) -> Option<Parameter> {
        self.parameters.iter().find(|p| p["url"] == canonical).and_then(parameter)
    }

    fn patient_compartment(&self, resource_type: &str) -> Membership {
        let mut all = self.compartment["resource"].as_array().unwrap().iter();
        let found = all.find(|r| r["code"] == resource_type).map(|r| strings(&r["param"]));
        let codes: Arc<[String]> = found.into_iter().flatten().map(str::to_owned).collect();
        if codes.is_empty() { Membership::Outside } else { Membership::By(codes) }
    }
}
