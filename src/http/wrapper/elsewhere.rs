//! Addresses of the validator-wrapper and its predecessor that are not served, with what does the same here.

/// What to say at an address that they have and this service does not; `None` at any other.
pub(in crate::http) fn elsewhere(path: &str) -> Option<&'static str> {
    let first = path.split('/').nth(1)?;
    Some(match first {
        "convert" => "`/convert` of the validator-wrapper is not served: instances are not converted between versions",
        "terminology" | "txStatus" => {
            "the service asks no terminology server that a request names; its setting `tx` names one"
        }
        "packStatus" => "the service asks no package registry for a request; GET /packages lists what is loaded",
        "context" | "debug" | "defaultIg" => "sessions have no state here: send the settings with each POST /validate",
        "igs" | "profile" => "load guides and profiles with POST /packages; GET /packages and GET /profiles list them",
        "validateResource" | "loadIG" | "snapshot" | "narrative" | "transform" => {
            "the interface of `validator_cli server` is not served; POST /validate and POST /$validate validate"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_they_have_is_named() {
        assert!(elsewhere("/convert").is_some_and(|text| text.contains("`/convert`")));
        assert!(elsewhere("/igs/hl7.fhir.us.core").is_some());
        assert_eq!((elsewhere("/"), elsewhere("/nowhere"), elsewhere("")), (None, None, None));
    }
}
