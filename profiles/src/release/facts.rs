//! What can be asked of a FHIR version.

use serde_json::Value;

/// The facts of a FHIR version that its definitions do not hold in machine-readable form, or hold in a form of their
/// own.
#[derive(Debug)]
pub struct Release {
    /// Profiles that apply to resources with a code: code system, code, the profile's id.
    pub profiles_by_code: &'static [(&'static str, &'static str, &'static str)],
    /// Expressions of published constraints that do not say what the constraint's text says, and what is meant.
    pub expressions: &'static [(&'static str, &'static str)],
    /// Members of JSON objects that carry comments and mean nothing: `fhir_comments` of DSTU2
    /// (<https://hl7.org/fhir/DSTU2/json.html#xml>).
    pub comment_member: Option<&'static str>,
    /// Whether a decimal may have an exponent (<https://hl7.org/fhir/R4/datatypes.html#decimal>).
    pub exponents: bool,
    /// The most digits of a fraction of a second (<https://hl7.org/fhir/R5/datatypes.html#dateTime>).
    pub fraction_digits: Option<usize>,
    /// Whether white space in base64 and a decimal of more than 18 digits are errors, and not only doubtful
    /// (<https://hl7.org/fhir/R5/datatypes.html#base64Binary>).
    pub strict_primitives: bool,
    /// Whether text must not contain control characters; since R5 it only should not
    /// (<https://hl7.org/fhir/R5/datatypes.html#string>).
    pub no_control_characters: bool,
    /// Whether expressions call the types of FHIR's primitives by the names of FHIRPath's, as `$this is String`.
    pub system_names: bool,
    /// Whether code systems are defined inside value sets, so that the url of one may be meant for the other.
    pub code_systems_in_value_sets: bool,
    /// Whether StructureDefinitions have the members of today, so that the rules about them can be asked.
    pub structures_of_today: bool,
    /// Whether the root of a narrative in JSON must name the XHTML namespace, as it must in XML.
    pub narrative_namespace: bool,
    /// The concrete resource types, one a line.
    pub(super) resource_types: &'static str,
    /// Brings a definition of this version into the form of R4.
    pub(super) normal: fn(&mut Value),
    /// The code system that a definition of this version defines inside itself, as a CodeSystem.
    pub(super) code_system: fn(&[u8]) -> Option<Value>,
}

impl Release {
    /// The names of the concrete resource types, in alphabetical order.
    pub fn resource_types(&self) -> impl Iterator<Item = &'static str> {
        self.resource_types.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
    }

    /// Brings a StructureDefinition or ValueSet of this version into the form of R4: `derivation` and `type`, element
    /// ids, slice names, lists of profiles, `valueSet` of bindings, discriminators with a type, constraints with an
    /// expression. Anything else stays as it is.
    pub fn normalise(&self, definition: &mut Value) {
        (self.normal)(definition);
    }

    /// The code system that a definition, given as JSON, defines inside itself, as a CodeSystem of R4; DSTU2 has those
    /// in ValueSets (<https://hl7.org/fhir/DSTU2/valueset.html#codeSystem>).
    pub fn inline_code_system(&self, text: &[u8]) -> Option<Value> {
        (self.code_system)(text)
    }
}

/// A version whose definitions have the form of R4.
pub(super) const fn of_today(resource_types: &'static str) -> Release {
    Release {
        profiles_by_code: &[],
        expressions: &[],
        comment_member: None,
        narrative_namespace: true,
        exponents: true,
        fraction_digits: None,
        strict_primitives: false,
        no_control_characters: true,
        system_names: true,
        structures_of_today: true,
        code_systems_in_value_sets: false,
        resource_types,
        normal: |_| {},
        code_system: |_| None,
    }
}
