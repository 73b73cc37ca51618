//! What names and folders say of a file.

/// The ending of the file that says what is expected of an instance.
pub(super) const ENDING: &str = ".expected.json";

/// Resource types that define: they are loaded, and no instances under test.
const DEFINING: [&str; 16] = [
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "ConceptMap",
    "NamingSystem",
    "SearchParameter",
    "OperationDefinition",
    "CompartmentDefinition",
    "CapabilityStatement",
    "ImplementationGuide",
    "StructureMap",
    "GraphDefinition",
    "MessageDefinition",
    "TerminologyCapabilities",
    "ExampleScenario",
    "Conformance",
];

/// Resource types that instances refer to as definitions, and that are instances too.
const BOTH: [&str; 6] = ["Questionnaire", "Library", "Measure", "PlanDefinition", "ActivityDefinition", "DataElement"];

/// Whether a resource is loaded as a definition.
pub(super) fn defines(kind: &str, url: &str) -> bool {
    DEFINING.contains(&kind) || BOTH.contains(&kind) && !url.is_empty()
}

/// Whether a resource is tested: what defines only in a folder of examples, or where something is expected of it.
pub(super) fn is_tested(kind: &str, name: &str, is_expected: bool) -> bool {
    !DEFINING.contains(&kind) || is_expected || folders(name).any(|f| f == "example" || f == "examples")
}

/// Whether an instance must be invalid where nothing else is said: in a folder `invalid`, or `invalid-…` by its name,
/// which may follow its type (`Patient-invalid-…`).
pub(super) fn is_negative(name: &str, kind: &str) -> bool {
    let stem = stem(name);
    let own = stem.strip_prefix(kind).and_then(|s| s.strip_prefix('-')).unwrap_or(stem);
    folders(name).any(|f| f == "invalid") || own.starts_with("invalid-")
}

/// Whether a file tells of a package, and holds no resource.
pub(super) fn is_manifest(name: &str) -> bool {
    name.rsplit('/').next() == Some("package.json")
}

/// The folders of a path.
pub(super) fn folders(name: &str) -> impl Iterator<Item = &str> {
    name.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').filter(|f| !f.is_empty())
}

/// A file's name without folders and ending.
pub(super) fn stem(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.strip_suffix(ENDING).or_else(|| file.rsplit_once('.').map(|(s, _)| s)).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        assert_eq!(stem("a/b/Patient-x.y.expected.json"), "Patient-x.y");
        assert_eq!(stem("a/Patient-x.y.json"), "Patient-x.y");
        assert!(is_negative("tests/invalid/a.json", "Patient"));
        assert!(is_negative("Patient-invalid-name.json", "Patient"));
        assert!(!is_negative("Patient-not-invalid-name.json", "Patient"));
        assert!(!is_tested("ValueSet", "a/v.json", false));
        assert!(is_tested("ValueSet", "example/v.json", false));
        assert!(is_tested("ValueSet", "a/v.json", true));
        assert!(is_manifest("package/package.json") && !is_manifest("tests/Bundle-package.json"));
        assert!(defines("Questionnaire", "http://a") && !defines("Questionnaire", ""));
    }
}
