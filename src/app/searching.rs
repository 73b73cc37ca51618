//! Whether one resource meets a search query, or is in a patient's compartment, by the definitions of the loaded
//! packages. What is read of them, and the compiled expressions, are kept with the package set.

use std::sync::Arc;

use fhir_accord_capability::{Definitions, PackageDefinitions, SearchParameterInfo};
use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::release::release;
pub use fhir_accord_profiles::search::Answer;
use fhir_accord_profiles::search::{Component, Kind, Membership, Parameter, Parameters, Search};

use super::App;
use super::known::graph_of;

/// The definitions of a package set, as a search in one FHIR version asks for them.
struct Loaded<'d> {
    definitions: &'d PackageDefinitions,
    version: FhirVersion,
}

/// The two numbers that FHIR's releases go by, as `4.0`.
fn release_number(version: FhirVersion) -> &'static str {
    version.number().rsplit_once('.').map_or(version.number(), |(number, _)| number)
}

impl Loaded<'_> {
    /// The releases whose definitions are for instances of the version, its own first.
    fn releases(&self) -> impl Iterator<Item = &'static str> {
        let own = self.version;
        let taken = FhirVersion::ALL.into_iter().filter(move |v| *v != own && own.takes(*v));
        std::iter::once(own).chain(taken).map(release_number)
    }

    fn info(&self, resource_type: &str, code: &str) -> Option<Arc<SearchParameterInfo>> {
        self.releases().find_map(|number| self.definitions.search_parameter(Some(number), resource_type, code))
    }
}

impl Parameters for Loaded<'_> {
    fn named(&self, resource_type: &str, code: &str) -> Option<Parameter> {
        self.info(resource_type, code).and_then(|info| parameter(&info))
    }

    fn at(&self, canonical: &str) -> Option<Parameter> {
        self.definitions.search_parameter_at(&Canonical::parse(canonical)).and_then(|info| parameter(&info))
    }

    fn patient_compartment(&self, resource_type: &str) -> Membership {
        let number = release_number(self.version);
        match self.definitions.patient_compartment_parameters(Some(number), resource_type) {
            None => Membership::Undefined,
            Some(all) if all.is_empty() => Membership::Outside,
            Some(all) => Membership::By(all),
        }
    }
}

fn parameter(info: &Arc<SearchParameterInfo>) -> Option<Parameter> {
    let components = info.components.iter();
    Some(Parameter {
        kind: Kind::parse(&info.kind)?,
        expression: if info.expression.is_empty() { path_of(&info.xpath) } else { info.expression.clone() },
        components: components
            .map(|(definition, expression)| Component {
                definition: definition.clone(),
                expression: expression.clone(),
            })
            .collect(),
    })
}

/// The types to which an expression narrows references, as `Observation.subject.where(resolve() is Patient)` does;
/// `None` where one of its alternatives does not.
fn narrowed(expression: &str) -> Option<Vec<String>> {
    let one = |part: &str| {
        let (_, rest) = part.trim().trim_end_matches(')').rsplit_once(".where(resolve() is ")?;
        (!rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| rest.to_owned())
    };
    expression.split('|').map(one).collect()
}

/// An XPath expression that only steps down (`f:Account/f:owner | f:Basic/f:author`) as FHIRPath; empty for another.
fn path_of(xpath: &str) -> String {
    let step = |step: &str| {
        let name = step.strip_prefix("f:")?;
        (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| name.to_owned())
    };
    let path = |path: &str| path.trim().split('/').map(step).collect::<Option<Vec<_>>>().map(|steps| steps.join("."));
    xpath.split('|').map(path).collect::<Option<Vec<_>>>().map_or_else(String::new, |paths| paths.join(" | "))
}

impl App {
    /// Whether a resource, in JSON or XML, meets a search query (<https://hl7.org/fhir/R4/search.html>): the part of an
    /// address behind the question mark, percent-encoded. What depends on a server, on other resources or on
    /// terminology is unknown. Broken off it is unknown too.
    pub fn meets(&self, resource: &[u8], query: &str, interrupt: &Interrupt) -> Answer {
        self.meets_at(&[], resource, query, interrupt)
    }

