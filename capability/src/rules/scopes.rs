//! Rules about how scopes are written.

use super::{Rule, row};

/// The rules, sorted by id.
pub(super) const RULES: &[Rule] = &[
    row(
        "bad-order",
        "the letters of a scope must be in the order `cruds`, each at most once",
        "the letters after the dot are valid but out of order or repeated, as in `.dus`",
        "write the letters in order, as in `.uds`",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-fhir-resources"),
    ),
    row(
        "case-context",
        "contexts and permissions of a scope are lower case",
        "a context or a permission has capital letters, as in `Patient/Observation.read`",
        "write it in lower case",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-fhir-resources"),
    ),
    row(
        "context",
        "a resource scope starts with `patient/`, `user/` or `system/`",
        "a token looks like a resource scope and has another context or none",
        "put `patient/`, `user/` or `system/` in front",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-fhir-resources"),
    ),
    row(
        "foreign",
        "not a SMART scope, so only the server knows what it means",
        "a token is valid by OAuth 2.0 but SMART does not define it",
        "check the server's documentation",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.3",
    ),
    row(
        "inner-space",
        "a space inside a scope splits it in two",
        "two faulty tokens in a row form a valid scope when joined, as in `patient/ *.read`",
        "remove the space",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.3",
    ),
    row(
        "launch",
        "a launch scope is `launch`, or `launch/` and a type in lower case",
        "a token starts with `launch/` and has capitals, other characters, or a query other than `?role=`",
        "write it as in `launch/patient`",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-context-data"),
    ),
    row(
        "permission",
        "the permission of a scope is `read`, `write`, `*` or letters from `cruds`",
        "what follows the type is missing or none of these",
        "write `.rs`, `.cud`, `.cruds` or another selection of the letters",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-fhir-resources"),
    ),
    row(
        "query",
        "the query of a scope consists of `name=value` pairs",
        "a pair has no name or no value, or a percent escape is incomplete",
        "write `name=value` pairs joined by `&`",
        smart!("scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters"),
    ),
    row(
        "scope-hint",
        "a valid scope that may not mean what was intended",
        "a token differs from a SMART scope only by case or by `-` for `_`, or its letters are `.rd`",
        "compare the token with the one suggested",
        smart!("scopes-and-launch-context.html#quick-start"),
    ),
    row(
        "scope-limit",
        "the scopes are more than are read",
        "a scope string has more than 1024 tokens, a query more than 32 pairs, a pair more than 256 values, or a SMART \
         configuration lists more than 4096 scopes; what lies beyond grants nothing. In a request: it has too much in \
         common with the grant to spell it out",
        "ask for fewer scopes, or for wildcards",
        "",
    ),
    row(
        "token-char",
        "a character that no scope may contain",
        "a token has a control character, a non-ASCII character, `\"` or `\\`",
        "percent-encode the character inside a query, else remove it",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.3",
    ),
    row(
        "type",
        "a scope names a resource type or `*`",
        "what is between the context and the dot is not a type's name",
        "name a resource type, or write `*`",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-fhir-resources"),
    ),
    row(
        "type-case",
        "a resource type starts with a capital letter",
        "the type of a scope starts with a lower-case letter, as in `patient/observation.rs`",
        "write the type as FHIR does",
        smart!("scopes-and-launch-context.html#scopes-for-requesting-fhir-resources"),
    ),
    row(
        "v1-query",
        "a query requires v2 permission letters",
        "a v1 scope has a query, as in `patient/Observation.read?category=laboratory`",
        "write `.rs` instead of `.read`, `.cud` instead of `.write`, `.cruds` instead of `.*`",
        smart!("scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters"),
    ),
    row(
        "vendor-type",
        "the type is a vendor's, not one of FHIR's",
        "a scope names a type that no published FHIR version has",
        "check the spelling, or the vendor's documentation",
        "",
    ),
];
