//! `GET /metadata`: what this service can do, as a CapabilityStatement (https://hl7.org/fhir/R4/capabilitystatement.html).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::query::pairs;
use super::service::Service;
use super::{Fault, media};

/// The date of the statement; changed when what it says changes.
const DATE: &str = "2026-11-24";

/// The resource types of FHIR R4 (https://hl7.org/fhir/R4/resourcelist.html).
pub const RESOURCE_TYPES: &[&str] = &[
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
];

/// The types of definitions, which packages bring and the store keeps.
pub const DEFINITION_TYPES: &[&str] = &[
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "GraphDefinition",
    "ImplementationGuide",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "Questionnaire",
    "SearchParameter",
    "StructureDefinition",
    "StructureMap",
    "ValueSet",
];

/// The type that an address names.
///
/// # Errors
/// 404 where FHIR R4 has no such type.
pub(super) fn known_type(name: &str) -> Result<String, Fault> {
    match RESOURCE_TYPES.binary_search(&name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err(Fault::not_found(format!("`{name}` is no resource type of FHIR R4"))),
    }
}

/// `GET /metadata`
pub(super) async fn metadata(service: Data<Service>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let query = pairs(req.query_string())?;
    let format = query.iter().find(|(n, _)| n == "_format").map(|(_, v)| v.as_str());
    let content_type = media::answer(&req, format)?;
    let statement = statement(&base_url(&service, &req));
    let pretty = query.iter().any(|(n, v)| n == "_pretty" && v == "true");
    let text = if pretty { serde_json::to_string_pretty(&statement).unwrap_or_default() } else { statement.to_string() };
    Ok(HttpResponse::Ok().content_type(content_type).body(text))
}

/// The address of the service, as its clients see it.
pub(super) fn base_url(service: &Service, req: &HttpRequest) -> String {
    if let Some(base) = &service.config.base_url {
        return base.clone();
    }
    let info = req.connection_info();
    let fit = |c: char| c.is_ascii_alphanumeric() || ".-:[]_".contains(c);
    let host = if !info.host().is_empty() && info.host().chars().all(fit) { info.host() } else { "localhost" };
    let scheme = if info.scheme() == "https" { "https" } else { "http" };
    format!("{scheme}://{host}")
}

fn operation() -> Value {
    json!([{"name": "validate", "definition": "http://hl7.org/fhir/OperationDefinition/Resource-validate"}])
}

fn resource(name: &str) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), name.into());
    if DEFINITION_TYPES.contains(&name) {
        let parameter = |n: &str, t: &str, d: &str| json!({"name": n, "type": t, "documentation": d});
        out.insert("interaction".into(), json!([{"code": "read"}, {"code": "search-type"}]));
        out.insert("versioning".into(), "no-version".into());
        out.insert(
            "searchParam".into(),
            json!([
                {"name": "_id", "definition": "http://hl7.org/fhir/SearchParameter/Resource-id", "type": "token"},
                parameter("url", "uri", "the canonical url, with or without its version"),
                parameter("version", "token", "the business version"),
            ]),
        );
    }
    out.insert("operation".into(), operation());
    Value::Object(out)
}

/// The CapabilityStatement of the service at this address.
pub fn statement(base_url: &str) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "resourceType": "CapabilityStatement",
        "id": "accord",
        "version": version,
        "name": "Accord",
        "title": "Accord",
        "status": "active",
        "experimental": false,
        "date": DATE,
        "kind": "instance",
        "software": {"name": "Accord", "version": version},
        "implementation": {"description": "profile validation and capability negotiation", "url": base_url},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [{
            "mode": "server",
            "documentation": "Validates resources against the profiles of the loaded packages and keeps none of them; gives the definitions of the packages.",
            "resource": RESOURCE_TYPES.iter().map(|t| resource(t)).collect::<Vec<_>>(),
            "operation": operation(),
        }],
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::packages::embedded;
    use fhir_accord_profiles::registry::Definition;

    #[test]
    fn the_types_are_those_of_the_core_package() {
        let core = embedded::list().iter().find(|e| e.manifest.id == "hl7.fhir.r4.core").unwrap().load().unwrap();
        let is = |d: &Definition, name: &str, value: &str| d.value()[name] == value;
        let resources = core.definitions.iter().filter(|d| d.resource_type == "StructureDefinition" && is(d, "kind", "resource") && is(d, "derivation", "specialization"));
        let mut types: Vec<&str> = resources.filter(|d| d.value()["abstract"] == false).map(|d| d.value()["type"].as_str().unwrap()).collect();
        types.sort_unstable();
        assert_eq!(types, RESOURCE_TYPES);
        assert!(DEFINITION_TYPES.iter().all(|t| known_type(t).is_ok()));
    }
}