    /// The same, of a server with these base URLs: what a reference says below one of them is read as a relative one.
    pub fn meets_at(&self, bases: &[String], resource: &[u8], query: &str, interrupt: &Interrupt) -> Answer {
        self.searched(bases, interrupt, |search| search.meets(resource, query))
    }

    /// Whether a resource, in JSON or XML, is in the compartment of the patient with this id, by the definition of the
    /// FHIR version (<https://hl7.org/fhir/R4/compartmentdefinition-patient.html>).
    pub fn in_patient_compartment(&self, resource: &[u8], patient: &str, interrupt: &Interrupt) -> Answer {
        self.in_patient_compartment_at(&[], resource, patient, interrupt)
    }

    /// The same, of a server with these base URLs, as [`App::meets_at`] has them.
    pub fn in_patient_compartment_at(
        &self,
        bases: &[String],
        resource: &[u8],
        patient: &str,
        interrupt: &Interrupt,
    ) -> Answer {
        self.searched(bases, interrupt, |search| search.in_patient_compartment(resource, patient))
    }

    /// Whether the packages define a search parameter of this name on a type.
    pub fn knows_search_parameter(&self, resource_type: &str, parameter: &str) -> bool {
        let definitions = self.search_definitions(&Interrupt::never());
        let version = self.set().fhir_version();
        definitions.is_some_and(|definitions| Loaded { definitions, version }.info(resource_type, parameter).is_some())
    }

    /// The types that a search parameter of a type leads to; `None` where the packages do not tell, and where it is no
    /// reference.
    pub fn search_targets(&self, resource_type: &str, parameter: &str) -> Option<Vec<String>> {
        let definitions = self.search_definitions(&Interrupt::never())?;
        let loaded = Loaded { definitions, version: self.set().fhir_version() };
        let found = loaded.info(resource_type, parameter)?;
        let declared = (found.kind == "reference" && !found.targets.is_empty()).then(|| found.targets.clone());
        declared.map(|all| narrowed(&found.expression_of(resource_type)).unwrap_or(all))
    }

    fn searched(&self, bases: &[String], interrupt: &Interrupt, ask: impl FnOnce(&Search<'_>) -> Answer) -> Answer {
        let Some(definitions) = self.search_definitions(interrupt) else {
            return Answer::Unknown("the packages could not be read, or not in time".to_owned());
        };
        let version = self.set().fhir_version();
        let loaded = Loaded { definitions, version };
        let typing = self.plans().typing();
        let search = Search::new(&typing, &loaded, &self.searches.programs);
        ask(&search.with_system_names(release(version).system_names).under(interrupt).at(bases))
    }

    /// The heads of the loaded packages; `None` where they do not read, or are not read in time.
    fn search_definitions(&self, interrupt: &Interrupt) -> Option<&PackageDefinitions> {
        let kept = &self.searches.definitions;
        if let Some(known) = kept.get() {
            return Some(known);
        }
        let graph = graph_of(self.resolution(), interrupt)
            .inspect_err(|error| tracing::debug!(%error, "no definitions of searches"))
            .ok()?;
        Some(kept.get_or_init(|| PackageDefinitions::new(Arc::new(graph))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_narrow_what_they_lead_to() {
        let of = |text: &str| narrowed(text).map(|all| all.join(" "));
        assert_eq!(of("Observation.subject.where(resolve() is Patient)").as_deref(), Some("Patient"));
        assert_eq!(
            of("(A.b.where(resolve() is Patient)) | A.c.where(resolve() is Group)").as_deref(),
            Some("Patient Group")
        );
        for open in ["Observation.subject", "", "A.b.where(resolve() is Patient) | A.c", "A.where(b is C)"] {
            assert_eq!(of(open), None, "{open}");
        }
    }

    #[test]
    fn simple_xpath_becomes_a_path() {
        assert_eq!(path_of("f:Account/f:owner"), "Account.owner");
        assert_eq!(path_of("f:A/f:b/f:c | f:D/f:valueQuantity"), "A.b.c | D.valueQuantity");
        for other in ["", "f:A/f:b[@x]", "f:A//f:b", "f:A/f:b/@value", "f:A | ", "A/b"] {
            assert_eq!(path_of(other), "", "{other}");
        }
    }
}
