//! What a media type says beside its name (<https://hl7.org/fhir/R4/versioning.html#mt-version>).

/// The parameter of a media type that names the FHIR version.
const VERSION: &str = "fhirversion";

/// Whether a media type, or a list of them, names no other FHIR version than this one, as `4.0`: a server would read or
/// write another resource than the one that is judged.
pub fn is_of_version(media_type: &str, version: &str) -> bool {
    let parts = media_type.split([';', ',', ' ', '\t']).map(str::trim);
    let named = parts.filter_map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        name.trim().eq_ignore_ascii_case(VERSION).then(|| value.trim().trim_matches('"'))
    });
    let is_same = |named: &str| {
        let rest = named.strip_prefix(version);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    // White space around the sign, or an escape, could hide a name from this reading and not from another one.
    let (mut seen, mut same) = (0, true);
    for value in named {
        seen += 1;
        same &= is_same(value);
    }
    same && media_type.to_ascii_lowercase().matches(VERSION).count() == seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_noticed_however_it_is_written() {
        for same in [
            "application/fhir+json",
            "application/fhir+json; fhirVersion=4.0",
            "application/fhir+json;FHIRVERSION=\"4.0\"; charset=utf-8",
            "application/fhir+json; fhirVersion=4.0.1, text/html",
            "*/*",
        ] {
            assert!(is_of_version(same, "4.0"), "{same}");
        }
        for other in [
            "application/fhir+json; fhirVersion=3.0",
            "application/fhir+json;fhirVersion=\"5.0\"",
            "application/fhir+json; fhirVersion=4.0; fhirVersion=3.0",
            "application/fhir+json, application/fhir+json;fhirVersion=4.3",
            "application/fhir+json; fhirVersion",
            "application/fhir+json; fhirVersion = 3.0",
            "application/fhir+json; x-fhirVersion*=3.0",
            "application/fhir+json; fhirVersion=4.01",
            "application/fhir+json; fhirVersion=4.0; fhirVersion*=5.0",
        ] {
            assert!(!is_of_version(other, "4.0"), "{other}");
        }
    }
}
