//! What rules see in a type beyond its children: the types that the specification's prose gives rules of their own.

/// The part that a type plays for rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Role {
    /// No rules beyond the type's definition.
    #[default]
    Plain,
    Primitive,
    Coding,
    CodeableConcept,
    /// A concept, a reference, or both: bindings are for the one, targets for the other.
    CodeableReference,
    /// Quantity and its specialisations.
    Quantity,
    Reference,
    Identifier,
    Attachment,
    Extension,
    Narrative,
    Bundle,
    ValueSet,
    CodeSystem,
    ConceptMap,
    CapabilityStatement,
    StructureDefinition,
    StructureMap,
    SearchParameter,
    OperationDefinition,
    ImplementationGuide,
    Questionnaire,
    QuestionnaireResponse,
    Measure,
    MeasureReport,
    Parameters,
    Observation,
}

impl Role {
    /// The role of a type by its name.
    pub(super) fn of(name: &str, is_primitive: bool) -> Role {
        if is_primitive {
            return Role::Primitive;
        }
        match name {
            "Coding" => Role::Coding,
            "CodeableConcept" => Role::CodeableConcept,
            "CodeableReference" => Role::CodeableReference,
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "Money" | "SimpleQuantity" => Role::Quantity,
            "Reference" => Role::Reference,
            "Identifier" => Role::Identifier,
            "Attachment" => Role::Attachment,
            "Extension" => Role::Extension,
            "Narrative" => Role::Narrative,
            "Bundle" => Role::Bundle,
            "ValueSet" => Role::ValueSet,
            "CodeSystem" => Role::CodeSystem,
            "ConceptMap" => Role::ConceptMap,
            "CapabilityStatement" => Role::CapabilityStatement,
            "StructureDefinition" => Role::StructureDefinition,
            "StructureMap" => Role::StructureMap,
            "SearchParameter" => Role::SearchParameter,
            "OperationDefinition" => Role::OperationDefinition,
            "ImplementationGuide" => Role::ImplementationGuide,
            "Questionnaire" => Role::Questionnaire,
            "QuestionnaireResponse" => Role::QuestionnaireResponse,
            "Measure" => Role::Measure,
            "Parameters" => Role::Parameters,
            "MeasureReport" => Role::MeasureReport,
            "Observation" => Role::Observation,
            _ => Role::Plain,
        }
    }

    pub fn is_primitive(self) -> bool {
        self == Role::Primitive
    }

    /// Whether a value set may be bound to the type.
    pub fn is_coded(self) -> bool {
        matches!(self, Role::Primitive | Role::Coding | Role::CodeableConcept | Role::Quantity)
    }
}
