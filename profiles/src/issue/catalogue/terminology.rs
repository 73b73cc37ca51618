//! Rules of code systems, value sets and concept maps as what they define.

super::rules! {
    super::advice::END;
    CODE_SYSTEM_BASE = "code-system-base", Warning, "business-rule",
        "the code system that a supplement supplements is loaded, and has the same displays and hierarchy",
        "load the package that defines it, or state further displays as designations with a use",
        "https://hl7.org/fhir/R4/codesystem.html#supplements";
    CODE_SYSTEM_DESIGNATION = "code-system-designation", Warning, "business-rule",
        "a designation differs from the display by its use or its language",
        "state what the designation is for, or its language",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation.use";
    CODE_SYSTEM_PRACTICE = "code-system-practice", Note, "business-rule",
        "a code system says what those who use its codes need to know, and stands where Codings can name it",
        "state it, or publish the code system by itself",
        "https://hl7.org/fhir/R4/codesystem.html";
    CODE_SYSTEM_PROPERTY_MEANING = "code-system-property-meaning", Warning, "business-rule",
        "a concept property is declared, by a uri that says what it means and agrees with its code, type and values",
        "declare the property, correct its uri, or name the value set of its codes",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.property.uri";
    CODE_SYSTEM_VALUE_SET = "code-system-value-set", Error, "business-rule",
        "the value set that a code system names for its codes has all of them, and no others",
        "name another value set, or none",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet";
    CONCEPT_MAP_REPEATED = "concept-map-repeated", Warning, "duplicate",
        "a mapping from one code to another is stated once",
        "remove the repeated mapping, or say what it depends on",
        "https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.element.target";
    CONCEPT_MAP_SYSTEM = "concept-map-system", Warning, "not-found",
        "the code systems of a map's group are named, and loaded with all their codes",
        "name the code system, or load the package that defines it",
        "https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.source";
    STRUCTURE_BINDING_TYPES = "structure-binding-types", Note, "business-rule",
        "a binding is for every type of its element that has codes",
        "check whether it is meant for all of them; if not, give each type a slice of its own",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.binding";
    STRUCTURE_EXPERIMENTAL = "structure-experimental", Warning, "business-rule",
        "a definition that is not experimental rests on none that is",
        "mark the definition as experimental, or use another base or value set",
        "https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.experimental";
    STRUCTURE_VALUE_SET = "structure-value-set", Note, "not-found",
        "the value set that an element is bound to is loaded",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.binding.valueSet";
    VALUE_SET_CONTENT = "value-set-content", Note, "not-found",
        "the code systems, value sets and supplements that a value set is made from are loaded completely",
        "load the package that defines them",
        "https://hl7.org/fhir/R4/valueset.html#compositions";
    VALUE_SET_DISPLAY = "value-set-display", Note, "business-rule",
        "the codes that a value set lists have displays of their code system, or none",
        "check whether the code is the one that is meant",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.concept.display";
    VALUE_SET_EXPANSION = "value-set-expansion", Warning, "business-rule",
        "an expansion says what it was made from, and has the codes that the definition selects",
        "expand the value set again, or state the parameters that were used",
        "https://hl7.org/fhir/R4/valueset.html#expansion";
    VALUE_SET_IMPORT = "value-set-import", Error, "business-rule",
        "a value set does not import itself, directly or through others",
        "remove the import that leads back",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.valueSet";
}
