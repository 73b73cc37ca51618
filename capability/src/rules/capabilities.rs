//! Rules about what a SMART configuration does not declare, although it declares others of the kind.

use super::{Rule, row};

/// The rules, sorted by id.
pub(super) const RULES: &[Rule] = &[
    row(
        "client-confidential-asymmetric",
        "the server does not declare asymmetric client authentication",
        "the client authenticates with a signed JWT, or the flow is `backend`",
        "register the client for another authentication method",
        smart!("conformance.html#client-types"),
    ),
    row(
        "client-confidential-symmetric",
        "the server does not declare symmetric client authentication",
        "the client authenticates with a shared secret",
        "register the client for another authentication method",
        smart!("conformance.html#client-types"),
    ),
    row(
        "client-credentials",
        "the server does not declare the client credentials grant",
        "the flow is `backend`, and `grant_types_supported` lists other grants only",
        "use an app launch",
        smart!("backend-services.html"),
    ),
    row(
        "client-public",
        "the server does not declare public clients",
        "the client is public, and other client types are declared",
        "register the client as a confidential one",
        smart!("conformance.html#client-types"),
    ),
    row(
        "context-ehr-encounter",
        "the server does not declare an encounter context for the EHR launch",
        "`launch/encounter` is requested in the flow `ehr`",
        "do without the encounter, or let the user choose it",
        smart!("conformance.html#launch-context-for-ehr-launch"),
    ),
    row(
        "context-ehr-patient",
        "the server does not declare a patient context for the EHR launch",
        "`launch/patient` is requested in the flow `ehr`",
        "let the user choose the patient",
        smart!("conformance.html#launch-context-for-ehr-launch"),
    ),
    row(
        "context-standalone-encounter",
        "the server does not declare an encounter context for the standalone launch",
        "`launch/encounter` is requested outside the flow `ehr`",
        "do without the encounter, or let the user choose it",
        smart!("conformance.html#launch-context-for-standalone-launch"),
    ),
    row(
        "context-standalone-patient",
        "the server does not declare a patient context for the standalone launch",
        "`launch/patient` is requested outside the flow `ehr`",
        "let the user choose the patient",
        smart!("conformance.html#launch-context-for-standalone-launch"),
    ),
    row(
        "launch-ehr",
        "the server does not declare the EHR launch",
        "the flow is `ehr`, or `launch` is requested",
        "use the standalone launch",
        smart!("conformance.html#launch-modes"),
    ),
    row(
        "launch-standalone",
        "the server does not declare the standalone launch",
        "the flow is `standalone`",
        "use the EHR launch",
        smart!("conformance.html#launch-modes"),
    ),
    row(
        "permission-offline",
        "the server does not declare offline access",
        "`offline_access` is requested",
        "ask for `online_access`, or do without a refresh token",
        smart!("conformance.html#permissions"),
    ),
    row(
        "permission-online",
        "the server does not declare online access",
        "`online_access` is requested",
        "ask for `offline_access`, or do without a refresh token",
        smart!("conformance.html#permissions"),
    ),
    row(
        "permission-patient",
        "the server does not declare patient scopes",
        "a `patient/` scope is requested",
        "ask for `user/` scopes",
        smart!("conformance.html#permissions"),
    ),
    row(
        "permission-user",
        "the server does not declare user scopes",
        "a `user/` scope is requested",
        "ask for `patient/` scopes",
        smart!("conformance.html#permissions"),
    ),
    row(
        "permission-v1",
        "the server does not declare v1 scopes",
        "a v1 scope is requested, and the server lists v2 only",
        "ask with v2 letters",
        smart!("conformance.html#permissions"),
    ),
    row(
        "sso-openid-connect",
        "the server does not declare OpenID Connect",
        "`openid`, `fhirUser` or `profile` is requested",
        "do without the identity of the user",
        smart!("conformance.html#single-sign-on"),
    ),
];
