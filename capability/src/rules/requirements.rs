//! Rules about what the client's statement requires of a type or of the system.

use super::{Rule, row};

/// The rules, sorted by id.
pub(super) const RULES: &[Rule] = &[
    row(
        "assumed",
        "the search parameter matches by name only and is assumed to be the same",
        "the name is equal, and a definition is missing on one side or differs",
        "give both search parameters the same `definition`",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.searchParam.definition"),
    ),
    row(
        "combination-unmet",
        "the server requires other combinations of search parameters",
        "the server declares combinations for the type, and the client's query meets none of them",
        "search by one of the server's combinations",
        fhir!("R4/extension-capabilitystatement-search-parameter-combination.html"),
    ),
    row(
        "conditional-create",
        "the server does not offer conditional create, or may not",
        "the client's entry sets `conditionalCreate`; the server's does not, or does not promise it",
        "create without the condition, or ask for the feature",
        fhir!("R4/http.html#ccreate"),
    ),
    row(
        "conditional-delete",
        "the server does not offer conditional delete, or may not",
        "the client's entry sets `conditionalDelete`; the server's does not, offers less, or does not promise it",
        "search first, then delete by id",
        fhir!("R4/http.html#delete"),
    ),
    row(
        "conditional-patch",
        "the server does not offer conditional patch, or may not",
        "the client's entry sets `conditionalPatch`; the server's does not, or does not promise it",
        "search first, then patch by id",
        fhir!("R4/http.html#patch"),
    ),
    row(
        "conditional-read",
        "the server does not offer conditional read, or may not",
        "the client's entry sets `conditionalRead`; the server's does not, offers less, or does not promise it",
        "read without the condition",
        fhir!("R4/http.html#cread"),
    ),
    row(
        "conditional-update",
        "the server does not offer conditional update, or may not",
        "the client's entry sets `conditionalUpdate`; the server's does not, or does not promise it",
        "search first, then update by id",
        fhir!("R4/http.html#cond-update"),
    ),
    row(
        "definition-missing",
        "the operation matches by name, but one side does not name its definition",
        "client and server list an operation of this name, and at least one of them gives no definition",
        "set the operation's `definition` in both statements",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.operation.definition"),
    ),
    row(
        "entry-by-entry",
        "batches and transactions need the scopes of their entries",
        "the client lists batch or transaction and asks for scopes",
        "ask for the scopes of everything that the Bundles contain",
        smart!("scopes-and-launch-context.html#batches-and-transactions"),
    ),
    row(
        "operation-scope",
        "SMART defines no scope for operations, and no policy says what this one needs",
        "the client lists an operation and asks for scopes",
        "name the operation under `operationPermissions` in a policy",
        "",
    ),
    row(
        "other-definition",
        "the server has another operation of this name",
        "client and server list an operation of this name with different definitions",
        "use the operation that the server defines",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.operation.definition"),
    ),
    row(
        "parameter-missing",
        "a search parameter of the combination is missing or unknown",
        "the client lists a combination, and the server does not list all of its parameters",
        "search by the parameters that the server lists",
        fhir!("R4/extension-capabilitystatement-search-parameter-combination.html"),
    ),
    row(
        "policy-script",
        "the policy's script changed the weight",
        "a policy has a function `weigh`, and it returned another weight for this finding",
        "see `policy.changes` in the result for what was changed and why",
        "",
    ),
    row(
        "policy-script-failed",
        "the policy's script failed, so nothing can be called compatible",
        "a policy's function `weigh` raised an error, ran too long, or returned an unknown word; weights stay as \
         they are",
        "correct the script at the place given",
        "",
    ),
    row(
        "prohibited",
        "the server's statement prohibits it",
        "the item carries the `prohibited` modifier extension or the expectation SHALL NOT",
        "do without it",
        fhir!("R4/extension-capabilitystatement-prohibited.html"),
    ),
    row(
        "server-expectation",
        "the server's requirements do not promise it",
        "the server's statement is one of requirements, or SUBSETTED, and the item or an entry around it weighs \
         less than SHALL",
        "compare with the statement of the server itself",
        fhir!("R4/extension-capabilitystatement-expectation.html"),
    ),
    row(
        "target-not-asked",
        "the requested scopes do not cover the included resources",
        "an `_include` or `_revinclude` brings in a type for which no scope is requested, or none is granted",
        "ask for a scope on the included type",
        fhir!("R4/search.html#include"),
    ),
    row(
        "type-absent",
        "the server does not support the type",
        "the server's statement does not list the type, or prohibits it",
        "do without the type, or choose another server",
        fhir!("R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource"),
    ),
    row(
        "unlisted",
        "the server's statement does not list it",
        "the type, interaction, search parameter, include or operation is not in the server's statement",
        "ask the server's operator; a statement of an instance lists all that it supports",
        fhir!("R4/capabilitystatement.html"),
    ),
    row(
        "update-create",
        "the server does not create by update, or may not",
        "the client's entry sets `updateCreate`; the server's does not, or no scope covers create",
        "create with POST, or ask for the letter `c` too",
        fhir!("R4/http.html#upsert"),
    ),
];
