//! The catalogue of rule ids that stand in `why`, `evidence` and `issues`, with their meaning in a sentence.

/// A rule id and its meaning.
pub type Rule = (&'static str, &'static str);

/// Every rule, sorted by id.
pub const RULES: &[Rule] = &[
    ("assumed", "the search parameter matches by name alone; it is assumed to be the same"),
    ("authority", "what the user may do by own right decides beyond the scopes"),
    ("backend-system-only", "the backend flow allows system scopes alone, and no refresh token"),
    ("bad-order", "the letters of a scope stand in the order of cruds, each once"),
    ("broadened", "only a wider v1 scope fits: more is granted than was asked"),
    ("case-context", "contexts and permissions of a scope are written in small letters"),
    ("client-confidential-asymmetric", "the server does not declare asymmetric client authentication"),
    ("client-confidential-symmetric", "the server does not declare symmetric client authentication"),
    ("client-credentials", "the server does not declare the client credentials grant"),
    ("client-public", "the server does not declare public clients"),
    ("combination-unmet", "the server requires other combinations of search parameters"),
    ("complies-with-profile", "the declared profile claims to comply with the required one"),
    ("conditional-create", "conditional create is required and not offered, or not known to be"),
    ("conditional-delete", "conditional delete is required and not offered, or not known to be"),
    ("conditional-patch", "conditional patch is required and not offered, or not known to be"),
    ("conditional-read", "conditional read is required and not offered, or not known to be"),
    ("conditional-update", "conditional update is required and not offered, or not known to be"),
    ("context", "a resource scope starts with patient/, user/ or system/"),
    ("context-ehr-encounter", "the server does not declare an encounter in the context of an EHR launch"),
    ("context-ehr-patient", "the server does not declare a patient in the context of an EHR launch"),
    ("context-standalone-encounter", "the server does not declare an encounter in the context of a standalone launch"),
    ("context-standalone-patient", "the server does not declare a patient in the context of a standalone launch"),
    ("core-type", "every instance of a type is valid for the type's own definition"),
    ("default-scopes", "the policy names what is granted where no scope is asked for"),
    ("definition-missing", "the operation matches by name, and one side does not say which operation it is"),
    ("derivation", "the declared profile is derived from the required one"),
    ("derived-from-other-version", "the relation holds to another version of the profile"),
    ("entry-by-entry", "batches and transactions need the scopes of their entries"),
    ("fhir-version", "the sides speak different FHIR versions"),
    ("fhir-version-unknown", "a side names no FHIR version that is known"),
    ("foreign", "a token that SMART does not know: for the server alone to understand"),
    ("format", "one format must be shared"),
    ("granular", "the scope is filtered: only a part of the instances is within reach"),
    ("granular-narrowed", "the grant is filtered: only a part of the instances is within reach"),
    ("guide-version-unknown", "the server names the guide without a version: the loaded one is taken"),
    ("identity-no-openid", "fhirUser without openid gives no ID token"),
    ("identity-unreadable", "no requested scope reads the resource that stands for the user"),
    ("implementation-guide", "the server claims the whole guide that holds the profile"),
    ("import-cycle", "an import leads back to itself"),
    ("impose-profile", "the declared profile imposes the required one"),
    ("inner-space", "a space within a scope makes two tokens of it"),
    ("kind", "the statement does not say what it describes"),
    ("launch", "a launch scope is launch, or launch/ and a type in small letters"),
    ("launch-ehr", "the server does not declare the EHR launch"),
    ("launch-needs-ehr", "the scope launch belongs to the EHR launch"),
    ("launch-standalone", "the server does not declare the standalone launch"),
    ("listed", "the server lists the scope, and no declaration stands against it"),
    ("listed-wildcard", "the server lists a wildcard that covers the scope"),
    ("loaded-versions", "every loaded version of the declared profile is the required one"),
    ("modifier-extension", "an unknown modifier extension makes the statement unusable"),
    ("need-added", "what is singled out is not in the client's statement"),
    ("need-unknown", "what is singled out is not known"),
    ("no-smart-configuration", "without a SMART configuration nothing is known of the grant"),
    ("not-asked", "no requested scope covers it: the client contradicts its own statement"),
    ("operation-scope", "SMART gives operations no scope, and no policy says what this one needs"),
    ("other-definition", "the server has another operation of this name"),
    ("other-version", "the server declares another version of the same profile"),
    ("parameter-missing", "a search parameter of the combination is missing or unknown"),
    ("partial-use", "what is declared covers only a part of the required profile's use"),
    ("patch-format", "no patch format is shared"),
    ("patient-no-launch", "patient scopes without a launch scope: the server infers the patient or refuses"),
    ("permission", "the permission of a scope is read, write, *, or letters out of cruds"),
    ("permission-offline", "the server does not declare offline access"),
    ("permission-online", "the server does not declare online access"),
    ("permission-patient", "the server does not declare patient scopes"),
    ("permission-user", "the server does not declare user scopes"),
    ("permission-v1", "the server does not declare v1 scopes"),
    ("policy", "the policy says so"),
    ("policy-script", "the policy's script weighs it otherwise"),
    (
        "policy-script-failed",
        "the policy's script failed: weights stay as they are, and nothing can be called compatible",
    ),
    ("profile-without-entry", "a top-level profile whose type the statement does not list"),
    ("prohibited", "the server's statement prohibits it"),
    ("query", "a scope's query is made of pairs with a name and values"),
    ("refresh-subset", "a refresh may ask for a part of what was granted"),
    ("registration", "the client is not registered for it"),
    ("relative-reference", "a relative reference names nothing outside its server"),
    ("rest-mode", "the statement has no part in the mode of this side"),
    ("same-url", "the same profile, and the client asks for no version"),
    ("same-version", "the same profile in the same version"),
    ("scope-extra", "more is granted than was asked for"),
    ("scope-hint", "a valid scope that may not be what was meant"),
    ("scope-limit", "a scope string of more tokens than are read"),
    ("scope-missing", "asked for and not granted"),
    ("scope-omitted", "the request names no scope"),
    ("security", "a security service that the client names and the server does not"),
    ("self-instantiates", "a statement that instantiates itself says nothing by it"),
    ("server-expectation", "the server's requirements do not promise it: it weighs less than SHALL"),
    ("server-narrower", "the server's profile is derived from the client's: it may refuse what the client writes"),
    ("server-wider", "the required profile is derived from the declared one: instances may fall short of it"),
    ("sso-openid-connect", "the server does not declare OpenID Connect"),
    ("succession", "the declared profile is an older or newer relative of the required one"),
    ("system-needs-backend", "system scopes belong to the backend flow"),
    ("target-not-asked", "the scopes do not reach the resources that the include brings along"),
    ("token-char", "a character that no scope may hold"),
    ("token-response", "the token response says so"),
    ("type", "a scope names a resource type or *"),
    ("type-absent", "the server does not have the type"),
    ("type-case", "a resource type starts with a capital letter"),
    ("type-mismatch", "the profile is on another type"),
    ("type-renamed", "the type has another name in the server's FHIR version"),
    ("undeclared", "the server does not declare the profile"),
    ("unlisted", "the server's statement does not list it"),
    ("unlisted-scope", "the server does not list the scope, which says neither yes nor no"),
    ("unresolved-guide", "the implementation guide is not in the package set"),
    ("unresolved-import", "the imported statement is not in the package set"),
    ("unresolved-instantiates", "the instantiated statement is not in the package set"),
    ("unresolved-profile", "the profile is not in the package set"),
    ("update-create", "creating by update is required and not offered, or not known to be"),
    ("v1-only", "the server understands v1 scopes alone: ask with .read, .write or .*"),
    ("v1-query", "a query needs the letters of v2"),
    ("vendor-type", "the type is a vendor's, not FHIR's"),
    ("version-unknown", "the server names no version of the profile"),
    ("versions-differ", "the relation holds for some of the loaded versions"),
    ("wildcard-dropped", "only single types are listed: a wildcard may be dropped silently"),
];

/// The meaning of a rule id.
pub fn meaning(rule: &str) -> Option<&'static str> {
    RULES.binary_search_by_key(&rule, |(id, _)| id).ok().and_then(|at| RULES.get(at)).map(|(_, meaning)| *meaning)
}

/// The rule id of a resource entry's flag.
pub(crate) fn flag_rule(flag: &str) -> &'static str {
    match flag {
        "updateCreate" => "update-create",
        "conditionalCreate" => "conditional-create",
        "conditionalRead" => "conditional-read",
        "conditionalUpdate" => "conditional-update",
        "conditionalPatch" => "conditional-patch",
        _ => "conditional-delete",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_distinct() {
        assert!(RULES.windows(2).all(|w| w[0].0 < w[1].0), "{:?}", RULES.windows(2).find(|w| w[0].0 >= w[1].0));
    }
}
