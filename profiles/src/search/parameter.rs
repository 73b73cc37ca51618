//! What a search needs to know of definitions, and the port by which it asks for them.

use std::sync::Arc;

/// The types of search parameters (<https://hl7.org/fhir/R4/valueset-search-param-type.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers.
    Number,
    /// Dates, times and periods.
    Date,
    /// Texts, by their beginning.
    String,
    /// Codes and identifiers.
    Token,
    /// References and canonicals.
    Reference,
    /// Several parameters at one place.
    Composite,
    /// Numbers with units.
    Quantity,
    /// Addresses.
    Uri,
    /// What is defined for one parameter alone.
    Special,
}

impl Kind {
    /// The type of this code.
    pub fn parse(code: &str) -> Option<Kind> {
        Some(match code {
            "number" => Kind::Number,
            "date" => Kind::Date,
            "string" => Kind::String,
            "token" => Kind::Token,
            "reference" => Kind::Reference,
            "composite" => Kind::Composite,
            "quantity" => Kind::Quantity,
            "uri" => Kind::Uri,
            "special" => Kind::Special,
            _ => return None,
        })
    }
}

/// A part of a composite parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// The canonical of the parameter whose type it has.
    pub definition: String,
    /// The FHIRPath expression that finds it, from the place that the composite's expression yields.
    pub expression: String,
}

/// A search parameter (<https://hl7.org/fhir/R4/searchparameter.html>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its type.
    pub kind: Kind,
    /// The FHIRPath expression that finds what it searches; empty where it has none.
    pub expression: String,
    /// The parts of a composite.
    pub components: Vec<Component>,
}

/// How the definition of a compartment speaks of a resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// There is no such definition.
    Undefined,
    /// Resources of the type are never in it.
    Outside,
    /// A resource is in it by the references of any of these parameters.
    By(Arc<[String]>),
}

/// The definitions of search parameters and compartments.
pub trait Parameters {
    /// The one parameter that a name means on a resource type; `None` where there is none, or several.
    fn named(&self, resource_type: &str, code: &str) -> Option<Parameter>;

    /// A parameter by its canonical.
    fn at(&self, canonical: &str) -> Option<Parameter>;

    /// How resources of a type are in the compartment of a patient.
    fn patient_compartment(&self, resource_type: &str) -> Membership;
}
