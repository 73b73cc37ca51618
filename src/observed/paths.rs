//! The places of what fails, without any word of an instance.

use fhir_accord_profiles::instance::Names;

use super::limits::PATHS_TOLD;

/// The first of these expressions, each once. One ends before a word that the specification does not have: a property
/// may have any name.
pub(super) fn safe_paths<'e>(expressions: impl Iterator<Item = &'e str>, names: &Names) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for expression in expressions {
        let path = known_part(expression, names);
        if out.len() < PATHS_TOLD && !out.contains(&path) {
            out.push(path);
        }
    }
    out
}

fn known_part(expression: &str, names: &Names) -> String {
    let is_known = |part: &&str| {
        let (name, rest) = part.split_once('[').unwrap_or((part, ""));
        let index = rest.trim_end_matches(']');
        names.find(name.as_bytes()).is_some() && index.chars().all(|c| c.is_ascii_digit())
    };
    // The first part is the type, which the profile names.
    let mut parts = expression.split('.');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.take_while(is_known).fold(first, |path, part| path + "." + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_instance_end_a_path() {
        let names = Names::new(["name", "given", "extension"]);
        let told = |text: &str| safe_paths(std::iter::once(text), &names).remove(0);
        assert_eq!(told("Patient.name[0].given[1]"), "Patient.name[0].given[1]");
        for hostile in ["Patient.name[0].Okafor", "Patient.name[0].okafor.given", "Patient.name[0].given['Okafor']"] {
            assert_eq!(told(hostile), "Patient.name[0]", "{hostile}");
        }
        assert_eq!(told("Patient.extension('http://x.test/Okafor').given"), "Patient");
    }
}
